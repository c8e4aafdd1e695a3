//! `standin check --serve`: the contract runs while the vendors' APIs are served, and judges the
//! calls of the receiver. A small receiver calls back from inside its webhook handler, or never
//! does.

#[path = "serve_check/receiver.rs"]
mod receiver;

use std::process::{Command, Output};

use receiver::{KEY, Kind, Receiver};
use serde_json::Value as Json;
use tempfile::TempDir;

const KEYED: &str = "    api_key: the-key-of-the-api\n";

/// A receiver of this kind, and a folder with settings for it.
struct Setting {
    folder: TempDir,
    receiver: Receiver,
}

impl Setting {
    /// `more` are further lines in Waitwhile's section.
    fn new(kind: Kind, more: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder for temporary files");
        let receiver = Receiver::start(kind, folder.path().join("apis.url"));
        let settings = format!(
            "receiver:\n  url: {}\n  believes_within: 1s\nvendors:\n  waitwhile:\n    deliver: /hooks\n{more}probes:\n  waitwhile.visit:\n    get: /visits/{{id}}\n    fields:\n      state: $.state\n",
            receiver.url
        );
        std::fs::write(folder.path().join("standin.yaml"), settings).expect("a writable folder");
        Self { folder, receiver }
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_standin"))
            .current_dir(self.folder.path())
            .env_remove("GITHUB_ACTIONS")
            .env("NO_COLOR", "1")
            .args(arguments)
            .output()
            .expect("the binary runs")
    }

    /// Checks scenarios with these steps after `Given a Waitwhile account`, with these arguments.
    fn check(&self, scenarios: &[&str], arguments: &[&str]) -> Output {
        let scenarios: String = scenarios
            .iter()
            .enumerate()
            .map(|(number, steps)| {
                let steps: String = steps.lines().map(|step| format!("    {step}\n")).collect();
                format!("  Scenario: number {number}\n    Given a Waitwhile account\n{steps}\n")
            })
            .collect();
        let feature = format!("Feature: calls back\n\n{scenarios}");
        std::fs::write(self.folder.path().join("f.feature"), feature).expect("a writable folder");
        let always = ["check", "f.feature", "--seed", "7", "--json", "report.json"];
        self.run(&[&always, arguments].concat())
    }

    /// The same with the APIs served. Returns the scenarios in the report.
    fn served(&self, scenarios: &[&str], arguments: &[&str]) -> Vec<Json> {
        let serve = ["--serve", "127.0.0.1:0", "--ready-file", "apis.url"];
        let output = self.check(scenarios, &[&serve, arguments].concat());
        assert!(matches!(output.status.code(), Some(0 | 1)), "{output:?}");
        self.report()
    }

    fn report(&self) -> Vec<Json> {
        let text = std::fs::read_to_string(self.folder.path().join("report.json"));
        let report: Json = serde_json::from_str(&text.expect("a report")).expect("JSON");
        report["features"][0]["scenarios"].as_array().expect("scenarios").clone()
    }
}

fn verdicts(scenarios: &[Json]) -> Vec<&str> {
    scenarios.iter().map(|one| one["verdict"].as_str().expect("a verdict")).collect()
}

fn message(scenario: &Json) -> &str {
    scenario["failure"]["message"].as_str().unwrap_or_default()
}

const READ: &str = "When Anna joins the waitlist\n\
    Then the receiver has read the visit of Anna from Waitwhile";
const READ_AFTER_LAST: &str = "When Anna joins the waitlist\nAnd staff serve Anna\n\
    Then every webhook is accepted\n\
    And the receiver has read the visit of Anna after the last webhook";
const NOT_CALLED: &str = "When Anna joins the waitlist\n\
    Then the receiver has not called the API";
const CALLED_ONCE: &str = "When Anna joins the waitlist\n\
    Then the receiver has called the API once\n\
    And the receiver has called the API at most 2 times";
const CALLED_TWICE: &str = "When Anna joins the waitlist\nAnd staff serve Anna\n\
    Then the receiver has called the API 2 times\n\
    And the receiver has called the API at most once";

