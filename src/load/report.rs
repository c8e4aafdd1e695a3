//! Makes the report of a run out of what its threads counted.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hdrhistogram::serialization::{Serializer as _, V2DeflateSerializer};
use standin_wire::Kind;

use super::drive::Ran;
use super::rate::shown;
use super::sample::Sample;
use super::tally::Latency;
use super::{Pace, Plan};
use crate::model::load::{
    Effects, FaultResult, LOAD_FORMAT, LoadReport, LoadSecond, Percentiles, TriggerCounts,
    WebhookCounts,
};

/// What a report says besides counts.
pub struct About<'a> {
    /// The base URL of the receiver.
    pub target: &'a str,
    /// The vendors.
    pub vendors: &'a [&'static str],
    /// How many accounts there were.
    pub accounts: usize,
}

/// The report of a run, not judged yet.
pub fn report(about: &About<'_>, plan: &Plan, ran: &Ran, sample: Option<&Sample>) -> LoadReport {
    let (total, tally) = (ran.tally.total(), &ran.tally);
    let took_s = ran.took.as_secs_f64();
    let sent_s =
        Some(tally.last_sent.as_secs_f64()).filter(|length| *length > 0.0).unwrap_or(took_s);
    LoadReport {
        load: LOAD_FORMAT,
        version: env!("CARGO_PKG_VERSION"),
        target: about.target.to_owned(),
        vendors: about.vendors.to_vec(),
        seed: plan.seed,
        accounts: about.accounts,
        threads: plan.threads,
        connections: plan.connections,
        engine: match ran.choice.kind {
            Kind::IoUring => "io_uring",
            Kind::Epoll => "epoll",
        },
        engine_reason: ran.choice.reason.clone(),
        pace: plan.to_string(),
        answers: tally.answers,
        took_s,
        sent_s,
        rate: if sent_s > 0.0 { total.sent as f64 / sent_s } else { 0.0 },
        webhooks: WebhookCounts {
            sent: total.sent,
            accepted: total.accepted,
            refused: total.refused,
            failed: total.failed,
            faulted: tally.faulted,
            recovered: tally.recovered,
            given_up: tally.given_up,
            shed: tally.shed,
            unfinished: tally.unfinished,
        },
        retries: tally.retries,
        token_requests: tally.token_requests,
        token_failures: tally.token_failures,
        corrected: percentiles(&total.corrected),
        raw: percentiles(&total.raw),
        lag: percentiles(&tally.lag),
        triggers: triggers(ran),
        statuses: tally.statuses.clone(),
        errors: tally.errors.clone(),
        faults: faults(plan, ran),
        connects: ran.counters.connects,
        failed_connects: ran.counters.failed_connects,
        effects: sample.map(effects),
        seconds: seconds(ran),
        thresholds: Vec::new(),
    }
}

fn triggers(ran: &Ran) -> Vec<TriggerCounts> {
    let counted = ran.tally.triggers.iter().map(|((vendor, trigger), counts)| TriggerCounts {
        vendor,
        trigger,
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
        FaultResult {
            text: one.fault.text.clone(),
            struck: counts.struck,
            sent: counts.sent,
            accepted: counts.accepted,
            refused: counts.refused,
            failed: counts.failed,
            unsent: counts.unsent,
            recovered: counts.recovered,
            given_up: counts.given_up,
        }
    });
    rows.collect()
}

fn seconds(ran: &Ran) -> Vec<LoadSecond> {
    let seconds = ran.tally.seconds.iter().map(|second| LoadSecond {
        sent: second.sent,
        accepted: second.accepted,
        not_accepted: second.not_accepted,
        longest_ms: milliseconds(second.longest),
    });
    seconds.collect()
}

fn effects(sample: &Sample) -> Effects {
    Effects {
        compared: sample.compared,
        right: sample.right,
        lost: sample.lost,
        wrong: sample.wrong,
        unreadable: sample.unreadable,
        drained_s: sample.drained.as_secs_f64(),
        examples: sample.examples.clone(),
    }
}

fn percentiles(latency: &Latency) -> Percentiles {
    let at = |percent| latency.percentile(percent).map(milliseconds);
    let mut bytes = Vec::new();
    // Writing into memory cannot fail.
    let _ = V2DeflateSerializer::new().serialize(latency.histogram(), &mut bytes);
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
        hdr: BASE64.encode(bytes),
    }
}

fn milliseconds(length: Duration) -> f64 {
    length.as_micros() as f64 / 1000.0
}

/// What was asked for.
impl std::fmt::Display for Plan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.pace {
            Pace::Open(schedule) => schedule.fmt(f)?,
            Pace::Saturate(length) => write!(f, "as fast as possible for {}", shown(*length))?,
        }
        match self.count {
            Some(count) => write!(f, ", at most {count} webhooks"),
            None => Ok(()),
        }
    }
}
