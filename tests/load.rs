//! `standin load` as a process, against the reference receiver and against servers that do one thing.

#![cfg(target_os = "linux")]

#[path = "load/abort.rs"]
mod abort;
#[path = "common/built_in.rs"]
mod built_in;
#[path = "load/busy.rs"]
mod busy;
#[path = "load/deploy.rs"]
mod deploy;
#[path = "load/faults.rs"]
mod faults;
#[path = "load/follow.rs"]
mod follow;
#[path = "load/forget.rs"]
mod forget;
#[path = "load/journal.rs"]
mod journal;
#[path = "load/reports.rs"]
mod reports;
#[path = "load/server.rs"]
mod server;
#[path = "load/set_ids.rs"]
mod set_ids;
#[path = "load/shards.rs"]
mod shards;
#[path = "load/tls.rs"]
mod tls;
#[path = "common/tls_server.rs"]
mod tls_server;
#[path = "load/traffic.rs"]
mod traffic;
#[path = "load/turns.rs"]
mod turns;

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Output};

use serde_json::Value as Json;
use standin::receiver::{self, Defect, Running};

use built_in::built_in;
use server::{Behaviour, Server};

/// What a load came to.
struct Loaded {
    code: i32,
    said: String,
    report: Json,
}

/// A settings file with these parts of the built-in one replaced, and a folder for it.
fn folder(url: &str, parts: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let parts = [&[("http://127.0.0.1:8080", url)], parts].concat();
    std::fs::write(folder.path().join("standin.yaml"), built_in(&parts)).expect("a file");
    folder
}

/// The program with these arguments in this folder. A part of the arguments behind `|'` is one argument.
fn command(folder: &tempfile::TempDir, arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_standin"));
    command
        .args(arguments.split('|').flat_map(|part| match part.strip_prefix('\'') {
            Some(whole) => vec![whole],
            None => part.split_whitespace().collect(),
        }))
        .current_dir(folder.path())
        .env_remove("OMBORI_API_KEY");
    command
}

fn standin(folder: &tempfile::TempDir, arguments: &str) -> Output {
    command(folder, arguments).output().expect("it starts")
}

/// Runs a load.
fn load(folder: &tempfile::TempDir, arguments: &str) -> Loaded {
    let output = standin(folder, &format!("load --json report.json {arguments}"));
    let said = [output.stdout, output.stderr].concat();
    let report = std::fs::read_to_string(folder.path().join("report.json")).unwrap_or_default();
    Loaded {
        code: output.status.code().expect("it ends by itself"),
        said: String::from_utf8(said).expect("UTF-8"),
        report: serde_json::from_str(&report).unwrap_or_default(),
    }
}

async fn receiver(defects: &[Defect]) -> Running {
    let defects: BTreeSet<Defect> = defects.iter().copied().collect();
    let options = standin::cli::receiver::options(([127, 0, 0, 1], 0).into(), defects);
    receiver::start(options).await.expect("a free port")
}

/// Runs a load beside the receiver of this test.
async fn beside(url: &str, parts: &'static [(&str, &str)], arguments: &'static str) -> Loaded {
    let url = url.to_owned();
    let loaded = tokio::task::spawn_blocking(move || load(&folder(&url, parts), arguments));
    loaded.await.expect("no panic")
}

