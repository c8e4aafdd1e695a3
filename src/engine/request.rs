//! One attempt of a delivery as requests: the token that it needs, where it goes, what faults do to
//! it, what came of it.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use super::Delivery;
use super::plan::Plan;
use crate::delivery::{Carried, Courier, Denied, Tokens};
use crate::model::fault::CredentialDamage;
use crate::model::policy::TokenUse;
use crate::model::{
    Address, Attempt, Authentication, Effect, Fault, Outcome, Policy, RequestKind, Secret,
};
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

    /// The honest request for a body, with the token that it needs.
    pub fn request(
        &self,
        trigger: &str,
        body: bytes::Bytes,
        token: Option<&Secret>,
    ) -> Option<Request> {
        self.damaged_request(trigger, body, token, None)
    }

    /// The request for a body, its credentials damaged.
    fn damaged_request(
        &self,
        trigger: &str,
        body: bytes::Bytes,
        token: Option<&Secret>,
        damage: Option<CredentialDamage>,
    ) -> Option<Request> {
        let address = self.address(trigger)?.clone();
        let authentication = &self.policy.authentication;
        let mut headers = vec![plain("content-type", "application/json")];
        headers.extend(sign::credentials(authentication, token, &address.known, &body, damage));
        let signed_url = sign::signed_url(authentication, &address.known, damage);
        let secrets = token.into_iter().cloned().collect();
        Some(Request { address, signed_url, headers, body, shown_body: None, secrets })
    }
}

fn plain(name: &str, value: &str) -> Header {
    Header { name: name.to_owned(), value: HeaderValue::Plain(value.to_owned()) }
}

/// An attempt that was made, and what it comes to for the vendor.
pub struct Made {
    /// Each request of it, in order: usually one, more if it needs a token or a fault repeats it.
    pub requests: Vec<Attempt>,
    /// What came of it: accepted only if each copy of the webhook was.
    pub outcome: Outcome,
    /// The longest `Retry-After` that the vendor was given.
    pub retry_after: Option<Duration>,
}

impl Made {
    /// Whether the webhook was sent.
    pub fn was_sent(&self) -> bool {
        self.sent().any(|request| request.request == RequestKind::Webhook)
    }

    /// Whether the webhook was accepted at least once; none if nothing at all was sent.
    pub fn succeeded(&self) -> Option<bool> {
        let accepted = |request: &Attempt| {
            request.request == RequestKind::Webhook && request.outcome == Outcome::Accepted
        };
        self.sent().next().map(|_| self.requests.iter().any(accepted))
    }

    fn sent(&self) -> impl Iterator<Item = &Attempt> {
        self.requests.iter().filter(|request| request.outcome != Outcome::NeverSent)
    }
}

/// One attempt of a delivery, while it is made.
pub struct Attempting<'a> {
    /// Sends the requests.
    pub courier: &'a Courier,
    /// The tokens of the account.
    pub tokens: &'a Tokens,
    /// The way to the receiver.
    pub route: &'a Route,
    /// What is delivered.
    pub delivery: &'a Delivery,
    /// The number of the attempt.
    pub number: u32,
    /// When, in virtual time.
    pub at: Timestamp,
}

