//! What is due, in order of time. Entries for the same moment keep the order in which they were
//! added.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use jiff::Timestamp;

use crate::clock::END;

/// A queue of entries, each due at a moment.
#[derive(Debug)]
pub struct Agenda<T> {
    entries: BinaryHeap<Reverse<Entry<T>>>,
    count: u64,
}

#[derive(Debug)]
struct Entry<T> {
    at: Timestamp,
    count: u64,
    what: T,
}

impl<T> Default for Agenda<T> {
    fn default() -> Self {
        Self { entries: BinaryHeap::new(), count: 0 }
    }
}

impl<T> Agenda<T> {
    /// Adds an entry. An entry for the end of time never becomes due and is dropped.
    pub fn put(&mut self, at: Timestamp, what: T) {
        if at < END {
            self.count += 1;
            self.entries.push(Reverse(Entry { at, count: self.count, what }));
        }
    }

    /// When the next entry is due.
    pub fn next(&self) -> Option<Timestamp> {
        self.entries.peek().map(|Reverse(entry)| entry.at)
    }

    /// Takes the next entry, with the moment at which it is due.
    pub fn pop(&mut self) -> Option<(Timestamp, T)> {
        self.entries.pop().map(|Reverse(entry)| (entry.at, entry.what))
    }

    /// Takes the next entry, if it is due by this moment.
    pub fn pop_by(&mut self, moment: Timestamp) -> Option<(Timestamp, T)> {
        if self.next()? > moment { None } else { self.pop() }
    }

    /// What is due, in no order.
    pub fn entries(&self) -> impl Iterator<Item = &T> {
        self.entries.iter().map(|Reverse(entry)| &entry.what)
    }

    /// Drops all entries but these.
    pub fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        self.entries.retain(|Reverse(entry)| keep(&entry.what));
    }
}

impl<T> Entry<T> {
    fn place(&self) -> (Timestamp, u64) {
        (self.at, self.count)
    }
}

impl<T> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.place().cmp(&other.place())
    }
}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.place() == other.place()
    }
}

impl<T> Eq for Entry<T> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_at_the_same_moment_keeps_its_order() {
        let moment = |second| Timestamp::from_second(second).expect("a time");
        let mut agenda = Agenda::default();
        for (at, what) in [(2, "c"), (1, "a"), (2, "d"), (1, "b")] {
            agenda.put(moment(at), what);
        }
        agenda.put(END, "never");
        assert_eq!(agenda.pop_by(moment(0)), None);
        let order: Vec<_> = std::iter::from_fn(|| agenda.pop()).map(|(_, what)| what).collect();
        assert_eq!(order, ["a", "b", "c", "d"]);
    }
}
