//! `check --as`: a receiver of Standard Webhooks that is right passes, and each usual mistake is found.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value as Json;
use sha2::Sha256;

use super::{folder, standin, text, write};

const KEY: &[u8] = b"standin-check-as-0042";
const BODY: &str = r#"{"type":"user.created","data":{"name":"Åsa"},"key":"key_1"}"#;

/// What is wrong with a receiver.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Defect {
    /// Nothing.
    None,
    /// It does not look at the signature.
    Open,
    /// It compares the beginning of the signature only.
    Beginning,
    /// It reads JSON and writes it again before it checks.
    Reserialises,
    /// It checks the first signature only.
    FirstOnly,
    /// It does not look at the time.
    Ageless,
    /// It lets a webhook from the future through.
    Future,
    /// A body that it cannot read is a server error.
    Crashes,
    /// The second webhook with an id is a server error.
    Duplicates,
    /// It notes the id before it has read the webhook, and refuses a second one.
    Hasty,
    /// It refuses an event whose `key` it knows, which is right.
    Strict,
}

/// A receiver of its own: it knows nothing of Standin's code.
struct Receiver {
    defect: Defect,
    seen: BTreeMap<String, u32>,
    keys: BTreeSet<String>,
}

/// The URL of a receiver that serves each connection like this, on a thread of its own. It ends with the test program.
/// A connection that breaks off does not stop the others.
pub fn listening(serve: impl Fn(&TcpStream) -> Option<()> + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let serve = Arc::new(serve);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = Arc::clone(&serve);
            std::thread::spawn(move || {
                let within = Some(std::time::Duration::from_secs(5));
                stream.set_read_timeout(within).ok().and_then(|()| serve(&stream))
            });
        }
    });
    url
}

impl Receiver {
    /// Starts it. It ends with the test program.
    fn start(defect: Defect) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        std::thread::spawn(move || {
            let mut receiver = Self { defect, seen: BTreeMap::new(), keys: BTreeSet::new() };
            for stream in listener.incoming().flatten() {
                _ = receiver.serve(&stream);
            }
        });
        url
    }

    fn serve(&mut self, stream: &TcpStream) -> Option<()> {
        // A request that breaks off must not stop the others.
        stream.set_read_timeout(Some(std::time::Duration::from_secs(5))).ok()?;
        let mut reader = BufReader::new(stream);
        let headers = head(&mut reader)?;
        let id = headers.get("webhook-id").filter(|_| self.defect == Defect::Hasty);
        let is_known = id.is_some_and(|id| self.seen.insert(id.clone(), 1).is_some());
        let body = body(&headers, &mut reader, stream)?;
        if is_known {
            return (&mut &*stream).write_all(b"HTTP/1.1 409 x\r\ncontent-length: 0\r\n\r\n").ok();
        }
        let status = self.answer(&headers, &body);
        let answer =
            format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        (&mut &*stream).write_all(answer.as_bytes()).ok()
    }

    fn answer(&mut self, headers: &BTreeMap<String, String>, body: &[u8]) -> u16 {
        let of = |name: &str| headers.get(name).map_or("", String::as_str);
        let (id, time, signatures) =
            (of("webhook-id"), of("webhook-timestamp"), of("webhook-signature"));
        if id.is_empty() && self.defect != Defect::Open {
            return 400;
        }
        if !self.is_recent(time) || !self.is_signed((id, time, signatures), body) {
            return 401;
        }
        let seen = self.seen.entry(id.to_owned()).or_default();
        *seen += 1;
        let json = serde_json::from_slice::<Json>(body);
        let is_json = json.is_ok();
        let key = json.unwrap_or_default()["key"].as_str().map(str::to_owned);
        match self.defect {
            Defect::Strict if key.is_some_and(|key| !self.keys.insert(key)) => 409,
            Defect::Duplicates if *seen > 1 => 500,
            Defect::Crashes if !is_json => 500,
            _ if !is_json => 400,
            _ => 200,
        }
    }

    fn is_recent(&self, time: &str) -> bool {
        let now = standin::clock::real_time().as_second().cast_unsigned();
        let Ok(time) = time.parse::<u64>() else { return self.defect == Defect::Open };
        match self.defect {
            Defect::Open | Defect::Ageless => true,
            Defect::Future => time + 300 >= now,
            _ => time.abs_diff(now) <= 300,
        }
    }

    fn is_signed(&self, (id, time, signatures): (&str, &str, &str), body: &[u8]) -> bool {
        let again = serde_json::from_slice::<Json>(body).map(|json| json.to_string());
        let body = match (self.defect, &again) {
            (Defect::Open, _) => return true,
            (Defect::Reserialises, Ok(again)) => again.as_bytes(),
            _ => body,
        };
        let mut mac = Hmac::<Sha256>::new_from_slice(KEY).expect("any length");
        let parts = [id.as_bytes(), b".", time.as_bytes(), b".", body];
        parts.into_iter().for_each(|part| mac.update(part));
        let right = BASE64.encode(mac.finalize().into_bytes());
        let given: Vec<&str> =
            signatures.split(' ').filter_map(|one| one.strip_prefix("v1,")).collect();
        match self.defect {
            Defect::Beginning => given.iter().any(|one| one.get(..4) == right.get(..4)),
            Defect::FirstOnly => given.first() == Some(&right.as_str()),
            _ => given.contains(&right.as_str()),
        }
    }
}

