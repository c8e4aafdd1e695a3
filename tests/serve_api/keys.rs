//! Writes with an `Idempotency-Key`, repeated after `kill -9` and after a lost connection.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use serde_json::{Value as Json, json};
use standin::chance::Chance;

use super::hooks::Hooks;
use super::{Answer, Served, ask, read, request, say, tell};

/// A key that nobody should find in the journal.
const KEY: &str = "key-of-the-client";

/// Sends a write with a key.
fn keyed(server: &Served, key: &str, (method, path): (&str, &str), body: &Json) -> Answer {
    let sent = try_keyed(server.authority(), key, (method, path), body);
    sent.unwrap_or_else(|error| panic!("{method} {path}: {error}"))
}

fn try_keyed(
    authority: &str,
    key: &str,
    (method, path): (&str, &str),
    body: &Json,
) -> std::io::Result<Answer> {
    let (path, body) = (format!("/api/v1{path}"), text(body));
    let kind: &[(&str, &str)] =
        if body.is_empty() { &[] } else { &[("content-type", "application/json")] };
    let headers = [&[("idempotency-key", key)], kind].concat();
    request(authority, method, &path, &headers, body.as_bytes())
}

fn text(body: &Json) -> String {
    if body.is_null() { String::new() } else { body.to_string() }
}

fn phrase(text: &str) -> Json {
    json!({ "phrase": text })
}

fn restart(server: &mut Served) {
    server.kill();
    server.restart();
}

/// The names of the subjects of an account, in order.
fn names(server: &Served, account: &str) -> Vec<String> {
    let (mut names, first) = (Vec::new(), format!("{account}/subjects?limit=500"));
    let mut next = first.clone();
    loop {
        let page = read(server, &next);
        let items = page["items"].as_array().expect("subjects").iter();
        names.extend(items.map(|one| one["name"].as_str().expect("a name").to_owned()));
        let Some(cursor) = page["next"].as_str() else { break };
        next = format!("{first}&cursor={cursor}");
    }
    names.sort_unstable();
    names
}

#[test]
fn each_write_that_is_repeated_after_kill_9_gets_its_answer_and_does_nothing() {
    let hooks = Hooks::start(|| {});
    let mut server = Served::start(&["--seed", "3", "--target", &hooks.url]);
    say(&server, "ombori", "Anna takes a walk-in ticket");
    let snapshot = read(&server, "ombori/snapshot");
    let guest = phrase("Bo takes a walk-in ticket");
    let (call, none) = (json!({ "arguments": { "who": "Anna" } }), Json::Null);
    let writes = [
        ("POST", "/accounts", json!({ "name": "second", "vendor": "ombori" })),
        ("PUT", "/accounts/ombori/snapshot", snapshot),
        ("POST", "/accounts/ombori/actions", guest.clone()),
        ("POST", "/accounts/ombori/actions/call?wait=delivered", call),
        ("PUT", "/accounts/ombori/clock", json!({ "speed": null })),
        ("POST", "/accounts/ombori/clock/advance", json!({ "by": "10m" })),
        ("POST", "/accounts/ombori/clock/settle", none.clone()),
        ("POST", "/accounts/ombori/deliveries/0/repeat", none.clone()),
        ("POST", "/accounts/ombori/deliveries/0/edited", json!({ "body": "{}" })),
        ("POST", "/accounts/ombori/dead-letters/send", json!({})),
        ("POST", "/accounts/ombori/endpoint/reactivate", none.clone()),
        ("POST", "/accounts/ombori/faults", phrase("the next webhook is lost")),
        ("DELETE", "/accounts/ombori/faults?phrase=the+next+webhook+is+lost", none.clone()),
        ("POST", "/accounts/ombori/faults", phrase("every webhook is lost")),
        ("DELETE", "/accounts/ombori/faults/1", none.clone()),
        ("DELETE", "/accounts/ombori/faults", none.clone()),
        ("PUT", "/accounts/ombori/traffic", json!({})),
        ("DELETE", "/accounts/ombori/traffic", none.clone()),
        (
            "POST",
            "/accounts/doo/scenario",
            json!({ "text": "vendor: doo\nsteps:\n  - wait: 1m\n" }),
        ),
        ("DELETE", "/accounts/doo/scenario", none.clone()),
        ("DELETE", "/accounts/second", none.clone()),
    ];
    let carry_out = |server: &Served| -> Vec<(u16, Vec<u8>)> {
        let answers = writes.iter().enumerate().map(|(number, (method, path, body))| {
            let answer = keyed(server, &format!("{KEY}-{number}"), (method, path), body);
            (answer.status, answer.body)
        });
        answers.collect()
    };
    let first = carry_out(&server);
    let wrong: Vec<_> = first.iter().filter(|(status, _)| *status >= 300).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    tell(&server, 200, ("POST", "ombori/clock/settle"), None);
    let state = |server: &Served| {
        let clock = read(server, "ombori/clock")["now"].clone();
        (names(server, "ombori"), read(server, "ombori/deliveries"), clock)
    };
    let before = state(&server);
    for life in 0..2 {
        restart(&mut server);
        let again = carry_out(&server);
        for (number, (first, again)) in first.iter().zip(&again).enumerate() {
            let text = |one: &(u16, Vec<u8>)| (one.0, String::from_utf8_lossy(&one.1).into_owned());
            assert_eq!(text(first), text(again), "{:?} in life {life}", writes[number]);
        }
        assert_eq!(state(&server), before, "nothing has happened in life {life}");
    }
    let other = phrase("Cleo takes a walk-in ticket");
    let path = ("POST", "/accounts/ombori/actions");
    keyed(&server, &format!("{KEY}-2"), path, &other).expect(422);
    keyed(&server, &format!("{KEY}-12"), ("DELETE", "/accounts/ombori/faults?phrase=x"), &none)
        .expect(422);
    // A write that failed may be made again.
    let illegal = phrase("staff check out Anna");
    keyed(&server, "free", path, &illegal).expect(409);
    restart(&mut server);
    keyed(&server, "free", path, &other).expect(200);
    server.kill();
    assert!(!holds(&server, KEY), "the key is in the journal");
}

