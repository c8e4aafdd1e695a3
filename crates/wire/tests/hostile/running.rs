//! The loop itself: when it asks, when it ends, and what may be done with it again.

use std::io::Write;
use std::time::{Duration, Instant};

use standin_wire::{Config, Engine, Failure, Kind, Next, Reply, Wanted, Work};

use crate::server::{Gate, Server, drain, read_request};
use crate::work::{End, Requests, config, kinds, run};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

#[test]
fn the_engine_says_which_one_it_is_and_why() {
    let address = ([127, 0, 0, 1], 1).into();
    let engine = Engine::new(Config { wanted: Wanted::Epoll, ..Config::new(address) }).unwrap();
    assert_eq!(engine.choice().kind, Kind::Epoll);
    assert_eq!(engine.choice().reason, "epoll was asked for");
    let engine = Engine::new(Config::new(address)).unwrap();
    assert!(engine.choice().reason.contains("io_uring"), "{}", engine.choice().reason);
}

#[test]
fn numbers_of_connections_that_make_no_sense_are_refused() {
    let address = ([127, 0, 0, 1], 1).into();
    for connections in [0, Config::MOST_CONNECTIONS + 1] {
        assert!(Engine::new(Config { connections, ..Config::new(address) }).is_err());
    }
}

#[test]
fn the_most_connections_are_possible() {
    for wanted in kinds() {
        let server = Server::answering(OK);
        let most =
            Config { connections: Config::MOST_CONNECTIONS, ..config(server.address, wanted) };
        assert!(Engine::new(most).is_ok());
    }
}

#[test]
fn limits_without_end_are_no_problem() {
    for wanted in kinds() {
        let server = Server::answering(OK);
        let config = Config {
            request_timeout: Duration::MAX,
            connect_timeout: Duration::MAX,
            largest_reply: usize::MAX,
            ..config(server.address, wanted)
        };
        let (_, work) = run(config, Requests::new(3));
        assert!(work.results().iter().all(Result::is_ok));
    }
}

#[test]
fn an_engine_can_run_again_on_its_open_connections() {
    for wanted in kinds() {
        let server = Server::answering(OK);
        let mut engine = Engine::new(config(server.address, wanted)).unwrap();
        for _ in 0..3 {
            let mut work = Requests::new(4);
            engine.run(&mut work).unwrap();
            assert!(work.results().iter().all(Result::is_ok));
        }
        assert_eq!(server.connections(), 1);
    }
}

#[test]
fn finishing_lets_requests_under_way_end() {
    for wanted in kinds() {
        let server = Server::start(|_, mut stream| {
            while read_request(&mut stream).is_some() {
                // Answers when nothing was heard for a while: later than the stop.
                let _ = stream.set_read_timeout(Some(Duration::from_millis(150)));
                drain(&mut stream);
                let _ = stream.write_all(OK);
                let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
            }
        });
        let mut config = config(server.address, wanted);
        config.connections = 4;
        let mut engine = Engine::new(config).unwrap();
        let stop = engine.stop();
        let mut work = Requests::new(usize::MAX).stopping_after(3, stop, End::Finish);
        engine.run(&mut work).unwrap();
        work.assert_complete();
        assert_eq!(work.results().len(), 4);
        assert!(work.results().iter().all(Result::is_ok));
    }
}

#[test]
fn aborting_reports_requests_under_way_at_once() {
    for wanted in kinds() {
        let server = Server::start(|_, mut stream| drain(&mut stream));
        let mut config = config(server.address, wanted);
        config.connections = 4;
        let mut engine = Engine::new(config).unwrap();
        let stop = engine.stop();
        let mut work = Requests::new(usize::MAX).stopping_after(3, stop, End::Abort);
        engine.run(&mut work).unwrap();
        work.assert_complete();
        assert_eq!(work.results(), vec![Err(Failure::Aborted); 4]);
    }
}

#[test]
fn a_request_that_is_larger_than_every_buffer_can_be_aborted() {
    for wanted in kinds() {
        // Accepts and never reads: most of the request stays here.
        let (open, gate) = Gate::new();
        let server = Server::start(move |_, _stream| gate.wait());
        let mut engine = Engine::new(config(server.address, wanted)).unwrap();
        let stop = engine.stop();
        let mut work = Requests { body: 64 << 20, ..Requests::new(usize::MAX) }.stopping_after(
            5,
            stop,
            End::Abort,
        );
        engine.run(&mut work).unwrap();
        drop(open);
        work.assert_complete();
        assert_eq!(work.results(), vec![Err(Failure::Aborted)]);
    }
}

#[test]
fn an_engine_may_be_dropped_with_everything_open() {
    for wanted in kinds() {
        let server = Server::answering(OK);
        for _ in 0..20 {
            let mut config = config(server.address, wanted);
            config.connections = 8;
            let mut engine = Engine::new(config).unwrap();
            engine.run(&mut Requests::new(20)).unwrap();
            drop(engine);
        }
    }
}

