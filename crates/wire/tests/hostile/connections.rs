//! What becomes of connections: refused, slow, closed while idle, lost and opened again.

use std::io::Write;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use standin_wire::{Engine, Failure, Next, Reply, Work};

use crate::server::{Server, drain, read_request};
use crate::work::{Requests, config, kinds, run};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

#[test]
fn a_refused_connection_fails_its_request() {
    for wanted in kinds() {
        // A port that was ours a moment ago and that nobody listens on.
        let address = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
        let (engine, work) = run(config(address, wanted), Requests::new(3));
        assert_eq!(work.results(), vec![Err(Failure::Refused); 3]);
        // The first attempt was made before there was a request.
        assert_eq!(engine.counters().failed_connects, 4);
    }
}

#[test]
fn connecting_has_a_time_limit() {
    for wanted in kinds() {
        // Nobody accepts, and the queue for one is filled: the kernel drops further attempts.
        let listener = rustix::net::socket(
            rustix::net::AddressFamily::INET,
            rustix::net::SocketType::STREAM,
            None,
        )
        .unwrap();
        let any: std::net::SocketAddr = ([127, 0, 0, 1], 0).into();
        rustix::net::bind(&listener, &any).unwrap();
        rustix::net::listen(&listener, 0).unwrap();
        let listener = TcpListener::from(listener);
        let address = listener.local_addr().unwrap();
        let fillers: Vec<_> = (0..4)
            .map(|_| std::net::TcpStream::connect_timeout(&address, Duration::from_millis(50)))
            .collect();
        assert!(fillers.iter().any(Result::is_err), "the queue must be full");
        let mut config = config(address, wanted);
        config.connect_timeout = Duration::from_millis(50);
        let (_, work) = run(config, Requests::new(2));
        assert_eq!(work.results(), vec![Err(Failure::ConnectTimedOut); 2]);
    }
}

#[test]
fn a_receiver_that_comes_back_is_found_again() {
    for wanted in kinds() {
        let server = Server::start(|number, mut stream| {
            // The first three connections are closed without an answer.
            while read_request(&mut stream).is_some() && number >= 3 {
                stream.write_all(OK).unwrap();
            }
        });
        let (engine, work) = run(config(server.address, wanted), Requests::new(8));
        let closed =
            work.results().iter().filter(|r| **r == Err(Failure::ClosedBeforeReply)).count();
        let replies = work.results().iter().filter(|r| r.is_ok()).count();
        assert_eq!((closed, replies), (3, 5));
        assert_eq!(engine.counters().connects, 4);
    }
}

#[test]
fn a_request_is_never_sent_twice() {
    for wanted in kinds() {
        let requests = Arc::new(AtomicUsize::new(0));
        let count = requests.clone();
        let server = Server::start(move |_, mut stream| {
            // Every second request is read and never answered.
            while read_request(&mut stream).is_some() {
                if count.fetch_add(1, Ordering::SeqCst) % 2 == 1 {
                    return;
                }
                stream.write_all(OK).unwrap();
            }
        });
        let (_, work) = run(config(server.address, wanted), Requests::new(20));
        assert_eq!(requests.load(Ordering::SeqCst), 20);
        assert_eq!(work.results().iter().filter(|r| r.is_ok()).count(), 10);
    }
}

/// Sends one request, waits until the receiver has closed, and sends another.
struct Patient {
    sent: usize,
    closed: Arc<AtomicUsize>,
    replies: usize,
}

impl Work for Patient {
    fn next(&mut self, _: usize, _: Instant, buffer: &mut Vec<u8>) -> Next {
        match self.sent {
            2 => return Next::Finished,
            1 if self.closed.load(Ordering::SeqCst) == 0 => return Next::Idle,
            _ => {}
        }
        self.sent += 1;
        buffer.clear();
        buffer.extend_from_slice(b"POST / HTTP/1.1\r\ncontent-length: 0\r\n\r\n");
        Next::Send(0)
    }

    fn done(&mut self, _: usize, _: u64, result: Result<Reply<'_>, Failure>, _: Instant) {
        assert_eq!(result.map(|reply| reply.status), Ok(200));
        self.replies += 1;
    }
}