/// The headers of a request, by their names in lower case. None if it has no whole head.
pub fn head(reader: &mut BufReader<&TcpStream>) -> Option<BTreeMap<String, String>> {
    head_of(reader).map(|(_, headers)| headers)
}

/// The first line of a request, and its headers.
pub fn head_of(reader: &mut BufReader<&TcpStream>) -> Option<(String, BTreeMap<String, String>)> {
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => head.push(line.to_owned()),
        }
    }
    let lines = head.iter().skip(1).filter_map(|line| line.split_once(": "));
    let headers = lines.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
    Some((head.first()?.clone(), headers.collect()))
}

/// The body of a request. None if it breaks off.
pub fn body(
    headers: &BTreeMap<String, String>,
    reader: &mut BufReader<&TcpStream>,
    mut stream: &TcpStream,
) -> Option<Vec<u8>> {
    if headers.contains_key("expect") {
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").ok()?;
    }
    let mut body = Vec::new();
    match headers.get("content-length") {
        Some(length) => {
            body.resize(length.parse().ok()?, 0);
            reader.read_exact(&mut body).ok()?;
        }
        None => while chunk(reader, &mut body)? {},
    }
    Some(body)
}

/// Reads a chunk of a body. Returns whether it was not the last one.
fn chunk(reader: &mut BufReader<&TcpStream>, body: &mut Vec<u8>) -> Option<bool> {
    let mut size = String::new();
    reader.read_line(&mut size).ok()?;
    let size = usize::from_str_radix(size.trim(), 16).ok()?;
    let begin = body.len();
    body.resize(begin + size + 2, 0);
    reader.read_exact(&mut body[begin..]).ok()?;
    body.truncate(begin + size);
    Some(size > 0)
}

/// What `check --as` says of a receiver: the exit code, the rules with failures, and the text.
fn check(defect: Defect, more: &[&str]) -> (Option<i32>, Vec<String>, String) {
    check_with(defect, BODY, more)
}

/// The same with this body.
fn check_with(defect: Defect, body: &str, more: &[&str]) -> (Option<i32>, Vec<String>, String) {
    let url = Receiver::start(defect);
    let folder = folder();
    write(folder.path(), "event.json", body);
    let deliver = ["--deliver", "/hooks"];
    let deliver = if more.contains(&"--deliver") { &[][..] } else { &deliver };
    let arguments = [
        &["check", "--as", "standard-webhooks", "--body", "event.json"][..],
        &["--target", &url, "--json", "report.json", "--no-retry"],
        deliver,
        more,
    ]
    .concat();
    let key = format!("whsec_{}", BASE64.encode(KEY));
    let output = standin(folder.path(), &arguments).env("WEBHOOK_SECRET", key).output();
    let output = output.expect("the binary runs");
    let said = text(&output.stdout) + &text(&output.stderr);
    let report = std::fs::read(folder.path().join("report.json")).unwrap_or_default();
    let report: Json = serde_json::from_slice(&report).unwrap_or_default();
    let features = report["features"].as_array().cloned().unwrap_or_default();
    let scenarios = features.iter().flat_map(|one| one["scenarios"].as_array().expect("a list"));
    let failed = scenarios.filter(|one| !one["failure"].is_null());
    let rule = |one: &Json| {
        let tags = one["tags"].as_array().expect("tags").iter().filter_map(Json::as_str);
        let mut rules = tags.filter_map(|tag| tag.strip_prefix("rule:sender-"));
        rules.next().expect("a rule").to_owned()
    };
    let mut rules: Vec<String> = failed.map(rule).collect();
    rules.sort();
    rules.dedup();
    (output.status.code(), rules, said)
}

#[test]
fn a_right_receiver_passes_in_everything() {
    let (code, failed, said) = check(Defect::None, &["--fail-on-skipped", "--strict"]);
    assert_eq!((code, failed), (Some(0), Vec::new()), "{said}");
    assert!(said.contains(" passed") && !said.contains("skipped"), "{said}");
}

#[test]
fn each_usual_mistake_is_found_by_its_rule() {
    for (defect, rules) in [
        (Defect::Open, &["age", "future", "id", "signatures", "time"][..]),
        (Defect::Beginning, &["signatures"]),
        (Defect::Reserialises, &["signatures"]),
        (Defect::FirstOnly, &["rotation"]),
        (Defect::Ageless, &["age", "future"]),
        (Defect::Future, &["future"]),
        (Defect::Crashes, &["corrupt-bodies"]),
        (Defect::Duplicates, &["duplicates", "lost-acknowledgement"]),
        (Defect::Hasty, &["lost-acknowledgement", "signatures"]),
    ] {
        let (code, failed, said) = check(defect, &["--strict"]);
        assert_eq!(code, Some(1), "{defect:?}: {said}");
        assert_eq!(failed, rules, "{defect:?}: {said}");
    }
}

