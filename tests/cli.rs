//! The command line as a user sees it: output, exit codes and messages about mistakes.

#[path = "cli/above.rs"]
mod above;
#[path = "cli/again.rs"]
mod again;
#[path = "common/built_in.rs"]
mod built_in;
#[path = "cli/cases.rs"]
mod cases;
#[path = "cli/check_as.rs"]
mod check_as;
#[path = "cli/check_forms.rs"]
mod check_forms;
#[path = "cli/cloud_events.rs"]
mod cloud_events;
#[path = "cli/credentials.rs"]
mod credentials;
#[path = "cli/dead_letters.rs"]
mod dead_letters;
#[path = "cli/deadlines.rs"]
mod deadlines;
#[path = "cli/deliver.rs"]
mod deliver;
#[path = "cli/doctor.rs"]
mod doctor;
#[path = "cli/flaky.rs"]
mod flaky;
#[path = "common/folders.rs"]
mod folders;
#[path = "cli/gone.rs"]
mod gone;
#[path = "cli/habits.rs"]
mod habits;
#[path = "common/hooks.rs"]
mod hooks;
#[path = "cli/init.rs"]
mod init;
#[path = "cli/interrupt.rs"]
mod interrupt;
#[path = "cli/journal.rs"]
mod journal;
#[path = "cli/judged.rs"]
mod judged;
#[path = "cli/known.rs"]
mod known;
#[path = "cli/outputs.rs"]
mod outputs;
#[path = "cli/own_logins.rs"]
mod own_logins;
#[path = "cli/own_senders.rs"]
mod own_senders;
#[path = "cli/probed.rs"]
mod probed;
#[path = "cli/refused.rs"]
mod refused;
#[path = "cli/rules.rs"]
mod rules;
#[path = "cli/shell.rs"]
mod shell;
#[path = "cli/shown.rs"]
mod shown;
#[path = "cli/summary.rs"]
mod summary;
#[path = "cli/tls.rs"]
mod tls;
#[path = "common/tls_server.rs"]
mod tls_server;
#[path = "cli/tolerated.rs"]
mod tolerated;
#[path = "cli/wire.rs"]
mod wire;

use std::path::Path;
use std::process::Output;

use built_in::built_in;
use folders::{folder, write};
use snapbox::cmd::Command;
use snapbox::{assert_data_eq, str};
use standin::receiver::{Running, start};

/// The binary in an empty folder, without any variable of the machine's environment.
fn standin(folder: &Path, arguments: &[&str]) -> Command {
    Command::new(env!("CARGO_BIN_EXE_standin"))
        .current_dir(folder)
        .env_remove("OMBORI_API_KEY")
        .env_remove("WAITWHILE_SECRET")
        .env_remove("GITHUB_ACTIONS")
        .env("NO_COLOR", "1")
        .env("XDG_CACHE_HOME", folder.join(".cache"))
        .args(arguments)
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    standin(folder, arguments).output().expect("the binary runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The reference receiver as the built-in settings expect it.
fn receiver() -> (tokio::runtime::Runtime, Running) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let options = standin::cli::receiver::options(([127, 0, 0, 1], 0).into(), Default::default());
    let running = runtime.block_on(start(options)).expect("a free port");
    (runtime, running)
}

/// The reference receiver with a defect.
fn broken(defect: standin::receiver::Defect) -> (tokio::runtime::Runtime, Running) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let options = standin::cli::receiver::options(([127, 0, 0, 1], 0).into(), [defect].into());
    let running = runtime.block_on(start(options)).expect("a free port");
    (runtime, running)
}

/// A port on which nothing listens. It is on a loopback address that no other test uses, so it
/// stays free.
fn silent_port() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.78:0").expect("a free port");
    format!("http://{}", listener.local_addr().expect("its address"))
}

