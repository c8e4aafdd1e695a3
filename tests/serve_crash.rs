//! The server is killed at random moments under traffic, and started again with its journal.

#[path = "common/hooks.rs"]
mod hooks;
#[path = "common/served.rs"]
mod served;

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::time::Duration;

use hooks::Hooks;
use rusqlite::Connection;
use serde_json::json;
use served::{Served, request};
use standin::chance::Chance;
use standin::journal::sqlite::{Filter, Reader, StoreError};

/// The clients: an account, and the phrases for it.
const CLIENTS: [(&str, &str, &str); 5] = [
    ("ombori", "", " takes a walk-in ticket"),
    ("ombori", "staff issue a ticket to ", ""),
    ("waitwhile", "staff add ", " to the waitlist"),
    ("doo", "the organizer creates the event ", ""),
    ("doo", "the organizer creates the event ", ""),
];

/// How often the server is killed.
fn rounds() -> usize {
    if std::env::var_os("FULL").is_some_and(|value| value == "1") { 100 } else { 10 }
}

/// Acts until the server is gone, and records each subject in its answers.
fn act(authority: &str, (client, round): (usize, usize), told: &Mutex<Vec<[String; 3]>>) {
    let (account, before, after) = CLIENTS[client];
    for number in 0.. {
        let phrase = format!("{before}G{client}-{round}-{number}{after}");
        let body = json!({ "phrase": phrase }).to_string();
        let path = format!("/api/v1/accounts/{account}/actions");
        let headers = [("content-type", "application/json")];
        let Ok(answer) = request(authority, "POST", &path, &headers, body.as_bytes()) else {
            return;
        };
        let answer = answer.expect(200).json();
        let text = |key: &str| answer["subject"][key].as_str().expect("a text").to_owned();
        told.lock().expect("no client panics").push([account.to_owned(), text("kind"), text("id")]);
    }
}

/// The exact bodies of every webhook that the journal has, by account.
fn caused(server: &Served) -> Vec<Vec<u8>> {
    let reader = Reader::open(&server.journal()).expect("a journal");
    let filter = Filter { kinds: vec!["caused"], ..Filter::default() };
    let mut bodies = Vec::new();
    let read = reader.each(&filter, |row| {
        bodies.push(row.body.expect("a webhook has a body").to_vec());
        Ok::<_, StoreError>(())
    });
    read.expect("it is read");
    bodies
}

#[test]
fn what_was_acknowledged_and_what_is_to_be_delivered_survives_kill_9_at_any_moment() {
    let hooks = Hooks::start(|| {});
    let mut server = Served::start(&["--seed", "7", "--target", &hooks.url]);
    let mut chance = Chance::from_seed(1).child("kills");
    let told = Mutex::new(Vec::new());
    for round in 0..rounds() {
        let authority = server.authority().to_owned();
        std::thread::scope(|scope| {
            for client in 0..CLIENTS.len() {
                let (authority, told) = (&authority, &told);
                scope.spawn(move || act(authority, (client, round), told));
            }
            std::thread::park_timeout(Duration::from_millis(chance.between(1, 250)));
            server.kill();
        });
        let connection = Connection::open(server.journal()).expect("it opens");
        let check = connection.pragma_query_value(None, "integrity_check", |row| row.get(0));
        assert_eq!(check, Ok("ok".to_owned()), "round {round}");
        drop(connection);
        // It reads its journal, and compares each entry with the replayed run.
        server.restart();
    }
    for account in ["ombori", "waitwhile", "doo"] {
        server.call("POST", &format!("/api/v1/accounts/{account}/clock/settle"), None).expect(200);
    }
    let told = told.into_inner().expect("no client panics");
    assert!(told.len() > rounds() * CLIENTS.len(), "only {} were acknowledged", told.len());
    has_all(&server, &told);
    let seen = hooks.seen();
    let mut wanted = HashMap::new();
    caused(&server).into_iter().for_each(|body| *wanted.entry(body).or_insert(0) += 1);
    let fewer = wanted.iter().filter(|(body, wanted)| seen.get(*body).unwrap_or(&0) < *wanted);
    let fewer: Vec<_> = fewer.map(|(body, _)| String::from_utf8_lossy(body)).collect();
    assert!(fewer.is_empty(), "{} of {} did not arrive: {fewer:?}", fewer.len(), wanted.len());
    assert!(wanted.len() >= told.len(), "{} webhooks, {} subjects", wanted.len(), told.len());
    let said = server.stderr();
    assert!(!said.contains("panicked"), "{said}");
}

/// Checks that each recorded subject exists.
fn has_all(server: &Served, told: &[[String; 3]]) {
    let mut there = HashSet::new();
    for account in ["ombori", "waitwhile", "doo"] {
        let path = format!("/api/v1/accounts/{account}/subjects?limit=500");
        let mut next = path.clone();
        loop {
            let page = server.get(&next).expect(200).json();
            for item in page["items"].as_array().expect("items") {
                let text = |key: &str| item[key].as_str().expect("a text").to_owned();
                there.insert([account.to_owned(), text("kind"), text("id")]);
            }
            let Some(cursor) = page["next"].as_str() else { break };
            next = format!("{path}&cursor={cursor}");
        }
    }
    let lost: Vec<_> = told.iter().filter(|one| !there.contains(*one)).collect();
    assert!(lost.is_empty(), "{} of {} are lost: {lost:?}", lost.len(), told.len());
}
