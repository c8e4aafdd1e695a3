//! The course of an attempt: how it begins, and what follows the result of each of its requests.

use jiff::Timestamp;

use super::Run;
use super::flight::{Flight, Stage};
use crate::journal::EntryKind;
use crate::journal::entry::{DeliveryId, IssuedToken, TicketId};
use crate::model::{Attempt, Outcome, RequestKind};
use crate::policy::wire::SendResult;

impl Run {
    /// Begins the next attempt of a delivery, with the faults that strike it.
    pub(super) fn begin(&mut self, id: DeliveryId, at: Timestamp) {
        let Some(delivery) = self.deliveries.get(id).filter(|one| !one.is_over()) else { return };
        let account = delivery.account;
        let endpoint = self.endpoint(account, delivery.endpoint);
        let ordering = endpoint.route.policy.ordering;
        if let Some(blocker) = self.lanes.blocker(delivery, ordering) {
            return self.blocked.entry(blocker).or_default().push(id);
        }
        if endpoint.health.is_deactivated() {
            return self.end(id, at, Outcome::EndpointDeactivated);
        }
        self.lanes.begin(delivery, ordering);
        let Some(delivery) = self.deliveries.get_mut(id) else { return };
        delivery.attempts += 1;
        let flight = Flight::new(delivery, at);
        // A webhook that is never sent needs no token.
        match flight.is_lost() {
            true => self.send(flight),
            false => self.acquire_token(flight),
        }
    }

    /// Takes the results of a ticket, one for each copy. Does nothing if the ticket is not out:
    /// then it belongs to another run, or was returned before.
    pub fn returned(&mut self, ticket: TicketId, results: Vec<SendResult>) {
        let Some(out) = self.out.remove(&ticket) else { return };
        let Some(flight) = self.flights.remove(&out.ticket.delivery) else { return };
        self.record.cause = Some(out.intended);
        self.take_results(flight, Some(ticket), results);
    }

    /// Continues an attempt after its requests were made, or were stopped by a fault.
    pub(super) fn take_results(
        &mut self,
        mut flight: Flight,
        ticket: Option<TicketId>,
        results: Vec<SendResult>,
    ) {
        let kind = match flight.stage {
            Stage::WaitingForToken => return,
            Stage::RequestingToken(_) => RequestKind::Token,
            Stage::Revoking => RequestKind::Revocation,
            Stage::Sending => RequestKind::Webhook,
        };
        let mut token = None;
        let mut entry = None;
        for mut result in results {
            token = result.token.take().or(token);
            let issued_token = token.as_ref().map(|token| IssuedToken { lives: token.lives });
            let attempt = self.attempt(kind, &mut flight, result);
            let context = self.attempt_context(flight.delivery, flight.number);
            let what = EntryKind::Attempted { ticket, issued_token, attempt };
            entry = Some(self.record_effect(flight.at, context, what));
        }
        self.record.cause = entry.or(self.record.cause);
        match flight.stage {
            Stage::WaitingForToken => {}
            Stage::RequestingToken(purpose) => self.after_token_request(flight, purpose, token),
            Stage::Revoking => self.after_revocation(flight),
            Stage::Sending => self.after_webhook(flight),
        }
    }

    /// A request and its result, as the journal records them.
    fn attempt(&self, kind: RequestKind, flight: &mut Flight, result: SendResult) -> Attempt {
        let (number, at, id) = (flight.number, flight.at, flight.delivery);
        let pending = flight.pending();
        let asked_to_wait = pending.outgoing.transit.asked_to_wait(&result);
        pending.retry_after = pending.retry_after.max(asked_to_wait);
        let outcome = pending.outgoing.transit.seen(result.outcome);
        pending.copies_left = pending.copies_left.saturating_sub(1);
        pending.outcomes.push(outcome.clone());
        let request = &pending.outgoing.request;
        let webhook = self.deliveries.get(id).map(|delivery| &delivery.webhook);
        let trigger = webhook.map_or("", |webhook| webhook.trigger);
        let attempt = Attempt {
            request: kind,
            delivery: webhook.map_or(0, |webhook| webhook.seq),
            number,
            at,
            method: request.address.form.method,
            url: request.shown_url(trigger),
            signed_url: request.shown_signed_url(trigger),
            headers: request.shown_headers(),
            body: request.shown_body().clone(),
            fault: pending.outgoing.fault.clone(),
            outcome,
            answer: result.answer,
            took: result.took,
        };
        flight.note(kind, &attempt.outcome, attempt.answer.as_ref().map(|answer| answer.status));
        attempt
    }
}
