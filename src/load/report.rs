//! Makes the report of a run out of what its threads counted.

use std::time::Duration;

use super::drive::Ran;
use super::follow::{Followed, Live};
use super::histogram;
use super::interim::SoFar;
use super::rate::shown;
use super::sample::Sample;
use super::seconds::{Seconds, Spread};
use super::tally::{Counts, Latency, Tally};
use super::{Pace, Plan, Retrying, VendorTraffic, differing, names};
use crate::model::Ordering;
use crate::model::load::{
    Effects, FaultResult, LOAD_FORMAT, LoadReport, LoadSecond, Percentiles, SecondTimes, Shards,
    TriggerCounts, WebhookCounts,
};

/// What a report says besides counts.
pub struct About<'a> {
    /// When the run began: RFC 3339, wall clock.
    pub started: String,
    /// The base URL of the receiver.
    pub target: &'a str,
    /// The vendors, and what they do.
    pub vendors: &'a [VendorTraffic<'a>],
    /// How many accounts there were.
    pub accounts: usize,
    /// How many subjects the sample had.
    pub sampled: u64,
}

/// The report of a run, not judged yet.
pub fn report(
    about: &About<'_>,
    plan: &Plan,
    ran: &Ran,
    (sample, followed): (Option<&Sample>, Option<&Followed>),
) -> LoadReport {
    let (total, tally) = (ran.tally.total(), &ran.tally);
    let took_s = ran.took.as_secs_f64();
    let sent_s =
        Some(tally.last_sent.as_secs_f64()).filter(|length| *length > 0.0).unwrap_or(took_s);
    LoadReport {
        load: LOAD_FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started: about.started.clone(),
        target: about.target.to_owned(),
        vendors: names(about.vendors).into_iter().map(str::to_owned).collect(),
        settings: differing(about.vendors),
        seed: plan.seed,
        accounts: about.accounts,
        shards: plan.shards(),
        threads: plan.threads,
        connections: plan.connections,
        engine: ran.engine.name.to_owned(),
        engine_reason: ran.engine.reason.clone(),
        http: ran.engine.http.to_owned(),
        streams: ran.engine.streams,
        pace: plan.to_string(),
        order: plan.order().to_owned(),
        retrying: plan.retrying().to_owned(),
        answers: tally.answers,
        took_s,
        sent_s,
        rate: if sent_s > 0.0 { total.sent as f64 / sent_s } else { 0.0 },
        webhooks: webhooks(tally, &total),
        retries: tally.retries,
        token_requests: tally.token_requests,
        token_failures: tally.token_failures,
        corrected: percentiles(&total.corrected),
        raw: percentiles(&total.raw),
        lag: percentiles(&tally.lag),
        triggers: triggers(ran),
        statuses: tally.statuses.clone(),
        errors: tally.errors.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect(),
        faults: faults(plan, ran),
        connects: ran.counters.connects,
        failed_connects: ran.counters.failed_connects,
        sampled: about.sampled,
        effects: sample.map(effects),
        followed: followed.map(|one| one.results(plan.probe_rate)),
        seconds: seconds(&tally.seconds),
        journal_held_s: ran.held_back.map(|held| held.as_secs_f64()),
        thresholds: Vec::new(),
        aborted: None,
        baseline: None,
    }
}

/// What thresholds speak of, of a run that goes on.
pub fn interim(so_far: &SoFar, followed: Option<&Live>) -> LoadReport {
    let (total, tally) = (so_far.tally.total(), &so_far.tally);
    let seconds = so_far.sending.as_secs_f64();
    LoadReport {
        rate: if seconds > 0.0 { total.sent as f64 / seconds } else { 0.0 },
        webhooks: webhooks(tally, &total),
        retries: tally.retries,
        token_failures: tally.token_failures,
        corrected: values(&total.corrected),
        raw: values(&total.raw),
        lag: values(&tally.lag),
        followed: followed.map(Live::results),
        ..LoadReport::default()
    }
}

fn webhooks(tally: &Tally, total: &Counts) -> WebhookCounts {
    WebhookCounts {
        sent: total.sent,
        accepted: total.accepted,
        refused: total.refused,
        failed: total.failed,
        faulted: tally.faulted,
        recovered: tally.recovered,
        given_up: tally.given_up,
        shed: tally.shed,
        unfinished: tally.unfinished,
        unsent: tally.unsent,
    }
}

