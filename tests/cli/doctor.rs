//! `standin doctor` says line by line what works, and what to try.

use crate::built_in::built_in;
use crate::judged::{Answers, answering};
use crate::{folder, receiver, run, silent_port, text, write};

/// The output and the exit code with these settings.
fn examined(settings: &str, more: &[&str]) -> (Option<i32>, String) {
    let folder = folder();
    write(folder.path(), "standin.yaml", settings);
    let arguments = [&["doctor", "--seed", "4"], more].concat();
    let output = run(folder.path(), &arguments);
    let said = text(&output.stdout) + &text(&output.stderr);
    assert!(!said.contains("standin-demo"), "a secret is shown: {said}");
    (output.status.code(), said)
}

/// The built-in settings for a receiver that answers like this, with other probes.
fn settings(answers: Answers, probes: &str) -> String {
    let url = answering(answers);
    let settings = built_in(&[
        ("http://127.0.0.1:8080", &url),
        ("believes_within: 5s", "believes_within: 50ms"),
    ]);
    let (settings, _) = settings.split_once("\nprobes:").expect("probes come last");
    format!("{settings}\n{probes}")
}

fn assert_said(said: &str, parts: &[&str]) {
    for part in parts {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
}

#[test]
fn all_is_well_with_the_reference_receiver() {
    let (_runtime, receiver) = receiver();
    let (code, said) = examined(&built_in(&[("http://127.0.0.1:8080", &receiver.url)]), &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains('✗'), "{said}");
    assert_said(
        &said,
        &[
            "Ombori (ombori)\n  ✓ URL          POST http://",
            "  – TLS          not used",
            "  ✓ credentials  the right ones are accepted",
            "  ✓ credentials  wrong ones: refused (401)",
            "  ✓ token        a wrong client secret: refused (401)",
            "  ✓ effects      ombori.position counts 1",
            "nothing is wrong",
        ],
    );
    for probe in ["ombori.position", "waitwhile.visit", "doo.event", "doo.order", "doo.ticket"] {
        assert_said(&said, &[&format!("  ✓ probe        {probe}: GET http://")]);
    }
}

#[test]
fn a_receiver_that_believes_everybody_is_told_so() {
    let everything = Answers { tokens: 200, keyed: 200, others: 200 };
    let (code, said) = examined(&settings(everything, ""), &["--vendor", "ombori"]);
    assert_eq!(code, Some(1), "{said}");
    assert_said(
        &said,
        &[
            "  ✗ credentials  wrong ones: accepted (200), so anybody can send it webhooks",
            "try: check the credentials before anything else, and answer 401",
            "  – probe        no `ombori.position` in standin.yaml",
            "1 thing is wrong",
        ],
    );
    assert!(!said.contains("waitwhile"), "{said}");
}

#[test]
fn a_probe_that_is_wrong_is_told_with_its_answer() {
    let accepts = Answers { tokens: 200, keyed: 200, others: 401 };
    let probe = |get: &str| {
        format!("probes:\n  ombori.position:\n    get: {get}\n    fields: {{ status: $.state }}\n")
    };
    let look = |get: &str| examined(&settings(accepts, &probe(get)), &["--vendor", "ombori"]);
    let (code, said) = look("/200/{id}");
    assert_eq!(code, Some(1), "{said}");
    assert_said(
        &said,
        &[
            "  ✓ probe        ombori.position: GET http://",
            "  ✗ fields       `status`: `$.state` matches nothing in {\"access_token\":\"***\",\"sent\":1}",
            "try: correct this place; the vendor has pending",
            "  – effects      `ombori.position` has no `effects`",
        ],
    );
    let (code, said) = look("/404/{id}");
    assert_eq!(code, Some(1), "{said}");
    assert_said(
        &said,
        &["does not show it: 404", "try: is its `get` right, and does the receiver"],
    );
}

#[test]
fn what_stops_the_first_webhook_is_told() {
    let vendor = ["--vendor", "ombori"];
    let nowhere = Answers { tokens: 404, keyed: 404, others: 404 };
    let (code, said) = examined(&settings(nowhere, ""), &vendor);
    assert_eq!(code, Some(1), "{said}");
    assert_said(&said, &["  ✗ URL ", "answered 404", "try: Check that http://"]);
    let refuses = Answers { tokens: 401, keyed: 401, others: 401 };
    let (code, said) = examined(&settings(refuses, ""), &vendor);
    assert_eq!(code, Some(1), "{said}");
    assert_said(
        &said,
        &[
            "  ✗ credentials  the honest webhook was refused",
            "Is the value of `X-Api-Key` the same?",
        ],
    );
    let (code, said) = examined(&built_in(&[("http://127.0.0.1:8080", &silent_port())]), &vendor);
    assert_eq!(code, Some(1), "{said}");
    assert_said(&said, &["  ✗ URL ", "unreachable"]);
}

#[test]
fn a_vendor_that_is_not_set_up_is_a_mistake_in_the_settings() {
    let settings = "receiver: { url: http://127.0.0.1:1 }\nvendors: { ombori: { deliver: /o } }\n";
    let (code, said) = examined(settings, &["--vendor", "doo"]);
    assert_eq!(code, Some(2), "{said}");
    assert_said(&said, &["doo is not set up: give it a section `vendors.doo` in standin.yaml"]);
    let (code, said) = examined("receiver: { url: http://127.0.0.1:1 }\n", &[]);
    assert_eq!(code, Some(2), "{said}");
    assert_said(&said, &["no vendor is set up"]);
}

#[test]
fn a_closed_pipe_does_not_hide_that_something_is_wrong() {
    let folder = folder();
    let settings = built_in(&[("http://127.0.0.1:8080", &silent_port())]);
    write(folder.path(), "standin.yaml", &settings);
    let line = format!("{} doctor | true; exit ${{PIPESTATUS[0]}}", env!("CARGO_BIN_EXE_standin"));
    let mut shell = std::process::Command::new("bash");
    let status = shell.current_dir(folder.path()).args(["-c", &line]).status();
    assert_eq!(status.expect("bash runs").code(), Some(1));
}