#[test]
fn a_connection_that_is_closed_while_idle_fails_no_request() {
    for wanted in kinds() {
        let closed = Arc::new(AtomicUsize::new(0));
        let count = closed.clone();
        let server = Server::start(move |number, mut stream| {
            if read_request(&mut stream).is_some() {
                stream.write_all(OK).unwrap();
            }
            if number == 0 {
                stream.shutdown(std::net::Shutdown::Write).unwrap();
                // The engine has seen the close when it closes too.
                drain(&mut stream);
                count.fetch_add(1, Ordering::SeqCst);
            } else {
                drain(&mut stream);
            }
        });
        let mut work = Patient { sent: 0, closed, replies: 0 };
        let mut engine = Engine::new(config(server.address, wanted)).unwrap();
        engine.run(&mut work).unwrap();
        assert_eq!(work.replies, 2);
        assert_eq!(engine.counters().idle_closes, 1);
        assert_eq!(engine.counters().connects, 2);
    }
}

#[test]
fn a_receiver_that_only_accepts_and_closes_does_not_make_the_loop_spin() {
    for wanted in kinds() {
        let server = Server::start(|_, stream| drop(stream));
        let engine = Engine::new(config(server.address, wanted)).unwrap();
        let stop = engine.stop();
        let work = Requests::new(usize::MAX).stopping_after(30, stop, crate::work::End::Finish);
        let mut engine = engine;
        let mut work = work;
        engine.run(&mut work).unwrap();
        work.assert_complete();
        // 300 ms with pauses of 1, 2, 4 … 256 ms.
        assert!(engine.counters().connects < 40, "{:?}", engine.counters());
    }
}

#[test]
fn many_connections_share_the_work() {
    for wanted in kinds() {
        let server = Server::answering(OK);
        let mut config = config(server.address, wanted);
        config.connections = 50;
        let (engine, work) = run(config, Requests::new(2000));
        assert!(work.results().iter().all(Result::is_ok));
        assert_eq!(engine.counters().connects as usize, server.connections());
        assert!(server.connections() <= 50);
    }
}

#[test]
fn large_replies_come_whole_though_all_connections_want_buffers() {
    // Far more than the kernel has buffers for, and no two bytes near each other alike.
    let body: String = (0..100_000).map(|number| format!("{number:06} ")).collect();
    let reply = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    for wanted in kinds() {
        let server = Server::answering(reply.as_str());
        let mut config = config(server.address, wanted);
        config.connections = 6;
        config.largest_reply = 1 << 20;
        let (engine, work) = run(config, Requests::new(30));
        for outcome in work.results() {
            assert!(outcome.expect("a reply").body == body, "the body must come as it was sent");
        }
        assert!(engine.counters().connects <= 6);
    }
}

#[test]
fn mixed_receivers_leave_every_request_with_one_result() {
    for wanted in kinds() {
        let server = Server::start(|number, mut stream| {
            let replies: [&[u8]; 6] = [
                OK,
                b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
                b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabc",
                b"garbage",
                b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
            ];
            let mut at = number;
            while read_request(&mut stream).is_some() {
                at += 1;
                let _ = stream.write_all(replies[at % replies.len()]);
                if at % 11 == 0 {
                    return;
                }
            }
        });
        let mut config = config(server.address, wanted);
        config.connections = 16;
        config.request_timeout = Duration::from_millis(60);
        let (_, work) = run(config, Requests::new(400));
        assert_eq!(work.results().len(), 400);
    }
}

#[test]
fn random_bytes_are_always_classified() {
    for wanted in kinds() {
        let server = Server::start(|number, mut stream| {
            let mut state = number as u64 + 1;
            while read_request(&mut stream).is_some() {
                let mut reply = Vec::new();
                // A linear congruential generator: the same bytes for both engines and in each run.
                for _ in 0..200 {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    reply.push((state >> 33) as u8);
                }
                let starts: [&[u8]; 4] =
                    [b"", b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n"];
                let _ = stream.write_all(starts[number % 4]);
                let _ = stream.write_all(&reply);
                if number % 3 == 0 {
                    return;
                }
            }
        });
        let mut config = config(server.address, wanted);
        config.connections = 8;
        config.request_timeout = Duration::from_millis(60);
        let (_, work) = run(config, Requests::new(100));
        assert_eq!(work.results().len(), 100);
    }
}