#[test]
fn what_the_receiver_reads_is_judged_by_its_calls() {
    let all = [READ, READ_AFTER_LAST, NOT_CALLED, CALLED_ONCE, CALLED_TWICE];
    let reads_back = Setting::new(Kind::ReadsBack, KEYED).served(&all, &[]);
    assert_eq!(verdicts(&reads_back), ["passed", "passed", "failed", "passed", "failed"]);
    assert_eq!(message(&reads_back[4]), "wrong number of calls of the API");
    assert_eq!(reads_back[4]["failure"]["step"], 4, "the second count fails, not the first");
    let differences = &reads_back[4]["failure"]["differences"][0];
    assert_eq!(differences["expected"], "at most 1");
    let actual = differences["actual"].as_str().expect("text");
    assert!(actual.starts_with("2 (GET /visits/") && actual.ends_with("→ 200)"), "{actual}");

    let never = Setting::new(Kind::Believes, KEYED).served(&all, &[]);
    assert_eq!(verdicts(&never), ["failed", "failed", "passed", "failed", "failed"]);
    assert_eq!(message(&never[0]), "the receiver has not read the visit of Anna");
    assert_eq!(never[0]["failure"]["differences"][0]["actual"], "no call");
}

#[test]
fn a_read_before_the_last_webhook_is_not_one_after_it() {
    let early = "When Anna joins the waitlist\nAnd staff serve Anna\n\
        Then the receiver has read the visit of Anna from Waitwhile";
    let once = Setting::new(Kind::ReadsOnce, KEYED).served(&[early, READ_AFTER_LAST], &[]);
    assert_eq!(verdicts(&once), ["passed", "failed"]);
    let expected = "the receiver has not read the visit of Anna after the last webhook";
    assert_eq!(message(&once[1]), expected);
}

#[test]
fn a_receiver_can_subscribe_itself() {
    let updated = "When Anna joins the waitlist\nAnd staff serve Anna\n\
        Then the receiver has subscribed to visit.updated\n\
        And the receiver has called the API once";
    let setting = Setting::new(Kind::Subscribes, KEYED);
    let subscribes = setting.served(&[updated], &[]);
    assert_eq!(verdicts(&subscribes), ["passed"]);
    let events = setting.receiver.events();
    assert!(events.contains(&"/subscribed visit.updated".to_owned()), "{events:?}");

    let removed = "When Anna joins the waitlist\n\
        Then the receiver has subscribed to visit.removed";
    let other = Setting::new(Kind::Subscribes, KEYED).served(&[removed], &[]);
    assert_eq!(verdicts(&other), ["failed"]);
    let actual = other[0]["failure"]["differences"][0]["actual"].as_str().expect("text");
    assert!(actual.starts_with("visit.updated; 1 (POST /webhooks → 200"), "{actual}");
}

#[test]
fn scenarios_that_share_a_key_are_told_apart_by_their_subjects() {
    let scenario = "When Anna joins the waitlist\nAnd staff serve Anna\nAnd staff complete Anna\n\
        Then every webhook is accepted\n\
        And the receiver has Anna's visit as \"COMPLETE\"\n\
        And the receiver has read the visit of Anna after the last webhook\n\
        And the receiver has called the API 3 times";
    let all = [scenario; 24];
    let together = Setting::new(Kind::ReadsBack, KEYED).served(&all, &["--jobs", "24"]);
    assert_eq!(verdicts(&together), ["passed"; 24]);
}

#[test]
fn faults_of_the_api_strike_the_receivers_calls() {
    let retried = "And deliveries are retried 3 times, 1 minute apart\n\
        And the next 2 reads from the API are answered 429\n\
        When Anna joins the waitlist\n\
        Then every webhook is accepted\n\
        And the receiver has called the API 3 times\n\
        And the receiver has read the visit of Anna after the last webhook";
    let refused = "And every read from the API is answered 429\n\
        When Anna joins the waitlist\n\
        Then the receiver has read the visit of Anna from Waitwhile";
    let stale = "When Anna joins the waitlist\n\
        And the next read from the API is one version behind\n\
        And staff serve Anna\n\
        Then every webhook is accepted\n\
        And the receiver has Anna's visit as \"SERVING\"";
    let over = "And every read from the API is answered 429\n\
        And the faults are over\n\
        When Anna joins the waitlist\n\
        Then every webhook is accepted";
    let reads_back = Setting::new(Kind::ReadsBack, KEYED).served(&[retried, refused, stale], &[]);
    assert_eq!(verdicts(&reads_back), ["passed", "failed", "failed"], "{reads_back:#?}");
    assert_eq!(message(&reads_back[2]), "the receiver has other values for Anna's visit");
    let never_struck =
        Setting::new(Kind::ReadsBack, KEYED).check(&[over], &["--serve", "127.0.0.1:0"]);
    assert_eq!(never_struck.status.code(), Some(2));
}

