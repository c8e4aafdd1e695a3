//! The sale of one event: a rush when it opens, then bookers by the hour until the event begins.

use std::time::Duration;

use jiff::Timestamp;

use crate::chance::Chance;
use crate::clock::after;
use crate::model::SubjectIndex;
use crate::vendors::arrivals::Arrivals;

/// How long nobody tries to book after somebody found no places.
const SOLD_OUT_FOR: Duration = Duration::from_secs(3600);

/// Whether the tickets of a sale cost anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// Nobody pays.
    Free,
    /// Somebody pays for each.
    Paid,
}

/// A sale.
pub struct Sale {
    /// Whether its tickets cost anything.
    pub cost: Cost,
    /// When the event begins, as it is known.
    pub start: Timestamp,
    /// How many bookers of the rush are still to come.
    rush: u64,
    arrivals: Arrivals,
    /// Tickets that were sold.
    pub tickets: Vec<SubjectIndex>,
}

impl Sale {
    /// It opens, and so many bookers want to be among the first.
    pub fn open(cost: Cost, rush: u64, start: Timestamp, arrivals: Arrivals) -> Self {
        Self { cost, start, rush, arrivals, tickets: Vec::new() }
    }

    /// When the next booker of the rush comes: each comes by chance within about this long of the
    /// opening, so that with each that has come the next takes longer.
    pub fn next_in_rush(
        &mut self,
        lasts: Duration,
        now: Timestamp,
        chance: &mut Chance,
    ) -> Option<Timestamp> {
        let left = u32::try_from(self.rush).unwrap_or(u32::MAX);
        let mean = lasts.checked_div(left)?;
        self.rush -= 1;
        Some(after(now, chance.exponential(mean)))
    }

    /// There are not so many places left: whoever sees that does not try, for a while.
    pub fn turn_away(&mut self, now: Timestamp) {
        self.rush = 0;
        self.arrivals.pause_until(after(now, SOLD_OUT_FOR));
    }

    /// When the next booker comes by the hour.
    pub fn next(&mut self) -> Option<Timestamp> {
        self.arrivals.next()
    }
}
