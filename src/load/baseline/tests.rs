//! Comparisons of runs that are written down as JSON.

use serde_json::{Value as Json, json};

use super::*;
use crate::load::results;
use crate::model::followed::FollowedEffects;
use crate::model::load::{Effects, FaultCounts, FaultResult, Percentiles, SecondTimes};

const SECONDS: u64 = 20;

/// The results of a run whose p99 is about this, and of which this many webhooks were refused.
fn run(pace: &str, p99: f64, rate: f64, refused: u64) -> Json {
    let seconds = (0..SECONDS).map(|at_s| {
        // They differ by up to 20 %.
        let noisy = |value: f64| value * (0.9 + 0.04 * (at_s * 7 % 6) as f64);
        let (p50, p95) = (Some(noisy(p99 / 4.0)), Some(noisy(p99 / 2.0)));
        let times = SecondTimes { p50, p95, p99: Some(noisy(p99)), ..SecondTimes::default() };
        let (sent, raw) = (noisy(rate) as u64, times.clone());
        LoadSecond { at_s, length_s: 1, sent, corrected: times, raw, ..LoadSecond::default() }
    });
    let (p50, p95) = (Some(p99 / 4.0), Some(p99 / 2.0));
    let times = Percentiles { p50, p95, p99: Some(p99), ..Percentiles::default() };
    json!(LoadReport {
        load: 1,
        vendors: vec!["ombori".to_owned()],
        accounts: 64,
        connections: 64,
        threads: 1,
        pace: pace.to_owned(),
        order: "by-policy".to_owned(),
        retrying: "by-policy".to_owned(),
        sent_s: SECONDS as f64 - 0.001,
        rate,
        webhooks: WebhookCounts { sent: 10_000, refused, ..WebhookCounts::default() },
        corrected: times.clone(),
        raw: times,
        effects: Some(Effects { compared: 9, right: 9, drained_s: 0.4, ..Effects::default() }),
        seconds: seconds.collect(),
        ..LoadReport::default()
    })
}

const OPEN: &str = "500/s for 20s";
const CLOSED: &str = "as fast as possible for 20s";

fn read(run: &Json) -> LoadReport {
    results::read(&run.to_string()).expect("results")
}

/// What is worse, at 10 %.
fn worse(old: &Json, new: &Json) -> Vec<String> {
    let compared = Baseline::new(read(old)).compare("old.json", &read(new), 10.0);
    compared.rows.into_iter().filter(|row| row.worse).map(|row| row.name).collect()
}

#[test]
fn a_run_is_not_worse_than_itself_nor_than_a_slower_one() {
    let (fast, slow) = (run(CLOSED, 8.0, 900.0, 0), run(CLOSED, 16.0, 400.0, 800));
    assert_eq!(worse(&fast, &fast), [""; 0]);
    assert_eq!(worse(&slow, &fast), [""; 0]);
}

#[test]
fn what_is_worse_beyond_the_percentage_and_beyond_noise_is_named() {
    let (fast, slow) = (run(CLOSED, 8.0, 900.0, 0), run(CLOSED, 16.0, 400.0, 800));
    let all = ["rate", "p50", "p95", "p99", "raw.p50", "raw.p95", "raw.p99", "refused"];
    assert_eq!(worse(&fast, &slow), all);
    // A rate that was asked for is no result.
    assert_eq!(worse(&run(OPEN, 8.0, 900.0, 0), &run(OPEN, 8.0, 400.0, 0)), [""; 0]);
}

