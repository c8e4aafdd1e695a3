//! What the server takes on at the most, and what it says then.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use serde_json::{Value as Json, json};
use standin::clock::Stopwatch;

use super::hooks::Hooks;
use super::{Served, ask, read, request, say, tell};

/// Where nobody listens.
const NOBODY: &str = "http://127.0.0.1:9";

/// How many accounts there may be, and how many clients open them.
const ACCOUNTS: usize = 1000;
const CLIENTS: usize = 8;
/// How many streams there may be.
const STREAMS: usize = 64;
/// How many connections the server serves at a time.
const CONNECTIONS: usize = 4000;
/// How many requests of one account may be under way.
const REQUESTS: usize = 64;

/// Waits until this is so.
fn until(what: &str, mut so: impl FnMut() -> bool) {
    let begun = Stopwatch::start();
    while !so() {
        assert!(begun.elapsed() < Duration::from_secs(20), "{what}");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

#[test]
fn accounts_have_a_limit() {
    let server = Served::start(&["--no-accounts", "--target", NOBODY]);
    let new = |name: String| Some(json!({ "name": name, "vendor": "ombori" }));
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let server = &server;
            scope.spawn(move || {
                for number in (client..ACCOUNTS).step_by(CLIENTS) {
                    ask(server, "POST", "/accounts", new(format!("a{number}"))).expect(201);
                }
            });
        }
    });
    let refused = ask(&server, "POST", "/accounts", new("more".to_owned())).expect(429);
    assert_eq!(refused.json()["type"], "/problems/too-many");
    assert!(refused.header("retry-after").is_some());
    tell(&server, 204, ("DELETE", "a7"), None);
    ask(&server, "POST", "/accounts", new("more".to_owned())).expect(201);
    ask(&server, "POST", "/accounts", new("most".to_owned())).expect(429);
}

#[test]
fn streams_have_a_limit() {
    let server = Served::start(&["--target", NOBODY]);
    let mut streams: Vec<_> = (0..STREAMS).map(|_| server.events("/api/v1/events", None)).collect();
    let refused = ask(&server, "GET", "/events", None).expect(503);
    assert!(refused.header("retry-after").is_some());
    let detail = refused.json()["detail"].clone();
    assert!(detail.as_str().is_some_and(|text| text.contains(&STREAMS.to_string())), "{detail}");
    say(&server, "ombori", "Anna takes a walk-in ticket");
    for stream in &mut streams {
        assert!(stream.next().is_some(), "each of them hears of it");
    }
    drop(streams.pop());
    // The server notices with the next bytes that it sends.
    let mut number = 0;
    until("a stream that was closed makes room", || {
        number += 1;
        say(&server, "ombori", &format!("Guest{number} takes a walk-in ticket"));
        ask(&server, "GET", "/events?until=now", None).status == 200
    });
}

#[test]
fn connections_have_a_limit_and_one_more_waits_for_its_turn() {
    let server = Served::start(&["--no-accounts", "--target", NOBODY]);
    let connect = || TcpStream::connect(server.authority()).expect("it listens");
    // Each is asked once, so that it is known to be served; it is kept alive then.
    let ask = |stream: &TcpStream| {
        let head = b"GET /api/v1/health HTTP/1.1\r\nhost: localhost\r\n\r\n";
        (&mut &*stream).write_all(head).expect("it is sent");
    };
    let answered = |stream: &TcpStream, within: u64| {
        stream.set_read_timeout(Some(Duration::from_millis(within))).expect("a time-out");
        let mut bytes = [0; 12];
        (&mut &*stream).read_exact(&mut bytes).is_ok_and(|()| &bytes == b"HTTP/1.1 200")
    };
    let mut served = Vec::new();
    let waiting = loop {
        let stream = connect();
        ask(&stream);
        if !answered(&stream, if served.len() < CONNECTIONS { 20_000 } else { 300 }) {
            break stream;
        }
        served.push(stream);
        assert!(served.len() <= CONNECTIONS + 16, "there is no limit");
    };
    assert!(served.len() >= CONNECTIONS, "only {} are served", served.len());
    served.truncate(CONNECTIONS / 2);
    assert!(answered(&waiting, 20_000), "it is served once others have gone");
}

