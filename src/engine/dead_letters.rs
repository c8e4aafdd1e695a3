//! Dead letters: webhooks of which every attempt has failed. Where the vendor keeps them, they can
//! be sent again by hand.

use jiff::Timestamp;

use super::{Delivery, Engine};
use crate::journal::Entry;
use crate::sim::AccountIndex;

impl Engine {
    /// Keeps a webhook whose last attempt was made at this moment.
    pub(super) fn keep_dead(&mut self, index: usize, at: Timestamp) {
        let delivery = &mut self.deliveries[index];
        delivery.dead_since = Some(at);
        let delivery = delivery.webhook.seq;
        self.journal.write(Entry::DeadLettered { at, delivery });
    }

    /// Sends the dead letters of an account again (all of them, or those of a name), in the order in
    /// which they were caused, with the same bytes and all their attempts before them again.
    ///
    /// First every attempt is made that is still to come: only then it is known which are dead. They
    /// leave now, or once the last of their attempts was made if that is later.
    pub async fn send_dead_letters(&mut self, account: AccountIndex, name: Option<&str>) {
        self.settle().await;
        for index in 0..self.deliveries.len() {
            let delivery = &mut self.deliveries[index];
            let meant = delivery.account == account
                && name.is_none_or(|name| delivery.webhook.name.as_deref() == Some(name));
            let Some(since) = delivery.dead_since.take_if(|_| meant) else { continue };
            let again = Delivery::again(delivery);
            self.deliveries.push(again);
            self.schedule(self.sim.now().max(since), self.deliveries.len() - 1);
        }
        self.settle().await;
    }
}
