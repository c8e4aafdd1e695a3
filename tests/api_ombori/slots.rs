//! Bookings and reservations.

use std::time::Duration;

use serde_json::{Value as Json, json};
use standin::vendors::api::Method::{Patch, Post, Put};

use crate::client::{Client, booking, text};

#[test]
fn a_booking_is_a_draft_as_it_was_sent_and_begins_with_its_slot() {
    let mut client = Client::new(&[]);
    let sent = booking(60);
    let (made, caused) = client.good(Post, "/bookings", &sent);
    for key in ["locale", "notification", "numberOfPeople", "booking"] {
        assert_eq!(made[key], sent[key], "{key}");
    }
    for (key, value) in [
        ("location", Json::Null),
        ("type", json!("booking")),
        ("priority", json!(100)),
        ("status", json!("draft")),
        ("label", json!("")),
        ("bookingReminderAt", Json::Null),
    ] {
        assert_eq!(made.get(key), Some(&value), "{key}");
    }
    let code = text(&made["QRCodeCheckInPositionId"]);
    assert!(code.contains(text(&made["id"])), "{code}");
    let [("bookingConfirmation", told)] = &caused[..] else { panic!("{caused:?}") };
    assert_eq!(told["id"], made["id"]);
    assert_eq!(told["numberOfPeople"], 3);
    assert_eq!(
        told["notification"]["settings"],
        json!({"from": "", "to": "+46701740605", "recipient": ""})
    );
    let before = client.entries.len();
    client.pass(Duration::from_secs(3_600));
    let caused = client.caused_since(before);
    let [("bookingActivated", told)] = &caused[..] else { panic!("{caused:?}") };
    assert_eq!(told["label"], "B1");
    assert_eq!(client.read(&made["id"])["fulfilledAt"], told["fulfilledAt"]);
}

#[test]
fn a_reservation_tells_nothing_until_it_is_confirmed() {
    for (setting, status) in [("draft", "draft"), ("reserved", "reserved")] {
        let mut client = Client::new(&[("reservation_status", setting)]);
        let mut sent = booking(60);
        sent["customerInfo"] = json!(["Kim"]);
        sent["customData"] = json!({"order": {"id": 7, "paid": 1.5}});
        sent["booking"]["virtualAppointment"] = json!({"isEnabled": true});
        sent.as_object_mut().expect("an object").remove("numberOfPeople");
        let (made, caused) = client.good(Post, "/reservations", &sent);
        assert_eq!(caused, []);
        assert_eq!(made["status"], status);
        let path = format!("/reservations/{}/confirm", text(&made["id"]));
        let (confirmed, caused) = client.good(Post, &path, &Json::Null);
        assert_eq!(confirmed["status"], "draft");
        let [("bookingConfirmation", told)] = &caused[..] else { panic!("{caused:?}") };
        for key in ["customerInfo", "customData"] {
            assert_eq!(told[key], sent[key], "{key}");
            assert_eq!(confirmed[key], sent[key], "{key}");
        }
        assert_eq!(told["booking"]["virtualAppointment"], json!({"isEnabled": true}));
        assert_eq!(confirmed["booking"], sent["booking"]);
        client.bad(Post, &path, "", 409);
        client.bad(Patch, path.trim_end_matches("/confirm"), "{}", 409);
    }
}

#[test]
fn a_reservation_can_be_changed_and_cancelled() {
    let mut client = Client::new(&[]);
    let (made, _) = client.good(Post, "/reservations", &booking(60));
    let path = format!("/reservations/{}", text(&made["id"]));
    let change = json!({"numberOfPeople": 5, "booking": booking(90)["booking"]});
    let (changed, caused) = client.good(Patch, &path, &change);
    assert_eq!(caused, []);
    assert_eq!((&changed["numberOfPeople"], &changed["booking"]), (&json!(5), &change["booking"]));
    let path = format!("/positions/{}/cancel-position", text(&made["id"]));
    let (cancelled, caused) = client.good(Put, &path, &Json::Null);
    assert_eq!(cancelled["status"], "rejected");
    assert_eq!(caused.iter().map(|one| one.0).collect::<Vec<_>>(), ["positionCancelled"]);
}

#[test]
fn a_virtual_appointment_is_a_boolean_or_an_object() {
    let mut client = Client::new(&[]);
    for (sent, shown) in [
        (json!(true), json!({"isEnabled": true})),
        (json!({"isEnabled": false}), json!({"isEnabled": false})),
    ] {
        let mut request = booking(60);
        request["booking"]["virtualAppointment"] = sent;
        let (made, caused) = client.good(Post, "/bookings", &request);
        assert_eq!(made["booking"]["virtualAppointment"], shown);
        assert_eq!(caused[0].1["booking"]["virtualAppointment"], shown);
    }
}

#[test]
fn a_time_without_an_offset_is_that_of_the_store() {
    let mut client = Client::new(&[]);
    let mut request = booking(60);
    request["booking"] = json!({"start": "2031-03-05 10:30", "end": "2031-03-05T11:00"});
    let (made, caused) = client.good(Post, "/bookings", &request);
    assert_eq!(made["booking"], request["booking"]);
    assert_eq!(caused[0].1["booking"]["start"], "2031-03-05T09:30:00Z");
}

/// A request with one value replaced or left out.
fn with(pointer: &str, value: Option<Json>) -> String {
    let mut request = booking(60);
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    let parent = request.pointer_mut(parent).expect("it is there");
    match value {
        Some(value) => parent[key] = value,
        None => {
            parent.as_object_mut().expect("an object").remove(key);
        }
    }
    request.to_string()
}

#[test]
fn a_wrong_slot_is_refused_and_changes_nothing() {
    let mut client = Client::new(&[]);
    let wrong = [
        ("/locale", Some(json!("de"))),
        ("/locale", None),
        ("/notification", None),
        ("/notification/type", Some(json!("applePass"))),
        ("/notification/settings/to", Some(json!("0701740605"))),
        ("/notification/settings/to", Some(json!("+0701740605"))),
        ("/notification/settings/to", None),
        ("/notification/settings/recipient", Some(json!("nobody"))),
        ("/numberOfPeople", Some(json!(0))),
        ("/numberOfPeople", Some(json!(256))),
        ("/numberOfPeople", Some(json!(1.5))),
        ("/numberOfPeople", Some(json!("3"))),
        ("/booking", None),
        ("/booking/start", None),
        ("/booking/end", None),
        ("/booking/start", Some(json!("soon"))),
        ("/booking/start", Some(json!("2031-03-04T07:59:59Z"))),
        ("/booking/end", Some(json!("2031-03-04T08:00:00Z"))),
        ("/booking/end", Some(json!("9999-12-31T23:59:59Z"))),
        ("/booking/virtualAppointment", Some(json!("yes"))),
    ];
    for (pointer, value) in wrong {
        let body = with(pointer, value);
        client.bad(Post, "/bookings", &body, 400);
        if pointer != "/numberOfPeople" || body.contains("numberOfPeople") {
            client.bad(Post, "/reservations", &body, 400);
        }
    }
    client.bad(Post, "/bookings", &with("/numberOfPeople", None), 400);
    client.bad(Post, "/reservations", &with("/customData", Some(json!([1]))), 400);
}
