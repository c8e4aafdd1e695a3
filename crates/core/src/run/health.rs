//! The health of an endpoint: whether its attempts succeed, and whether the vendor still sends to it.
//!
//! Attempts are noted when they are made. That is not always in the order of virtual time: while a
//! run settles, retries are made ahead of the simulation, and later webhooks can have earlier
//! attempts. So every attempt ahead of the simulation is kept with its moment, and a success ends
//! only the failures before it.

use std::collections::BTreeSet;
use std::ops::Bound::{Excluded, Unbounded};
use std::time::Duration;

use jiff::Timestamp;

use crate::clock::between;

/// The health of one endpoint: over all its URLs.
#[derive(Debug, Default)]
pub struct Health {
    deactivated: bool,
    /// The first failed attempt since the last success, among the moments that the simulation has
    /// passed.
    failing_since: Option<Timestamp>,
    /// Moments of failed attempts that the simulation has not reached yet.
    failures: BTreeSet<Timestamp>,
    /// Moments of successes that the simulation has not reached yet.
    successes: BTreeSet<Timestamp>,
}

impl Health {
    /// Whether the vendor has stopped sending to it.
    pub fn is_deactivated(&self) -> bool {
        self.deactivated
    }

    /// Activates it again, and forgets its failures.
    pub fn reactivate(&mut self) {
        *self = Self::default();
    }

    /// Notes an attempt that succeeded.
    pub fn succeed(&mut self, at: Timestamp, now: Timestamp) {
        self.successes.insert(at);
        self.prune(now);
    }

    /// Notes an attempt that failed. If attempts have failed without a success for longer than
    /// `limit`, deactivates the endpoint and returns when the failures began.
    pub fn fail(&mut self, at: Timestamp, now: Timestamp, limit: Duration) -> Option<Timestamp> {
        self.failures.insert(at);
        let (first, last) = self.streak(at)?;
        if between(first, last) > limit {
            self.deactivated = true;
            return Some(first);
        }
        self.prune(now);
        None
    }

    /// The first and the last attempt of the streak of failures around a moment; `None` if an
    /// attempt succeeded at this very moment.
    fn streak(&self, at: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let first = match self.successes.range(..=at).next_back() {
            Some(success) => *self.failures.range((Excluded(*success), Unbounded)).next()?,
            None => self.failing_since.or_else(|| self.failures.first().copied())?,
        };
        let last = match self.successes.range((Excluded(at), Unbounded)).next() {
            Some(success) => *self.failures.range(..*success).next_back()?,
            None => *self.failures.last()?,
        };
        (first <= at).then_some((first, last))
    }

    /// No attempt is made any more at a moment that the simulation has passed. So of the moments
    /// before, only the beginning of the streak is kept.
    fn prune(&mut self, now: Timestamp) {
        let behind = |moments: &mut BTreeSet<Timestamp>| {
            let ahead = moments.split_off(&now);
            std::mem::replace(moments, ahead)
        };
        let (failures, successes) = (behind(&mut self.failures), behind(&mut self.successes));
        if let Some(success) = successes.last() {
            self.failing_since = failures.range((Excluded(*success), Unbounded)).next().copied();
        } else {
            self.failing_since = self.failing_since.or_else(|| failures.first().copied());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{after, default_start};

    const LIMIT: Duration = Duration::from_secs(72 * 3600);

    fn hour(hours: u64) -> Timestamp {
        after(default_start(), Duration::from_secs(hours * 3600))
    }

    /// An endpoint after these attempts: the hour of the simulation, the hour of the attempt, and
    /// whether it succeeded.
    fn after_all(attempts: &[(u64, u64, bool)]) -> (Health, Option<Timestamp>) {
        let mut endpoint = Health::default();
        let mut since = None;
        for (now, at, succeeded) in attempts {
            if *succeeded {
                endpoint.succeed(hour(*at), hour(*now));
            } else {
                since = since.or(endpoint.fail(hour(*at), hour(*now), LIMIT));
            }
        }
        (endpoint, since)
    }

    #[test]
    fn it_takes_more_than_the_limit_without_one_success() {
        let (endpoint, since) = after_all(&[(0, 0, false), (30, 30, false), (72, 72, false)]);
        assert!(!endpoint.is_deactivated(), "exactly the limit is not more: {since:?}");
        let (endpoint, since) = after_all(&[(1, 1, false), (30, 30, false), (74, 74, false)]);
        assert_eq!((endpoint.is_deactivated(), since), (true, Some(hour(1))));
        let (endpoint, _) = after_all(&[(0, 0, false), (30, 30, true), (74, 74, false)]);
        assert!(!endpoint.is_deactivated());
    }

    #[test]
    fn retries_made_ahead_of_the_simulation_count_too() {
        let (_, since) = after_all(&[(0, 0, false), (0, 40, false), (0, 80, false)]);
        assert_eq!(since, Some(hour(0)));
    }

    #[test]
    fn a_success_ends_only_what_failed_before_it() {
        // Retries made ahead, then a success between them, then failures again.
        let ahead = [(0, 0, false), (0, 20, false), (0, 60, false), (10, 10, true)];
        let (endpoint, _) = after_all(&[&ahead[..], &[(92, 92, false)]].concat());
        assert!(!endpoint.is_deactivated(), "hour 20 to 92 is exactly the limit");
        let (_, since) = after_all(&[&ahead[..], &[(93, 93, false)]].concat());
        assert_eq!(since, Some(hour(20)));
    }

    #[test]
    fn a_success_ahead_says_nothing_of_what_comes_before_it() {
        let (endpoint, _) = after_all(&[(0, 0, false), (0, 80, true), (70, 70, false)]);
        assert!(!endpoint.is_deactivated());
        let (_, since) = after_all(&[(0, 0, false), (0, 80, true), (75, 75, false)]);
        assert_eq!(since, Some(hour(0)), "75 hours had no success in them");
    }

    #[test]
    fn a_success_and_a_failure_at_the_same_moment_are_a_success() {
        let (endpoint, _) =
            after_all(&[(0, 0, false), (5, 5, true), (5, 5, false), (74, 74, false)]);
        assert!(!endpoint.is_deactivated());
    }

    #[test]
    fn what_went_wrong_before_a_reactivation_is_forgotten() {
        let (mut endpoint, _) = after_all(&[(0, 0, false), (0, 80, false)]);
        assert!(endpoint.is_deactivated());
        endpoint.reactivate();
        assert_eq!(endpoint.fail(hour(81), hour(81), LIMIT), None);
        assert!(!endpoint.is_deactivated());
    }
}
