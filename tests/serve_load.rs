//! The server under load: many accounts, a receiver that calls back, slow readers of events.

#[path = "common/hooks.rs"]
mod hooks;
#[path = "common/served.rs"]
mod served;

use std::io::{Read as _, Write as _};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use standin::clock::Stopwatch;

use hooks::Hooks;
use serde_json::json;
use served::{Event, Served};

#[test]
fn the_token_guards_every_operation_but_health_and_ready() {
    let mut server = Served::start(&["--admin-token", "s3cret"]);
    let document = standin::server::document(standin::vendors::registry::shipped());
    let paths = document["paths"].as_object().expect("paths");
    let (mut guarded, mut open) = (0, 0);
    for (path, methods) in paths.iter() {
        let path = format!("/api/v1{}", path.replace(['{', '}'], ""));
        for method in methods.as_object().expect("methods").keys() {
            let answer = server.call(&method.to_uppercase(), &path, None);
            if ["/api/v1/health", "/api/v1/ready"].contains(&path.as_str()) {
                answer.expect(200);
                open += 1;
            } else {
                let answer = answer.expect(401);
                assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{path}");
                guarded += 1;
            }
        }
    }
    assert!(guarded >= 18 && open == 2, "{guarded} are guarded, {open} are open");
    let right = [("authorization", "Bearer s3cret")];
    let read = |headers| {
        served::request(server.authority(), "GET", "/api/v1/accounts", headers, b"")
            .expect("it answers")
    };
    assert_eq!(read(&right).status, 200);
    assert_eq!(read(&[("authorization", "Bearer s3cre")]).status, 401);
    assert_eq!(read(&[("authorization", "Bearer s3crets")]).status, 401);
    assert!(server.stop().success(), "{}", server.stderr());
}

#[test]
fn a_server_that_is_asked_to_stop_ends_its_streams_and_idle_connections_at_once() {
    let mut server = Served::start(&[]);
    let mut events = server.events("/api/v1/events", None);
    let idle = std::net::TcpStream::connect(server.authority()).expect("it listens");
    let mut used = std::net::TcpStream::connect(server.authority()).expect("it listens");
    let head = format!("GET /api/v1/health HTTP/1.1\r\nhost: {}\r\n\r\n", server.authority());
    used.write_all(head.as_bytes()).expect("it is sent");
    used.read_exact(&mut [0; 12]).expect("it answers");
    let begun = Stopwatch::start();
    let status = server.stop();
    assert!(status.success(), "{status}: {}", server.stderr());
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    assert_eq!(events.next(), None);
    drop((idle, used));
}

const PHRASE: &str = " takes a walk-in ticket";

/// Opens an Ombori account that delivers to this URL.
fn open(server: &Served, name: &str) {
    server.post("/api/v1/accounts", json!({ "name": name, "vendor": "ombori" })).expect(201);
}

fn act(server: &Served, account: &str, who: &str) {
    let path = format!("/api/v1/accounts/{account}/actions");
    server.post(&path, json!({ "phrase": format!("{who}{PHRASE}") })).expect(200);
}

fn wait_until(what: &str, done: impl Fn() -> bool) {
    let begun = Stopwatch::start();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(30), "{what} is not so after 30 s");
        std::thread::park_timeout(Duration::from_millis(10));
    }
}

#[test]
fn a_hundred_accounts_act_at_once_and_deliver_everything_once() {
    let hooks = Hooks::start(|| {});
    let server = Served::start(&["--no-accounts", "--target", &hooks.url]);
    std::thread::scope(|scope| {
        for account in 0..100 {
            let server = &server;
            scope.spawn(move || {
                let name = format!("account-{account}");
                open(server, &name);
                (0..5).for_each(|guest| act(server, &name, &format!("Guest{guest}")));
            });
        }
    });
    wait_until("everything delivered", || hooks.count() >= 500);
    for account in
        server.get("/api/v1/accounts").expect(200).json()["items"].as_array().expect("items")
    {
        assert_eq!((&account["subjects"], &account["deliveries"]), (&json!(5), &json!(5)));
    }
    let seen = hooks.seen();
    assert_eq!(seen.len(), 500);
    assert!(seen.values().all(|count| *count == 1));
}

