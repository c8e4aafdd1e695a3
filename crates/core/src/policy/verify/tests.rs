//! Right signatures are right, and each usual mistake is told as what it is.

use super::*;
use crate::model::Authentication;
use crate::model::signature::Encoding;
use crate::policy::key::{decode, encode};
use crate::policy::senders::{self, find};
use crate::policy::sign::credentials;

const KEY: &str = "whsec_c3RhbmRpbi10ZXN0LWtleS0wMDQy";
const BODY: &str = "{\"name\": \"Åsa\", \"b\": [1, 2]}";
const NOW: i64 = 1_900_000_000;
const URL: &str = "https://example.test/hooks?of=one";

fn sender(name: &str) -> Signature {
    Signature { secret: Some(Secret::new(KEY)), ..find(name).expect(name).signature().expect(name) }
}

/// The headers of a request with this body that was signed at this time.
fn signed(signature: &Signature, body: &str, at_s: i64) -> Vec<(String, String)> {
    let moment = Moment { id: "msg_1".to_owned(), at_s };
    let (content_type, body) = ("application/json", body.as_bytes());
    let message = Message { moment: &moment, method: "POST", url: URL, content_type, body };
    let authentication = Authentication::Signature(signature.clone());
    let headers = credentials(&authentication, None, &message, None);
    headers.into_iter().map(|one| (one.name, one.value.reveal().to_owned())).collect()
}

fn judged(signature: &Signature, headers: &[(String, String)], body: &str) -> Verdict {
    let received = Received { method: "POST", url: Some(URL), headers, body: body.as_bytes() };
    let patience = Patience { now_s: NOW, tolerance_s: signature.tolerance_s };
    verify(signature, &received, patience).expect("a key and a template")
}

/// What is said of a request whose signature header was changed like this.
fn told(name: &str, change: impl Fn(&str) -> String) -> (String, String) {
    let signature = sender(name);
    let mut headers = signed(&signature, BODY, NOW);
    let last = headers.last_mut().expect("a header");
    last.1 = change(&last.1);
    let verdict = judged(&signature, &headers, BODY);
    let said = (verdict.wrong.join("; "), verdict.hints.join("; "));
    let right = signed(&signature, BODY, NOW).pop().expect("a header").1;
    for secret in [right.as_str(), right.rsplit([',', '=']).next().unwrap_or_default(), KEY] {
        let is_said = said.0.contains(secret) || said.1.contains(secret);
        assert!(secret.len() < 8 || !is_said, "{said:?}");
    }
    said
}

#[test]
fn what_each_sender_signs_is_right_and_another_body_is_not() {
    let pem = "whsk_AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    for sender in senders::signing().filter(|sender| sender.name != "twilio") {
        let mut signature = sender.signature().expect(sender.name);
        let key = if signature.algorithm.is_symmetric() { KEY } else { pem };
        signature.secret = Some(Secret::new(key));
        let headers = signed(&signature, BODY, NOW - 1);
        let right = judged(&signature, &headers, BODY);
        assert_eq!(right.wrong, [""; 0], "{}", sender.name);
        let wrong = judged(&signature, &headers, "{}");
        assert!(!wrong.is_right(), "{}", sender.name);
        assert!(wrong.hints[0].starts_with("no usual mistake"), "{}: {wrong:?}", sender.name);
    }
}

#[test]
fn a_space_behind_the_joint_is_no_part_of_what_is_joined() {
    let value = "t={timestamp}, v1={signature}".to_owned();
    let signature = Signature { value, ..sender("stripe") };
    let mut headers = signed(&signature, BODY, NOW);
    assert!(headers[0].1.contains(", v1="), "{headers:?}");
    assert_eq!(judged(&signature, &headers, BODY).wrong, [""; 0]);
    headers[0].1 = headers[0].1.replace(", ", ",");
    assert_eq!(judged(&signature, &headers, BODY).wrong, [""; 0]);
}

