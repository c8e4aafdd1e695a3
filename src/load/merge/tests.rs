use std::time::Duration;

use serde_json::{Value as Json, json};

use super::{Missing, Part, merge};
use crate::load::histogram::read_part;
use crate::load::report::{self, percentiles};
use crate::load::results::{MOST, read};
use crate::load::seconds::Seconds;
use crate::load::tally::Latency;
use crate::model::load::{LoadReport, Percentiles};

fn latency(milliseconds: impl IntoIterator<Item = u64>) -> Latency {
    let mut latency = Latency::default();
    milliseconds.into_iter().for_each(|one| latency.record(Duration::from_millis(one)));
    latency
}

/// The results of a shard whose latencies are these. Numbers of its own show which it is.
fn results(shard: u64, of: u64, milliseconds: &[u64]) -> Json {
    let times = percentiles(&latency(milliseconds.iter().copied()));
    let sent = milliseconds.len();
    let started = ["2026-11-05T09:30:08.5Z", "2026-11-05T09:30:08Z"][shard as usize % 2];
    let examples = ["x", "y", "z"].map(|one| format!("{shard} {one}"));
    let faults = json!([
        {"text": "1% of webhooks is lost", "struck": 1 + shard, "sent": 1, "accepted": 1, "refused": 0,
         "failed": 0, "unsent": 2, "recovered": 0, "given_up": 1},
    ]);
    let effects = json!({
        "compared": 3, "right": 1, "lost": 1, "wrong": 1, "unreadable": 0,
        "drained_s": 0.5 * shard as f64, "twice": 1, "twice_judged": 2, "twice_unknown": shard,
        "examples": examples,
    });
    let triggers = json!([
        {"vendor": "a", "trigger": "t", "sent": sent, "accepted": 1, "refused": 0, "failed": 0,
         "corrected": times},
        {"vendor": "a", "trigger": format!("only {shard}"), "sent": 1, "accepted": 1,
         "refused": 0, "failed": 0, "corrected": percentiles(&Latency::default())},
    ]);
    json!({
        "load": 1, "version": "1.2.3", "target": "http://127.0.0.1:1", "vendors": ["a"], "seed": 7,
        "accounts": 64, "shards": {"of": of, "joined": [shard]}, "threads": 1, "connections": 4,
        "engine": if shard == 0 { "epoll" } else { "io_uring" }, "engine_reason": "so", "http": "1.1", "streams": 1, "sampled": 5,
        "started": started, "order": "by-policy",
        "retrying": "by-policy", "pace": "4/s for 1s", "took_s": 1.0 + shard as f64, "sent_s": 2.0, "rate": 0.0,
        "answers": sent, "retries": 10 + shard, "token_requests": 20, "token_failures": 1,
        "webhooks": {
            "sent": sent, "accepted": 1, "refused": 2, "failed": 3, "faulted": 9, "recovered": 4, "given_up": 5,
            "shed": 6, "unfinished": 7, "unsent": 2,
        },
        "corrected": times, "raw": times, "lag": times,
        "triggers": triggers,
        "statuses": {"200": 1, (format!("50{shard}")): 1}, "errors": {"timed-out": 1 + shard},
        "faults": faults,
        "connects": 4, "failed_connects": 1,
        "effects": effects,
        "followed": followed(shard, &times),
        "seconds": seconds(shard),
        "thresholds": [],
    })
}

/// What was seen of subjects while a shard ran.
fn followed(shard: u64, latency: &Percentiles) -> Json {
    json!({
        "subjects": 3, "latency": latency, "unsure_ms": 5.0 + shard as f64, "unmeasured": 1, "unseen": shard,
        "dropped": 0, "most_behind": 4, "behind": shard, "probe_rate": 50.0, "probes": 9,
        "seconds": [{"at_s": 0, "length_s": 1, "behind": 4}, {"at_s": 1, "length_s": 1, "behind": 1}],
        "errors": {"the probe answered 500": 1, (format!("only {shard}")): 1},
    })
}

/// One second more than the number of the shard, with an answer in each.
fn seconds(shard: u64) -> Json {
    let mut seconds = Seconds::default();
    for second in 0..=shard {
        let at = Duration::from_secs(second);
        let part = seconds.at(at);
        (part.due, part.sent, part.accepted, part.backlog) = (4, 1 + second, 1, 2);
        part.longest = Duration::from_millis(10 * shard);
        let latency = Duration::from_millis(4 + 4 * shard);
        seconds.answered(at, latency, latency / 2);
    }
    seconds.close();
    json!(report::seconds(&seconds))
}

fn parts(all: &[Json]) -> Vec<Part> {
    let named = all.iter().enumerate().map(|(place, json)| Part {
        name: format!("{place}.json"),
        report: read(&json.to_string()).expect("results"),
    });
    named.collect()
}

