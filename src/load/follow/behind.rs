//! With how many subjects the receiver was behind, second by second.

use std::time::Duration;

use crate::load::seconds::Seconds;

/// With how many subjects the receiver was behind.
#[derive(Clone, Debug, Default)]
pub struct Behind {
    /// The most in each second, as what waited in it.
    pub seconds: Seconds,
    /// The most at a moment.
    pub most: u64,
    /// How many it is now.
    pub now: u64,
}

impl Behind {
    /// It is behind with so many at this moment, from the beginning.
    pub fn note(&mut self, at: Duration, now: u64) {
        let second = self.seconds.at(at);
        second.backlog = second.backlog.max(now);
        self.most = self.most.max(now);
        self.now = now;
    }
}
