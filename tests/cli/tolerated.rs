//! What failed and does not fail a run: rules that are only good practice, and known failures.

use std::path::Path;

use serde_json::Value as Json;
use standin::receiver::{Defect, Running};

use crate::{broken, built_in, folder, run, standin, text, write};

/// Scenarios of Ombori about an order that no time in a body shows: all of level `should`.
const ORDER: &str = "@ombori and @rule:order-without-time";
/// Scenarios about duplicates: all of level `must`.
const DUPLICATES: &str = "@ombori and @rule:duplicates";

/// The built-in settings with less patience and this at their end.
fn settings(check: &str) -> String {
    built_in(&[("believes_within: 5s", "believes_within: 400ms")]) + check
}

/// A receiver that believes late webhooks.
fn late() -> (tokio::runtime::Runtime, Running) {
    broken(Defect::FinishedPositionReopens)
}

/// Checks these scenarios with standin.yaml: the exit code, what was said, and the JSON report.
fn check(folder: &Path, url: &str, tags: &str, more: &[&str]) -> (Option<i32>, String, Json) {
    let arguments = ["check", "--tags", tags, "--target", url, "--json", "j.json"];
    let output = run(folder, &[&arguments[..], more].concat());
    let report = std::fs::read_to_string(folder.join("j.json")).unwrap_or_default();
    let said = text(&output.stdout) + &text(&output.stderr);
    (output.status.code(), said, serde_json::from_str(&report).unwrap_or_default())
}

fn with(report: &Json, verdict: &str) -> Vec<Json> {
    let features = report["features"].as_array().expect("features").iter();
    let scenarios = features.flat_map(|one| one["scenarios"].as_array().expect("scenarios"));
    scenarios.filter(|one| one["verdict"] == verdict).cloned().collect()
}

#[test]
fn a_broken_rule_that_is_only_good_practice_warns() {
    let (folder, (_runtime, running)) = (folder(), late());
    write(folder.path(), "standin.yaml", &settings(""));
    let (code, said, report) =
        check(folder.path(), &running.url, ORDER, &["--junit", "j.xml", "--html", "h.html"]);
    assert_eq!(code, Some(0), "{said}");
    let warned = with(&report, "warned");
    assert!(warned.len() > 3, "{said}");
    assert_eq!(report["totals"]["warned"], warned.len());
    assert_eq!(report["totals"]["failed"], 0);
    assert!(warned[0]["failure"]["message"].is_string());
    assert!(said.contains(&format!(" passed, {} warned\n", warned.len())), "{said}");
    assert!(said.contains("\nWarned: good practice that no document demands\n    "), "{said}");
    let first = warned[0]["name"].as_str().expect("a name");
    assert!(said.contains(&format!("\n! {first}  ")), "{said}");
    let junit = std::fs::read_to_string(folder.path().join("j.xml")).expect("a report");
    assert!(junit.contains("failures=\"0\""), "{junit}");
    assert!(junit.contains("<property name=\"verdict\" value=\"warned\"/>"), "{junit}");
    let html = std::fs::read_to_string(folder.path().join("h.html")).expect("a report");
    assert!(html.contains("class=\"scenario warned\""));
    assert!(html.contains("The receiver keeps the contract, with exceptions"));
}

#[test]
fn strict_makes_good_practice_fail() {
    let (folder, (_runtime, running)) = (folder(), late());
    write(folder.path(), "standin.yaml", &settings(""));
    let (code, said, report) = check(folder.path(), &running.url, ORDER, &["--strict"]);
    assert_eq!(code, Some(1), "{said}");
    let failed = with(&report, "failed");
    assert!(failed.len() > 3 && with(&report, "warned").is_empty(), "{said}");
    let repeat = failed[0]["repeat"].as_str().expect("a command");
    assert!(repeat.contains(" --strict "), "{repeat}");
    write(folder.path(), "standin.yaml", &settings("check:\n  strict: true\n"));
    assert_eq!(check(folder.path(), &running.url, ORDER, &[]).0, Some(1));
}

#[test]
fn a_warning_is_an_annotation_and_ends_no_run() {
    let (folder, (_runtime, running)) = (folder(), late());
    write(folder.path(), "standin.yaml", &settings(""));
    let arguments = ["check", "--tags", ORDER, "--target", &running.url, "--fail-fast"];
    let output = standin(folder.path(), &arguments).env("GITHUB_ACTIONS", "true").output();
    let output = output.expect("the binary runs");
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(!said.contains("Ended early"), "{said}");
    assert!(said.contains("\n::warning title=a walk-in that arrives in reverse order"), "{said}");
    assert!(!said.contains("::error"), "{said}");
}