fn joined(all: &[Json]) -> Result<LoadReport, String> {
    merge(&parts(all), Missing::Refused).map_err(|problem| problem.to_string())
}

fn same(one: &Percentiles, other: &Percentiles) {
    assert_eq!(json!(one), json!(other));
}

#[test]
fn percentiles_are_those_of_all_values_and_not_a_mean() {
    let (fast, slow) = ([1; 99], [500]);
    let whole = joined(&[results(0, 2, &fast), results(1, 2, &slow)]).expect("one run");
    let of_one_run = percentiles(&latency(fast.into_iter().chain(slow)));
    for times in [&whole.corrected, &whole.raw, &whole.lag, &whole.triggers[2].corrected] {
        same(times, &of_one_run);
    }
    assert_eq!((whole.corrected.count, whole.corrected.p99.map(f64::round)), (100, Some(1.0)));
}

#[test]
fn counts_are_added_and_extremes_kept() {
    let whole = joined(&[results(1, 2, &[5, 6]), results(0, 2, &[1])]).expect("one run");
    let sums = json!({
        "sent": 3, "accepted": 2, "refused": 4, "failed": 6, "faulted": 18, "recovered": 8, "given_up": 10,
        "shed": 12, "unfinished": 14, "unsent": 4,
    });
    assert_eq!(json!(whole.webhooks), sums);
    assert_eq!((whole.answers, whole.retries), (3, 21));
    assert_eq!((whole.token_requests, whole.token_failures), (40, 2));
    assert_eq!((whole.threads, whole.connections, whole.accounts), (2, 8, 64));
    assert_eq!((whole.connects, whole.failed_connects), (8, 2));
    assert_eq!((whole.took_s, whole.sent_s, whole.rate), (2.0, 2.0, 1.5));
    assert_eq!((whole.engine.as_str(), whole.engine_reason.as_str()), ("epoll, io_uring", "so"));
    assert_eq!(json!(whole.statuses), json!({"200": 2, "500": 1, "501": 1}));
    assert_eq!(json!(whole.errors), json!({"timed-out": 3}));
    assert_eq!((whole.faults[0].counts.struck, whole.faults[0].counts.unsent), (3, 4));
    assert_eq!(json!(whole.shards), json!({"of": 2, "joined": [0, 1]}));
    assert_eq!(whole.started, "2026-11-05T09:30:08Z");
    let counts: Vec<_> = whole
        .seconds
        .iter()
        .map(|one| (one.at_s, one.due, one.sent, one.accepted, one.backlog, one.longest_ms))
        .collect();
    assert_eq!(counts, [(0, 8, 2, 2, 4, 10.0), (1, 4, 2, 1, 2, 10.0)]);
    let answers =
        whole.seconds.iter().map(|one| read_part(&one.corrected.hdr).expect("some").len());
    assert_eq!(answers.collect::<Vec<_>>(), [2, 1]);
    let p99 = whole.seconds[0].corrected.p99.expect("some");
    assert!((7.9..8.1).contains(&p99), "that of the slower shard: {p99}");
    let effects = whole.effects.expect("both have some");
    assert_eq!((effects.compared, effects.right, effects.lost, effects.wrong), (6, 2, 2, 2));
    let twice = (effects.twice, effects.twice_judged, effects.twice_unknown);
    assert_eq!(twice, (Some(2), 4, 1));
    assert_eq!((effects.drained_s, effects.examples.len()), (0.5, 5));
    let followed = whole.followed.expect("both have some");
    assert_eq!((followed.subjects, followed.latency.count, followed.probes), (6, 3, 18));
    assert_eq!((followed.most_behind, followed.behind, followed.unseen), (8, 1, 1));
    assert_eq!((followed.unsure_ms, followed.probe_rate), (Some(6.0), 100.0));
    let behind: Vec<u64> = followed.seconds.iter().map(|one| one.behind).collect();
    assert_eq!((behind, followed.errors.len()), (vec![8, 2], 3));
    let triggers: Vec<(&str, u64)> =
        whole.triggers.iter().map(|one| (one.trigger.as_str(), one.sent)).collect();
    assert_eq!(triggers, [("only 0", 1), ("only 1", 1), ("t", 3)]);
}

#[test]
fn a_shard_that_could_compare_nothing_hides_not_what_others_found() {
    let without = |shard, sampled: u64| {
        let mut one = results(shard, 2, &[1]);
        one["effects"] = Json::Null;
        one["sampled"] = json!(sampled);
        one
    };
    let effects = |one, other| joined(&[one, other]).expect("one run").effects;
    assert_eq!(effects(without(0, 0), results(1, 2, &[1])).map(|one| one.compared), Some(3));
    assert!(effects(without(0, 0), without(1, 0)).is_none());
    assert!(effects(without(0, 5), results(1, 2, &[1])).is_none(), "one does not know");
}

