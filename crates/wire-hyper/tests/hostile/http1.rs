//! HTTP/1.1, with and without TLS.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use standin_wire::{Failure, Malformed};
use standin_wire_hyper::{Config, Engine, Protocol};
use tokio::io::AsyncWriteExt as _;

use crate::certificates::Authority;
use crate::server::{Server, answer_all, drain, read_request};
use crate::work::{End, Requests, config, results, run, speaking};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nRetry-After: 7\r\ncontent-length: 2\r\n\r\n{}";

/// Answers every request on plain connections with these bytes.
fn answering(bytes: &'static [u8]) -> Server {
    Server::start(move |_, stream| answer_all(stream, bytes))
}

/// Answers one request on each connection with these bytes, and closes.
fn answering_once(bytes: &'static [u8]) -> Server {
    Server::start(move |_, mut stream| async move {
        if read_request(&mut stream).await.is_some() {
            let _ = stream.write_all(bytes).await;
            let _ = stream.shutdown().await;
            drain(&mut stream).await;
        }
    })
}

/// Each reply has ended its connection. The next one is made before anyone knows that it is not needed.
fn assert_closed_each_time(server: &Server, replies: usize) {
    let connections = server.connections();
    assert!((replies..=replies + 1).contains(&connections), "{connections}");
}

#[test]
fn a_connection_carries_all_requests_with_tls_and_without() {
    let authority = Authority::new();
    let plain = answering(OK);
    let tls = Server::over_tls(authority.server(&["http/1.1"]), |_, stream| answer_all(stream, OK));
    let old = Server::over_tls(authority.server(&[]), |_, stream| answer_all(stream, OK));
    for (server, security) in [
        (&plain, None),
        (&tls, Some(authority.trusted("127.0.0.1"))),
        (&old, Some(authority.trusted("127.0.0.1"))),
    ] {
        let config = speaking(Protocol::Http1, security, server.address);
        let (engine, work) = run(config, Requests::new(50));
        for result in work.results() {
            let answer = result.expect("a reply");
            assert_eq!((answer.status, answer.body.as_str(), answer.cut), (200, "{}", false));
            assert!(answer.head.starts_with("HTTP/1.1 200\r\n"), "{}", answer.head);
            assert!(answer.head.contains("retry-after: 7\r\n"), "{}", answer.head);
        }
        assert_eq!((engine.counters().connects, server.connections()), (1, 1));
    }
}

#[test]
fn the_request_arrives_as_the_work_wrote_it() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sees = Arc::clone(&seen);
    let server = Server::start(move |_, mut stream| {
        let sees = Arc::clone(&sees);
        async move {
            while let Some(request) = read_request(&mut stream).await {
                sees.lock().expect("no panic").push(request);
                let _ = stream.write_all(OK).await;
            }
        }
    });
    results(config(server.address), 2);
    let expected = "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nbbbbbbbbbb";
    assert_eq!(*seen.lock().expect("no panic"), [expected, expected]);
}

#[test]
fn replies_of_every_form_are_read() {
    for (bytes, status, body) in [
        (&b"HTTP/1.1 204 No\r\n\r\n"[..], 204, ""),
        (b"HTTP/1.1 503 No\r\ncontent-length: 3\r\n\r\nabc", 503, "abc"),
        (
            b"HTTP/1.1 103 Early\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            200,
            "{}",
        ),
    ] {
        let server = answering(bytes);
        for result in results(config(server.address), 3) {
            let answer = result.expect("a reply");
            assert_eq!((answer.status, answer.body.as_str()), (status, body));
        }
        assert_eq!(server.connections(), 1);
    }
    for bytes in [
        &b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}"[..],
        b"HTTP/1.0 200 OK\r\n\r\n{}",
    ] {
        let server = answering_once(bytes);
        let results = results(config(server.address), 3);
        assert!(results.iter().all(|one| one.as_ref().is_ok_and(|reply| reply.body == "{}")));
        assert_closed_each_time(&server, 3);
    }
}

