//! One attempt of a delivery as requests: where it goes, what faults do to it, what came of it.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::future::join_all;
use jiff::Timestamp;

use super::Delivery;
use crate::delivery::{Carried, Courier, Manner};
use crate::model::fault::CredentialDamage;
use crate::model::{Address, Attempt, Effect, Fault, Outcome, Policy};
use crate::policy::{Header, HeaderValue, Request, damage, sign};

/// How the webhooks of an account find the receiver.
#[derive(Clone, Debug)]
pub struct Route {
    /// Name of the account.
    pub account: String,
    /// The delivery policy.
    pub policy: Policy,
    /// The address for each trigger.
    pub urls: BTreeMap<String, Address>,
    /// Where a body names its trigger, as a JSON pointer.
    pub trigger_pointer: Option<&'static str>,
}

impl Route {
    /// The address for a trigger; none if nobody asked for this trigger.
    pub fn address(&self, trigger: &str) -> Option<&Address> {
        self.urls.get(trigger)
    }

    /// The honest request for a body.
    pub fn request(&self, trigger: &str, body: bytes::Bytes) -> Option<Request> {
        self.damaged_request(trigger, body, None)
    }

    /// The request for a body, its credentials damaged.
    fn damaged_request(
        &self,
        trigger: &str,
        body: bytes::Bytes,
        damage: Option<CredentialDamage>,
    ) -> Option<Request> {
        let address = self.address(trigger)?.clone();
        let authentication = &self.policy.authentication;
        let mut headers = vec![plain("content-type", "application/json")];
        headers.extend(sign::credentials(authentication, &address.known, &body, damage));
        let signed_url = sign::signed_url(authentication, &address.known, damage);
        Some(Request { address, signed_url, headers, body })
    }
}

fn plain(name: &str, value: &str) -> Header {
    Header { name: name.to_owned(), value: HeaderValue::Plain(value.to_owned()) }
}

/// What faults make of an attempt.
struct Plan {
    request: Request,
    manner: Manner,
    /// How it ends on its way, if it never reaches the receiver.
    stopped: Option<Outcome>,
    /// What the vendor sees in place of an acceptance.
    instead: Option<Outcome>,
    /// The `Retry-After` of whoever answers in place of the receiver.
    retry_after: Option<Duration>,
    copies: u32,
    at_once: bool,
    said: Option<String>,
}

/// An attempt that was made, and what it comes to for the vendor.
pub struct Made {
    /// Each request of it: usually one, more if a fault repeats it.
    pub requests: Vec<Attempt>,
    /// All of them together: accepted only if each was.
    pub outcome: Outcome,
    /// The longest `Retry-After` that the vendor was given.
    pub retry_after: Option<Duration>,
}

impl Made {
    /// Whether any of its requests was accepted; none if none was sent.
    pub fn succeeded(&self) -> Option<bool> {
        let mut outcomes = self.requests.iter().map(|request| &request.outcome);
        let sent = outcomes.clone().any(|outcome| *outcome != Outcome::NeverSent);
        sent.then(|| outcomes.any(|outcome| *outcome == Outcome::Accepted))
    }
}

/// Makes one attempt of a delivery.
pub async fn make(
    courier: &Courier,
    route: &Route,
    delivery: &Delivery,
    number: u32,
    at: Timestamp,
) -> Made {
    let faults: Vec<&Fault> = delivery.faults_at(number).collect();
    let Some(plan) = plan(route, delivery, &faults) else {
        return Made { requests: Vec::new(), outcome: Outcome::NeverSent, retry_after: None };
    };
    let carried = match &plan.stopped {
        Some(outcome) => {
            vec![Carried { outcome: outcome.clone(), answer: None, took: Duration::ZERO }]
        }
        None => carry(courier, route, &plan).await,
    };
    let retry_after = carried.iter().filter_map(|carried| plan.asked_to_wait(carried)).max();
    let recorded = |carried: Carried| Attempt {
        delivery: delivery.webhook.seq,
        number,
        at,
        url: plan.request.address.sent.clone(),
        signed_url: plan.request.signed_elsewhere().map(str::to_owned),
        headers: plan.request.shown_headers(),
        body: plan.request.body.clone(),
        fault: plan.said.clone(),
        outcome: plan.seen(carried.outcome),
        answer: carried.answer,
        took: carried.took,
    };
    let requests: Vec<Attempt> = carried.into_iter().map(recorded).collect();
    Made { outcome: together(&requests), requests, retry_after }
}

