//! What becomes of each kind of reply.

use std::io::Write;
use std::time::Duration;

use standin_wire::{Failure, Malformed};

use crate::server::{Gate, Server, read_request, reset};
use crate::work::{Outcome, Requests, config, kinds, run};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// The results of `count` requests on one connection, the same for both engines, and how often it connected.
fn all(server: impl Fn() -> Server, count: usize) -> (Vec<Outcome>, usize) {
    let mut found = Vec::new();
    for wanted in kinds() {
        let server = server();
        let (_, work) = run(config(server.address, wanted), Requests::new(count));
        found.push((work.results(), server.connections()));
    }
    let first = found.remove(0);
    assert!(found.iter().all(|other| *other == first), "the engines differ: {first:?} {found:?}");
    first
}

fn body(outcome: &Outcome) -> &str {
    &outcome.as_ref().expect("a reply").body
}

fn statuses(outcomes: &[Outcome]) -> Vec<u16> {
    outcomes.iter().map(|outcome| outcome.as_ref().expect("a reply").status).collect()
}

#[test]
fn many_requests_use_one_connection() {
    let (outcomes, connections) = all(|| Server::answering(OK), 50);
    assert!(outcomes.iter().all(|outcome| body(outcome) == "ok"));
    assert_eq!((outcomes.len(), connections), (50, 1));
}

#[test]
fn chunks_trailers_and_interim_replies_are_read_over() {
    let reply = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n\
        HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n!\r\n0\r\nEtag: x\r\n\r\n";
    let (outcomes, connections) = all(|| Server::answering(reply), 3);
    assert!(outcomes.iter().all(|outcome| body(outcome) == "hello!"));
    assert_eq!(connections, 1);
}

#[test]
fn a_reply_may_come_byte_by_byte() {
    let reply =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nA: b\r\n\r\n";
    let server = move || {
        Server::start(move |_, mut stream| {
            stream.set_nodelay(true).unwrap();
            while read_request(&mut stream).is_some() {
                for byte in reply.as_bytes().chunks(1) {
                    stream.write_all(byte).unwrap();
                }
            }
        })
    };
    let (outcomes, connections) = all(server, 5);
    assert!(outcomes.iter().all(|outcome| body(outcome) == "abc"));
    assert_eq!(connections, 1);
}

#[test]
fn replies_without_body_keep_their_connection() {
    let reply = "HTTP/1.1 204 No Content\r\n\r\n";
    let (outcomes, connections) = all(|| Server::answering(reply), 3);
    assert_eq!((statuses(&outcomes), connections), (vec![204; 3], 1));
    let reply = "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n";
    let (outcomes, connections) = all(|| Server::answering(reply), 3);
    assert_eq!((statuses(&outcomes), connections), (vec![304; 3], 1));
}

#[test]
fn replies_that_end_their_connection_cost_a_new_one_each() {
    for reply in [
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok",
    ] {
        let (outcomes, _) = all_ignoring_connections(|| Server::answering_once(reply), 4);
        assert!(outcomes.iter().all(|outcome| body(outcome) == "ok"), "{reply:?}");
    }
}

/// Whether the connection after the last reply is still accepted is a matter of time.
fn all_ignoring_connections(server: impl Fn() -> Server, count: usize) -> (Vec<Outcome>, ()) {
    let mut found: Vec<Vec<Outcome>> = Vec::new();
    for wanted in kinds() {
        let server = server();
        let (_, work) = run(config(server.address, wanted), Requests::new(count));
        assert!(server.connections() >= count.min(work.results().len()));
        found.push(work.results());
    }
    let first = found.remove(0);
    assert!(found.iter().all(|other| *other == first), "the engines differ: {first:?} {found:?}");
    (first, ())
}

#[test]
fn keep_alive_of_an_old_version_is_believed() {
    let reply = "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok";
    let (outcomes, connections) = all(|| Server::answering(reply), 4);
    assert_eq!((outcomes.len(), connections), (4, 1));
}

#[test]
fn bytes_after_a_reply_close_its_connection_and_are_counted() {
    for wanted in kinds() {
        let server = Server::answering(format!("{OK}HTTP/1.1 500 Smuggled\r\n\r\n"));
        let (engine, work) = run(config(server.address, wanted), Requests::new(3));
        assert_eq!(statuses(&work.results()), [200; 3]);
        assert_eq!(engine.counters().surplus, 3);
        // After the last reply the loop may have connected once more before it was told that there is no more.
        assert!((3..=4).contains(&engine.counters().connects));
    }
}

#[test]
fn a_long_body_is_cut() {
    let long = "x".repeat(5000);
    let announced = format!("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{long}");
    let (outcomes, ()) = all_ignoring_connections(|| Server::answering(announced.as_str()), 2);
    for outcome in outcomes {
        let answer = outcome.expect("a reply");
        assert!(answer.cut);
        assert_eq!(answer.body.len(), 1000);
    }
}

