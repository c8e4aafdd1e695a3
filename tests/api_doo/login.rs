//! Who may call: the key, the token with its lifetime, and the limits.

use std::time::Duration;

use serde_json::json;
use standin::clock::after;
use standin::policy::api_fault;
use standin::vendors::api::{ApiBody, Method};

use crate::client::{Client, assert_error, doo, json_of, text};

const READ: (Method, &str) = (Method::Get, "/organizers/current");

fn bearer(token: &str) -> (&'static str, String) {
    ("Authorization", format!("Bearer {token}"))
}

#[test]
fn a_token_is_given_for_the_right_client_in_the_documented_form() {
    let mut client = Client::new(&[]);
    let body = client.grant();
    let answer = json_of(&client.post("/oauth", &body));
    assert_eq!(answer["response_status"], 200);
    assert_eq!(answer["developer_message"], "Success");
    assert_eq!(answer["user_message"], "Success");
    assert!(answer["data"]["refresh_token"].is_null());
    assert!(text(&answer["_links"]["self"]["href"]).ends_with("/v1/oauth"));
    let token = text(&answer["data"]["access_token"]);
    let lower_hex = |digit: char| digit.is_ascii_digit() || ('a'..='f').contains(&digit);
    assert!(token.len() == 40 && token.chars().all(lower_hex), "{token}");
    let key = client.key();
    let answer = client.send(READ, &[("X-API-KEY", key), bearer(&token)], "");
    assert_eq!(answer.status, 200);
}

#[test]
fn a_wrong_client_gets_no_token() {
    let mut client = Client::new(&[]);
    let right = client.grant();
    for (name, value, status) in [
        ("client_id", json!("somebody"), 401),
        ("client_secret", json!("wrong"), 401),
        ("client_secret", json!(null), 400),
        ("client_id", json!(7), 400),
        ("grant_type", json!(null), 400),
        ("grant_type", json!("password"), 400),
        ("grant_type", json!(["client_credentials"]), 400),
    ] {
        let mut body = right.clone();
        body[name] = value;
        assert_error(&client.post("/oauth", &body), status);
    }
    for body in ["", "client_id=doo", "[]", "null", "{"] {
        assert_error(&client.call(Method::Post, "/oauth", body), 400);
    }
    assert!(client.run.sim().api_tokens(0).is_empty());
}

#[test]
fn the_key_is_asked_for_first_and_then_the_token() {
    let mut client = Client::with_token(&[]);
    let (key, token) = (client.key(), client.token.clone().expect("a token"));
    let mut status = |headers: &[(&str, String)]| {
        let answer = client.send(READ, headers, "");
        assert_error(&answer, answer.status);
        answer.status
    };
    assert_eq!(status(&[]), 403);
    assert_eq!(status(&[("x-api-key", "wrong".into())]), 403);
    assert_eq!(status(&[bearer(&token)]), 403);
    assert_eq!(status(&[("x-api-key", key.clone())]), 401);
    assert_eq!(status(&[("x-api-key", key.clone()), bearer("wrong")]), 401);
    assert_eq!(status(&[("x-api-key", key), ("Authorization", format!("Basic {token}"))]), 401);
}

#[test]
fn every_operation_needs_the_key_and_a_token_but_options_the_grant_and_delete() {
    for operation in doo().api().expect("an API").operations {
        let mut client = Client::new(&[]);
        let path = operation.path.replace(['{', '}'], "");
        let bare = client.send((operation.method, &path), &[], "{}").status;
        let key = client.key();
        let keyed = client.send((operation.method, &path), &[("x-api-key", key)], "{}").status;
        let wanted = match (operation.played, operation.method, operation.id) {
            (standin::vendors::api::Played::No(_), ..) => (501, 501),
            (_, Method::Options, _) => (200, 200),
            (_, _, "createToken") => (403, 400),
            (_, Method::Delete, _) => (403, 204),
            _ => (403, 401),
        };
        assert_eq!((bare, keyed), wanted, "{}", operation.id);
    }
}

#[test]
fn a_token_expires_in_real_time() {
    let mut client = Client::with_token(&[("api_token_lifetime", "10m")]);
    assert_eq!(client.get("/events").status, 200);
    client.pass(Duration::from_secs(3_600));
    assert_eq!(client.get("/events").status, 200, "virtual time does not count");
    client.clock = after(client.clock, Duration::from_secs(600));
    assert_error(&client.get("/events"), 401);
    client.log_in();
    assert_eq!(client.get("/events").status, 200);
}

