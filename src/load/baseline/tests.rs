//! Comparisons of runs that are written down as JSON.

use serde_json::{Value as Json, json};

use super::*;

const SECONDS: u64 = 20;

/// The results of a run whose p99 is about this, and of which this many webhooks were refused.
fn run(pace: &str, p99: f64, rate: f64, refused: u64) -> Json {
    let seconds = (0..SECONDS).map(|at| {
        // They differ by up to 20 %.
        let noisy = |value: f64| value * (0.9 + 0.04 * (at * 7 % 6) as f64);
        let times = json!({ "p50": noisy(p99 / 4.0), "p95": noisy(p99 / 2.0), "p99": noisy(p99) });
        json!({ "at_s": at, "length_s": 1, "sent": noisy(rate) as u64, "corrected": times, "raw": times })
    });
    let times = json!({ "p50": p99 / 4.0, "p95": p99 / 2.0, "p99": p99 });
    json!({
        "load": 1, "version": "0.1.0", "started": "2026-11-05T09:30:00Z",
        "vendors": ["ombori"], "accounts": 64, "connections": 64, "threads": 1,
        "pace": pace, "order": "by-policy", "retrying": "by-policy",
        "sent_s": SECONDS as f64 - 0.001, "rate": rate,
        "webhooks": { "sent": 10_000, "refused": refused, "failed": 0, "shed": 0 },
        "corrected": times, "raw": times,
        "effects": { "compared": 9, "right": 9, "drained_s": 0.4 },
        "seconds": seconds.collect::<Vec<_>>(),
    })
}

const OPEN: &str = "500/s for 20s";
const CLOSED: &str = "as fast as possible for 20s";

fn read(run: &Json) -> Baseline {
    Baseline::read(&run.to_string()).expect("results")
}

/// What is worse, at 10 %.
fn worse(old: &Json, new: &Json) -> Vec<String> {
    let (old, new) = (read(old), read(new));
    let by_seconds = [&old, &new].iter().all(|one| one.whole_seconds().count() >= FEWEST_SECONDS);
    let rows = Judge { old: &old, new: &new, limit: 0.1, by_seconds }.rows();
    rows.into_iter().filter(|row| row.worse).map(|row| row.name).collect()
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
    let why = read(&one).must_be_like(&read(&other).kind).expect_err("another kind");
    assert_eq!(
        why,
        "it is of another kind of run\n  pace: `500/s for 20s` there, `90/s for 20s` here\n  \
         threads: `1` there, `4` here"
    );
    read(&one).must_be_like(&read(&one).kind).expect("the same kind");
}

#[test]
fn what_are_no_results_is_refused_and_says_where() {
    let mut format = run(OPEN, 10.0, 500.0, 0);
    format["load"] = json!(7);
    let mut wrong = run(OPEN, 10.0, 500.0, 0);
    wrong["seconds"][3]["corrected"]["p50"] = json!("fast");
    for (text, said) in [
        ("nonsense".to_owned(), "these are not the results of a load: "),
        ("{}".to_owned(), "these are not the results of a load: missing field `load`"),
        (format.to_string(), "this is format 7 of the results, not 1"),
        (wrong.to_string(), "`seconds[3].corrected.p50` is wrong: invalid type"),
    ] {
        let why = Baseline::read(&text).expect_err("no results");
        assert!(why.starts_with(said), "{why}");
    }
}
