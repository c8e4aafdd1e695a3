//! Makes webhooks: what their accounts do next, and the lanes in which they wait.

use super::Worker;
use super::delivery::{Delivery, Second};
use crate::clock::Moment;
use crate::load::lanes::Lane;
use crate::model::{Ordering, SubjectIndex};

impl Worker<'_> {
    /// Makes the next webhook. None if its account has no more, or too many wait.
    pub(super) fn make(&mut self, intended: Moment) -> Option<Delivery> {
        let room = self.backlog() < self.most;
        if let Some(crowded) = self.feed.crowded() {
            self.feed.forget_ended(crowded, self.watched.of(crowded));
        }
        let made = self.feed.pull()?;
        let (tenant, vendor, trigger, subject) =
            (made.tenant, made.vendor, made.trigger, made.subject);
        let (seq, entry) = self.journal.as_mut().map_or((0, 0), |journal| journal.caused(&made));
        if !room {
            self.tally.shed += 1;
            self.watched.lost(tenant, subject);
            return None;
        }
        let mut body = self.spare.pop().unwrap_or_default();
        body.extend_from_slice(made.body);
        let mark = self.watched.see(&self.feed, (tenant, subject, trigger), intended);
        let lane = self.lane(tenant, vendor, subject);
        let (due, attempt, second, struck) = (intended, 1, Second::No, None);
        let made = Delivery {
            trigger,
            subject,
            body,
            vendor,
            tenant,
            lane,
            intended,
            due,
            attempt,
            second,
            mark,
            struck,
            sending: None,
            seq,
            entry,
        };
        if self.faults.is_empty() { Some(made) } else { self.strike(made) }
    }

    /// Keeps the buffer of a body that is not needed any more for another.
    pub(super) fn put_away(&mut self, mut body: Vec<u8>) {
        if self.spare.len() < self.connections.len() {
            body.clear();
            self.spare.push(body);
        }
    }

    /// The lane of a webhook: those of one lane are sent one after the other. None if it waits for none.
    fn lane(&self, tenant: usize, vendor: usize, subject: SubjectIndex) -> Option<Lane> {
        match (self.plan.ordering, self.played[vendor].policy.ordering) {
            (Some(Ordering::None), _) => None,
            (Some(Ordering::Global), _) | (None, Ordering::Global) => Some(Lane::of_vendor(vendor)),
            // Also where the vendor lets nothing wait for a retry, a subject's attempts have an order.
            _ => Some(Lane::of_subject(tenant, subject)),
        }
    }

    /// Whether a webhook that waits for its retry holds its lane.
    pub(super) fn holds_while_retrying(&self, vendor: usize) -> bool {
        self.plan.ordering.unwrap_or(self.played[vendor].policy.ordering) != Ordering::None
    }
}
