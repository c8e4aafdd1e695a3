//! The stored events, and the decision whether a webhook is new, a duplicate or stale.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::event::{Event, EventStatus};
use super::webhook::Trigger;
use crate::receiver::defects::Defect;
use crate::receiver::refusal::Refusal;
use crate::receiver::variation::Defects;
use crate::receiver::verdict::Verdict;

/// An event and its side effects.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Entry {
    #[serde(flatten)]
    event: Event,
    /// How often the team was notified: once for each change.
    notified: u64,
}

/// All events, in memory. There is no limit, because a receiver lives only for a test run.
pub(super) struct Events {
    defects: Defects,
    entries: Mutex<BTreeMap<String, Entry>>,
}

impl Events {
    pub(super) fn new(defects: Defects) -> Self {
        Self { defects, entries: Mutex::default() }
    }

    pub(super) fn get(&self, id: &str) -> Option<Entry> {
        self.entries().get(id).cloned()
    }

    /// Decides and writes under one lock, so that one of two identical webhooks is a duplicate.
    pub(super) fn apply(&self, trigger: Trigger, event: Event) -> Result<Verdict, Refusal> {
        let mut entries = self.entries();
        let known = entries.get(&event.id);
        let verdict = self.decide(known.map(|known| &known.event), trigger, &event)?;
        if verdict == Verdict::Applied && !self.forgets(&event) {
            let notified = known.map_or(0, |known| known.notified) + 1;
            entries.insert(event.id.clone(), Entry { event, notified });
        }
        Ok(verdict)
    }

    fn decide(
        &self,
        known: Option<&Event>,
        trigger: Trigger,
        incoming: &Event,
    ) -> Result<Verdict, Refusal> {
        if self.has(Defect::CalledOffEventIgnored) && incoming.status == EventStatus::Cancelled {
            return Ok(Verdict::Ignored);
        }
        let Some(known) = known else {
            if self.has(Defect::EventCreationRequired) && trigger == Trigger::EventUpdated {
                return Err(Refusal::NotKnown("event"));
            }
            // The event may be older than the receiver. The payload has the whole event anyway.
            return Ok(Verdict::Applied);
        };
        if known == incoming {
            return Ok(Verdict::Duplicate);
        }
        let deleted = known.status == EventStatus::Deleted;
        let revived = deleted && self.has(Defect::DeletedEventRevived);
        let is_stale = (deleted || self.is_stale(known, trigger, incoming)) && !revived;
        Ok(if is_stale { Verdict::Stale } else { Verdict::Applied })
    }

    fn is_stale(&self, known: &Event, trigger: Trigger, incoming: &Event) -> bool {
        // A deletion comes last, and a creation first.
        if self.has(Defect::EventUpdateOverwrittenByOlder) || trigger == Trigger::EventRemoved {
            return false;
        }
        if trigger == Trigger::EventCreated {
            return true;
        }
        match incoming.compare(known) {
            Some(Ordering::Less) => true,
            Some(Ordering::Equal) if self.has(Defect::SameSecondIsDuplicate) => true,
            // The same second, or unreadable dates: only the progress of the status can decide.
            Some(Ordering::Equal) | None => incoming.status < known.status,
            Some(Ordering::Greater) => false,
        }
    }

    /// Whether a defect drops this event.
    fn forgets(&self, event: &Event) -> bool {
        self.has(Defect::EventDeletionForgotten) && event.status == EventStatus::Deleted
    }

    fn has(&self, defect: Defect) -> bool {
        self.defects.contains(&defect)
    }

    fn entries(&self) -> MutexGuard<'_, BTreeMap<String, Entry>> {
        // Every write is a single insert, so the map is consistent even after a panic.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