#[test]
fn a_difference_within_the_percentage_or_within_noise_is_not_worse() {
    let old = run(OPEN, 10.0, 500.0, 0);
    assert_eq!(worse(&old, &run(OPEN, 10.9, 500.0, 0)), [""; 0], "9 %");
    // One bad second is most of the p99 of the run, and says nothing of the others.
    let mut spike = old.clone();
    spike["corrected"]["p99"] = json!(90.0);
    spike["seconds"][7]["corrected"]["p99"] = json!(900.0);
    assert_eq!(worse(&old, &spike), [""; 0]);
    assert_eq!(worse(&old, &run(OPEN, 10.0, 500.0, 3)), [""; 0], "3 of 10,000 can be chance");
    let mut drained = old.clone();
    drained["effects"]["drained_s"] = json!(0.6);
    assert_eq!(worse(&old, &drained), [""; 0], "two readings");
    drained["effects"]["drained_s"] = json!(0.9);
    assert_eq!(worse(&old, &drained), ["drained"]);
}

#[test]
fn effects_are_worse_if_they_are_later_than_the_probes_can_mistake() {
    let late = |p95: Option<f64>| {
        let latency = Percentiles { p95, ..Percentiles::default() };
        let followed = FollowedEffects { latency, unsure_ms: Some(50.0), ..Default::default() };
        let mut run = run(OPEN, 10.0, 500.0, 0);
        run["followed"] = json!(followed);
        run
    };
    let old = late(Some(100.0));
    assert_eq!(worse(&old, &late(Some(149.0))), [""; 0], "the probes were no nearer");
    assert_eq!(worse(&old, &late(Some(151.0))), ["effect.p95"]);
    assert_eq!(worse(&old, &late(None)), ["effect.p95"], "no effect was shown any more");
    assert_eq!(worse(&old, &run(OPEN, 10.0, 500.0, 0)), [""; 0], "it followed nothing");
    assert_eq!(worse(&run(OPEN, 10.0, 500.0, 0), &old), [""; 0]);
}

#[test]
fn too_few_seconds_are_judged_by_the_percentage_alone() {
    let short = |p99| {
        let mut short = run(OPEN, p99, 500.0, 0);
        short["sent_s"] = json!(4.9);
        short
    };
    let all = ["p50", "p95", "p99", "raw.p50", "raw.p95", "raw.p99"];
    assert_eq!(worse(&short(10.0), &short(12.0)), all);
    assert_eq!(worse(&short(10.0), &short(10.9)), [""; 0]);
}

#[test]
fn what_is_not_known_any_more_is_worse() {
    let (old, mut new) = (run(OPEN, 10.0, 500.0, 0), run(OPEN, 10.0, 500.0, 0));
    new["effects"]["right"] = json!(8);
    assert_eq!(worse(&old, &new), ["drained"]);
    assert_eq!(worse(&new, &old), [""; 0]);
}

#[test]
fn a_run_of_another_kind_is_refused_and_says_why() {
    let (one, mut other) = (run(OPEN, 10.0, 500.0, 0), run("90/s for 20s", 10.0, 500.0, 0));
    other["threads"] = json!(4);
    let fault = FaultResult { text: "1% is lost".to_owned(), counts: FaultCounts::default() };
    other["faults"] = json!([fault]);
    let why =
        Baseline::new(read(&one)).must_be_like(&Kind::of(&read(&other))).expect_err("another kind");
    assert_eq!(
        why,
        "it is of another kind of run\n  pace: `500/s for 20s` there, `90/s for 20s` here\n  \
         threads: `1` there, `4` here\n  faults: `none` there, `1% is lost` here"
    );
    Baseline::new(read(&one)).must_be_like(&Kind::of(&read(&one))).expect("the same kind");
}

#[test]
fn seconds_in_which_nothing_was_answered_are_slow_ones() {
    let old = run(OPEN, 10.0, 500.0, 0);
    let mut stalled = run(OPEN, 4000.0, 500.0, 0);
    for second in stalled["seconds"].as_array_mut().expect("seconds").iter_mut().skip(3) {
        second["due"] = json!(500);
        second["sent"] = json!(0);
        for times in ["corrected", "raw"] {
            second[times] = json!(SecondTimes::default());
        }
    }
    let all = ["p50", "p95", "p99", "raw.p50", "raw.p95", "raw.p99"];
    assert_eq!(worse(&old, &stalled), all);
}