#[test]
fn one_right_signature_among_several_is_enough() {
    for name in ["stripe", "standard-webhooks"] {
        let mut both = sender(name);
        both.older = vec![Secret::new("whsec_b2xkZXI=")];
        let headers = signed(&both, BODY, NOW);
        for key in [KEY, "whsec_b2xkZXI="] {
            let one =
                Signature { secret: Some(Secret::new(key)), older: Vec::new(), ..both.clone() };
            assert_eq!(judged(&one, &headers, BODY).wrong, [""; 0], "{name}");
        }
        let other = Signature { secret: Some(Secret::new("whsec_bm8=")), ..sender(name) };
        let wrong = judged(&other, &headers, BODY).wrong;
        assert_eq!(wrong, ["none of the 2 signatures is that of this request"], "{name}");
    }
}

#[test]
fn a_signature_of_another_body_is_told_as_what_was_done_to_the_body() {
    let compact = "{\"name\":\"Åsa\",\"b\":[1,2]}";
    for (was, came, wanted) in [
        ("{}\n", "{}", "for the body with a line break at its end"),
        ("{}", "{}\n", "for the body without the white space at its end"),
        ("a\r\nb", "a\nb", "for the body with CR LF in place of LF"),
        ("", "{}", "for an empty body"),
        (compact, BODY, "for the body re-serialised as compact JSON"),
        (BODY, compact, "for the body re-serialised as JSON with a space after `,` and `:`"),
        (
            "{\"name\":\"\\u00c5sa\",\"b\":[1,2]}",
            BODY,
            "for the body re-serialised as compact JSON in ASCII",
        ),
        ("{\"b\":[1,2],\"name\":\"Åsa\"}", BODY, "compact JSON with sorted keys"),
        ("{\n  \"b\": 1\n}", "{\"b\":1}", "indented by two spaces"),
    ] {
        for name in ["github", "stripe", "standard-webhooks", "square"] {
            let signature = sender(name);
            let verdict = judged(&signature, &signed(&signature, was, NOW), came);
            assert!(!verdict.is_right());
            assert!(verdict.hints[0].contains(wanted), "{name}: {:?}: {wanted}", verdict.hints);
            let instead = verdict.signed_instead.expect("the other text");
            assert!(String::from_utf8_lossy(&instead).ends_with(was), "{name}");
        }
    }
}

#[test]
fn a_signature_that_is_written_otherwise_is_told_as_that() {
    let hex = |value: &str| decode(Encoding::Hex, &value[7..]).expect("digits");
    for (change, wanted) in [
        (
            Box::new(|value: &str| format!("sha256={}", encode(Encoding::Base64, &hex(value))))
                as Box<dyn Fn(&str) -> String>,
            "in hexadecimal digits instead of base64",
        ),
        (
            Box::new(|value: &str| value.to_uppercase().replace("SHA256", "sha256")),
            "instead of hexadecimal digits in upper case",
        ),
        (Box::new(|value: &str| value[..27].to_owned()), "it is right but cut off: 20 of 64"),
        (Box::new(|value: &str| format!("{value}ab")), "it is right but goes on: 2 characters"),
        (Box::new(|value: &str| value[7..].to_owned()), "stands alone: write `sha256={signature}`"),
        (
            Box::new(|value: &str| value.replace("sha256=", "sha1=")),
            "stands behind `sha1=`: write `sha256={signature}`",
        ),
    ] {
        let (wrong, hint) = told("github", change);
        assert!(!wrong.is_empty() && hint.contains(wanted), "{wrong} {hint}: {wanted}");
    }
    let (_, hint) = told("shopify", |value| value.trim_end_matches('=').to_owned());
    assert!(hint.contains("in base64 instead of base64 without padding"), "{hint}");
    let (_, hint) = told("shopify", |value| value.to_lowercase());
    assert_eq!(hint, "it is right but for upper and lower case");
}

