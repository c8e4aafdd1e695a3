//! Requests for tokens: those that the vendor makes, and those that it receives.

use serde_json::{Value as Json, json};

use super::hooks::Hooks;
use super::{Served, ask, read, request, say};

/// Where doo gives tokens.
const OAUTH: &str = "/doo/v1/oauth";

/// All requests for tokens at doo, read one a page.
fn token_requests(server: &Served) -> Vec<Json> {
    let (mut found, mut next) = (Vec::new(), "doo/token-requests?limit=1".to_owned());
    loop {
        let page = read(server, &next);
        let rows = page["items"].as_array().expect("rows");
        assert!(rows.len() <= 1, "{page}");
        found.extend(rows.iter().cloned());
        let Some(cursor) = page["next"].as_str() else { return found };
        next = format!("doo/token-requests?limit=1&cursor={cursor}");
    }
}

#[test]
fn requests_for_tokens_are_listed_with_their_direction_and_without_their_secrets() {
    let hooks = Hooks::start(|| {});
    let server = Served::start(&["--no-accounts", "--target", &hooks.url]);
    let new = json!({ "name": "doo", "vendor": "doo", "settings": { "api_limits": "off" } });
    ask(&server, "POST", "/accounts", Some(new)).expect(201);
    let keys = read(&server, "doo/credentials");
    let secret = keys["client_secret"].as_str().expect("a secret");
    let grant = |secret: &str| {
        let body = json!({
            "client_id": keys["client_id"], "client_secret": secret, "grant_type": "client_credentials",
        });
        let key = keys["key"].as_str().expect("a key");
        let headers = [("content-type", "application/json"), ("x-api-key", key)];
        let body = body.to_string();
        request(server.authority(), "POST", OAUTH, &headers, body.as_bytes()).expect("an answer")
    };
    say(&server, "doo", "the organizer creates the event Gala");
    let token = grant(secret).expect(200).json()["data"]["access_token"].clone();
    let token = token.as_str().expect("a token");
    say(&server, "doo", "the organizer creates the event Expo");
    grant("a wrong secret").expect(401);
    // It asks for no token.
    request(server.authority(), "OPTIONS", OAUTH, &[], b"").expect("an answer");

    let all = token_requests(&server);
    let directions: Vec<&Json> = all.iter().map(|one| &one["direction"]).collect();
    assert_eq!(directions, ["made", "received", "made", "received"]);
    let whole = read(&server, "doo/token-requests?limit=500");
    assert_eq!(whole["items"], json!(all));
    for made in [&all[0], &all[2]] {
        let entry = &made["entry"];
        assert_eq!((&entry["request"], &entry["status"]), (&json!("token request"), &json!(200)));
        assert_eq!(made["answer"], Json::Null);
    }
    for (received, status) in [(&all[1], 200), (&all[3], 401)] {
        let (entry, answer) = (&received["entry"], &received["answer"]);
        assert_eq!(
            (&entry["operation"], &entry["path"]),
            (&json!("createToken"), &json!("/oauth"))
        );
        assert_eq!((&answer["status"], &answer["cause"]), (&json!(status), &entry["id"]));
    }
    let said = whole.to_string();
    for hidden in [secret, token, "a wrong secret", "standin-demo-client-secret"] {
        assert!(!said.contains(hidden), "{hidden} is in {said}");
    }
}

#[test]
fn a_vendor_that_gives_no_tokens_and_asks_for_none_has_no_requests_for_them() {
    let hooks = Hooks::start(|| {});
    let server = Served::start(&["--seed", "2", "--target", &hooks.url]);
    say(&server, "waitwhile", "Anna joins the waitlist");
    let list = read(&server, "waitwhile/token-requests");
    assert_eq!(list, json!({ "items": [], "next": null }));
}