/// Panics in the middle of a run.
struct Panicking;

impl Work for Panicking {
    fn next(&mut self, _: usize, _: Instant, buffer: &mut Vec<u8>) -> Next {
        buffer.extend_from_slice(b"GET / HTTP/1.1\r\n\r\n");
        Next::Send(0)
    }

    fn done(&mut self, _: usize, _: u64, _: Result<Reply<'_>, Failure>, _: Instant) {
        panic!("on purpose");
    }
}

#[test]
fn a_panic_of_the_work_ends_the_engine_and_nothing_else() {
    for wanted in kinds() {
        let server = Server::answering(OK);
        let mut engine = Engine::new(config(server.address, wanted)).unwrap();
        let result =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| engine.run(&mut Panicking)));
        assert!(result.is_err());
        assert!(engine.run(&mut Requests::new(1)).is_err());
    }
}

/// Sends a request at each of some moments and notes when it was asked.
struct Punctual {
    moments: Vec<Duration>,
    begun: Option<Instant>,
    late: Vec<Duration>,
}

impl Work for Punctual {
    fn next(&mut self, _: usize, now: Instant, buffer: &mut Vec<u8>) -> Next {
        let begun = *self.begun.get_or_insert(now);
        let Some(moment) = self.moments.last() else { return Next::Finished };
        let at = begun + *moment;
        if now < at {
            return Next::WaitUntil(at);
        }
        self.late.push(now - at);
        self.moments.pop();
        buffer.clear();
        buffer.extend_from_slice(b"POST / HTTP/1.1\r\ncontent-length: 0\r\n\r\n");
        Next::Send(0)
    }

    fn done(&mut self, _: usize, _: u64, result: Result<Reply<'_>, Failure>, _: Instant) {
        assert!(result.is_ok());
    }
}

#[test]
fn a_connection_is_asked_again_when_it_wants_and_not_before() {
    for wanted in kinds() {
        let server = Server::answering(OK);
        let moments = (1..20).rev().map(|n| Duration::from_micros(2_300 * n)).collect();
        let mut work = Punctual { moments, begun: None, late: Vec::new() };
        let mut engine = Engine::new(config(server.address, wanted)).unwrap();
        engine.run(&mut work).unwrap();
        assert_eq!(work.late.len(), 19);
        // The best of many: others use this machine too.
        let best = work.late.iter().min().unwrap();
        assert!(*best < Duration::from_millis(1), "{best:?}");
    }
}

#[test]
fn latency_is_that_of_the_receiver() {
    for wanted in kinds() {
        let server = Server::start(|_, mut stream| {
            while read_request(&mut stream).is_some() {
                let _ = stream.set_read_timeout(Some(Duration::from_millis(30)));
                drain(&mut stream);
                let _ = stream.write_all(OK);
                let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
            }
        });
        let (_, work) = run(config(server.address, wanted), Requests::new(3));
        assert!(work.latest >= Duration::from_millis(25), "{:?}", work.latest);
    }
}

/// Leaves a gap in each request and fills all gaps of a turn at once.
struct Completing {
    left: usize,
    gaps: Vec<usize>,
    statuses: Vec<u16>,
}

const GAP: &[u8] = b"????";

impl Work for Completing {
    fn next(&mut self, connection: usize, _: Instant, buffer: &mut Vec<u8>) -> Next {
        if self.left == 0 {
            return Next::Finished;
        }
        self.left -= 1;
        buffer.clear();
        buffer.extend_from_slice(b"POST / HTTP/1.1\r\ncontent-length: 4\r\n\r\n");
        buffer.extend_from_slice(GAP);
        self.gaps.push(connection);
        Next::Prepare(0)
    }

    fn prepare(&mut self, requests: &mut dyn standin_wire::Requests) {
        assert!(!self.gaps.is_empty());
        for connection in self.gaps.drain(..) {
            let gap = requests.get(connection).len() - GAP.len();
            requests.get_mut(connection)[gap..].copy_from_slice(b"full");
        }
    }

    fn done(&mut self, _: usize, _: u64, result: Result<Reply<'_>, Failure>, _: Instant) {
        self.statuses.push(result.expect("an answer").status);
    }
}

#[test]
fn requests_are_completed_before_they_are_sent() {
    for wanted in kinds() {
        let server = Server::start(|_, mut stream| {
            while let Some(body) = read_request(&mut stream) {
                let answer = if body == b"full" { "200 OK" } else { "400 Gap" };
                let _ = write!(stream, "HTTP/1.1 {answer}\r\ncontent-length: 0\r\n\r\n");
            }
        });
        let mut work = Completing { left: 40, gaps: Vec::new(), statuses: Vec::new() };
        let config = Config { connections: 5, ..config(server.address, wanted) };
        Engine::new(config).unwrap().run(&mut work).unwrap();
        assert_eq!(work.statuses, vec![200; 40]);
    }
}
