//! A program can add a vendor to the registry without a change in `src/`, and every command plays it.

#[path = "fourth_vendor/lockers.rs"]
mod lockers;
#[path = "fourth_vendor/receiver.rs"]
mod receiver;
#[path = "common/replaced.rs"]
mod replaced;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use replaced::replaced;
use serde_json::Value as Json;
use standin::vendors::Registry;
use standin::vendors::registry::shipped;
use tempfile::TempDir;

/// All vendors and one more.
fn registry() -> Registry {
    let vendors = shipped().vendors().chain([&lockers::Lockers as _]);
    Registry::new(Box::leak(vendors.collect::<Vec<_>>().into()))
}

/// The environment variable with the arguments of [`program`], one per line.
const ARGUMENTS: &str = "STANDIN_TEST_ARGUMENTS";
/// What is printed before and after the program's own output.
const MARK: &str = "--- the program ---\n";

/// Not a test of its own: other tests start this binary with it, as the program with four vendors.
#[test]
fn program() {
    let Ok(arguments) = std::env::var(ARGUMENTS) else { return };
    print!("{MARK}");
    let code = standin::cli::run(registry(), arguments.lines());
    print!("{MARK}");
    std::process::exit(code.into());
}

/// The output of a command that must end with this exit code.
fn run(folder: &Path, arguments: &[&str], code: i32) -> String {
    let arguments = ["standin"].iter().chain(arguments).copied().collect::<Vec<_>>().join("\n");
    let ended = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "program", "--nocapture", "--test-threads=1"])
        .env(ARGUMENTS, arguments)
        .env("NO_COLOR", "1")
        .env_remove("GITHUB_ACTIONS")
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("it runs");
    let (out, err) =
        (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert_eq!(ended.status.code(), Some(code), "{out}\n{err}");
    let mut parts = out.split(MARK);
    let own = parts.nth(1).unwrap_or_else(|| panic!("the program did not begin: {out}"));
    format!("{own}{err}")
}

const SETTINGS: &str = r#"receiver:
  url: URL
vendors:
  lockers:
    deliver: /webhooks/lockers
probes:
  lockers.parcel:
    get: /parcels/{id}
    fields: { status: $.status }
"#;

const FEATURE: &str = r#"Feature: parcels

  Scenario: a parcel that is collected
    Given a Lockers account
    When a parcel for Anna is stored
    And staff send back the parcel of Anna
    And a parcel for Bo is stored
    And Bo collects the parcel
    Then every webhook is accepted
    And the receiver has Anna's parcel as "returned"
    And the receiver has Bo's parcel as the vendor has it
"#;

const STORY: &str = r#"vendor: lockers
about: a parcel that nobody collects
steps:
  - a parcel for Anna is stored
  - wait: 3 days
  - staff send back the parcel of Anna
"#;

