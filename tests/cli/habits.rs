//! What people expect of a tool that runs in CI: it waits for the receiver, and ends early if asked.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value as Json;
use standin::receiver::{Defect, start};

use crate::{folder, receiver, run, silent_port, text, write};

/// The scenarios of the report, by verdict.
fn with(folder: &tempfile::TempDir, verdict: &str) -> Vec<Json> {
    let report = std::fs::read_to_string(folder.path().join("j.json")).expect("a report");
    let report: Json = serde_json::from_str(&report).expect("JSON");
    let features = report["features"].as_array().expect("features").iter();
    let scenarios = features.flat_map(|one| one["scenarios"].as_array().expect("scenarios"));
    scenarios.filter(|one| one["verdict"] == verdict).cloned().collect()
}

#[test]
fn a_receiver_that_starts_late_is_waited_for() {
    let (folder, url) = (folder(), silent_port());
    let arguments = ["check", "--wait", "60s", "--tags", "@ombori and @credentials"];
    let mut child = Command::new(env!("CARGO_BIN_EXE_standin"))
        .current_dir(folder.path())
        .env("NO_COLOR", "1")
        .args([&arguments[..], &["--target", &url]].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut said = String::new();
    let mut errors = BufReader::new(child.stderr.take().expect("it is piped"));
    errors.read_line(&mut said).expect("a line");
    assert!(said.starts_with("using the built-in settings"), "{said}");
    said.clear();
    errors.read_line(&mut said).expect("a line");
    assert_eq!(said, format!("waiting for {url}, at most 60s\n"));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let address = url.trim_start_matches("http://").parse().expect("an address");
    let options = standin::cli::receiver::options(address, Default::default());
    let _running = runtime.block_on(start(options)).expect("the port is still free");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
}

#[test]
fn a_receiver_that_never_listens_is_waited_for_no_longer_than_asked() {
    let (folder, url) = (folder(), silent_port());
    let output = run(folder.path(), &["check", "--wait", "300ms", "--target", &url]);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let said = text(&output.stderr);
    assert!(said.contains("waiting for") && said.contains("refused"), "{said}");
}

#[test]
fn the_scenarios_of_one_vendor_are_run() {
    let (_runtime, receiver) = receiver();
    let folder = folder();
    let check = |more: &[&str]| {
        let arguments = ["check", "--json", "j.json", "--target", &receiver.url];
        run(folder.path(), &[&arguments, more].concat())
    };
    let output = check(&["--vendor", "ombori"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    let passed = with(&folder, "passed");
    assert!(passed.len() > 100, "{}", passed.len());
    let is_omboris =
        |one: &Json| one["tags"].as_array().is_some_and(|tags| tags.contains(&"ombori".into()));
    assert!(passed.iter().all(is_omboris));
    assert!(with(&folder, "skipped").is_empty());
    let unknown = check(&["--vendor", "omboree"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("did you mean `ombori`"), "{}", text(&unknown.stderr));
}

#[test]
fn a_scenario_that_causes_no_webhook_belongs_to_the_vendor_of_its_account() {
    let (_runtime, receiver) = receiver();
    let folder = folder();
    let own = "Feature: f\n  Scenario: s\n    Given a Waitwhile account\n    \
               Then the receiver has subscribed to visit.updated\n";
    write(folder.path(), "own.feature", own);
    let check = |vendor| {
        let arguments = ["check", "own.feature", "--vendor", vendor, "--target", &receiver.url];
        let output = run(folder.path(), &arguments);
        text(&output.stdout) + &text(&output.stderr)
    };
    assert!(check("waitwhile").contains("Scenarios  1 skipped"), "{}", check("waitwhile"));
    assert!(check("doo").contains("no scenario matches"), "{}", check("doo"));
}

#[test]
fn a_run_ends_after_as_many_failures_as_asked() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let defects = [Defect::CredentialsIgnored].into();
    let options = standin::cli::receiver::options(([127, 0, 0, 1], 0).into(), defects);
    let receiver = runtime.block_on(start(options)).expect("a free port");
    for (arguments, failures) in [(&["--fail-fast"][..], 1), (&["--max-failures", "3"], 3)] {
        let folder = folder();
        let check = ["check", "--vendor", "ombori", "--jobs", "1", "--json", "j.json"];
        let arguments = [&check, arguments, &["--target", &receiver.url]].concat();
        let output = run(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
        assert_eq!(with(&folder, "failed").len(), failures);
        let reason = &with(&folder, "skipped")[0]["reason"];
        assert_eq!(reason, "the run ended before this scenario");
    }
}
