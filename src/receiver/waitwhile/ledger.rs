//! The stored visits, messages and locations, and the decision whether a webhook is new, a duplicate
//! or stale.
//!
//! Only the newest version of each subject is stored, so memory does not grow with the number of
//! webhooks. A webhook with the same envelope id is a duplicate. An older one is stale, whether or
//! not it arrived before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::Serialize;

use super::location::Location;
use super::message::Message;
use super::visit::{State, Visit};
use super::webhook::{Content, Version, Webhook};
use crate::receiver::defects::Defect;
use crate::receiver::defects::{RACE_GAP, pause};
use crate::receiver::refusal::Refusal;
use crate::receiver::variation::Defects;
use crate::receiver::verdict::Verdict;

/// A visit and its side effects.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Entry {
    #[serde(flatten)]
    visit: Visit,
    /// How often the guest was notified: once for each change of state.
    notified: u64,
}

/// A stored value and its version.
struct Versioned<T> {
    value: T,
    version: Version,
}

/// All that is stored, in memory. There is no limit, because a receiver lives only for a test run.
#[derive(Default)]
struct Records {
    visits: BTreeMap<String, Versioned<Entry>>,
    /// The ids of deleted visits. Any further webhook about one of them is late.
    removed: BTreeSet<String>,
    messages: BTreeMap<String, Versioned<Message>>,
    locations: BTreeMap<String, Versioned<Location>>,
    /// The first envelope of each account and moment. Only a defect uses it.
    moments: BTreeMap<(String, Timestamp), String>,
}

/// The records, and the rules by which they change.
pub(super) struct Ledger {
    defects: Defects,
    records: Mutex<Records>,
}

/// What to do with a webhook.
enum Decision {
    Write { notify: bool },
    Skip(Verdict),
}

impl Ledger {
    pub(super) fn new(defects: Defects) -> Self {
        Self { defects, records: Mutex::default() }
    }

    pub(super) fn visit(&self, id: &str) -> Option<Entry> {
        self.records().visits.get(&self.key(id)).map(|known| known.value.clone())
    }

    pub(super) fn message(&self, id: &str) -> Option<Message> {
        self.records().messages.get(id).map(|known| known.value.clone())
    }

    pub(super) fn location(&self, id: &str) -> Option<Location> {
        self.records().locations.get(id).map(|known| known.value.clone())
    }

    /// Decides and writes under one lock, so that one of two identical webhooks is a duplicate.
    pub(super) async fn apply(&self, webhook: Webhook) -> Result<Verdict, Refusal> {
        if self.has(Defect::SimultaneousUpdatesRace) {
            let decision = self.decide(&self.records(), &webhook)?;
            pause(RACE_GAP).await;
            return Ok(self.carry_out(&mut self.records(), decision, webhook));
        }
        let mut records = self.records();
        let decision = self.decide(&records, &webhook)?;
        Ok(self.carry_out(&mut records, decision, webhook))
    }

    fn decide(&self, records: &Records, webhook: &Webhook) -> Result<Decision, Refusal> {
        Ok(match &webhook.content {
            Content::Visit(visit) => return self.decide_visit(records, visit, webhook),
            Content::Removal(_) if self.has(Defect::RemovalIgnored) => {
                Decision::Skip(Verdict::Ignored)
            }
            Content::Removal(id) if records.removed.contains(&self.key(id)) => {
                Decision::Skip(Verdict::Duplicate)
            }
            // A deleted visit never comes back, so its removal is always the newest webhook.
            Content::Removal(_) => Decision::Write { notify: false },
            Content::Message(message) => {
                self.decide_message(records.messages.get(&message.id), message, webhook)
            }
            Content::Location(_) if self.has(Defect::LocationStatusIgnored) => {
                Decision::Skip(Verdict::Ignored)
            }
            Content::Location(location) => {
                self.decide_by_version(records.locations.get(&location.id), webhook)
            }
        })
    }

    fn decide_visit(
        &self,
        records: &Records,
        visit: &Visit,
        webhook: &Webhook,
    ) -> Result<Decision, Refusal> {
        let key = self.key(&visit.id);
        if records.removed.contains(&key) && !self.has(Defect::RemovedVisitRevived) {
            return Ok(Decision::Skip(Verdict::Stale));
        }
        if self.has(Defect::CancellationForgotten) && visit.is_cancelled() {
            return Ok(Decision::Skip(Verdict::Applied));
        }
        let first = records.moments.get(&moment(webhook));
        let is_another = first.is_some_and(|first| *first != webhook.version.envelope);
        if self.has(Defect::SameMomentIsDuplicate) && is_another {
            return Ok(Decision::Skip(Verdict::Duplicate));
        }
        match records.visits.get(&key) {
            Some(known) => self.decide_known(known, visit, webhook),
            None if self.has(Defect::VisitCreationRequired) && !webhook.is_creation => {
                Err(Refusal::NotKnown("visit"))
            }
            // The creation was lost or is late. The payload has the whole visit anyway.
            None => Ok(Decision::Write { notify: true }),
        }
    }

