//! A location: its line, its calendar, its resources and services, and the counters that
//! `location-status.updated` shows.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::calendar::Calendar;
use super::line::{Line, Pace};
use super::state::LocationState;
use crate::model::SubjectIndex;

/// One location.
#[derive(Debug)]
pub struct Location {
    /// Its index among the account's subjects.
    pub index: SubjectIndex,
    /// 20 characters.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its name in links.
    pub short_name: String,
    /// Region and city, in lower case as in the examples.
    pub place: (&'static str, &'static str),
    /// Ids of its resources.
    pub resources: Vec<String>,
    /// Ids of its services.
    pub services: Vec<String>,
    /// The visits that wait.
    pub line: Line,
    /// How many parties may wait here; `None`: any number.
    pub limit: Option<u32>,
    /// How fast it serves.
    pub pace: Pace,
    /// The bookings to come.
    pub calendar: Calendar,
    /// How many visits each resource serves now.
    pub busy: Vec<u16>,
    /// How many tickets it has issued.
    pub tickets: u32,
    /// Its counters.
    pub status: Status,
    /// Whether the counters have changed since they were last emitted.
    pub changed: bool,
    /// Its status as rendered last.
    pub rendered: Vec<u8>,
}

/// The counters of a location.
#[derive(Debug)]
pub struct Status {
    /// Whether staff have closed it to guests.
    pub closed: bool,
    /// `numWaiting`: parties.
    pub waiting: u32,
    /// `numWaitingGuests`: people.
    pub waiting_guests: u32,
    /// Waiting parties, by size.
    pub by_party: BTreeMap<u8, u32>,
    /// `numServing`: parties.
    pub serving: u32,
    /// `numServingGuests`: people.
    pub serving_guests: u32,
    /// Whether every resource is busy.
    pub serving_full: bool,
    /// The estimated wait of a guest who joins now, in seconds.
    pub wait: u64,
    /// `nextTicket`
    pub next_ticket: u32,
    /// When any of this last changed.
    pub updated: Timestamp,
}

/// Whether a counter goes up or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// One party more.
    Up,
    /// One party less.
    Down,
}

impl Location {
    /// Its state.
    pub fn state(&self) -> LocationState {
        if self.status.closed { LocationState::Closed } else { LocationState::Open }
    }

    /// Whether no more guests can join the line.
    pub fn is_full(&self) -> bool {
        self.limit.is_some_and(|limit| self.status.waiting >= limit)
    }

    /// Counts a party that begins to wait, or no longer waits.
    pub fn count_waiting(&mut self, party: u8, by: Count) {
        let status = &mut self.status;
        let of_size = status.by_party.entry(party).or_default();
        by.apply(of_size, 1);
        if *of_size == 0 {
            status.by_party.remove(&party);
        }
        by.apply(&mut status.waiting, 1);
        by.apply(&mut status.waiting_guests, u32::from(party));
        self.changed = true;
    }

    /// Counts a party that this resource begins to serve, or has served.
    pub fn count_serving(&mut self, party: u8, resource: Option<u16>, by: Count) {
        by.apply(&mut self.status.serving, 1);
        by.apply(&mut self.status.serving_guests, u32::from(party));
        if let Some(resource) = resource {
            by.apply(&mut self.busy[usize::from(resource)], 1);
        }
        self.changed = true;
    }

    /// A resource that is not busy: the wanted one, or else the first.
    pub fn free(&self, wished: Option<u16>, capacity: u16) -> Option<u16> {
        let free = |resource: &u16| self.busy[usize::from(*resource)] < capacity;
        wished.filter(free).or_else(|| (0..self.busy.len() as u16).find(free))
    }

    /// `A001` to `A999`, then `B001` …
    pub fn next_ticket(&mut self) -> String {
        let letter = char::from(b'A' + (self.tickets / 999 % 26) as u8);
        let number = self.tickets % 999 + 1;
        self.tickets += 1;
        format!("{letter}{number:03}")
    }

    /// Closes it to guests, or opens it again.
    pub fn toggle_open(&mut self) {
        self.status.closed = !self.status.closed;
        self.changed = true;
    }

    /// Updates the counters that follow from the line and the resources.
    pub fn refresh(&mut self, capacity: u16, now: Timestamp) {
        self.status.serving_full = self.busy.iter().all(|busy| *busy >= capacity);
        self.status.wait = self.pace.estimate(self.line.len() as u32 + 1);
        self.status.next_ticket = self.tickets % 999 + 1;
        self.status.updated = now;
    }
}

impl Status {
    /// The counters of a location where nobody is yet.
    pub fn empty(wait: u64, now: Timestamp) -> Self {
        Self {
            closed: false,
            waiting: 0,
            waiting_guests: 0,
            by_party: BTreeMap::new(),
            serving: 0,
            serving_guests: 0,
            serving_full: false,
            wait,
            next_ticket: 1,
            updated: now,
        }
    }
}

impl Count {
    fn apply<N>(self, counter: &mut N, by: N)
    where
        N: Copy + std::ops::Add<Output = N> + std::ops::Sub<Output = N>,
    {
        *counter = if self == Self::Up { *counter + by } else { *counter - by };
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn tickets_are_a_letter_and_three_digits() {
        let mut location = location();
        assert_eq!(location.next_ticket(), "A001");
        location.tickets = 999;
        assert_eq!(location.next_ticket(), "B001");
        location.tickets = 26 * 999;
        assert_eq!(location.next_ticket(), "A001");
    }

    #[test]
    fn a_busy_resource_is_passed_over() {
        let mut location = location();
        location.count_serving(2, Some(1), Count::Up);
        assert_eq!(location.free(Some(1), 1), Some(0));
        assert_eq!(location.free(Some(1), 2), Some(1));
        location.count_serving(1, Some(0), Count::Up);
        assert_eq!(location.free(None, 1), None);
        location.refresh(1, Timestamp::UNIX_EPOCH);
        assert!(location.status.serving_full && location.changed);
        assert_eq!(location.status.serving_guests, 3);
    }

    fn location() -> Location {
        Location {
            index: SubjectIndex::FIRST,
            id: "l".repeat(20),
            name: "Downtown".to_owned(),
            short_name: "downtown".to_owned(),
            place: ("ny", "albany"),
            resources: vec!["r".repeat(20), "s".repeat(20)],
            services: Vec::new(),
            line: Line::default(),
            limit: None,
            pace: Pace::new(Duration::from_secs(300), 2),
            calendar: Calendar::default(),
            busy: vec![0, 0],
            tickets: 0,
            status: Status::empty(150, Timestamp::UNIX_EPOCH),
            changed: false,
            rendered: Vec::new(),
        }
    }
}
