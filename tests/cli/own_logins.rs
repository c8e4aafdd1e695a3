//! A vendor that signs as standin.yaml says, in place of its own login. The receiver knows nothing of Standin's code: it
//! checks the signature, and one with a usual mistake is found by the rule that is about it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value as Json;
use sha2::Sha256;
use tempfile::TempDir;

use super::check_as::{body, head_of, listening};
use super::{folder, standin, text, write};

const KEY: &str = "the-key-of-ombori-0042";
const SETTINGS: &str = r#"receiver:
  url: http://127.0.0.1:1
  quiet_for: 0s
vendors:
  ombori:
    deliver: /hooks
    secret: "${OMBORI_KEY}"
    signature:
      like: stripe
      header: X-Ombori-Signature
      over: "{timestamp}.{id}.{body}"
      id_header: X-Ombori-Id
      time_header: X-Ombori-Time
probes:
  ombori.position:
    get: /positions/{id}
    effects: $.webhooks
    fields: { status: $.status }
"#;

/// What is wrong with a receiver.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Defect {
    /// Nothing.
    None,
    /// It does not look at the signature.
    Open,
    /// It does not look at the age of the time.
    Ageless,
    /// It lets a webhook from the future through.
    Future,
    /// It does not check the id in the header.
    AnyId,
    /// It checks the first signature only.
    FirstOnly,
    /// It refuses everything.
    Closed,
}

/// What a receiver knows: of each position its state, and how many webhooks came.
type Positions = Arc<Mutex<BTreeMap<String, (String, u32)>>>;

/// The URL of a receiver. It ends with the test program.
fn receiver(defect: Defect) -> String {
    let positions = Positions::default();
    listening(move |stream| serve(defect, &positions, stream))
}