#[test]
fn a_receiver_that_calls_back_from_inside_each_of_64_webhooks_is_answered_at_once() {
    // All requests are under way before the first is answered, if that takes less than 10 s.
    let (inside, slowest) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Duration::ZERO)));
    let authority = Arc::new(OnceLock::<String>::new());
    let before = {
        let (inside, slowest, authority) = (inside.clone(), slowest.clone(), authority.clone());
        move || {
            inside.fetch_add(1, Ordering::SeqCst);
            wait_until("64 webhooks are under way", || inside.load(Ordering::SeqCst) >= 64);
            let begun = Stopwatch::start();
            for account in ["one", "two"] {
                let path = format!("/api/v1/accounts/{account}/subjects?limit=100");
                let authority = authority.get().expect("it has started");
                let answer = served::request(authority, "GET", &path, &[], b"").expect("an answer");
                assert_eq!(answer.status, 200);
                let list = answer.json();
                assert!(!list["items"].as_array().expect("items").is_empty());
            }
            let mut slowest = slowest.lock().expect("nobody panics");
            *slowest = slowest.max(begun.elapsed());
        }
    };
    let hooks = Hooks::start(before);
    let server = Served::start(&["--no-accounts", "--target", &hooks.url]);
    authority.set(server.authority().to_owned()).expect("once");
    ["one", "two"].iter().for_each(|name| open(&server, name));
    for guest in 0..32 {
        ["one", "two"].iter().for_each(|name| act(&server, name, &format!("Guest{guest}")));
    }
    for name in ["one", "two"] {
        server.call("POST", &format!("/api/v1/accounts/{name}/clock/settle"), None).expect(200);
    }
    assert_eq!(hooks.count(), 64);
    let slowest = *slowest.lock().expect("nobody panics");
    assert!(slowest < Duration::from_secs(3), "{slowest:?}");
}

/// The memory of a process in kilobytes, if the system tells.
fn memory(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

#[test]
fn a_slow_reader_of_ten_thousand_events_slows_nothing_and_gets_each_once_in_order() {
    let hooks = Hooks::start(|| {});
    let server = Served::start(&["--no-accounts", "--keep", "200", "--target", &hooks.url]);
    open(&server, "one");
    let mut slow = server.events("/api/v1/events?after=0", None);
    let done = AtomicBool::new(false);
    let slow = std::thread::scope(|scope| {
        let done = &done;
        let reader = scope.spawn(move || {
            let mut events = Vec::new();
            while !done.load(Ordering::SeqCst) {
                events.extend(slow.next());
                std::thread::park_timeout(Duration::from_millis(250));
            }
            // Now it reads everything that it has missed.
            while events.last().is_none_or(|event: &Event| event.id < ENOUGH) {
                events.push(slow.next().expect("the stream goes on"));
            }
            events
        });
        let (mut slowest, mut at_first) = (Duration::ZERO, None);
        let mut guest = 0;
        loop {
            for _ in 0..50 {
                let begun = Stopwatch::start();
                act(&server, "one", &format!("Guest{guest}"));
                slowest = slowest.max(begun.elapsed());
                guest += 1;
            }
            at_first = at_first.or_else(|| memory(server.pid()));
            let latest = latest(&server);
            if latest >= ENOUGH {
                break;
            }
        }
        done.store(true, Ordering::SeqCst);
        assert!(slowest < Duration::from_secs(3), "an action took {slowest:?}");
        if let (Some(before), Some(after)) = (at_first, memory(server.pid())) {
            assert!(after < before + 60_000, "from {before} to {after} kB");
        }
        reader.join().expect("it reads all")
    });
    let ids = |events: &[Event]| events.iter().map(|event| event.id).collect::<Vec<_>>();
    assert!(slow.iter().all(|event| event.kind != "gap"));
    let all: Vec<_> = server.events("/api/v1/events?until=now", None).collect();
    assert_eq!(ids(&slow), ids(&all)[..slow.len()]);
    let rest: Vec<_> = server.events("/api/v1/events?until=now", Some(slow[4_999].id)).collect();
    assert_eq!(ids(&rest)[..slow.len() - 5_000], ids(&slow)[5_000..]);
    let beyond: Vec<_> = server.events("/api/v1/events?until=now", Some(i64::MAX)).collect();
    assert_eq!(beyond.iter().map(|one| one.kind.as_str()).collect::<Vec<_>>(), ["gap"]);
}

/// How many events happen while a reader is slow.
const ENOUGH: i64 = 10_000;

/// The id of the last event. A stream from beyond the end gives it.
fn latest(server: &Served) -> i64 {
    let gap = server.events("/api/v1/events?until=now", Some(i64::MAX)).next();
    gap.expect("a gap").id
}

#[test]
fn more_streams_than_there_may_be_are_refused_until_one_is_left() {
    let server = Served::start(&["--no-accounts", "--target", "http://127.0.0.1:9"]);
    let streams: Vec<_> = (0..64).map(|_| server.events("/api/v1/events", None)).collect();
    let refused = server.get("/api/v1/events").expect(503);
    assert_eq!(refused.header("retry-after"), Some("1"));
    drop(streams);
    // A stream that its client has left becomes free when the server next writes to it.
    open(&server, "one");
    wait_until("a stream is free", || {
        server.post(
            "/api/v1/accounts/one/actions",
            json!({ "phrase": "Anna takes a walk-in ticket" }),
        );
        server.get("/api/v1/events?until=now").status == 200
    });
}
