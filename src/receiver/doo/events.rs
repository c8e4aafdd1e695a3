//! The events that are known, and the decision whether a webhook is news about one of them.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::event::{Event, Stage};
use super::webhook::Trigger;
use crate::receiver::defects::Defect;
use crate::receiver::refusal::Refusal;
use crate::receiver::verdict::Verdict;

/// An event and the side effects that it had.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Entry {
    #[serde(flatten)]
    event: Event,
    /// How often the team was told: once for each change.
    notified: u64,
}

/// All events. In memory, without a limit: it lives as long as a test run.
pub(super) struct Events {
    defects: BTreeSet<Defect>,
    entries: Mutex<BTreeMap<String, Entry>>,
}

impl Events {
    pub(super) fn new(defects: BTreeSet<Defect>) -> Self {
        Self { defects, entries: Mutex::default() }
    }

    pub(super) fn get(&self, id: &str) -> Option<Entry> {
        self.entries().get(id).cloned()
    }

    /// Decides and writes under one lock, so that of two identical webhooks one is a duplicate.
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
        news: &Event,
    ) -> Result<Verdict, Refusal> {
        if self.has(Defect::CalledOffEventIgnored) && news.status == Stage::Cancelled {
            return Ok(Verdict::Ignored);
        }
        let Some(known) = known else {
            if self.has(Defect::EventCreationRequired) && trigger == Trigger::EventUpdated {
                return Err(Refusal::NotKnown("event"));
            }
            // Events are there from before the receiver was; the payload carries the whole of it.
            return Ok(Verdict::Applied);
        };
        if known == news {
            return Ok(Verdict::Duplicate);
        }
        let deleted = known.status == Stage::Deleted;
        let revived = deleted && self.has(Defect::DeletedEventRevived);
        let is_stale = (deleted || self.is_old_news(known, trigger, news)) && !revived;
        Ok(if is_stale { Verdict::Stale } else { Verdict::Applied })
    }

    fn is_old_news(&self, known: &Event, trigger: Trigger, news: &Event) -> bool {
        // Nothing comes after a deletion, and nothing before a creation.
        if self.has(Defect::EventUpdateOverwrittenByOlder) || trigger == Trigger::EventRemoved {
            return false;
        }
        if trigger == Trigger::EventCreated {
            return true;
        }
        match news.compared(known) {
            Some(Ordering::Less) => true,
            Some(Ordering::Equal) if self.has(Defect::SameSecondIsDuplicate) => true,
            // Of one second, or of dates that nobody can read: how far it has come has to do.
            Some(Ordering::Equal) | None => news.status < known.status,
            Some(Ordering::Greater) => false,
        }
    }

    /// Only a defect does.
    fn forgets(&self, event: &Event) -> bool {
        self.has(Defect::EventDeletionForgotten) && event.status == Stage::Deleted
    }

    fn has(&self, defect: Defect) -> bool {
        self.defects.contains(&defect)
    }

    fn entries(&self) -> MutexGuard<'_, BTreeMap<String, Entry>> {
        // Every write is a single insert, so the map is whole even if a holder panicked.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
