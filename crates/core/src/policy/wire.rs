//! How a request is put on the wire, and its result, as plain data. The run hands out the first and
//! takes back the second.

use std::time::Duration;

use super::token::Token;
use crate::model::fault::WireForm;
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
    /// The connection is closed this long after the request was sent, or when an answer begins.
    HangUp(Duration),
    /// In another form that means the same.
    As(WireForm),
    /// Twice, one after the other. What counts is the second answer.
    Again,
}

/// How long a body waits until the receiver asks for it. A client must not wait for ever (RFC 9110,
/// section 10.1.1).
pub const ASKED_WITHIN: Duration = Duration::from_secs(1);

impl SendMode {
    /// How much longer than usual an exchange may take, on purpose.
    pub fn longer(self) -> Duration {
        match self {
            Self::Slow(over) | Self::HangUp(over) => over,
            Self::As(WireForm::Expecting) => ASKED_WITHIN,
            Self::Whole | Self::Reset | Self::As(_) | Self::Again => Duration::ZERO,
        }
    }

    /// The receiver's part of the time that an exchange took.
    pub fn latency(self, took: Duration) -> Duration {
        match self {
            Self::Slow(over) => took.saturating_sub(over),
            // Nobody asked for the body. That wait was ours.
            Self::As(WireForm::Expecting) if took > ASKED_WITHIN => took - ASKED_WITHIN,
            Self::Whole | Self::Reset | Self::HangUp(_) | Self::As(_) | Self::Again => took,
        }
    }

    /// Whether the vendor ends the exchange itself, and so sees no answer.
    pub fn is_cut(self) -> bool {
        matches!(self, Self::Reset | Self::HangUp(_))
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
