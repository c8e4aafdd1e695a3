//! A work that sends a fixed number of requests and keeps every result. The tests of all engines use it.

use std::time::{Duration, Instant};

use standin_wire::{Failure, Next, Reply, Stop, Work};

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
    pub left: usize,
    /// How long the body of each request is.
    pub body: usize,
    /// Requests without a body yet.
    pub unprepared: Vec<usize>,
    pub tag: u64,
    pub outcomes: Vec<(u64, Outcome)>,
    pub begun: Vec<u64>,
    /// Times of sending and receiving must be in order; each is checked.
    pub latest: Duration,
    pub ticks: usize,
    pub stop_after: Option<(usize, Stop, End)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Finish,
    Abort,
}

impl Requests {
    pub fn new(count: usize) -> Self {
        Requests {
            left: count,
            body: 10,
            unprepared: Vec::new(),
            tag: 0,
            outcomes: Vec::new(),
            begun: Vec::new(),
            latest: Duration::ZERO,
            ticks: 0,
            stop_after: None,
        }
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
    fn next(&mut self, slot: usize, _: Instant, buffer: &mut Vec<u8>) -> Next {
        if self.left == 0 {
            return Next::Finished;
        }
        self.left -= 1;
        self.tag += 1;
        self.begun.push(self.tag);
        buffer.clear();
        let head = format!("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n", self.body);
        buffer.extend_from_slice(head.as_bytes());
        buffer.resize(buffer.len() + self.body, b'?');
        self.unprepared.push(slot);
        Next::Prepare(self.tag)
    }

    fn prepare(&mut self, requests: &mut dyn standin_wire::Requests) {
        for slot in self.unprepared.drain(..) {
            let body = requests.get(slot).len() - self.body;
            requests.get_mut(slot)[body..].fill(b'b');
        }
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
