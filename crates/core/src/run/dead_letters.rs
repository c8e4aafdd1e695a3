//! Dead letters: webhooks whose every attempt has failed. If the vendor keeps them, they can be
//! sent again by hand.

use jiff::Timestamp;

use super::{Delivery, Run};
use crate::journal::EntryKind;
use crate::journal::entry::DeliveryId;
use crate::sim::AccountIndex;

impl Run {
    /// Keeps a webhook as a dead letter since its last attempt, at this moment.
    pub(super) fn keep_dead_letter(&mut self, id: DeliveryId, at: Timestamp) {
        let context = self.delivery_context(id);
        let Some(delivery) = self.deliveries.get_mut(id) else { return };
        delivery.dead_since = Some(at);
        let seq = delivery.webhook.seq;
        self.record_effect(at, context, EntryKind::DeadLettered { seq });
    }

    /// Sends the dead letters of an account again: all of them, or those of the subject with this
    /// name. They are sent in the order in which they were caused, with the same bytes, and each
    /// has all its attempts again. Returns how many there are.
    ///
    /// A dead letter is sent now, or at the time of its last attempt if that is later. A webhook
    /// that is still being retried is not a dead letter yet. Settle the run first to include it.
    pub fn send_dead_letters(&mut self, account: AccountIndex, name: Option<&str>) -> usize {
        let context = self.account_context(account);
        self.record_input(context, EntryKind::DeadLettersSent(name.map(str::to_owned)));
        let mut again = Vec::new();
        for delivery in self.deliveries.iter_mut() {
            let selected = delivery.account == account
                && name.is_none_or(|name| delivery.webhook.name.as_deref() == Some(name));
            if let Some(since) = delivery.dead_since.take_if(|_| selected) {
                again.push((since, Delivery::again(delivery)));
            }
        }
        let count = again.len();
        for (since, delivery) in again {
            let id = self.deliveries.push(delivery);
            self.plan(self.sim.now().max(since), id);
        }
        count
    }
}
