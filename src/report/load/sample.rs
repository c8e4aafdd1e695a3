//! A report with everything in it, for tests.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Serializer as _, V2DeflateSerializer};

use crate::model::followed::{BehindSecond, FollowedEffects};
use crate::model::load::{
    BaselineResult, BaselineRow, Effects, LOAD_FORMAT, LoadReport, LoadSecond, Percentiles,
    SecondTimes, ThresholdResult, TriggerCounts, WebhookCounts,
};

/// Text of a receiver that means harm.
pub const HOSTILE: &str = "</script><img src=x onerror=alert(1)> \" ]]>&amp; \u{1b}[31m\u{0}";

const SECONDS: u64 = 6;
const A_SECOND: u64 = 1000;

/// A load in which a threshold was crossed, and something is worse than in an older run.
pub fn report() -> LoadReport {
    let corrected = distribution((0..SECONDS).flat_map(latencies));
    let raw = distribution((0..SECONDS).flat_map(latencies).map(|one| one / 2));
    LoadReport {
        load: LOAD_FORMAT,
        version: "0.1.0".to_owned(),
        started: "2026-11-05T09:30:00Z".to_owned(),
        target: "http://127.0.0.1:8080".to_owned(),
        vendors: ["ombori", "waitwhile"].map(str::to_owned).into(),
        settings: vec!["waitwhile: time_zone Europe/Berlin".to_owned()],
        seed: 42,
        accounts: 128,
        shards: None,
        threads: 1,
        connections: 64,
        engine: "epoll".to_owned(),
        engine_reason: "io_uring_setup: Operation not permitted".to_owned(),
        http: "1.1".to_owned(),
        streams: 1,
        pace: "1000/s for 6s".to_owned(),
        order: "by-policy".to_owned(),
        retrying: "by-policy".to_owned(),
        took_s: 5.998,
        sent_s: 5.99,
        rate: 1001.7,
        answers: 6000,
        webhooks: WebhookCounts {
            sent: 6000,
            accepted: 5990,
            refused: 9,
            failed: 1,
            faulted: 0,
            recovered: 1,
            given_up: 9,
            shed: 12,
            unfinished: 3,
            unsent: 2,
        },
        retries: 1,
        token_requests: 0,
        token_failures: 0,
        lag: distribution((0..SECONDS * A_SECOND).map(|one| 20 + one % 90)),
        triggers: triggers(&corrected),
        corrected,
        raw,
        statuses: BTreeMap::from([(200, 5990), (409, 9), (503, 1)]),
        errors: BTreeMap::from([("timed-out".to_owned(), 1)]),
        faults: Vec::new(),
        connects: 64,
        failed_connects: 0,
        sampled: 60,
        effects: Some(effects()),
        followed: Some(followed()),
        seconds: (0..SECONDS).map(second).collect(),
        journal_held_s: None,
        aborted: None,
        thresholds: thresholds(),
        baseline: Some(baseline()),
    }
}

/// The latencies of a second, in microseconds: the later, the longer.
fn latencies(second: u64) -> impl Iterator<Item = u64> {
    (0..A_SECOND).map(move |one| 400 + 100 * second + one * one / (80 - 10 * second))
}

fn recorded(latencies: impl Iterator<Item = u64>) -> (Histogram<u64>, String) {
    let mut histogram = Histogram::new_with_bounds(1, 3_600_000_000, 3).expect("bounds");
    latencies.for_each(|one| histogram.record(one).expect("within bounds"));
    let mut bytes = Vec::new();
    V2DeflateSerializer::new().serialize(&histogram, &mut bytes).expect("memory");
    (histogram, BASE64.encode(bytes))
}

fn distribution(latencies: impl Iterator<Item = u64>) -> Percentiles {
    let (histogram, hdr) = recorded(latencies);
    let at = |percent| Some(histogram.value_at_percentile(percent) as f64 / 1000.0);
    Percentiles {
        count: histogram.len(),
        mean: Some(histogram.mean() / 1000.0),
        p50: at(50.0),
        p75: at(75.0),
        p90: at(90.0),
        p95: at(95.0),
        p99: at(99.0),
        p999: at(99.9),
        max: Some(histogram.max() as f64 / 1000.0),
        hdr,
    }
}

