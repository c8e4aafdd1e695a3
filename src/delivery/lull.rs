//! How long nothing is sent after a vendor has hung up, in real time.
//!
//! A vendor's retry comes minutes later. In virtual time it would come at once, and meet the first attempt,
//! on which the receiver may still work. How long that takes, its answers tell.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// While no answer has been seen.
const UNKNOWN: Duration = Duration::from_millis(300);
/// How many times as long as the slowest answer, and within which bounds.
const TIMES: u32 = 3;
const SHORTEST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(2);

/// Learns from answers how long a receiver works on a request. Clones learn together.
#[derive(Clone, Debug, Default)]
pub struct Lull {
    /// How long the slowest answer took, in microseconds. None is 0.
    slowest: Arc<AtomicU64>,
}

impl Lull {
    /// Notes how long an answer took.
    pub fn note(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX).max(1);
        self.slowest.fetch_max(micros, Ordering::Relaxed);
    }

    /// How long to send nothing.
    pub fn length(&self) -> Duration {
        match self.slowest.load(Ordering::Relaxed) {
            0 => UNKNOWN,
            micros => Duration::from_micros(micros).saturating_mul(TIMES).clamp(SHORTEST, LONGEST),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_longer_for_slower_receivers_within_bounds() {
        let lull = Lull::default();
        assert_eq!(lull.length(), UNKNOWN);
        let clone = lull.clone();
        for (took_ms, length_ms) in [(1, 100), (50, 150), (20, 150), (400, 1_200), (30_000, 2_000)]
        {
            clone.note(Duration::from_millis(took_ms));
            assert_eq!(lull.length(), Duration::from_millis(length_ms), "{took_ms} ms");
        }
    }
}
