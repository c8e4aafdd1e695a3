//! One attempt of a delivery as requests: where it goes, what faults do to it, what came of it.

use std::collections::BTreeMap;

use futures::future::join_all;
use jiff::Timestamp;

use super::Delivery;
use crate::delivery::{Carried, Courier, Manner};
use crate::model::{Attempt, Effect, Fault, Outcome, Policy};
use crate::policy::{Header, HeaderValue, Request, fault, sign};

/// How the webhooks of an account find the receiver.
#[derive(Clone, Debug)]
pub struct Route {
    /// Name of the account.
    pub account: String,
    /// The delivery policy.
    pub policy: Policy,
    /// The URL of each trigger.
    pub urls: BTreeMap<String, String>,
    /// Where a body names its trigger, as a JSON pointer.
    pub trigger_pointer: Option<&'static str>,
}

impl Route {
    /// The URL of a trigger; none if nobody asked for this trigger.
    pub fn url(&self, trigger: &str) -> Option<&str> {
        self.urls.get(trigger).map(String::as_str)
    }

    /// The honest request for a body.
    pub fn request(&self, trigger: &str, body: bytes::Bytes) -> Option<Request> {
        let url = self.url(trigger)?.to_owned();
        let mut headers = vec![plain("content-type", "application/json")];
        headers.extend(sign::credentials(&self.policy.authentication, &url, &body));
        Some(Request { url, headers, body })
    }
}

fn plain(name: &str, value: &str) -> Header {
    Header { name: name.to_owned(), value: HeaderValue::Plain(value.to_owned()) }
}

/// What faults make of an attempt.
struct Plan {
    request: Request,
    manner: Manner,
    never_sent: bool,
    answer_lost: bool,
    copies: u32,
    at_once: bool,
    said: Option<String>,
}

/// Makes one attempt of a delivery: usually one request, more if a fault repeats it.
pub async fn make(
    courier: &Courier,
    route: &Route,
    delivery: &Delivery,
    number: u32,
    at: Timestamp,
) -> Vec<Attempt> {
    let faults: Vec<&Fault> = delivery.faults_at(number).collect();
    let Some(plan) = plan(route, delivery, &faults) else { return Vec::new() };
    let carried = if plan.never_sent {
        let never = Carried { outcome: Outcome::NeverSent, answer: None, took: Default::default() };
        vec![never]
    } else {
        carry(courier, route, &plan).await
    };
    let recorded = |carried: Carried| Attempt {
        delivery: delivery.webhook.seq,
        number,
        at,
        url: plan.request.url.clone(),
        headers: plan.request.shown_headers(),
        body: plan.request.body.clone(),
        fault: plan.said.clone(),
        outcome: seen(&plan, carried.outcome),
        answer: carried.answer,
        took: carried.took,
    };
    carried.into_iter().map(recorded).collect()
}

/// What the vendor sees of an outcome: an acceptance whose answer is lost is none.
fn seen(plan: &Plan, outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Accepted if plan.answer_lost => Outcome::AcknowledgementLost,
        other => other,
    }
}

/// What all the requests of an attempt come to: accepted only if each of them was.
pub fn together(attempts: &[Attempt]) -> Outcome {
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
    for one in faults {
        if let Effect::Body(damage) = &one.effect {
            body = fault::damage(&body, damage, route.trigger_pointer);
        }
    }
    // Signed after the body is damaged: the fault is the sender's, not a tamperer's.
    let mut plan = Plan {
        request: route.request(webhook.trigger, body)?,
        manner: Manner::Whole,
        never_sent: false,
        answer_lost: false,
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
            Effect::Lost => self.never_sent = true,
            Effect::AnswerLost => self.answer_lost = true,
            Effect::Reset => self.manner = Manner::Reset,
            Effect::Slow(over) => self.manner = Manner::Slow(*over),
            Effect::ContentType(other) => {
                self.request.headers[0].value = HeaderValue::Plain(other.clone());
            }
            Effect::Credentials(damage) => fault::damage_credentials(&mut self.request, *damage),
            Effect::Body(_) | Effect::Delayed(_) | Effect::Overtaken(_) => {}
        }
    }
}
