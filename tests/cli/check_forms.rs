//! `check --as` with a form as the body: a receiver that checks the signature of its fields, or of its bytes, passes, and
//! usual mistakes are found.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Write as _};
use std::net::{TcpListener, TcpStream};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value as Json;
use sha2::Sha256;
use url::form_urlencoded;

use super::check_as::{body, head};
use super::{folder, standin, text, write};

const KEY: &str = "the-key-of-forms-0042";
/// The line break at its end is that of a text file.
const FORM: &str =
    "MessageSid=SM1f2e3d4c5b6a&From=%2B4915112345&Body=Gr%C3%BC%C3%9Fe+an+%C3%85sa&NumMedia=0\n";
/// One signs the fields, as Twilio does, and one the bytes, as Slack does.
const SETTINGS: &str = "receiver:
  url: http://127.0.0.1:1
senders:
  fields: { like: twilio, algorithm: hmac-sha256, header: X-Signature, key_env: FORM_KEY }
  bytes: { header: X-Signature, key_env: FORM_KEY }
";

/// What is wrong with a receiver.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Defect {
    /// Nothing: it signs the URL and the sorted fields.
    Fields,
    /// Nothing: it signs the bytes.
    Bytes,
    /// It signs the fields as they come.
    Unsorted,
    /// It signs the form as it writes it again.
    Respelt,
    /// It does not look at the signature.
    Open,
    /// It takes the type of the body letter by letter.
    Literal,
}

/// The URL of a receiver. It ends with the test program.
fn receiver(defect: Defect) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let known = format!("{url}/hooks");
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let known = known.clone();
            std::thread::spawn(move || _ = serve(defect, &known, &stream));
        }
    });
    url
}

fn serve(defect: Defect, url: &str, stream: &TcpStream) -> Option<()> {
    stream.set_read_timeout(Some(std::time::Duration::from_secs(5))).ok()?;
    let mut reader = BufReader::new(stream);
    let headers = head(&mut reader)?;
    let body = body(&headers, &mut reader, stream)?;
    let status = status(defect, url, &headers, &body);
    let answer = format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    (&mut &*stream).write_all(answer.as_bytes()).ok()
}

fn status(defect: Defect, url: &str, headers: &BTreeMap<String, String>, body: &[u8]) -> u16 {
    let kind = headers.get("content-type").map_or("", String::as_str);
    let is_form = match defect {
        Defect::Literal => kind == "application/x-www-form-urlencoded",
        _ => kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded"),
    };
    if !is_form {
        return 415;
    }
    let given = headers.get("x-signature").map_or("", String::as_str);
    if defect != Defect::Open && given != signed(defect, url, body) {
        return 401;
    }
    200
}

fn signed(defect: Defect, url: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).expect("any length");
    let mut fields: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
    if matches!(defect, Defect::Fields | Defect::Literal) {
        fields.sort();
    }
    match defect {
        Defect::Bytes => mac.update(body),
        Defect::Respelt => {
            let mut again = form_urlencoded::Serializer::new(String::new());
            mac.update(again.extend_pairs(&fields).finish().as_bytes());
        }
        _ => {
            mac.update(url.as_bytes());
            fields.iter().for_each(|(name, value)| mac.update(format!("{name}{value}").as_bytes()));
        }
    }
    BASE64.encode(mac.finalize().into_bytes())
}

