//! Any request at all: no panic, always a status from docs/vendors/doo.md, and a journal that gives
//! the same run.

use serde_json::{Value as Json, json};
use standin::chance::Chance;
use standin::vendors::api::Method;

use crate::client::{Client, doo};

const SEEDS: u64 = 12;
const CALLS: usize = 250;
const STATUSES: [u16; 9] = [200, 204, 400, 401, 403, 404, 405, 429, 501];

const PIECES: &[&str] = &[
    "events",
    "orders",
    "qrcodes",
    "team",
    "webhooks",
    "init",
    "notify",
    "edit",
    "0",
    "%00",
    "%F0%9F%8E%88",
    "..",
    "oauth",
    "ÿ",
    "{eventId}",
    "1e9",
    "",
];

const TEXTS: &[&str] = &[
    "",
    "order_created",
    "client_credentials",
    "POST",
    "http://h.example.test/x",
    "%ACCESS_TOKEN%",
    "🎈",
    "\u{0}",
    "2031-03-04 09:00:00",
    "9999-12-31 23:59:59",
    "-9999-01-01 00:00:00",
    "***",
];

const NAMES: &[&str] = &[
    "name",
    "hooks",
    "type",
    "method",
    "endpoint",
    "authentication",
    "credentials",
    "client_secret",
    "client_id",
    "grant_type",
    "event_id",
    "organization_id",
    "webhook_type",
    "max_rate_per_min",
    "last_updated_after",
    "last_updated_before",
    "webhook_configuration_id",
    "header_format",
    "header_value_format",
    "password",
    "origin",
];

fn any_json(chance: &mut Chance, depth: u64) -> Json {
    match chance.below(if depth == 0 { 5 } else { 8 }) {
        0 => Json::Null,
        1 => json!(chance.below(2) == 0),
        2 => json!(*chance.pick(&[0, 1, 50, -1, i64::MAX, i64::MIN])),
        3 => json!(1.5e300),
        4 => json!(*chance.pick(TEXTS)),
        5 => (0..chance.below(4)).map(|_| any_json(chance, depth - 1)).collect(),
        _ => {
            let members = (0..chance.below(7)).map(|_| {
                let name = (*chance.pick(NAMES)).to_owned();
                (name, any_json(chance, depth - 1))
            });
            Json::Object(members.collect())
        }
    }
}

/// An almost valid body: one value in it is random.
fn nearly(chance: &mut Chance, ids: &[String]) -> Json {
    let mut body = json!({
        "name": "n",
        "hooks": [{"type": "order_created", "method": "POST", "endpoint": "http://h.example.test"}],
        "authentication": {
            "endpoint": "http://h.example.test/token",
            "credentials": {"client_secret": "a-secret-never-shown"},
        },
        "organization_id": 1,
        "grant_type": "client_credentials",
    });
    if chance.below(2) == 0 {
        body = json!({"event_id": chance.pick(ids), "max_rate_per_min": 50});
    }
    if chance.below(3) > 0 {
        body[*chance.pick(NAMES)] = any_json(chance, 3);
    }
    body
}

fn any_body(chance: &mut Chance, ids: &[String]) -> Vec<u8> {
    match chance.below(6) {
        0 => Vec::new(),
        1 => (0..chance.below(60)).map(|_| chance.below(256) as u8).collect(),
        2 => b"[".repeat(chance.below(2_000) as usize),
        3 => any_json(chance, 4).to_string().into_bytes(),
        _ => nearly(chance, ids).to_string().into_bytes(),
    }
}

/// A method and a path, usually those of an operation.
fn any_path(chance: &mut Chance, ids: &[String]) -> (Method, String) {
    let operation = chance.pick(doo().api().expect("an API").operations);
    let mut method = operation.method;
    if chance.below(4) == 0 {
        method = *chance.pick(&Method::ALL);
    }
    let mut path = if chance.below(8) > 0 {
        let parts = operation.path.split('/').map(|part| match part.strip_prefix('{') {
            Some(name) if chance.below(8) > 0 => {
                let names = ["eventId}", "teamId}", "hash}", "orderId}"];
                names
                    .iter()
                    .position(|one| *one == name)
                    .map_or(&ids[0], |place| &ids[place])
                    .clone()
            }
            Some(_) => (*chance.pick(PIECES)).to_owned(),
            None => part.to_owned(),
        });
        parts.collect::<Vec<_>>().join("/")
    } else {
        (0..chance.below(6)).map(|_| format!("/{}", chance.pick(PIECES))).collect()
    };
    if chance.below(3) == 0 {
        let name = *chance.pick(&["page", "page_size", "status", "date_from", "x", ""]);
        let value = *chance.pick(&[
            "1",
            "0",
            "100",
            "-1",
            "live",
            "2031-01-01",
            "é",
            "",
            "9".repeat(30).leak(),
        ]);
        path.push_str(&format!("?{name}={value}&date_to=9999-12-31&date_from=2001-01-01"));
    }
    (method, path)
}

#[test]
fn any_request_has_a_known_status_and_its_journal_gives_the_same_run() {
    let (mut calls, mut good) = (0, 0);
    for seed in 0..SEEDS {
        let mut chance = Chance::from_seed(seed).child("anything");
        let limits = *chance.pick(&["off", "off", "off", "on"]);
        let mut client =
            Client::with_token(&[("api_limits", limits), ("api_token_lifetime", "off")]);
        client.say("Anna books 2 tickets");
        client.say("Ben books a ticket by bank transfer");
        let (event, team, hash) = (client.event(), client.team(), client.hash());
        let orders = client.read(&format!("/events/{event}/orders"));
        let order = orders["_embedded"]["orders"][0]["order"]["id"].as_str().expect("an id");
        let ids = [event.to_string(), team.to_string(), hash, order.to_owned()];
        for _ in 0..CALLS {
            let (method, path) = any_path(&mut chance, &ids);
            let body = any_body(&mut chance, &ids);
            let mut headers = Vec::new();
            if chance.below(12) > 0 {
                headers.push(("x-api-key", client.key()));
            }
            if chance.below(12) > 0 {
                let token = client.token.clone().unwrap_or_default();
                headers.push(("Authorization", format!("Bearer {token}")));
            }
            if limits == "on" && chance.below(4) == 0 {
                client.clock -= jiff::SignedDuration::from_millis(1_400);
            }
            let answer = client.send((method, &path), &headers, body);
            assert!(STATUSES.contains(&answer.status), "{method:?} {path}: {}", answer.status);
            calls += 1;
            good += usize::from(answer.status < 300);
            if chance.below(20) == 0 {
                client.pass(std::time::Duration::from_secs(chance.below(100_000)));
            }
        }
        let again = client.again().unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        assert_eq!(state(&again), state(&client.run), "seed {seed}");
        let lines = client.lines().concat();
        let token = client.token.clone().expect("a token");
        for secret in [&token, &client.key(), "a-secret-never-shown"] {
            assert!(!lines.contains(secret), "seed {seed}: {secret}");
        }
    }
    assert!(calls == SEEDS as usize * CALLS && good > calls / 3, "{good} of {calls}");
}

/// The whole state of a run, without secrets.
fn state(run: &standin::run::Run) -> String {
    let sim = run.sim();
    let mut text = format!("{:?} {:?} {:?}\n", sim.now(), run.next(), sim.api_tokens(0));
    for subscription in sim.subscriptions(0) {
        text.push_str(&format!("{} {:?}\n", subscription.id, subscription.hooks));
    }
    for subject in sim.subjects(0) {
        text.push_str(&format!("{:?}\n", sim.api_object(0, subject)));
    }
    text
}
