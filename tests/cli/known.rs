//! The list of known failures tolerates what it lists, and nothing else.

use std::path::Path;

use serde_json::Value as Json;
use standin::receiver::Defect;

use crate::built_in::built_in;
use crate::judged::{Answers, answering};
use crate::{broken, folder, run, standin, text, write};

/// The scenarios of Ombori about duplicates.
const DUPLICATES: &str = "@ombori and @rule:duplicates";
const FIVE_TIMES: &str = "a ticket whose creation arrives five times is one ticket";

/// Two scenarios of one name: a receiver that applies duplicates twice fails the second.
const OWN: &str = r#"Feature: our own

  Scenario: a ticket
    Given an Ombori account
    When Anna takes a walk-in ticket
    Then every webhook is accepted

  Scenario: a duplicate
    Given an Ombori account
    And every webhook of Anna is delivered twice
    When Anna takes a walk-in ticket
    And Bo takes a walk-in ticket
    Then the effects on Anna equal those on Bo
    And the receiver has Anna's position as "pending"
"#;

fn settings(check: &str) -> String {
    built_in(&[("believes_within: 5s", "believes_within: 400ms")]) + check
}

fn entries(entries: &str) -> String {
    settings(&format!("check:\n  known:\n{entries}"))
}

/// Runs `check` with these arguments: the exit code, and what it said.
fn check(folder: &Path, url: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let output = run(folder, &[&["check", "--target", url][..], arguments].concat());
    (output.status.code(), text(&output.stdout) + &text(&output.stderr))
}

/// A receiver that answers 500 to everything but probes.
fn failing() -> String {
    answering(Answers { tokens: 500, keyed: 500, others: 500 })
}

#[test]
fn an_entry_does_not_tolerate_another_kind_of_failure() {
    let (folder, (_runtime, running)) = (folder(), broken(Defect::DuplicatesAppliedTwice));
    write(folder.path(), "standin.yaml", &settings(""));
    write(folder.path(), "own.feature", OWN);
    let (code, said) = check(folder.path(), &running.url, &["own.feature:8", "--write-known"]);
    assert_eq!(code, Some(0), "{said}");
    let written = std::fs::read_to_string(folder.path().join("standin.yaml")).expect("settings");
    assert!(written.contains("\n      failure: effects\n"), "{written}");
    assert_eq!(check(folder.path(), &running.url, &["own.feature:8"]).0, Some(0));
    let (code, said) = check(folder.path(), &failing(), &["own.feature:8"]);
    assert_eq!(code, Some(1), "{said}");
    let other =
        "fails in another way than was listed (server-error, not effects), which counts (1)";
    assert!(said.contains(other), "{said}");
}

#[test]
fn every_report_shows_how_a_known_failure_fails_now() {
    let (folder, (_runtime, running)) = (folder(), broken(Defect::DuplicatesAppliedTwice));
    let entry = format!("    - scenario: {FIVE_TIMES}\n      reason: old\n");
    write(folder.path(), "standin.yaml", &entries(&entry));
    let known = |url: &str| {
        let arguments = ["check", "--target", url, "--tags", DUPLICATES, "--junit", "j.xml"];
        let output = standin(folder.path(), &arguments).env("GITHUB_ACTIONS", "true").output();
        let said = text(&output.expect("the binary runs").stdout);
        let (_, end) = said.split_once("\nKnown to fail\n").expect("a known failure");
        let junit = std::fs::read_to_string(folder.path().join("j.xml")).expect("a report");
        (end.to_owned(), junit)
    };
    for (url, now) in [
        (running.url.clone(), "effects on Eero differ from those on Flora"),
        (failing(), "the receiver failed instead of answering"),
    ] {
        let (said, junit) = known(&url);
        assert!(said.starts_with(&format!("     1  old\n        now: {now}\n")), "{said}");
        assert!(junit.contains(&format!("message=\"known failure: old; now: {now}")), "{junit}");
        let notice = format!("::notice title={FIVE_TIMES}::known failure: old%0A{now}");
        assert!(said.contains(&notice), "{said}");
    }
}

