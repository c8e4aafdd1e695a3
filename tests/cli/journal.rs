//! Journals as a user writes, shows, exports, replays and compares them.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value as Json;

use super::{folder, receiver, run, silent_port, text, write};

const FEATURE: &str = "Feature: f
  Scenario: a ticket
    Given an Ombori account
    When Anna takes a walk-in ticket
    And staff call Anna
    Then every webhook is accepted
  Scenario: an order that arrives broken
    Given a doo account
    And the next webhook arrives truncated
    When Anna books a ticket
    Then the last webhook is refused
";

/// Runs a command that should end with this code. Returns its output.
#[track_caller]
fn told(folder: &Path, code: i32, arguments: &str) -> String {
    let output = run(folder, &arguments.split(' ').collect::<Vec<_>>());
    let said = text(&output.stdout) + &text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments}: {said}");
    for secret in ["standin-demo-key", "standin-demo-client-secret"] {
        assert!(!said.contains(secret), "{arguments} shows {secret}");
    }
    said
}

/// A folder with a journal of one `check`, with seed 1.
fn checked() -> tempfile::TempDir {
    let (_runtime, receiver) = receiver();
    let folder = folder();
    write(folder.path(), "f.feature", FEATURE);
    let check = format!("check f.feature --seed 1 --journal j --target {}", receiver.url);
    told(folder.path(), 0, &check);
    folder
}

#[test]
fn check_keeps_what_probes_have_read() {
    let folder = folder();
    let (_runtime, receiver) = receiver();
    let feature = "Feature: f
  Scenario: a ticket is believed
    Given an Ombori account
    When Anna takes a walk-in ticket
    Then the receiver has Anna's position as the vendor has it
";
    write(folder.path(), "g.feature", feature);
    let check = format!("check g.feature --seed 1 --journal j --target {}", receiver.url);
    told(folder.path(), 0, &check);
    let exported = told(folder.path(), 0, "journal export j");
    let entries = exported.lines().map(|line| serde_json::from_str::<Json>(line).expect("JSON"));
    let read: Vec<Json> = entries.filter(|entry| entry["note"] == "probe-reading").collect();
    assert_eq!(read.len(), 1, "{exported}");
    let last = &read[0]["data"]["readings"].as_array().expect("readings").last().expect("one");
    assert!(last["saw"].as_str().is_some_and(|saw| saw.contains("status \"pending\"")), "{last}");
    let shown = told(folder.path(), 0, "journal show j");
    assert!(shown.contains("probe-reading"), "{shown}");
}

#[test]
fn check_and_play_append_their_runs_and_show_tells_them() {
    let folder = checked();
    let (_runtime, receiver) = receiver();
    let target = format!("--target {}", receiver.url);
    told(folder.path(), 0, &format!("check f.feature --seed 2 --journal j {target}"));
    let play = "play scenarios/ombori/walk-in.yaml --instant --seed 3 --journal j";
    told(folder.path(), 0, &format!("{play} {target}"));
    let runs = told(folder.path(), 0, "journal show j --runs");
    let runs: Vec<&str> = runs.lines().collect();
    assert_eq!(runs.len(), 5, "{runs:#?}");
    for (place, run) in runs.iter().enumerate() {
        assert!(run.starts_with(&format!("run {} · ", place + 1)), "{run}");
    }
    assert!(
        runs.iter().any(|run| run.contains("check · a ticket (f.feature:2) · ombori · seed 2"))
    );
    assert!(runs[4].contains("play · ") && runs[4].contains("walk-in.yaml) · ombori · seed 3"));
    let all = told(folder.path(), 0, "journal show j");
    let one = told(folder.path(), 0, "journal show j --run 5");
    assert!(all.contains(&one) && one.len() < all.len());
    for part in [
        "acted              Anna takes a walk-in ticket",
        "caused             positionCreated Anna position ",
        "ended              of delivery 0: accepted after 1",
    ] {
        assert!(one.contains(part), "{part} is not in\n{one}");
    }
    let failed = told(folder.path(), 0, "journal show j --failed");
    assert!(failed.contains("400 refused [the next webhook arrives truncated]"), "{failed}");
    assert!(!failed.contains("a ticket (f.feature:2)"), "{failed}");
    let called = told(folder.path(), 0, "journal show j --trigger positionCalled --account ombori");
    assert!(called.contains("caused             positionCalled") && !called.contains("Created"));
    let missing = told(folder.path(), 2, "journal show j --run 9");
    assert!(missing.contains("it has no run 9"), "{missing}");
}