#[test]
fn a_misread_key_and_another_algorithm_are_told() {
    let said = |signed_with: &Signature, right: &Signature| {
        let mut headers = signed(signed_with, BODY, NOW);
        headers.last_mut().expect("a header").0.clone_from(&right.header);
        judged(right, &headers, BODY).hints.join("; ")
    };
    let with = |name: &str, key: &str| Signature { secret: Some(Secret::new(key)), ..sender(name) };
    let right = sender("standard-webhooks");
    let text = Signature { key: crate::model::signature::KeyForm::Text, ..right.clone() };
    assert_eq!(said(&text, &right), "it would be right with the key as text");
    let stripe = with("stripe", KEY);
    let decoded = Signature { key: crate::model::signature::KeyForm::Whsec, ..stripe.clone() };
    let hint = said(&decoded, &stripe);
    assert!(hint.contains("decoded from base64, without its `whsec_`"), "{hint}");
    let line = with("github", &format!("{KEY}\n"));
    assert!(said(&line, &sender("github")).contains("a line break at the end of the key"));
    let sha1 = Signature { value: "sha256={signature}".to_owned(), ..sender("github-sha1") };
    assert!(said(&sha1, &sender("github")).contains("as HMAC-SHA1 instead of HMAC-SHA256"));
    let body = Signature { over: vec![SignedPart::Body], ..sender("slack") };
    assert!(said(&body, &sender("slack")).contains("for the body alone"));
}

#[test]
fn a_missing_header_is_named_and_so_is_the_one_that_is_there() {
    let old = sender("github-sha1");
    let verdict = judged(&sender("github"), &signed(&old, BODY, NOW), BODY);
    assert_eq!(verdict.wrong, ["the header X-Hub-Signature-256 is missing"]);
    assert!(verdict.hints[0].contains("check it with `--as github-sha1`"), "{:?}", verdict.hints);
    let signature = sender("standard-webhooks");
    for name in ["webhook-id", "webhook-timestamp"] {
        let mut headers = signed(&signature, BODY, NOW);
        headers.retain(|(one, _)| one != name);
        let verdict = judged(&signature, &headers, BODY);
        assert_eq!(verdict.wrong, [format!("the header {name} is missing")]);
        assert_eq!(verdict.text, None);
    }
    let (wrong, _) = told("stripe", |value| value.replace("t=", "time="));
    assert_eq!(wrong, "the header Stripe-Signature has no `t={timestamp}`");
    let mut twice = signed(&sender("github"), BODY, NOW);
    twice.push(twice[1].clone());
    let verdict = judged(&sender("github"), &twice, BODY);
    assert_eq!(verdict.wrong, ["the header X-Hub-Signature-256 is there twice"]);
}

#[test]
fn a_time_that_is_too_far_is_told_with_how_far_it_is() {
    let signature = sender("stripe");
    for (away, wanted) in [
        (-300, None),
        (300, None),
        (-301, Some("5m 1s ago, and no more than 5m are allowed")),
        (301, Some("5m 1s ahead, and no more than 5m are allowed")),
        (-90_061, Some("1d 1h 1m 1s ago")),
        (NOW * 999, Some("in milliseconds")),
    ] {
        let verdict = judged(&signature, &signed(&signature, BODY, NOW + away), BODY);
        match wanted {
            None => assert_eq!(verdict.wrong, [""; 0], "{away}"),
            Some(wanted) => {
                assert!(
                    verdict.wrong[0].contains(wanted) && verdict.wrong.len() == 1,
                    "{verdict:?}"
                );
            }
        }
    }
    let (wrong, _) = told("stripe", |value| value.replace("t=", "t=0"));
    assert!(wrong.contains("no number of seconds"), "{wrong}");
}

#[test]
fn another_url_is_told_and_so_is_the_hash_of_another_body() {
    let signature = sender("square");
    let mut headers = signed(&signature, BODY, NOW);
    let said = |url: &str| {
        let received =
            Received { method: "POST", url: Some(url), headers: &headers, body: BODY.as_bytes() };
        let patience = Patience { now_s: NOW, tolerance_s: None };
        verify(&signature, &received, patience).expect("a key").hints.join("; ")
    };
    assert!(said("http://example.test/hooks?of=one").contains("the other of http and https"));
    assert!(said("https://example.test/hooks/?of=one").contains("without the slash"));
    assert!(said("https://example.test:443/hooks?of=one").contains("no usual mistake"));
    assert!(said("https://example.test:8443/hooks?of=one").contains("without its port"));
    let twilio = sender("twilio");
    headers = signed(&twilio, BODY, NOW);
    let verdict = judged(&twilio, &headers, BODY);
    assert!(verdict.wrong[0].contains("the URL lacks `bodySHA256`"), "{verdict:?}");
}
