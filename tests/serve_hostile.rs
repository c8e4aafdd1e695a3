//! Ten thousand hostile requests. None makes the server panic or keeps it from serving honest
//! clients.

#[path = "common/served.rs"]
mod served;

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::Mutex;
use std::time::Duration;

use standin::clock::Stopwatch;

use served::Served;
use standin::chance::Chance;

const REQUESTS: usize = 10_000;
const CLIENTS: usize = 8;
/// The server's own deadlines are 10 s for a head and 20 s for a body.
const ENDS_WITHIN: Duration = Duration::from_secs(35);

/// Stands for a connection that ends without an answer.
const NOTHING: u16 = 0;

/// Sends bytes, closes the writing half, and returns every status until the connection ends.
fn exchange(authority: &str, bytes: &[u8]) -> Vec<u16> {
    let mut stream = TcpStream::connect(authority).expect("it listens");
    // The server may answer and close before it has read everything.
    let _ = stream.write_all(bytes);
    let _ = stream.shutdown(Shutdown::Write);
    statuses(stream)
}

fn statuses(mut stream: TcpStream) -> Vec<u16> {
    stream.set_read_timeout(Some(ENDS_WITHIN)).expect("a socket");
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    let kind = read.err().map(|error| error.kind());
    let hangs = matches!(kind, Some(ErrorKind::WouldBlock | ErrorKind::TimedOut));
    assert!(!hangs, "the connection never ends: {}", String::from_utf8_lossy(&answer));
    let text = String::from_utf8_lossy(&answer).into_owned();
    let heads = text.split("HTTP/1.1 ").skip(1);
    let mut found: Vec<u16> = heads.filter_map(|head| head.get(..3)?.parse().ok()).collect();
    if found.is_empty() {
        found.push(NOTHING);
    }
    found
}

/// A kind of hostile request: a name, the accepted statuses, and a function that makes one. A
/// connection may end without an answer if the bytes are not a request, or if the server does not
/// read all of them: the reset can overtake its answer.
type Kind = (&'static str, &'static [u16], fn(&mut Chance) -> Vec<u8>);

const ACTIONS: &str = "/api/v1/accounts/ombori/actions";

