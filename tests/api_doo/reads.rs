//! Compares reads with webhooks: over random walks and the default traffic, a read of a subject
//! returns what its last webhook contained.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use standin::chance::Chance;
use standin::model::{Login, Settings, Shown, Subject, SubjectIndex, Webhook};
use standin::sim::{AccountIndex, Simulation};
use standin::vendors::api::{ApiCall, Method};

use crate::client::{Client, assert_error, doo, json_of};
use crate::common;
use crate::common::walk::Walk;

/// How many comparisons were made, by kind.
#[derive(Debug, Default)]
struct Compared {
    events: usize,
    orders: usize,
    attendees: usize,
}

/// A logged-in caller of the API.
struct Reader {
    second: i64,
}

impl Reader {
    fn call(&mut self, sim: &mut Simulation, account: AccountIndex, path: &str) -> (u16, Json) {
        self.second += 2;
        let api = doo().api().expect("an API");
        let (operation, parameters) = api.find(Method::Get, path).expect("an operation");
        let right = Shown::Right(0);
        let call = ApiCall {
            operation,
            parameters,
            query: Vec::new(),
            queries: api.queries,
            body: String::new(),
            secrets: Vec::new(),
            login: Login { key: right, token: right, client: Shown::Nothing },
            received: jiff::Timestamp::from_second(self.second).expect("a time"),
        };
        let mut webhooks = Vec::new();
        let answer = sim.answer(account, &call, &mut webhooks);
        assert!(webhooks.is_empty(), "{path} only reads");
        (answer.status, json_of(&answer))
    }

    /// Requests the first token.
    fn log_in(&mut self, sim: &mut Simulation, account: AccountIndex) {
        let api = doo().api().expect("an API");
        let call = ApiCall {
            operation: api.operation("createToken").expect("it"),
            parameters: Vec::new(),
            query: Vec::new(),
            queries: api.queries,
            body: r#"{"grant_type": "client_credentials"}"#.to_owned(),
            secrets: Vec::new(),
            login: Login { key: Shown::Right(0), token: Shown::Nothing, client: Shown::Right(0) },
            received: jiff::Timestamp::from_second(0).expect("a time"),
        };
        assert_eq!(sim.answer(account, &call, &mut Vec::new()).status, 200);
    }

    /// Compares the last of these webhooks about each subject with a read of it.
    fn compare(
        &mut self,
        sim: &mut Simulation,
        account: AccountIndex,
        webhooks: &[Webhook],
        compared: &mut Compared,
    ) {
        let last: BTreeMap<&Subject, &Webhook> =
            webhooks.iter().map(|webhook| (&webhook.subject, webhook)).collect();
        for (subject, webhook) in last {
            let told: Json = serde_json::from_slice(&webhook.body).expect("JSON");
            match subject.kind {
                "event" => {
                    let path = format!("/events/{}/edit", subject.id);
                    assert_eq!(self.call(sim, account, &path), (200, told), "{path}");
                    compared.events += 1;
                }
                "order" => {
                    let path = format!("/orders/{}", subject.id);
                    assert_eq!(self.call(sim, account, &path), (200, told), "{path}");
                    compared.orders += 1;
                }
                "attendee" => {
                    let place =
                        sim.subjects(account).find(|one| sim.subject(account, *one) == *subject);
                    let read = sim.api_object(account, place.expect("it")).expect("it is read");
                    assert_eq!(read["attendee_id"], told["id"]);
                    assert_eq!(read["attendee_status"], told["status"]);
                    assert_eq!(read.get("attendee_first_name"), told.get("first_name"));
                    assert_eq!(
                        read["order_id"].to_string(),
                        told["order_id"].as_str().expect("it")
                    );
                    let ticket = &told["ticket"];
                    assert_eq!(read["is_checked"], ticket["status"] == "checked");
                    assert_eq!(read["category_id"], ticket["event_ticket_id"]);
                    compared.attendees += 1;
                }
                other => panic!("a webhook about a {other}"),
            }
        }
    }
}

