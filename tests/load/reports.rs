//! The files that `standin load` writes, and what it says of an older run.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;
use hdrhistogram::serialization::Deserializer;
use hdrhistogram::serialization::interval_log::{IntervalLogIterator, LogEntry};
use serde_json::Value as Json;
use standin::model::load::LoadReport;

use super::server::{Behaviour, Server};
use super::{count, folder, load};

fn written(folder: &tempfile::TempDir, name: &str) -> String {
    std::fs::read_to_string(folder.path().join(name))
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// How many latencies an interval log has, by tag.
fn logged(log: &str) -> BTreeMap<String, u64> {
    use base64::Engine as _;
    let mut counts = BTreeMap::new();
    for entry in IntervalLogIterator::new(log.as_bytes()) {
        let LogEntry::Interval(interval) = entry.expect("an entry") else { continue };
        let bytes = base64::engine::general_purpose::STANDARD.decode(interval.encoded_histogram());
        let bytes = bytes.expect("base64");
        let read: Histogram<u64> =
            Deserializer::new().deserialize(&mut bytes.as_slice()).expect("a histogram");
        *counts.entry(interval.tag().expect("a tag").as_str().to_owned()).or_default() +=
            read.len();
    }
    counts
}

#[test]
fn each_report_tells_the_same_run() {
    let server = Server::start(Behaviour::Accepts);
    let folder = folder(&server.url, &[]);
    let arguments = "--rate 500/s --for 2s --threads 2 --vendor ombori --sample 0 --html a.html \
                     --hdr a.hlog --junit a.xml |--fail-if|'p99 > 60s|--fail-if|'sent > 10";
    let loaded = load(&folder, arguments);
    assert_eq!(loaded.code, 1, "{}", loaded.said);
    assert!(loaded.said.contains("✗ fails if sent > 10  1000"), "{}", loaded.said);
    let schema = include_str!("../../schemas/load.schema.json");
    let schema: Json = serde_json::from_str(schema).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<_> =
        validator.iter_errors(&loaded.report).map(|error| error.to_string()).collect();
    assert_eq!(errors, [""; 0]);
    let seconds = loaded.report["seconds"].as_array().expect("seconds");
    for what in ["due", "sent", "accepted"] {
        let sum: u64 = seconds.iter().map(|one| count(one, &format!("/{what}"))).sum();
        assert_eq!(sum, 1000, "{what}");
    }
    assert!(seconds[0]["corrected"]["p99"].as_f64() >= seconds[0]["corrected"]["p50"].as_f64());
    let all = ["corrected", "lag", "raw"].map(|tag| (tag.to_owned(), 1000));
    assert_eq!(logged(&written(&folder, "a.hlog")), BTreeMap::from(all));
    let xml = written(&folder, "a.xml");
    assert!(xml.contains("tests=\"3\" skipped=\"0\" failures=\"1\" errors=\"0\""), "{xml}");
    let html = written(&folder, "a.html");
    assert!(html.contains("1 threshold is crossed") && html.contains("positionCreated"));
    assert_eq!(html.matches("<figure>").count(), 4);
    server.stop();
}

#[test]
fn a_run_that_is_worse_than_an_older_one_fails() {
    let fast = Server::start(Behaviour::Accepts);
    let folder = folder(&fast.url, &[]);
    const RUN: &str = "--rate 200/s --for 1s --vendor ombori --sample 0 --connections 20";
    assert_eq!(load(&folder, RUN).code, 0);
    std::fs::rename(folder.path().join("report.json"), folder.path().join("old.json"))
        .expect("a file");
    let alike = load(&folder, &format!("{RUN} --baseline old.json --fail-if-worse 100000%"));
    assert_eq!(alike.code, 0, "{}", alike.said);
    let slow = Server::start(Behaviour::Slow);
    let worse = load(&folder, &format!("{RUN} --baseline old.json --target {}", slow.url));
    assert_eq!(worse.code, 1, "{}", worse.said);
    assert!(worse.said.contains("✗ raw.p50"), "{}", worse.said);
    assert!(worse.said.contains("are too few to tell noise"), "{}", worse.said);
    let row = worse.report["baseline"]["rows"].as_array().expect("rows");
    let row = row.iter().find(|row| row["name"] == "raw.p50").expect("a row");
    assert_eq!(row["worse"], true);
    assert!(row["new"].as_f64() > row["old"].as_f64());
    fast.stop();
    slow.stop();
}

#[test]
fn a_report_or_a_baseline_that_cannot_be_used_is_said_before_anything_is_sent() {
    let server = Server::start(Behaviour::Accepts);
    let folder = folder(&server.url, &[]);
    let file = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("a file");
    };
    file("no.json", "nonsense");
    file("future.json", "{\"load\": 999}");
    let other = LoadReport { load: 1, pace: "1/s for 1s".to_owned(), ..LoadReport::default() };
    file("other.json", &serde_json::json!(other).to_string());
    for (arguments, said) in [
        ("--html report.json", "--json and --html name the same file, report.json"),
        ("--hdr no/such/a.hlog", "cannot write no/such/a.hlog: its folder does not exist"),
        ("--junit .", "cannot write .: it is a folder"),
        ("--baseline none.json", "cannot read none.json"),
        ("--baseline no.json", "--baseline no.json: these are no results of `standin load --json`"),
        ("--baseline future.json", "the format is 999, and this version of Standin reads 1"),
        ("--baseline other.json", "pace: `1/s for 1s` there, `100/s for 10s` here"),
        ("--fail-if-worse 5%", "--baseline <FILE>"),
        ("--baseline other.json --fail-if-worse 5", "it is written like 10%"),
    ] {
        let loaded = load(&folder, arguments);
        assert_eq!(loaded.code, 2, "{arguments}: {}", loaded.said);
        assert!(loaded.said.contains(said), "{arguments}: {}", loaded.said);
    }
    assert!(server.stop().is_empty());
}
