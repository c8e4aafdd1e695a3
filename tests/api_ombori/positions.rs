//! Changes and cancellations of existing positions.

use std::time::Duration;

use serde_json::{Value as Json, json};
use standin::vendors::api::Method::{Patch, Post, Put};

use crate::client::{Client, booking, text};

fn changed(id: &Json) -> String {
    format!("/positions/{}", text(id))
}

fn cancelled(id: &Json) -> String {
    format!("/positions/{}/cancel-position", text(id))
}

#[test]
fn a_booking_that_is_changed_tells_so_where_the_profile_knows_the_webhook() {
    for (profile, triggers) in [
        ("2020-12", vec![]),
        ("2021-01-28", vec![]),
        ("2021-02", vec!["bookingUpdated"]),
        ("position-model", vec!["bookingUpdated"]),
    ] {
        let mut client = Client::in_profile(profile, &[]);
        let (made, _) = client.good(Post, "/bookings", &booking(60));
        let address = "kim@example.test";
        let change = json!({
            "notification": {"type": "email", "settings": {"to": "", "recipient": address}},
            "customerInfo": ["Kim"],
            "tags": [],
            "numberOfPeople": 4,
            "booking": booking(120)["booking"],
            "customData": {"a": [1, null]},
        });
        let (answer, caused) = client.good(Patch, &changed(&made["id"]), &change);
        for key in
            ["notification", "customerInfo", "tags", "numberOfPeople", "booking", "customData"]
        {
            assert_eq!(answer[key], change[key], "{key}");
        }
        assert_eq!(caused.iter().map(|one| one.0).collect::<Vec<_>>(), triggers, "{profile}");
        for (_, told) in &caused {
            assert_eq!(told["notification"]["settings"]["recipient"], address);
            assert_eq!(told["customData"], change["customData"]);
            assert_eq!(told["numberOfPeople"], 4);
        }
        // The slot has moved, so nothing begins at the old time.
        let before = client.entries.len();
        client.pass(Duration::from_secs(3_660));
        assert_eq!(client.caused_since(before), []);
        client.pass(Duration::from_secs(3_600));
        assert_eq!(client.caused_since(before)[0].0, "bookingActivated");
        client.bad(Patch, &changed(&made["id"]), &json!({"booking": {}}).to_string(), 409);
    }
}

#[test]
fn a_change_of_nothing_tells_nothing() {
    let mut client = Client::new(&[]);
    let (made, _) = client.good(Post, "/bookings", &booking(60));
    for change in [json!({}), json!({"customerInfo": null, "unknown": 1})] {
        let (answer, caused) = client.good(Patch, &changed(&made["id"]), &change);
        assert_eq!((answer, caused), (made.clone(), vec![]));
    }
}

#[test]
fn what_a_change_leaves_out_stays() {
    let mut client = Client::new(&[]);
    let (made, _) = client.good(Post, "/bookings", &booking(60));
    let end = json!({"booking": {"end": "2031-03-04T10:00:00Z"}});
    let (answer, caused) = client.good(Patch, &changed(&made["id"]), &end);
    assert_eq!(answer["booking"]["start"], "2031-03-04T09:00:00Z");
    assert_eq!(answer["booking"]["end"], "2031-03-04T10:00:00Z");
    assert_eq!(caused[0].1["booking"]["end"], "2031-03-04T10:00:00Z");
    assert_eq!(answer["notification"], made["notification"]);
    assert_eq!(answer["numberOfPeople"], 3);
}

#[test]
fn a_ticket_has_no_slot_but_can_be_for_several_people() {
    let mut client = Client::new(&[]);
    let (made, _) = client.good(Post, "/join", &json!({"session": "s"}));
    let id = &made["position"]["id"];
    let (answer, caused) = client.good(Patch, &changed(id), &json!({"numberOfPeople": 2}));
    assert_eq!((&answer["numberOfPeople"], caused), (&json!(2), vec![]));
    client.bad(Patch, &changed(id), r#"{"booking": {}}"#, 400);
    for body in [r#"{"numberOfPeople": 0}"#, r#"{"tags": 1}"#, "[]", "", r#"{"notification": {}}"#]
    {
        client.bad(Patch, &changed(id), body, 400);
    }
}

#[test]
fn what_is_cancelled_is_rejected_for_good() {
    for (setting, booked) in [
        ("positionCancelled", "positionCancelled"),
        ("positionCancelledByStaff", "positionCancelledByStaff"),
    ] {
        let mut client = Client::new(&[("api_cancel_fires", setting)]);
        let (ticket, _) = client.good(Post, "/join", &json!({"session": "s"}));
        let (slot, _) = client.good(Post, "/bookings", &booking(60));
        for (id, trigger) in
            [(&ticket["position"]["id"], "positionCancelled"), (&slot["id"], booked)]
        {
            let (answer, caused) = client.good(Put, &cancelled(id), &Json::Null);
            assert_eq!(answer["status"], "rejected");
            let [(caused, told)] = &caused[..] else { panic!("{caused:?}") };
            assert_eq!((*caused, &told["status"]), (trigger, &json!("rejected")));
            client.bad(Put, &cancelled(id), "", 409);
            client.bad(Patch, &changed(id), "{}", 409);
        }
    }
}

#[test]
fn the_api_shifts_no_guest_of_a_story() {
    let tell = |client: &mut Client| {
        let before = client.entries.len();
        client.say("Anna books a slot in 2 hours for 2 people");
        client.caused_since(before)
    };
    let (mut alone, mut other) = (Client::new(&[]), Client::new(&[]));
    other.good(Post, "/join", &json!({"session": "s"}));
    other.good(Post, "/bookings", &booking(60));
    assert_eq!(tell(&mut alone), tell(&mut other));
}