#[test]
fn known_failures_are_shown_apart_and_do_not_fail() {
    let (folder, (_runtime, running)) = (folder(), broken(Defect::DuplicatesAppliedTwice));
    let url = &running.url;
    write(folder.path(), "standin.yaml", &settings(""));
    let (code, said, report) = check(folder.path(), url, DUPLICATES, &[]);
    assert_eq!(code, Some(1), "{said}");
    let failed = with(&report, "failed");
    let one = &failed[0];
    let place = format!("features/ombori/duplicates.feature:{}", one["line"]);
    let known = |entries: &str| settings(&format!("check:\n  known:\n{entries}"));
    let reason = "      reason: the old receiver, ticket 7\n";
    for (entry, count) in [
        (format!("    - rule: duplicates\n{reason}"), failed.len()),
        (format!("    - rule: duplicates\n      vendor: ombori\n{reason}"), failed.len()),
        (format!("    - rule: duplicates\n      vendor: doo\n{reason}"), 0),
        (format!("    - rule: duplicates\n      until: 2999-12-31\n{reason}"), failed.len()),
        (format!("    - scenario: {place}\n{reason}"), 1),
        (format!("    - scenario: {}\n{reason}", one["name"]), 1),
        (format!("    - rule: duplicates\n      until: 2001-12-31\n{reason}"), 0),
    ] {
        write(folder.path(), "standin.yaml", &known(&entry));
        let (code, said, report) = check(folder.path(), url, DUPLICATES, &["--junit", "j.xml"]);
        assert_eq!(code, Some(i32::from(count != failed.len())), "{entry}: {said}");
        let shown = with(&report, "known");
        assert_eq!(shown.len(), count, "{entry}: {said}");
        assert_eq!(report["totals"]["known"], count);
        let junit = std::fs::read_to_string(folder.path().join("j.xml")).expect("a report");
        let message = "<skipped message=\"known failure: the old receiver, ticket 7";
        assert_eq!(junit.matches(message).count(), count, "{entry}: {junit}");
        if let Some(one) = shown.first() {
            let reason = one["reason"].as_str().expect("a reason");
            assert!(reason.starts_with("the old receiver, ticket 7"), "{reason}");
            assert!(said.contains("\nKnown to fail\n"), "{said}");
            assert!(said.contains(" known to fail\n"), "{said}");
        }
    }
    let (_, said, _) = check(folder.path(), url, DUPLICATES, &[]);
    let over = "the failures of rule `duplicates` were known until 2001-12-31, which is over: they count again (";
    assert!(said.contains(over) && said.contains("warning: standin.yaml:"), "{said}");
}

#[test]
fn a_known_failure_that_passes_is_reported() {
    let (folder, (_runtime, running)) = (folder(), crate::receiver());
    let name = "a ticket whose creation arrives five times is one ticket";
    let entry = format!("check:\n  known:\n    - scenario: {name}\n      reason: old\n");
    let written = settings(&entry);
    write(folder.path(), "standin.yaml", &written);
    let line = written.lines().position(|line| line.contains(name)).expect("a line") + 1;
    let said = check(folder.path(), &running.url, "@ombori", &["--list"]).1;
    let place = said.lines().find(|line| line.ends_with(&format!("  {name}  @ombori")));
    let at = place.expect("the scenario").split_whitespace().next().expect("its line");
    let place = format!("features/ombori/duplicates.feature:{at}");
    let all = run(folder.path(), &["check", "--target", &running.url]);
    let mended = format!(
        "warning: standin.yaml:{line}: scenario `{name}` no longer fails: remove it from the list\n"
    );
    assert_eq!(all.status.code(), Some(0));
    assert!(text(&all.stdout).contains(&mended), "{}", text(&all.stdout));
    write(folder.path(), "standin.yaml", &written.replace(name, &place));
    let alone = run(folder.path(), &["check", &place, "--target", &running.url]);
    let said = text(&alone.stdout);
    assert!(said.contains(&format!("scenario {place} no longer fails")), "{said}");
}

#[test]
fn a_rule_of_which_only_a_part_ran_is_not_called_mended() {
    let (folder, (_runtime, running)) = (folder(), crate::receiver());
    let entry = "check:\n  known:\n    - rule: duplicates\n      reason: old\n";
    write(folder.path(), "standin.yaml", &settings(entry));
    let (code, said, _) = check(folder.path(), &running.url, "@ombori and @rule:duplicates", &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("no longer fails"), "{said}");
}

