//! Watches a subject through its probe.

use std::time::Duration;

use serde_json::json;

use crate::clock::Stopwatch;
use crate::contract::finding::{Finding, not_judged, of_machine};
use crate::contract::probed;
use crate::contract::stage::Stage;
use crate::journal::{Note, PROBE_READING};
use crate::model::result::{Difference, ScenarioFailure};
use crate::model::{Attempt, Subject};
use crate::probe::{Poll, PollResult, Probe, ProbeReading, unchanged, until};

/// A subject, its probe, and what a failure shows of each reading.
pub struct Watch<'a> {
    stage: &'a Stage,
    /// How it is read.
    pub probe: &'a Probe,
    /// The watched subject.
    pub subject: Subject,
    shown: &'a dyn Fn(&ProbeReading) -> String,
}

impl<'a> Watch<'a> {
    /// Watches a subject. A failure shows `shown` of each reading.
    ///
    /// # Errors
    /// If this run has given the probe up. Then nothing is judged.
    pub fn new(
        stage: &'a Stage,
        (probe, subject): (&'a Probe, Subject),
        shown: &'a dyn Fn(&ProbeReading) -> String,
    ) -> Result<Self, Box<ScenarioFailure>> {
        let watch = Self { stage, probe, subject, shown };
        watch.judges(None)?;
        Ok(watch)
    }

    /// Whether the probe, or one of its fields, is still judged.
    ///
    /// # Errors
    /// If this run has given it up.
    pub fn judges(&self, field: Option<&str>) -> Finding {
        let (_, vendor) = self.stage.account()?;
        let name = probed::name(vendor.catalogue().vendor, self.subject.kind);
        let lookout = self.stage.lookout.as_ref();
        lookout
            .and_then(|lookout| lookout.blind(&name, field))
            .map_or(Ok(()), |why| Err(not_judged(why)))
    }

    fn poll(&self) -> Poll<'_> {
        let prober = &self.stage.under_test.prober;
        Poll { prober, probe: self.probe, id: &self.subject.id, show: self.shown }
    }

    /// Reads until there is a verdict, or the receiver's time is up.
    pub async fn until(&self, verdict: impl Fn(&ProbeReading) -> Option<bool>) -> PollResult {
        self.until_within(self.stage.under_test.believes_within, verdict).await
    }

    async fn until_within(
        &self,
        within: Duration,
        verdict: impl Fn(&ProbeReading) -> Option<bool>,
    ) -> PollResult {
        self.noted(until(&self.poll(), within, verdict).await)
    }

    /// Reads for `quiet_for`, or until the test fails.
    pub async fn unchanged(&self, test: impl Fn(&ProbeReading) -> bool) -> PollResult {
        self.noted(unchanged(&self.poll(), self.stage.under_test.quiet_for, test).await)
    }

    /// Writes what was read into the journal of the scenario.
    fn noted(&self, result: PollResult) -> PollResult {
        let readings = result.readings.iter().map(|reading| {
            json!({
                "after_ms": reading.after.as_micros() as f64 / 1000.0,
                "times": reading.times,
                "saw": reading.saw,
            })
        });
        let readings: Vec<_> = readings.collect();
        let vendor = self.stage.account().ok().map(|(_, vendor)| vendor);
        if let Some(vendor) = vendor {
            let name = probed::name(vendor.catalogue().vendor, self.subject.kind);
            self.stage.shown.borrow_mut().note(name, self.probe, &result.last, &result.seen);
            self.keep((vendor.catalogue().vendor, &result));
        }
        let core = self.stage.driver.handle();
        let mut core = core.borrow_mut();
        let note = Note {
            at: core.run().sim().now(),
            name: PROBE_READING,
            cause: None,
            account: vendor.map(|vendor| vendor.catalogue().vendor.into()),
            delivery: None,
            data: json!({
                "kind": self.subject.kind,
                "id": self.subject.id,
                "readings": readings,
            }),
            body: None,
        };
        // If the journal cannot be written any more, the next step fails for that.
        let _ = core.note(note);
        result
    }

    /// Keeps the last reading for a report that shows every one. What is the same as before is not
    /// said twice.
    fn keep(&self, (vendor, result): (&str, &PollResult)) {
        let mut read = self.stage.read.borrow_mut();
        let Some(read) = read.as_mut() else { return };
        let (of, last) = ((vendor, self.subject.kind), (&result.last, &result.seen));
        let Some(shown) = probed::shown(&self.stage.under_test, of, last, &[]) else { return };
        let now = (self.stage.driver.journal().attempts().count(), shown);
        if read.last() != Some(&now) {
            read.push(now);
        }
    }

    /// Reads until the test passes and keeps passing. A receiver that queues may first pass it with
    /// an older state, then fail it, and pass it again later.
    pub async fn settled(&self, test: impl Fn(&ProbeReading) -> bool) -> PollResult {
        let within = self.stage.under_test.believes_within;
        let watch = Stopwatch::start();
        loop {
            let left = within.saturating_sub(watch.elapsed());
            let reached = self.until_within(left, |reading| test(reading).then_some(true)).await;
            if !reached.passed {
                return reached;
            }
            let kept = self.unchanged(&test).await;
            if kept.passed || watch.elapsed() >= within {
                return kept;
            }
        }
    }

    /// The failure of a receiver that does not believe what it should, with each reading.
    pub fn failure(
        &self,
        message: String,
        differences: Vec<Difference>,
        waited: PollResult,
    ) -> Box<ScenarioFailure> {
        if let ProbeReading::Local(why) = &waited.last {
            return of_machine(why.clone());
        }
        // They were compared as they came. What is shown has no secret that the receiver repeats.
        let secrets = self.stage.under_test.prober.secrets();
        let masked = |one: Difference| Difference {
            actual: secrets.text(&one.actual),
            hint: one.hint.map(|hint| secrets.text(&hint)),
            ..one
        };
        let differences: Vec<_> = differences.into_iter().map(masked).collect();
        let vendor = self.stage.account().map(|(_, vendor)| vendor.catalogue().vendor);
        let at_issue: Vec<&str> = match &differences[..] {
            [] => vec!["effects"],
            some => some.iter().map(|one| one.field.as_str()).collect(),
        };
        let probe = vendor.ok().and_then(|vendor| {
            let of = (vendor, self.subject.kind);
            probed::shown(&self.stage.under_test, of, (&waited.last, &waited.seen), &at_issue)
        });
        Box::new(ScenarioFailure {
            message,
            differences,
            probe,
            polls: waited.readings,
            exchange: last_about(self.stage, &self.subject),
            unreachable: matches!(waited.last, ProbeReading::Unreachable(_)),
            ..Default::default()
        })
    }
}

/// The last request about a subject. If there was none, the last request of all.
fn last_about(stage: &Stage, subject: &Subject) -> Option<usize> {
    let journal = stage.driver.journal();
    let is_about = |attempt: &Attempt| {
        let webhook = journal.webhook(attempt.delivery);
        webhook.is_some_and(|webhook| webhook.subject == *subject)
    };
    let attempts: Vec<_> = journal.attempts().collect();
    attempts.iter().rposition(|attempt| is_about(attempt)).or_else(|| attempts.len().checked_sub(1))
}
