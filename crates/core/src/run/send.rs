//! Sends the webhook of an attempt: applies faults, sends copies, and combines their outcomes.

use super::Run;
use super::flight::{Flight, PendingRequest, Stage};
use super::outgoing::Outgoing;
use crate::model::policy::TokenUse;
use crate::model::signature::Sending;
use crate::model::{Authentication, Effect, Outcome, RequestKind};
use crate::policy::wire::SendResult;
use crate::policy::{damage, sign};

impl Run {
    /// Sends the webhook of an attempt, with the token that it has.
    pub(super) fn send(&mut self, mut flight: Flight) {
        let Some(outgoing) = self.sending(&flight).and_then(|now| self.outgoing(&flight, now))
        else {
            return self.finish(flight, Outcome::NeverSent, None);
        };
        flight.stage = Stage::Sending;
        let stopped = outgoing.transit.stopped.clone();
        let copies = if outgoing.transit.at_once { outgoing.transit.copies } else { 1 };
        flight.pending = Some(PendingRequest::new(outgoing));
        match stopped {
            Some(outcome) => self.take_results(flight, None, vec![SendResult::unsent(outcome)]),
            None => self.issue(flight, RequestKind::Webhook, copies),
        }
    }

    /// The request for the webhook; `None` if webhooks of its trigger are not sent.
    fn outgoing(&self, flight: &Flight, sending: Sending) -> Option<Outgoing> {
        let webhook = &self.deliveries.get(flight.delivery)?.webhook;
        let endpoint = self.endpoint(flight.account, flight.endpoint);
        let (route, pointer) = (&endpoint.route, endpoint.route.trigger_pointer);
        let mut body = webhook.body.clone();
        for fault in &flight.faults {
            if let Effect::Body(what) = &fault.effect {
                body = damage::damage(&body, what, pointer);
            }
        }
        // The damaged body is signed, since the sender itself makes the fault.
        let token = flight.token.as_ref();
        let moment = sign::moment(&route.policy.authentication, webhook, sending);
        let (trigger, damage) = (webhook.trigger, flight.damage());
        let mut request = route.damaged_request(trigger, body, token, moment, damage)?;
        request.secrets.extend(endpoint.tokens.issued().cloned());
        for fault in &flight.faults {
            if let Effect::AfterSigning(what) = &fault.effect {
                request.body = damage::damage(&request.body, what, pointer);
            }
        }
        Some(Outgoing::new(request, &flight.faults))
    }

    /// Copies of the webhook were sent, or a fault stopped them.
    pub(super) fn after_webhook(&mut self, mut flight: Flight) {
        let pending = flight.pending();
        if pending.copies_left > 0 {
            return self.issue(flight, RequestKind::Webhook, 1);
        }
        let (outcome, retry_after) = (combined_outcome(&pending.outcomes), pending.retry_after);
        let honest = flight.damage().is_none();
        if !flight.may_ask_again()
            || honest && flight.token_requested
            || !self.is_cached_token_refused(&flight)
        {
            return self.finish(flight, outcome, retry_after);
        }
        // The receiver refuses the cached token: send the webhook once more, with a new one.
        if let Some(token) = flight.token.take().filter(|_| honest) {
            self.endpoint_mut(flight.account, flight.endpoint).tokens.drop_refused(&token);
        }
        flight.resent = true;
        self.acquire_token(flight);
    }

    /// Whether the vendor caches tokens, and the last request got a 401.
    fn is_cached_token_refused(&self, flight: &Flight) -> bool {
        let endpoint = self.endpoint(flight.account, flight.endpoint);
        let caches = match &endpoint.route.policy.authentication {
            Authentication::Token(oauth) => oauth.token_use != TokenUse::PerAttempt,
            _ => false,
        };
        caches && flight.unauthorized
    }
}

/// The outcome of all copies together: accepted only if every copy was.
fn combined_outcome(outcomes: &[Outcome]) -> Outcome {
    let mut outcomes = outcomes.iter();
    let not_accepted = |outcome: &&Outcome| **outcome != Outcome::Accepted;
    // A failure of the receiver is reported before one that a fault has caused.
    let wrong = outcomes.clone().filter(not_accepted).find(|outcome| outcome.is_the_receivers());
    wrong.or_else(|| outcomes.find(not_accepted)).unwrap_or(&Outcome::Accepted).clone()
}
