//! A location as its staff see it.

use std::collections::VecDeque;

use jiff::Timestamp;

use crate::model::SubjectIndex;
use crate::vendors::arrivals::Arrivals;

/// A location as its staff see it.
pub struct Floor {
    /// The arrivals of guests.
    pub arrivals: Arrivals,
    /// Its index among the account's subjects.
    pub location: SubjectIndex,
    /// Guests of bookings who have come in. They are served before those who wait.
    pub booked: VecDeque<SubjectIndex>,
    /// Guests on the waitlist who are not alerted yet, in the order of the line. The guest of a
    /// booking that moved there by itself may not have come in yet.
    pub waiting: VecDeque<SubjectIndex>,
    /// Guests who are on their way to a desk.
    pub alerted: Vec<SubjectIndex>,
    /// Desks that are free.
    pub idle: Vec<usize>,
    /// When each desk's next break is due.
    pub next_break: Vec<Timestamp>,
    /// From when on staff close it for a while.
    pub closes: Timestamp,
    /// The guests who were served last. They may come back.
    pub regulars: VecDeque<SubjectIndex>,
}

impl Floor {
    /// A location where nobody is yet, with the time of each desk's next break, and of the time
    /// from when on it is closed for a while.
    pub fn new(
        location: SubjectIndex,
        arrivals: Arrivals,
        next_break: Vec<Timestamp>,
        closes: Timestamp,
    ) -> Self {
        Self {
            arrivals,
            location,
            booked: VecDeque::new(),
            waiting: VecDeque::new(),
            alerted: Vec::new(),
            idle: (0..next_break.len()).rev().collect(),
            next_break,
            closes,
            regulars: VecDeque::new(),
        }
    }

    /// The location, and the guests whom its staff have in mind.
    pub fn mentions(&self) -> impl Iterator<Item = SubjectIndex> {
        let here = [&self.booked, &self.waiting, &self.regulars].into_iter().flatten();
        here.chain(&self.alerted).chain([&self.location]).copied()
    }
}
