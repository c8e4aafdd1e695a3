//! A sender of the user's own, described in standin.yaml: it is listed, its signatures are made and checked, and a
//! receiver that knows nothing of Standin's code is held to them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Write as _};
use std::net::TcpStream;
use std::path::Path;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value as Json;
use sha2::Sha512;
use tempfile::TempDir;

use super::check_as::{body, head, listening};
use super::{folder, standin, text, write};

const KEY: &str = "the-key-of-acme-0042";
const BODY: &str = r#"{"type":"order.made","name":"Åsa"}"#;
/// No well-known sender signs like this in any respect.
const SETTINGS: &str = r#"receiver:
  url: http://127.0.0.1:1
vendors:
  ombori: { deliver: /x, headers: { X-Api-Key: "${STANDIN_TEST_IS_NOT_SET:-none}" } }
senders:
  acme:
    about: Acme's orders
    header: X-Acme
    over: "{method} {path}\n{id}.{timestamp}.{body}"
    value: "id={id}, t={timestamp}, s={signature}"
    joined_by: ", "
    algorithm: hmac-sha512
    encoding: hex
    tolerance: 10m
    key_env: ACME_KEY
  payments:
    like: stripe
    header: Payments-Signature
"#;

/// What is wrong with a receiver.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Defect {
    /// Nothing.
    None,
    /// It does not look at the signature.
    Open,
    /// It does not check which URL was signed.
    AnyUrl,
    /// It does not check the id in the header.
    AnyId,
    /// It checks the first signature only.
    FirstOnly,
}

/// The URL of a receiver. It ends with the test program.
fn receiver(defect: Defect) -> String {
    listening(move |stream| serve(defect, stream))
}

fn serve(defect: Defect, stream: &TcpStream) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let headers = head(&mut reader)?;
    let body = body(&headers, &mut reader, stream)?;
    let status = if defect != Defect::Open && !is_right(defect, headers.get("x-acme"), &body) {
        401
    } else if serde_json::from_slice::<Json>(&body).is_err() {
        400
    } else {
        200
    };
    let answer = format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    (&mut &*stream).write_all(answer.as_bytes()).ok()
}

