//! Each status that the document names for an operation is given.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::Connection;
use serde_json::json;

use super::document::{Operation, operations};
use super::hooks::Hooks;
use super::requests::{ANOTHER, Asked, RIGHT, SNAPSHOT, WRONG};
use super::{Answer, Served, ask, request, say};

/// Statuses that other tests see: operation, status, file, test.
const ELSEWHERE: &[(&str, u16, &str, &str)] = &[
    ("createAccount", 429, "tests/serve_api/limits.rs", "accounts_have_a_limit"),
    ("streamEvents", 503, "tests/serve_api/limits.rs", "streams_have_a_limit"),
    ("advanceClock", 409, BUSY.0, BUSY.1),
    ("settleDeliveries", 409, BUSY.0, BUSY.1),
    ("playScenario", 409, BUSY.0, BUSY.1),
    ("startTraffic", 409, BUSY.0, BUSY.1),
    // For every write: the server looks at its key before it knows the operation.
    ("say", 409, "tests/serve_api/keys.rs", "a_write_whose_client_has_gone_is_carried_out_once"),
    ("getBelief", 409, "tests/serve_api/failures.rs", "a_belief_needs_a_probe"),
];

const BUSY: (&str, &str) = ("tests/serve_api/failures.rs", "what_is_under_way_is_not_begun_twice");

const JSON: (&str, &str) = ("content-type", "application/json");

const USED_KEY: (&str, &str) = ("idempotency-key", "used");

/// Whether another test sees this status of this operation.
fn is_seen_elsewhere(operation: &Operation, status: u16) -> bool {
    let by_key = operation.method != "GET" && status == 409;
    by_key || ELSEWHERE.iter().any(|one| (one.0, one.1) == (&operation.id, status))
}

/// What was seen, and what should not have been.
#[derive(Default)]
struct Seen {
    pairs: BTreeSet<(String, u16)>,
    wrong: Vec<String>,
}

/// A server, and the operations that it is asked for.
struct Stage {
    server: Served,
    operations: Vec<Operation>,
    snapshot: String,
}

impl Stage {
    fn start(receiver: &str, arguments: &[&str]) -> Self {
        let arguments = [&["--seed", "1", "--target", receiver], arguments].concat();
        let (server, operations) = (Served::start(&arguments), operations());
        Self { server, operations, snapshot: String::new() }
    }

    /// The same with a ticket at Ombori that was delivered, and a snapshot of it.
    fn with_a_ticket(receiver: &str) -> Self {
        let stage = Self::start(receiver, &[]);
        say(&stage.server, "ombori", "Anna takes a walk-in ticket");
        let snapshot = ask(&stage.server, "GET", "/accounts/ombori/snapshot", None).expect(200);
        Self { snapshot: String::from_utf8_lossy(&snapshot.body).into_owned(), ..stage }
    }

    fn operation(&self, id: &str) -> &Operation {
        let found = self.operations.iter().find(|one| one.id == id);
        found.unwrap_or_else(|| panic!("there is no operation {id}"))
    }

    /// Makes a request that should have this status, and notes what it has.
    fn ask(&self, seen: &mut Seen, asked: &Asked, status: u16, headers: &[(&str, &str)]) {
        let (id, _, values, query, body) = *asked;
        let operation = self.operation(id);
        let path = format!("/api/v1{}?{query}", operation.at(values));
        let body = if body == SNAPSHOT { self.snapshot.as_str() } else { body };
        let kind: &[(&str, &str)] = if body.is_empty() { &[] } else { &[JSON] };
        let given = headers.iter().any(|(name, _)| *name == JSON.0);
        let headers = [headers, if given { &[] } else { kind }].concat();
        let (method, authority) = (&operation.method, self.server.authority());
        let answer = request(authority, method, &path, &headers, body.as_bytes());
        let answer = answer.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        if let Some(why) = trouble(operation, &answer, status) {
            let text = String::from_utf8_lossy(&answer.body);
            seen.wrong.push(format!("{id} {path}: {why}: {} {text}", answer.status));
        }
        seen.pairs.insert((id.to_owned(), answer.status));
    }