/// Whether the journal's files hold this text.
fn holds(server: &Served, text: &str) -> bool {
    let journal = server.journal();
    let folder = std::fs::read_dir(journal.parent().expect("a folder")).expect("it is there");
    let files = folder.map(|file| file.expect("a file").path()).filter(|file| file.is_file());
    let mut files = files.filter(|file| file.to_string_lossy().contains("journal"));
    files.any(|file| {
        let bytes = std::fs::read(file).expect("it is read");
        bytes.windows(text.len()).any(|bytes| bytes == text.as_bytes())
    })
}

/// How often the server is killed, and how many clients there are.
const ROUNDS: u64 = 4;
const CLIENTS: usize = 4;

#[test]
fn a_write_that_kill_9_left_without_an_answer_is_carried_out_once_when_it_is_repeated() {
    let mut server = Served::start(&["--seed", "3", "--target", "http://127.0.0.1:9"]);
    let mut chance = Chance::from_seed(5).child("kills");
    let sent = AtomicU32::new(0);
    let path = ("POST", "/accounts/ombori/actions");
    let write = |number: u32| phrase(&format!("Guest{number} takes a walk-in ticket"));
    let key = |number: u32| format!("{KEY}-{number}");
    for _ in 0..ROUNDS {
        let authority = server.authority().to_owned();
        let unanswered = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..CLIENTS {
                scope.spawn(|| {
                    loop {
                        let number = sent.fetch_add(1, Ordering::Relaxed);
                        let body = write(number);
                        match try_keyed(&authority, &key(number), path, &body) {
                            Ok(answer) => drop(answer.expect(200)),
                            Err(_) => {
                                break unanswered.lock().expect("no client panics").push(number);
                            }
                        }
                    }
                });
            }
            std::thread::park_timeout(Duration::from_millis(chance.between(20, 80)));
            server.kill();
        });
        server.restart();
        for number in unanswered.into_inner().expect("no client panics") {
            keyed(&server, &key(number), path, &write(number)).expect(200);
        }
    }
    let mut wanted: Vec<_> =
        (0..sent.load(Ordering::Relaxed)).map(|one| format!("Guest{one}")).collect();
    wanted.sort_unstable();
    assert_eq!(names(&server, "ombori"), wanted, "each of them once");
}

#[test]
fn a_write_whose_client_has_gone_is_carried_out_once() {
    let open = Arc::new((Mutex::new(false), Condvar::new()));
    let gate = Arc::clone(&open);
    let hooks = Hooks::start(move || {
        let closed = gate.0.lock().expect("no visit panics");
        drop(gate.1.wait_while(closed, |open| !*open).expect("no visit panics"));
    });
    let server = Served::start(&["--target", &hooks.url]);
    let body = phrase("Anna takes a walk-in ticket");
    let path = "/accounts/ombori/actions?wait=delivered";
    let mut gone = TcpStream::connect(server.authority()).expect("it listens");
    let (text, length) = (body.to_string(), body.to_string().len());
    let head =
        format!("POST /api/v1{path} HTTP/1.1\r\nhost: localhost\r\nidempotency-key: {KEY}\r\n");
    let head = format!("{head}content-type: application/json\r\ncontent-length: {length}\r\n\r\n");
    gone.write_all((head + &text).as_bytes()).expect("it is sent");
    while hooks.count() == 0 {
        std::thread::yield_now();
    }
    drop(gone);
    for _ in 0..20 {
        // It is known that the first is still being carried out.
        keyed(&server, KEY, ("POST", path), &body).expect(409);
        ask(&server, "GET", "/health", None).expect(200);
    }
    *open.0.lock().expect("no visit panics") = true;
    open.1.notify_all();
    let answer = loop {
        let answer = keyed(&server, KEY, ("POST", path), &body);
        if answer.status != 409 {
            break answer.expect(200).json();
        }
    };
    assert_eq!(answer["deliveries"], json!([0]));
    assert_eq!((names(&server, "ombori"), hooks.count()), (vec!["Anna".to_owned()], 1));
}

#[test]
fn an_advance_that_kill_9_has_interrupted_is_not_begun_again() {
    let mut server = Served::start(&["--seed", "3", "--target", "http://127.0.0.1:9"]);
    tell(&server, 200, ("PUT", "ombori/traffic"), Some(json!({ "per_hour": 10_000 })));
    let advance = ("POST", "/accounts/ombori/clock/advance");
    let by = json!({ "by": "900h" });
    let authority = server.authority().to_owned();
    std::thread::scope(|scope| {
        // It is killed before it answers.
        scope.spawn(|| assert!(try_keyed(&authority, KEY, advance, &by).is_err()));
        while read(&server, "ombori/clock")["passing_to"].is_null() {
            std::thread::yield_now();
        }
        restart(&mut server);
    });
    let problem = keyed(&server, KEY, advance, &by).expect(409).json();
    let detail = problem["detail"].as_str().expect("a detail");
    assert!(detail.contains("when the server ended"), "{detail}");
    assert_eq!(read(&server, "ombori/clock")["passing_to"], Json::Null);
    keyed(&server, "another", advance, &json!({ "by": "1m" })).expect(200);
}
