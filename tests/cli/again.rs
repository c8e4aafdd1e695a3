//! Running again: what failed the last time, or whenever a file changes.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value as Json;
use standin::receiver::{Defect, Running, start};

use crate::built_in::built_in;

use super::{folder, receiver, run, text, write};

#[test]
fn a_receiver_that_checks_no_credentials_is_one_cause() {
    let (_runtime, wrong) = wrong_receiver();
    let folder = folder();
    let arguments = ["check", "--vendor", "ombori", "--json", "j.json", "--target", &wrong.url];
    let output = run(folder.path(), &arguments);
    let said = text(&output.stdout);
    let cause = "Ombori: the receiver accepted every webhook, whatever its credentials (20 scenarios). Does it check them \
                 at all?";
    assert!(said.contains(&format!("Failed\n    20  {cause}\n\nScenarios")), "{said}");
    assert_eq!(said.matches(cause).count(), 1, "it is said once: {said}");
    assert_eq!(said.matches("repeat with").count(), 1, "one failure is shown in full: {said}");
}

fn wrong_receiver() -> (tokio::runtime::Runtime, Running) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let defects = [Defect::CredentialsIgnored].into();
    let options = standin::cli::receiver::options(([127, 0, 0, 1], 0).into(), defects);
    let running = runtime.block_on(start(options)).expect("a free port");
    (runtime, running)
}

#[test]
fn what_failed_the_last_time_is_run_again_until_it_passes() {
    let folder = folder();
    let check = |url: &str, more: &[&str]| {
        let arguments = ["check", "--vendor", "ombori", "--json", "j.json", "--target", url];
        let output = run(folder.path(), &[&arguments, more].concat());
        let report = std::fs::read_to_string(folder.path().join("j.json")).expect("a report");
        let report: Json = serde_json::from_str(&report).expect("JSON");
        (output, report)
    };
    let total = |report: &Json, verdict: &str| report["totals"][verdict].as_u64().expect("one");
    let (_wrong_runtime, wrong) = wrong_receiver();
    let (_right_runtime, right) = receiver();
    let (_, whole) = check(&wrong.url, &[]);
    let failed = total(&whole, "failed");
    assert!(failed > 2 && total(&whole, "passed") > 100, "{failed}");
    let (output, again) = check(&wrong.url, &["--last-failed"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!((total(&again, "failed"), total(&again, "passed")), (failed, 0));
    let repeat = again["repeat"].as_str().expect("a command");
    assert!(!repeat.contains("--last-failed"), "{repeat}");
    let files = repeat.split(' ').filter(|word| word.contains(".feature:"));
    let lines: usize = files.clone().map(|file| file.matches(':').count()).sum();
    assert_eq!(lines as u64, failed, "{repeat}");
    let names: BTreeSet<_> = files.clone().map(|file| file.split(':').next()).collect();
    assert_eq!(names.len(), files.count(), "each file is named once: {repeat}");
    // What the run did not come to is still to be run.
    let (_, first) = check(&wrong.url, &["--last-failed", "--fail-fast", "--jobs", "1"]);
    assert_eq!(total(&first, "failed"), 1);
    let (output, mended) = check(&right.url, &["--last-failed"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    assert_eq!((total(&mended, "failed"), total(&mended, "passed")), (0, failed));
    let (output, all) = check(&right.url, &["--last-failed"]);
    assert!(text(&output.stderr).contains("none of these scenarios failed the last time"));
    assert!(total(&all, "passed") > 100);
}

const TICKET: &str = "Feature: own\n  Scenario: a ticket\n    Given an Ombori account\n    \
                      When Anna takes a walk-in ticket\n    Then every webhook is accepted\n";

#[test]
fn a_change_runs_the_features_again_until_ctrl_c() {
    let (_runtime, receiver) = receiver();
    let folder = folder();
    write(folder.path(), "own.feature", TICKET);
    let (child, mut until) = watching(folder.path(), &["--target", &receiver.url]);
    until("watching for changes");
    write(folder.path(), "own.feature", "Feature: own\n  Scenario: a mistake\n    Given nothing\n");
    until("own.feature has changed");
    assert!(until("watching for changes").contains("own.feature:3"), "the mistake is shown");
    write(folder.path(), "own.feature", &TICKET.replace("Anna", "Berta"));
    until("own.feature has changed");
    until("watching for changes");
    let output = interrupted(child);
    assert_eq!(output.status.code(), Some(130));
    let told = text(&output.stdout);
    assert_eq!(told.matches("Scenarios  1 passed").count(), 2, "{told}");
}

#[test]
fn ctrl_c_ends_a_later_round_that_waits_for_the_receiver() {
    let (_runtime, receiver) = receiver();
    let folder = folder();
    let settings = |url: &str| built_in(&[("http://127.0.0.1:8080", url)]);
    write(folder.path(), "standin.yaml", &settings(&receiver.url));
    write(folder.path(), "own.feature", TICKET);
    let (child, mut until) = watching(folder.path(), &["--wait", "1h"]);
    until("watching for changes");
    write(folder.path(), "standin.yaml", &settings("http://127.0.0.1:1"));
    until("standin.yaml has changed");
    until("waiting for http://127.0.0.1:1");
    assert_eq!(interrupted(child).status.code(), Some(130));
}

/// `check --watch` of `own.feature`, and a function that waits until it says something on stderr.
fn watching(folder: &Path, more: &[&str]) -> (Child, impl FnMut(&str) -> String + use<>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_standin"))
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env("XDG_CACHE_HOME", folder.join(".cache"))
        .args(["check", "own.feature", "--watch"])
        .args(more)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut errors = BufReader::new(child.stderr.take().expect("it is piped"));
    let until = move |wanted: &str| {
        let mut said = String::new();
        while !said.contains(wanted) {
            assert!(errors.read_line(&mut said).expect("a line") > 0, "it ended: {said}");
        }
        said
    };
    (child, until)
}

/// What a process leaves that Ctrl-C ends.
fn interrupted(child: Child) -> Output {
    let mut kill = Command::new("kill");
    assert!(kill.args(["-INT", &child.id().to_string()]).status().expect("it runs").success());
    child.wait_with_output().expect("it ends")
}
