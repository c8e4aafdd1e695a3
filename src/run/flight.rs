//! An attempt of a delivery while it is under way: the token that it needs, its requests, what came
//! of them so far.

use std::time::Duration;

use jiff::Timestamp;

use super::Run;
use super::outgoing::Outgoing;
use crate::journal::What;
use crate::journal::entry::{DeliveryId, GaveToken, TicketId};
use crate::model::fault::CredentialDamage;
use crate::model::{Attempt, Effect, Fault, Outcome, RequestKind, Secret};
use crate::policy::wire::SendResult;
use crate::sim::AccountIndex;

/// An attempt that is under way.
#[derive(Debug)]
pub struct Flight {
    /// What is delivered.
    pub delivery: DeliveryId,
    /// The account that caused it.
    pub account: AccountIndex,
    /// The number of the attempt.
    pub number: u32,
    /// When, in virtual time.
    pub at: Timestamp,
    /// The faults that strike the webhook.
    pub faults: Vec<Fault>,
    /// The faults that strike the request for its token.
    pub token_faults: Vec<Fault>,
    /// What is being done.
    pub stage: Stage,
    /// The token that the webhook carries.
    pub token: Option<Secret>,
    /// Whether a token was asked for.
    pub asked: bool,
    /// Whether the webhook is sent for the second time, since its token was refused.
    pub second: bool,
    /// Whether anything at all was sent.
    pub sent: bool,
    /// Whether the webhook was sent.
    pub sent_webhook: bool,
    /// Whether a copy of the webhook was accepted.
    pub accepted: bool,
    /// Whether the last request was refused with a 401.
    pub unauthorized: bool,
    /// The request that is being made.
    pub making: Option<Making>,
}

/// What is being done for an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Another delivery asks for the token.
    Waiting,
    /// A token is asked for.
    Asking(Purpose),
    /// The token is revoked before it is used.
    Revoking,
    /// The webhook is sent.
    Sending,
}

/// What a token is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To be used by this attempt.
    Use,
    /// To be kept, for all who need one, for so long before it expires.
    Keep {
        /// How long before.
        margin: Duration,
    },
    /// To be revoked, and used then.
    Revoke,
}

/// A request that is being made, with all its copies.
#[derive(Debug)]
pub struct Making {
    pub outgoing: Outgoing,
    /// Copies that are still to be sent.
    pub left: u32,
    /// What came of the others, as the vendor saw it.
    pub outcomes: Vec<Outcome>,
    /// The longest `Retry-After` that the vendor was given.
    pub retry_after: Option<Duration>,
}

impl Making {
    pub fn new(outgoing: Outgoing) -> Self {
        let left = outgoing.copies;
        Self { outgoing, left, outcomes: Vec::new(), retry_after: None }
    }
}

impl Flight {
    /// What is done to the credentials of the webhook. Not when it is sent for the second time.
    pub fn damage(&self) -> Option<CredentialDamage> {
        damage_of(&self.faults).filter(|_| !self.second)
    }

    /// Whether the webhook never leaves.
    pub fn is_lost(&self) -> bool {
        self.faults.iter().any(|fault| fault.effect == Effect::Lost)
    }

    /// Whether the webhook was accepted at least once; none if nothing at all was sent.
    pub fn succeeded(&self) -> Option<bool> {
        self.sent.then_some(self.accepted)
    }

    /// The request that is being made.
    pub fn making(&mut self) -> &mut Making {
        self.making.as_mut().unwrap_or_else(|| panic!("a request is being made"))
    }

    /// Notes what came of a request, as the vendor saw it.
    fn note(&mut self, kind: RequestKind, outcome: &Outcome, status: Option<u16>) {
        self.unauthorized = *outcome == Outcome::Refused && status == Some(401);
        self.asked |= kind == RequestKind::Token;
        if *outcome != Outcome::NeverSent {
            self.sent = true;
            self.sent_webhook |= kind == RequestKind::Webhook;
            self.accepted |= kind == RequestKind::Webhook && *outcome == Outcome::Accepted;
        }
    }
}

/// What is done to credentials: by the last fault that says so.
pub fn damage_of(faults: &[Fault]) -> Option<CredentialDamage> {
    faults.iter().rev().find_map(|fault| match fault.effect {
        Effect::Credentials(what) => Some(what),
        _ => None,
    })
}

impl Run {
    /// Begins the next attempt of a delivery, with whatever faults strike it.
    pub(super) fn begin(&mut self, id: DeliveryId, at: Timestamp) {
        let Some(delivery) = self.deliveries.get(id).filter(|one| !one.is_over()) else { return };
        let account = delivery.account;
        let ordering = self.channels[account].route.policy.ordering;
        if let Some(blocker) = self.lanes.blocker(delivery, ordering) {
            return self.behind.entry(blocker).or_default().push(id);
        }
        if self.is_deactivated(account) {
            return self.end(id, at, Outcome::EndpointDeactivated);
        }
        self.lanes.begin(delivery, ordering);
        let Some(delivery) = self.deliveries.get_mut(id) else { return };
        delivery.attempts += 1;
        let number = delivery.attempts;
        let (faults, token_faults) = delivery
            .faults_at(number)
            .cloned()
            .partition(|fault| fault.which.request == RequestKind::Webhook);
        let flight = Flight {
            delivery: id,
            account,
            number,
            at,
            faults,
            token_faults,
            stage: Stage::Sending,
            token: None,
            asked: false,
            second: false,
            sent: false,
            sent_webhook: false,
            accepted: false,
            unauthorized: false,
            making: None,
        };
        // Nobody asks for a token for a webhook that never leaves.
        match flight.is_lost() {
            true => self.send(flight),
            false => self.need_token(flight),
        }
    }

    /// Takes in what came of a ticket: one result for each of its copies. A ticket that is not out
    /// is none of this run's, or was returned before: nothing happens then.
    pub fn returned(&mut self, ticket: TicketId, results: Vec<SendResult>) {
        let Some(out) = self.out.remove(&ticket) else { return };
        let Some(flight) = self.flights.remove(&out.ticket.delivery) else { return };
        self.record.cause = Some(out.intended);
        self.go_on(flight, Some(ticket), results);
    }

    /// Goes on with an attempt after requests that were made, or kept from being sent.
    pub(super) fn go_on(
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
            let what = What::Attempted { ticket, gave, attempt };
            entry = Some(self.follows(flight.at, of, what));
        }
        self.record.cause = entry.or(self.record.cause);
        match flight.stage {
            Stage::Waiting => {}
            Stage::Asking(purpose) => self.asked(flight, purpose, token),
            Stage::Revoking => self.revoked(flight),
            Stage::Sending => self.sent(flight),
        }
    }

    /// A request and what came of it, as the journal has it.
    fn attempt(&self, kind: RequestKind, flight: &mut Flight, result: SendResult) -> Attempt {
        let (number, at, id) = (flight.number, flight.at, flight.delivery);
        let making = flight.making();
        let asked_to_wait = making.outgoing.asked_to_wait(&result);
        making.retry_after = making.retry_after.max(asked_to_wait);
        let outcome = making.outgoing.seen(result.outcome);
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
            fault: making.outgoing.said.clone(),
            outcome,
            answer: result.answer,
            took: result.took,
        };
        flight.note(kind, &attempt.outcome, attempt.answer.as_ref().map(|answer| answer.status));
        attempt
    }
}
