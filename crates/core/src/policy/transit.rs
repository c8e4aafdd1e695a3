//! What faults do to a request in transit: how it is sent, how often, where it ends, and what the
//! vendor sees of the answer. The run uses this to send, and the rehearsal to find out what
//! arrives.
//!
//! What they do to a body is in [`damage`](super::damage), to credentials in [`sign`](super::sign).

use std::time::Duration;

use super::token;
use super::wire::{SendMode, SendResult};
use crate::model::fault::{AssertionDamage, CredentialDamage};
use crate::model::{Effect, Fault, Outcome};

/// What faults do to a request in transit.
#[derive(Clone, Debug)]
pub struct Transit {
    /// How it is put on the wire.
    pub mode: SendMode,
    /// Its `Content-Type`, if a fault replaces it.
    pub content_type: Option<String>,
    /// How it ends, if it never reaches the receiver.
    pub stopped: Option<Outcome>,
    /// The body that a gateway answers in place of the receiver.
    pub answered: Option<String>,
    /// How often it is sent.
    pub copies: u32,
    /// All copies leave at the same instant.
    pub at_once: bool,
    /// What the vendor sees if the receiver accepts.
    instead: Option<Outcome>,
    /// The `Retry-After` of a gateway that answers in place of the receiver.
    retry_after: Option<Duration>,
}

impl Transit {
    /// The transit of a request that these faults strike.
    pub fn under<'a>(faults: impl IntoIterator<Item = &'a Fault>) -> Self {
        let mut transit = Self {
            mode: SendMode::Whole,
            content_type: None,
            stopped: None,
            answered: None,
            copies: 1,
            at_once: false,
            instead: None,
            retry_after: None,
        };
        for fault in faults {
            transit.bend(&fault.effect);
        }
        transit
    }

    fn bend(&mut self, effect: &Effect) {
        match effect {
            Effect::Repeat(copies) => self.copies += copies - 1,
            Effect::Simultaneous(copies) => {
                self.copies += copies - 1;
                self.at_once = true;
            }
            Effect::Lost => {
                self.stopped = Some(Outcome::NeverSent);
                self.answered = None;
            }
            Effect::Gateway { status, retry_after } => {
                self.stop(Outcome::ByGateway(*status));
                self.retry_after = *retry_after;
                self.answered = None;
            }
            Effect::AnswerBody(body) => {
                self.stop(Outcome::ByGateway(200));
                self.answered = (!self.is_lost()).then(|| body.clone());
            }
            Effect::TimedOut => {
                self.stop(Outcome::TimedOutOnItsWay);
                self.retry_after = None;
                self.answered = None;
            }
            Effect::AnswerLost => self.instead = Some(Outcome::AcknowledgementLost),
            Effect::AnswerReplaced(status) => self.instead = Some(Outcome::ByGateway(*status)),
            Effect::Reset => self.mode = SendMode::Reset,
            Effect::Slow(over) => self.mode = SendMode::Slow(*over),
            Effect::HangUp(after) => self.mode = SendMode::HangUp(*after),
            Effect::Form(form) => self.mode = SendMode::As(*form),
            Effect::Credentials(CredentialDamage::Assertion(AssertionDamage::Used)) => {
                self.mode = SendMode::Again;
            }
            Effect::ContentType(other) => self.content_type = Some(other.clone()),
            Effect::Credentials(_)
            | Effect::Body(_)
            | Effect::AfterSigning(_)
            | Effect::Delayed(_)
            | Effect::Overtaken(_) => {}
        }
    }

    /// Stops a request before it reaches the receiver.
    fn stop(&mut self, outcome: Outcome) {
        if !self.is_lost() {
            self.stopped = Some(outcome);
        }
    }

    /// Whether it is never sent.
    pub fn is_lost(&self) -> bool {
        self.stopped == Some(Outcome::NeverSent)
    }

    /// Whether it reaches the receiver.
    pub fn arrives(&self) -> bool {
        self.stopped.is_none()
    }

    /// Whether the vendor can get a token from it, be it from the receiver or from the fault
    /// itself.
    pub fn gives_token(&self) -> bool {
        match (&self.stopped, &self.answered) {
            (_, Some(body)) => token::read(body.as_bytes()).is_ok(),
            (Some(_), None) => false,
            (None, None) => self.instead.is_none() && !self.mode.is_cut(),
        }
    }

    /// The outcome as the vendor sees it: it does not see an acceptance whose answer is lost.
    pub fn seen(&self, outcome: Outcome) -> Outcome {
        match (outcome, &self.instead) {
            (Outcome::Accepted, Some(instead)) => instead.clone(),
            (other, _) => other,
        }
    }

    /// The `Retry-After` that the vendor sees.
    pub fn asked_to_wait(&self, result: &SendResult) -> Option<Duration> {
        match (&self.stopped, &self.instead) {
            (Some(_), _) => self.retry_after,
            (None, Some(_)) => None,
            (None, None) => result.answer.as_ref()?.retry_after,
        }
    }
}
