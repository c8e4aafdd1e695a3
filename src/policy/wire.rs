//! How a request is put on the wire, and its result, as plain data. The run hands out the first and
//! takes back the second.

use std::time::Duration;

use super::token::Token;
use crate::model::{Answer, Outcome};

/// How the bytes are put on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendMode {
    /// Normally.
    Whole,
    /// The body is sent little by little over this time.
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

/// The result of one request.
#[derive(Clone, Debug, PartialEq)]
pub struct SendResult {
    /// The outcome, as the vendor sees it.
    pub outcome: Outcome,
    /// The answer, if one arrived. Secrets that it repeats are masked.
    pub answer: Option<Answer>,
    /// How long it took in real time, in whole microseconds.
    pub took: Duration,
    /// The token in the answer to a token request.
    pub token: Option<Token>,
}

impl SendResult {
    /// The result of a request that never reached the receiver.
    pub fn unsent(outcome: Outcome) -> Self {
        Self { outcome, answer: None, took: Duration::ZERO, token: None }
    }
}
