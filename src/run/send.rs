//! The webhook of an attempt on its way: what faults do to it, its copies, and what they come to.

use super::Run;
use super::flight::{Flight, Making, Stage};
use super::outgoing::Outgoing;
use crate::model::policy::TokenUse;
use crate::model::{Authentication, Effect, Outcome, RequestKind};
use crate::policy::damage;
use crate::policy::wire::SendResult;

impl Run {
    /// Sends the webhook of an attempt, with the token that it has.
    pub(super) fn send(&mut self, mut flight: Flight) {
        let Some(outgoing) = self.outgoing(&flight) else {
            return self.finish(flight, Outcome::NeverSent, None);
        };
        flight.stage = Stage::Sending;
        let stopped = outgoing.transit.stopped.clone();
        let copies = if outgoing.transit.at_once { outgoing.transit.copies } else { 1 };
        flight.making = Some(Making::new(outgoing));
        match stopped {
            Some(outcome) => self.take_results(flight, None, vec![SendResult::unsent(outcome)]),
            None => self.issue(flight, RequestKind::Webhook, copies),
        }
    }

    /// The request for the webhook. None if webhooks of its trigger are not sent.
    fn outgoing(&self, flight: &Flight) -> Option<Outgoing> {
        let webhook = &self.deliveries.get(flight.delivery)?.webhook;
        let endpoint = self.endpoint(flight.account, flight.endpoint);
        let (route, pointer) = (&endpoint.route, endpoint.route.trigger_pointer);
        let mut body = webhook.body.clone();
        for fault in &flight.faults {
            if let Effect::Body(what) = &fault.effect {
                body = damage::damage(&body, what, pointer);
            }
        }
        // Signed after the body is damaged: the fault is the sender's, not a tamperer's.
        let token = flight.token.as_ref();
        let mut request = route.damaged_request(webhook.trigger, body, token, flight.damage())?;
        request.secrets.extend(endpoint.tokens.given().cloned());
        for fault in &flight.faults {
            if let Effect::AfterSigning(what) = &fault.effect {
                request.body = damage::damage(&request.body, what, pointer);
            }
        }
        Some(Outgoing::new(request, &flight.faults))
    }

    /// Copies of the webhook were sent, or kept from being sent.
    pub(super) fn sent(&mut self, mut flight: Flight) {
        let making = flight.making();
        if making.left > 0 {
            return self.issue(flight, RequestKind::Webhook, 1);
        }
        let (outcome, retry_after) = (together(&making.outcomes), making.retry_after);
        let honest = flight.damage().is_none();
        if flight.second || honest && flight.asked || !self.refuses_kept_token(&flight) {
            return self.finish(flight, outcome, retry_after);
        }
        // The receiver does not take the token that was kept: try again with a new one.
        if let Some(token) = flight.token.take().filter(|_| honest) {
            self.endpoint_mut(flight.account, flight.endpoint).tokens.drop_refused(&token);
        }
        flight.second = true;
        self.need_token(flight);
    }

    /// Whether the vendor keeps tokens, and the last request was refused for its token.
    fn refuses_kept_token(&self, flight: &Flight) -> bool {
        let endpoint = self.endpoint(flight.account, flight.endpoint);
        let keeps = match &endpoint.route.policy.authentication {
            Authentication::Token(oauth) => oauth.token_use != TokenUse::PerAttempt,
            _ => false,
        };
        keeps && flight.unauthorized
    }
}

/// What all the copies of a webhook come to: accepted only if each of them was.
fn together(outcomes: &[Outcome]) -> Outcome {
    let mut outcomes = outcomes.iter();
    let not_accepted = |outcome: &&Outcome| **outcome != Outcome::Accepted;
    // What the receiver did wrong comes before what a fault did to it.
    let wrong = outcomes.clone().filter(not_accepted).find(|outcome| outcome.is_the_receivers());
    wrong.or_else(|| outcomes.find(not_accepted)).unwrap_or(&Outcome::Accepted).clone()
}
