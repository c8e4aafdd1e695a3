//! Joining a queue, and changing the ticket.

use serde_json::{Value as Json, json};
use standin::vendors::api::Method::{Get, Post, Put};

use crate::client::{Client, text};

fn position() -> Json {
    json!({
        "customerInfo": ["Kim", "Berg", "no. 7"],
        "tags": [{
            "id": "4d9f7b7e-6a63-4a0e-9d7a-2f1b7c1d0a11", "color": "#aabbcc", "title": {"en": "VIP"},
        }],
    })
}

#[test]
fn a_join_makes_a_ticket_with_what_was_sent_and_tells_of_it() {
    let mut client = Client::new(&[]);
    let sent = json!({"session": "plain text will do", "position": position()});
    let (answer, caused) = client.good(Post, "/join", &sent);
    let made = &answer["position"];
    assert_eq!(answer["positionUrl"], "");
    let keys: Vec<&str> = made.as_object().expect("an object").keys().map(String::as_str).collect();
    let documented = "status priority location label customerInfo tags id type queue createdAt \
                      numberInTheQueue";
    assert_eq!(keys, documented.split_whitespace().collect::<Vec<_>>());
    for (key, value) in [
        ("status", json!("pending")),
        ("priority", json!(0)),
        ("location", Json::Null),
        ("label", json!("A1")),
        ("type", json!("anonymous")),
        ("queue", json!(client.queue)),
        ("numberInTheQueue", json!(1)),
    ] {
        assert_eq!(made[key], value, "{key}");
    }
    let [("positionCreated", told)] = &caused[..] else { panic!("{caused:?}") };
    for key in ["id", "status", "label", "type", "queue", "createdAt", "customerInfo", "tags"] {
        assert_eq!(told[key], made[key], "{key}");
    }
    assert_eq!(made["customerInfo"], position()["customerInfo"]);
    assert_eq!(made["tags"], position()["tags"]);
    // No notification was given, and no form was filled in.
    assert!(told.get("notification").is_none() && told.get("registrationData").is_none());
}

#[test]
fn a_join_with_an_id_changes_that_ticket_and_tells_nothing() {
    let mut client = Client::new(&[]);
    let (first, _) = client.good(Post, "/join", &json!({"session": "s"}));
    let id = first["position"]["id"].clone();
    let mut change = position();
    change["id"] = id.clone();
    let (answer, caused) = client.good(Post, "/join", &json!({"session": "s", "position": change}));
    assert_eq!(caused, []);
    assert_eq!(answer["position"]["id"], id);
    assert_eq!(answer["position"]["customerInfo"], position()["customerInfo"]);
    assert_eq!(client.read(&id)["tags"], position()["tags"]);
    let path = format!("/positions/{}/cancel-position", text(&id));
    let (_, caused) = client.good(Put, &path, &Json::Null);
    assert_eq!(caused[0].1["customerInfo"], position()["customerInfo"]);
    client.bad(Post, "/join", &json!({"session": "s", "position": change}).to_string(), 409);
}

#[test]
fn the_number_in_the_queue_counts_those_before() {
    let mut client = Client::new(&[]);
    let mut numbers = Vec::new();
    for _ in 0..3 {
        let (answer, _) = client.good(Post, "/join", &json!({"session": "s"}));
        numbers.push(answer["position"]["numberInTheQueue"].clone());
    }
    assert_eq!(numbers, [1, 2, 3]);
}

#[test]
fn the_page_of_a_ticket_is_in_the_answer_if_the_account_says_so() {
    let mut client = Client::new(&[("position_url", "page")]);
    let (answer, _) = client.good(Post, "/join", &json!({"session": "s"}));
    let (queue, id) = (&client.queue, text(&answer["position"]["id"]));
    let page = format!("https://queue.eu.example.test/demo-retail/queues/{queue}/positions/{id}");
    assert_eq!(answer["positionUrl"], page);
}

#[test]
fn a_wrong_join_is_refused_and_changes_nothing() {
    let mut client = Client::new(&[]);
    for body in [
        "",
        "null",
        "[]",
        "{",
        "{}",
        r#"{"session": ""}"#,
        r#"{"session": 1}"#,
        r#"{"session": "s", "position": 1}"#,
        r#"{"session": "s", "position": {"customerInfo": "Kim"}}"#,
        r#"{"session": "s", "position": {"tags": [{"id": "no guid", "title": {}}]}}"#,
        r#"{"session": "s", "position": {"tags": [{"id": "4d9f7b7e-6a63-4a0e-9d7a-2f1b7c1d0a11"}]}}"#,
    ] {
        client.bad(Post, "/join", body, 400);
    }
    client.bad(Post, "/join", r#"{"session": "s", "position": {"id": "nobody"}}"#, 404);
    client.bad(Get, "/positions/0b0b0b0b-0000-4000-8000-000000000000", "", 404);
}