fn triggers(ran: &Ran) -> Vec<TriggerCounts> {
    let counted = ran.tally.triggers.iter().map(|((vendor, trigger), counts)| TriggerCounts {
        vendor: (*vendor).to_owned(),
        trigger: (*trigger).to_owned(),
        sent: counts.sent,
        accepted: counts.accepted,
        refused: counts.refused,
        failed: counts.failed,
        corrected: percentiles(&counts.corrected),
    });
    counted.collect()
}

fn faults(plan: &Plan, ran: &Ran) -> Vec<FaultResult> {
    let rows = plan.faults.iter().enumerate().map(|(place, one)| {
        let counts = ran.tally.faults.get(place).copied().unwrap_or_default();
        FaultResult { text: one.fault.text.clone(), counts }
    });
    rows.collect()
}

/// The parts of a run.
pub(super) fn seconds(seconds: &Seconds) -> Vec<LoadSecond> {
    let parts = seconds.parts().iter().zip(0..).map(|(part, place)| LoadSecond {
        at_s: place * seconds.width(),
        length_s: seconds.width(),
        due: part.due,
        sent: part.sent,
        accepted: part.accepted,
        not_accepted: part.not_accepted,
        backlog: part.backlog,
        longest_ms: milliseconds(part.longest),
        corrected: second_times(&part.corrected),
        raw: second_times(&part.raw),
    });
    parts.collect()
}

fn second_times(spread: &Spread) -> SecondTimes {
    let times = spread.histogram();
    if times.is_empty() {
        return SecondTimes::default();
    }
    let at = |percent| Some(times.value_at_percentile(percent) as f64 / 1000.0);
    SecondTimes { p50: at(50.0), p95: at(95.0), p99: at(99.0), hdr: histogram::write_part(&times) }
}

fn effects(sample: &Sample) -> Effects {
    Effects {
        compared: sample.compared,
        right: sample.right,
        lost: sample.lost,
        wrong: sample.wrong,
        unreadable: sample.unreadable,
        drained_s: sample.drained.as_secs_f64(),
        twice: sample.twice.filter(|one| one.judged > 0).map(|one| one.twice),
        twice_judged: sample.twice.map_or(0, |one| one.judged),
        twice_unknown: sample.twice.map_or(0, |one| one.unknown),
        examples: sample.examples.clone(),
    }
}

/// A distribution, with its whole histogram.
pub(super) fn percentiles(latency: &Latency) -> Percentiles {
    Percentiles { hdr: histogram::write(latency), ..values(latency) }
}

/// The values of a distribution alone.
fn values(latency: &Latency) -> Percentiles {
    let at = |percent| latency.percentile(percent).map(milliseconds);
    Percentiles {
        count: latency.count(),
        mean: latency.mean().map(milliseconds),
        p50: at(50.0),
        p75: at(75.0),
        p90: at(90.0),
        p95: at(95.0),
        p99: at(99.0),
        p999: at(99.9),
        max: latency.longest().map(milliseconds),
        hdr: String::new(),
    }
}

fn milliseconds(length: Duration) -> f64 {
    length.as_micros() as f64 / 1000.0
}

impl Plan {
    /// Which webhooks wait for which, in a word.
    pub fn order(&self) -> &'static str {
        match self.ordering {
            None => "by-policy",
            Some(Ordering::None) => "none",
            Some(Ordering::PerSubject) => "per-subject",
            Some(Ordering::Global) => "global",
        }
    }

    /// The shard that it is, if the run is divided.
    pub fn shards(&self) -> Option<Shards> {
        self.shard.map(|shard| Shards { of: shard.of, joined: [shard.index].into() })
    }

    /// Whether webhooks are tried again, in a word.
    pub fn retrying(&self) -> &'static str {
        match self.retries {
            Retrying::ByPolicy => "by-policy",
            Retrying::Off => "off",
        }
    }
}

/// What was asked for.
impl std::fmt::Display for Plan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.pace {
            Pace::Open(schedule) => schedule.fmt(f)?,
            Pace::Saturate(length) => {
                write!(f, "{} for {}", Pace::AS_FAST_AS_POSSIBLE, shown(*length))?;
            }
        }
        match self.count {
            Some(count) => write!(f, ", at most {count} webhooks"),
            None => Ok(()),
        }
    }
}
