//! The state of one connection: its link to the receiver, and what it is doing.

use std::time::{Duration, Instant};

use crate::Failure;
use crate::decoder::Decoder;

/// The first pause before connecting again, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(1);
const MOST_DOUBLINGS: u32 = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    Closed { retry_at: Instant },
    Connecting { deadline: Instant },
    Open,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Job {
    /// To be asked what to send.
    Ask,
    /// To be asked at this time.
    Until(Instant),
    /// To be asked at the next tick.
    Parked,
    Request {
        tag: u64,
        stage: Stage,
    },
    Finished,
}

/// How far a request has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Waits for the connection, or for the next turn.
    Waiting,
    Sending {
        since: Instant,
    },
    Sent {
        since: Instant,
    },
    /// Sending has failed. What the receiver said before that may still be on its way.
    Broken {
        since: Instant,
        failure: Failure,
    },
}

impl Stage {
    /// When the first byte was sent.
    pub(crate) fn since(self) -> Option<Instant> {
        match self {
            Stage::Waiting => None,
            Stage::Sending { since } | Stage::Sent { since } | Stage::Broken { since, .. } => {
                Some(since)
            }
        }
    }
}

#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) link: Link,
    pub(crate) job: Job,
    /// The request, unless the driver has it.
    pub(crate) buffer: Vec<u8>,
    pub(crate) decoder: Decoder,
    /// Failures since the last reply.
    failures: u32,
    /// Replies since the link was opened.
    replies: u64,
}

impl Connection {
    pub(crate) fn new(now: Instant, largest_reply: usize) -> Self {
        Connection {
            link: Link::Closed { retry_at: now },
            job: Job::Ask,
            buffer: Vec::new(),
            decoder: Decoder::new(largest_reply),
            failures: 0,
            replies: 0,
        }
    }

    pub(crate) fn opened(&mut self) {
        self.link = Link::Open;
        self.replies = 0;
        self.decoder.reset();
    }

    pub(crate) fn replied(&mut self) {
        self.failures = 0;
        self.replies += 1;
        self.decoder.reset();
    }

    pub(crate) fn failed(&mut self) {
        self.failures = self.failures.saturating_add(1);
    }

    /// Whether this link has carried a reply.
    pub(crate) fn was_useful(&self) -> bool {
        self.replies > 0
    }

    /// How long to wait before connecting again: it doubles with each failure, up to a quarter of a second.
    pub(crate) fn pause(&self) -> Duration {
        match self.failures {
            0 => Duration::ZERO,
            n => FIRST_PAUSE * 2_u32.pow((n - 1).min(MOST_DOUBLINGS)),
        }
    }
}