#[test]
fn a_file_that_is_no_journal_is_refused_and_nothing_is_sent() {
    let folder = checked();
    let (_runtime, receiver) = receiver();
    for command in
        ["journal show f.feature", "journal export f.feature", "journal diff j f.feature"]
    {
        let said = told(folder.path(), 2, command);
        assert!(said.contains("error: cannot open the journal f.feature: it is not a SQLite file"));
    }
    let check = format!("check f.feature --journal f.feature --target {}", receiver.url);
    assert!(told(folder.path(), 2, &check).contains("it is not a SQLite file; give a new name"));
    let written = std::fs::read_to_string(folder.path().join("f.feature"));
    assert_eq!(written.expect("it is there"), FEATURE);
    assert!(told(folder.path(), 2, "journal show k").contains("there is no such file"));
    assert!(!folder.path().join("k").exists());
}

#[test]
fn every_format_has_what_was_sent() {
    let folder = checked();
    let lines = told(folder.path(), 0, "journal export j");
    let lines: Vec<Json> =
        lines.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    let rows = lines.iter().map(|line| line["row"].as_i64());
    assert!(rows.is_sorted() && lines.iter().all(|line| line["run"].is_i64()));
    let sent = |line: &&Json| line["entry"] == "attempted";
    let attempts: Vec<&Json> = lines.iter().filter(sent).collect();
    assert!(attempts.len() > 4, "{attempts:#?}");

    let har = told(folder.path(), 0, "journal export j --format har");
    let har: Json = serde_json::from_str(&har).expect("JSON");
    let schema: Json = serde_json::from_str(include_str!("har.schema.json")).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let wrong: Vec<String> = schema.iter_errors(&har).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let entries = har["log"]["entries"].as_array().expect("entries");
    assert_eq!(entries.len(), attempts.len());
    let mut broken = har.clone();
    broken["log"]["entries"][0]["request"]["url"].take();
    assert!(!schema.is_valid(&broken), "the schema sees what is missing");
    for (entry, attempt) in entries.iter().zip(&attempts) {
        assert_eq!(entry["request"]["url"], attempt["url"]);
        assert_eq!(entry["response"]["status"], attempt["status"]);
        assert_eq!(entry["startedDateTime"], attempt["at"]);
    }
    assert!(har.to_string().contains("\"name\":\"X-Api-Key\",\"value\":\"***\""));

    let curl = told(folder.path(), 0, "journal export j --format curl --failed");
    let (comment, line) = curl.split_once('\n').expect("two lines");
    assert!(comment.starts_with("# 2031-03-04T08:00:00Z doo order_created order "), "{curl}");
    assert!(line.contains("--data-binary '{\"contact_center\""), "{curl}");
}

#[test]
fn a_replay_sends_the_same_bytes_signed_afresh() {
    let folder = checked();
    let (_runtime, other) = receiver();
    let replay = format!("journal replay j --target {}", other.url);
    // The receiver also refuses the body that a fault has damaged.
    let said = told(folder.path(), 1, &replay);
    assert!(said.contains("positionCalled   Anna  position"), "{said}");
    assert!(said.contains("then 200 accepted · the seed gives the same bytes"), "{said}");
    let struck =
        "then 400 refused · the seed gives the same bytes · was struck by: the next webhook";
    assert!(said.contains(struck), "{said}");
    assert!(said.contains("their seeds still give the same bytes"), "{said}");
    let said = told(folder.path(), 0, &format!("{replay} --account ombori"));
    assert!(said.contains("2 webhooks sent again: 2 accepted, 0 not"), "{said}");
    let said = told(folder.path(), 2, &format!("{replay} --trigger positionDeleted"));
    assert!(said.contains("no webhook request in the journal matches"), "{said}");
    told(folder.path(), 3, &format!("journal replay j --target {}", silent_port()));
    let said = told(folder.path(), 2, "journal replay j --target http://hooks.example.test");
    assert!(said.contains("hooks.example.test"), "{said}");
}

