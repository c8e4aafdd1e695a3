//! What is not judged does not look green: receivers that answer everything alike, without probes.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use serde_json::Value as Json;

use crate::built_in::built_in;
use crate::{folder, run, text, write};

/// A scenario that needs a probe for its last step only.
const OWN: &str = r#"Feature: a ticket

  Scenario: Anna waits
    Given an Ombori account
    When Anna takes a walk-in ticket
    Then every webhook is accepted
    And the receiver has Anna's position as "pending"
"#;

/// The header of Ombori's honest webhooks.
const KEY: (&str, &str) = ("x-api-key", "standin-demo-key");

/// How a receiver answers.
#[derive(Clone, Copy)]
pub struct Answers {
    /// Requests for tokens.
    pub tokens: u16,
    /// Requests with Ombori's key.
    pub keyed: u16,
    /// All others.
    pub others: u16,
}

/// A receiver that answers like this, and a GET with the status in its path, until the test process
/// ends.
pub fn answering(answers: Answers) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || answer(stream, answers));
        }
    });
    url
}

/// Answers what comes on a connection until it is closed.
fn answer(stream: TcpStream, answers: Answers) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        let (mut line, mut length, mut status) = (String::new(), 0, answers.others);
        while reader.read_line(&mut line)? > 0 && line != "\r\n" {
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            if line.starts_with("POST /oauth/token") {
                status = answers.tokens;
            }
            if let Some(probed) = line.strip_prefix("GET /") {
                status = probed.get(..3).and_then(|one| one.parse().ok()).unwrap_or(404);
            }
            let (name, value) = line.trim_end().split_once(": ").unwrap_or_default();
            if name.eq_ignore_ascii_case(KEY.0) && value == KEY.1 {
                status = answers.keyed;
            }
            line.clear();
        }
        if line.is_empty() {
            return Ok(());
        }
        std::io::copy(&mut reader.by_ref().take(length), &mut std::io::sink())?;
        let body = r#"{"access_token":"t0ken-31f2","sent":1}"#;
        let head = format!("HTTP/1.1 {status} Status\r\ncontent-type: application/json\r\n");
        let answer = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
        (&stream).write_all(answer.as_bytes())?;
    }
}

/// The contract against a receiver that answers like this, without probes: the exit code, what was
/// said, and the scenarios of the report.
fn checked(status: u16, more: &[&str]) -> (Option<i32>, String, Vec<Json>) {
    checked_against(Answers { tokens: status, keyed: status, others: status }, more)
}

fn checked_against(answers: Answers, more: &[&str]) -> (Option<i32>, String, Vec<Json>) {
    checked_with(answers, "", OWN, more)
}

/// The same, with these probes and this feature.
pub fn checked_with(
    answers: Answers,
    probes: &str,
    own: &str,
    more: &[&str],
) -> (Option<i32>, String, Vec<Json>) {
    let folder = folder();
    let settings = built_in(&[("http://127.0.0.1:8080", &answering(answers))]);
    let (settings, _) = settings.split_once("\nprobes:").expect("probes come last");
    write(folder.path(), "standin.yaml", &format!("{settings}\n{probes}"));
    write(folder.path(), "own.feature", own);
    let arguments = [&["check", "--seed", "1", "--json", "j.json"], more].concat();
    let output = run(folder.path(), &arguments);
    let report = std::fs::read_to_string(folder.path().join("j.json")).expect("a report");
    let report: Json = serde_json::from_str(&report).expect("JSON");
    let features = report["features"].as_array().expect("features").iter();
    let scenarios = features.flat_map(|one| one["scenarios"].as_array().expect("scenarios"));
    let said = text(&output.stdout) + &text(&output.stderr);
    (output.status.code(), said, scenarios.cloned().collect())
}

fn with<'a>(verdict: &str, scenarios: &'a [Json]) -> Vec<&'a str> {
    let some = scenarios.iter().filter(|one| one["verdict"] == verdict);
    some.filter_map(|one| one["name"].as_str()).collect()
}

#[test]
fn what_answers_prove_is_judged_without_a_probe() {
    let (code, said, scenarios) = checked(200, &[]);
    assert_eq!(code, Some(1), "{said}");
    let failed = with("failed", &scenarios);
    for of_each_vendor in [
        "an order that arrives with wrong credentials is refused, and the payment with a valid token is accepted",
        "a creation that arrives with wrong credentials is refused and leaves no position",
        "a creation that is tampered with after signing is refused and leaves no visit",
    ] {
        assert!(failed.contains(&of_each_vendor), "{of_each_vendor} passes: {failed:#?}");
    }
    assert!(UNREADABLE.iter().all(|name| !failed.contains(name)), "{failed:#?}");
    let in_part = with("passed-in-part", &scenarios);
    assert!(in_part.len() > 100, "{in_part:#?}");
    assert!(said.contains("warning: most of the contract was not judged"), "{said}");
    assert!(said.contains("no probe `ombori.position` in standin.yaml"), "{said}");
    let reasons = scenarios.iter().filter(|one| one["verdict"] == "passed-in-part");
    for scenario in reasons {
        let steps = scenario["steps"].as_array().expect("steps");
        assert!(
            steps.iter().any(|step| step["state"] == "not-judged" && step["reason"] != Json::Null)
        );
    }
}

