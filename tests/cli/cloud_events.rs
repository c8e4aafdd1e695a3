//! `check --as cloudevents`: a receiver that gives leave to send as CloudEvents wants it passes, and each usual mistake is
//! found by the rule that is about it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Write as _};
use std::net::TcpStream;

use serde_json::Value as Json;

use super::check_as::{body, head_of, listening};
use super::{folder, standin, text, write};

const TOKEN: &str = "a-token-of-cloudevents-0042";
const BODY: &str =
    r#"{"specversion":"1.0","type":"made","source":"/a","id":"evt_1","data":{"name":"Åsa"}}"#;

/// What is wrong with a receiver.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Defect {
    /// Nothing.
    None,
    /// It allows all origins and any rate, which is right too.
    AnyOrigin,
    /// It does not know OPTIONS.
    NoOptions,
    /// It fails on OPTIONS.
    Crashes,
    /// It allows another origin.
    OtherOrigin,
    /// It allows a list of origins.
    Origins,
    /// It does not say how many requests.
    NoRate,
    /// It allows no request a minute.
    ZeroRate,
    /// It does not say that POST is allowed.
    NoAllow,
    /// It does not look at the token.
    Open,
    /// It has nothing where webhooks go. What is before it answers OPTIONS.
    NotRouted,
}

/// The URL of a receiver. It ends with the test program.
fn receiver(defect: Defect) -> String {
    listening(move |stream| serve(defect, stream))
}

fn serve(defect: Defect, stream: &TcpStream) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let (first, headers) = head_of(&mut reader)?;
    let (status, more) = match first.strip_prefix("OPTIONS /hooks ") {
        Some(_) => asked(defect, &headers),
        None => (taken(defect, &headers, &body(&headers, &mut reader, stream)?), String::new()),
    };
    let answer =
        format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n{more}\r\n");
    (&mut &*stream).write_all(answer.as_bytes()).ok()
}

/// The status and the headers of the answer to a request for leave.
fn asked(defect: Defect, headers: &BTreeMap<String, String>) -> (u16, String) {
    let origin = headers.get("webhook-request-origin").map_or("", String::as_str);
    let is_right = !origin.is_empty() && headers.get("webhook-request-rate").is_some();
    let others = ["content-type", "content-length", "authorization", "transfer-encoding"];
    if !is_right || others.iter().any(|name| headers.contains_key(*name)) {
        // No sender asks like this.
        return (500, String::new());
    }
    let (allow, rate) = ("allow: GET, POST\r\n", "webhook-allowed-rate: 60\r\n");
    let allowed = |origin: &str| format!("WebHook-Allowed-Origin: {origin}\r\n");
    match defect {
        Defect::NoOptions => (405, String::new()),
        Defect::Crashes => (500, String::new()),
        Defect::AnyOrigin => (204, allowed("*") + "webhook-allowed-rate: *\r\nallow: POST\r\n"),
        Defect::OtherOrigin => (200, allowed("other.example.test") + rate + allow),
        Defect::Origins => (200, allowed(&format!("{origin}, other.example.test")) + rate + allow),
        Defect::NoRate => (200, allowed(origin) + allow),
        Defect::ZeroRate => (200, allowed(origin) + "webhook-allowed-rate: 0\r\n" + allow),
        Defect::NoAllow => (200, allowed(origin) + rate),
        Defect::None | Defect::Open | Defect::NotRouted => (200, allowed(origin) + rate + allow),
    }
}

/// The status of the answer to an event.
fn taken(defect: Defect, headers: &BTreeMap<String, String>, body: &[u8]) -> u16 {
    let of = |name: &str| headers.get(name).map_or("", String::as_str);
    let kind = of("content-type").split(';').next().unwrap_or_default().to_owned();
    if defect == Defect::NotRouted {
        404
    } else if defect != Defect::Open && of("authorization") != format!("Bearer {TOKEN}") {
        401
    } else if kind != "application/cloudevents+json" || of("webhook-request-origin").is_empty() {
        415
    } else if serde_json::from_slice::<Json>(body).is_err() {
        400
    } else {
        200
    }
}

/// The exit code, the rules with failures, and what was said.
fn check(defect: Defect, more: &[&str]) -> (Option<i32>, String, String) {
    let folder = folder();
    write(folder.path(), "event.json", BODY);
    let url = receiver(defect);
    let arguments = [
        &["check", "--as", "cloudevents", "--body", "event.json", "--deliver", "/hooks"][..],
        &["--id", "/id", "--target", &url, "--json", "report.json", "--no-retry"],
        more,
    ]
    .concat();
    let command = standin(folder.path(), &arguments);
    let output = command.env("CLOUDEVENTS_TOKEN", TOKEN).output().expect("the binary runs");
    let said = text(&output.stdout) + &text(&output.stderr);
    let report = std::fs::read(folder.path().join("report.json")).unwrap_or_default();
    assert!(!said.contains(TOKEN) && !text(&report).contains(TOKEN), "{said}");
    let report: Json = serde_json::from_slice(&report).unwrap_or_else(|_| panic!("{said}"));
    let features = report["features"].as_array().cloned().unwrap_or_default();
    let scenarios = features.iter().flat_map(|one| one["scenarios"].as_array().expect("a list"));
    let failed = scenarios.filter(|one| !one["failure"].is_null());
    let tags = failed.flat_map(|one| one["tags"].as_array().expect("tags").iter());
    let rules = tags.filter_map(|tag| tag.as_str()?.strip_prefix("rule:sender-"));
    let rules: BTreeSet<&str> = rules.collect();
    let rules = rules.into_iter().collect::<Vec<_>>().join(" ");
    (output.status.code(), rules, said)
}

