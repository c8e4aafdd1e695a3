//! A mistake in a sender of the user's own says what is wrong with it and what would be right.

use standin::cli::errors::CliError;
use standin::cli::settings::{Overrides, read};
use standin::vendors::registry;

/// The line, title and help of the first mistake in a sender with this name and these keys, all in one text.
fn told(name: &str, keys: &str) -> String {
    told_below(&format!("senders:\n  {name}:\n"), keys)
}

/// The same of a mistake in Ombori's section.
fn told_of_ombori(keys: &str) -> String {
    told_below("vendors:\n  ombori:\n    deliver: /x\n", keys)
}

/// The same of keys below these lines.
fn told_below(above: &str, keys: &str) -> String {
    let keys: String = keys.lines().map(|line| format!("    {line}\n")).collect();
    let text = format!("receiver:\n  url: http://127.0.0.1:1\n{above}{keys}");
    match read(registry::shipped(), "standin.yaml", &text, &Overrides::default()) {
        Ok(_) => String::new(),
        Err(CliError::Problems(problems)) => {
            let problem = &problems[0];
            assert!(!problem.source.contains("s3cr3t"), "{}", problem.source);
            format!("{}: {}; {}", problem.line, problem.title, problem.help.join("; "))
        }
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn each_mistake_says_what_would_be_right() {
    let plain = "header: X-Acme\n";
    for (keys, wanted) in [
        ("over: '{body}'", "5: `acme.header` is missing; write the header that carries"),
        ("like: strpe", "5: there is no well-known sender `strpe`; did you mean `stripe`?"),
        (
            "header: X-Acme\nalgoritm: x",
            "6: unknown key `acme.algoritm`; did you mean `algorithm`?",
        ),
        (
            "header: X-Acme\nsecret: s3cr3t",
            "6: `acme.secret`: the key of a sender is not in this file; name the",
        ),
        (
            "header: X-Acme\nkey_env: ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
            "6: `acme.key_env` takes the name of a variable; write upper-case",
        ),
        (
            "header: X-Acme\nkey_env: s3cr3t",
            "6: `acme.key_env` takes the name of a variable; write upper-case",
        ),
        ("header: Host", "5: the header `Host` cannot be set; it follows"),
        ("header: Upgrade", "5: the header `Upgrade` cannot be set; it follows"),
        ("header: X Acme", "5: the header `X Acme` cannot be sent; names are"),
        (
            "header: X-Acme\nid_header: x-acme",
            "6: the header `x-acme` would carry two things; give each",
        ),
        (
            "like: slack\nid_header: x-slack-signature",
            "6: the header `x-slack-signature` would carry two",
        ),
        (
            "like: stripe\nover: '{timestmp}.{body}'",
            "6: `acme.over`: `{timestmp}.{body}` has an unknown part `{timestmp}` at character 1 (did you mean `{timestamp}`?); there are {id}",
        ),
        (
            "header: X-Acme\nover: '{timestamp}.{body}'",
            "6: `acme.over` signs a time that no header tells; add `time_header`, or",
        ),
        (
            "header: X-Acme\nover: '{id}.{body}'",
            "6: `acme.over` signs an id that no header tells; add `id_header`",
        ),
        ("like: slack\ntime_header: off", "`acme.over` signs a time that no header tells"),
        (
            "header: X-Acme\nover: '{id}'",
            "6: `acme.over`: `{id}` signs neither the body nor the URL",
        ),
        ("header: X-Acme\nvalue: v1", "6: `acme.value`: `v1` must have `{signature}` in it, once"),
        (
            "like: stripe\njoined_by: ;",
            "6: `acme.joined_by`: `t={timestamp},v1={signature}` has two places",
        ),
        (
            "header: X-Acme\njoined_by: '='",
            "6: `acme.joined_by` may be a part of what it joins; take a sign",
        ),
        (
            "header: X-Acme\nkey_form: private",
            "6: `acme.key_form`: HMAC-SHA256 takes a secret that both sides have; write",
        ),
        (
            "header: X-Acme\nalgorithm: ed25519\nkey_form: whsec",
            "7: `acme.key_form`: Ed25519 signs with a private key; write `private`",
        ),
        ("header: X-Acme\nalgorithm: md5", "6: `acme.algorithm` takes `hmac-sha1`, `hmac-sha256`"),
        (
            "header: X-Acme\ntolerance: 5m",
            "6: `acme.tolerance` applies only to a time that is signed; put",
        ),
        (
            "like: stripe\ntolerance: 1m",
            "6: `acme.tolerance` takes a length of time from 2m to 55m, or `off`; a webhook",
        ),
        (
            "like: stripe\ntolerance: soon",
            "takes a length of time from 2m to 55m, or `off`; `soon` is not",
        ),
        (
            "header: X-Acme\nretry_id: new",
            "6: `acme.retry_id` applies only to an id that a header tells",
        ),
        (
            "header: X-Acme\nretry_time: same",
            "6: `acme.retry_time` applies only to a time that a header tells",
        ),
        (
            "header: X-Acme\nbody_hash: hash",
            "6: `acme.body_hash` is in the URL, which is not signed; put `{url}`",
        ),
    ] {
        let told = told("acme", keys);
        assert!(told.contains(wanted), "{keys}\n{told}\nnot\n{wanted}");
    }
    for (name, wanted) in [
        (
            "stripe",
            "4: there is a well-known sender `stripe`; give yours another name; `like: stripe`",
        ),
        ("acme.io", "4: `acme.io` is no name of a sender; write letters"),
        ("-acme", "4: `-acme` is no name of a sender"),
    ] {
        let told = told(name, plain);
        assert!(told.contains(wanted), "{told}\nnot\n{wanted}");
    }
}

#[test]
fn what_is_right_is_taken() {
    for keys in [
        "header: X-Acme",
        "like: twilio",
        "like: slack\ntime_header: off\nover: '{body}'\ntolerance: off",
        "like: stripe\nalgorithm: ed25519",
        "like: sendgrid\nalgorithm: hmac-sha512",
        "header: X-Acme\nover: '{method} {path}'",
        "header: Authorization\nvalue: 'Acme {id}:{signature}'\njoined_by: ':'\nover: '{id}{body}'",
    ] {
        assert_eq!(told("acme", keys), "", "{keys}");
    }
}

#[test]
fn each_mistake_in_the_signature_of_a_vendor_says_what_would_be_right() {
    for (keys, wanted) in [
        ("signature: stripe", "6: `signature` takes a map: `like` or `header`"),
        ("signature: { over: '{body}' }", "6: `signature.header` is missing; write the header"),
        ("signature:\n  like: strpe", "7: there is no well-known sender `strpe`; did you mean"),
        (
            "signature:\n  header: X-Sig\n  about: Ombori",
            "8: unknown key `signature.about`; there are `like`, `header`, `over`",
        ),
        (
            "signature:\n  header: X-Sig\n  key_env: OMBORI_KEY",
            "8: `signature.key_env`: the key of a vendor is its `secret`; write it beside",
        ),
        (
            "signature:\n  header: X-Sig\n  secret: s3cr3t",
            "8: `signature.secret`: the key of a vendor is its `secret`; write it beside",
        ),
        (
            "signature: { like: stripe }\nheaders: { X-Api-Key: s3cr3t }",
            "7: `ombori` has two logins: `signature` and `headers`; remove one of the two",
        ),
        (
            "signature: { like: stripe }\noauth: { endpoint: /token }",
            "7: `ombori` has two logins: `signature` and `oauth`; remove one of the two",
        ),
        (
            "headers: { X-Api-Key: s3cr3t }\noauth: { endpoint: /token }",
            "7: `ombori` has two logins: `headers` and `oauth`; remove one of the two",
        ),
        ("oauth: { endpoint: /token }", "6: `oauth.client_secret` is missing"),
        (
            "signature: { like: slack }\nrequest_headers: { X-Slack-Request-Timestamp: '1' }",
            "7: the header `X-Slack-Request-Timestamp` carries the vendor's credentials",
        ),
        (
            "signature: { like: standard-webhooks }\nsecret: s3cr3t",
            "7: `secret` cannot be used: the key cannot be read: it takes `whsec_` and base64",
        ),
        (
            "secret: s3cr3t",
            "6: Ombori does not sign, so it needs no `secret`; use request headers instead: \
             `headers: { X-Api-Key: … }`; or say how it signs: `signature: { header: X-Signature }`",
        ),
    ] {
        let told = told_of_ombori(keys);
        assert!(told.starts_with(wanted), "{keys}\nsays: {told}");
    }
    assert_eq!(told_of_ombori("signature: { like: stripe }\nsecret: s3cr3t"), "");
    // Its tokens are kept unless it says otherwise.
    let oauth = |more: &str| {
        told_of_ombori(&format!("oauth: {{ endpoint: /t, client_secret: s3cr3t, {more} }}"))
    };
    assert_eq!(oauth("margin: 2m"), "");
    let wanted = "6: `oauth.margin` applies only to cached tokens";
    assert!(oauth("token_use: per-attempt, margin: 2m").starts_with(wanted));
}
