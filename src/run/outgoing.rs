//! What faults make of one request: how it is sent, and what the vendor sees of what comes back.

use std::time::Duration;

use crate::model::{Effect, Fault, Outcome};
use crate::policy::wire::{SendMode, SendResult};
use crate::policy::{HeaderValue, Request};

/// What faults make of a request.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// What is sent.
    pub request: Request,
    /// How it is put on the wire.
    pub mode: SendMode,
    /// How it ends on its way, if it never reaches the receiver.
    pub stopped: Option<Outcome>,
    /// What a gateway says in place of the receiver, where its answer is what matters.
    pub answered: Option<String>,
    /// What the vendor sees in place of an acceptance.
    instead: Option<Outcome>,
    /// The `Retry-After` of whoever answers in place of the receiver.
    retry_after: Option<Duration>,
    /// How often it is sent.
    pub copies: u32,
    /// All copies leave at the same instant.
    pub at_once: bool,
    /// The faults in their own words.
    pub said: Option<String>,
}

impl Outgoing {
    /// A request under these faults. What they do to its body and its credentials has been done.
    pub fn new(request: Request, faults: &[Fault]) -> Self {
        let mut outgoing = Self {
            request,
            mode: SendMode::Whole,
            stopped: None,
            answered: None,
            instead: None,
            retry_after: None,
            copies: 1,
            at_once: false,
            said: said(faults),
        };
        for fault in faults {
            outgoing.bend(&fault.effect);
        }
        outgoing
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
                let lost = self.stopped == Some(Outcome::NeverSent);
                self.answered = (!lost).then(|| body.clone());
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
            Effect::ContentType(other) => {
                self.request.headers[0].value = HeaderValue::Plain(other.clone());
            }
            Effect::Credentials(_)
            | Effect::Body(_)
            | Effect::AfterSigning(_)
            | Effect::Delayed(_)
            | Effect::Overtaken(_) => {}
        }
    }

    /// What is never sent meets nobody on its way.
    fn stop(&mut self, outcome: Outcome) {
        if self.stopped != Some(Outcome::NeverSent) {
            self.stopped = Some(outcome);
        }
    }

    /// What the vendor sees of an outcome: an acceptance whose answer does not reach it is none.
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

fn said(faults: &[Fault]) -> Option<String> {
    let said: Vec<&str> = faults.iter().map(|fault| fault.said.as_str()).collect();
    (!said.is_empty()).then(|| said.join("; "))
}
