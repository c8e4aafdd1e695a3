//! Which webhooks wait for which: those of one lane are sent one after the other.

use std::collections::{HashMap, VecDeque};

/// What is sent, by lane.
pub struct Lanes<T> {
    /// Lanes in which something is under way, with what waits behind it.
    busy: HashMap<u64, VecDeque<T>>,
    waiting: usize,
}

impl<T> Default for Lanes<T> {
    fn default() -> Self {
        Self { busy: HashMap::new(), waiting: 0 }
    }
}

impl<T> Lanes<T> {
    /// Gives back what may be sent at once; else it waits.
    pub fn enter(&mut self, lane: u64, what: T) -> Option<T> {
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
    pub fn leave(&mut self, lane: u64) -> Option<T> {
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
        let mut lanes = Lanes::default();
        assert_eq!(lanes.enter(1, "a"), Some("a"));
        assert_eq!(lanes.enter(1, "b"), None);
        assert_eq!(lanes.enter(2, "c"), Some("c"));
        assert_eq!(lanes.enter(1, "d"), None);
        assert_eq!(lanes.waiting(), 2);
        assert_eq!(lanes.leave(1), Some("b"));
        assert_eq!(lanes.leave(1), Some("d"));
        assert_eq!(lanes.leave(1), None);
        assert_eq!((lanes.waiting(), lanes.is_empty()), (0, false));
        assert_eq!(lanes.leave(2), None);
        assert!(lanes.is_empty());
        assert_eq!(lanes.enter(1, "e"), Some("e"));
    }
}