/// Whether a request has a recent time and a right signature.
fn is_right(defect: Defect, value: Option<&String>, body: &[u8]) -> bool {
    let Some(value) = value else { return false };
    let pairs: Vec<(&str, &str)> =
        value.split(", ").filter_map(|one| one.split_once('=')).collect();
    let of = |name: &str| pairs.iter().find(|(one, _)| *one == name).map(|(_, value)| *value);
    let (Some(time), Some(id)) = (of("t"), of("id")) else { return false };
    let now = standin::clock::real_time().as_second();
    if time.parse::<i64>().map_or(true, |time| time.abs_diff(now) > 600) {
        return false;
    }
    let signed = |path: &str, id: &str| {
        let mut mac = Hmac::<Sha512>::new_from_slice(KEY.as_bytes()).expect("any length");
        mac.update(format!("POST {path}\n{id}.{time}.").as_bytes());
        mac.update(body);
        let bytes = mac.finalize().into_bytes();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let mut right = BTreeSet::from([signed("/hooks?of=one", id)]);
    if defect == Defect::AnyUrl {
        right.insert(signed("/", id));
    }
    if defect == Defect::AnyId {
        // It guesses which id was signed, since another one is in the header.
        right.insert(signed("/hooks?of=one", &format!("{id}-0")));
    }
    let mut given = pairs.iter().filter(|(name, _)| *name == "s").map(|(_, value)| *value);
    match defect {
        Defect::FirstOnly => given.next().is_some_and(|one| right.contains(one)),
        _ => given.any(|one| right.contains(one)),
    }
}

/// A folder with the settings and a body.
fn set_up() -> TempDir {
    let folder = folder();
    write(folder.path(), "standin.yaml", SETTINGS);
    write(folder.path(), "event.json", BODY);
    folder
}

/// The exit code, and both outputs, of the program with the key in this variable.
fn ran(folder: &Path, arguments: &[&str], variable: &str) -> (Option<i32>, String) {
    let output = standin(folder, arguments).env(variable, KEY).output().expect("the binary runs");
    let said = text(&output.stdout) + &text(&output.stderr);
    assert!(!said.contains(KEY), "{said}");
    (output.status.code(), said)
}

/// The exit code of `check --as acme`, the rules with failures, and what was said.
fn check(defect: Defect) -> (Option<i32>, Vec<String>, String) {
    let folder = set_up();
    let url = receiver(defect);
    let arguments = [
        &["check", "--as", "acme", "--body", "event.json", "--deliver", "/hooks?of=one"][..],
        &["--target", &url, "--json", "report.json", "--no-retry", "--strict", "--fail-on-skipped"],
    ]
    .concat();
    let (code, said) = ran(folder.path(), &arguments, "ACME_KEY");
    let report = std::fs::read(folder.path().join("report.json")).unwrap_or_default();
    let report: Json = serde_json::from_slice(&report).unwrap_or_default();
    let features = report["features"].as_array().cloned().unwrap_or_default();
    let scenarios = features.iter().flat_map(|one| one["scenarios"].as_array().expect("a list"));
    let failed = scenarios.filter(|one| !one["failure"].is_null());
    let tags = failed.flat_map(|one| one["tags"].as_array().expect("tags").iter());
    let rules =
        tags.filter_map(|tag| tag.as_str()?.strip_prefix("rule:sender-").map(str::to_owned));
    let rules: BTreeSet<String> = rules.collect();
    (code, rules.into_iter().collect(), said)
}

#[test]
fn a_right_receiver_of_an_own_sender_passes_in_everything() {
    let (code, failed, said) = check(Defect::None);
    assert_eq!((code, failed), (Some(0), Vec::new()), "{said}");
    assert!(said.contains(" passed") && !said.contains("skipped"), "{said}");
}

#[test]
fn each_part_of_an_own_signature_has_its_wrong_forms() {
    for (defect, rules) in [
        (Defect::Open, &["age", "future", "id", "signatures", "time"][..]),
        (Defect::AnyUrl, &["signatures"]),
        (Defect::AnyId, &["id"]),
        (Defect::FirstOnly, &["rotation"]),
    ] {
        let (code, failed, said) = check(defect);
        assert_eq!(code, Some(1), "{defect:?}: {said}");
        assert_eq!(failed, rules, "{defect:?}: {said}");
    }
}

#[test]
fn what_does_not_sign_the_body_is_not_told_to_refuse_another_one() {
    let folder = set_up();
    let listed = |settings: &str| {
        write(
            folder.path(),
            "standin.yaml",
            &format!("receiver: {{ url: 'http://127.0.0.1:1' }}\n{settings}"),
        );
        let arguments =
            ["check", "--as", "acme", "--body", "event.json", "--deliver", "/", "--list"];
        let (code, said) = ran(folder.path(), &arguments, "ACME_KEY");
        assert_eq!(code, Some(0), "{said}");
        said
    };
    let sender = |over: &str| {
        listed(&format!(
            "senders: {{ acme: {{ header: X-Acme, over: '{over}', key_env: ACME_KEY }} }}\n"
        ))
    };
    let (body, path) = (sender("{body}"), sender("{method} {path}"));
    for (one, has, lacks) in [
        (&body, "is tampered with after signing", "another URL"),
        (&path, "another URL", "is tampered with after signing"),
    ] {
        assert!(one.contains(has) && !one.contains(lacks), "{one}");
        assert!(one.contains("wrong credentials") && !one.contains("sender-rotation"), "{one}");
    }
}

#[test]
fn an_own_sender_is_listed_with_the_well_known_ones_and_shown() {
    let folder = set_up();
    let (code, said) = ran(folder.path(), &["senders"], "ACME_KEY");
    assert_eq!(code, Some(0), "{said}");
    let lines: BTreeMap<&str, &str> =
        said.lines().filter_map(|line| line.split_once("  ")).collect();
    assert_eq!(lines["acme"].trim(), "Acme's orders (your own, in standin.yaml)");
    assert_eq!(lines["payments"].trim(), "a sender of your own (your own, in standin.yaml)");
    assert!(lines["github"].trim().starts_with("GitHub"), "{said}");
    let (_, said) = ran(folder.path(), &["senders", "acme"], "ACME_KEY");
    let wanted = r"sends       Acme's orders
header      X-Acme: id={id}, t={timestamp}, s={signature}
signs       {method} {path}\n{id}.{timestamp}.{body}
how         HMAC-SHA512, hexadecimal digits
key         the text as it is (ACME_KEY)
tolerance   10 minutes
your own    in standin.yaml
";
    assert_eq!(said, wanted);
    let (_, said) = ran(folder.path(), &["senders", "payments"], "ACME_KEY");
    assert!(
        said.contains("header      Payments-Signature: t={timestamp},v1={signature}"),
        "{said}"
    );
    assert!(said.contains("(by --key-env or --key-file)"), "{said}");
    std::fs::rename(folder.path().join("standin.yaml"), folder.path().join("own.yaml"))
        .expect("renamed");
    let (_, said) = ran(folder.path(), &["senders", "acme", "--config", "own.yaml"], "ACME_KEY");
    assert!(said.contains("your own    in own.yaml"), "{said}");
    let known = ["senders", "stripe", "--config", "own.yaml"];
    let (code, said) = ran(folder.path(), &known, "ACME_KEY");
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("stripe is a well-known one: leave it out"), "{said}");
}

