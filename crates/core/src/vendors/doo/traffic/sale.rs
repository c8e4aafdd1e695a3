//! The sale of one event: a rush when it opens, then bookers by the hour until the event begins.

use std::time::Duration;

use jiff::Timestamp;

use crate::chance::Chance;
use crate::clock::after;
use crate::model::SubjectIndex;
use crate::vendors::arrivals::Arrivals;

/// How long nobody tries to book after an attempt that found no places.
const SOLD_OUT_FOR: Duration = Duration::from_secs(3600);

/// Whether the tickets of a sale cost anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// They are free.
    Free,
    /// They have a price.
    Paid,
}

/// The sale of one event.
pub struct Sale {
    /// Whether its tickets cost anything.
    pub cost: Cost,
    /// The beginning of the event, as far as the traffic knows.
    pub start: Timestamp,
    /// How many bookers of the rush have not come yet.
    rush: u64,
    arrivals: Arrivals,
    /// The tickets that were sold.
    pub tickets: Vec<SubjectIndex>,
}

impl Sale {
    /// A sale with this many bookers in its opening rush.
    pub fn open(cost: Cost, rush: u64, start: Timestamp, arrivals: Arrivals) -> Self {
        Self { cost, start, rush, arrivals, tickets: Vec::new() }
    }

    /// When the next booker of the rush comes. Each comes at random, on average this long after the
    /// opening. So the waits become longer and longer.
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

    /// Lets nobody try to book for a while, because too few places are left.
    pub fn turn_away(&mut self, now: Timestamp) {
        self.rush = 0;
        self.arrivals.pause_until(after(now, SOLD_OUT_FOR));
    }

    /// When the next booker after the rush comes.
    pub fn next(&mut self) -> Option<Timestamp> {
        self.arrivals.next()
    }
}
