//! A run second by second: what was due and sent, what waited, how long answers took.
//!
//! A long run does not grow without end. Beyond [`MOST`] parts, each two neighbours become one.

use std::time::Duration;

use hdrhistogram::Histogram;

/// The most parts that are kept.
const MOST: usize = 2048;
/// The longest latency that is told apart from longer ones, in microseconds.
const LONGEST: u64 = 3_600_000_000;

/// A run in parts of one second; of more seconds, if it is long.
#[derive(Clone, Debug)]
pub struct Seconds {
    parts: Vec<Second>,
    /// How many seconds a part lasts.
    width: u64,
    /// The part whose answers are being counted.
    open: usize,
    corrected: Histogram<u32>,
    raw: Histogram<u32>,
}

/// One part of a run.
#[derive(Clone, Debug, Default)]
pub struct Second {
    /// Webhooks that the schedule wanted in it.
    pub due: u64,
    /// First attempts that were made in it.
    pub sent: u64,
    /// Answers that accepted.
    pub accepted: u64,
    /// Answers that refused, and failures.
    pub not_accepted: u64,
    /// The most webhooks that were due and not sent at a moment in it.
    pub backlog: u64,
    /// The longest corrected latency of an answer.
    pub longest: Duration,
    /// Latencies of answers to first attempts, from when they were due.
    pub corrected: Spread,
    /// The same from when they were sent.
    pub raw: Spread,
}

/// A distribution of latencies in few bytes: microseconds with their counts, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spread(Vec<(u32, u32)>);

impl Default for Seconds {
    fn default() -> Self {
        let (corrected, raw) = (histogram(), histogram());
        Self { parts: Vec::new(), width: 1, open: 0, corrected, raw }
    }
}

/// An empty histogram of two significant digits: enough for a second, and small enough for a cache.
pub(super) fn histogram() -> Histogram<u32> {
    Histogram::new_with_bounds(1, LONGEST, 2)
        .unwrap_or_else(|error| panic!("these bounds are possible: {error}"))
}

impl Seconds {
    /// The part of this moment, from the beginning.
    pub fn at(&mut self, at: Duration) -> &mut Second {
        let place = self.place(at);
        if self.parts.len() <= place {
            self.parts.resize_with(place + 1, Second::default);
        }
        &mut self.parts[place]
    }

    fn place(&mut self, at: Duration) -> usize {
        while at.as_secs() / self.width >= MOST as u64 {
            self.join();
        }
        (at.as_secs() / self.width) as usize
    }

    /// Counts an answer that came at this moment. Moments do not go back.
    pub fn answered(&mut self, at: Duration, corrected: Duration, raw: Duration) {
        let place = self.place(at);
        if place > self.open {
            self.close();
            self.open = place;
        }
        self.corrected.saturating_record(corrected.as_micros().max(1) as u64);
        self.raw.saturating_record(raw.as_micros().max(1) as u64);
    }

    /// Puts the answers that are being counted into their part. Whoever reads the parts closes first.
    pub fn close(&mut self) {
        if self.corrected.is_empty() {
            return;
        }
        let (corrected, raw) = (Spread::of(&self.corrected), Spread::of(&self.raw));
        self.corrected.reset();
        self.raw.reset();
        let part = self.at(Duration::from_secs(self.open as u64 * self.width));
        part.corrected.add(&corrected);
        part.raw.add(&raw);
    }

    /// Joins each two neighbours.
    fn join(&mut self) {
        let mut parts = std::mem::take(&mut self.parts).into_iter();
        while let Some(mut one) = parts.next() {
            if let Some(next) = parts.next() {
                // What waited at the same moment in two parts is the same.
                let backlog = one.backlog.max(next.backlog);
                one.add(&next);
                one.backlog = backlog;
            }
            self.parts.push(one);
        }
        self.width *= 2;
        self.open /= 2;
    }

    /// Adds the counts of another thread, which is closed.
    pub fn add(&mut self, other: &Self) {
        while self.width < other.width {
            self.join();
        }
        if other.width < self.width {
            // What waited in two of its parts is not added twice to one of these.
            let mut joined = other.clone();
            joined.join();
            return self.add(&joined);
        }
        for (place, part) in other.parts.iter().enumerate() {
            self.at(Duration::from_secs(place as u64 * other.width)).add(part);
        }
    }

    /// The parts, in order.
    pub fn parts(&self) -> &[Second] {
        &self.parts
    }

