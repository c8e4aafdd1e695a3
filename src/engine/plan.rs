//! What faults make of one request: how it is sent, and what the vendor sees of what comes back.

use std::time::Duration;

use futures::future::join_all;

use crate::delivery::{Carried, Courier, Manner};
use crate::model::{Effect, Fault, Outcome, Policy};
use crate::policy::{HeaderValue, Request};

/// What faults make of a request.
pub struct Plan {
    /// What is sent.
    pub request: Request,
    /// How it is put on the wire.
    pub manner: Manner,
    /// How it ends on its way, if it never reaches the receiver.
    pub stopped: Option<Outcome>,
    /// What a gateway says in place of the receiver, where its answer is what matters.
    pub answered: Option<String>,
    /// What the vendor sees in place of an acceptance.
    instead: Option<Outcome>,
    /// The `Retry-After` of whoever answers in place of the receiver.
    retry_after: Option<Duration>,
    copies: u32,
    at_once: bool,
    /// The faults in their own words.
    pub said: Option<String>,
}

impl Plan {
    /// A request under these faults. What they do to its body and its credentials has been done.
    pub fn new(request: Request, faults: &[&Fault]) -> Self {
        let mut plan = Self {
            request,
            manner: Manner::Whole,
            stopped: None,
            answered: None,
            instead: None,
            retry_after: None,
            copies: 1,
            at_once: false,
            said: said(faults),
        };
        for fault in faults {
            plan.bend(&fault.effect);
        }
        plan
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
            Effect::Reset => self.manner = Manner::Reset,
            Effect::Slow(over) => self.manner = Manner::Slow(*over),
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

    /// Sends it, as often as it is to be sent.
    pub async fn carry(&self, courier: &Courier, policy: &Policy) -> Vec<Carried> {
        if let Some(outcome) = &self.stopped {
            return vec![unsent(outcome.clone())];
        }
        let one = || courier.carry(&self.request, self.manner, policy);
        if self.at_once {
            return join_all((0..self.copies).map(|_| one())).await;
        }
        let mut carried = Vec::new();
        for _ in 0..self.copies {
            carried.push(one().await);
        }
        carried
    }

    /// What the vendor sees of an outcome: an acceptance whose answer does not reach it is none.
    pub fn seen(&self, outcome: Outcome) -> Outcome {
        match (outcome, &self.instead) {
            (Outcome::Accepted, Some(instead)) => instead.clone(),
            (other, _) => other,
        }
    }

    /// The `Retry-After` that the vendor sees.
    pub fn asked_to_wait(&self, carried: &Carried) -> Option<Duration> {
        match (&self.stopped, &self.instead) {
            (Some(_), _) => self.retry_after,
            (None, Some(_)) => None,
            (None, None) => carried.answer.as_ref()?.retry_after,
        }
    }
}

/// What came of a request that met its end before it reached the receiver.
pub fn unsent(outcome: Outcome) -> Carried {
    Carried { outcome, answer: None, took: Duration::ZERO }
}

fn said(faults: &[&Fault]) -> Option<String> {
    let said: Vec<&str> = faults.iter().map(|fault| fault.said.as_str()).collect();
    (!said.is_empty()).then(|| said.join("; "))
}
