//! Dead letters: webhooks of which every attempt has failed. Where the vendor keeps them, they can
//! be sent again by hand.

use jiff::Timestamp;

use super::{Delivery, Run};
use crate::journal::EntryKind;
use crate::journal::entry::DeliveryId;
use crate::sim::AccountIndex;

impl Run {
    /// Keeps a webhook whose last attempt was made at this moment.
    pub(super) fn keep_dead(&mut self, id: DeliveryId, at: Timestamp) {
        let of = self.of_delivery(id);
        let Some(delivery) = self.deliveries.get_mut(id) else { return };
        delivery.dead_since = Some(at);
        let seq = delivery.webhook.seq;
        self.record_effect(at, of, EntryKind::DeadLettered { seq });
    }

    /// Sends the dead letters of an account again (all that are kept, or those of a name), in the
    /// order in which they were caused, with the same bytes and all their attempts before them
    /// again. Returns how many.
    ///
    /// They leave now, or once the last of their attempts was made if that is later. What is still
    /// to be tried is not dead yet: settle the run first to send that too.
    pub fn send_dead_letters(&mut self, account: AccountIndex, name: Option<&str>) -> usize {
        let of = self.of_account(account);
        self.record_input(of, EntryKind::DeadLettersSent(name.map(str::to_owned)));
        let mut again = Vec::new();
        for delivery in self.deliveries.iter_mut() {
            let meant = delivery.account == account
                && name.is_none_or(|name| delivery.webhook.name.as_deref() == Some(name));
            if let Some(since) = delivery.dead_since.take_if(|_| meant) {
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