    /// How many seconds each of them lasts.
    pub fn width(&self) -> u64 {
        self.width
    }
}

impl Second {
    /// Adds another.
    pub fn add(&mut self, other: &Self) {
        self.due += other.due;
        self.sent += other.sent;
        self.accepted += other.accepted;
        self.not_accepted += other.not_accepted;
        self.backlog += other.backlog;
        self.longest = self.longest.max(other.longest);
        self.corrected.add(&other.corrected);
        self.raw.add(&other.raw);
    }
}

impl Spread {
    /// What a histogram holds.
    pub fn of(histogram: &Histogram<u32>) -> Self {
        let recorded = histogram.iter_recorded();
        Self(recorded.map(|one| (one.value_iterated_to() as u32, one.count_at_value())).collect())
    }

    fn add(&mut self, other: &Self) {
        if self.0.is_empty() {
            self.0.clone_from(&other.0);
            return;
        }
        self.0.extend_from_slice(&other.0);
        self.0.sort_unstable_by_key(|(value, _)| *value);
        self.0.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 = kept.1.saturating_add(next.1);
            }
            same
        });
    }

    /// The same as a histogram.
    pub fn histogram(&self) -> Histogram<u32> {
        let mut histogram = histogram();
        for (value, count) in &self.0 {
            histogram.saturating_record_n(u64::from(*value), *count);
        }
        histogram
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn answers(seconds: &Seconds) -> Vec<u64> {
        seconds.parts().iter().map(|part| part.corrected.histogram().len()).collect()
    }

    #[test]
    fn each_second_has_its_own_distribution() {
        let mut seconds = Seconds::default();
        for millisecond in 0..3000 {
            let slow = if millisecond < 2000 { 4 } else { 80 };
            seconds.answered(MS * millisecond, MS * slow, MS * 2);
        }
        seconds.close();
        assert_eq!(answers(&seconds), [1000; 3]);
        let p50 =
            |place: usize| seconds.parts()[place].corrected.histogram().value_at_quantile(0.5);
        assert_eq!(p50(0), p50(1));
        assert!((3960..=4040).contains(&p50(0)), "{}", p50(0));
        assert!((79_200..=80_800).contains(&p50(2)), "{}", p50(2));
    }

    #[test]
    fn a_long_run_keeps_all_counts_in_bounded_parts() {
        let mut seconds = Seconds::default();
        for second in 0..10_000 {
            let at = Duration::from_secs(second);
            seconds.at(at).sent += 3;
            seconds.at(at).backlog = 7;
            seconds.answered(at, MS * 5, MS);
        }
        seconds.close();
        assert_eq!((seconds.width(), seconds.parts().len()), (8, 1250));
        assert_eq!(seconds.parts().iter().map(|part| part.sent).sum::<u64>(), 30_000);
        assert!(seconds.parts().iter().all(|part| part.backlog == 7));
        assert_eq!(answers(&seconds), [8; 1250]);
    }

    #[test]
    fn threads_are_added_though_only_one_of_them_has_joined_its_parts() {
        let (mut one, mut other) = (Seconds::default(), Seconds::default());
        for second in 0..3000 {
            one.at(Duration::from_secs(second)).sent += 1;
            one.answered(Duration::from_secs(second), MS, MS);
        }
        other.answered(Duration::from_secs(2), MS, MS);
        other.at(Duration::from_secs(2)).backlog = 4;
        one.close();
        other.close();
        let mut sums = [other.clone(), one.clone()];
        sums[0].add(&one);
        sums[1].add(&other);
        for sum in sums {
            assert_eq!((sum.width(), sum.parts().len()), (2, 1500));
            assert_eq!((answers(&sum)[0], answers(&sum)[1]), (2, 3));
            assert_eq!(sum.parts()[1].backlog, 4);
        }
    }

    #[test]
    fn a_backlog_is_not_doubled_when_a_long_run_and_a_short_one_are_added() {
        let (mut long, mut short) = (Seconds::default(), Seconds::default());
        long.at(Duration::from_secs(MOST as u64)).backlog = 1;
        for second in [4, 5] {
            short.at(Duration::from_secs(second)).backlog = 7;
            short.at(Duration::from_secs(second)).due = 10;
        }
        long.add(&short);
        assert_eq!(long.width(), 2);
        assert_eq!((long.parts()[2].backlog, long.parts()[2].due), (7, 20));
        short.add(&long);
        assert_eq!((short.width(), short.parts()[2].backlog), (2, 14));
    }
}