    fn decide_known(
        &self,
        known: &Versioned<Entry>,
        visit: &Visit,
        webhook: &Webhook,
    ) -> Result<Decision, Refusal> {
        let before = &known.value.visit;
        let state_changed = before.state != visit.state;
        match self.not_newer(&known.version, &webhook.version) {
            Some(Verdict::Duplicate) if self.has(Defect::DuplicateRefused) => {
                Err(Refusal::Duplicate)
            }
            Some(Verdict::Duplicate) if self.has(Defect::DuplicateNotifiedAgain) => {
                Ok(Decision::Write { notify: true })
            }
            Some(verdict) => Ok(Decision::Skip(verdict)),
            None if state_changed
                && before.state == State::Complete
                && self.has(Defect::CompleteIsFinal) =>
            {
                Ok(Decision::Skip(Verdict::Stale))
            }
            None if !state_changed
                && before.position != visit.position
                && self.has(Defect::PositionChangeIgnored) =>
            {
                Ok(Decision::Skip(Verdict::Ignored))
            }
            None => Ok(Decision::Write { notify: state_changed }),
        }
    }

    fn decide_message(
        &self,
        known: Option<&Versioned<Message>>,
        message: &Message,
        webhook: &Webhook,
    ) -> Decision {
        if webhook.is_creation && self.has(Defect::LateMessageCreationWins) {
            return Decision::Write { notify: false };
        }
        let delivered = message.state == "DELIVERED";
        if !webhook.is_creation && !delivered && self.has(Defect::DeliveryFailureIgnored) {
            return Decision::Skip(Verdict::Ignored);
        }
        self.decide_by_version(known, webhook)
    }

    fn decide_by_version<T>(&self, known: Option<&Versioned<T>>, webhook: &Webhook) -> Decision {
        let not_newer = known.and_then(|known| self.not_newer(&known.version, &webhook.version));
        not_newer.map_or(Decision::Write { notify: false }, Decision::Skip)
    }

    /// Whether a webhook is a duplicate or stale, if it is not newer than the stored version.
    fn not_newer(&self, known: &Version, incoming: &Version) -> Option<Verdict> {
        if incoming.envelope == known.envelope {
            return Some(Verdict::Duplicate);
        }
        let is_stale = incoming < known && !self.has(Defect::OldAfterOverwrites);
        is_stale.then_some(Verdict::Stale)
    }

    /// Carries out a decision, and counts the notifications of the guest.
    fn carry_out(&self, records: &mut Records, decision: Decision, webhook: Webhook) -> Verdict {
        let notify = match decision {
            Decision::Skip(verdict) => return verdict,
            Decision::Write { notify } => notify,
        };
        let moment = moment(&webhook);
        let Webhook { content, version, .. } = webhook;
        match content {
            Content::Visit(visit) => {
                if self.has(Defect::SameMomentIsDuplicate) {
                    records.moments.entry(moment).or_insert_with(|| version.envelope.clone());
                }
                self.write_visit(records, *visit, version, u64::from(notify));
            }
            Content::Removal(id) => {
                let key = self.key(&id);
                records.visits.remove(&key);
                records.removed.insert(key);
            }
            Content::Message(value) => {
                records.messages.insert(value.id.clone(), Versioned { value, version });
            }
            Content::Location(value) => {
                records.locations.insert(value.id.clone(), Versioned { value, version });
            }
        }
        Verdict::Applied
    }

    fn write_visit(
        &self,
        records: &mut Records,
        visit: Visit,
        version: Version,
        notifications: u64,
    ) {
        let key = self.key(&visit.id);
        let known = records.visits.remove(&key).map(|known| known.value);
        if self.has(Defect::CompleteIsRemoval) && visit.state == State::Complete {
            return;
        }
        let notified = known.as_ref().map_or(0, |known| known.notified) + notifications;
        let visit = match known {
            Some(known) if self.has(Defect::AbsentKeepsOld) => visit.filled_from(&known.visit),
            _ => visit,
        };
        if self.has(Defect::VisitsKeyedByCustomer) && visit.customer.is_some() {
            records.visits.retain(|_, known| known.value.visit.customer != visit.customer);
        }
        records.visits.insert(key, Versioned { value: Entry { visit, notified }, version });
    }

    /// What a visit is stored under: its id, except for a defect.
    fn key(&self, id: &str) -> String {
        if self.has(Defect::FoldsCaseOfIds) { id.to_ascii_lowercase() } else { id.to_owned() }
    }

    fn has(&self, defect: Defect) -> bool {
        self.defects.contains(&defect)
    }

    fn records(&self) -> MutexGuard<'_, Records> {
        // No write can end half-way, so the records are consistent even after a panic.
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn moment(webhook: &Webhook) -> (String, Timestamp) {
    (webhook.account.clone(), webhook.version.updated)
}
