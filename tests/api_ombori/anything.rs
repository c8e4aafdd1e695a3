//! Any request at all: no panic, always a known status, and a journal that gives the same run.

use serde_json::{Value as Json, json};
use standin::chance::Chance;
use standin::vendors::api::Method;

use crate::client::{Client, booking, ombori, state, text};

const SEEDS: u64 = 12;
const CALLS: usize = 250;
const STATUSES: [u16; 7] = [200, 400, 401, 404, 405, 409, 501];

const PIECES: &[&str] = &["eu", "join", "%00", "%F0%9F%8E%88", "..", "ÿ", "{queueId}", "1e9", ""];
const TEXTS: &[&str] = &[
    "",
    "email",
    "phoneNumber",
    "+46701740605",
    "kim@example.test",
    "2031-03-05T10:00:00Z",
    "en",
    "-009999-01-02T01:59:59Z",
    "9999-12-30T22:00:00.9Z",
    "2031-03-05",
    "سريع 🎈\u{0}",
    "4d9f7b7e-6a63-4a0e-9d7a-2f1b7c1d0a11",
];
const NAMES: &[&str] = &[
    "session",
    "position",
    "id",
    "customerInfo",
    "tags",
    "title",
    "locale",
    "notification",
    "type",
    "settings",
    "to",
    "recipient",
    "numberOfPeople",
    "booking",
    "start",
    "end",
    "isEnabled",
    "virtualAppointment",
    "customData",
];

fn any_json(chance: &mut Chance, depth: u64) -> Json {
    match chance.below(if depth == 0 { 5 } else { 8 }) {
        0 => Json::Null,
        1 => json!(chance.below(2) == 0),
        2 => json!(*chance.pick(&[0, 1, 255, 256, -1, i64::MAX, i64::MIN])),
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

fn any_body(chance: &mut Chance) -> Vec<u8> {
    match chance.below(7) {
        0 => Vec::new(),
        1 => (0..chance.below(60)).map(|_| chance.below(256) as u8).collect(),
        2 => b"[".repeat(chance.below(2_000) as usize),
        3 => any_json(chance, 4).to_string().into_bytes(),
        _ => {
            let mut body = booking(chance.below(200_000));
            body["session"] = json!("s");
            let places = ["", "/booking", "/notification/settings"];
            if chance.below(3) == 0 {
                let place = body.pointer_mut(chance.pick::<&str>(&places)).expect("it is there");
                place[*chance.pick(NAMES)] = any_json(chance, 3);
            }
            body.to_string().into_bytes()
        }
    }
}

/// A method and a path, usually of an operation on an existing position.
fn any_path(chance: &mut Chance, client: &Client, ids: &[String]) -> (Method, String) {
    let operation = chance.pick(ombori().api().expect("an API").operations);
    let mut method = operation.method;
    if chance.below(8) == 0 {
        method = *chance.pick(&Method::ALL);
    }
    if chance.below(12) == 0 {
        let parts = (0..chance.below(6)).map(|_| format!("/{}", chance.pick(PIECES)));
        return (method, parts.collect());
    }
    let parts = operation.path.split('/').map(|part| match part {
        _ if part.starts_with('{') && chance.below(20) == 0 => (*chance.pick(PIECES)).to_owned(),
        "{region}" => "uae".to_owned(),
        "{tenantId}" => "demo-retail".to_owned(),
        "{queueId}" => client.queue.clone(),
        "{positionId}" | "{reservationId}" => chance.pick(ids).clone(),
        part => part.to_owned(),
    });
    (method, parts.collect::<Vec<_>>().join("/"))
}

#[test]
fn any_request_has_a_known_status_and_its_journal_gives_the_same_run() {
    let (mut good, mut statuses) = (0, std::collections::BTreeSet::new());
    for seed in 0..SEEDS {
        let mut chance = Chance::from_seed(seed).child("anything");
        let profile = chance.pick(ombori().catalogue().profiles).name;
        let mut client = Client::in_profile(profile, &[]);
        let mut ids = vec!["nobody".to_owned()];
        for _ in 0..CALLS {
            let (method, path) = any_path(&mut chance, &client, &ids);
            let key = client.key();
            let key = match chance.below(16) {
                0 => None,
                1 => Some("wrong"),
                _ => Some(key.as_str()),
            };
            let before = client.entries.len();
            let body = any_body(&mut chance);
            let answer = client.send(method, &path, key, body);
            assert!(STATUSES.contains(&answer.status), "{method:?} {path}: {}", answer.status);
            statuses.insert(answer.status);
            good += usize::from(answer.status == 200);
            let caused = client.caused_since(before);
            ids.extend(caused.iter().map(|(_, position)| text(&position["id"]).to_owned()));
            if chance.below(10) == 0 {
                client.pass(std::time::Duration::from_secs(chance.below(100_000)));
            }
        }
        let again = client.again().unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        assert_eq!(state(&again), client.state(), "seed {seed}");
        assert!(!client.lines().concat().contains(&client.key()), "seed {seed}: the key");
    }
    assert_eq!(statuses.into_iter().collect::<Vec<_>>(), STATUSES);
    assert!(good > SEEDS as usize * CALLS / 8, "only {good} went well");
}