#[test]
fn webhooks_of_a_write_come_before_or_after_its_answer() {
    let raced = |when: &str| {
        let setting = Setting::new(Kind::Writes, KEYED);
        let story = format!(
            "And the next write to the API has its webhooks {when} the answer\n\
             When Anna joins the waitlist\n\
             Then every webhook is accepted\n\
             And the receiver has called the API once"
        );
        let scenarios = setting.served(&[&story], &[]);
        assert_eq!(verdicts(&scenarios), ["passed"], "{scenarios:#?}");
        setting.receiver.events()
    };
    let created = "/hooks visit.created";
    assert_eq!(raced("before")[..3], [created, created, "answer"]);
    assert_eq!(raced("after")[..3], [created, "answer", created]);
}

#[test]
fn without_the_apis_or_their_key_nothing_about_calls_passes() {
    let all = [READ, NOT_CALLED, "When Anna joins the waitlist\nThen every webhook is accepted"];
    let reason = |scenario: &Json| scenario["reason"].as_str().unwrap_or_default().to_owned();
    let setting = Setting::new(Kind::Believes, KEYED);
    assert_eq!(setting.check(&all, &[]).status.code(), Some(0));
    let unserved = setting.report();
    assert_eq!(verdicts(&unserved), ["skipped", "skipped", "passed"]);
    assert!(reason(&unserved[1]).contains("`standin check --serve`"), "{}", reason(&unserved[1]));

    let setting = Setting::new(Kind::Believes, "");
    let output = setting.check(&all, &["--serve", "127.0.0.1:0"]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("the API of Waitwhile is at http://127.0.0.1:"), "{stderr}");
    assert!(stderr.contains("set `api_key` under `vendors.waitwhile`"), "{stderr}");
    assert!(!stderr.contains("it takes the `api_key`"), "{stderr}");
    let keyless = setting.report();
    assert_eq!(verdicts(&keyless), ["skipped", "skipped", "passed"]);
    assert_eq!(reason(&keyless[0]), "no `api_key` of waitwhile in standin.yaml");
}

#[test]
fn mistakes_are_found_before_anything_is_sent() {
    let setting = Setting::new(Kind::Believes, KEYED);
    let mistaken = |steps: &str, expected: &str| {
        let output = setting.check(&[steps], &["--serve", "127.0.0.1:0"]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(expected), "{stderr}");
    };
    let then = "When Anna joins the waitlist\nThen the receiver has";
    mistaken(&format!("{then} read the visit of Bo from Waitwhile"), "no subject is called Bo");
    mistaken(&format!("{then} read the visit of Anna from doo"), "write `from Waitwhile`");
    mistaken(&format!("{then} subscribed to visit.update"), "visit.updated");
    mistaken("Then the receiver has not called the API", "no webhook has been caused yet");
    mistaken(
        &format!("{then} not called the API\nAnd the next call of the API is answered 500"),
        "this fault affects no call",
    );
    mistaken("And the next read from the API is blue\nWhen Anna joins the waitlist", "not a fault");
    assert_eq!(setting.receiver.events(), [""; 0]);

    let output = setting.check(&[NOT_CALLED], &["--serve", "0.0.0.0:0"]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("only on this machine"), "{stderr}");
    assert!(!stderr.contains(KEY), "{stderr}");

    let story = "vendor: waitwhile\nsteps:\n  - fault: every read from the API is answered 500\n  - Anna joins the waitlist\n";
    std::fs::write(setting.folder.path().join("s.yaml"), story).expect("a writable folder");
    let output = setting.run(&["play", "s.yaml"]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("`play` does not serve the vendor's API"), "{stderr}");
}
