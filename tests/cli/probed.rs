//! A probe that is wrong shows itself: in each failure, and once for all of them.

use serde_json::Value as Json;

use crate::built_in::built_in;
use crate::judged::{Answers, answering, checked_with};
use crate::{folder, run, standin, text, write};

const ACCEPTS: Answers = Answers { tokens: 200, keyed: 200, others: 401 };

/// As many scenarios that look for a position.
fn looking(count: usize) -> String {
    let one = |number: usize| {
        format!(
            "\n  Scenario: Anna waits, {number}\n    Given an Ombori account\n    \
             When Anna takes a walk-in ticket\n    \
             Then the receiver has Anna's position as \"pending\"\n"
        )
    };
    format!("Feature: tickets\n{}", (0..count).map(one).collect::<String>())
}

/// The output and the first failure of a run of so many scenarios against a receiver that accepts
/// everything, with this probe.
fn probed(count: usize, get: &str) -> (String, Json) {
    let probes = format!(
        "probes:\n  ombori.position:\n    get: {get}\n    headers: {{ X-Probe: s3cr3t-probe }}\n    \
         fields: {{ status: $.state }}\n"
    );
    let (code, said, scenarios) =
        checked_with(ACCEPTS, &probes, &looking(count), &["own.feature", "--html", "h.html"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(!said.contains("s3cr3t-probe"), "{said}");
    (said, scenarios[0]["failure"].clone())
}

#[test]
fn a_place_that_matches_nothing_is_shown_with_the_answer() {
    let (said, failure) = probed(1, "/200/{id}");
    let probe = &failure["probe"];
    assert_eq!(probe["probe"], "ombori.position");
    assert_eq!(probe["method"], "GET");
    assert!(probe["url"].as_str().is_some_and(|url| url.contains("/200/")), "{probe}");
    assert_eq!(probe["headers"], serde_json::json!([["X-Probe", "***"]]));
    assert_eq!(probe["status"], 200);
    // What looks like a token is masked.
    assert_eq!(probe["answer"], r#"{"access_token":"***","sent":1}"#);
    assert_eq!(probe["unmatched"], serde_json::json!([["status", "$.state"]]));
    for part in [
        "probe:   GET http://127.0.0.1:",
        "-H 'X-Probe: ***'  (ombori.position)",
        "showed:  200 OK",
        r#"{"access_token":"***","sent":1}"#,
        "no `status`: `$.state` matches nothing in it",
    ] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
}

#[test]
fn a_place_that_matches_nothing_anywhere_is_one_cause() {
    let (said, failure) = probed(3, "/200/{id}");
    assert_eq!(failure["cause"], 0);
    let cause = "`status` of the probe `ombori.position` was in no answer of this run, and 3 scenarios failed for it: \
                 `$.state` matches nothing. Check this place under `fields`";
    assert!(said.contains(cause), "{said}");
    assert_eq!(said.matches("showed:  200 OK").count(), 1, "it is shown once: {said}");
}

#[test]
fn a_url_at_which_there_is_never_anything_is_one_cause() {
    let (said, failure) = probed(3, "/404/{id}");
    assert_eq!(failure["cause"], 0);
    assert!(said.contains("showed:  404 Not Found: 404"), "{said}");
    let cause = "the probe `ombori.position` found nothing in this run, and 3 scenarios failed for it. `GET http://127.0.0.1:";
    assert!(said.contains(cause), "{said}");
    assert!(
        said.contains("404. Check its `get`, and that the receiver stores what it accepts"),
        "{said}"
    );
}

/// Two scenarios of each of two vendors.
const OF_TWO_VENDORS: &str = r#"Feature: tickets and orders

  Scenario Outline: <who> waits
    Given an Ombori account
    When <who> takes a walk-in ticket
    Then the receiver has <who>'s position as "pending"

    Examples:
      | who  |
      | Anna |
      | Ben  |

  Scenario Outline: <who> books
    Given a doo account
    When <who> books a ticket
    Then the receiver has <who>'s order as "active"

    Examples:
      | who  |
      | Carl |
      | Dora |
"#;

#[test]
fn probes_that_are_all_refused_in_the_same_way_are_one_cause() {
    let probes = "probes:
  ombori.position: { get: '/406/{id}', fields: { status: $.status } }
  doo.order: { get: '/406/{id}', fields: { status: $.status } }
";
    let accepts = Answers { others: 200, ..ACCEPTS };
    let (_, said, scenarios) =
        checked_with(accepts, probes, OF_TWO_VENDORS, &["own.feature", "--no-retry"]);
    let causes: Vec<&Json> = scenarios.iter().map(|one| &one["failure"]["cause"]).collect();
    assert_eq!(causes, [0; 4], "{said}");
    let cause = "the probes `doo.order` and `ombori.position` found nothing in this run, and 4 scenarios failed for them.";
    assert!(said.contains(cause), "{said}");
    assert!(said.contains("406. Check their `headers`: which `Accept`"), "{said}");
}

#[test]
fn a_probe_that_never_finds_anything_is_given_up() {
    let probes =
        "probes:\n  ombori.position:\n    get: /404/{id}\n    fields: { status: $.state }\n";
    let check = |more: &[&str]| {
        let arguments = [&["own.feature", "--jobs", "1", "--no-retry"], more].concat();
        let (code, said, scenarios) = checked_with(ACCEPTS, probes, &looking(13), &arguments);
        assert_eq!(code, Some(1), "{said}");
        let count = |verdict| scenarios.iter().filter(|one| one["verdict"] == verdict).count();
        (count("failed"), count("skipped"), said)
    };
    let (failed, skipped, said) = check(&[]);
    assert_eq!((failed, skipped), (10, 3), "{said}");
    let why = "3  stopped early: the probe `ombori.position` had found nothing in 10 scenarios that failed for it";
    assert!(said.contains(why), "{said}");
    assert!(said.contains("Ended early: not everything was run"), "{said}");
    let (failed, skipped, said) = check(&["--no-early-stop"]);
    assert_eq!((failed, skipped), (13, 0), "{said}");
    assert!(!said.contains("Ended early"), "{said}");
}

#[test]
fn an_answer_that_may_mean_that_nothing_is_known_says_how_to_tell() {
    let (said, failure) = probed(1, "/406/{id}");
    let advice = "if 406 means that the receiver does not know it, write `absent: { statuses: [404, 410, 406] }`";
    assert_eq!(failure["probe"]["advice"], advice);
    assert!(said.contains(advice), "{said}");
    let (said, _) = probed(1, "/200/{id}");
    let advice = "the answer has nothing that this probe reads. If it means that the receiver does not know it, write \
                  `absent: { without: \"$.state\" }`";
    assert!(said.contains(advice), "{said}");
    let (said, failure) = probed(1, "/500/{id}");
    assert!(failure["probe"]["advice"].is_null() && !said.contains("absent:"), "{said}");
}

#[test]
fn a_probe_that_is_refused_is_one_cause() {
    let (said, _) = probed(3, "/401/{id}");
    assert!(said.contains("401. Check its `headers`"), "{said}");
    assert!(said.contains("showed:  401 Unauthorized: the probe answered 401"), "{said}");
}

/// Waiting does not mend the credentials of a probe, however long a receiver may take to believe something.
#[test]
fn a_probe_that_is_refused_is_asked_a_few_times_only() {
    let folder = folder();
    let settings = built_in(&[("http://127.0.0.1:8080", &answering(ACCEPTS))]);
    let (settings, _) = settings.split_once("\nprobes:").expect("probes come last");
    let probe = "probes:\n  ombori.position: { get: '/401/{id}', fields: { status: $.state } }\n";
    write(folder.path(), "standin.yaml", &format!("{settings}\n{probe}"));
    write(folder.path(), "own.feature", &looking(1));
    let arguments = ["check", "own.feature", "--json", "j.json", "--no-retry"];
    run(folder.path(), &arguments);
    let report = std::fs::read_to_string(folder.path().join("j.json")).expect("a report");
    let report: Json = serde_json::from_str(&report).expect("JSON");
    let polls = &report["features"][0]["scenarios"][0]["failure"]["polls"];
    let times = polls.as_array().expect("a list").iter().map(|one| one["times"].as_u64());
    let asked: u64 = times.flatten().sum();
    // With the pauses between them, five seconds have more than forty.
    assert!((2..20).contains(&asked), "{polls}");
}

/// The outputs of a run with this probe of a receiver that repeats the secret of the probe's header as
/// the value of a field.
fn repeated(probe: &str) -> Vec<(&'static str, String)> {
    let folder = folder();
    let settings = built_in(&[
        ("http://127.0.0.1:8080", &answering(ACCEPTS)),
        ("believes_within: 5s", "believes_within: 50ms"),
    ]);
    let (settings, _) = settings.split_once("\nprobes:").expect("probes come last");
    write(folder.path(), "standin.yaml", &format!("{settings}\nprobes:\n{probe}"));
    write(folder.path(), "own.feature", &looking(1));
    let arguments = "check own.feature --seed 1 -vv --json j.json --junit j.xml --html h.html";
    let arguments: Vec<&str> = arguments.split(' ').collect();
    let output = standin(folder.path(), &arguments)
        .env("PROBE_KEY", "q-k3y")
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let read = |name| std::fs::read_to_string(folder.path().join(name)).expect("a report");
    let terminal = text(&output.stdout) + &text(&output.stderr);
    vec![
        ("terminal", terminal),
        ("JSON", read("j.json")),
        ("JUnit", read("j.xml")),
        ("HTML", read("h.html")),
    ]
}

#[test]
fn a_secret_that_the_receiver_repeats_as_a_value_is_in_no_output() {
    let probe = "  ombori.position:\n    get: /200/{id}?api_key=${PROBE_KEY}&fixed=l1teral\n    \
                 headers: { X-Probe: t0ken-31f2 }\n    fields: { status: $.access_token }\n";
    for (output, said) in repeated(probe) {
        for secret in ["t0ken-31f2", "q-k3y", "l1teral"] {
            assert!(!said.contains(secret), "{secret} is in {output}:\n{said}");
        }
        let said = said.replace("&amp;", "&").replace("&#38;", "&");
        assert!(said.contains("?api_key=***&fixed=***"), "the query is not in {output}:\n{said}");
    }
}

const NO_STATE: &str = "probes:\n  ombori.position:\n    get: /200/{id}\n    fields: { status: $.state, label: $.sent }\n";

#[test]
fn a_field_that_is_in_no_answer_is_given_up() {
    let (code, said, scenarios) = checked_with(ACCEPTS, NO_STATE, &looking(40), &["own.feature"]);
    assert_eq!(code, Some(1), "{said}");
    let with = |verdict: &str| scenarios.iter().filter(|one| one["verdict"] == verdict).count();
    assert!((10..40).contains(&with("failed")), "{said}");
    assert_eq!(with("failed") + with("skipped"), 40, "{said}");
    let why = "stopped early: `status` of the probe `ombori.position` was in no answer in 10 scenarios that failed for it";
    assert!(said.contains(why), "{said}");
}

#[test]
fn a_field_whose_failures_are_known_is_not_given_up() {
    let listed = |number: usize| {
        format!("    - {{ scenario: \"own.feature:{}\", reason: a ticket }}\n", 3 + 5 * number)
    };
    let known: String = (0..40).map(listed).collect();
    let settings = format!("{NO_STATE}check:\n  known:\n{known}");
    let (code, said, scenarios) = checked_with(ACCEPTS, &settings, &looking(40), &["own.feature"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(scenarios.iter().all(|one| one["verdict"] == "known"), "{said}");
}

#[test]
fn several_lines_of_a_file_name_several_scenarios() {
    let wait = "the receiver has Anna's position as \"pending\"";
    let own = looking(3).replace(wait, "every webhook is accepted");
    let (_, _, scenarios) = checked_with(ACCEPTS, NO_STATE, &own, &["own.feature:3:14"]);
    let names: Vec<_> = scenarios.iter().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(names, ["Anna waits, 0", "Anna waits, 2"]);
    let folder = folder();
    write(folder.path(), "own.feature", &own);
    let output = run(folder.path(), &["check", "own.feature:3:2"]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("no scenario is on line 2, which was named"), "{said}");
}