const KINDS: &[Kind] = &[
    ("noise", &[400, NOTHING], |chance| {
        let mut bytes: Vec<u8> = (0..chance.between(1, 300)).map(|_| byte(chance)).collect();
        bytes.extend(b"\r\n\r\n");
        bytes
    }),
    ("a cut head", &[400, 408, NOTHING], |chance| {
        let head = get("/api/v1/health", "accept: */*\r\n");
        head[..chance.between(1, head.len() as u64 - 1) as usize].to_vec()
    }),
    ("a huge header", &[431, NOTHING], |chance| {
        let size = chance.between(140_000, 300_000) as usize;
        get("/api/v1/health", &format!("x: {}\r\n", "a".repeat(size)))
    }),
    ("many headers", &[431, NOTHING], |chance| {
        get("/api/v1/health", &"x: y\r\n".repeat(chance.between(200, 2_000) as usize))
    }),
    ("a bad method", &[400, 405], |chance| {
        let method = pick(chance, &["BREW", "TRACE", "OPTIONS", "PATCH", "get", "PROPFIND", "G@T"]);
        raw(&format!("{method} /api/v1/accounts"), "", "")
    }),
    ("a strange target", &[400, 403, 404], |chance| {
        let targets = &[
            "GET http://evil.example.test/api/v2/health",
            "CONNECT 127.0.0.1:22",
            "GET *",
            "GET //api/v1/health",
            "GET /api/v1/../../etc/passwd",
            "GET /api/v1/accounts/..%2f..%2fetc%2fpasswd",
            "GET /api/v1/accounts/%00",
            "GET /api/v1/accounts/%ff%fe",
            "GET /api/v1/accounts/%",
            "GET /api/v1/accounts//clock",
            "GET /api/v1health",
            "GET \\api\\v1\\health",
        ];
        raw(pick(chance, targets), "", "")
    }),
    ("a web page elsewhere", &[403], |chance| {
        let headers = &[
            "origin: http://evil.example.test\r\n",
            "origin: null\r\n",
            "sec-fetch-site: cross-site\r\n",
            "sec-fetch-site: same-site\r\n",
        ];
        get("/api/v1/accounts", pick(chance, headers))
    }),
    ("another host", &[400, 403], |chance| {
        let host =
            pick(chance, &["evil.example.test", "127.0.0.1.evil.test", "", "[::2]", "@", "a b"]);
        format!("GET /api/v1/accounts HTTP/1.1\r\nhost: {host}\r\n\r\n").into_bytes()
    }),
    ("chunked garbage", &[400], |chance| {
        let chunks =
            &["zz\r\nabc\r\n", "-1\r\n\r\n", "ffffffffffffffffff\r\na", "5\r\nab", "5;\0\r\n"];
        let headers = "content-type: application/json\r\ntransfer-encoding: chunked\r\n";
        raw(&format!("POST {ACTIONS}"), headers, pick(chance, chunks))
    }),
    ("a lie about the length", &[400, 408, 413, NOTHING], |chance| {
        let length =
            pick(chance, &["-1", "99", "1e3", "18446744073709551616", "1, 2", "0x10", "+5"]);
        let headers = format!("content-type: application/json\r\ncontent-length: {length}\r\n");
        raw(&format!("POST {ACTIONS}"), &headers, "{}")
    }),
    ("both lengths", &[400], |_| {
        let headers = "content-length: 2\r\ntransfer-encoding: chunked\r\n";
        raw(&format!("POST {ACTIONS}"), headers, "0\r\n\r\n")
    }),
    ("pipelined requests", &[200, 404, 405], |chance| {
        let one =
            [get("/api/v1/health", ""), get("/nothing", ""), raw("PUT /api/v1/health", "", "")];
        one.concat().repeat(chance.between(2, 20) as usize)
    }),
    ("deep JSON", &[400], |chance| {
        let depth = chance.between(200, 50_000) as usize;
        json(&format!(r#"{{"phrase":{}"#, pick(chance, &["[", r#"{"a":"#]).repeat(depth)))
    }),
    ("invalid UTF-8", &[400], |_| {
        let mut bytes = json(r#"{"phrase":"????"}"#);
        let place = bytes.len() - 6;
        bytes[place..place + 4].copy_from_slice(b"\xff\xfe\xc0\x80");
        bytes
    }),
    ("giant numbers", &[400], |chance| {
        let digits = "9".repeat(chance.between(30, 5_000) as usize);
        let number = format!("{}{digits}", pick(chance, &["1e999999", "-1", "1.5", ""]));
        post("/api/v1/accounts", &format!(r#"{{"name":"x","vendor":"doo","seed":{number}}}"#))
    }),
    ("an array instead of an object", &[400], |chance| {
        let path = pick(chance, &["accounts", "accounts/ombori/dead-letters/send"]);
        post(&format!("/api/v1/{path}"), pick(chance, &["[]", " [\"Anna\"]", "[null, 1]"]))
    }),
    ("a strange phrase", &[400, 422], |chance| {
        let text: String = (0..chance.between(0, 400)).map(|_| byte(chance) as char).collect();
        json(&serde_json::json!({ "phrase": text }).to_string())
    }),
    ("another type", &[415], |_| raw(&format!("POST {ACTIONS}"), "content-length: 2\r\n", "{}")),
    ("a strange query", &[400, 422], |chance| {
        let queries =
            &["limit=0", "limit=-1", "limit=1e9", "cursor=%ff", "cursor=AAAA", "x=1", "limit"];
        get(&format!("/api/v1/accounts/ombori/subjects?{}", pick(chance, queries)), "")
    }),
    ("the vendors' APIs", &[400, 401, 403, 404, 405, 413, 422], |chance| {
        let path = pick(chance, &["/doo/v1/orders", "/doo/v1/oauth", "/doo/v1", "/doo/v1/%ff/%00"]);
        let body = "[".repeat(chance.between(1, 20_000) as usize);
        post(path, &body)
    }),
];

fn byte(chance: &mut Chance) -> u8 {
    chance.between(0, 255) as u8
}

fn pick(chance: &mut Chance, from: &[&'static str]) -> &'static str {
    from[chance.between(0, from.len() as u64 - 1) as usize]
}

fn raw(line: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("{line} HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n{body}").into_bytes()
}

fn get(path: &str, headers: &str) -> Vec<u8> {
    raw(&format!("GET {path}"), headers, "")
}

fn post(path: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    let headers = format!("content-type: application/json\r\ncontent-length: {length}\r\n");
    raw(&format!("POST {path}"), &headers, body)
}

fn json(body: &str) -> Vec<u8> {
    post(ACTIONS, body)
}

#[test]
fn ten_thousand_hostile_requests_are_refused_and_honest_ones_are_answered() {
    let server = Served::start(&["--target", "http://127.0.0.1:9"]);
    let authority = server.authority();
    let seen = Mutex::new(BTreeMap::<&str, BTreeMap<u16, usize>>::new());
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (seen, server) = (&seen, &server);
            scope.spawn(move || {
                let mut chance = Chance::from_seed(client as u64).child("hostile");
                for number in 0..REQUESTS / CLIENTS {
                    let (name, _, make) = KINDS[number % KINDS.len()];
                    let found = exchange(authority, &make(&mut chance));
                    let mut seen = seen.lock().expect("no client panics");
                    for status in found {
                        *seen.entry(name).or_default().entry(status).or_default() += 1;
                    }
                    drop(seen);
                    if number % 50 == 0 {
                        server.get("/api/v1/accounts/ombori").expect(200);
                    }
                }
            });
        }
        scope.spawn(|| slow(authority));
        scope.spawn(|| too_large(authority));
    });
    let seen = seen.into_inner().expect("no client panics");
    let wrong = KINDS.iter().flat_map(|(name, right, _)| {
        let found = seen[name].iter().filter(|(status, _)| !right.contains(status));
        found.map(move |(status, count)| format!("{name}: {status}, {count} times"))
    });
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{wrong:#?}\n{seen:#?}");
    for name in ["a huge header", "many headers"] {
        assert!(seen[name].contains_key(&431), "{name}: {:?}", seen[name]);
    }
    let said = server.stderr();
    assert!(!said.contains("panicked"), "{said}");
    server.get("/api/v1/ready").expect(200);
    server.post(ACTIONS, serde_json::json!({"phrase": "Anna takes a walk-in ticket"})).expect(200);
}

/// The server ends a head, a body and a connection that stop half-way.
fn slow(authority: &str) {
    let open = |bytes: &[u8]| {
        let mut stream = TcpStream::connect(authority).expect("it listens");
        stream.write_all(bytes).expect("it is sent");
        stream
    };
    let begun = Stopwatch::start();
    let head = open(b"GET /api/v1/health HTTP/1.1\r\nhost: localh");
    let whole = json("{}");
    let body = open(&whole[..whole.len() - 1]);
    let silent = open(b"");
    assert_eq!(statuses(head), [408]);
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    assert!([NOTHING, 408].contains(&statuses(silent)[0]));
    assert_eq!(statuses(body), [408]);
}

/// Two megabytes are more than the limit for a body.
fn too_large(authority: &str) {
    for _ in 0..20 {
        let found = exchange(authority, &json(&" ".repeat(2 << 20)));
        assert!(found == [413] || found == [NOTHING], "{found:?}");
    }
}