    /// What any operation refuses.
    fn refused(&self, seen: &mut Seen) {
        let large: &'static str = " ".repeat((1 << 20) + 1).leak();
        let page = [("origin", "http://evil.example.test")];
        self.ask(seen, &ANOTHER, 201, &[USED_KEY]);
        for asked in RIGHT {
            let (id, status, values, _, body) = *asked;
            self.ask(seen, &(id, status, values, "colour=blue", body), 400, &[]);
            self.ask(seen, asked, 403, &page);
            let Operation { method, statuses, .. } = self.operation(id);
            if method != "GET" {
                self.ask(seen, asked, 422, &[USED_KEY]);
            }
            if let Some((_, others)) = values.split_first() {
                let nowhere = [&["nobody"][..], others].concat().leak();
                self.ask(seen, &(id, status, nowhere, "", body), 404, &[]);
            }
            if statuses.contains(&415) {
                self.ask(seen, asked, 415, &[(JSON.0, "text/plain")]);
                self.ask(seen, &(id, status, values, "", large), 413, &[]);
                for wrong in ["{", "[]", r#"["Anna takes a walk-in ticket"]"#, "null", "7"] {
                    self.ask(seen, &(id, status, values, "", wrong), 400, &[]);
                }
                self.ask(seen, &(id, status, values, "", ""), 400, &[]);
            } else {
                self.ask(seen, &(id, status, values, "", "{}"), 400, &[]);
            }
        }
    }
}

/// What is wrong with an answer that should have this status.
fn trouble(operation: &Operation, answer: &Answer, status: u16) -> Option<String> {
    if answer.status != status {
        return Some(format!("it should be {status}"));
    }
    if !operation.statuses.contains(&status) {
        return Some("the document does not name this status".to_owned());
    }
    if status < 400 {
        return None;
    }
    let kind = answer.header("content-type");
    let problem = answer.json();
    let whole = kind == Some("application/problem+json")
        && problem["status"] == status
        && problem["type"].as_str().is_some_and(|kind| kind.starts_with("/problems/"))
        && problem["detail"].as_str().is_some_and(|detail| !detail.is_empty());
    (!whole).then(|| format!("it is no problem of {status}, as {kind:?}"))
}

/// The journal of a server can be written and read no more.
fn break_journal(server: &Served) {
    let journal = Connection::open(server.journal()).expect("it opens");
    journal.execute_batch("ALTER TABLE rows RENAME TO lost").expect("it is renamed");
    let phrase = Some(json!({ "phrase": "Cleo takes a walk-in ticket" }));
    ask(server, "POST", "/accounts/ombori/actions", phrase).expect(503);
}

#[test]
fn each_status_of_each_operation_in_the_document_is_given() {
    let hooks = Hooks::start(|| {});
    let mut seen = Seen::default();
    let stage = Stage::with_a_ticket(&hooks.url);
    for asked in RIGHT.iter().chain(WRONG) {
        stage.ask(&mut seen, asked, asked.1, &[]);
    }
    stage.refused(&mut seen);
    let guarded = Stage::start(&hooks.url, &["--admin-token", "s3cret"]);
    for asked in RIGHT.iter().filter(|asked| asked.0 != "getHealth" && asked.0 != "getReady") {
        guarded.ask(&mut seen, asked, 401, &[("authorization", "Bearer wrong")]);
    }
    let broken = Stage::with_a_ticket(&hooks.url);
    for asked in RIGHT.iter().filter(|asked| ["createAccount", "addFault"].contains(&asked.0)) {
        broken.ask(&mut seen, asked, asked.1, &[]);
    }
    break_journal(&broken.server);
    for asked in RIGHT {
        let asked = if asked.0 == ANOTHER.0 { &ANOTHER } else { asked };
        let operation = broken.operation(asked.0);
        if operation.statuses.contains(&503) && !is_seen_elsewhere(operation, 503) {
            broken.ask(&mut seen, asked, 503, &[]);
        }
    }
    assert!(seen.wrong.is_empty(), "{:#?}", seen.wrong);
    let missing = stage.operations.iter().flat_map(|one| {
        let unseen = one.statuses.iter().filter(|status| {
            !seen.pairs.contains(&(one.id.clone(), **status)) && !is_seen_elsewhere(one, **status)
        });
        unseen.map(|status| (&one.id, *status))
    });
    let missing: Vec<_> = missing.collect();
    assert!(missing.is_empty(), "no test sees them: {missing:?}");
}

#[test]
fn each_status_that_is_seen_elsewhere_is_documented_and_its_test_is_there() {
    let operations = operations();
    for (id, status, file, test) in ELSEWHERE {
        let operation = operations.iter().find(|one| one.id == *id);
        let documented = operation.is_some_and(|one| one.statuses.contains(status));
        assert!(documented, "{id} has no {status}");
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let text = std::fs::read_to_string(&file).expect("the file of the test");
        let named = text
            .split("#[test]")
            .skip(1)
            .find(|text| text.trim_start().starts_with(&format!("fn {test}()")));
        let named = named.unwrap_or_else(|| panic!("{} has no test {test}", file.display()));
        assert!(named.contains(&status.to_string()), "{test} never says {status}");
    }
}
