use std::cell::RefCell;

use serde_saphyr::Spanned;

use super::*;
use crate::model::policy::InvalidTokens;

/// The policy from this part, or the mistake in it.
fn part(text: &str) -> Result<OAuth, String> {
    let source = Source {
        registry: crate::vendors::registry::shipped(),
        file: "standin.yaml",
        text,
        filled: RefCell::default(),
    };
    let given: Spanned<BTreeMap<String, Json>> =
        serde_saphyr::from_str(text).expect("YAML with text keys");
    let url = "http://127.0.0.1:1".to_owned();
    let base = Base { url, public_url: None, request_headers: std::sync::Arc::default() };
    let (mut oauth, mut problems) = (OAuth::of("doo"), Vec::new());
    let to = (&base, &Allowed::default());
    read(&source, given.referenced, &given.value, to, &mut oauth, &mut problems);
    match problems.first() {
        None => Ok(oauth),
        Some(problem) => Err(problem.to_string()),
    }
}

const LEAST: &str = "endpoint: /token\nclient_secret: s3cr3t\n";

#[test]
fn an_endpoint_and_a_secret_are_enough() {
    let oauth = part(LEAST).expect("valid");
    let endpoint = oauth.endpoint.as_ref().map(|endpoint| endpoint.sent.as_str());
    assert_eq!(endpoint, Some("http://127.0.0.1:1/token"));
    assert_eq!((oauth.client.id.as_str(), oauth.client.secret.reveal()), ("doo", "s3cr3t"));
    assert_eq!(oauth.token_use, TokenUse::PerAttempt);
    assert_eq!(oauth.invalid, InvalidTokens::default());
}

#[test]
fn every_key_sets_its_value() {
    let text = format!(
        "{LEAST}client_id: crm\nheader: Oauth-Token\nheader_value: \"%ACCESS_TOKEN%\"\n\
         request_with: basic\nscope: write\naudience: hooks\nresource: https://hooks.example.test\n\
         token_use: cached\nmargin: 2m\nexpired_token: old\nawait_expiry: 3s\nrevoke: /revoke\nrevoke_with: basic\nrevoke_format: json\n\
         other_client: {{ client_id: b, client_secret: c }}\n"
    );
    let oauth = part(&text).expect("valid");
    assert_eq!((oauth.client.id.as_str(), oauth.header.as_str()), ("crm", "Oauth-Token"));
    assert_eq!(oauth.header_value, TOKEN_PLACE);
    assert_eq!(oauth.request_with, ClientLogin::Basic);
    let more =
        [("scope", "write"), ("audience", "hooks"), ("resource", "https://hooks.example.test")];
    assert_eq!(oauth.request_fields, more.map(|(name, value)| (name, value.to_owned())));
    assert_eq!(oauth.token_use, TokenUse::Cached { margin: Duration::from_secs(120) });
    let invalid = oauth.invalid;
    assert!(invalid.expired.is_some() && invalid.revocation.is_some());
    assert_eq!(invalid.await_expiry, Duration::from_secs(3));
    assert_eq!(invalid.revoke_with, ClientLogin::Basic);
    assert_eq!(invalid.revoke_format, RequestFormat::Json);
    assert_eq!(invalid.other_client.map(|client| client.id).as_deref(), Some("b"));
}

#[test]
fn every_key_of_the_list_is_read() {
    let other = |wrong: &str| {
        let value = |key| if key == wrong { "[[]]" } else { "x" };
        let keys = OtherClientSection::KEYS.iter().map(|key| key.name);
        let lines: String = keys.map(|key| format!("  {key}: {}\n", value(key))).collect();
        format!("{LEAST}other_client:\n{lines}")
    };
    let own = |wrong: &str| {
        let kept = LEAST.lines().filter(|line| !line.starts_with(&format!("{wrong}:")));
        kept.chain([format!("{wrong}: [[]]").as_str()]).collect::<Vec<_>>().join("\n")
    };
    let texts = OAuthSection::KEYS.iter().map(|key| (key.name, own(key.name)));
    let others = OtherClientSection::KEYS.iter().map(|key| (key.name, other(key.name)));
    for (key, text) in texts.chain(others) {
        let problem = part(&text).expect_err(key);
        assert!(problem.contains(&format!("{key}` takes ")), "{key}: {problem}");
    }
}

#[test]
fn mistakes_say_what_would_be_right_and_show_no_secret() {
    for (text, wanted) in [
        ("client_secret: s3cr3t", "`oauth.endpoint` is missing; write where"),
        ("endpoint: /token", "`oauth.client_secret` is missing; write the secret"),
        ("client_secrt: s3cr3t", "unknown key `oauth.client_secrt`; did you mean `client_secret`?"),
        ("endpoint: 5\nclient_secret: s3cr3t", "`oauth.endpoint` takes text: put it in quotes"),
        ("endpoint: /t\nclient_secret: \"\"", "`oauth.client_secret` is empty"),
        ("endpoint: /t\nclient_secret: \" s3cr3t\"", "white space at its beginning or its end"),
        ("endpoint: http://a.example.test/t\nclient_secret: s3cr3t", "is not on this machine"),
        ("endpoint: http://u:s3cr3t@127.0.0.1/\nclient_secret: a", "must not hold a user"),
        ("header: \"a b\"", "the header `a b` cannot be sent"),
        ("header: Content-Type", "the header `Content-Type` cannot be set"),
        ("header_value: Bearer", "write it like `Bearer %ACCESS_TOKEN%`"),
        ("token_use: always", "`oauth.token_use` takes `per-attempt` or `cached`"),
        ("margin: 5s", "add `token_use: cached`"),
        ("token_use: cached\nmargin: soon", "`soon` is not a length of time"),
        ("expired_token: \"s3cr3t\\nx\"", "`oauth.expired_token` is not allowed in a header"),
        ("await_expiry: 11m", "takes a length of time, at most 10 minutes"),
        ("other_client: s3cr3t", "takes an id and a secret"),
        ("other_client: { client_id: a }", "`oauth.other_client.client_secret` is missing"),
        (
            "client_id: a\nother_client: { client_id: a, client_secret: s3cr3t }",
            "`oauth.other_client` is the vendor's own client",
        ),
        ("request_with: s3cr3t", "`oauth.request_with` takes `form`, `basic` or `private_key_jwt`"),
        ("scope: \"\"", "`oauth.scope` is empty"),
        ("revoke_with: basic", "add `revoke`, the URL"),
        ("revoke_format: json", "add `revoke`, the URL"),
        (
            "revoke: /r\nrevoke_with: s3cr3t",
            "`oauth.revoke_with` takes `form`, `basic` or `private_key_jwt`",
        ),
        ("revoke: /r#f", "`oauth.revoke`: `/r#f` has a fragment"),
        ("other_client: { id: a }", "unknown key `oauth.other_client.id`"),
    ] {
        let whole = text.starts_with("endpoint") || text.starts_with("client_sec");
        let text = if whole { text.to_owned() } else { format!("{LEAST}{text}") };
        let problem = part(&text).expect_err("a mistake");
        assert!(problem.contains(wanted), "{text}: {problem}");
        assert!(!problem.contains("s3cr3t"), "{text}: {problem}");
    }
}