#[test]
fn a_receiver_that_gives_leave_passes() {
    for defect in [Defect::None, Defect::AnyOrigin] {
        let (code, rules, said) = check(defect, &["--strict", "--fail-on-skipped"]);
        assert_eq!((code, rules.as_str()), (Some(0), ""), "{defect:?}: {said}");
    }
    let origin = ["--strict", "--header", "WebHook-Request-Origin: mine.example.test"];
    let (code, _, said) = check(Defect::None, &origin);
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn each_usual_mistake_is_found_by_its_rule() {
    let rules = |defect| {
        let (code, rules, said) = check(defect, &["--strict"]);
        assert_eq!(code, Some(1), "{defect:?}: {said}");
        rules
    };
    assert_eq!(rules(Defect::NoOptions), "allow leave");
    assert_eq!(rules(Defect::Crashes), "allow leave");
    assert_eq!(rules(Defect::OtherOrigin), "leave whole-leave");
    assert_eq!(rules(Defect::Origins), "leave whole-leave");
    assert_eq!(rules(Defect::NoRate), "whole-leave");
    assert_eq!(rules(Defect::ZeroRate), "whole-leave");
    assert_eq!(rules(Defect::NoAllow), "allow");
    assert_eq!(rules(Defect::Open), "token");
}

#[test]
fn leave_to_send_proves_nothing_about_webhooks() {
    let (code, _, said) = check(Defect::NotRouted, &["--no-early-stop", "--all"]);
    assert_eq!(code, Some(1), "{said}");
    let refused = "a webhook that arrives with wrong credentials is refused (the receiver accepted no honest webhook at";
    assert!(said.contains(refused), "{said}");
    assert!(said.contains("were answered with 404"), "one cause for all: {said}");
}

#[test]
fn a_receiver_without_the_handshake_is_only_warned_as_the_specification_says() {
    let (code, rules, said) = check(Defect::NoOptions, &[]);
    assert_eq!((code, rules.as_str()), (Some(0), "allow leave"), "{said}");
    assert!(said.contains("gives the origin that asks no leave to send"), "{said}");
    assert!(said.contains("WebHook-Allowed-Origin"), "{said}");
    // A part of the contract that the specification demands fails without --strict.
    let (code, _, said) = check(Defect::NoRate, &["-vv"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("OPTIONS http://127.0.0.1:"), "{said}");
    assert!(said.contains("curl -i -X OPTIONS 'http://127.0.0.1:"), "{said}");
}

#[test]
fn without_a_token_nothing_is_said_about_credentials() {
    let (folder, url) = (folder(), receiver(Defect::Open));
    write(folder.path(), "event.json", BODY);
    let arguments = [
        "check",
        "--as",
        "cloudevents",
        "--body",
        "event.json",
        "--deliver",
        "/hooks",
        "--target",
        &url,
        "--strict",
        "--fail-on-skipped",
    ];
    let output = standin(folder.path(), &arguments).output().expect("the binary runs");
    let said = text(&output.stdout) + &text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(!said.contains("a token"), "{said}");
    let output = standin(folder.path(), &["verify", "--as", "cloudevents", "--body", "event.json"]);
    let output = { output }.output().expect("the binary runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("cloudevents signs nothing"), "{output:?}");
}

#[test]
fn send_has_the_token_and_the_type_of_an_event() {
    let (folder, url) = (folder(), receiver(Defect::None));
    write(folder.path(), "event.json", BODY);
    write(folder.path(), "standin.yaml", &format!("receiver:\n  url: {url}\n"));
    let whole = format!("{url}/hooks");
    for to in [&["--url", whole.as_str()][..], &["--url", "/hooks"], &["--target", &whole], &[]] {
        let arguments = [&["send", "--as", "cloudevents", "--body", "event.json"], to].concat();
        let command = standin(folder.path(), &arguments);
        let output = command.env("CLOUDEVENTS_TOKEN", TOKEN).output().expect("the binary runs");
        let said = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(said.contains("application/cloudevents+json") && !said.contains(TOKEN), "{said}");
        let sent = if to.is_empty() { format!("POST {url}/\n") } else { format!("POST {whole}\n") };
        assert!(said.contains(&sent), "{sent} is not in {said}");
    }
}
