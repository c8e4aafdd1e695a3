//! Which connections are to be asked at which time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Instant;

/// A connection has few entries, and old ones do no harm: who wakes is asked whether it is time.
#[derive(Debug, Default)]
pub(crate) struct Sleepers(BinaryHeap<Reverse<(Instant, usize)>>);

impl Sleepers {
    pub(crate) fn add(&mut self, at: Instant, slot: usize) {
        self.0.push(Reverse((at, slot)));
    }

    /// The earliest time at which someone wakes.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.0.peek().map(|Reverse((at, _))| *at)
    }

    /// Someone who should be awake by now.
    pub(crate) fn wake(&mut self, now: Instant) -> Option<usize> {
        if self.next()? > now {
            return None;
        }
        self.0.pop().map(|Reverse((_, slot))| slot)
    }
}