impl Attempting<'_> {
    /// Makes the attempt.
    pub async fn make(&self) -> Made {
        let (faults, on_tokens) = self.faults();
        let mut requests = Vec::new();
        let (outcome, retry_after) = match self.deliver(&faults, &on_tokens, &mut requests).await {
            Ok(came) => came,
            Err(Denied { outcome, retry_after }) => (outcome, retry_after),
        };
        Made { requests, outcome, retry_after }
    }

    /// The faults that strike the webhook, and those that strike the request for its token.
    fn faults(&self) -> (Vec<&Fault>, Vec<&Fault>) {
        self.delivery
            .faults_at(self.number)
            .partition(|fault| fault.which.request == RequestKind::Webhook)
    }

    async fn deliver(
        &self,
        faults: &[&Fault],
        on_tokens: &[&Fault],
        requests: &mut Vec<Attempt>,
    ) -> Result<(Outcome, Option<Duration>), Denied> {
        let damage = damage_of(faults);
        let lost = faults.iter().any(|fault| fault.effect == Effect::Lost);
        // Nobody asks for the sake of a webhook that never leaves.
        let token = match lost {
            true => None,
            false => self.token(damage, on_tokens, requests).await?,
        };
        let came = self.send(faults, damage, token.as_ref(), requests).await;
        if damage.is_none() && self.asked(requests) || !self.is_unauthorized(requests) {
            return Ok(came);
        }
        // The token that was kept is not welcome any more: once more with a fresh one.
        if let Some(token) = token.filter(|_| damage.is_none()) {
            self.tokens.drop_refused(&token).await;
        }
        let fresh = self.token(None, on_tokens, requests).await?;
        Ok(self.send(faults, None, fresh.as_ref(), requests).await)
    }

    /// Whether a token was asked for in this attempt.
    fn asked(&self, requests: &[Attempt]) -> bool {
        requests.iter().any(|request| request.request == RequestKind::Token)
    }

    /// Whether the vendor keeps tokens, and the last request was refused for its token.
    fn is_unauthorized(&self, requests: &[Attempt]) -> bool {
        let caches = match &self.route.policy.authentication {
            Authentication::Token(oauth) => oauth.token_use != TokenUse::PerAttempt,
            _ => false,
        };
        caches
            && requests.last().is_some_and(|last| {
                let status = last.answer.as_ref().map(|answer| answer.status);
                last.outcome == Outcome::Refused && status == Some(401)
            })
    }

    /// Sends the webhook with this token: what all its copies come to.
    async fn send(
        &self,
        faults: &[&Fault],
        damage: Option<CredentialDamage>,
        token: Option<&Secret>,
        requests: &mut Vec<Attempt>,
    ) -> (Outcome, Option<Duration>) {
        let Some(plan) = self.plan(faults, damage, token) else {
            return (Outcome::NeverSent, None);
        };
        let carried = plan.carry(self.courier, &self.route.policy).await;
        let retry_after = carried.iter().filter_map(|carried| plan.asked_to_wait(carried)).max();
        let first = requests.len();
        for carried in carried {
            requests.push(self.record(RequestKind::Webhook, &plan, carried));
        }
        (together(&requests[first..]), retry_after)
    }

    /// None if nobody asked for this trigger: then nothing is sent.
    fn plan(
        &self,
        faults: &[&Fault],
        credentials: Option<CredentialDamage>,
        token: Option<&Secret>,
    ) -> Option<Plan> {
        let (webhook, pointer) = (&self.delivery.webhook, self.route.trigger_pointer);
        let mut body = webhook.body.clone();
        for one in faults {
            if let Effect::Body(what) = &one.effect {
                body = damage::damage(&body, what, pointer);
            }
        }
        // Signed after the body is damaged: the fault is the sender's, not a tamperer's.
        let route = self.route;
        let mut request = route.damaged_request(webhook.trigger, body, token, credentials)?;
        request.secrets.extend(self.tokens.given());
        for one in faults {
            if let Effect::AfterSigning(what) = &one.effect {
                request.body = damage::damage(&request.body, what, pointer);
            }
        }
        Some(Plan::new(request, faults))
    }

    /// A request and what came of it, for the journal.
    pub(super) fn record(&self, kind: RequestKind, plan: &Plan, carried: Carried) -> Attempt {
        let request = &plan.request;
        Attempt {
            request: kind,
            delivery: self.delivery.webhook.seq,
            number: self.number,
            at: self.at,
            url: request.address.sent.clone(),
            signed_url: request.signed_elsewhere().map(str::to_owned),
            headers: request.shown_headers(),
            body: request.shown_body().clone(),
            fault: plan.said.clone(),
            outcome: plan.seen(carried.outcome),
            answer: carried.answer,
            took: carried.took,
        }
    }
}

/// What is done to credentials: by the last fault that says so.
pub(super) fn damage_of(faults: &[&Fault]) -> Option<CredentialDamage> {
    faults.iter().rev().find_map(|fault| match fault.effect {
        Effect::Credentials(what) => Some(what),
        _ => None,
    })
}

/// What all the copies of a webhook come to: accepted only if each of them was.
fn together(attempts: &[Attempt]) -> Outcome {
    let mut outcomes = attempts.iter().map(|attempt| &attempt.outcome);
    let not_accepted = |outcome: &&Outcome| **outcome != Outcome::Accepted;
    // What the receiver did wrong comes before what a fault did to it.
    let wrong = outcomes.clone().filter(not_accepted).find(|outcome| outcome.is_the_receivers());
    wrong.or_else(|| outcomes.find(not_accepted)).unwrap_or(&Outcome::Accepted).clone()
}