fn second(place: u64) -> LoadSecond {
    let times = |latencies: Vec<u64>| {
        let (histogram, hdr) = recorded(latencies.into_iter());
        let at = |percent| Some(histogram.value_at_percentile(percent) as f64 / 1000.0);
        SecondTimes { p50: at(50.0), p95: at(95.0), p99: at(99.0), hdr }
    };
    let longest = latencies(place).max().unwrap_or_default();
    LoadSecond {
        at_s: place,
        length_s: 1,
        due: A_SECOND + 2,
        sent: A_SECOND,
        accepted: A_SECOND - 2,
        not_accepted: 2,
        backlog: place * place * 4,
        longest_ms: longest as f64 / 1000.0,
        corrected: times(latencies(place).collect()),
        raw: times(latencies(place).map(|one| one / 2).collect()),
    }
}

fn triggers(corrected: &Percentiles) -> Vec<TriggerCounts> {
    let one = |vendor: &str, trigger: &str, sent, refused, failed| TriggerCounts {
        vendor: vendor.to_owned(),
        trigger: trigger.to_owned(),
        sent,
        accepted: sent - refused - failed,
        refused,
        failed,
        corrected: corrected.clone(),
    };
    vec![
        one("ombori", "positionCreated", 2000, 9, 0),
        one("waitwhile", "location-status.updated", 4000, 0, 1),
    ]
}

fn effects() -> Effects {
    Effects {
        compared: 100,
        right: 98,
        lost: 1,
        wrong: 1,
        unreadable: 0,
        drained_s: 0.41,
        twice: Some(1),
        twice_judged: 7,
        twice_unknown: 2,
        examples: vec![format!("ombori position 7d0a: the receiver: {HOSTILE}")],
    }
}

fn followed() -> FollowedEffects {
    let second = |(at_s, behind)| BehindSecond { at_s, length_s: 1, behind };
    FollowedEffects {
        subjects: 40,
        latency: distribution((0..90).map(|one| 30_000 + one * one * 100)),
        unsure_ms: Some(24.5),
        unmeasured: 12,
        unseen: 2,
        dropped: 0,
        most_behind: 9,
        behind: 1,
        seconds: (0..).zip([0, 2, 5, 9, 4, 3, 1, 1]).map(second).collect(),
        probe_rate: 50.0,
        probes: 240,
        errors: BTreeMap::from([(format!("the probe answered {HOSTILE}"), 3)]),
    }
}

fn thresholds() -> Vec<ThresholdResult> {
    let one = |text: &str, value: &str, passed| ThresholdResult {
        text: text.to_owned(),
        value: value.to_owned(),
        passed,
    };
    vec![one("p99 > 200ms", "29.00 ms", true), one("refused > 0.1%", "9", false)]
}

fn baseline() -> BaselineResult {
    let one = |name: &str, unit, old, new, chance, worse| BaselineRow {
        name: name.to_owned(),
        unit,
        old,
        new,
        change_percent: old
            .zip(new)
            .filter(|(old, _)| *old > 0.0)
            .map(|(old, new): (f64, f64)| (new / old - 1.0) * 100.0),
        chance,
        worse,
    };
    BaselineResult {
        file: "old.json".to_owned(),
        started: "2026-11-04T09:30:00Z".to_owned(),
        version: "0.1.0".to_owned(),
        limit_percent: 10.0,
        seconds: [5, 5],
        too_short: false,
        rows: vec![
            one("p50", "ms", Some(4.0), Some(4.2), Some(0.3), false),
            one("p99", "ms", Some(20.0), Some(29.0), Some(0.0002), true),
            one("refused", "%", Some(0.0), Some(0.15), Some(0.002), true),
            one("drained", "s", Some(0.4), None, None, true),
        ],
    }
}