#[test]
fn what_was_judged_in_part_is_not_mended() {
    let (folder, (_runtime, running)) = (folder(), crate::receiver());
    let (_, said) = check(folder.path(), &running.url, &["--tags", DUPLICATES, "--list"]);
    let line = said.lines().find(|line| line.contains(FIVE_TIMES)).expect("it is listed");
    let line = line.split_whitespace().next().expect("its line");
    let place = format!("features/ombori/duplicates.feature:{line}");
    let entry = format!("check:\n  known:\n    - scenario: {place}\n      reason: old\n");
    let no_count =
        "    effects: $.messages_sent            # a count that a duplicate must not raise\n";
    let whole = settings(&entry);
    for (settings, is_mended) in [(whole.replacen(no_count, "", 1), false), (whole, true)] {
        write(folder.path(), "standin.yaml", &settings);
        let (code, said) = check(folder.path(), &running.url, &[&place]);
        assert_eq!(code, Some(0), "{said}");
        assert_eq!(said.contains("1 passed in part"), !is_mended, "{said}");
        assert_eq!(said.contains("no longer fails"), is_mended, "{said}");
    }
}

#[test]
fn a_mended_rule_is_reported_though_other_vendors_are_not_set_up() {
    let (folder, (_runtime, running)) = (folder(), crate::receiver());
    assert!(run(folder.path(), &["init", "--vendor", "ombori"]).status.success());
    let path = folder.path().join("standin.yaml");
    let written = std::fs::read_to_string(&path).expect("settings");
    let known = "  known:\n    - rule: duplicates\n      reason: old\n";
    let mut written = written.replacen("\ncheck:\n", &format!("\ncheck:\n{known}"), 1);
    if !written.contains(known) {
        written += &format!("\ncheck:\n{known}");
    }
    write(folder.path(), "standin.yaml", &written);
    let (code, said) = check(folder.path(), &running.url, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("rule `duplicates` no longer fails: remove it"), "{said}");
}

#[test]
fn the_file_of_an_own_feature_is_relative_to_the_settings() {
    let (folder, (_runtime, running)) = (folder(), broken(Defect::DuplicatesAppliedTwice));
    let own = folder.path().join("own");
    std::fs::create_dir(&own).expect("a new folder");
    write(&own, "a.feature", OWN);
    for scenario in ["own/a.feature:8", "./own/../own/a.feature:8", "own/a.feature:a duplicate"] {
        let entry = format!("    - scenario: {scenario}\n      reason: old\n");
        write(folder.path(), "standin.yaml", &entries(&entry));
        let whole = own.join("a.feature").display().to_string();
        for (from, path) in [(folder.path(), "own/a.feature"), (&own, "a.feature"), (&own, &whole)]
        {
            let (code, said) = check(from, &running.url, &[path]);
            assert_eq!(code, Some(0), "{scenario} {path}: {said}");
            assert!(said.contains("1 known to fail"), "{scenario} {path}: {said}");
            assert!(!said.contains("nothing in the contract"), "{scenario} {path}: {said}");
        }
    }
    // Another file of the same name, as seen from the working folder.
    write(
        folder.path(),
        "standin.yaml",
        &entries("    - scenario: a.feature:8\n      reason: x\n"),
    );
    let (code, said) = check(&own, &running.url, &["a.feature"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("nothing in the contract is scenario "), "{said}");
}

#[test]
fn what_is_written_tolerates_the_very_scenario_that_failed() {
    let (folder, (_runtime, running)) = (folder(), broken(Defect::DuplicatesAppliedTwice));
    for name in ["one.feature", "two.feature"] {
        write(folder.path(), name, OWN);
    }
    write(folder.path(), "standin.yaml", &settings(""));
    let (code, said) = check(folder.path(), &running.url, &["one.feature", "--write-known"]);
    assert_eq!(code, Some(0), "{said}");
    let written = std::fs::read_to_string(folder.path().join("standin.yaml")).expect("settings");
    assert!(written.contains("- scenario: \"one.feature:a duplicate\"\n"), "{written}");
    // It stands on another line now.
    write(folder.path(), "one.feature", &OWN.replacen("\n\n", "\n\n\n", 1));
    assert_eq!(check(folder.path(), &running.url, &["one.feature"]).0, Some(0));
    assert_eq!(check(folder.path(), &running.url, &["two.feature"]).0, Some(1));
}

#[test]
fn only_a_whole_run_is_written() {
    let folder = folder();
    write(folder.path(), "standin.yaml", &settings(""));
    let (code, said) = check(folder.path(), &failing(), &["--write-known", "--fail-fast"]);
    assert_eq!(code, Some(2), "{said}");
    let arguments = ["--tags", DUPLICATES, "--write-known", "--jobs", "2", "--json", "j.json"];
    let (code, said) = check(folder.path(), &failing(), &arguments);
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("stopped early"), "{said}");
    let report = std::fs::read_to_string(folder.path().join("j.json")).expect("a report");
    let report: Json = serde_json::from_str(&report).expect("JSON");
    assert!(report["totals"]["known"].as_u64() > Some(10), "{}", report["totals"]);
}