#[test]
fn an_interrupted_replay_says_what_it_sent() {
    let folder = checked();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    let replay = Command::new(env!("CARGO_BIN_EXE_standin"))
        .current_dir(folder.path())
        .args(["journal", "replay", "j", "--target", &url])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    // The first connection only looks whether something listens. The next one has a request, which is
    // never answered.
    let mut open = Vec::new();
    loop {
        let (mut connection, _) = listener.accept().expect("a connection");
        let sent = std::io::Read::read(&mut connection, &mut [0; 64]).unwrap_or(0);
        open.push(connection);
        if sent > 0 {
            break;
        }
    }
    let mut kill = Command::new("kill");
    assert!(kill.args(["-INT", &replay.id().to_string()]).status().expect("it runs").success());
    let output = replay.wait_with_output().expect("it ends");
    let said = text(&output.stdout) + &text(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("stopped before the end of the journal"), "{said}");
}

#[test]
fn bytes_that_the_seed_no_longer_gives_are_sent_from_the_file_and_that_is_said() {
    let folder = checked();
    let (_runtime, other) = receiver();
    let file = rusqlite::Connection::open(folder.path().join("j")).expect("it opens");
    file.execute("UPDATE runs SET seed = '7'", []).expect("it is changed");
    drop(file);
    let replay = format!("journal replay j --account ombori --target {}", other.url);
    let said = told(folder.path(), 0, &replay);
    assert!(said.contains("then 200 accepted · the seed gives other bytes"), "{said}");
    let warning =
        "warning: for 2 of them the seed gives other bytes; those of the journal were sent";
    assert!(said.contains(warning), "{said}");
}

#[test]
fn a_diff_tells_what_differs_and_exits_with_1() {
    let folder = checked();
    let (_runtime, good) = receiver();
    let again = format!("check f.feature --seed 1 --journal k --target {}", good.url);
    told(folder.path(), 0, &again);
    let same = told(folder.path(), 0, "journal diff j k");
    assert_eq!(same, "2 runs compared, 0 differences\n");
    told(folder.path(), 0, "journal diff j j");

    // Only a ticket, without the call.
    write(folder.path(), "f.feature", &FEATURE.replace("    And staff call Anna\n", ""));
    let (_runtime, fresh) = receiver();
    told(
        folder.path(),
        0,
        &format!("check f.feature:2 --seed 1 --journal l --target {}", fresh.url),
    );
    let said = told(folder.path(), 1, "journal diff j l");
    assert!(said.contains("missing    f.feature:2: ombori positionCalled position "), "{said}");
    assert!(said.contains("missing    the whole run "), "{said}");
    let said = told(folder.path(), 1, "journal diff l j");
    assert!(said.contains("extra      f.feature:2: ombori positionCalled position "), "{said}");
    assert!(said.contains("extra      the whole run "), "{said}");

    let (_runtime, fresh) = receiver();
    let play = "play scenarios/ombori/walk-in.yaml --instant --journal m --target";
    told(folder.path(), 0, &format!("{play} {} --seed 1", fresh.url));
    told(folder.path(), 0, &format!("{play} {} --seed 1 --start 2031-03-05T08:00:00Z", good.url));
    let said = told(folder.path(), 1, "journal diff m:1 m:2");
    assert!(said.contains("time: 2031-03-04T08:00:00Z → 2031-03-05T08:00:00Z"), "{said}");
}
