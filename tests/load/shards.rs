//! A run in shards, each a process of its own, and the whole that `standin load merge` makes of them.

use std::collections::BTreeSet;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value as Json;
use standin::clock::{after, real_time};

use super::server::{Behaviour, Server};
use super::{Loaded, command, count, folder, load, receiver, standin};

const SHARDS: usize = 8;

/// Some seconds from now, so that all processes are ready.
fn soon() -> Timestamp {
    after(real_time(), Duration::from_secs(3))
}

fn start(folder: &tempfile::TempDir, arguments: &str) -> Child {
    let mut command = command(folder, arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
}

fn said(output: &Output) -> String {
    String::from_utf8([&output.stdout[..], &output.stderr].concat()).expect("UTF-8")
}

/// Runs all shards at the same time; their results are `0.json`, `1.json` …
fn run_shards(folder: &tempfile::TempDir, arguments: &str) {
    let start_at = soon();
    let shards: Vec<Child> = (0..SHARDS)
        .map(|shard| {
            let own = format!("--shard {shard}/{SHARDS} --start-at {start_at} --json {shard}.json");
            start(folder, &format!("load {own} {arguments}"))
        })
        .collect();
    for shard in shards {
        let output = shard.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    }
}

fn files() -> String {
    (0..SHARDS).map(|shard| format!(" {shard}.json")).collect()
}

fn merge(folder: &tempfile::TempDir, arguments: &str) -> Loaded {
    let output = standin(folder, &format!("load merge --json whole.json {arguments}"));
    let report = std::fs::read_to_string(folder.path().join("whole.json")).unwrap_or_default();
    Loaded {
        code: output.status.code().expect("it ends by itself"),
        said: said(&output),
        report: serde_json::from_str(&report).unwrap_or_default(),
    }
}

fn results(folder: &tempfile::TempDir, file: &str) -> Json {
    let text = std::fs::read_to_string(folder.path().join(file)).expect("a file");
    serde_json::from_str(&text).expect("JSON")
}

/// The bodies that a server got, in an order that does not depend on time.
fn bodies(server: Server) -> Vec<String> {
    let mut bodies: Vec<String> = server.stop().into_iter().map(|one| one.body).collect();
    bodies.sort();
    bodies
}

#[test]
fn eight_shards_send_what_one_run_sends_and_their_results_are_those_of_one_run() {
    // A part of the ramp and a part of what follows it, and no whole number of rounds.
    let arguments = "--seed 11 --stage|'0..1500/s over 600ms|--stage|'1000/s for 500ms|--count 777 \
                     --accounts 20 --vendor ombori --vendor waitwhile --connections 8 --sample 0";
    let one = Server::start(Behaviour::Accepts);
    let whole = load(&folder(&one.url, &[]), arguments);
    assert_eq!(whole.code, 0, "{}", whole.said);

    let eight = Server::start(Behaviour::Accepts);
    let folder = folder(&eight.url, &[]);
    run_shards(&folder, arguments);
    let joined = merge(&folder, &format!("{} |--fail-if|'sent > 776", files()));
    // No shard alone crosses it.
    assert_eq!(joined.code, 1, "{}", joined.said);
    assert!(joined.said.contains("seed 11, all 8 shards"), "{}", joined.said);

    let (of_one, of_eight) = (bodies(one), bodies(eight));
    assert_eq!(of_one.len(), 777);
    assert!(of_one == of_eight, "the shards did not send what one run sends");
    let (whole, joined) = (whole.report, joined.report);
    for same in ["webhooks", "statuses", "errors", "answers", "retries", "accounts", "pace"] {
        assert_eq!(whole[same], joined[same], "{same}");
    }
    let triggers = |report: &Json| -> Vec<(Json, Json, Json)> {
        let triggers = report["triggers"].as_array().expect("triggers").iter();
        triggers
            .map(|one| (one["vendor"].clone(), one["trigger"].clone(), one["sent"].clone()))
            .collect()
    };
    assert_eq!(triggers(&whole), triggers(&joined));
    for times in ["corrected", "raw", "lag"] {
        assert_eq!(count(&joined, &format!("/{times}/count")), 777, "{times}");
    }
    // The due times of all shards together are those of one run: the second in which each is sent.
    let by_second = |report: &Json| -> Vec<u64> {
        let seconds = report["seconds"].as_array().expect("seconds").iter();
        seconds.map(|one| count(one, "/sent")).collect()
    };
    assert_eq!(by_second(&joined).iter().sum::<u64>(), 777);
    let sent: u64 = (0..SHARDS)
        .map(|shard| count(&results(&folder, &format!("{shard}.json")), "/webhooks/sent"))
        .inspect(|sent| assert!((77..=117).contains(sent), "a shard sent {sent} of 777"))
        .sum();
    assert_eq!(sent, 777);
}

#[test]
fn shards_and_threads_have_the_subjects_of_the_whole_sample() {
    const SOON: &[(&str, &str)] = &[("believes_within: 5s", "believes_within: 200ms")];
    let arguments = "--seed 3 --rate 500/s --count 200 --vendor ombori --connections 8 --sample 5";
    let server = Server::start(Behaviour::Accepts);
    let examples = |report: &Json| -> BTreeSet<String> {
        let examples = report["effects"]["examples"].as_array().expect("a sample").iter();
        examples.map(|one| one.as_str().expect("text").to_owned()).collect()
    };
    let folder = folder(&server.url, SOON);
    let one = load(&folder, arguments);
    let of_one = examples(&one.report);
    assert_eq!(of_one.len(), 5, "{}", one.said);
    let threads = load(&folder, &format!("{arguments} --threads 3"));
    assert_eq!(examples(&threads.report), of_one, "{}", threads.said);
    run_shards(&folder, arguments);
    let joined = merge(&folder, &files());
    assert_eq!(examples(&joined.report), of_one, "{}", joined.said);
    assert_eq!(joined.report["effects"]["compared"], one.report["effects"]["compared"]);
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn shards_of_all_vendors_are_believed() {
    let running = receiver(&[]).await;
    let url = running.url.clone();
    let joined = tokio::task::spawn_blocking(move || {
        let folder = folder(&url, &[]);
        run_shards(&folder, "--seed 5 --rate 300/s --count 400 --connections 8");
        merge(&folder, &format!("{} |--fail-if|'lost > 0|--fail-if|'wrong > 0", files()))
    });
    let joined = joined.await.expect("no panic");
    assert_eq!(joined.code, 0, "{}", joined.said);
    assert_eq!(count(&joined.report, "/webhooks/accepted"), 400, "{}", joined.said);
    assert!(count(&joined.report, "/effects/right") >= 50, "{}", joined.said);
    running.stop().await;
}

#[test]
fn missing_shards_are_refused_unless_the_whole_may_be_partial() {
    let server = Server::start(Behaviour::Accepts);
    let folder = folder(&server.url, &[]);
    for shard in [0, 2] {
        let arguments = format!(
            "load --shard {shard}/3 --json {shard}.json --seed 1 --count 30 --rate 1000/s --vendor \
             ombori --sample 0"
        );
        let output = standin(&folder, &arguments);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        assert!(said(&output).contains(&format!("seed 1, shard {shard}/3\n")), "{}", said(&output));
    }
    let refused = merge(&folder, "0.json 2.json");
    assert_eq!(refused.code, 2, "{}", refused.said);
    assert!(refused.said.contains("1 of 3 shards are missing: 1; `--partial`"), "{}", refused.said);
    let partial = merge(&folder, "0.json 2.json --partial");
    assert_eq!(partial.code, 0, "{}", partial.said);
    assert!(partial.said.contains("2 of 3 shards; missing: 1"), "{}", partial.said);
    assert_eq!(count(&partial.report, "/webhooks/sent"), 20);
    let twice = merge(&folder, "whole.json 2.json --partial");
    assert_eq!(twice.code, 2, "{}", twice.said);
    assert!(twice.said.contains("shard 2 is in whole.json and in 2.json"), "{}", twice.said);
    server.stop();
}

#[test]
fn files_that_are_no_results_are_named() {
    let folder = folder("http://127.0.0.1:1", &[]);
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("a file");
    };
    write("text.json", "hello \u{1b}[31m");
    write("array.json", "[]");
    write("format.json", "{\"load\": 9}");
    write("cut.json", "{\"load\": 1,\n \"version\": \"x");
    let huge = std::fs::File::create(folder.path().join("huge.json")).expect("a file");
    huge.set_len(33 * 1024 * 1024).expect("a sparse file");
    std::fs::write(folder.path().join("bytes.json"), [0xff, 0xfe]).expect("a file");
    for (name, why) in [
        ("text.json", "these are no results of `standin load --json`: expected value at line 1"),
        ("array.json", "these are no results"),
        ("format.json", "the format is 9"),
        ("cut.json", "EOF while parsing a string at line 2"),
        ("huge.json", "has more than 33554432 bytes"),
        ("bytes.json", "it is not UTF-8"),
        ("none.json", "cannot read none.json"),
        (".", "cannot read ."),
    ] {
        let loaded = merge(&folder, name);
        assert_eq!(loaded.code, 2, "{name}: {}", loaded.said);
        assert!(loaded.said.contains(why) && loaded.said.contains(name), "{name}: {}", loaded.said);
        assert!(!loaded.said.contains('\u{1b}'), "{name}: {}", loaded.said);
    }
    assert_eq!(merge(&folder, "").code, 2);
}

#[test]
fn mistakes_of_shards_are_said_before_anything_is_sent() {
    let server = Server::start(Behaviour::Accepts);
    let folder = folder(&server.url, &[]);
    for (arguments, why) in [
        ("--shard 0/8", "--seed"),
        ("--shard 8/8 --seed 1", "the 8 shards are 0/8 to 7/8"),
        ("--shard one --seed 1", "it is written like 0/8"),
        ("--shard 3/4 --seed 1 --accounts 3 --vendor ombori", "3 accounts are too few"),
        ("--shard 0/4 --seed 1 --accounts 4 --vendor ombori --threads 2", "so at most 1"),
        ("--shard 0/2 --seed 1 --order global", "cannot be divided into shards"),
        ("--start-at 2020-01-01T00:00:00Z", "has passed"),
        ("--start-at 9000-01-01T00:00:00Z", "a day is the most"),
        ("--start-at tomorrow", "it takes a time such as"),
        ("--rate 5/s merge 0.json", "cannot be used with"),
    ] {
        let loaded = load(&folder, arguments);
        assert_eq!(loaded.code, 2, "{arguments}: {}", loaded.said);
        assert!(loaded.said.contains(why), "{arguments}: {}", loaded.said);
    }
    assert!(server.stop().is_empty());
}

#[test]
fn accounts_that_are_not_ready_in_time_send_nothing() {
    let server = Server::start(Behaviour::Accepts);
    let folder = folder(&server.url, &[]);
    let start_at = after(real_time(), Duration::from_millis(400));
    let arguments = format!("--start-at {start_at} --accounts 20000");
    let loaded = load(&folder, &arguments);
    assert_eq!(loaded.code, 2, "{}", loaded.said);
    let why = ["the accounts were not ready at --start-at", "has passed"];
    assert!(why.iter().any(|why| loaded.said.contains(why)), "{}", loaded.said);
    assert!(server.stop().is_empty());
}

#[test]
fn ctrl_c_ends_the_wait_for_the_start() {
    let server = Server::start(Behaviour::Accepts);
    let folder = folder(&server.url, &[]);
    let later = after(real_time(), Duration::from_secs(3600));
    // Until it waits, a signal ends it without a word.
    let told = [100, 300, 1000, 3000, 9000].into_iter().find_map(|pause| {
        let waiting = start(&folder, &format!("load --start-at {later} --json x.json"));
        let id = waiting.id();
        while !catches_interrupts(id) {
            std::thread::park_timeout(Duration::from_millis(10));
        }
        std::thread::park_timeout(Duration::from_millis(pause));
        let killed = Command::new("bash").args(["-c", &format!("kill -INT {id}")]).status();
        assert!(killed.is_ok_and(|status| status.success()));
        let output = waiting.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(130), "{}", said(&output));
        assert!(!folder.path().join("x.json").exists());
        said(&output).contains("ended before --start-at").then_some(())
    });
    assert!(told.is_some());
    assert!(server.stop().is_empty());
}

/// Whether a process has a handler for SIGINT.
fn catches_interrupts(id: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("it runs");
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).expect("a mask");
    u64::from_str_radix(caught.trim(), 16).expect("a mask") & 0b10 != 0
}

#[test]
fn a_dry_run_of_a_shard_counts_its_own_webhooks() {
    let folder = folder("http://127.0.0.1:1", &[]);
    let arguments =
        "load --dry-run --rate 100/s --count 101 --accounts 10 --vendor ombori --seed 1";
    let mut all = 0;
    for shard in 0..4 {
        let output = standin(&folder, &format!("{arguments} --shard {shard}/4"));
        let said = said(&output);
        let (own, rest) = said.split_once(' ').expect("a number");
        assert!(rest.starts_with(&format!("webhooks of shard {shard}/4, 100/s")), "{said}");
        all += own.parse::<u64>().expect("a number");
    }
    assert_eq!(all, 101);
}
