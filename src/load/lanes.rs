//! Which webhooks wait for which: those of one lane are sent one after the other.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};

use crate::model::SubjectIndex;

/// Identifies a lane: its webhooks are sent one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lane(u64);

impl Lane {
    /// The lane of a subject of an account.
    pub fn of_subject(tenant: usize, subject: SubjectIndex) -> Self {
        Self((tenant as u64) << 32 | u64::from(subject.id(0, 1)))
    }

    /// The lane of all webhooks of a vendor.
    pub fn of_vendor(vendor: usize) -> Self {
        Self(u64::MAX - vendor as u64)
    }
}

/// Spreads lanes over a table. Nobody outside chooses their numbers, so that one multiplication is
/// enough.
#[derive(Default)]
pub struct Spread(u64);

impl Hasher for Spread {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, number: u64) {
        let product = u128::from(self.0 ^ number) * 0x9E37_79B9_7F4A_7C15;
        self.0 = (product >> 64) as u64 ^ product as u64;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Looking at more would take too long.
const MOST_COUNTED: usize = 20_000;

/// What is sent, by lane.
pub struct Lanes<T> {
    /// Lanes in which something is under way, with what waits behind it.
    busy: HashMap<Lane, VecDeque<T>, BuildHasherDefault<Spread>>,
    waiting: usize,
}

impl<T> Default for Lanes<T> {
    fn default() -> Self {
        Self { busy: HashMap::default(), waiting: 0 }
    }
}

impl<T> Lanes<T> {
    /// Gives back what may be sent at once; else it waits.
    pub fn enter(&mut self, lane: Lane, what: T) -> Option<T> {
        match self.busy.get_mut(&lane) {
            Some(behind) => {
                behind.push_back(what);
                self.waiting += 1;
                None
            }
            None => {
                self.busy.insert(lane, VecDeque::new());
                Some(what)
            }
        }
    }

    /// What was under way in a lane is over. Gives back what is next there.
    pub fn leave(&mut self, lane: Lane) -> Option<T> {
        let next = self.busy.get_mut(&lane).and_then(VecDeque::pop_front);
        match next {
            Some(_) => self.waiting -= 1,
            None => drop(self.busy.remove(&lane)),
        }
        next
    }

    /// Gives back all that wait behind another.
    pub fn drain(&mut self) -> impl Iterator<Item = T> {
        self.waiting = 0;
        self.busy.drain().flat_map(|(_, behind)| behind)
    }

    /// How many of those that wait behind another are such. If very many wait, it counts them all.
    pub fn count(&self, is_such: impl Fn(&T) -> bool) -> usize {
        if self.waiting > MOST_COUNTED {
            return self.waiting;
        }
        self.busy.values().flatten().filter(|one| is_such(one)).count()
    }

    /// How many wait behind another.
    pub fn waiting(&self) -> usize {
        self.waiting
    }

    /// Whether nothing is under way in any lane.
    pub fn is_empty(&self) -> bool {
        self.busy.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_after_the_other_in_a_lane_and_lanes_side_by_side() {
        let (mut lanes, [one, two]) = (Lanes::default(), [1, 2].map(Lane));
        assert_eq!(lanes.enter(one, "a"), Some("a"));
        assert_eq!(lanes.enter(one, "b"), None);
        assert_eq!(lanes.enter(two, "c"), Some("c"));
        assert_eq!(lanes.enter(one, "d"), None);
        assert_eq!(lanes.waiting(), 2);
        assert_eq!(lanes.leave(one), Some("b"));
        assert_eq!(lanes.leave(one), Some("d"));
        assert_eq!(lanes.leave(one), None);
        assert_eq!((lanes.waiting(), lanes.is_empty()), (0, false));
        assert_eq!(lanes.leave(two), None);
        assert!(lanes.is_empty());
        assert_eq!(lanes.enter(one, "e"), Some("e"));
    }
}