/// A folder with settings for a running receiver, a feature and a story.
fn folder() -> (TempDir, receiver::Arrived) {
    let (url, arrived) = receiver::start();
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [
        ("standin.yaml", replaced(SETTINGS, &[("URL", &url)]).as_str()),
        ("parcels.feature", FEATURE),
        ("story.yaml", STORY),
        ("traffic.yaml", "vendor: lockers\nabout: a day\ntraffic: {}\n"),
    ] {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    (folder, arrived)
}

fn types(arrived: &receiver::Arrived) -> Vec<String> {
    let arrived = arrived.lock().expect("nobody panicked");
    arrived.iter().map(|body| body["type"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn check_runs_a_feature_about_it() {
    let (folder, arrived) = folder();
    let report: PathBuf = folder.path().join("report.json");
    let told = run(
        folder.path(),
        &["check", "parcels.feature", "--seed", "1", "--json", "report.json"],
        0,
    );
    assert!(told.contains("1 passed"), "{told}");
    assert_eq!(
        types(&arrived),
        ["parcel_stored", "parcel_returned", "parcel_stored", "parcel_collected"]
    );
    assert!(std::fs::read_to_string(report).expect("a report").contains("a parcel that is"));
}

#[test]
fn its_illegal_steps_are_found_before_anything_is_sent() {
    let (folder, arrived) = folder();
    let twice = "And Bo collects the parcel\n    And Bo collects";
    let wrong = replaced(FEATURE, &[("And Bo collects", twice)]);
    std::fs::write(folder.path().join("wrong.feature"), wrong).expect("a file");
    let told = run(folder.path(), &["check", "wrong.feature", "--seed", "1"], 2);
    assert!(told.contains("is not possible for a parcel that is collected"), "{told}");
    assert!(types(&arrived).is_empty());
}

#[test]
fn play_plays_its_stories_and_its_traffic() {
    let (folder, arrived) = folder();
    let told = run(folder.path(), &["play", "story.yaml", "--instant", "--seed", "1"], 0);
    assert!(told.contains("2 webhooks: 2 accepted"), "{told}");
    assert_eq!(types(&arrived), ["parcel_stored", "parcel_returned"]);
    let arguments = ["play", "traffic.yaml", "--instant", "--for", "2h", "--seed", "1"];
    run(folder.path(), &arguments, 0);
    for trigger in ["parcel_stored", "parcel_collected", "parcel_returned"] {
        assert!(types(&arrived).iter().skip(2).any(|one| one == trigger), "no {trigger}");
    }
}

#[test]
fn generate_prints_its_webhooks_and_the_same_for_the_same_seed() {
    let (folder, _) = folder();
    let arguments = ["generate", "--vendor", "lockers", "--count", "200", "--seed", "7"];
    let told = run(folder.path(), &arguments, 0);
    let lines: Vec<Json> = told
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(lines.len(), 200);
    assert!(lines.iter().all(|line| line["vendor"] == "lockers" && !line["body"].is_null()));
    assert_eq!(told, run(folder.path(), &arguments, 0));
    let story = ["generate", "--vendor", "lockers", "--seed", "7", "story.yaml"];
    assert!(run(folder.path(), &story, 0).contains("parcel_returned"));
}

#[test]
fn send_sends_the_users_body_as_it_would() {
    let (folder, arrived) = folder();
    let body = r#"{"type":"parcel_stored","parcel":{"id":"p1","status":"stored"}}"#;
    std::fs::write(folder.path().join("body.json"), body).expect("a file");
    run(folder.path(), &["send", "--vendor", "lockers", "--body", "body.json"], 0);
    assert_eq!(types(&arrived), ["parcel_stored"]);
}

#[test]
fn vendors_shows_it_and_suggests_it_for_a_typing_error() {
    let (folder, _) = folder();
    assert!(run(folder.path(), &["vendors"], 0).contains("lockers  parcels that wait"));
    assert!(run(folder.path(), &["vendors", "lockers"], 0).contains("parcel_returned"));
    let steps = run(folder.path(), &["vendors", "--steps"], 0);
    assert!(steps.contains("staff send back the parcel of {who}"), "{steps}");
    let wrong = run(folder.path(), &["vendors", "locker"], 2);
    assert!(wrong.contains("did you mean `lockers`?"), "{wrong}");
}

#[test]
fn init_says_that_there_is_no_template() {
    let (folder, _) = folder();
    let told = run(folder.path(), &["init", "--vendor", "lockers", "new"], 2);
    assert!(told.contains("there is no template for lockers"), "{told}");
    let shipped = run(folder.path(), &["init", "new"], 0);
    assert!(shipped.contains("wrote"), "{shipped}");
}

#[test]
fn the_demo_goes_on_beside_a_vendor_that_has_no_story() {
    let (folder, _arrived) = folder();
    let told = run(folder.path(), &["demo", "--seed", "1"], 0);
    assert!(told.contains("passed") && !told.contains("lockers:"), "{told}");
}

#[test]
fn the_shipped_program_does_not_know_it() {
    assert!(shipped().find("lockers").is_none());
    assert!(registry().find("lockers").is_some());
    assert_eq!(registry().vendors().count(), shipped().vendors().count() + 1);
}