/// The exit code, the rules with failures, the names of the scenarios, and what was said.
fn check(
    sender: &str,
    defect: Defect,
    more: &[&str],
) -> (Option<i32>, String, Vec<String>, String) {
    let folder = folder();
    write(folder.path(), "standin.yaml", SETTINGS);
    write(folder.path(), "form.txt", FORM);
    let url = receiver(defect);
    let arguments =
        [
            &[
                "check",
                "--as",
                sender,
                "--body",
                "form.txt",
                "--deliver",
                "/hooks",
                "--target",
                &url,
            ][..],
            &["--content-type", "application/x-www-form-urlencoded", "--json", "report.json"],
            &["--no-retry", "--strict", "--fail-on-skipped"],
            more,
        ]
        .concat();
    let command = standin(folder.path(), &arguments);
    let output = command.env("FORM_KEY", KEY).output().expect("the binary runs");
    let said = text(&output.stdout) + &text(&output.stderr);
    assert!(!said.contains(KEY), "{said}");
    let report = std::fs::read(folder.path().join("report.json")).unwrap_or_default();
    let report: Json = serde_json::from_slice(&report).unwrap_or_default();
    let features = report["features"].as_array().cloned().unwrap_or_default();
    let scenarios = || features.iter().flat_map(|one| one["scenarios"].as_array().expect("a list"));
    let names = scenarios().filter_map(|one| one["name"].as_str().map(str::to_owned)).collect();
    let failed = scenarios().filter(|one| !one["failure"].is_null());
    let tags = failed.flat_map(|one| one["tags"].as_array().expect("tags").iter());
    let rules = tags.filter_map(|tag| tag.as_str()?.strip_prefix("rule:sender-"));
    let rules: BTreeSet<&str> = rules.collect();
    let rules = rules.into_iter().collect::<Vec<_>>().join(" ");
    (output.status.code(), rules, names, said)
}

#[test]
fn a_receiver_that_checks_a_form_passes() {
    for (sender, defect, respelt) in
        [("fields", Defect::Fields, false), ("bytes", Defect::Bytes, true)]
    {
        for more in [&[][..], &["--id", "MessageSid"]] {
            let (code, rules, names, said) = check(sender, defect, more);
            assert_eq!((code, rules.as_str()), (Some(0), ""), "{sender}: {said}");
            let has = |part: &str| names.iter().any(|name| name.contains(part));
            assert!(
                has("is tampered with") && has("spelt otherwise") && has("www-form"),
                "{names:?}"
            );
            // Who signs the fields signs another spelling of them too.
            assert_eq!(has("is re-serialised"), respelt, "{names:?}");
            assert!(!has("JSON") && !has("application/json"), "{names:?}");
        }
    }
}

#[test]
fn usual_mistakes_with_forms_are_found() {
    let rules = |sender, defect| {
        let (code, rules, _, said) = check(sender, defect, &[]);
        assert_eq!(code, Some(1), "{defect:?}: {said}");
        rules
    };
    assert_eq!(rules("fields", Defect::Open), "signatures");
    assert_eq!(rules("bytes", Defect::Open), "signatures");
    assert!(rules("fields", Defect::Unsorted).contains("signatures"));
    assert!(rules("bytes", Defect::Respelt).contains("signatures"));
    assert_eq!(rules("fields", Defect::Literal), "request-forms");
}

#[test]
fn what_is_wrong_with_a_form_is_said_before_anything_is_sent() {
    let folder = folder();
    write(folder.path(), "standin.yaml", SETTINGS);
    write(folder.path(), "form.txt", FORM);
    write(folder.path(), "event.json", r#"{"a":1}"#);
    let told = |body: &str, more: &[&str]| {
        let arguments =
            [&["check", "--as", "fields", "--body", body, "--deliver", "/hooks"][..], more]
                .concat();
        let command = standin(folder.path(), &arguments);
        let output = command.env("FORM_KEY", KEY).output().expect("the binary runs");
        assert_eq!(output.status.code(), Some(2), "{body} {more:?}");
        text(&output.stderr)
    };
    let form = ["--content-type", "application/x-www-form-urlencoded"];
    assert!(told("event.json", &form).contains("the body is no form, and its type says so"));
    assert!(told("form.txt", &[]).contains("a form with --content-type application/x-www-form"));
    let with_id = |name| told("form.txt", &[&form[..], &["--id", name]].concat());
    assert!(with_id("/id").contains("--id /id: the body has no such field"));
    assert!(with_id("From").contains("--id From: the value there must be written without escapes"));
}