#[test]
fn an_entry_that_is_over_counts_only_what_nothing_else_tolerates() {
    let (folder, (_runtime, running)) = (folder(), broken(Defect::DuplicatesAppliedTwice));
    let over = "    - rule: duplicates\n      reason: old\n      until: 2001-12-31\n";
    let other = "    - rule: duplicates\n      reason: new\n";
    let said = |known: &str| {
        write(folder.path(), "standin.yaml", &entries(known));
        check(folder.path(), &running.url, &["--tags", DUPLICATES])
    };
    let (code, both) = said(&format!("{over}{other}"));
    assert_eq!(code, Some(0), "{both}");
    assert!(both.contains("until 2001-12-31, which is over: remove it from the list"), "{both}");
    assert!(!both.contains("count again"), "{both}");
    let (code, alone) = said(over);
    assert_eq!(code, Some(1), "{alone}");
    assert!(alone.contains("which is over: they count again ("), "{alone}");
}

#[test]
fn an_over_entry_of_what_only_warns_does_not_count_again() {
    let (folder, (_runtime, running)) = (folder(), broken(Defect::FinishedPositionReopens));
    let over = "    - rule: order-without-time\n      reason: old\n      until: 2001-12-31\n";
    write(folder.path(), "standin.yaml", &entries(over));
    let tags = ["--tags", "@ombori and @rule:order-without-time"];
    let (code, said) = check(folder.path(), &running.url, &tags);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("which is over: remove it from the list"), "{said}");
}

#[test]
fn keys_that_are_left_empty_are_empty() {
    let (folder, (_runtime, running)) = (folder(), crate::receiver());
    write(folder.path(), "own.feature", OWN);
    for empty in ["check:\n", "check:\n  known:\n  features:\n", "check:\n  known: []\n"] {
        write(folder.path(), "standin.yaml", &settings(empty));
        let (code, said) = check(folder.path(), &running.url, &["own.feature"]);
        assert_eq!(code, Some(0), "{empty}: {said}");
    }
    let bare = format!("receiver:\n  url: {}\nvendors:\nprobes:\n", running.url);
    write(folder.path(), "standin.yaml", &bare);
    let (code, said) = check(folder.path(), &running.url, &["own.feature", "--list"]);
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn an_empty_list_is_written_to_and_the_file_keeps_its_form() {
    let (folder, (_runtime, running)) = (folder(), broken(Defect::DuplicatesAppliedTwice));
    write(folder.path(), "own.feature", OWN);
    let path = folder.path().join("standin.yaml");
    let before =
        format!("\u{feff}{}", settings("check:\n  known: [] # none\n").replace('\n', "\r\n"));
    write(folder.path(), "standin.yaml", &before);
    let (code, said) = check(folder.path(), &running.url, &["own.feature", "--write-known"]);
    assert_eq!(code, Some(0), "{said}");
    let after = std::fs::read_to_string(&path).expect("settings");
    assert!(after.starts_with(&before.replace(" [] # none\r\n", " # none\r\n")), "{after:?}");
    assert_eq!(after.matches("\r\n").count(), after.matches('\n').count());
    assert_eq!(check(folder.path(), &running.url, &["own.feature"]).0, Some(0));
}

#[test]
fn a_read_only_file_is_not_replaced() {
    let (folder, (_runtime, running)) = (folder(), broken(Defect::DuplicatesAppliedTwice));
    write(folder.path(), "own.feature", OWN);
    write(folder.path(), "standin.yaml", &settings(""));
    let path = folder.path().join("standin.yaml");
    let mut permissions = path.metadata().expect("a file").permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).expect("its permissions");
    let (code, said) = check(folder.path(), &running.url, &["own.feature", "--write-known"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("cannot write "), "{said}");
    assert_eq!(std::fs::read_to_string(&path).expect("settings"), settings(""));
    assert_eq!(check(folder.path(), &running.url, &["own.feature"]).0, Some(1));
}
