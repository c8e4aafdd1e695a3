//! Initialization and its predecessors: one webhook for each item, at a given rate a minute.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use standin::vendors::api::Method;

use crate::client::{Client, assert_error, json_of, number};

const ATTENDEE_TRIGGERS: (&str, &str) = (
    "attendee_triggers",
    "attendee_pending, attendee_validated, attendee_cancelled, attendee_checkin",
);

/// Four orders: valid, unpaid, cancelled, removed.
fn sold() -> Client {
    let mut client = Client::with_token(&[("api_limits", "off"), ATTENDEE_TRIGGERS]);
    client.say("Anna books 2 tickets");
    client.say("Ben books a ticket by bank transfer");
    client.say("Cem books a ticket");
    client.say("the organizer cancels the booking of Cem");
    client.say("Dana books a ticket");
    client.say("the booking of Dana is removed");
    client
}

/// The webhooks of an initialization, as triggers with their times, and the number in its answer.
fn sent(client: &mut Client, resource: &str, body: &Json) -> (Vec<(&'static str, Timestamp)>, u64) {
    let before = client.entries.len();
    let answer = client.post(&format!("/webhooks/init/{resource}"), body);
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    client.pass(Duration::from_secs(3_600));
    let caused = client.caused_since(before);
    let caused = caused.iter().map(|webhook| (webhook.trigger, webhook.at)).collect();
    (caused, number(&json_of(&answer)["items_processed"]))
}

fn names(sent: &[(&'static str, Timestamp)]) -> Vec<&'static str> {
    sent.iter().map(|(trigger, _)| *trigger).collect()
}

fn organization(client: &mut Client) -> Json {
    client.read("/organizers/current/organizations")["active_team"]["organization_id"].clone()
}

#[test]
fn each_item_is_sent_once_as_the_type_that_fits() {
    let mut client = sold();
    let event = client.event();
    let (orders, count) = sent(&mut client, "orders", &json!({"event_id": event}));
    assert_eq!(names(&orders), ["order_created", "order_created", "order_cancelled"]);
    assert_eq!(count, 3);
    let (attendees, count) = sent(&mut client, "attendees", &json!({"event_id": event}));
    assert_eq!(
        names(&attendees),
        [
            "attendee_validated",
            "attendee_validated",
            "attendee_pending",
            "attendee_cancelled",
            "attendee_cancelled"
        ]
    );
    assert_eq!(count, 5);
    client.say("the organizer creates the event Draft");
    client.say("the organizer deletes Draft");
    let body = json!({"organization_id": organization(&mut client)});
    let (events, count) = sent(&mut client, "events", &body);
    assert_eq!(names(&events), ["event_created", "event_removed"]);
    assert_eq!(count, 2);
}

#[test]
fn the_types_can_be_chosen() {
    let mut client = sold();
    let event = client.event();
    for (types, count) in [
        (json!(["order_created"]), 2),
        (json!(["on_order_cancelled"]), 1),
        (json!(["order_created", "order_cancelled"]), 3),
    ] {
        let body = json!({"event_id": event, "webhook_type": types});
        assert_eq!(sent(&mut client, "orders", &body).0.len(), count);
    }
    for types in [json!([]), json!("order_created"), json!(["order_updated"]), json!([7])] {
        let body = json!({"event_id": event, "webhook_type": types});
        assert_error(&client.post("/webhooks/init/orders", &body), 400);
    }
}

#[test]
fn attendees_are_sent_only_if_their_triggers_are_on() {
    let mut client = Client::unlimited();
    client.say("Anna books 2 tickets");
    let event = client.event();
    let (caused, count) = sent(&mut client, "attendees", &json!({"event_id": event}));
    assert_eq!((caused.len(), count), (0, 0));
}

#[test]
fn so_many_webhooks_a_minute_are_sent() {
    let mut client = Client::unlimited();
    for one in 0..12 {
        client.say(&format!("Guest{one} books a ticket"));
    }
    let event = client.event();
    for (rate, apart) in [(None, 1_200), (Some(50), 1_200), (Some(1), 60_000), (Some(10), 6_000)] {
        let body = json!({"event_id": event, "max_rate_per_min": rate});
        let start = client.run.sim().now();
        let (caused, _) = sent(&mut client, "orders", &body);
        let times: Vec<i64> =
            caused.iter().map(|(_, at)| at.as_millisecond() - start.as_millisecond()).collect();
        let wanted: Vec<i64> = (0..12).map(|place| place * apart).collect();
        assert_eq!(times, wanted, "{rate:?}");
    }
    for rate in [json!(0), json!(51), json!(100), json!("many"), json!(1.5)] {
        let body = json!({"event_id": event, "max_rate_per_min": rate});
        assert_error(&client.post("/webhooks/init/orders", &body), 400);
    }
}

#[test]
fn only_what_changed_between_the_dates_is_sent() {
    let mut client = Client::unlimited();
    client.say("Anna books a ticket");
    client.pass(Duration::from_secs(2 * 86_400));
    client.say("Ben books a ticket");
    let event = client.event();
    let cet = |moment: Timestamp| {
        let local = jiff::tz::Offset::constant(1).to_datetime(moment);
        local.strftime("%Y-%m-%d %H:%M:%S").to_string()
    };
    let now = client.run.sim().now();
    let yesterday = cet(now - jiff::SignedDuration::from_hours(24));
    let tomorrow = cet(now + jiff::SignedDuration::from_hours(24));
    for (from, to, count) in [
        (Some(&yesterday), None, 1),
        (None, Some(&yesterday), 1),
        (None, Some(&tomorrow), 2),
        (Some(&yesterday), Some(&tomorrow), 1),
        (Some(&tomorrow), None, 0),
        (None, None, 2),
    ] {
        let body =
            json!({"event_id": event, "last_updated_after": from, "last_updated_before": to});
        let (caused, said) = sent(&mut client, "orders", &body);
        assert_eq!((caused.len(), said), (count, count as u64), "{body}");
    }
    for wrong in ["yesterday", "2031-03-04", "2031-03-04T09:00:00Z", "2031-02-30 09:00:00"] {
        let body = json!({"event_id": event, "last_updated_after": wrong});
        assert_error(&client.post("/webhooks/init/orders", &body), 400);
    }
}

#[test]
fn what_is_unknown_or_missing_is_refused() {
    let mut client = sold();
    let event = client.event();
    for resource in ["orders", "attendees"] {
        let path = format!("/webhooks/init/{resource}");
        assert_error(&client.post(&path, &json!({})), 400);
        assert_error(&client.post(&path, &json!({"event_id": 1})), 404);
        assert_error(&client.post(&path, &json!({"event_id": "x"})), 400);
        assert_eq!(client.post(&path, &json!({"event_id": event.to_string()})).status, 200);
    }
    assert_error(&client.post("/webhooks/init/events", &json!({})), 400);
    assert_error(&client.post("/webhooks/init/events", &json!({"organization_id": 1})), 404);
    for resource in ["contacts", "invitees"] {
        assert_error(&client.post(&format!("/webhooks/init/{resource}"), &json!({})), 501);
    }
}

#[test]
fn one_configuration_is_initialized_if_no_other_hears_the_same() {
    let mut client = sold();
    let (event, team) = (client.event(), client.team());
    let path = format!("/team/{team}/webhooks");
    let hook = |name: &str| {
        let hook = json!({"type": name, "method": "POST", "endpoint": "http://h.example.test/x"});
        json!({"name": name, "hooks": [hook]})
    };
    let id = json_of(&client.post(&path, &hook("order_created")))["data"].clone();
    client.post(&path, &hook("event_created"));
    let body = json!({"event_id": event, "webhook_configuration_id": id});
    assert_eq!(sent(&mut client, "orders", &body).0.len(), 3);
    client.post(&path, &hook("order_created"));
    assert_error(&client.post("/webhooks/init/orders", &body), 501);
    let unknown = json!({"event_id": event, "webhook_configuration_id": "nothing"});
    assert_error(&client.post("/webhooks/init/orders", &unknown), 404);
}

#[test]
fn the_predecessors_need_both_dates_and_send_the_same() {
    let mut client = sold();
    let (event, team) = (client.event(), client.team());
    let today = jiff::tz::Offset::constant(1).to_datetime(client.run.sim().now()).date();
    let dates = format!("?date_from={today}&date_to={today}");
    let orders = format!("/events/{event}/orders-notify");
    for (path, first) in [
        (format!("/team/{team}/events/notify"), "event_created"),
        ("/events/notify".to_owned(), "event_created"),
        (orders.clone(), "order_created"),
    ] {
        let (status, caused) = client.caused_by(Method::Get, &format!("{path}{dates}"), "");
        assert_eq!((status, caused[0].trigger), (200, first), "{path}");
        let past = format!("{path}?date_from=2001-01-01&date_to=2001-01-02");
        let (status, caused) = client.caused_by(Method::Get, &past, "");
        assert_eq!((status, caused.len()), (200, 0));
        for wrong in ["", "?date_from=2031-01-01", "?date_to=2031-01-01", "?date_from=x&date_to=y"]
        {
            assert_error(&client.get(&format!("{path}{wrong}")), 400);
        }
    }
    assert_error(&client.get(&format!("/team/1/events/notify{dates}")), 404);
    assert_error(&client.get(&format!("/events/1/orders-notify{dates}")), 404);
}

#[test]
fn what_waits_is_sent_after_a_crash_too() {
    let mut client = Client::unlimited();
    for one in 0..20 {
        client.say(&format!("Guest{one} books a ticket"));
    }
    let event = client.event();
    client.post("/webhooks/init/orders", &json!({"event_id": event, "max_rate_per_min": 1}));
    client.pass(Duration::from_secs(300));
    let run = client.again().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(run.next(), client.run.next());
    let mut again =
        Client { run, entries: Vec::new(), clock: client.clock, token: client.token.clone() };
    again.pass(Duration::from_secs(3_600));
    assert_eq!(again.caused_since(0).len(), 14);
}
