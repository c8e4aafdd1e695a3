//! The stored positions, and the decision whether a webhook is new, a duplicate or stale.
//!
//! The vendor sends no event id and no event time. So only the content shows a duplicate, and only
//! the progress of the position shows a stale webhook. Without a retry count and a call time, a call
//! that arrives after its retry looks like the next call. Then only the final state is reliable.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::position::{Position, Status};
use super::webhook::Webhook;
use crate::receiver::defects::Defect;
use crate::receiver::defects::{RACE_GAP, pause};
use crate::receiver::refusal::Refusal;
use crate::receiver::variation::Defects;
use crate::receiver::verdict::Verdict;

/// A position and its side effects.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Entry {
    #[serde(flatten)]
    position: Position,
    /// Text messages sent to the customer: one for each change.
    messages_sent: u64,
}

/// All positions, in memory. There is no limit, because a receiver lives only for a test run.
pub(super) struct Ledger {
    defects: Defects,
    entries: Mutex<BTreeMap<Uuid, Entry>>,
}

/// What to do with a webhook.
enum Decision {
    Write(Box<Position>),
    Skip(Verdict),
}

fn write(position: Position) -> Decision {
    Decision::Write(Box::new(position))
}

impl Ledger {
    pub(super) fn new(defects: Defects) -> Self {
        Self { defects, entries: Mutex::default() }
    }

    pub(super) fn get(&self, id: Uuid) -> Option<Entry> {
        self.entries().get(&id).cloned()
    }

    /// Decides and writes under one lock, so that one of two identical webhooks is a duplicate.
    pub(super) async fn apply(&self, webhook: &Webhook) -> Result<Verdict, Refusal> {
        let id = webhook.position.id;
        if self.has(Defect::SimultaneousDuplicatesRace) {
            let decision =
                self.decide(self.get(id).map(|entry| entry.position).as_ref(), webhook)?;
            pause(RACE_GAP).await;
            return Ok(carry_out(&mut self.entries(), decision));
        }
        let mut entries = self.entries();
        let decision = self.decide(entries.get(&id).map(|entry| &entry.position), webhook)?;
        if self.has(Defect::PositionsKeyedByGuest)
            && let Decision::Write(position) = &decision
        {
            entries.retain(|_, known| stays_beside(&known.position, position));
        }
        Ok(carry_out(&mut entries, decision))
    }

    fn decide(&self, known: Option<&Position>, webhook: &Webhook) -> Result<Decision, Refusal> {
        let completed = known.is_some_and(|known| known.status == Status::Completed);
        if self.has(Defect::EarlyFeedbackRefused) && webhook.is_feedback() && !completed {
            return Err(Refusal::TooEarly);
        }
        let Some(known) = known else {
            if self.has(Defect::CreationRequired) && !webhook.is_creation() {
                return Err(Refusal::NotKnown("position"));
            }
            // The creation was lost or is late. The payload has the whole position anyway.
            return Ok(write(webhook.position.clone()));
        };
        if self.has(Defect::FeedbackLostLate) && completed && webhook.is_completion() {
            let lost = Position { feedback: None, ..known.clone() };
            if lost != *known {
                return Ok(write(lost));
            }
        }
        Ok(self.decide_known(known, webhook))
    }

    fn decide_known(&self, known: &Position, webhook: &Webhook) -> Decision {
        let incoming = webhook.position.clone().filled_from(known);
        // A customer may change the feedback long after the completion.
        let feedback_only = webhook.is_feedback() && known.status == Status::Completed;
        let next = if feedback_only {
            Position { feedback: incoming.feedback, ..known.clone() }
        } else {
            incoming
        };
        if next == *known && !self.has(Defect::DuplicatesAppliedTwice) {
            return Decision::Skip(Verdict::Duplicate);
        }
        if next == *known {
            return write(next);
        }
        if self.has(Defect::SameStatusIsDuplicate) && next.status == known.status {
            return Decision::Skip(Verdict::Duplicate);
        }
        if !feedback_only && self.is_stale(known, webhook) {
            return Decision::Skip(Verdict::Stale);
        }
        write(next)
    }

    fn is_stale(&self, known: &Position, webhook: &Webhook) -> bool {
        let incoming = &webhook.position;
        if webhook.is_retry() && self.has(Defect::RetryIgnored) {
            return true;
        }
        if self.has(Defect::OldStateOverwritesNew) {
            return false;
        }
        if known.status.is_final() {
            return !self.has(Defect::FinishedPositionReopens);
        }
        if incoming.status.is_final() {
            return false;
        }
        // A creation comes first, so any stored state is newer.
        if webhook.is_creation() {
            return true;
        }
        let uncounted = incoming.retry_count.is_none() || self.has(Defect::RetryCountIgnored);
        if webhook.is_retry() && uncounted && known.status == Status::Notified {
            return false;
        }
        if self.has(Defect::RetryCountIgnored) {
            return incoming.status < known.status;
        }
        progress(incoming) < progress(known)
    }

    fn has(&self, defect: Defect) -> bool {
        self.defects.contains(&defect)
    }

    fn entries(&self) -> MutexGuard<'_, BTreeMap<Uuid, Entry>> {
        // Every write is a single insert, so the map is consistent even after a panic.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a position stays when the other one is stored. A defect keeps one position for each guest whose
/// name and telephone number are known.
fn stays_beside(one: &Position, other: &Position) -> bool {
    let is_known = one.guest.is_some() && one.phone.is_some();
    let is_same_guest = is_known && one.guest == other.guest && one.phone == other.phone;
    one.id == other.id || !is_same_guest
}

/// The progress of a position. A retry returns it to the queue, but still counts as progress.
fn progress(position: &Position) -> (u64, Status, Option<Timestamp>) {
    let called_at = position.called_at.as_ref().and_then(|text| text.parse().ok());
    (position.retry_count.unwrap_or(0), position.status, called_at)
}

/// Carries out a decision, and counts the text message to the customer.
fn carry_out(entries: &mut BTreeMap<Uuid, Entry>, decision: Decision) -> Verdict {
    match decision {
        Decision::Skip(verdict) => verdict,
        Decision::Write(position) => {
            let messages_sent = entries.get(&position.id).map_or(0, |entry| entry.messages_sent);
            let entry = Entry { position: *position, messages_sent: messages_sent + 1 };
            entries.insert(entry.position.id, entry);
            Verdict::Applied
        }
    }
}