fn any_settings(chance: &mut Chance) -> Settings {
    let mut one = |choices: &[&'static str]| *chance.pick(choices);
    let all = "attendee_pending, attendee_validated, attendee_cancelled, attendee_checkin";
    let given = [
        ("prices", one(&["gross", "net", "free", "gross, net, free"])),
        ("approval", one(&["off", "on", "off, on"])),
        ("questions", one(&["attendee", "booker", "attendee, booker"])),
        ("attendee_triggers", one(&["none", all])),
        ("cancellation_fires", one(&["order_cancelled", "order_updated"])),
        ("checkin_fires", one(&["order_updated", "nothing"])),
        ("date_format", one(&["Y-m-d H:i:s", "ISO 8601"])),
        ("time_zone", one(&["Europe/Berlin", "Asia/Kathmandu"])),
        ("external_user_id", one(&["crm-user-7", "none"])),
        ("starts_in", one(&["30d", "2h"])),
        ("api_limits", "off"),
        ("api_token_lifetime", "off"),
    ];
    Settings::check(doo().catalogue().settings, given).expect("right settings")
}

#[test]
fn reads_over_random_walks_are_what_the_last_webhook_said() {
    let mut compared = Compared::default();
    for profile in doo().catalogue().profiles {
        for seed in 0..24 {
            let settings = any_settings(&mut Chance::from_seed(seed));
            let mut walk = Walk::new(doo(), profile, settings, seed);
            let mut reader = Reader { second: 0 };
            reader.log_in(&mut walk.sim, walk.account);
            for _ in 0..250 {
                let step = walk.step();
                let caused = walk.webhooks[step.caused].to_vec();
                reader.compare(&mut walk.sim, walk.account, &caused, &mut compared);
            }
        }
    }
    let Compared { events, orders, attendees } = compared;
    assert!(events >= 300 && orders >= 1_500 && attendees >= 1_000, "{compared:?}");
}

#[test]
fn reads_under_traffic_are_what_the_last_webhook_said() {
    let catalogue = doo().catalogue();
    let settings = any_settings(&mut Chance::from_seed(3));
    let (mut sim, account) = common::open(doo(), catalogue.default_profile(), settings.clone(), 3);
    sim.populate(account, &settings, &common::settings::defaults(catalogue.traffic));
    let mut reader = Reader { second: 0 };
    reader.log_in(&mut sim, account);
    let mut compared = Compared::default();
    let mut seen = 0;
    while seen < 2_000 {
        let mut webhooks = Vec::new();
        sim.step(&mut webhooks);
        let now = sim.now();
        webhooks.retain(|webhook| webhook.at == now);
        seen += webhooks.len();
        reader.compare(&mut sim, account, &webhooks, &mut compared);
    }
    assert!(compared.orders >= 900 && compared.attendees >= 900, "{compared:?}");
}

#[test]
fn every_subject_can_be_read() {
    for seed in 0..4 {
        let catalogue = doo().catalogue();
        let settings = common::settings::any(catalogue.settings, &mut Chance::from_seed(seed));
        let mut walk = Walk::new(doo(), catalogue.default_profile(), settings, seed);
        walk.go(200);
        let (sim, account) = (&walk.sim, walk.account);
        let read = |index: SubjectIndex| sim.api_object(account, index).is_some();
        assert!(sim.subjects(account).all(read));
        let last = sim.subjects(account).next_back().expect("an event is there");
        assert!(last.following().take(9).all(|nobody| !read(nobody)));
    }
}

#[test]
fn calls_that_only_read_change_nothing_of_what_traffic_does() {
    let catalogue = doo().catalogue();
    let profile = catalogue.default_profile();
    let undisturbed = common::traffic(doo(), profile, 4, 300);
    let settings = common::settings::defaults(catalogue.settings);
    let (mut sim, account) = common::open(doo(), profile, settings.clone(), 4);
    sim.populate(account, &settings, &common::settings::defaults(catalogue.traffic));
    let mut reader = Reader { second: 0 };
    reader.log_in(&mut sim, account);
    let mut webhooks = Vec::new();
    while webhooks.len() < 300 {
        sim.step(&mut webhooks);
        let (status, _) = reader.call(&mut sim, account, "/events");
        assert!([200, 401, 429].contains(&status));
    }
    assert_eq!(webhooks, undisturbed);
}

#[test]
fn unknown_ids_are_not_found() {
    let mut client = Client::unlimited();
    client.say("Anna books a ticket");
    for id in ["0", "1", "x", "-1", "99999999999999999999", "%20", "4294967295"] {
        for path in ["", "/edit", "/details", "/orders", "/attendees"] {
            assert_error(&client.get(&format!("/events/{id}{path}")), 404);
        }
        assert_error(&client.get(&format!("/orders/{id}")), 404);
    }
    assert_error(&client.get("/nothing"), 404);
    assert_error(&client.get(""), 404);
    let answer = client.call(Method::Put, "/events", "");
    assert_error(&answer, 405);
    assert_eq!(answer.headers, [("allow", "GET, OPTIONS".to_owned())]);
}

#[test]
fn the_smaller_models_of_an_event_differ_as_documented() {
    let mut client = Client::unlimited();
    client.say("Anna books 2 tickets");
    client.say("Ben books a ticket by bank transfer");
    let id = client.event();
    let edit = client.read(&format!("/events/{id}/edit"));
    let event = client.read(&format!("/events/{id}"));
    for name in ["fees_type", "vat_option", "image_id", "demo_screen", "external_user_id"] {
        assert!(edit.get(name).is_some() && event.get(name).is_none(), "{name}");
    }
    assert!(edit["email_attachment_id"].is_string() && event["email_attachment_id"].is_number());
    assert!(edit["ticket_limitation"]["min"].is_string());
    assert!(event["ticket_limitation"]["min"].is_number());
    let (one, other) = (&edit["ticket_categories"][0], &event["ticket_categories"][0]);
    assert!(one["min"].is_number() && other["min"].is_string());
    assert!(one.get("price").is_some() && other.get("price").is_none());
    assert_eq!(one["buyer_price"], other["buyer_price"]);

    let item = client.read("/events")["_embedded"]["events"][0].clone();
    assert_eq!(item["id"], id);
    assert!(item["total_event_capacity"].is_string() && item["total_revenue"].is_u64());
    let category = &item["ticket_categories"][0];
    assert!(category["id"].is_u64() && category["display_order"].is_u64(), "{category}");

    let details = client.read(&format!("/events/{id}/details"));
    let data = &details["data"];
    assert_eq!(details["response_status"], 200);
    assert_eq!(data["orders"].as_array().map(Vec::len), Some(2));
    assert_eq!(data["orders"][0]["first_name"], "Ben", "the newest first");
    assert_eq!(data["orders"][0]["is_unpaid_bank_transfer"], true);
    assert_eq!(data["orders"][1]["is_unpaid_bank_transfer"], false);
    let sold: u64 = data["orders"][1]["tickets"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|tickets| tickets["amount"].as_u64())
        .sum();
    assert_eq!(sold, 2);
    assert!(data["ticket_categories"][0]["taken_amount"].is_u64());
    assert_eq!(data["participants_count"], 2);
}

#[test]
fn an_order_in_the_list_has_only_texts() {
    let mut client = Client::unlimited();
    client.say("Anna books a ticket");
    client.say("the organizer cancels the booking of Anna");
    let id = client.event();
    let list = client.read(&format!("/events/{id}/orders"));
    let item = &list["_embedded"]["orders"][0];
    for (part, count) in [("event", 5), ("order", 9)] {
        let members = item[part].as_object().expect("an object");
        let texts = members.iter().filter(|(name, _)| *name != "payment");
        assert_eq!(texts.filter(|(_, value)| value.is_string()).count(), count, "{item}");
    }
    let payment = item["order"]["payment"].as_object().expect("an object");
    let names: Vec<&str> = payment.keys().map(String::as_str).collect();
    assert_eq!(names, ["status", "amount", "method", "payment_date", "booking_date"]);
    assert!(payment.values().all(Json::is_string));
}

#[test]
fn the_profile_has_the_documented_members() {
    let mut client = Client::unlimited();
    let profile = client.read("/organizers/current");
    for name in ["id", "allowed_access_code_amount", "team_members_per_page"] {
        assert!(profile[name].is_u64(), "{name}");
    }
    for name in ["is_active", "has_events", "has_live_events", "has_paid_events"] {
        assert_eq!(profile[name], true, "{name}");
    }
    assert!(profile["_links"]["self"]["href"].is_string());
}