#[test]
fn a_file_above_that_describes_a_sender_is_named() {
    let folder = set_up();
    let below = folder.path().join("below");
    std::fs::create_dir(&below).expect("a folder");
    let (_, said) = ran(&below, &["senders"], "ACME_KEY");
    assert!(said.contains("Acme's orders (your own, in ../standin.yaml)"), "{said}");
    let common = ["--body", "../event.json", "--url", "http://127.0.0.1:9/"];
    for (arguments, code) in [(&["send", "--dry-run"][..], 0), (&["verify"], 1)] {
        let own = [arguments, &["--as", "acme"], &common].concat();
        let (came, said) = ran(&below, &own, "ACME_KEY");
        assert_eq!(came, Some(code), "{said}");
        assert_eq!(said.matches("using ../standin.yaml").count(), 1, "{said}");
        // What a well-known one does depends on no file.
        let known = [arguments, &["--as", "square"], &common].concat();
        let (came, said) = ran(&below, &known, "SQUARE_SIGNATURE_KEY");
        assert_eq!(came, Some(code), "{said}");
        assert!(!said.contains("using ../standin.yaml"), "{said}");
    }
}

#[test]
fn what_is_sent_as_an_own_sender_is_verified() {
    let folder = set_up();
    let url = format!("{}/hooks?of=one", receiver(Defect::None));
    let send = ["send", "--as", "acme", "--body", "event.json", "--url", &url];
    let (code, said) = ran(folder.path(), &send, "ACME_KEY");
    assert_eq!(code, Some(0), "{said}");
    let mut mac = Hmac::<Sha512>::new_from_slice(KEY.as_bytes()).expect("any length");
    mac.update(format!("POST /hooks\nmsg_1.1772611200.{BODY}").as_bytes());
    let right: String =
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let verify = |time: &str, at: &str| {
        let header = format!("X-Acme: id=msg_1, t={time}, s={right}");
        let verify = [
            &[
                "verify",
                "--as",
                "acme",
                "--body",
                "event.json",
                "--url",
                "https://example.test/hooks",
            ][..],
            &["--header", &header, "--at", at],
        ]
        .concat();
        ran(folder.path(), &verify, "ACME_KEY")
    };
    let (code, said) = verify("1772611200", "2026-03-04T08:09:00Z");
    assert_eq!(
        (code, said.as_str()),
        (Some(0), "the signature is right (acme: HMAC-SHA512, hexadecimal digits)\n")
    );
    let (code, said) = verify("1772611200", "2026-03-04T08:11:00Z");
    assert!(code == Some(1) && said.contains("no more than 10m are allowed"), "{said}");
    let (code, said) = verify("1772611201", "2026-03-04T08:01:00Z");
    assert!(code == Some(1) && said.contains("not that of this request"), "{said}");
}

