//! When the scenarios begin that judge a subject whose id the user has set.
//!
//! All accounts have that id. So for the receiver they tell of one subject, and what is newer holds.
//! Such scenarios are played one after the other, behind all others, and each begins later in virtual
//! time than all before it have ended. Those that leave the subject in another state come last: a
//! receiver may never let it leave that state.

use std::time::Duration;

use jiff::Timestamp;

use crate::clock::after;

/// When a scenario is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// Beside others.
    Beside,
    /// Behind those, alone.
    Alone,
    /// The same, but behind all others.
    Last,
}

/// The distance between two starts is a multiple of four weeks, so that the day of the week and the
/// time of day stay the same.
const APART: Duration = Duration::from_secs(28 * 24 * 3600);

/// The first start after this end that is a multiple of the distance behind the start of the run.
pub fn next(start: Timestamp, ended: Option<Timestamp>) -> Timestamp {
    let Some(ended) = ended else { return start };
    let mut next = start;
    while next <= ended && next < after(next, APART) {
        next = after(next, APART);
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{END, default_start};

    #[test]
    fn each_begins_after_the_one_before_at_the_same_time_of_day() {
        let start = default_start();
        assert_eq!(next(start, None), start);
        assert_eq!(next(start, Some(start)), after(start, APART));
        let ended = after(start, APART * 2);
        assert_eq!(next(start, Some(ended)), after(start, APART * 3));
        assert_eq!(next(start, Some(END)), END);
    }
}
