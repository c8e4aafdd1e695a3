//! Time. The virtual clock is plain arithmetic on [`Timestamp`]; this file is the only reader of
//! the system clock, which measures latency and stamps reports, and nothing else.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

/// When virtual time begins unless a start is given: a Tuesday morning, well in the future, so
/// that a stray payload is easily told from a real one.
pub const DEFAULT_START: &str = "2031-03-04T08:00:00Z";

/// When virtual time begins unless a start is given.
pub fn default_start() -> Timestamp {
    DEFAULT_START.parse().unwrap_or_else(|_| panic!("{DEFAULT_START} is a timestamp"))
}

/// A moment later by this much, at the end of time at the latest.
pub fn after(moment: Timestamp, length: Duration) -> Timestamp {
    SignedDuration::try_from(length)
        .ok()
        .and_then(|length| moment.checked_add(length).ok())
        .unwrap_or(Timestamp::MAX)
}

/// How long it is from one moment to a later one; nothing if it is not later.
pub fn between(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(to.duration_since(from)).unwrap_or_default()
}

/// Measures real time.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts measuring.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the real clock")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// How long it has been running.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// The wall clock, for the head of a report: RFC 3339, whole seconds.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the real clock")]
pub fn wall_clock() -> String {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
}

/// A seed that nobody chose, for runs without `--seed`; it is printed, so that they can be repeated.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the real clock")]
pub fn unchosen_seed() -> u64 {
    // Six digits are enough to differ from the last run, and short enough to type.
    Timestamp::now().as_nanosecond().rem_euclid(999_983) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_does_not_run_over_its_end() {
        assert_eq!(after(Timestamp::MAX, Duration::from_secs(1)), Timestamp::MAX);
        assert_eq!(between(default_start(), Timestamp::MIN), Duration::ZERO);
    }
}