#[test]
fn an_entry_that_matches_nothing_is_a_warning_with_its_place() {
    let (folder, (_runtime, running)) = (folder(), crate::receiver());
    write(folder.path(), "other.feature", include_str!("features/own-rule.feature"));
    let entries = "check:\n  known:\n    - rule: duplicate\n      reason: a\n    - scenario: features/ombori/text.feature:1\n      reason: b\n    - scenario: other.feature:12\n      reason: c\n    - scenario: none.feature:12\n      reason: d\n    - scenario: no such thing\n      reason: e\n";
    let written = settings(entries);
    write(folder.path(), "standin.yaml", &written);
    let line = |part: &str| written.lines().position(|line| line.contains(part)).expect("it") + 1;
    let (code, said, _) = check(folder.path(), &running.url, "@ombori and @credentials", &[]);
    assert_eq!(code, Some(0), "{said}");
    for (part, why) in [
        (
            "rule: duplicate",
            "nothing in the contract is rule `duplicate`: did you mean `duplicates`?",
        ),
        (
            "text.feature:1",
            "nothing in the contract is scenario features/ombori/text.feature:1: the nearest begins on line",
        ),
        ("none.feature:12", "nothing in the contract is scenario none.feature:12"),
        ("no such thing", "nothing in the contract is scenario `no such thing`"),
    ] {
        let warning = format!("warning: standin.yaml:{}: {why}", line(part));
        assert!(said.contains(&warning), "{warning}\n{said}");
    }
    assert!(!said.contains("other.feature:12"), "it is not part of this run: {said}");
}

#[test]
fn a_malformed_entry_is_a_mistake_with_its_place() {
    let folder = folder();
    for (entry, why) in [
        ("- reason: x", "this names neither a rule nor a scenario"),
        ("- { rule: a, scenario: b, reason: x }", "this names a rule and a scenario"),
        ("- rule: a", "the key `reason` is missing"),
        ("- { rule: a, reason: ' ' }", "this gives no reason"),
        ("- { rule: a, reason: x, until: soon }", "`soon` is no date"),
        ("- { rule: a, reason: x, vendor: dooo }", "there is no vendor `dooo`"),
        ("- { rule: a, reason: x, failure: effect }", "there is no kind of failure `effect`"),
        ("- { rule: a, reason: x, untill: 2031-03-04 }", "unknown key `untill`"),
    ] {
        let written = settings(&format!("check:\n  known:\n    {entry}\n"));
        write(folder.path(), "standin.yaml", &written);
        let output = run(folder.path(), &["check"]);
        assert_eq!(output.status.code(), Some(2), "{entry}");
        let said = text(&output.stderr);
        assert!(said.contains(why), "{entry}: {said}");
        let line = written.lines().count();
        assert!(said.contains(&format!("--> standin.yaml:{line}:")), "{entry}: {said}");
    }
}

#[test]
fn known_failures_are_written_and_the_next_run_passes() {
    let (folder, (_runtime, running)) = (folder(), broken(Defect::DuplicatesAppliedTwice));
    let path = folder.path().join("standin.yaml");
    let before = settings(
        "check: # of ours\n  known:\n    # the first\n    - rule: text # names\n      reason: x\n  fail_on_skipped: false\n",
    );
    write(folder.path(), "standin.yaml", &before);
    let (code, said, report) = check(folder.path(), &running.url, DUPLICATES, &["--write-known"]);
    assert_eq!(code, Some(0), "{said}");
    let known = with(&report, "known").len();
    assert!(known > 3, "{said}");
    let note =
        format!("\n{known} known failures were added to standin.yaml; give each a better reason\n");
    assert!(said.contains(&note), "{said}");
    let after = std::fs::read_to_string(&path).expect("the settings");
    let added: Vec<&str> = after.lines().filter(|line| !before.contains(*line)).collect();
    let kept: Vec<&str> = after.lines().filter(|line| !added.contains(line)).collect();
    assert_eq!(kept.join("\n") + "\n", before, "nothing else has changed");
    assert!(added.iter().all(|line| !line.contains('#')), "{added:?}");
    assert_eq!(check(folder.path(), &running.url, DUPLICATES, &[]).0, Some(0));
    let (_, said, _) = check(folder.path(), &running.url, DUPLICATES, &["--write-known"]);
    assert!(said.contains("nothing has failed"), "{said}");
    assert_eq!(std::fs::read_to_string(&path).expect("the settings"), after);
}

#[test]
fn known_failures_that_cannot_be_added_are_printed() {
    let (folder, (_runtime, running)) = (folder(), broken(Defect::DuplicatesAppliedTwice));
    let flow = settings("check: { strict: false } # ours\n");
    write(folder.path(), "standin.yaml", &flow);
    let (code, said, _) = check(folder.path(), &running.url, DUPLICATES, &["--write-known"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("standin.yaml was not changed"), "{said}");
    assert!(said.contains("\ncheck:\n  known:\n    - scenario: \"features/ombori/duplicates.feature:a walk-in whose "), "{said}");
    let path = folder.path().join("standin.yaml");
    assert_eq!(std::fs::read_to_string(&path).expect("the settings"), flow);
    std::fs::remove_file(&path).expect("it was there");
    let (code, said, _) = check(folder.path(), &running.url, DUPLICATES, &["--write-known"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("there is no standin.yaml: add this to standin.yaml\n\ncheck:\n"),
        "{said}"
    );
    assert!(!path.exists());
}
