//! How the run records its inputs and their effects.

use jiff::Timestamp;

use super::Run;
use super::record::{nothing, of};
use crate::journal::entry::{BelongsTo, DeliveryId, EntryId};
use crate::journal::{Entry, EntryKind};
use crate::sim::AccountIndex;

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

    /// Records an input of the run. Effects that are recorded from now on have it as their cause.
    pub(super) fn record_input(&mut self, of: BelongsTo, kind: EntryKind) -> EntryId {
        self.record_input_at(self.sim.now(), of, kind)
    }

    pub(super) fn record_input_at(
        &mut self,
        at: Timestamp,
        of: BelongsTo,
        kind: EntryKind,
    ) -> EntryId {
        self.record.cause = None;
        let id = self.record_effect(at, of, kind);
        self.record.cause = Some(id);
        id
    }

    /// Records an effect of the last input.
    pub(super) fn record_effect(
        &mut self,
        at: Timestamp,
        of: BelongsTo,
        kind: EntryKind,
    ) -> EntryId {
        let id = self.record.next;
        self.record.next += 1;
        self.record.entries.push(Entry { id, cause: self.record.cause, at, of, kind });
        id
    }
}
