//! A request on its way: how it is put on the wire, and what comes back. Plain data, which the run
//! hands out and takes back.

use std::time::Duration;

use super::token::Token;
use crate::model::{Answer, Outcome};

/// How the bytes are put on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendMode {
    /// As any client would.
    Whole,
    /// The body bit by bit over this long a time.
    Slow(Duration),
    /// The connection is reset after half of the body.
    Reset,
}

impl SendMode {
    /// How long sending takes on purpose.
    pub fn takes(self) -> Duration {
        match self {
            Self::Slow(over) => over,
            Self::Whole | Self::Reset => Duration::ZERO,
        }
    }
}

/// What came of one request.
#[derive(Clone, Debug, PartialEq)]
pub struct SendResult {
    /// As the vendor sees it.
    pub outcome: Outcome,
    /// The answer, if one arrived. What it repeats of secrets is masked.
    pub answer: Option<Answer>,
    /// How long it took in real time, in whole microseconds.
    pub took: Duration,
    /// The token that it gave, if one was asked for.
    pub token: Option<Token>,
}

impl SendResult {
    /// A request that met its end before it reached the receiver.
    pub fn unsent(outcome: Outcome) -> Self {
        Self { outcome, answer: None, took: Duration::ZERO, token: None }
    }
}