#[test]
fn a_receiver_that_tells_duplicates_by_the_body_needs_ids_there() {
    let (code, failed, said) = check(Defect::Strict, &[]);
    assert_eq!(code, Some(1), "{failed:?}: {said}");
    assert!(said.contains("409") && said.contains("Give --id"), "{said}");
    let (code, failed, said) = check(Defect::Strict, &["--id", "/key", "--strict"]);
    assert_eq!((code, failed), (Some(0), Vec::new()), "{said}");
}

#[test]
fn a_list_can_be_a_body() {
    let (code, failed, said) =
        check_with(Defect::None, r#"[{"email":"a@example.test"}]"#, &["--strict"]);
    assert_eq!((code, failed), (Some(0), Vec::new()), "{said}");
    let (code, failed, said) =
        check_with(Defect::Open, r#"[{"email":"a@example.test"}]"#, &["--strict"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(failed.contains(&"signatures".to_owned()), "{failed:?}");
}

#[test]
fn a_secret_in_the_query_is_shown_nowhere() {
    let (code, _, said) = check(Defect::Open, &["--deliver", "/hooks?token=s3cr3tquery"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(!said.contains("s3cr3tquery") && said.contains("token=***"), "{said}");
}

#[test]
fn only_what_is_about_the_sender_is_checked() {
    let listed = |sender: &str| {
        let folder = folder();
        write(folder.path(), "event.json", BODY);
        let arguments =
            ["check", "--as", sender, "--body", "event.json", "--deliver", "/", "--list"];
        let key = ("STANDIN_TEST_KEY", "whsec_c3RhbmRpbi1jaGVjay1hcy0wMDQy");
        let arguments = [&arguments[..], &["--key-env", key.0]].concat();
        let output = standin(folder.path(), &arguments).env(key.0, key.1).output();
        text(&output.expect("the binary runs").stdout)
    };
    for (sender, has, lacks) in [
        (
            "standard-webhooks",
            &["sender-time", "sender-id", "sender-rotation"][..],
            &["another URL"][..],
        ),
        ("stripe", &["sender-time", "sender-age", "sender-rotation"], &["sender-id"]),
        ("github", &["sender-signatures"], &["sender-time", "sender-age", "sender-rotation"]),
        ("square", &["another URL"], &["sender-time", "sender-id"]),
    ] {
        let list = listed(sender);
        has.iter().for_each(|one| assert!(list.contains(one), "{sender} lacks {one}: {list}"));
        lacks.iter().for_each(|one| assert!(!list.contains(one), "{sender} has {one}: {list}"));
    }
}

#[test]
fn what_is_wrong_is_said_before_anything_is_sent() {
    let folder = folder();
    write(folder.path(), "event.json", BODY);
    write(folder.path(), "form.txt", "a=b&c=d");
    let common = ["check", "--as", "github", "--body", "event.json", "--deliver", "/hooks"];
    for (arguments, key, said) in [
        (&["check", "--as", "github"][..], Some("k3y-0042"), "--body <FILE>"),
        (&["check", "--body", "event.json"], None, "--as <SENDER>"),
        (&common[..], None, "there is no key for github: set the variable GITHUB_WEBHOOK_SECRET"),
        (
            &["check", "--as", "githup", "--body", "event.json", "--deliver", "/"],
            Some("k3y-0042"),
            "did you mean `github`?",
        ),
        (
            &["check", "--as", "github", "--body", "form.txt", "--deliver", "/"],
            Some("k3y-0042"),
            "form.txt: the body is not JSON",
        ),
        (
            &[&common[..], &["--header", "X-Hub-Signature-256: x"]].concat(),
            Some("k3y-0042"),
            "is the sender's own",
        ),
        (
            &[&common[..], &["--header", "Authorization: t0p-secret"]].concat(),
            Some("k3y-0042"),
            "carries credentials",
        ),
        (
            &[
                "check",
                "--as",
                "github",
                "--body",
                "event.json",
                "--deliver",
                "https://example.test/",
            ],
            Some("k3y-0042"),
            "--allow-host example.test",
        ),
        (
            &["check", "features/senders/replays.feature"],
            None,
            "these features are about a sender: say which one with --as",
        ),
        (&[&common[..], &["--vendor", "doo"]].concat(), Some("k3y-0042"), "--vendor"),
    ] {
        let mut command = standin(folder.path(), arguments).env_remove("GITHUB_WEBHOOK_SECRET");
        if let Some(key) = key {
            command = command.env("GITHUB_WEBHOOK_SECRET", key);
        }
        let output = command.output().expect("the binary runs");
        let shown = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {shown}");
        assert!(shown.contains(said), "{arguments:?}: {shown}");
        assert!(!shown.contains("k3y-0042") && !shown.contains("t0p-secret"), "{shown}");
    }
}