#[test]
fn a_story_is_played_line_by_line() {
    let (_runtime, receiver) = receiver();
    let folder = folder();
    assert!(run(folder.path(), &["init"]).status.success());
    let arguments =
        ["play", "scenarios/first.yaml", "--instant", "--seed", "1", "--target", &receiver.url];
    let played = run(folder.path(), &arguments);
    assert_eq!(played.status.code(), Some(0));
    assert_data_eq!(
        text(&played.stdout),
        str![[r#"
2031-03-04
          Anna takes a walk-in ticket
08:00:00  positionCreated           Anna  position 2cf386ba  → 200 OK  [..]
          staff call Anna
08:04:00  positionCalled            Anna  position 2cf386ba  → 200 OK  [..]
          staff check in Anna
08:04:00  positionFulfilled         Anna  position 2cf386ba  → 200 OK  [..]
          staff check out Anna
08:14:00  positionCompleted         Anna  position 2cf386ba  → 200 OK  [..]
          Anna gives feedback 4 "quick and friendly"
08:14:00  feedbackReceived          Anna  position 2cf386ba  → 200 OK  [..]

"#]]
    );
    assert!(text(&played.stderr).contains("5 webhooks: 5 accepted, 0 refused, 0 failed"));
}

#[test]
fn a_contract_that_holds_exits_with_0_and_one_that_does_not_with_1() {
    let (_runtime, receiver) = receiver();
    let folder = folder();
    let good = run(
        folder.path(),
        &["check", "--tags", "@ombori and not @credentials", "--target", &receiver.url],
    );
    assert_eq!(good.status.code(), Some(0), "{}", text(&good.stdout));
    write(folder.path(), "wrong.feature", include_str!("cli/features/believes-completed.feature"));
    let settings = built_in(&[("believes_within: 5s", "believes_within: 50ms")]);
    write(folder.path(), "standin.yaml", &settings);
    let reports = ["--junit", "j.xml", "--json", "j.json", "--html", "h.html"];
    let arguments =
        [["check", "wrong.feature", "--seed", "3", "--target", &receiver.url].as_slice(), &reports]
            .concat();
    let bad = run(folder.path(), &arguments);
    assert_eq!(bad.status.code(), Some(1), "{}", text(&bad.stderr));
    let shown = text(&bad.stdout);
    for part in [
        "the receiver has other values for Anna's position",
        "--> wrong.feature:6:10",
        "6 |     Then the receiver still has Anna's position as \"completed\"",
        "status  expected  completed",
        "actual    pending",
        "curl -i -X POST",
        "X-Api-Key: ***",
        "standin check wrong.feature:2",
        "--seed 3",
    ] {
        assert!(shown.contains(part), "{part} is not in\n{shown}");
    }
    let junit = std::fs::read_to_string(folder.path().join("j.xml")).expect("a JUnit report");
    assert!(junit.contains("failures=\"1\""), "{junit}");
    for report in ["j.json", "h.html"] {
        assert!(folder.path().join(report).exists());
    }
}

#[test]
fn annotations_are_written_where_github_reads_them() {
    let (_runtime, receiver) = receiver();
    let folder = folder();
    let feature = include_str!("cli/features/refused.feature");
    write(folder.path(), "wrong.feature", feature);
    let output = standin(folder.path(), &["check", "wrong.feature", "--target", &receiver.url])
        .env("GITHUB_ACTIONS", "true")
        .output()
        .expect("the binary runs");
    assert!(
        text(&output.stdout).contains("::error file=wrong.feature,line="),
        "{}",
        text(&output.stdout)
    );
}

#[test]
fn a_receiver_that_is_down_is_exit_3_and_named() {
    let url = silent_port();
    let folder = folder();
    assert!(run(folder.path(), &["init"]).status.success());
    write(folder.path(), "body.json", "{\"type\":\"positionCalled\"}");
    for arguments in [
        vec!["check"],
        vec!["play", "scenarios/first.yaml", "--instant"],
        vec!["send", "--vendor", "ombori", "--body", "body.json"],
    ] {
        let output = run(folder.path(), &[&arguments[..], &["--target", &url]].concat());
        assert_eq!(output.status.code(), Some(3), "{arguments:?}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains(&url), "{}", text(&output.stderr));
    }
}

#[test]
fn nothing_is_sent_to_another_machine_unless_it_is_allowed() {
    let folder = folder();
    let output = run(folder.path(), &["check", "--target", "http://10.0.0.1:9"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("--allow-host 10.0.0.1"), "{}", text(&output.stderr));
}

#[test]
fn a_file_that_is_not_utf_8_says_where() {
    let folder = folder();
    std::fs::write(folder.path().join("s.yaml"), b"vendor: ombori\nabout: caf\xe9\n")
        .expect("a file");
    let output = run(folder.path(), &["play", "s.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("s.yaml:2:11"), "{}", text(&output.stderr));
}

/// Traffic at the limits of its settings, and of time.
const EXTREMES: &[(&str, &[&str])] = &[
    ("account: { auto_checkout: 1m }\ntraffic: {}", &[]),
    ("account: { reminder: 0s, slot: 1m }\ntraffic: { break_every: off, service: 0s }", &[]),
    ("traffic:\n  arrivals: 1e-300,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0", &[]),
    ("traffic: {}", &["--start", "9899-12-30T20:00:00Z"]),
];

#[test]
fn traffic_at_the_bounds_comes_to_an_end() {
    for (settings, more) in EXTREMES {
        let folder = folder();
        write(folder.path(), "s.yaml", &format!("vendor: ombori\n{settings}\n"));
        let generate =
            ["generate", "--vendor", "ombori", "--count", "1000", "--seed", "1", "s.yaml"];
        let output = run(folder.path(), &[&generate[..], more].concat());
        let errors = text(&output.stderr);
        // Traffic may end before there are so many webhooks, and then it says so.
        let expected = if errors.contains("there are no more webhooks") { 2 } else { 0 };
        assert_eq!(output.status.code(), Some(expected), "{settings}\n{errors}");
    }
}

#[test]
fn wrong_usage_is_exit_2() {
    let folder = folder();
    let deep = format!("{}@a{}", "(".repeat(50_000), ")".repeat(50_000));
    let probe = format!("$[?{}@.a{}]", "(".repeat(5000), ")".repeat(5000));
    let settings = format!(
        "receiver:\n  url: http://127.0.0.1:1\nprobes:\n  ombori.position:\n    get: /p/{{id}}\n    fields: {{ a: '{probe}' }}\n"
    );
    write(folder.path(), "deep.yaml", &settings);
    for arguments in [
        vec!["check", "--config", "deep.yaml"],
        vec!["check", "--tags", &deep],
        vec!["chek"],
        vec!["play"],
        vec!["play", "missing.yaml"],
        vec!["check", "missing.feature"],
        vec!["check", "--tags", "@a and"],
        vec!["check", "--tags", "@nobody"],
        vec!["check", "--junit", "."],
        vec!["check", "--html", "no/such/folder.html"],
        vec!["check", "--jobs", "0"],
        vec!["generate", "--vendor", "acme"],
        vec!["generate", "--vendor", "ombori", "--profile", "1999"],
        vec!["generate", "--vendor", "ombori", "--start", "yesterday"],
        vec!["generate", "--vendor", "ombori", "--start", "9999-12-30T20:00:00Z"],
        vec!["generate", "--vendor", "ombori", "--count", "-1"],
        vec!["generate", "--vendor", "ombori", "--for", "ages"],
        vec!["vendors", "acme"],
        vec!["receiver", "--defect", "nonsense"],
        vec!["receiver", "--listen", "0.0.0.0:0"],
        vec!["send", "--vendor", "ombori", "--body", "missing.json"],
    ] {
        let output = run(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", text(&output.stderr));
    }
}

#[test]
fn generate_says_if_there_are_fewer_webhooks_than_count() {
    let folder = folder();
    write(folder.path(), "s.yaml", "vendor: ombori\nsteps:\n  - Anna takes a walk-in ticket\n");
    let output = run(folder.path(), &["generate", "--vendor", "ombori", "--count", "5", "s.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout).lines().count(), 1);
    let stderr = text(&output.stderr);
    assert!(stderr.contains("there are no more webhooks: 4 fewer than --count"), "{stderr}");
}

#[test]
fn the_same_seed_generates_the_same_bytes() {
    let folder = folder();
    let generate = |seed: &str| {
        let output = run(
            folder.path(),
            &["generate", "--vendor", "ombori", "--count", "500", "--seed", seed],
        );
        assert_eq!(output.status.code(), Some(0));
        output.stdout
    };
    let one = generate("42");
    assert_eq!(one, generate("42"));
    assert_ne!(one, generate("43"));
    let lines: Vec<serde_json::Value> = text(&one)
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line is JSON"))
        .collect();
    assert_eq!(lines.len(), 500);
    for (index, line) in lines.iter().enumerate() {
        assert_eq!(line["seq"], index);
        assert_eq!(line["trigger"], line["body"]["type"]);
        assert_eq!(line["subject"]["id"], line["body"]["data"]["position"]["id"]);
    }
}

#[test]
fn init_never_overwrites() {
    let folder = folder();
    write(folder.path(), "standin.yaml", "mine");
    let output = run(folder.path(), &["init"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("already exists; nothing was written"));
    let kept = std::fs::read_to_string(folder.path().join("standin.yaml")).expect("it is there");
    assert_eq!(kept, "mine");
    assert!(!folder.path().join("features").exists());
}

#[test]
fn the_files_of_init_work_against_the_reference_receiver() {
    let (_runtime, receiver) = receiver();
    for vendor in standin::vendors::registry::shipped().names() {
        let folder = folder();
        let written = run(folder.path(), &["init", "--vendor", vendor, "the tests"]);
        assert!(written.status.success());
        assert!(text(&written.stdout).contains("  cd 'the tests'\n"), "{}", text(&written.stdout));
        let inside = folder.path().join("the tests");
        let check = ["check", "features/first.feature", "--target", &receiver.url];
        let output = run(&inside, &check);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
        let shown = text(&output.stdout);
        assert!(shown.contains("2 passed") && !shown.contains("skipped"), "{shown}");
        let whole = ["check", "--vendor", vendor, "--all", "--target", &receiver.url];
        let output = run(&inside, &whole);
        let shown = text(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{shown}");
        assert!(shown.contains("features/first.feature"), "{shown}");
        let play = ["play", "scenarios/first.yaml", "--instant", "--target", &receiver.url];
        let played = run(&inside, &play);
        assert_eq!(played.status.code(), Some(0), "{}", text(&played.stderr));
        let told = text(&played.stdout);
        let vendor = standin::vendors::registry::shipped().find(vendor).expect("a vendor");
        let triggers = &mut vendor.catalogue().triggers.iter();
        assert!(triggers.any(|one| told.contains(&format!("  {}  ", one.name))), "{told}");
        assert!(told.contains("  → 200 OK  "), "{told}");
    }
}

#[test]
fn send_signs_and_sends_the_users_body() {
    let (_runtime, receiver) = receiver();
    let folder = folder();
    let line =
        run(folder.path(), &["generate", "--vendor", "ombori", "--count", "1", "--seed", "1"])
            .stdout;
    let line: serde_json::Value = serde_json::from_slice(&line).expect("a line");
    write(folder.path(), "body.json", &line["body"].to_string());
    let send = ["send", "--vendor", "ombori", "--body", "body.json", "--target", &receiver.url];
    let sent = run(folder.path(), &send);
    assert_eq!(sent.status.code(), Some(0), "{}", text(&sent.stderr));
    assert!(text(&sent.stdout).contains("200 OK"));
    assert!(text(&sent.stderr).contains("X-Api-Key: ***"));
    write(folder.path(), "body.json", "{broken");
    let raw = run(folder.path(), &[&send[..], &["--raw", "--trigger", "positionCalled"]].concat());
    assert_eq!(raw.status.code(), Some(1), "a 400 is no acceptance");
    let dry = run(
        folder.path(),
        &[&send[..], &["--raw", "--trigger", "positionCalled", "--dry-run"]].concat(),
    );
    assert_eq!(dry.status.code(), Some(0));
}

#[test]
fn without_a_probe_scenarios_that_need_one_are_skipped_and_say_so() {
    let (_runtime, receiver) = receiver();
    let folder = folder();
    let (without, _) = standin::cli::settings::BUILT_IN
        .split_once("# How to look inside")
        .expect("the head of the probes");
    write(folder.path(), "standin.yaml", without);
    let arguments = [
        "check",
        "features/ombori/duplicates.feature",
        "features/ombori/acknowledgement.feature",
        "--target",
        &receiver.url,
    ];
    let output = run(folder.path(), &arguments);
    let shown = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{shown}");
    assert!(shown.contains("no probe `ombori.position` in standin.yaml"), "{shown}");
    assert!(shown.contains("skipped"), "{shown}");
}

/// Nothing arrives for four days. Then the endpoint is deactivated, and finally reactivated.
const DEACTIVATION: &str = r#"Feature: f
  Scenario: s
    Given an Ombori account
    And every webhook is answered 503 by a gateway with Retry-After 1h
    When Anna takes a walk-in ticket
    Then the endpoint is active
    When 2 days pass
    And Bo takes a walk-in ticket
    And 2 days pass
    And Cleo takes a walk-in ticket
    Then the endpoint is deactivated
    When the faults are over
    And Dan takes a walk-in ticket
    Then the receiver does not know Dan's position
    When the endpoint is reactivated
    And Eva takes a walk-in ticket
    Then the endpoint is active
    And the last webhook is accepted
    And the receiver has Eva's position as "pending"
    And the receiver does not know Cleo's position
"#;

#[test]
fn an_endpoint_is_deactivated_and_reactivated_where_the_vendor_does_so() {
    let (_runtime, receiver) = receiver();
    let folder = folder();
    write(folder.path(), "f.feature", DEACTIVATION);
    let deactivates = |after: &str| {
        let rules = format!("retries: [1m]\n    disable_after: {after}\n    #");
        write(folder.path(), "standin.yaml", &built_in(&[("# retries:", &rules)]));
        run(folder.path(), &["check", "f.feature", "--all", "--target", &receiver.url])
    };
    let output = deactivates("3d");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    assert!(text(&output.stdout).contains("1 passed"), "{}", text(&output.stdout));
    let output = deactivates("10 days");
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
    let shown = text(&output.stdout);
    assert!(shown.contains("the endpoint should be deactivated"), "{shown}");
    let output = deactivates("off");
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
    let shown = text(&output.stdout);
    assert!(shown.contains("deactivates no endpoint (`disable_after` is off)"), "{shown}");
}

#[test]
fn a_story_shows_webhooks_that_are_no_longer_sent() {
    let (_runtime, receiver) = receiver();
    let folder = folder();
    let settings = built_in(&[("# retries:", "disable_after: 3d\n #")]);
    write(folder.path(), "standin.yaml", &settings);
    let steps = [
        "the next webhook times out on its way",
        "Anna takes a walk-in ticket",
        "4 days pass",
        "the next webhook times out on its way",
        "Bo takes a walk-in ticket",
        "the faults are over",
        "Cleo takes a walk-in ticket",
        "the endpoint is reactivated",
        "Dan takes a walk-in ticket",
    ];
    let steps: String = steps.iter().map(|step| format!("  - {step}\n")).collect();
    write(folder.path(), "s.yaml", &format!("vendor: ombori\nsteps:\n{steps}"));
    let arguments = ["play", "s.yaml", "--instant", "--seed", "1", "--target", &receiver.url];
    let played = run(folder.path(), &arguments);
    assert_eq!(played.status.code(), Some(0), "{}", text(&played.stderr));
    assert_data_eq!(
        text(&played.stdout),
        str![[r#"
2031-03-04
          fault: the next webhook times out on its way
          Anna takes a walk-in ticket
08:00:00  positionCreated           Anna  position 2cf386ba  → timed out on its way  (fault)
2031-03-08
          fault: the next webhook times out on its way
          Bo takes a walk-in ticket
08:00:00  positionCreated           Bo    position 9fe76411  → timed out on its way  (fault)
          the endpoint is deactivated: no success since 2031-03-04T08:00:00Z
          the faults are over
          Cleo takes a walk-in ticket
08:00:00  positionCreated           Cleo  position b08926b5  → not sent: the endpoint is deactivated
          the endpoint is reactivated
          Dan takes a walk-in ticket
08:00:00  positionCreated           Dan   position dddff935  → 200 OK  [..]

"#]]
    );
    let summed = "4 webhooks: 1 accepted, 0 refused, 0 failed, 2 kept from arriving by faults, 1 not sent to the deactivated endpoint";
    assert!(text(&played.stderr).contains(summed), "{}", text(&played.stderr));
}

#[test]
fn a_profile_in_the_settings_excludes_all_others() {
    let (_runtime, receiver) = receiver();
    let folder = folder();
    let settings = built_in(&[("# profile: 2021-02", "profile: 2020-12")]);
    write(folder.path(), "standin.yaml", &settings);
    let output = run(folder.path(), &["check", "--target", &receiver.url]);
    let shown = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{shown}");
    assert!(shown.contains("do not tell which webhook is newer"), "{shown}");
    assert!(shown.contains("standin.yaml says profile: 2020-12"), "{shown}");
}

#[test]
fn a_run_that_judges_nothing_is_not_a_success() {
    let (_runtime, receiver) = receiver();
    let folder = folder();
    write(folder.path(), "standin.yaml", &format!("receiver:\n  url: {}\n", receiver.url));
    let output = run(folder.path(), &["check"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
    assert!(text(&output.stdout).contains("ombori is not set up in standin.yaml"));
}

#[test]
fn a_scenario_that_is_named_twice_runs_once() {
    let (_runtime, receiver) = receiver();
    let folder = folder();
    assert!(run(folder.path(), &["init"]).status.success());
    let paths = ["features/first.feature", "./features/first.feature:5", "features"];
    let output =
        run(folder.path(), &[&["check"], &paths[..], &["--target", &receiver.url]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    assert!(text(&output.stdout).contains("2 passed"), "{}", text(&output.stdout));
}

#[test]
fn a_scenario_alone_sends_what_it_sends_in_the_whole_run() {
    let (_runtime, receiver) = receiver();
    let folder = folder();
    let report = |paths: &[&str], file: &str| -> serde_json::Value {
        let run_it =
            [&["check"], paths, &["--seed", "9", "--json", file, "--target", &receiver.url]];
        run(folder.path(), &run_it.concat());
        let text = std::fs::read_to_string(folder.path().join(file)).expect("a report");
        serde_json::from_str(&text).expect("JSON")
    };
    let whole = report(&["features/ombori/profiles.feature"], "whole.json");
    let scenarios = whole["features"][0]["scenarios"].as_array().expect("scenarios");
    let one = &scenarios[7];
    let place = format!("features/ombori/profiles.feature:{}", one["line"]);
    let alone = report(&[&place], "alone.json");
    let again = &alone["features"][0]["scenarios"][0];
    assert_eq!(one["name"], again["name"]);
    let bodies = |scenario: &serde_json::Value| -> Vec<String> {
        let exchanges = scenario["exchanges"].as_array().expect("exchanges");
        exchanges.iter().map(|exchange| exchange["body"].to_string()).collect()
    };
    assert_eq!(bodies(one), bodies(again));
}

#[test]
fn lines_of_one_scenario_are_one_scenario_and_retry_tags_do_nothing() {
    let (_runtime, receiver) = receiver();
    let folder = folder();
    write(
        folder.path(),
        "twice.feature",
        include_str!("cli/features/refused-with-a-retry-tag.feature"),
    );
    let lines = ["check", "twice.feature:4", "twice.feature:6", "--json", "r.json"];
    let output = run(folder.path(), &[&lines[..], &["--target", &receiver.url]].concat());
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let report = std::fs::read_to_string(folder.path().join("r.json")).expect("a report");
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    let scenarios = report["features"][0]["scenarios"].as_array().expect("scenarios");
    assert_eq!(scenarios.len(), 1);
    assert_eq!(scenarios[0]["exchanges"].as_array().map(Vec::len), Some(1), "sent once");
}

#[test]
fn the_shipped_scenarios_work_in_any_folder() {
    let folder = folder();
    let generate = |file| {
        run(folder.path(), &["generate", "--vendor", "ombori", "--seed", "1", "--count", "1", file])
    };
    for file in ["scenarios/ombori/walk-in.yaml", "./scenarios/ombori/walk-in.yaml"] {
        let output = generate(file);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(text(&output.stdout).contains("positionCreated"), "{file}");
    }
    assert_eq!(generate("scenarios/ombori/nowhere.yaml").status.code(), Some(2));
    std::fs::create_dir_all(folder.path().join("scenarios/ombori")).expect("folders");
    write(folder.path(), "scenarios/ombori/walk-in.yaml", "vendor: nobody\n");
    assert_eq!(generate("scenarios/ombori/walk-in.yaml").status.code(), Some(2), "the file's own");
}
