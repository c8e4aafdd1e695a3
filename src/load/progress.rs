//! What a person sees of a run while it goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering as Atomic};
use std::time::Duration;

use super::interim::Interim;
use super::tally::Counts;

/// What a person sees of a run while it goes on. Its thread alone writes it: about every 10 ms, and
/// the latencies with each answer.
#[derive(Debug)]
pub struct Progress {
    sent: AtomicU64,
    accepted: AtomicU64,
    refused: AtomicU64,
    failed: AtomicU64,
    shed: AtomicU64,
    in_flight: AtomicU64,
    backlog: AtomicU64,
    latencies: [AtomicU64; BUCKETS],
    /// All counts, for whoever asks.
    pub interim: Interim,
}

impl Default for Progress {
    fn default() -> Self {
        let zero = || AtomicU64::new(0);
        Self {
            sent: zero(),
            accepted: zero(),
            refused: zero(),
            failed: zero(),
            shed: zero(),
            in_flight: zero(),
            backlog: zero(),
            latencies: std::array::from_fn(|_| zero()),
            interim: Interim::default(),
        }
    }
}

/// The counts of all threads at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// First attempts that were made.
    pub sent: u64,
    /// Those that were accepted.
    pub accepted: u64,
    /// Those that were refused.
    pub refused: u64,
    /// Those that failed in another way.
    pub failed: u64,
    /// Webhooks that were never sent.
    pub shed: u64,
    /// Requests that are under way.
    pub in_flight: u64,
    /// Webhooks that are due and wait.
    pub backlog: u64,
}

/// How many latencies fall into which bucket: eight buckets for each power of two of microseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Latencies([u64; BUCKETS]);

const BUCKETS: usize = 256;
/// The bits that tell the buckets of one power of two apart.
const BITS: u32 = 3;

fn bucket(microseconds: u64) -> usize {
    let shift = (u64::BITS - microseconds.leading_zeros()).saturating_sub(BITS + 1);
    let place = u64::from(shift) * (1 << BITS) + (microseconds >> shift);
    (place as usize).min(BUCKETS - 1)
}

/// The longest latency of a bucket.
fn longest(bucket: usize) -> u64 {
    let (bucket, size) = (bucket as u64, 1 << BITS);
    let shift = (bucket / size).saturating_sub(1);
    ((bucket - shift * size + 1) << shift) - 1
}

impl Progress {
    /// Publishes the counts of a thread.
    pub fn publish<'a>(
        &self,
        counts: impl Iterator<Item = &'a Counts>,
        (shed, in_flight, backlog): (u64, usize, usize),
    ) {
        let (mut sent, mut accepted, mut refused, mut failed) = (0, 0, 0, 0);
        for counts in counts {
            sent += counts.sent;
            accepted += counts.accepted;
            refused += counts.refused;
            failed += counts.failed;
        }
        let values = [
            (&self.sent, sent),
            (&self.accepted, accepted),
            (&self.refused, refused),
            (&self.failed, failed),
            (&self.shed, shed),
            (&self.in_flight, in_flight as u64),
            (&self.backlog, backlog as u64),
        ];
        values.into_iter().for_each(|(place, value)| place.store(value, Atomic::Relaxed));
    }

    /// Counts the latency of an answer. One thread writes, so adding needs no lock and no read-modify-write.
    pub fn answered(&self, latency: Duration) {
        let count = &self.latencies[bucket(latency.as_micros() as u64)];
        count.store(count.load(Atomic::Relaxed) + 1, Atomic::Relaxed);
    }

    /// The counts of these threads together.
    pub fn sum(threads: &[Arc<Self>]) -> Snapshot {
        let sum = |of: fn(&Self) -> &AtomicU64| {
            threads.iter().map(|one| of(one).load(Atomic::Relaxed)).sum()
        };
        Snapshot {
            sent: sum(|one| &one.sent),
            accepted: sum(|one| &one.accepted),
            refused: sum(|one| &one.refused),
            failed: sum(|one| &one.failed),
            shed: sum(|one| &one.shed),
            in_flight: sum(|one| &one.in_flight),
            backlog: sum(|one| &one.backlog),
        }
    }

    /// All latencies of these threads so far.
    pub fn latencies(threads: &[Arc<Self>]) -> Latencies {
        let count = |place: usize| {
            threads.iter().map(|one| one.latencies[place].load(Atomic::Relaxed)).sum()
        };
        Latencies(std::array::from_fn(count))
    }
}

impl Default for Latencies {
    fn default() -> Self {
        Self([0; BUCKETS])
    }
}

impl Latencies {
    /// Those that came after the earlier ones.
    pub fn since(&self, earlier: &Self) -> Self {
        Self(std::array::from_fn(|place| self.0[place].saturating_sub(earlier.0[place])))
    }

    /// The latency that this share of them, in percent, does not exceed, to about 6 %. None if there
    /// is none.
    pub fn percentile(&self, percent: f64) -> Option<Duration> {
        let all: u64 = self.0.iter().sum();
        let wanted = (all as f64 * percent / 100.0).ceil().max(1.0) as u64;
        let mut seen = 0;
        let place = self.0.iter().position(|count| {
            seen += count;
            seen >= wanted
        });
        place.map(|place| Duration::from_micros(longest(place)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_holds_its_latencies_to_an_eighth() {
        for microseconds in (0..100_000).chain([4_000_000, 3_600_000_000]) {
            let upper = longest(bucket(microseconds));
            assert!(upper >= microseconds, "{microseconds}: {upper}");
            assert!(upper - microseconds <= microseconds / 8, "{microseconds}: {upper}");
        }
        assert_eq!(bucket(u64::MAX), BUCKETS - 1);
    }

    #[test]
    fn percentiles_are_those_of_the_time_since() {
        let progress = [Arc::new(Progress::default()), Arc::new(Progress::default())];
        progress[0].answered(Duration::from_secs(9));
        let before = Progress::latencies(&progress);
        for milliseconds in 1..=100 {
            progress[milliseconds % 2].answered(Duration::from_millis(milliseconds as u64));
        }
        let since = Progress::latencies(&progress).since(&before);
        let at = |percent| since.percentile(percent).expect("some").as_secs_f64() * 1000.0;
        assert!((50.0..56.0).contains(&at(50.0)), "{}", at(50.0));
        assert!((99.0..112.0).contains(&at(99.0)), "{}", at(99.0));
        assert_eq!(before.since(&before).percentile(50.0), None);
    }
}