#[test]
fn a_token_without_a_lifetime_never_expires() {
    let mut client = Client::with_token(&[("api_token_lifetime", "off")]);
    client.clock = after(client.clock, Duration::from_secs(400 * 86_400));
    assert_eq!(client.get("/events").status, 200);
}

#[test]
fn one_token_too_many_revokes_the_oldest() {
    let mut client = Client::with_token(&[("api_tokens", "2")]);
    let first = client.token.clone();
    client.log_in();
    let second = client.token.clone();
    client.log_in();
    client.token = first;
    assert_error(&client.get("/events"), 401);
    client.token = second;
    assert_eq!(client.get("/events").status, 200);
    let revoked: Vec<bool> =
        client.run.sim().api_tokens(0).iter().map(|token| token.revoked).collect();
    assert_eq!(revoked, [true, false, false]);
}

#[test]
fn tokens_that_are_remembered_have_a_limit() {
    let mut client = Client::new(&[("api_limits", "off"), ("api_tokens", "1")]);
    for _ in 0..1_100 {
        client.log_in();
    }
    assert_eq!(client.run.sim().api_tokens(0).len(), 1_000);
    assert_eq!(client.get("/events").status, 200);
}

#[test]
fn the_oauth_server_can_be_broken_without_the_rest_of_the_api() {
    let mut client = Client::unlimited();
    let grant = client.grant();
    let arm = |client: &mut Client, text: &str| {
        let fault = api_fault::read(text).expect("a fault").expect("it is complete");
        client.run.arm_api(fault);
    };
    arm(&mut client, "the next 2 token requests to the API are answered 500");
    for status in [500, 500, 200] {
        assert_eq!(client.get("/events").status, 200, "no request for a token");
        assert_eq!(client.post("/oauth", &grant).status, status);
    }
    arm(&mut client, "the next token request to the API is answered with HTML");
    let page = client.post("/oauth", &grant);
    assert_eq!(page.status, 502);
    assert!(matches!(page.body, ApiBody::Other("text/html", _)), "{:?}", page.body);
    arm(&mut client, "the next token request to the API takes 2 seconds longer");
    assert_eq!(client.post("/oauth", &grant).delay, Duration::from_secs(2));
    arm(&mut client, "the next read from the API is refused for its token");
    assert_error(&client.get("/events"), 401);
    arm(&mut client, "the next read from the API is refused for its scope");
    let refused = client.get("/events");
    assert_error(&refused, 403);
    let challenge = ("www-authenticate", "Bearer error=\"insufficient_scope\"".to_owned());
    assert!(refused.headers.contains(&challenge), "{:?}", refused.headers);
    assert_eq!(client.get("/events").status, 200);
}

#[test]
fn more_than_one_call_a_second_or_1000_a_day_answers_429() {
    let mut client = Client::with_token(&[("api_token_lifetime", "off")]);
    client.clock -= jiff::SignedDuration::from_millis(600);
    assert_error(&client.get("/events"), 429);
    assert_eq!(client.get("/events").status, 200);
    // Three calls are counted by now: that for the token, and the one that passed.
    let passed = (0..1_100).filter(|_| client.get("/events").status == 200).count();
    assert_eq!(passed, 998);
    assert_error(&client.get("/events"), 429);
    client.clock = after(client.clock, Duration::from_secs(86_400));
    assert_eq!(client.get("/events").status, 200);
}

#[test]
fn without_limits_calls_may_come_at_once() {
    let mut client = Client::unlimited();
    for _ in 0..1_200 {
        client.clock -= jiff::SignedDuration::from_millis(1_500);
        assert_eq!(client.get("/organizers/current").status, 200);
    }
}

#[test]
fn options_says_what_browsers_may_use_and_counts_for_nothing() {
    let mut client = Client::with_token(&[]);
    for operation in doo().api().expect("an API").operations {
        if operation.method == Method::Options {
            client.clock -= jiff::SignedDuration::from_millis(1_500);
            let path = operation.path.replace(['{', '}'], "");
            let answer = client.send((Method::Options, &path), &[], "");
            assert_eq!((answer.status, &answer.body), (200, &ApiBody::Empty), "{path}");
            assert_eq!(answer.headers[0], ("access-control-allow-origin", "*".to_owned()));
        }
    }
    assert_eq!(client.get("/events").status, 200);
}
