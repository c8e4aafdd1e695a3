//! The line that shows how a load goes.

use std::sync::Arc;
use std::time::Duration;

use crate::load::{Latencies, Progress};

/// The rate and the percentiles are those of about this long.
const LOOKS_BACK: Duration = Duration::from_millis(900);

/// What is shown, and what it was a second ago.
#[derive(Default)]
pub(super) struct LiveLine {
    at: Duration,
    sent: u64,
    latencies: Latencies,
    rate: f64,
    percentiles: Option<(Duration, Duration)>,
}

impl LiveLine {
    /// The line at this moment.
    pub(super) fn text(
        &mut self,
        threads: &[Arc<Progress>],
        behind: Option<u64>,
        elapsed: Duration,
    ) -> String {
        let now = Progress::sum(threads);
        let passed = elapsed.saturating_sub(self.at);
        if passed >= LOOKS_BACK {
            let latencies = Progress::latencies(threads);
            let since = latencies.since(&self.latencies);
            self.percentiles = since.percentile(50.0).zip(since.percentile(99.0));
            self.rate = now.sent.saturating_sub(self.sent) as f64 / passed.as_secs_f64();
            (self.at, self.sent, self.latencies) = (elapsed, now.sent, latencies);
        }
        let mut text = format!(
            "{:>4.0} s · {} sent · {:.0}/s · {} in flight · {} waiting",
            elapsed.as_secs_f64(),
            now.sent,
            self.rate,
            now.in_flight,
            now.backlog,
        );
        if let Some((p50, p99)) = self.percentiles {
            text += &format!(" · p50 {} · p99 {}", milliseconds(p50), milliseconds(p99));
        }
        text += &format!(" · {} refused", now.refused);
        if let Some(behind) = behind {
            text += &format!(" · behind {behind}");
        }
        for (count, what) in [(now.failed, "failed"), (now.shed, "shed")] {
            if count > 0 {
                text += &format!(" · {count} {what}");
            }
        }
        text
    }
}

/// Two significant digits are enough: more would be noise.
fn milliseconds(time: Duration) -> String {
    match time.as_secs_f64() * 1000.0 {
        time if time < 10.0 => format!("{time:.1} ms"),
        time => format!("{time:.0} ms"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_shows_the_rate_and_the_percentiles_of_the_last_second() {
        let threads = [Arc::new(Progress::default())];
        let mut line = LiveLine::default();
        let first = line.text(&threads, None, Duration::from_millis(200));
        assert_eq!(first, "   0 s · 0 sent · 0/s · 0 in flight · 0 waiting · 0 refused");
        (0..100).for_each(|_| threads[0].answered(Duration::from_millis(3)));
        let second = line.text(&threads, None, Duration::from_millis(1200));
        assert!(second.contains(" · p50 3.1 ms · p99 3.1 ms · 0 refused"), "{second}");
        let third = line.text(&threads, Some(3), Duration::from_millis(2400));
        assert!(!third.contains("p50"), "nothing was answered in it: {third}");
        assert!(third.ends_with(" · 0 refused · behind 3"), "{third}");
    }
}
