//! What a thread tells of the subjects whose effects are looked at.

use super::{Delivery, Worker};
use crate::load::follow::Source;

impl Worker<'_> {
    /// Follows subjects while the load runs.
    pub fn tell_to(&mut self, source: Source) {
        self.watched.follow(source, &self.feed);
    }

    /// A webhook was accepted in the end, by the answer that came last.
    pub(super) fn tell_accepted(&mut self, delivery: &Delivery) {
        if let Some(begun) = self.begun
            && delivery.mark.is_some()
        {
            let subject = (delivery.tenant, delivery.subject);
            self.watched.accepted(subject, delivery.mark, (begun + self.last, begun));
        }
    }

    /// A webhook leaves. If it is not for the first time, the receiver may have got it already.
    pub(super) fn tell_sent(&mut self, delivery: &Delivery) {
        if delivery.attempt > 1 || delivery.is_copy() {
            self.watched.again(delivery.tenant, delivery.subject);
        }
    }
}