/// No vendor documents how to answer what is no webhook.
const UNREADABLE: [&str; 3] = [
    "a creation that arrives as invalid JSON is refused",
    "an order that arrives without field \"order_details\" is refused",
    "a change that arrives without field \"after.id\" is refused",
];

#[test]
fn a_receiver_that_acknowledges_what_it_cannot_read_is_warned_about_its_queue() {
    let tags = ["--tags", "@rule:corrupt-bodies-refused or @rule:needed-fields-refused"];
    let (code, said, scenarios) = checked(200, &tags);
    assert_eq!(code, Some(0), "{said}");
    let warned = with("warned", &scenarios);
    assert!(UNREADABLE.iter().all(|name| warned.contains(name)), "{warned:#?}");
    assert!(said.contains("`queues: true` in standin.yaml says"), "{said}");
    let (code, said, scenarios) = checked(200, &[&tags[..], &["--strict"]].concat());
    assert_eq!(code, Some(1), "{said}");
    assert!(UNREADABLE.iter().all(|name| with("failed", &scenarios).contains(name)), "{said}");
}

#[test]
fn nothing_passes_that_reaches_no_handler() {
    for status in [404, 419, 429] {
        let (code, said, scenarios) = checked(status, &[]);
        assert_eq!(code, Some(1), "{said}");
        for verdict in ["passed", "passed-in-part"] {
            assert!(with(verdict, &scenarios).is_empty(), "{status}: {said}");
        }
    }
}

#[test]
fn a_limiter_refuses_no_credentials() {
    let tags = ["--tags", "@ombori and @credentials"];
    let limiter = Answers { tokens: 200, keyed: 200, others: 429 };
    let (_, said, scenarios) = checked_against(limiter, &tags);
    assert!(said.contains("429 says that too many requests came"), "{said}");
    let about_refusals = |name: &&str| name.contains("is refused and leaves no position");
    assert_eq!(with("passed-in-part", &scenarios).into_iter().find(about_refusals), None);
    assert!(said.contains("warning: nothing about credentials was judged"), "{said}");
    let strict = Answers { tokens: 200, keyed: 200, others: 401 };
    let (_, said, scenarios) = checked_against(strict, &tags);
    assert!(with("passed-in-part", &scenarios).iter().any(about_refusals), "{said}");
    assert!(!said.contains("nothing about credentials was judged"), "{said}");
}

#[test]
fn a_token_that_is_issued_says_nothing_about_webhooks() {
    let answers = Answers { tokens: 200, keyed: 404, others: 404 };
    let (_, said, scenarios) = checked_against(answers, &["--tags", "@doo"]);
    let webhooks = |name: &&str| name.contains("is refused");
    for verdict in ["passed", "passed-in-part"] {
        let passed: Vec<&str> = with(verdict, &scenarios).into_iter().filter(webhooks).collect();
        assert!(passed.iter().all(|name| name.contains("token request")), "{passed:?}\n{said}");
    }
}

/// Effects that are noted before another kind of subject has the name.
const NOTED: &str = r"Feature: effects

  Scenario: of a message that comes later
    Given a Waitwhile account
    When Anna joins the waitlist
    And the effects on Anna are noted
    And staff alert Anna
    Then the effects on Anna are unchanged
    And every webhook is accepted

  Scenario: of an order, before an event has its name
    Given a doo account
    When Agata books a ticket
    And the effects on Agata are noted
    And the organizer creates the event Agata
    Then the effects on Agata are unchanged
";

/// The receiver knows the events and nothing else.
const PROBED: &str = "probes:
  waitwhile.message: { get: '/404/{id}', fields: { status: $.status }, effects: $.sent }
  doo.event: { get: '/200/{id}', fields: { status: $.status }, effects: $.sent }
  doo.order: { get: '/404/{id}', fields: { status: $.status }, effects: $.sent }
";

#[test]
fn effects_are_compared_with_those_that_were_noted_of_the_same_kind_of_subject() {
    let accepts = Answers { tokens: 200, keyed: 200, others: 200 };
    let (code, said, scenarios) = checked_with(accepts, PROBED, NOTED, &["own.feature"]);
    assert_eq!(code, Some(0), "{said}");
    let [message, order] = scenarios.as_slice() else { panic!("{said}") };
    assert_eq!(
        (&message["verdict"], &order["verdict"]),
        (&"passed-in-part".into(), &"passed".into())
    );
    let states = message["steps"].as_array().expect("steps").iter().map(|step| &step["state"]);
    let states: Vec<&Json> = states.collect();
    assert_eq!(states[2..], ["not-judged", "passed", "not-judged", "passed"]);
}