fn serve(defect: Defect, positions: &Positions, stream: &TcpStream) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let (first, headers) = head_of(&mut reader)?;
    let (status, said) = match first.strip_prefix("GET /positions/") {
        Some(rest) => {
            let known = positions.lock().expect("no panic");
            match known.get(rest.split(' ').next()?) {
                Some((status, webhooks)) => {
                    (200, format!(r#"{{"status":"{status}","webhooks":{webhooks}}}"#))
                }
                None => (404, String::new()),
            }
        }
        None => {
            let body = body(&headers, &mut reader, stream)?;
            (taken(defect, positions, &headers, &body), String::new())
        }
    };
    let length = said.len();
    let answer = format!(
        "HTTP/1.1 {status} x\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{said}"
    );
    (&mut &*stream).write_all(answer.as_bytes()).ok()
}

/// Takes a webhook in, if its signature is right.
fn taken(
    defect: Defect,
    positions: &Positions,
    headers: &BTreeMap<String, String>,
    body: &[u8],
) -> u16 {
    if defect == Defect::Closed || defect != Defect::Open && !is_right(defect, headers, body) {
        return 401;
    }
    let Ok(json) = serde_json::from_slice::<Json>(body) else { return 400 };
    let position = &json["data"]["position"];
    if let (Some(id), Some(status)) = (position["id"].as_str(), position["status"].as_str()) {
        let mut positions = positions.lock().expect("no panic");
        let known = positions.entry(id.to_owned()).or_default();
        *known = (status.to_owned(), known.1 + 1);
    }
    200
}

/// Whether a request has a recent time and a right signature.
fn is_right(defect: Defect, headers: &BTreeMap<String, String>, body: &[u8]) -> bool {
    let of = |name: &str| headers.get(name).map(String::as_str);
    let (Some(value), Some(time), Some(id)) =
        (of("x-ombori-signature"), of("x-ombori-time"), of("x-ombori-id"))
    else {
        return false;
    };
    let now = standin::clock::real_time().as_second();
    let is_recent = |time: i64| match defect {
        Defect::Ageless => true,
        Defect::Future => time + 300 >= now,
        _ => time.abs_diff(now) <= 300,
    };
    let pairs: Vec<(&str, &str)> = value.split(',').filter_map(|one| one.split_once('=')).collect();
    if !time.parse().is_ok_and(is_recent) || !pairs.contains(&("t", time)) {
        return false;
    }
    let signed = |id: &str| {
        let mut mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).expect("any length");
        mac.update(format!("{time}.{id}.").as_bytes());
        mac.update(body);
        let bytes = mac.finalize().into_bytes();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let mut right = BTreeSet::from([signed(id)]);
    if defect == Defect::AnyId {
        // It guesses which id was signed, since another one is in the header.
        right.insert(signed(&format!("{id}-0")));
    }
    let mut given = pairs.iter().filter(|(name, _)| *name == "v1").map(|(_, value)| *value);
    match defect {
        Defect::FirstOnly => given.next().is_some_and(|one| right.contains(one)),
        _ => given.any(|one| right.contains(one)),
    }
}

/// A folder with the settings.
fn set_up() -> TempDir {
    let folder = folder();
    write(folder.path(), "standin.yaml", SETTINGS);
    folder
}

/// The exit code, and both outputs, of the program with the key. They never show it.
fn ran(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = standin(folder, arguments).env("OMBORI_KEY", KEY).output().expect("it runs");
    let said = text(&output.stdout) + &text(&output.stderr);
    assert!(!said.contains(KEY), "{said}");
    (output.status.code(), said)
}

/// The exit code of a `check` of the credentials, the rules with failures, and the report.
fn check(defect: Defect) -> (Option<i32>, BTreeSet<String>, Json) {
    let folder = set_up();
    let url = receiver(defect);
    let arguments = [
        &["check", "--tags", "@credentials", "--target", &url, "--json", "report.json"][..],
        &["--vendor", "ombori", "--no-retry", "--no-early-stop", "--strict", "--fail-on-skipped"],
    ]
    .concat();
    let (code, said) = ran(folder.path(), &arguments);
    let report = std::fs::read(folder.path().join("report.json")).unwrap_or_default();
    assert!(!text(&report).contains(KEY));
    let report: Json = serde_json::from_slice(&report).unwrap_or_else(|_| panic!("{said}"));
    let scenarios: Vec<&Json> = scenarios(&report).collect();
    let failed = scenarios.iter().filter(|one| !one["failure"].is_null());
    let tags = failed.flat_map(|one| one["tags"].as_array().expect("tags").iter());
    let rules = tags.filter_map(|tag| Some(tag.as_str()?.strip_prefix("rule:")?.to_owned()));
    (code, rules.collect(), report.clone())
}

fn scenarios(report: &Json) -> impl Iterator<Item = &Json> {
    let features = report["features"].as_array().into_iter().flatten();
    features.flat_map(|one| one["scenarios"].as_array().expect("a list"))
}

#[test]
fn a_receiver_that_checks_the_signature_passes_all_that_it_covers() {
    let (code, failed, report) = check(Defect::None);
    assert_eq!((code, failed), (Some(0), BTreeSet::new()), "{report}");
    let names: Vec<&str> = scenarios(&report).filter_map(|one| one["name"].as_str()).collect();
    for part in ["without its id", "1 hour ago", "300 days ahead", "older key", "another case"] {
        assert!(names.iter().any(|name| name.contains(part)), "{part}: {names:?}");
    }
    // Nothing about a URL that is not signed, and nothing about the vendor's own login.
    let left_out = |name: &&&str| name.contains("another URL") || name.contains("padding");
    assert_eq!(names.iter().find(left_out), None);
}

#[test]
fn each_usual_mistake_is_found_by_its_rule() {
    let rules = |defect| {
        let (code, failed, _) = check(defect);
        assert_eq!(code, Some(1), "{defect:?}");
        failed.into_iter().collect::<Vec<_>>().join(" ")
    };
    let open = "credentials signed-age signed-future signed-id signed-time";
    assert_eq!(rules(Defect::Open), open);
    assert_eq!(rules(Defect::Ageless), "signed-age signed-future");
    assert_eq!(rules(Defect::Future), "signed-future");
    assert_eq!(rules(Defect::AnyId), "signed-id");
    assert_eq!(rules(Defect::FirstOnly), "signed-rotation");
}

#[test]
fn the_line_of_a_failure_signs_for_the_time_at_which_it_is_pasted() {
    let (code, _, report) = check(Defect::Closed);
    assert_eq!(code, Some(1));
    let requests = scenarios(&report).flat_map(|one| one["exchanges"].as_array().expect("a list"));
    let honest = requests.filter(|one| one["fault"].is_null());
    let mut lines = honest.filter_map(|one| one["curl"].as_str());
    let line = lines.find(|line| line.contains("positionCreated")).expect("an honest request");
    assert!(line.starts_with("time=$(date +%s); body="), "{line}");
    // The same line, for a receiver that is right.
    let url = receiver(Defect::None);
    let (_, rest) = line.split_once("http://127.0.0.1:").expect("its URL");
    let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let line = line.replace(&format!("http://127.0.0.1:{port}"), &url);
    let (folder, program) = (set_up(), Path::new(env!("CARGO_BIN_EXE_standin")));
    let path = std::env::var("PATH").expect("a path");
    let path = format!("{}:{path}", program.parent().expect("a folder").display());
    let mut shell = Command::new("bash");
    shell.current_dir(folder.path()).args(["-c", &line]).env("PATH", path).env("OMBORI_KEY", KEY);
    let output = shell.output().expect("bash runs");
    assert!(text(&output.stdout).starts_with("HTTP/1.1 200"), "{line}\n{output:?}");
}

#[test]
fn every_command_signs_so() {
    let (folder, url) = (set_up(), receiver(Defect::None));
    let target = ["--target", url.as_str()];
    let all_accepted = |arguments: &[&str]| {
        let (code, said) = ran(folder.path(), &[arguments, &target].concat());
        assert_eq!(code, Some(0), "{arguments:?}: {said}");
    };
    let story = "vendor: ombori\nabout: one ticket\nsteps:\n  - Anna takes a walk-in ticket\n  - wait: 2h\n  - staff call Anna\n";
    write(folder.path(), "story.yaml", story);
    all_accepted(&["play", "story.yaml", "--instant", "--journal", "a.journal"]);
    all_accepted(&["doctor", "--vendor", "ombori"]);
    all_accepted(&["journal", "replay", "a.journal"]);
    all_accepted(&[
        "load",
        "--vendor",
        "ombori",
        "--rate",
        "50",
        "--for",
        "2s",
        "--journal",
        "b.journal",
        "--fail-if",
        "refused > 0",
        "--fail-if",
        "accepted < 1",
    ]);
    let journal = std::fs::read(folder.path().join("b.journal")).expect("a journal");
    let shown = |part: &[u8]| journal.windows(part.len()).any(|window| window == part);
    assert!(shown(b"X-Ombori-Time") && !shown(KEY.as_bytes()));
}

#[test]
fn sign_takes_the_id_and_the_time_that_the_headers_tell() {
    let folder = set_up();
    write(folder.path(), "body.json", r#"{"a":1}"#);
    let arguments =
        ["sign", "--vendor", "ombori", "--body", "body.json", "--id", "m1", "--time", "17"];
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).expect("any length");
    mac.update(br#"17.m1.{"a":1}"#);
    let right: String =
        mac.finalize().into_bytes().iter().map(|one| format!("{one:02x}")).collect();
    assert_eq!(ran(folder.path(), &arguments), (Some(0), format!("t=17,v1={right}\n")));
}
