//! A location as its staff see it.

use std::collections::VecDeque;

use jiff::Timestamp;

use crate::model::SubjectIndex;
use crate::vendors::arrivals::Arrivals;

/// A location as its staff see it.
pub struct Floor {
    /// When guests come.
    pub arrivals: Arrivals,
    /// Where it stands among the account's subjects.
    pub location: SubjectIndex,
    /// Bookings that have come in: they are served before those who wait.
    pub booked: VecDeque<SubjectIndex>,
    /// Those who wait and are not alerted yet, in the order of the line.
    pub waiting: VecDeque<SubjectIndex>,
    /// Those who are on their way to a desk.
    pub alerted: Vec<SubjectIndex>,
    /// Desks with nobody at them.
    pub idle: Vec<usize>,
    /// When each desk's next break is due.
    pub next_break: Vec<Timestamp>,
    /// The last guests who were served, and may come back.
    pub regulars: VecDeque<SubjectIndex>,
}

impl Floor {
    /// A location at which nobody is yet, with the next break of each of its desks.
    pub fn new(location: SubjectIndex, arrivals: Arrivals, next_break: Vec<Timestamp>) -> Self {
        Self {
            arrivals,
            location,
            booked: VecDeque::new(),
            waiting: VecDeque::new(),
            alerted: Vec::new(),
            idle: (0..next_break.len()).rev().collect(),
            next_break,
            regulars: VecDeque::new(),
        }
    }
}
