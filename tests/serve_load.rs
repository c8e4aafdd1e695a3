//! The server under load: many accounts, a receiver that calls back, slow readers of events.

#[path = "common/served.rs"]
mod served;

use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use served::Served;

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
    let begun = Instant::now();
    let status = server.stop();
    assert!(status.success(), "{status}: {}", server.stderr());
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    assert_eq!(events.next(), None);
    drop((idle, used));
}
