//! How the run records its inputs and their effects.

use jiff::Timestamp;

use super::Run;
use super::record::{account_context, run_context};
use crate::journal::entry::{Context, DeliveryId, EntryId};
use crate::journal::{Entry, EntryKind};
use crate::sim::AccountIndex;

impl Run {
    /// The entries since the last call, in order. Write them before you send any ticket that was
    /// polled since.
    pub fn take_entries(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.record.entries)
    }

    pub(super) fn account_context(&self, account: AccountIndex) -> Context {
        account_context(&self.channels[account].name)
    }

    pub(super) fn delivery_context(&self, id: DeliveryId) -> Context {
        let Some(delivery) = self.deliveries.get(id) else { return run_context() };
        Context {
            action: delivery.action,
            delivery: Some(id),
            ..self.account_context(delivery.account)
        }
    }

    pub(super) fn attempt_context(&self, id: DeliveryId, number: u32) -> Context {
        Context { attempt: Some(number), ..self.delivery_context(id) }
    }

    /// Records an input of the run. It is the cause of the effects that are recorded after it.
    pub(super) fn record_input(&mut self, context: Context, kind: EntryKind) -> EntryId {
        self.record_input_at(self.sim.now(), context, kind)
    }

    pub(super) fn record_input_at(
        &mut self,
        at: Timestamp,
        context: Context,
        kind: EntryKind,
    ) -> EntryId {
        self.record.cause = None;
        let id = self.record_effect(at, context, kind);
        self.record.cause = Some(id);
        id
    }

    /// Records an effect of the last input or result.
    pub(super) fn record_effect(
        &mut self,
        at: Timestamp,
        context: Context,
        kind: EntryKind,
    ) -> EntryId {
        let id = self.record.next;
        self.record.next += 1;
        self.record.entries.push(Entry { id, cause: self.record.cause, at, context, kind });
        id
    }
}
