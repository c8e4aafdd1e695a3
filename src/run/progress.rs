//! How an attempt goes on: where it begins, and what each request that comes back leads to.

use jiff::Timestamp;

use super::Run;
use super::flight::{Flight, Stage};
use crate::journal::EntryKind;
use crate::journal::entry::{DeliveryId, GaveToken, TicketId};
use crate::model::{Attempt, Outcome, RequestKind};
use crate::policy::wire::SendResult;

impl Run {
    /// Begins the next attempt of a delivery, with whatever faults strike it.
    pub(super) fn begin(&mut self, id: DeliveryId, at: Timestamp) {
        let Some(delivery) = self.deliveries.get(id).filter(|one| !one.is_over()) else { return };
        let account = delivery.account;
        let endpoint = self.endpoint(account, delivery.endpoint);
        let ordering = endpoint.route.policy.ordering;
        if let Some(blocker) = self.lanes.blocker(delivery, ordering) {
            return self.behind.entry(blocker).or_default().push(id);
        }
        if endpoint.health.is_deactivated() {
            return self.end(id, at, Outcome::EndpointDeactivated);
        }
        self.lanes.begin(delivery, ordering);
        let Some(delivery) = self.deliveries.get_mut(id) else { return };
        delivery.attempts += 1;
        let flight = Flight::new(delivery, at);
        // A webhook that never leaves needs no token.
        match flight.is_lost() {
            true => self.send(flight),
            false => self.need_token(flight),
        }
    }

    /// Takes in the results of a ticket, one for each of its copies. Does nothing if the ticket is not
    /// out: it belongs to another run, or was returned before.
    pub fn returned(&mut self, ticket: TicketId, results: Vec<SendResult>) {
        let Some(out) = self.out.remove(&ticket) else { return };
        let Some(flight) = self.flights.remove(&out.ticket.delivery) else { return };
        self.record.cause = Some(out.intended);
        self.take_results(flight, Some(ticket), results);
    }

    /// Goes on with an attempt after requests that were made, or kept from being sent.
    pub(super) fn take_results(
        &mut self,
        mut flight: Flight,
        ticket: Option<TicketId>,
        results: Vec<SendResult>,
    ) {
        let kind = match flight.stage {
            Stage::Waiting => return,
            Stage::Asking(_) => RequestKind::Token,
            Stage::Revoking => RequestKind::Revocation,
            Stage::Sending => RequestKind::Webhook,
        };
        let mut token = None;
        let mut entry = None;
        for mut result in results {
            token = result.token.take().or(token);
            let gave = token.as_ref().map(|token| GaveToken { lives: token.lives });
            let attempt = self.attempt(kind, &mut flight, result);
            let of = self.of_attempt(flight.delivery, flight.number);
            let what = EntryKind::Attempted { ticket, gave, attempt };
            entry = Some(self.record_effect(flight.at, of, what));
        }
        self.record.cause = entry.or(self.record.cause);
        match flight.stage {
            Stage::Waiting => {}
            Stage::Asking(purpose) => self.asked(flight, purpose, token),
            Stage::Revoking => self.revoked(flight),
            Stage::Sending => self.sent(flight),
        }
    }

    /// A request and its result, as the journal has them.
    fn attempt(&self, kind: RequestKind, flight: &mut Flight, result: SendResult) -> Attempt {
        let (number, at, id) = (flight.number, flight.at, flight.delivery);
        let making = flight.making();
        let asked_to_wait = making.outgoing.transit.asked_to_wait(&result);
        making.retry_after = making.retry_after.max(asked_to_wait);
        let outcome = making.outgoing.transit.seen(result.outcome);
        making.left = making.left.saturating_sub(1);
        making.outcomes.push(outcome.clone());
        let request = &making.outgoing.request;
        let attempt = Attempt {
            request: kind,
            delivery: self.deliveries.get(id).map_or(0, |delivery| delivery.webhook.seq),
            number,
            at,
            url: request.address.sent.clone(),
            signed_url: request.signed_elsewhere().map(str::to_owned),
            headers: request.shown_headers(),
            body: request.shown_body().clone(),
            fault: making.outgoing.fault.clone(),
            outcome,
            answer: result.answer,
            took: result.took,
        };
        flight.note(kind, &attempt.outcome, attempt.answer.as_ref().map(|answer| answer.status));
        attempt
    }
}
