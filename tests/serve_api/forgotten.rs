//! A server that forgets what is over: the seed still gives the webhooks in its journal, also behind calls
//! about what was forgotten.

use std::process::Command;

use serde_json::{Value as Json, json};

use super::hooks::Hooks;
use super::served::{Answer, Served, request};
use super::{read, tell};

/// A call of the vendor's API.
fn call(server: &Served, key: &str, method: &str, path: &str, body: &str) -> Answer {
    let headers = [("apikey", key), ("content-type", "application/json")];
    let path = format!("/waitwhile/v2{path}");
    request(server.authority(), method, &path, &headers, body.as_bytes()).expect("an answer")
}

fn pass(server: &Served, by: &str) {
    tell(server, 200, ("POST", "waitwhile/clock/advance"), Some(json!({ "by": by })));
}

/// The id of a visit that came and is over.
fn visit(server: &Served, key: &str, location: &str) -> String {
    let write = json!({ "locationId": location, "name": "Kim Berg" }).to_string();
    let visit = call(server, key, "POST", "/visits", &write).expect(200).json();
    let id = visit["id"].as_str().unwrap_or_else(|| panic!("{visit}")).to_owned();
    let over = r#"{"state":"COMPLETE"}"#;
    call(server, key, "POST", &format!("/visits/{id}"), over).expect(200);
    id
}

/// The same, after a call that a fault answers.
fn visit_behind_a_fault(server: &Served, key: &str, location: &str) -> String {
    let write = json!({ "locationId": location, "name": "Ben Dahl" }).to_string();
    call(server, key, "POST", "/visits", &write).expect(503);
    visit(server, key, location)
}

/// Sends all webhooks of the journal again. Returns what is said.
fn replayed(server: &Served, hooks: &Hooks) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_standin"));
    command.args(["journal", "replay", "--account", "waitwhile", "--target", &hooks.url]);
    let output = command.arg(server.journal()).output().expect("it starts");
    let said = [output.stdout, output.stderr].concat();
    String::from_utf8(said).expect("UTF-8")
}

#[test]
fn the_seed_gives_what_is_in_the_journal_of_a_server_that_has_forgotten_and_was_asked_for_it() {
    let hooks = Hooks::start(|| {});
    let mut server = Served::start(&["--keep", "1", "--seed", "3", "--target", &hooks.url]);
    let key = read(&server, "waitwhile/credentials")["key"].clone();
    let key = key.as_str().expect("a key");
    let locations = call(&server, key, "GET", "/locations", "").expect(200).json();
    let location = locations["results"][0]["id"].as_str().unwrap_or_else(|| panic!("{locations}"));
    let forgotten = visit(&server, key, location);
    let path = format!("/visits/{forgotten}");
    call(&server, key, "GET", &path, "").expect(200);
    let others = (0..200).find(|_| {
        visit(&server, key, location);
        pass(&server, "10m");
        call(&server, key, "GET", &path, "").status == 404
    });
    assert!(others.is_some(), "it is never forgotten");
    // It would bring back a visit that is over, and cause webhooks.
    let restore = r#"{"state":"WAITING"}"#;
    call(&server, key, "POST", &path, restore).expect(404);
    let page = format!("/visits?startAfter={forgotten}");
    call(&server, key, "GET", &page, "").expect(400);

    // What faults of the API keep from happening, and what happens while nobody comes.
    let fault = json!({ "phrase": "the next write to the API is answered 503" });
    tell(&server, 201, ("POST", "waitwhile/faults"), Some(fault));
    let known = format!("/visits/{}", visit_behind_a_fault(&server, key, location));
    call(&server, key, "POST", &known, restore).expect(200);
    let busy = || Some(json!({ "per_hour": 20 }));
    tell(&server, 200, ("PUT", "waitwhile/traffic"), busy());
    pass(&server, "1h");
    tell(&server, 204, ("DELETE", "waitwhile/traffic"), None);
    pass(&server, "1h");
    tell(&server, 200, ("PUT", "waitwhile/traffic"), busy());
    pass(&server, "1h");
    server.stop();

    let said = replayed(&server, &hooks);
    assert!(said.contains("their seeds still give the same bytes"), "{said}");
    assert!(said.matches(" · the seed gives the same bytes").count() > 300, "{said}");
    assert!(!said.contains("other bytes"), "{said}");

    // A journal that does not name them gives what the vendor would have answered if it had known them.
    let file = rusqlite::Connection::open(server.journal()).expect("it opens");
    let unnamed = "UPDATE rows SET line = json_remove(line, '$.subjects') WHERE kind = 'forgot'";
    assert!(file.execute(unnamed, []).expect("it is changed") > 0);
    drop(file);
    assert!(replayed(&server, &hooks).contains("the seed gives other bytes"));
}

/// An older version has not named them.
#[test]
fn a_journal_that_does_not_name_what_was_forgotten_is_still_read() {
    let line = json!({
        "entry": "forgot", "id": 4, "cause": Json::Null, "at": "2031-03-04T08:00:00Z",
        "deliveries": 7, "of": { "account": Json::Null },
    });
    let read = standin::journal::read::read(&line.to_string()).expect("a line of a journal");
    let kind = format!("{:?}", read.kind);
    assert!(kind.contains("deliveries: 7, subjects: None"), "{kind}");
}
