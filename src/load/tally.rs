//! What a run counts. Counts of several threads are added; nothing is averaged.

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::Histogram;

use super::seconds::{Second, Seconds};
use crate::model::load::FaultCounts;

/// Latencies in microseconds, three significant digits.
#[derive(Clone, Debug)]
pub struct Latency(Histogram<u64>);

/// The longest latency that is told apart from longer ones.
const LONGEST: Duration = Duration::from_secs(3600);

impl Default for Latency {
    fn default() -> Self {
        let longest = LONGEST.as_micros() as u64;
        let histogram = Histogram::new_with_bounds(1, longest, 3);
        Self(histogram.unwrap_or_else(|error| panic!("these bounds are possible: {error}")))
    }
}

impl Latency {
    /// A histogram that was read. None if it has other bounds.
    pub fn of(histogram: Histogram<u64>) -> Option<Self> {
        let Self(usual) = Self::default();
        let bounds = |one: &Histogram<u64>| (one.low(), one.high(), one.sigfig());
        (bounds(&histogram) == bounds(&usual)).then_some(Self(histogram))
    }

    /// Counts a latency.
    pub fn record(&mut self, latency: Duration) {
        self.0.saturating_record(latency.as_micros().max(1) as u64);
    }

    /// Adds the counts of another.
    pub fn add(&mut self, other: &Self) {
        // Both have the same bounds, so this cannot fail.
        let _ = self.0.add(&other.0);
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// The latency that this share of them, in percent, does not exceed. None if there is none.
    pub fn percentile(&self, percent: f64) -> Option<Duration> {
        (self.count() > 0).then(|| Duration::from_micros(self.0.value_at_percentile(percent)))
    }

    /// The mean. None without values.
    pub fn mean(&self) -> Option<Duration> {
        (self.count() > 0).then(|| Duration::from_secs_f64(self.0.mean() / 1e6))
    }

    /// The longest. None without values.
    pub fn longest(&self) -> Option<Duration> {
        (self.count() > 0).then(|| Duration::from_micros(self.0.max()))
    }

    /// The histogram behind it.
    pub fn histogram(&self) -> &Histogram<u64> {
        &self.0
    }
}

/// What webhooks came to, by their first attempts.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// First attempts that were made.
    pub sent: u64,
    /// Those that were accepted.
    pub accepted: u64,
    /// Those that were refused (4xx).
    pub refused: u64,
    /// Those that failed in another way.
    pub failed: u64,
    /// From when a webhook was due to the last byte of the answer; of all that were answered.
    pub corrected: Latency,
    /// From when it was sent to the last byte of the answer.
    pub raw: Latency,
}

impl Counts {
    /// Adds other counts.
    pub fn add(&mut self, other: &Self) {
        self.sent += other.sent;
        self.accepted += other.accepted;
        self.refused += other.refused;
        self.failed += other.failed;
        self.corrected.add(&other.corrected);
        self.raw.add(&other.raw);
    }
}

/// What one thread counts.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// By vendor and trigger.
    pub triggers: BTreeMap<(&'static str, &'static str), Counts>,
    /// First attempts by the status of their answer.
    pub statuses: BTreeMap<u16, u64>,
    /// First attempts without a usable answer, by the name of their outcome.
    pub errors: BTreeMap<&'static str, u64>,
    /// How much later than due webhooks were sent for the first time.
    pub lag: Latency,
    /// First attempts that a fault spoilt: what they came to says nothing of the receiver.
    pub faulted: u64,
    /// By fault, in the order of the plan.
    pub faults: Vec<FaultCounts>,
    /// Further attempts.
    pub retries: u64,
    /// Webhooks that were accepted by a further attempt.
    pub recovered: u64,
    /// Webhooks that were not accepted in the end.
    pub given_up: u64,
    /// Webhooks that were never sent, because too many were waiting.
    pub shed: u64,
    /// Webhooks that were not over when the run ended.
    pub unfinished: u64,
    /// Those of them that were never sent.
    pub unsent: u64,
    /// Requests for tokens.
    pub token_requests: u64,
    /// Those that gave none.
    pub token_failures: u64,
    /// Answers of all kinds.
    pub answers: u64,
    /// When the last webhook was sent for the first time, from the beginning.
    pub last_sent: Duration,
    /// Second by second.
    pub seconds: Seconds,
}

impl Tally {
    /// The second of this moment, from the beginning.
    pub fn second(&mut self, at: Duration) -> &mut Second {
        self.seconds.at(at)
    }

    /// The counts of a fault.
    pub fn fault(&mut self, place: usize) -> &mut FaultCounts {
        if self.faults.len() <= place {
            self.faults.resize(place + 1, FaultCounts::default());
        }
        &mut self.faults[place]
    }

    /// Adds the counts of another thread.
    pub fn add(&mut self, other: &Self) {
        for (trigger, counts) in &other.triggers {
            self.triggers.entry(*trigger).or_default().add(counts);
        }
        for (status, count) in &other.statuses {
            *self.statuses.entry(*status).or_default() += count;
        }
        for (error, count) in &other.errors {
            *self.errors.entry(*error).or_default() += count;
        }
        self.lag.add(&other.lag);
        self.faulted += other.faulted;
        for (place, counts) in other.faults.iter().enumerate() {
            self.fault(place).add(counts);
        }
        self.retries += other.retries;
        self.recovered += other.recovered;
        self.given_up += other.given_up;
        self.shed += other.shed;
        self.unfinished += other.unfinished;
        self.unsent += other.unsent;
        self.token_requests += other.token_requests;
        self.token_failures += other.token_failures;
        self.answers += other.answers;
        self.last_sent = self.last_sent.max(other.last_sent);
        self.seconds.add(&other.seconds);
    }

    /// All triggers together.
    pub fn total(&self) -> Counts {
        let mut total = Counts::default();
        for counts in self.triggers.values() {
            total.add(counts);
        }
        total
    }
}
