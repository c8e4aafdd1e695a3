//! How long nothing is sent after a vendor has hung up, in real time.
//!
//! A vendor's retry comes minutes later. In virtual time it would come at once, and meet the first attempt,
//! on which the receiver may still work. How long that takes, its answers tell.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// While fewer webhooks than this were accepted.
const UNKNOWN: Duration = Duration::from_millis(300);
const FEW: u64 = 8;
/// How many times as long as the slowest of them took, and within which bounds.
const TIMES: u32 = 3;
const SHORTEST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(2);

/// Learns from accepted webhooks how long a receiver works on one: a refusal takes less. Clones learn together.
#[derive(Clone, Debug, Default)]
pub struct Lull(Arc<Learnt>);

#[derive(Debug, Default)]
struct Learnt {
    /// How many webhooks were accepted.
    count: AtomicU64,
    /// How long the slowest of them took, in microseconds.
    slowest: AtomicU64,
}

impl Lull {
    /// Notes how long it took until a webhook was accepted.
    pub fn note(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.0.slowest.fetch_max(micros, Ordering::Relaxed);
        self.0.count.fetch_add(1, Ordering::Relaxed);
    }

    /// How long to send nothing.
    pub fn length(&self) -> Duration {
        let slowest = Duration::from_micros(self.0.slowest.load(Ordering::Relaxed));
        let known = slowest.saturating_mul(TIMES).clamp(SHORTEST, LONGEST);
        if self.0.count.load(Ordering::Relaxed) < FEW { known.max(UNKNOWN) } else { known }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_longer_for_slower_receivers_within_bounds() {
        let lull = Lull::default();
        let clone = lull.clone();
        for took_ms in [0, 1, 1, 1, 1, 1, 1] {
            clone.note(Duration::from_millis(took_ms));
            assert_eq!(lull.length(), UNKNOWN);
        }
        for (took_ms, length_ms) in [(1, 100), (50, 150), (20, 150), (400, 1_200), (30_000, 2_000)]
        {
            clone.note(Duration::from_millis(took_ms));
            assert_eq!(lull.length(), Duration::from_millis(length_ms), "{took_ms} ms");
        }
    }

    #[test]
    fn one_slow_webhook_counts_at_once() {
        let lull = Lull::default();
        lull.note(Duration::from_millis(400));
        assert_eq!(lull.length(), Duration::from_millis(1_200));
    }
}