fn count(report: &Json, pointer: &str) -> u64 {
    report.pointer(pointer).and_then(Json::as_u64).unwrap_or_else(|| panic!("{pointer}: {report}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_webhook_of_every_vendor_is_accepted_and_believed() {
    for engine in ["io_uring", "epoll"] {
        let running = receiver(&[]).await;
        let arguments = match engine {
            "epoll" => {
                "--engine epoll --rate 300/s --count 450 --seed 1 |--fail-if|'lost > 0|--fail-if|'wrong > 0"
            }
            _ => "--rate 300/s --count 450 --seed 1 |--fail-if|'lost > 0|--fail-if|'wrong > 0",
        };
        let loaded = beside(&running.url, &[], arguments).await;
        let Loaded { code, said, report } = loaded;
        assert_eq!(code, 0, "{said}");
        for pointer in ["/webhooks/sent", "/webhooks/accepted", "/statuses/200", "/lag/count"] {
            assert_eq!(count(&report, pointer), 450, "{pointer}: {said}");
        }
        let triggers = report["triggers"].as_array().expect("triggers").iter();
        assert_eq!(triggers.clone().map(|one| count(one, "/sent")).sum::<u64>(), 450);
        let vendors: BTreeSet<&str> = triggers.filter_map(|one| one["vendor"].as_str()).collect();
        assert_eq!(vendors, BTreeSet::from(["doo", "ombori", "waitwhile"]));
        let compared = count(&report, "/effects/compared");
        assert!(compared >= 50, "only {compared} subjects were compared");
        assert_eq!(count(&report, "/effects/right"), compared, "{said}");
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_accepts_and_believes_wrongly_crosses_a_threshold() {
    let running = receiver(&[Defect::AcknowledgedAndForgotten]).await;
    const SOON: &[(&str, &str)] = &[("believes_within: 5s", "believes_within: 1s")];
    let arguments = "--rate 500/s --count 1000 --seed 1 --vendor ombori |--fail-if|'wrong > 0";
    let Loaded { code, said, report } = beside(&running.url, SOON, arguments).await;
    assert_eq!(code, 1, "{said}");
    assert_eq!(count(&report, "/webhooks/accepted"), 1000);
    assert!(count(&report, "/effects/wrong") > 0, "{said}");
    assert_eq!(report["thresholds"][0]["passed"], false);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_herd_asks_for_a_kept_token_once_in_each_thread() {
    let running = receiver(&[]).await;
    const CACHED: &[(&str, &str)] = &[(
        "      endpoint: /oauth/token\n",
        "      endpoint: /oauth/token\n      token_use: cached\n",
    )];
    let arguments = "--saturate --for 10s --count 300 --threads 2 --vendor doo --seed 1";
    let Loaded { code, said, report } = beside(&running.url, CACHED, arguments).await;
    assert_eq!(code, 0, "{said}");
    assert_eq!(count(&report, "/webhooks/accepted"), 300);
    assert_eq!(count(&report, "/token_requests"), 2, "{said}");
    running.stop().await;
}

#[test]
fn what_is_sent_depends_on_the_seed_and_not_on_threads_or_connections() {
    let mut before: Option<Vec<String>> = None;
    for arguments in ["--threads 1", "--threads 3 --connections 7", "--threads 2 --engine epoll"] {
        let server = Server::start(Behaviour::Accepts);
        let folder = folder(&server.url, &[]);
        let arguments =
            format!("{arguments} --rate 2000/s --count 600 --seed 5 --vendor ombori --sample 0");
        let loaded = load(&folder, &arguments);
        assert_eq!(loaded.code, 0, "{}", loaded.said);
        let mut bodies = server.stop().into_iter().map(|one| one.body).collect::<Vec<_>>();
        bodies.sort();
        assert_eq!(bodies.len(), 600);
        let unique: BTreeSet<&String> = bodies.iter().collect();
        assert_eq!(unique.len(), 600, "every webhook is unique");
        assert!(before.is_none_or(|before| before == bodies), "{arguments}");
        before = Some(bodies);
    }
}

#[test]
fn webhooks_of_one_subject_never_overtake_each_other() {
    let server = Server::start(Behaviour::Slow);
    let folder = folder(&server.url, &[]);
    let arguments =
        "--saturate --for 20s --count 800 --accounts 4 --seed 3 --vendor ombori --sample 0";
    let loaded = load(&folder, arguments);
    assert_eq!(loaded.code, 0, "{}", loaded.said);
    let requests = server.stop();
    assert_eq!(requests.len(), 800);
    let mut by_subject: BTreeMap<String, Vec<(u64, u64, String)>> = BTreeMap::new();
    for request in requests {
        let body: Json = serde_json::from_str(&request.body).expect("JSON");
        let position = &body["data"]["position"];
        let id = position["id"].as_str().expect("an id").to_owned();
        let state = body["type"].as_str().expect("a type").to_owned();
        by_subject.entry(id).or_default().push((request.began, request.ended, state));
    }
    let mut several = 0;
    for told in by_subject.values_mut() {
        told.sort();
        several += usize::from(told.len() > 1);
        for two in told.windows(2) {
            assert!(two[0].1 <= two[1].0, "two at the same time: {told:?}");
        }
        let first = told[0].2.as_str();
        // Nothing is sent of a reservation until it is confirmed or cancelled.
        let is_given_up = told.len() == 1 && first == "positionCancelled";
        let begins = ["positionCreated", "bookingConfirmation"].contains(&first);
        assert!(begins || is_given_up, "{told:?}");
    }
    assert!(several > 50, "only {several} subjects had several webhooks");
}

#[test]
fn what_was_not_accepted_is_tried_again_as_the_policy_says_and_counted_apart() {
    const RETRIES: &[(&str, &str)] = &[(
        "    deliver: /webhooks/ombori ",
        "    retries: [50ms, 50ms]\n    deliver: /webhooks/ombori ",
    )];
    for (arguments, recovered, given_up) in [("", 300, 0), ("--retries off", 0, 300)] {
        let server = Server::start(Behaviour::RefusesFirst(503));
        let folder = folder(&server.url, RETRIES);
        let loaded = load(
            &folder,
            &format!("{arguments} --rate 1000/s --count 300 --vendor ombori --sample 0"),
        );
        assert_eq!(loaded.code, 0, "{}", loaded.said);
        let report = &loaded.report;
        assert_eq!(count(report, "/webhooks/sent"), 300, "{}", loaded.said);
        assert_eq!(count(report, "/webhooks/failed"), 300, "{}", loaded.said);
        assert_eq!(count(report, "/webhooks/recovered"), recovered, "{}", loaded.said);
        assert_eq!(count(report, "/webhooks/given_up"), given_up, "{}", loaded.said);
        assert_eq!(count(report, "/retries"), recovered, "{}", loaded.said);
        assert_eq!(server.stop().len() as u64, 300 + recovered);
    }
}

#[test]
fn a_retry_that_waits_keeps_no_connection_from_sending() {
    const LATE: &[(&str, &str)] =
        &[("    deliver: /webhooks/ombori ", "    retries: [1m]\n    deliver: /webhooks/ombori ")];
    let server = Server::start(Behaviour::RefusesThird(503));
    let folder = folder(&server.url, LATE);
    let arguments = "--rate 20/s --count 40 --drain 500ms --vendor ombori --sample 0";
    let loaded = load(&folder, arguments);
    assert_eq!(loaded.code, 0, "{}", loaded.said);
    assert_eq!(count(&loaded.report, "/webhooks/sent"), 40, "{}", loaded.said);
    assert_eq!(count(&loaded.report, "/webhooks/accepted"), 39, "{}", loaded.said);
    assert_eq!(count(&loaded.report, "/webhooks/unfinished"), 1, "{}", loaded.said);
    assert_eq!(server.stop().len(), 40);
}

#[test]
fn what_is_not_known_does_not_pass() {
    let server = Server::start(Behaviour::Accepts);
    let folder = folder(&server.url, &[]);
    for expression in ["lost > 0", "drained > 30s", "wrong > 1%"] {
        let arguments =
            format!("--rate 1000/s --count 20 --sample 0 --vendor ombori |--fail-if|'{expression}");
        let loaded = load(&folder, &arguments);
        assert_eq!(loaded.code, 1, "{}", loaded.said);
        assert!(loaded.said.contains("not known"), "{}", loaded.said);
    }
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subject_of_which_a_webhook_was_shed_says_nothing_of_the_receiver() {
    let running = receiver(&[]).await;
    let arguments = "--rate 20000/s --for 300ms --backlog 1 --connections 1 --threads 1 --sample 500 \
                     --vendor ombori --seed 1";
    let Loaded { code, said, report } = beside(&running.url, &[], arguments).await;
    assert_eq!(code, 0, "{said}");
    assert!(count(&report, "/webhooks/shed") > 100, "{said}");
    let right = report.pointer("/effects/right").and_then(Json::as_u64);
    assert_eq!(right, report.pointer("/effects/compared").and_then(Json::as_u64), "{said}");
    running.stop().await;
}

#[test]
fn whatever_a_receiver_does_is_counted_and_ends() {
    let cases = [
        (Behaviour::Closes, "closed-early", 3),
        (Behaviour::Garbage, "malformed-answer", 3),
        (Behaviour::Silent, "timed-out", 3),
        (Behaviour::Chunked, "", 0),
    ];
    const SOON: &[(&str, &str)] = &[("ack_within: 5s", "ack_within: 300ms")];
    for (behaviour, error, code) in cases {
        let server = Server::start(behaviour);
        let folder = folder(&server.url, SOON);
        let arguments =
            "--rate 500/s --count 100 --retries off --vendor ombori --sample 0 --connections 25";
        let loaded = load(&folder, arguments);
        assert_eq!(loaded.code, code, "{behaviour:?}: {}", loaded.said);
        let webhooks = &loaded.report["webhooks"];
        let failed = count(&loaded.report, "/webhooks/failed");
        let all = failed + count(&loaded.report, "/webhooks/accepted");
        let unsent = count(&loaded.report, "/webhooks/shed");
        assert_eq!(all + unsent, 100, "{behaviour:?}: {webhooks}");
        if !error.is_empty() {
            let found = count(&loaded.report, &format!("/errors/{error}"));
            assert!(found > 50, "{behaviour:?}: {}", loaded.report["errors"]);
        }
        server.stop();
    }
}

#[test]
fn a_backlog_is_bounded_and_what_it_sheds_is_counted() {
    let server = Server::start(Behaviour::Slow);
    let folder = folder(&server.url, &[]);
    let arguments =
        "--rate 3000/s --for 1s --connections 2 --backlog 20 --vendor ombori --sample 0";
    let loaded = load(&folder, arguments);
    assert_eq!(loaded.code, 0, "{}", loaded.said);
    let (sent, shed) =
        (count(&loaded.report, "/webhooks/sent"), count(&loaded.report, "/webhooks/shed"));
    assert_eq!(sent + shed, 3000, "{}", loaded.said);
    assert!(shed > 1000, "{}", loaded.said);
    // Two connections, some 3 ms a request: they waited long before they were sent.
    assert!(loaded.report["corrected"]["p99"].as_f64() > loaded.report["raw"]["p99"].as_f64());
    server.stop();
}

#[test]
fn mistakes_are_said_before_anything_is_sent() {
    let server = Server::start(Behaviour::Accepts);
    /// Parts of standin.yaml, arguments, and what is said.
    type Case = (&'static [(&'static str, &'static str)], &'static str, &'static str);
    const CASES: &[Case] = &[
        (&[], "--fail-if|'p98 > 2ms", "  p98 > 2ms\n  ^^^ this is not known; there are mean, p50"),
        (&[], "--rate fast", "`fast` is not a rate; it is written like 2000/s"),
        (&[], "--rate 0/s", "a rate of 0 sends nothing"),
        (&[], "--ramp 5..9/s", "--over <DURATION>"),
        (&[], "--threads 99 --connections 3", "99 threads are too many"),
        (&[], "--vendor acme", "acme"),
        (&[], "--order global --threads 2", "are sent by one thread: --threads 1"),
        (&[], "--connections 20000 --threads 1", "a thread has at most 8192 connections"),
        (&[], "--http 2 --engine epoll", "io_uring and epoll speak plain HTTP/1.1, and not HTTP/2"),
        (&[], "--streams 2", "--streams 2 needs HTTP/2"),
        (&[], "--http 2 --streams 9000", "at most 8192 streams"),
        (&[], "--dry-run --saturate", "--dry-run with --saturate needs --count"),
        (&[("deliver: /webhooks/ombori", "deliver: https://127.0.0.1:1/x")], "", "are two servers"),
        (&[("deliver: /webhooks/ombori", "deliver: http://127.0.0.1:1/x")], "", "are two servers"),
    ];
    for (parts, arguments, said) in CASES {
        let folder = folder(&server.url, parts);
        let loaded = load(&folder, arguments);
        assert_eq!(loaded.code, 2, "{arguments}: {}", loaded.said);
        assert!(loaded.said.contains(said), "{arguments}: {}", loaded.said);
    }
    assert!(server.stop().is_empty());
}

#[test]
fn a_dry_run_counts_and_sends_nothing() {
    let server = Server::start(Behaviour::Accepts);
    let folder = folder(&server.url, &[]);
    let output =
        standin(&folder, "load --dry-run --rate 100/s --for 3s --vendor waitwhile --seed 1");
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(said.starts_with("300 webhooks, 100/s for 3s; made in "), "{said}");
    let made = said.lines().filter_map(|line| line.strip_prefix("waitwhile"));
    let made = made.filter_map(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    assert_eq!(made.sum::<u64>(), 300, "{said}");
    assert!(server.stop().is_empty());
}
