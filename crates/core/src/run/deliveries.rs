//! The deliveries of a run, by their id and by the `seq` of their webhook.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::delivery::Delivery;
use crate::journal::entry::DeliveryId;

/// The deliveries of a run.
#[derive(Debug, Default)]
pub struct Deliveries {
    all: BTreeMap<DeliveryId, Delivery>,
    /// The deliveries of each webhook, by its `seq`.
    by_seq: BTreeSet<(u64, DeliveryId)>,
    /// The deliveries that are over, in the order in which they ended.
    over: VecDeque<DeliveryId>,
    /// How many deliveries that are over are kept; `None`: all.
    limit: Option<usize>,
    next: DeliveryId,
}

impl Deliveries {
    /// All deliveries that are kept, in the order in which they were created.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Delivery> + ExactSizeIterator {
        self.all.values()
    }

    /// This delivery and those created after it, in order.
    pub fn since(&self, id: DeliveryId) -> impl DoubleEndedIterator<Item = &Delivery> {
        self.all.range(id..).map(|(_, delivery)| delivery)
    }

    /// The delivery that was created last.
    pub fn last(&self) -> Option<&Delivery> {
        self.all.values().next_back()
    }

    /// The delivery with this id, if it is kept.
    pub fn get(&self, id: DeliveryId) -> Option<&Delivery> {
        self.all.get(&id)
    }

    /// The deliveries of the webhook with this `seq`, in order.
    pub fn of_webhook(&self, seq: u64) -> impl DoubleEndedIterator<Item = &Delivery> {
        let range = self.by_seq.range((seq, DeliveryId::MIN)..=(seq, DeliveryId::MAX));
        range.filter_map(|(_, id)| self.all.get(id))
    }

    /// The id that the next delivery will get.
    pub fn next(&self) -> DeliveryId {
        self.next
    }

    /// How many deliveries are kept.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether no delivery is kept.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Delivery> {
        self.all.values_mut()
    }

    pub(super) fn get_mut(&mut self, id: DeliveryId) -> Option<&mut Delivery> {
        self.all.get_mut(&id)
    }

    /// Keeps only the last `deliveries` deliveries that are over.
    pub(super) fn limit(&mut self, deliveries: usize) {
        self.limit = Some(deliveries);
        self.drop_oldest();
    }

    /// How many deliveries that are over are kept; `None`: all.
    pub(super) fn most(&self) -> Option<usize> {
        self.limit
    }

    /// The deliveries that are not over, and the last `deliveries` that are.
    pub(super) fn last_over(&self, deliveries: usize) -> impl Iterator<Item = &Delivery> {
        let last = self.over.iter().rev().take(deliveries).filter_map(|id| self.all.get(id));
        self.all.values().filter(|delivery| !delivery.is_over()).chain(last)
    }

    /// Adds a delivery and gives it its id.
    pub(super) fn push(&mut self, mut delivery: Delivery) -> DeliveryId {
        let id = self.next;
        self.next += 1;
        delivery.id = id;
        self.by_seq.insert((delivery.webhook.seq, id));
        self.all.insert(id, delivery);
        id
    }

    /// Notes that a delivery has ended, and drops the oldest ones beyond the limit.
    pub(super) fn ended(&mut self, id: DeliveryId) {
        self.over.push_back(id);
        self.drop_oldest();
    }

    fn drop_oldest(&mut self) {
        while self.limit.is_some_and(|limit| self.over.len() > limit) {
            let Some(oldest) = self.over.pop_front() else { return };
            if let Some(delivery) = self.all.remove(&oldest) {
                self.by_seq.remove(&(delivery.webhook.seq, oldest));
            }
        }
    }
}
