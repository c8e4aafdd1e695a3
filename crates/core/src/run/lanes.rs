//! Which deliveries may not overtake which. Deliveries in one lane are sent one after the other.

use std::collections::{BTreeMap, BTreeSet};

use super::delivery::Delivery;
use super::endpoint::EndpointIndex;
use crate::journal::entry::DeliveryId;
use crate::model::{Ordering, Subject};
use crate::sim::AccountIndex;

/// The deliveries that block others, by lane.
#[derive(Debug, Default)]
pub struct Lanes(BTreeMap<Lane, Busy>);

/// All deliveries to an endpoint of an account, or only those about one subject.
type Lane = (AccountIndex, EndpointIndex, Option<Subject>);

#[derive(Debug, Default)]
struct Busy {
    /// Deliveries with an attempt under way.
    in_flight: BTreeSet<DeliveryId>,
    /// Deliveries that wait for their retry.
    retrying: BTreeSet<DeliveryId>,
}

fn lane(delivery: &Delivery, ordering: Ordering) -> Lane {
    let subject = (ordering == Ordering::PerSubject).then(|| delivery.webhook.subject.clone());
    (delivery.account, delivery.endpoint, subject)
}

impl Lanes {
    /// The delivery that blocks this one now: an earlier one that waits for its retry, or any with
    /// an attempt under way.
    pub fn blocker(&self, delivery: &Delivery, ordering: Ordering) -> Option<DeliveryId> {
        if ordering == Ordering::None {
            return None;
        }
        let busy = self.0.get(&lane(delivery, ordering))?;
        let earlier = busy.retrying.range(..delivery.id).next();
        earlier.or_else(|| busy.in_flight.first()).copied()
    }

    /// Notes that an attempt of a delivery begins.
    pub fn begin(&mut self, delivery: &Delivery, ordering: Ordering) {
        let busy = self.0.entry(lane(delivery, ordering)).or_default();
        busy.retrying.remove(&delivery.id);
        busy.in_flight.insert(delivery.id);
    }

    /// Notes that a delivery waits for its retry.
    pub fn retry(&mut self, delivery: &Delivery, ordering: Ordering) {
        let busy = self.0.entry(lane(delivery, ordering)).or_default();
        busy.in_flight.remove(&delivery.id);
        busy.retrying.insert(delivery.id);
    }

    /// Removes a delivery that is over.
    pub fn remove(&mut self, delivery: &Delivery, ordering: Ordering) {
        let lane = lane(delivery, ordering);
        let Some(busy) = self.0.get_mut(&lane) else { return };
        busy.in_flight.remove(&delivery.id);
        busy.retrying.remove(&delivery.id);
        if busy.in_flight.is_empty() && busy.retrying.is_empty() {
            self.0.remove(&lane);
        }
    }

    /// The deliveries to an endpoint that wait for their retry, in order.
    pub fn retrying_of(&self, account: AccountIndex, to: EndpointIndex) -> Vec<DeliveryId> {
        let lanes = self.0.range((account, to, None)..(account, to + 1, None));
        let mut retrying: Vec<_> =
            lanes.flat_map(|(_, busy)| busy.retrying.iter().copied()).collect();
        retrying.sort_unstable();
        retrying
    }
}
