//! A work that sends a fixed number of requests and keeps every result.

use std::time::{Duration, Instant};

use standin_wire::{Config, Engine, Failure, Kind, Next, Reply, Stop, Wanted, Work};

/// A result without borrows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
    pub cut: bool,
    pub early: bool,
}

pub type Outcome = Result<Answer, Failure>;

pub struct Requests {
    body: usize,
    left: usize,
    tag: u64,
    pub outcomes: Vec<(u64, Outcome)>,
    pub begun: Vec<u64>,
    /// Times of sending and receiving must be in order; each is checked.
    pub latest: Duration,
    ticks: usize,
    stop_after: Option<(usize, Stop, End)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Finish,
    Abort,
}

impl Requests {
    pub fn new(count: usize) -> Self {
        Requests {
            body: 10,
            left: count,
            tag: 0,
            outcomes: Vec::new(),
            begun: Vec::new(),
            latest: Duration::ZERO,
            ticks: 0,
            stop_after: None,
        }
    }

    pub fn with_body(mut self, body: usize) -> Self {
        self.body = body;
        self
    }

    pub fn stopping_after(mut self, ticks: usize, stop: Stop, end: End) -> Self {
        self.stop_after = Some((ticks, stop, end));
        self
    }

    /// Every request has exactly one result.
    pub fn assert_complete(&self) {
        let mut told: Vec<u64> = self.outcomes.iter().map(|(tag, _)| *tag).collect();
        told.sort_unstable();
        assert_eq!(told, self.begun, "each request must have exactly one result");
    }

    pub fn results(&self) -> Vec<Outcome> {
        self.outcomes.iter().map(|(_, outcome)| outcome.clone()).collect()
    }
}

impl Work for Requests {
    fn next(&mut self, _: usize, _: Instant, buffer: &mut Vec<u8>) -> Next {
        if self.left == 0 {
            return Next::Finished;
        }
        self.left -= 1;
        self.tag += 1;
        self.begun.push(self.tag);
        buffer.clear();
        let head = format!("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n", self.body);
        buffer.extend_from_slice(head.as_bytes());
        buffer.resize(buffer.len() + self.body, b'b');
        Next::Send(self.tag)
    }

    fn done(&mut self, _: usize, tag: u64, result: Result<Reply<'_>, Failure>, now: Instant) {
        let outcome = result.map(|reply| {
            assert!(reply.sent <= reply.received && reply.received <= now);
            self.latest = self.latest.max(reply.received - reply.sent);
            Answer {
                status: reply.status,
                head: String::from_utf8_lossy(reply.head).into_owned(),
                body: String::from_utf8_lossy(reply.body).into_owned(),
                cut: reply.cut,
                early: reply.early,
            }
        });
        self.outcomes.push((tag, outcome));
    }

    fn tick(&mut self, _: Instant) {
        self.ticks += 1;
        if let Some((after, stop, end)) = &self.stop_after
            && self.ticks >= *after
        {
            match end {
                End::Finish => stop.finish(),
                End::Abort => stop.abort(),
            }
        }
    }
}

/// The engines that this machine has. io_uring may be forbidden where the tests run; then it says so.
pub fn kinds() -> Vec<Wanted> {
    let address = ([127, 0, 0, 1], 1).into();
    let engine = Engine::new(Config::new(address)).expect("an engine");
    match engine.choice().kind {
        Kind::IoUring => vec![Wanted::Epoll, Wanted::IoUring],
        Kind::Epoll => {
            eprintln!("only epoll is tested: {}", engine.choice().reason);
            vec![Wanted::Epoll]
        }
    }
}

pub fn config(address: std::net::SocketAddr, wanted: Wanted) -> Config {
    Config {
        connections: 1,
        request_timeout: Duration::from_secs(10),
        connect_timeout: Duration::from_secs(10),
        largest_reply: 1000,
        wanted,
        ..Config::new(address)
    }
}

/// Runs the requests to their end.
pub fn run(config: Config, mut work: Requests) -> (Engine, Requests) {
    let mut engine = Engine::new(config).expect("an engine");
    engine.run(&mut work).expect("a run");
    work.assert_complete();
    (engine, work)
}