#[test]
fn a_body_of_a_mebibyte_is_read_and_one_byte_more_is_not() {
    let server = Served::start(&["--target", NOBODY]);
    let kind = [("content-type", "application/json")];
    for (size, status) in [(1 << 20, 400), ((1 << 20) + 1, 413)] {
        for path in ["/api/v1/accounts", "/waitwhile/v2/visits"] {
            let status = if path.starts_with("/api") || status == 413 { status } else { 401 };
            let answer = request(server.authority(), "POST", path, &kind, &vec![b' '; size]);
            answer.expect("an answer").expect(status);
        }
    }
}

#[test]
fn a_head_that_is_too_large_is_431_and_the_next_request_is_answered() {
    let server = Served::start(&["--target", NOBODY]);
    let long = "x".repeat(200_000);
    let many: Vec<(&str, &str)> = vec![("x", "y"); 500];
    for headers in [&[("x", long.as_str())][..], &many] {
        let mut stream = TcpStream::connect(server.authority()).expect("it listens");
        let mut head = "GET /api/v1/health HTTP/1.1\r\nhost: localhost\r\n".to_owned();
        headers.iter().for_each(|(name, value)| head += &format!("{name}: {value}\r\n"));
        // It may be closed before everything is sent.
        let _ = stream.write_all((head + "\r\n").as_bytes());
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).expect("an answer");
        assert!(line.starts_with("HTTP/1.1 431 "), "{line}");
    }
    ask(&server, "GET", "/health", None).expect(200);
}

#[test]
fn deliveries_that_are_over_are_kept_up_to_the_limit_and_stay_in_the_journal() {
    let hooks = Hooks::start(|| {});
    let server = Served::start(&["--keep", "3", "--target", &hooks.url]);
    for number in 0..8 {
        say(&server, "ombori", &format!("Guest{number} takes a walk-in ticket"));
    }
    let kept = read(&server, "ombori/deliveries");
    let kept: Vec<&Json> =
        kept["items"].as_array().expect("a list").iter().map(|one| &one["id"]).collect();
    assert_eq!(kept, [5, 6, 7]);
    assert_eq!(read(&server, "ombori/deliveries/0")["ended"]["outcome"], "accepted");
    tell(&server, 404, ("POST", "ombori/deliveries/0/repeat"), None);
    tell(&server, 202, ("POST", "ombori/deliveries/7/repeat"), None);
}

#[test]
fn so_many_requests_are_under_way_and_the_others_wait_in_line() {
    let open = Arc::new((Mutex::new(false), Condvar::new()));
    let gate = Arc::clone(&open);
    let hooks = Hooks::start(move || {
        let closed = gate.0.lock().expect("no visit panics");
        drop(gate.1.wait_while(closed, |open| !*open).expect("no visit panics"));
    });
    let server = Served::start(&["--target", &hooks.url]);
    let total = REQUESTS + 20;
    for number in 0..total {
        let phrase = json!({ "phrase": format!("Guest{number} takes a walk-in ticket") });
        tell(&server, 200, ("POST", "ombori/actions"), Some(phrase));
    }
    until("requests are under way", || hooks.count() == REQUESTS);
    assert_eq!(read(&server, "ombori/clock")["in_flight"], REQUESTS);
    let list = read(&server, "ombori/deliveries?state=open&limit=500");
    assert_eq!(list["items"].as_array().map(Vec::len), Some(total));
    *open.0.lock().expect("no visit panics") = true;
    open.1.notify_all();
    until("all are delivered", || {
        let over = read(&server, "ombori/deliveries?outcome=accepted&limit=500");
        over["items"].as_array().map(Vec::len) == Some(total)
    });
    assert_eq!(hooks.count(), total);
}
