//! What a run has counted so far, for whoever asks while it goes on.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering as Atomic};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::seconds::Seconds;
use super::tally::{Counts, Tally};

/// Where a thread leaves its counts for whoever has asked. It copies them only then, and never waits.
#[derive(Debug, Default)]
pub struct Interim {
    asked: AtomicBool,
    given: Mutex<Option<SoFar>>,
}

/// What a thread has counted so far: all triggers together, and nothing second by second.
#[derive(Clone, Debug)]
pub struct SoFar {
    /// The counts.
    pub tally: Tally,
    /// For how long it has been sending.
    pub sending: Duration,
}

impl Interim {
    /// Asks for new counts.
    pub fn ask(&self) {
        self.asked.store(true, Atomic::Release);
    }

    /// Takes the counts that were given.
    pub fn take(&self) -> Option<SoFar> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Gives the counts, if somebody has asked.
    pub fn give(&self, counts: impl FnOnce() -> SoFar) {
        if self.asked.load(Atomic::Acquire)
            && let Ok(mut given) = self.given.try_lock()
        {
            self.asked.store(false, Atomic::Release);
            *given = Some(counts());
        }
    }
}

impl SoFar {
    /// What a thread has counted, whose counts by trigger are these.
    pub fn of<'a>(
        tally: &Tally,
        counts: impl Iterator<Item = &'a Counts>,
        sending: Duration,
    ) -> Self {
        let mut total = Counts::default();
        counts.filter(|one| one.sent > 0).for_each(|one| total.add(one));
        let tally = Tally {
            triggers: BTreeMap::from([(("", ""), total)]),
            statuses: BTreeMap::new(),
            errors: BTreeMap::new(),
            lag: tally.lag.clone(),
            faults: Vec::new(),
            seconds: Seconds::default(),
            ..*tally
        };
        Self { tally, sending }
    }

    /// Adds those of another thread.
    pub fn add(&mut self, other: &Self) {
        self.tally.add(&other.tally);
        self.sending = self.sending.max(other.sending);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn so_far(sent: u64, seconds: u64) -> SoFar {
        let counts = [Counts { sent, ..Counts::default() }, Counts::default()];
        let tally = Tally { retries: sent, ..Tally::default() };
        SoFar::of(&tally, counts.iter(), Duration::from_secs(seconds))
    }

    #[test]
    fn counts_are_given_once_to_who_has_asked() {
        let interim = Interim::default();
        interim.give(|| panic!("nobody has asked"));
        interim.ask();
        interim.give(|| so_far(3, 2));
        interim.give(|| panic!("nobody has asked again"));
        let given = interim.take().expect("it was asked for");
        assert_eq!((given.tally.retries, given.tally.total().sent), (3, 3));
        assert!(interim.take().is_none(), "it was taken");
    }

    #[test]
    fn counts_of_threads_are_added_and_their_times_are_not() {
        let mut all = so_far(3, 2);
        all.add(&so_far(4, 1));
        assert_eq!((all.tally.total().sent, all.sending), (7, Duration::from_secs(2)));
    }
}