#[test]
fn what_was_joined_is_joined_again() {
    let all: Vec<Json> = (0..4).map(|shard| results(shard, 4, &[1 + shard, 90])).collect();
    let half = |some: &[Json]| json!(merge(&parts(some), Missing::Accepted).expect("one run"));
    let of_halves = joined(&[half(&all[..2]), half(&all[2..])]).expect("one run");
    // The texts that differ are joined as texts.
    let whole = LoadReport { engine: of_halves.engine.clone(), ..joined(&all).expect("one run") };
    assert_eq!(json!(of_halves), json!(whole));
}

#[test]
fn no_number_in_a_file_makes_a_sum_overflow() {
    let at_all_places = |shard, number: u64| {
        let mut one = results(shard, 2, &[1]);
        for at in ["/answers", "/webhooks/sent", "/connects", "/threads", "/statuses/200"] {
            *one.pointer_mut(at).expect("it is there") = json!(number);
        }
        one["triggers"][0]["sent"] = json!(number);
        one["effects"]["lost"] = json!(number);
        one["seconds"][0]["sent"] = json!(number);
        one
    };
    let whole = joined(&[at_all_places(0, MOST), at_all_places(1, MOST)]).expect("one run");
    assert_eq!(whole.answers, 2 * MOST);
    let said = read(&at_all_places(0, u64::MAX).to_string()).expect_err("too many");
    assert!(said.contains("holds more than any run has"), "{said}");
}

#[test]
fn shards_that_are_not_of_one_run_are_refused() {
    let other = |at: &str, value: Json| {
        let mut one = results(1, 2, &[1]);
        *one.pointer_mut(at).expect("it is there") = value;
        one
    };
    let broken = percentiles(&Latency::default()).hdr;
    let cases = [
        (other("/seed", json!(8)), "0.json has seed 7, and 1.json has 8: they"),
        (other("/version", json!("9")), "version 1.2.3"),
        (other("/target", json!("http://b")), "target http"),
        (other("/vendors", json!(["b"])), "vendors a, and"),
        (other("/accounts", json!(3)), "number of accounts 64"),
        (other("/pace", json!("5/s for 1s")), "pace 4/s for 1s"),
        (other("/shards/of", json!(3)), "number of shards 2"),
        (other("/shards/joined", json!([0])), "shard 0 is in 0.json and in 1.json"),
        (other("/shards/joined", json!([])), "1.json: `shards`"),
        (other("/shards/joined", json!([2])), "1.json: `shards`"),
        (other("/shards/of", json!(MOST)), "1.json: `shards`"),
        (other("/shards", Json::Null), "1.json: these are the results of a whole run"),
        (other("/raw/hdr", json!("AAAA")), "1.json: `raw.hdr` is no histogram"),
        (
            other("/seconds/0/raw/hdr", json!("AAAA")),
            "1.json: `seconds[0].raw.hdr` is no histogram",
        ),
        (other("/order", json!("none")), "order by-policy"),
        (other("/retrying", json!("off")), "retries by-policy"),
        (other("/raw/hdr", json!(broken)), "1.json: `raw.hdr` is no histogram"),
        (
            other("/triggers/0/corrected/count", json!(3)),
            "`triggers[0].corrected.hdr` is no histogram of `standin load`: it has another number",
        ),
    ];
    for (other, why) in cases {
        let said = joined(&[results(0, 2, &[1]), other]).expect_err(why);
        assert!(said.contains(why), "{said} instead of {why}");
    }
    let said = joined(&[results(0, 4, &[1]), results(2, 4, &[1])]).expect_err("two are missing");
    assert!(said.starts_with("2 of 4 shards are missing: 1, 3; `--partial`"), "{said}");
    assert!(joined(&[]).is_err());
}

#[test]
fn what_are_no_results_says_where() {
    let mut wrong = results(0, 1, &[1]);
    wrong["triggers"][1]["sent"] = json!("many");
    let mut newer = results(0, 1, &[1]);
    newer["load"] = json!(2);
    let whole = results(0, 1, &[1]).to_string();
    for (text, why) in [
        (wrong.to_string(), "`triggers[1].sent`: invalid type: string \"many\""),
        (newer.to_string(), "the format is 2, and this version of Standin reads 1"),
        (whole[..whole.len() / 2].to_owned(), "EOF while parsing"),
        (String::new(), "EOF while parsing"),
        ("{}".to_owned(), "missing field `load`"),
        ("[1]".to_owned(), "these are no results"),
        (format!("{whole} trailing"), "trailing characters"),
    ] {
        let said = read(&text).expect_err(why);
        assert!(said.contains(why), "{said} instead of {why}");
    }
}
