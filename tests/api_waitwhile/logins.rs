//! Credentials.

use serde_json::Value as Json;
use standin::model::Secret;
use standin::vendors::api::{ApiBody, Method};

use super::desk::{Desk, vendor};

#[test]
fn a_key_is_taken_in_either_header() {
    let mut desk = Desk::open(&[]);
    let key = desk.run.api_keys(0).key.reveal().to_owned();
    for (header, value) in [
        ("apikey", key.clone()),
        ("apiKey", key.clone()),
        ("Authorization", format!("Bearer {key}")),
        ("authorization", format!("bearer {key}")),
    ] {
        desk.headers = vec![(header.to_owned(), Secret::new(value))];
        desk.get("/locations");
    }
}

#[test]
fn every_call_but_the_public_ones_needs_the_right_key() {
    let mut desk = Desk::open(&[]);
    let key = desk.run.api_keys(0).key.reveal().to_owned();
    let wrong = [
        vec![],
        vec![("apikey", String::new())],
        vec![("apikey", format!("{key}x"))],
        vec![("apikey", key[1..].to_owned())],
        vec![("authorization", key.clone())],
        vec![("authorization", format!("Basic {key}"))],
        vec![("x-api-key", key)],
    ];
    let mut cases = 0;
    for headers in wrong {
        let headers = headers.into_iter();
        desk.headers = headers.map(|(name, value)| (name.to_owned(), Secret::new(value))).collect();
        for operation in vendor().api().expect("an API").operations {
            if operation.played != standin::vendors::api::Played::Yes {
                continue;
            }
            let path = operation.path.replace(['{', '}'], "");
            if path.starts_with("/public/") {
                let (status, _) = desk.call(operation.method, &path, &Json::Null);
                assert_eq!(status, 404, "{path}: it is asked for a location that is not there");
            } else {
                desk.refused(401, operation.method, &path, &Json::Null);
            }
            cases += 1;
        }
    }
    assert!(cases > 250, "{cases}");
}

#[test]
fn calls_of_a_minute_are_limited_if_the_settings_say_so() {
    let mut desk = Desk::open(&[("api_calls_a_minute", "3")]);
    desk.received = "2030-01-01T00:00:40Z".parse().expect("a time");
    for _ in 0..3 {
        desk.get("/locations");
    }
    desk.refused(429, Method::Post, "/visits", &Json::Null);
    let answer = desk.request(Method::Get, "/locations", b"");
    assert_eq!(answer.status, 429);
    assert_eq!(answer.headers, [("retry-after", "20".to_owned())]);
    assert!(matches!(answer.body, ApiBody::Json(_)));
    // Refused callers do not use up the limit. A new minute starts the count again.
    desk.received = "2030-01-01T00:01:00Z".parse().expect("a time");
    let headers = std::mem::take(&mut desk.headers);
    for _ in 0..5 {
        desk.refused(401, Method::Get, "/locations", &Json::Null);
    }
    desk.headers = headers;
    for _ in 0..3 {
        desk.get("/locations");
    }
    desk.refused(429, Method::Get, "/locations", &Json::Null);
    let mut free = Desk::open(&[]);
    for _ in 0..500 {
        free.get("/services");
    }
}
