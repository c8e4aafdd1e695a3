//! The waitlist of a location as a line, and the estimated wait in it.

use std::time::Duration;

use super::visit::VisitNumber;

/// The number of service times from which a wait is estimated.
const REMEMBERED: usize = 12;

/// The visits that wait at a location, in order.
#[derive(Debug, Default)]
pub struct Line {
    waiting: Vec<VisitNumber>,
}

impl Line {
    /// How many wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// The visit at an index, from 0.
    pub fn at(&self, place: usize) -> VisitNumber {
        self.waiting[place]
    }

    /// Adds a visit at the end. Returns its position, from 1.
    pub fn join(&mut self, visit: VisitNumber) -> u32 {
        self.waiting.push(visit);
        self.waiting.len() as u32
    }

    /// Removes the visit at this position. Every visit behind it moves up.
    pub fn leave(&mut self, position: u32) {
        self.waiting.remove(position as usize - 1);
    }

    /// Moves a visit to another position, or to the end if the position is beyond it. Returns the
    /// new position.
    pub fn shift(&mut self, from: u32, to: u32) -> u32 {
        let to = (to as usize).clamp(1, self.waiting.len());
        let visit = self.waiting.remove(from as usize - 1);
        self.waiting.insert(to - 1, visit);
        to as u32
    }
}

/// How fast a location serves: the mean of its last service times, in seconds.
#[derive(Debug)]
pub struct Pace {
    recent: [u64; REMEMBERED],
    known: usize,
    next: usize,
    sum: u64,
    servers: u64,
}

impl Pace {
    /// Until there are service times, this one is used.
    pub fn new(usual: Duration, servers: usize) -> Self {
        let mut recent = [0; REMEMBERED];
        recent[0] = usual.as_secs();
        Self { recent, known: 1, next: 1, sum: recent[0], servers: servers as u64 }
    }

    /// Records how long a visit was served. A time below one second is ignored.
    pub fn remember(&mut self, served: Duration) {
        let seconds = served.as_secs();
        if seconds == 0 {
            return;
        }
        self.sum = self.sum + seconds - self.recent[self.next];
        self.recent[self.next] = seconds;
        self.next = (self.next + 1) % REMEMBERED;
        self.known = (self.known + 1).min(REMEMBERED);
    }

    /// The estimated wait at a position, in seconds. It depends on the number of visits ahead and
    /// of resources. At the same pace, a lower position never has a longer wait.
    pub fn estimate(&self, position: u32) -> u64 {
        u64::from(position).saturating_mul(self.sum) / (self.known as u64 * self.servers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Numbers;

    #[test]
    fn an_estimate_follows_the_last_service_times() {
        let mut pace = Pace::new(Duration::from_secs(300), 3);
        assert_eq!((pace.estimate(1), pace.estimate(5)), (100, 500));
        pace.remember(Duration::from_secs(100));
        assert_eq!(pace.estimate(3), 200);
        for _ in 0..REMEMBERED {
            pace.remember(Duration::from_secs(60));
        }
        assert_eq!(pace.estimate(3), 60, "old times are forgotten");
    }

    #[test]
    fn whoever_moves_beyond_the_end_is_last() {
        let mut line = Line::default();
        let visits: Vec<VisitNumber> = Numbers::first(4).collect();
        for visit in &visits {
            line.join(*visit);
        }
        assert_eq!(line.shift(1, 99), 4);
        let order = [1, 2, 3, 0].map(|place| visits[place]);
        assert_eq!([0, 1, 2, 3].map(|place| line.at(place)), order);
        line.leave(2);
        assert_eq!(line.len(), 3);
    }
}