#[test]
fn a_long_reply_is_cut_and_ends_its_connection() {
    let server = Server::start(|_, mut stream| async move {
        let mut long = b"HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n".to_vec();
        long.extend([b'x'; 5000]);
        while read_request(&mut stream).await.is_some() {
            let _ = stream.write_all(&long).await;
        }
    });
    for result in results(config(server.address), 3) {
        let answer = result.expect("a reply");
        assert_eq!((answer.cut, answer.body.len()), (true, 1000));
    }
    assert_closed_each_time(&server, 3);
}

#[test]
fn what_is_no_reply_is_a_failure_of_one_request() {
    let head: &'static [u8] = Box::leak(
        format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "y".repeat(300_000)).into_bytes().into(),
    );
    for (bytes, expected) in [
        (&b""[..], Failure::ClosedBeforeReply),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc", Failure::ClosedInReply),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n",
            Failure::ClosedInReply,
        ),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
            Failure::NotHttp(Malformed::Chunk),
        ),
        (b"NOT HTTP AT ALL\r\n\r\n", Failure::NotHttp(Malformed::Head)),
        (
            b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
            Failure::NotHttp(Malformed::Head),
        ),
        (head, Failure::TooLarge),
    ] {
        let server = answering_once(bytes);
        let results = results(config(server.address), 3);
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]);
        assert!(results == vec![Err(expected); 3], "{shown}: {:.200}", format!("{results:?}"));
    }
}

#[test]
fn a_reset_in_the_middle_of_a_reply_is_told_as_one() {
    let server = Server::start(|_, mut stream| async move {
        if read_request(&mut stream).await.is_some() {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc").await;
            let _ = stream.set_zero_linger();
        }
    });
    assert_eq!(results(config(server.address), 2), vec![Err(Failure::Reset); 2]);
}

#[test]
fn bytes_that_nobody_asked_for_end_the_connection_and_no_request() {
    let server =
        answering(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\n\r\n");
    let results = results(config(server.address), 5);
    assert!(
        results.iter().all(|one| one.as_ref().is_ok_and(|reply| reply.body == "{}")),
        "{results:?}"
    );
    assert_closed_each_time(&server, 5);
}

#[test]
fn who_accepts_and_closes_is_not_asked_in_a_tight_loop() {
    let server = Server::start(|_, stream| async move { drop(stream) });
    let results = results(config(server.address), 8);
    assert!(results.iter().all(Result::is_err), "{results:?}");
    assert!(server.connections() < 40, "{} connections", server.connections());
}

#[test]
fn silence_ends_in_a_time_out() {
    let server = Server::start(|_, mut stream| async move { drain(&mut stream).await });
    let config = Config { request_timeout: Duration::from_millis(30), ..config(server.address) };
    assert_eq!(results(config, 3), vec![Err(Failure::TimedOut); 3]);
}

#[test]
fn nobody_listening_is_told_for_each_request() {
    let address = answering(OK).address;
    let (engine, work) = run(config(address), Requests::new(3));
    assert_eq!(work.results(), vec![Err(Failure::Refused); 3]);
    assert_eq!(engine.counters().connects, 0);
    assert!(engine.counters().failed_connects >= 3);
}

#[test]
fn a_run_ends_when_it_is_told_to() {
    let server = Server::start(|_, mut stream| async move { drain(&mut stream).await });
    for (end, within) in [(End::Abort, 10_000), (End::Finish, 50)] {
        let config = Config {
            connections: 3,
            request_timeout: Duration::from_millis(within),
            ..config(server.address)
        };
        let mut engine = Engine::new(config).expect("an engine");
        let mut work = Requests::new(100).stopping_after(3, engine.stop(), end);
        engine.run(&mut work);
        work.assert_complete();
        let expected = if end == End::Abort { Failure::Aborted } else { Failure::TimedOut };
        let results = work.results();
        assert!(results.iter().filter(|one| **one == Err(expected)).count() >= 3, "{results:?}");
        assert!(results.len() < 100, "no new requests");
    }
}