#[test]
fn what_lacks_is_said_before_anything_is_sent() {
    let folder = set_up();
    let send = |sender: &'static str| {
        ["send", "--as", sender, "--body", "event.json", "--url", "http://127.0.0.1:9/"]
    };
    let (code, said) = ran(folder.path(), &send("payments"), "ACME_KEY");
    let wanted = "there is no key for payments: name its variable with --key-env, or with `key_env` in its section, \
                  or a file with --key-file";
    assert!(code == Some(2) && said.contains(wanted), "{said}");
    let (code, said) = ran(folder.path(), &send("acne"), "ACME_KEY");
    assert!(
        code == Some(2) && said.contains("did you mean `acme`?") && said.contains("`payments`"),
        "{said}"
    );
    let (code, said) = ran(folder.path(), &send("acme"), "OTHER");
    assert!(code == Some(2) && said.contains("set the variable ACME_KEY"), "{said}");
    // Nothing else of the file counts for `verify`, but it must be one.
    write(folder.path(), "standin.yaml", "senders:\n  acme: { header: X-Acme, over: '{bdy}' }\n");
    let verify = ["verify", "--as", "acme", "--body", "event.json"];
    let (code, said) = ran(folder.path(), &verify, "ACME_KEY");
    assert!(code == Some(2) && said.contains("the key `receiver` is missing"), "{said}");
    let settings = "receiver: { url: 'http://127.0.0.1:1' }\nsenders:\n  acme: { header: X-Acme, over: '{bdy}' }\n";
    write(folder.path(), "standin.yaml", settings);
    let (code, said) = ran(folder.path(), &verify, "ACME_KEY");
    assert!(
        code == Some(2)
            && said.contains("did you mean `{body}`?")
            && said.contains("standin.yaml:3:27"),
        "{said}"
    );
}

/// The URL of a receiver that wants this value in `X-Acme`. It ends with the test program.
fn wanting(value: &'static str) -> String {
    listening(move |stream| {
        let mut reader = BufReader::new(stream);
        let headers = head(&mut reader)?;
        let body = body(&headers, &mut reader, stream)?;
        let is_right = headers.get("x-acme").is_some_and(|given| given == value);
        let status = match (is_right, serde_json::from_slice::<Json>(&body)) {
            (false, _) => 401,
            (true, Err(_)) => 400,
            (true, Ok(_)) => 200,
        };
        let answer =
            format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        (&mut &*stream).write_all(answer.as_bytes()).ok()
    })
}

#[test]
fn a_sender_may_send_its_key_or_nothing_that_proves_it() {
    let folder = folder();
    write(folder.path(), "event.json", BODY);
    let check = |sender: &str, url: &str| {
        let settings =
            format!("receiver: {{ url: 'http://127.0.0.1:1' }}\nsenders: {{ acme: {sender} }}\n");
        write(folder.path(), "standin.yaml", &settings);
        let arguments =
            ["check", "--as", "acme", "--body", "event.json", "--deliver", "/", "--target", url];
        ran(folder.path(), &[&arguments[..], &["--no-retry"]].concat(), "ACME_KEY")
    };
    let keyed = "{ header: X-Acme, value: 'Key {key}', key_env: ACME_KEY }";
    let (code, said) = check(keyed, &wanting("Key the-key-of-acme-0042"));
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("A sender: a token or a key") && !said.contains("skipped"), "{said}");
    let (code, said) = check(keyed, &receiver(Defect::Open));
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("the receiver accepted every webhook, whatever its credentials"),
        "{said}"
    );
    let (code, said) = check("{ header: off }", &receiver(Defect::Open));
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains(" passed") && !said.contains("a token or a key"), "{said}");
    let (code, said) = check("{ header: off, about: x }", &wanting("x"));
    assert_eq!(code, Some(1), "{said}");
    let arguments = ["verify", "--as", "acme", "--body", "event.json", "--header", "X-Acme: x"];
    let (code, said) = ran(folder.path(), &arguments, "ACME_KEY");
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("acme signs nothing: nothing proves who sends a request"), "{said}");
    for (sender, why) in [
        ("{ header: X, value: 'token={key}' }", "is neither a key nor a scheme with a key"),
        ("{ header: X, value: '{key};v=1' }", "is neither a key nor a scheme with a key"),
        ("{ value: '{key}' }", "`acme.value` needs a `header`"),
        ("{ header: X, value: '{key} {key}' }", "is neither a key nor a scheme with a key"),
        (
            "{ header: X, value: '{key}', over: '{body}' }",
            "`acme.over` is not for a sender that sends its key",
        ),
        (
            "{ header: off, key_env: ACME_KEY }",
            "`acme.key_env` is not for a sender that has no login",
        ),
        ("{ header: X, value: '{key}', like: stripe }", "`acme.like` is not for a sender"),
    ] {
        let (code, said) = check(sender, "http://127.0.0.1:1");
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(why), "{why}: {said}");
    }
}
