//! When each attempt is made. Attempts of the same moment are made in the order in which they were
//! planned.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::journal::entry::DeliveryId;

/// The attempts that are planned.
#[derive(Debug, Default)]
pub struct Schedule {
    due: BTreeMap<(Timestamp, u64), DeliveryId>,
    count: u64,
}

impl Schedule {
    /// Plans the next attempt of a delivery.
    pub fn plan(&mut self, at: Timestamp, delivery: DeliveryId) {
        self.count += 1;
        self.due.insert((at, self.count), delivery);
    }

    /// The moment of the next attempt.
    pub fn next(&self) -> Option<Timestamp> {
        self.due.keys().next().map(|(at, _)| *at)
    }

    /// Removes and returns the next attempt, if it is due by this moment.
    pub fn pop(&mut self, until: Timestamp) -> Option<(Timestamp, DeliveryId)> {
        let first = self.due.first_entry().filter(|first| first.key().0 <= until)?;
        let ((at, _), delivery) = first.remove_entry();
        Some((at, delivery))
    }

    /// Keeps only the attempts of these deliveries.
    pub fn retain(&mut self, keep: impl Fn(DeliveryId) -> bool) {
        self.due.retain(|_, delivery| keep(*delivery));
    }
}