/// What all the requests of an attempt come to: accepted only if each of them was.
fn together(attempts: &[Attempt]) -> Outcome {
    let mut outcomes = attempts.iter().map(|attempt| &attempt.outcome);
    let not_accepted = |outcome: &&Outcome| **outcome != Outcome::Accepted;
    // What the receiver did wrong comes before what a fault did to it.
    let wrong = outcomes.clone().filter(not_accepted).find(|outcome| outcome.is_the_receivers());
    wrong.or_else(|| outcomes.find(not_accepted)).unwrap_or(&Outcome::Accepted).clone()
}

async fn carry(courier: &Courier, route: &Route, plan: &Plan) -> Vec<Carried> {
    let one = || courier.carry(&plan.request, plan.manner, &route.policy);
    if plan.at_once {
        return join_all((0..plan.copies).map(|_| one())).await;
    }
    let mut carried = Vec::new();
    for _ in 0..plan.copies {
        carried.push(one().await);
    }
    carried
}

/// None if nobody asked for this trigger: then nothing is sent.
fn plan(route: &Route, delivery: &Delivery, faults: &[&Fault]) -> Option<Plan> {
    let webhook = &delivery.webhook;
    let mut body = webhook.body.clone();
    let mut credentials = None;
    for one in faults {
        match &one.effect {
            Effect::Body(what) => body = damage::damage(&body, what, route.trigger_pointer),
            Effect::Credentials(what) => credentials = Some(*what),
            _ => {}
        }
    }
    // Signed after the body is damaged: the fault is the sender's, not a tamperer's.
    let mut request = route.damaged_request(webhook.trigger, body, credentials)?;
    for one in faults {
        if let Effect::AfterSigning(what) = &one.effect {
            request.body = damage::damage(&request.body, what, route.trigger_pointer);
        }
    }
    let mut plan = Plan {
        request,
        manner: Manner::Whole,
        stopped: None,
        instead: None,
        retry_after: None,
        copies: 1,
        at_once: false,
        said: said(faults),
    };
    for one in faults {
        plan.bend(&one.effect);
    }
    Some(plan)
}

fn said(faults: &[&Fault]) -> Option<String> {
    let said: Vec<&str> = faults.iter().map(|fault| fault.said.as_str()).collect();
    (!said.is_empty()).then(|| said.join("; "))
}

impl Plan {
    fn bend(&mut self, effect: &Effect) {
        match effect {
            Effect::Repeat(copies) => self.copies += copies - 1,
            Effect::Simultaneous(copies) => {
                self.copies += copies - 1;
                self.at_once = true;
            }
            Effect::Lost => self.stopped = Some(Outcome::NeverSent),
            Effect::Gateway { status, retry_after } => {
                self.stop(Outcome::ByGateway(*status));
                self.retry_after = *retry_after;
            }
            Effect::TimedOut => {
                self.stop(Outcome::TimedOutOnItsWay);
                self.retry_after = None;
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

    /// What the vendor sees of an outcome: an acceptance whose answer does not reach it is none.
    fn seen(&self, outcome: Outcome) -> Outcome {
        match (outcome, &self.instead) {
            (Outcome::Accepted, Some(instead)) => instead.clone(),
            (other, _) => other,
        }
    }

    /// The `Retry-After` that the vendor sees.
    fn asked_to_wait(&self, carried: &Carried) -> Option<Duration> {
        match (&self.stopped, &self.instead) {
            (Some(_), _) => self.retry_after,
            (None, Some(_)) => None,
            (None, None) => carried.answer.as_ref()?.retry_after,
        }
    }
}
