//! No key of a well-known sender is shown, and no signature that is made with it, even if the receiver
//! repeats both. What is said about a wrong signature gives neither away.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::answering::whole;
use super::{folder, run, said, write};

const KEY: &str = "whsec_c3RhbmRpbi1sZWFrcy1rZXktMDA0Mg==";
const PRIVATE: &str = "whsk_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

/// The senders, each with its key and the header of its signature.
const SENDERS: &[(&str, &str, &str)] = &[
    ("standard-webhooks", KEY, "webhook-signature"),
    ("standard-webhooks-asymmetric", PRIVATE, "webhook-signature"),
    ("svix", KEY, "svix-signature"),
    ("stripe", KEY, "stripe-signature"),
    ("github", KEY, "x-hub-signature-256"),
    ("github-sha1", KEY, "x-hub-signature"),
    ("shopify", KEY, "x-shopify-hmac-sha256"),
    ("slack", KEY, "x-slack-signature"),
    ("twilio", KEY, "x-twilio-signature"),
    ("square", KEY, "x-square-hmacsha256-signature"),
    ("sendgrid", PRIVATE, "x-twilio-email-event-webhook-signature"),
    ("acme", KEY, "x-acme-signature"),
];

/// The last of them, which is none that Standin knows.
const OWN: &str = "receiver: { url: 'http://127.0.0.1:1' }\nsenders:\n  acme: { like: stripe, header: X-Acme-Signature }\n";

/// A receiver that repeats the head of each request and both keys. Returns its URL, and the heads.
fn repeating() -> (String, Receiver<Vec<String>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    let (heads, heard) = channel();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let reader = BufReader::new(stream.try_clone().expect("a stream"));
            let lines = reader.lines().map_while(Result::ok);
            let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            // Standin tries whether a connection is made before it sends.
            if head.is_empty() {
                continue;
            }
            let keys = format!("{KEY} {} {PRIVATE}", BASE64.encode(KEY));
            let body = format!("I got {}; the key is {keys}", head.join("; "));
            // A client that leaves early is no concern of the receiver's.
            let _ = stream.write_all(&whole("401 Unauthorized", "", &body));
            let _ = heads.send(head);
        }
    });
    (url, heard)
}

/// The signature that is in the head of a request.
fn signature(head: &[String], header: &str) -> String {
    let line =
        head.iter().find(|line| line.to_ascii_lowercase().starts_with(&format!("{header}:")));
    let value = line.unwrap_or_else(|| panic!("{header} in {head:?}")).split_once(": ");
    let value = value.expect("a value").1;
    let bare = value.rsplit(',').next().unwrap_or(value);
    bare.trim_start_matches("v1=")
        .trim_start_matches("v0=")
        .replace("sha256=", "")
        .replace("sha1=", "")
}

#[test]
fn a_receiver_that_repeats_a_key_or_a_signature_gives_none_away() {
    let (url, heard) = repeating();
    let folder = folder();
    write(folder.path(), "body.json", r#"{"type": "made"}"#);
    write(folder.path(), "standin.yaml", OWN);
    for (sender, key, header) in SENDERS {
        let target = format!("{url}/hooks");
        let arguments = [
            "send",
            "--as",
            sender,
            "--body",
            "body.json",
            "--url",
            &target,
            "--key-env",
            "KEY",
            "--header",
            "X-Own: my-0wn-value-0042",
        ];
        let output = run(folder.path(), &arguments, &[("KEY", key)]);
        let signature = signature(&heard.recv().expect("a request"), header);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(1), "{sender}: {said}");
        assert!(said.contains("I got POST") && said.contains("***"), "{sender}: {said}");
        assert!(signature.len() > 20, "{sender}: {signature}");
        for secret in [signature.as_str(), &key[6..30], &BASE64.encode(key)[..24], "my-0wn-value"] {
            assert!(!said.contains(secret), "{sender} shows {secret}: {said}");
        }
    }
}

#[test]
fn a_check_of_a_wrong_signature_gives_the_right_one_away_nowhere() {
    let (url, heard) = repeating();
    let folder = folder();
    write(folder.path(), "body.json", r#"{"type": "made"}"#);
    write(folder.path(), "standin.yaml", OWN);
    for (sender, key, header) in SENDERS {
        let target = format!("{url}/hooks");
        let common = ["--as", sender, "--body", "body.json", "--url", &target, "--key-env", "KEY"];
        let send =
            [&["send"][..], &common, &["--id", "msg_1", "--at", "2026-03-04T08:00:00Z"]].concat();
        run(folder.path(), &send, &[("KEY", key)]);
        let head = heard.recv().expect("a request");
        let right = signature(&head, header);
        let place = head.iter().position(|line| line.contains(&right)).expect("the signature");
        for wrong in [&right[..right.len() - 9], &right.to_uppercase(), "AAAAAAAAAAAAAAAA", ""] {
            let mut headers = head[1..].to_vec();
            headers[place - 1] = headers[place - 1].replace(&right, wrong);
            let headers = headers.iter().flat_map(|line| ["--header", line.as_str()]);
            let verify: Vec<&str> =
                std::iter::once("verify").chain(common.iter().copied()).chain(headers).collect();
            let output = run(folder.path(), &verify, &[("KEY", key)]);
            let said = said(&output);
            assert_eq!(output.status.code(), Some(1), "{sender}: {said}");
            assert!(said.contains("the signature is wrong"), "{sender}: {said}");
            for secret in [&right[..16], &right[right.len() - 12..], &key[6..30]] {
                assert!(!said.contains(secret), "{sender} shows {secret}: {said}");
            }
        }
    }
}
