//! What a thread records in the journal, if there is one.

use std::time::Duration;

use bytes::Bytes;
use standin_wire::{Failure as WireFailure, Reply};

use super::Worker;
use super::answers::outcome_of;
use super::delivery::{Delivery, Flight};
use crate::clock::Moment;
use crate::load::journal::{Attempt, Recorder, Request};
use crate::model::{Accepted, Answer, Outcome, RequestKind, Secret};
use crate::policy::header;
use crate::policy::judge::judge;
use crate::policy::wire::SendResult;

impl Worker<'_> {
    /// Whether the journal is too far behind to send or make more now.
    pub(super) fn is_held_back(&mut self, now: Moment) -> bool {
        self.journal.as_mut().is_some_and(|journal| journal.holds_back(now))
    }

    /// Passes on what was recorded, about every 10 ms. Without a journal that can be written, nothing
    /// more is sent.
    pub(super) fn pass_on_records(&mut self) {
        let Some(journal) = &mut self.journal else { return };
        journal.flush();
        if journal.has_failed() {
            self.stop.abort();
        }
    }

    /// Records what a request came to.
    pub(super) fn record_answer(
        &mut self,
        connection: usize,
        flight: &mut Flight,
        result: &Result<Reply<'_>, WireFailure>,
        now: Moment,
    ) {
        let (kind, token) = match flight {
            Flight::Token(_) => (RequestKind::Token, None),
            Flight::Webhook(_, token) => (RequestKind::Webhook, token.clone()),
        };
        let delivery = flight.delivery();
        let accepted = match kind {
            RequestKind::Token => Accepted::Any2xx,
            _ => self.played[delivery.vendor].policy.accepted,
        };
        let sent = self.connections[connection].sent.unwrap_or(now);
        let (result, at) = match result {
            Ok(reply) => (answered(reply, accepted), reply.sent),
            Err(failure) => {
                let took = whole_microseconds(now.saturating_duration_since(sent));
                (SendResult { took, ..SendResult::unsent(outcome_of(*failure)) }, sent)
            }
        };
        self.record_attempt((kind, delivery), (token, Some(0)), result, at);
    }

    /// Records an attempt that a fault has stopped on its way.
    pub(super) fn record_stopped(
        &mut self,
        delivery: &mut Delivery,
        outcome: &Outcome,
        now: Moment,
    ) {
        if self.journal.is_some() {
            let result = SendResult::unsent(outcome.clone());
            self.record_attempt((RequestKind::Webhook, delivery), (None, None), result, now);
        }
    }

    fn record_attempt(
        &mut self,
        (kind, delivery): (RequestKind, &mut Delivery),
        (token, ticket): (Option<Secret>, Option<u64>),
        result: SendResult,
        at: Moment,
    ) {
        let Some(journal) = &mut self.journal else { return };
        let (faults, body) = match (kind, &delivery.struck) {
            (RequestKind::Webhook, struck) => {
                let at = |struck| self.faults.at(struck, delivery.attempt);
                (struck.as_deref().map(at).unwrap_or_default(), delivery.body.clone())
            }
            _ => Default::default(),
        };
        let attempt = Attempt { seq: delivery.seq, number: delivery.attempt, kind, ticket, at };
        let sending = delivery.sending.as_deref().copied();
        let trigger = delivery.trigger;
        let request = Box::new(Request { attempt, trigger, body, token, sending, faults });
        delivery.entry = journal.attempted((delivery.tenant, delivery.entry), request, result);
    }

    /// Records that a delivery is over.
    pub(super) fn record_end(&mut self, delivery: &Delivery, outcome: &Outcome, now: Moment) {
        if let Some(journal) = &mut self.journal {
            let of = (delivery.tenant, delivery.entry);
            journal.ended(of, (delivery.seq, delivery.attempt), outcome.clone(), now);
        }
    }

    /// Records what is still under way, and passes on the rest. Returns for how long the journal has held
    /// the thread back. None without a journal.
    pub fn close_journal(&mut self, now: Moment) -> Option<Duration> {
        let mut journal: Recorder = self.journal.take()?;
        for connection in &mut self.connections {
            let Some(flight) = &mut connection.flight else { continue };
            let kind = match flight {
                Flight::Token(_) => RequestKind::Token,
                Flight::Webhook(..) => RequestKind::Webhook,
            };
            let (at, delivery) = (connection.sent.unwrap_or(now), flight.delivery());
            let (seq, number) = (delivery.seq, delivery.attempt);
            let attempt = Attempt { seq, number, kind, ticket: None, at };
            journal.intended((delivery.tenant, delivery.entry), attempt);
        }
        Some(journal.close(now))
    }
}

fn answered(reply: &Reply<'_>, accepted: Accepted) -> SendResult {
    let answer = Answer {
        status: reply.status,
        retry_after: reply.header("retry-after").and_then(header::retry_after),
        body: Bytes::copy_from_slice(reply.body),
        granted: None,
    };
    SendResult {
        outcome: judge(accepted, reply.status),
        answer: Some(answer),
        took: whole_microseconds(reply.received.saturating_duration_since(reply.sent)),
        token: None,
    }
}

/// A time as a journal has it.
fn whole_microseconds(time: Duration) -> Duration {
    Duration::from_micros(time.as_micros() as u64)
}