#[test]
fn an_endless_body_is_cut_at_once() {
    let server = || {
        Server::start(|_, mut stream| {
            read_request(&mut stream);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
            while stream.write_all(&[b'x'; 65536]).is_ok() {}
        })
    };
    let (outcomes, ()) = all_ignoring_connections(server, 3);
    assert!(outcomes.into_iter().all(|outcome| outcome.expect("a reply").cut));
}

#[test]
fn an_endless_head_is_too_large() {
    let server = || {
        Server::start(|_, mut stream| {
            read_request(&mut stream);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
            while stream.write_all(b"X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n").is_ok()
            {
            }
        })
    };
    let (outcomes, ()) = all_ignoring_connections(server, 2);
    assert_eq!(outcomes, vec![Err(Failure::TooLarge); 2]);
}

#[test]
fn what_is_not_http_is_said() {
    let cases: &[(&[u8], Malformed)] = &[
        (b"SSH-2.0-OpenSSH_9.2\r\n", Malformed::Protocol),
        (b"\x15\x03\x01\x00\x02\x02\x46", Malformed::Protocol),
        (b"HTTP/2.0 200 OK\r\n\r\n", Malformed::Protocol),
        (b"HTTP/1.1 200 OK\r\nnot a header\r\n\r\n", Malformed::Head),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            Malformed::ContentLength,
        ),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", Malformed::Chunk),
        (
            b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            Malformed::TransferEncoding,
        ),
    ];
    for (reply, malformed) in cases {
        let (outcomes, ()) = all_ignoring_connections(|| Server::answering(*reply), 2);
        assert_eq!(outcomes, vec![Err(Failure::NotHttp(*malformed)); 2]);
    }
}

#[test]
fn a_close_is_told_apart_by_when_it_comes() {
    let (outcomes, ()) = all_ignoring_connections(|| Server::answering_once(""), 2);
    assert_eq!(outcomes, vec![Err(Failure::ClosedBeforeReply); 2]);
    for part in [
        "HTTP/1.1 200 OK\r\nConte",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
    ] {
        let (outcomes, ()) = all_ignoring_connections(|| Server::answering_once(part), 2);
        assert_eq!(outcomes, vec![Err(Failure::ClosedInReply); 2], "{part:?}");
    }
}

#[test]
fn a_reset_is_a_reset() {
    for part in ["", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"] {
        let server = move || {
            Server::start(move |_, mut stream| {
                read_request(&mut stream);
                let _ = stream.write_all(part.as_bytes());
                reset(stream);
            })
        };
        let (outcomes, ()) = all_ignoring_connections(server, 3);
        assert_eq!(outcomes, vec![Err(Failure::Reset); 3]);
    }
}

#[test]
fn a_silent_receiver_times_out() {
    for reply in ["", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe", "HTTP/1.1 200 O"] {
        for wanted in kinds() {
            let server = Server::answering(reply);
            let mut config = config(server.address, wanted);
            config.request_timeout = Duration::from_millis(100);
            let (_, work) = run(config, Requests::new(2));
            assert_eq!(work.results(), vec![Err(Failure::TimedOut); 2]);
        }
    }
}

#[test]
fn a_reply_that_drips_times_out_all_the_same() {
    for wanted in kinds() {
        let server = Server::start(|_, mut stream| {
            read_request(&mut stream);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nX: ");
            // A byte whenever nothing was heard for a moment.
            let _ = stream.set_read_timeout(Some(Duration::from_millis(5)));
            while stream.write_all(b"y").is_ok() {
                let mut byte = [0];
                if matches!(std::io::Read::read(&mut stream, &mut byte), Ok(0)) {
                    return;
                }
            }
        });
        let mut config = config(server.address, wanted);
        config.request_timeout = Duration::from_millis(150);
        let (_, work) = run(config, Requests::new(1));
        assert_eq!(work.results(), vec![Err(Failure::TimedOut)]);
    }
}

#[test]
fn an_early_answer_is_taken_and_its_connection_closed() {
    for wanted in kinds() {
        let (open, gate) = Gate::new();
        let server = Server::start(move |_, mut stream| {
            // Answers and reads nothing of a request that no buffer can hold.
            let _ = stream.write_all(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
            gate.wait();
        });
        let (engine, work) =
            run(config(server.address, wanted), Requests { body: 64 << 20, ..Requests::new(3) });
        drop(open);
        for outcome in work.results() {
            let answer = outcome.expect("an answer");
            assert!(answer.status == 413 && answer.early);
        }
        assert_eq!(engine.counters().early, 3);
    }
}

#[test]
fn a_request_that_no_buffer_holds_is_sent_in_pieces() {
    for wanted in kinds() {
        let size = 16 << 20;
        let server = Server::start(move |_, mut stream| {
            while let Some(body) = read_request(&mut stream) {
                assert!(body.len() == size && body.iter().all(|byte| *byte == b'b'));
                let _ = stream.write_all(OK.as_bytes());
            }
        });
        let (engine, work) =
            run(config(server.address, wanted), Requests { body: size, ..Requests::new(3) });
        assert!(work.results().iter().all(|outcome| body(outcome) == "ok"));
        assert_eq!(engine.counters().connects, 1);
        assert!(work.results().iter().all(|outcome| !outcome.as_ref().unwrap().early));
    }
}
