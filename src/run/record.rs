//! What the run was told and what followed, as entries for a journal.

use std::sync::Arc;

use jiff::Timestamp;

use super::Run;
use crate::journal::entry::{BelongsTo, DeliveryId, EntryId};
use crate::journal::{Entry, What};
use crate::sim::AccountIndex;

/// Entries that nobody has taken yet.
#[derive(Debug, Default)]
pub struct Record {
    pub(super) entries: Vec<Entry>,
    pub(super) next: EntryId,
    /// What the run was told last: whatever happens now follows from it.
    pub(super) cause: Option<EntryId>,
}

/// It belongs to the run as a whole.
pub fn nothing() -> BelongsTo {
    BelongsTo::default()
}

/// It belongs to the account of this name.
pub fn of(account: &Arc<str>) -> BelongsTo {
    BelongsTo { account: Some(Arc::clone(account)), ..BelongsTo::default() }
}

impl Run {
    /// The entries since the last call, in order. They are to be written before anything is sent
    /// that was polled since.
    pub fn take_entries(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.record.entries)
    }

    pub(super) fn of_account(&self, account: AccountIndex) -> BelongsTo {
        of(&self.channels[account].name)
    }

    pub(super) fn of_delivery(&self, id: DeliveryId) -> BelongsTo {
        let Some(delivery) = self.deliveries.get(id) else { return nothing() };
        BelongsTo {
            action: delivery.action,
            delivery: Some(id),
            ..self.of_account(delivery.account)
        }
    }

    pub(super) fn of_attempt(&self, id: DeliveryId, number: u32) -> BelongsTo {
        BelongsTo { attempt: Some(number), ..self.of_delivery(id) }
    }

    /// The run was told something.
    pub(super) fn told(&mut self, of: BelongsTo, what: What) -> EntryId {
        self.told_at(self.sim.now(), of, what)
    }

    pub(super) fn told_at(&mut self, at: Timestamp, of: BelongsTo, what: What) -> EntryId {
        self.record.cause = None;
        let id = self.write(at, of, what);
        self.record.cause = Some(id);
        id
    }

    /// Something followed from what the run was told last.
    pub(super) fn follows(&mut self, at: Timestamp, of: BelongsTo, what: What) -> EntryId {
        self.write(at, of, what)
    }

    fn write(&mut self, at: Timestamp, of: BelongsTo, what: What) -> EntryId {
        let id = self.record.next;
        self.record.next += 1;
        self.record.entries.push(Entry { id, cause: self.record.cause, at, of, what });
        id
    }
}