/// Two scenarios about tickets that the receiver does not know. A limiter refuses what has no key.
const LIMITED: &str = r"Feature: tickets

  Scenario: of somebody whom a limiter kept from the receiver
    Given an Ombori account
    When Anna takes a walk-in ticket
    And every webhook arrives without credentials
    And staff call Anna
    And Berta takes a walk-in ticket
    Then no answer is a server error
    And the receiver does not know Anna's position

  Scenario: of somebody beside them
    Given an Ombori account
    When Anna takes a walk-in ticket
    And every webhook arrives without credentials
    And Berta takes a walk-in ticket
    Then the receiver does not know Anna's position
    And the receiver does not know Berta's position
";

#[test]
fn what_passes_since_a_limiter_kept_webhooks_back_is_not_judged() {
    let limiter = Answers { tokens: 200, keyed: 200, others: 429 };
    let probes = "probes:\n  ombori.position: { get: '/404/{id}', fields: { status: $.status } }\n";
    let (code, said, scenarios) = checked_with(limiter, probes, LIMITED, &["own.feature"]);
    assert_eq!(code, Some(0), "{said}");
    let states = |scenario: &Json| -> Vec<String> {
        let steps = scenario["steps"].as_array().expect("steps").iter();
        steps.map(|step| step["state"].as_str().expect("a state").to_owned()).collect()
    };
    let [kept, beside] = scenarios.as_slice() else { panic!("{said}") };
    assert_eq!(states(kept)[5..], ["not-judged", "not-judged"], "{said}");
    let reason = kept["steps"][6]["reason"].as_str().expect("a reason");
    assert!(reason.starts_with("429: a limiter kept position"), "{reason}");
    assert_eq!(states(beside)[4..], ["passed", "not-judged"], "nothing of Anna was kept: {said}");
}

/// A receiver may be for one vendor only.
#[test]
fn a_vendor_that_is_not_set_up_is_not_missed() {
    let folder = folder();
    let accepts = Answers { tokens: 200, keyed: 200, others: 200 };
    let url = answering(accepts);
    let settings =
        format!("receiver: {{ url: '{url}' }}\nvendors: {{ ombori: {{ deliver: /ombori }} }}\n");
    write(folder.path(), "standin.yaml", &settings);
    let ombori = OWN.replace("    And the receiver has Anna's position as \"pending\"\n", "");
    write(folder.path(), "a.feature", &ombori);
    let arguments = ["check", "--seed", "1", "--fail-on-skipped", "."];
    write(folder.path(), "b.feature", &NOTED.replace("Feature: effects", "Feature: others"));
    let output = run(folder.path(), &arguments);
    let said = text(&output.stdout) + &text(&output.stderr);
    assert!(said.contains("waitwhile is not set up in standin.yaml"), "{said}");
    assert!(!said.contains("was not judged"), "{said}");
    assert_eq!(output.status.code(), Some(0), "{said}");
}

#[test]
fn a_run_can_fail_for_what_was_not_judged() {
    let (lenient, said, scenarios) = checked(200, &["own.feature"]);
    assert_eq!(with("passed-in-part", &scenarios), ["Anna waits"]);
    assert!(said.contains("Scenarios  1 passed in part"), "{said}");
    assert_eq!(lenient, Some(0), "{said}");
    assert_eq!(checked(200, &["own.feature", "--fail-on-skipped"]).0, Some(1));
}

#[test]
fn a_token_that_could_not_be_revoked_is_said_and_not_taken_for_an_accepted_webhook() {
    let own = r#"Feature: a booking

  Scenario: Anna books
    Given a doo account
    And a token is fetched for each attempt
    And the next webhook arrives with a revoked token
    When Anna books a ticket
    Then the order_created of Anna is refused
"#;
    let answers = Answers { tokens: 200, keyed: 200, others: 401 };
    let (code, said, _) = checked_with(answers, "", own, &["own.feature"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("the token for order_created could not be revoked, so it was not sent"),
        "{said}"
    );
    assert!(said.contains("401 (refused)") && said.contains("`oauth.revoke_with`"), "{said}");
}

#[test]
fn a_vendor_that_was_given_up_fails_the_run_even_if_all_failures_are_tolerated() {
    let (code, said, scenarios) = checked(500, &["--tags", "@should", "-q"]);
    assert!(!with("warned", &scenarios).is_empty() && with("failed", &scenarios).is_empty());
    let mut reasons = scenarios.iter().filter_map(|one| one["reason"].as_str());
    assert!(reasons.any(|reason| reason.starts_with("stopped early")), "{said}");
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("Ended early: not everything was run"), "{said}");
    let (_, said, _) = checked(200, &["-q"]);
    assert!(said.contains("warning: most of the contract was not judged"), "{said}");
}
