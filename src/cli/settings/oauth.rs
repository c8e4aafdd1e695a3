//! The key `oauth` of a vendor's section: how the vendor requests and uses tokens, and which tokens
//! the receiver must refuse.
//!
//! It is read key by key, since the parser's own messages could show a secret.

mod assertion;
pub mod part;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value as Json};
use serde_saphyr::Location;

use self::part::Part;
use super::deliver::Base;
use super::headers;
use super::keys::{OAuthSection, OtherClientSection};
use super::source::Source;
use crate::delivery::Allowed;
use crate::model::policy::{Client, ClientLogin, Grant, RequestFormat, TOKEN_PLACE, TokenUse};
use crate::model::{Address, OAuth, Problem, Secret};
use crate::policy::sign::is_sendable;
use crate::text::{duration, no_duration};

/// The longest header value that the vendor takes (doo: SWp, header_value_format).
const LONGEST_VALUE: usize = 100;

/// The longest wait for the expiry of a token.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// The keys that are fields of a token request: what the token is for (RFC 6749, section 3.3; RFC 8707,
/// section 2; `audience` as some servers call it).
const REQUEST_FIELDS: &[&str] = &["scope", "audience", "resource"];

/// The keys about a client with an id and credentials.
const CLIENT_KEYS: &[&str] = &[
    "client_id",
    "client_secret",
    "request_with",
    "revoke",
    "revoke_with",
    "revoke_format",
    "other_client",
];

/// Whether the value of `oauth` describes a client with an id and credentials of its own: a secret, or an assertion in
/// its place (RFC 7523, section 2.2).
pub fn is_of_a_client(given: &BTreeMap<String, Json>) -> bool {
    let has = |key: &str| given.get(key).is_some_and(|value| !value.is_null());
    let is_known = has("client_secret") || has("client_id");
    has("request_with") || (is_known && !has("assertion"))
}

/// Reads the value of `oauth` into the vendor's policy.
///
/// # Errors
/// If anything in it is wrong or missing.
pub fn read(
    source: &Source<'_>,
    at: Location,
    given: &BTreeMap<String, Json>,
    (base, allowed): (&Base, &Allowed),
    oauth: &mut OAuth,
) -> Result<(), Problem> {
    let given: Map<String, Json> = given.clone().into_iter().collect();
    let part = Part { source, at, name: "oauth", known: OAuthSection::KEYS, given: &given };
    part.check_keys()?;
    let address = |key: &str| -> Result<Option<Address>, Problem> {
        let Some(url) = part.text(key)? else { return Ok(None) };
        if url.contains(['{', '}']) {
            let why = "a token is for every trigger, so only `deliver` takes a placeholder";
            return Err(part.problem(key, format!("`oauth.{key}`: {why}"), &[]));
        }
        base.address(url, allowed)
            .map(Some)
            .map_err(|problem| part.problem(key, format!("`oauth.{key}`: {problem}"), &[]))
    };
    oauth.endpoint = Some(address("endpoint")?.ok_or_else(|| part.missing("endpoint"))?);
    if let Some(id) = part.text("client_id")? {
        oauth.client.id = id.to_owned();
    }
    part.header(oauth)?;
    part.request(oauth)?;
    if oauth.grant == Grant::JwtBearer {
        part.must_have_no_client()?;
    }
    part.must_revoke(&["revoke_with", "revoke_format"])?;
    oauth.invalid.revoke_with = part.login("revoke_with")?.unwrap_or_default();
    oauth.invalid.revoke_format = part.format("revoke_format")?;
    oauth.assertion = assertion::read(&part, oauth)?;
    part.client_secret(oauth)?;
    for name in REQUEST_FIELDS {
        let value = part.text(name)?.map(|value| (*name, value.to_owned()));
        oauth.request_fields.extend(value);
    }
    part.token_use(oauth)?;
    oauth.invalid.expired = part.secret("expired_token")?;
    if oauth.invalid.expired.as_ref().is_some_and(|token| !is_sendable(token.reveal())) {
        return Err(part.problem(
            "expired_token",
            "`oauth.expired_token` is not allowed in a header",
            &[],
        ));
    }
    part.await_expiry(oauth)?;
    oauth.invalid.revocation = address("revoke")?;
    oauth.invalid.other_client = part.other_client(&oauth.client)?;
    Ok(())
}

impl Part<'_> {
    fn header(&self, oauth: &mut OAuth) -> Result<(), Problem> {
        if let Some(header) = self.text("header")? {
            if !headers::sendable(header, "") {
                let (title, help) = headers::unsendable(header);
                return Err(self.problem("header", title, &[help]));
            }
            if headers::is_ours(header) {
                return Err(self.problem(
                    "header",
                    format!("the header `{header}` cannot be set"),
                    &[],
                ));
            }
            oauth.header = header.to_owned();
        }
        if let Some(value) = self.text("header_value")? {
            let right =
                value.contains(TOKEN_PLACE) && value.len() <= LONGEST_VALUE && is_sendable(value);
            if !right {
                let title = "`oauth.header_value` is not the value of a header with a token in it";
                let help = format!(
                    "write it like `Bearer {TOKEN_PLACE}`: ASCII, at most {LONGEST_VALUE} characters"
                );
                return Err(self.problem("header_value", title, &[help]));
            }
            oauth.header_value = value.to_owned();
        }
        Ok(())
    }

    /// The secret of the vendor's client, if it proves itself by one.
    fn client_secret(&self, oauth: &mut OAuth) -> Result<(), Problem> {
        let secret = self.secret("client_secret")?;
        let logins = [Some(oauth.request_with), self.login("revoke_with")?];
        let mut logins = logins.into_iter().flatten();
        let needed = oauth.grant == Grant::ClientCredentials
            && logins.any(|login| login != ClientLogin::PrivateKeyJwt);
        oauth.client.secret = match (secret, needed) {
            (Some(secret), true) => secret,
            (None, true) => return Err(self.missing("client_secret")),
            (Some(_), false) => {
                let title = "`oauth.client_secret` is of no use beside `oauth.assertion`";
                let help = "remove it: the assertion proves who asks".to_owned();
                return Err(self.problem("client_secret", title, &[help]));
            }
            (None, false) => Secret::new(""),
        };
        Ok(())
    }

    /// A vendor that asks with an assertion alone has no client at the receiver.
    fn must_have_no_client(&self) -> Result<(), Problem> {
        for key in CLIENT_KEYS {
            if self.get(key).is_some_and(|given| !given.is_null()) {
                let title = format!("`oauth.{key}` applies only to a vendor with a client id");
                let help = "remove it: the assertion is all that this vendor shows".to_owned();
                let other =
                    "or let a client with a secret ask: `client_secret`, and no `assertion`";
                return Err(self.problem(key, title, &[help, other.to_owned()]));
            }
        }
        Ok(())
    }

    /// How a token is asked for.
    fn request(&self, oauth: &mut OAuth) -> Result<(), Problem> {
        if let Some(login) = self.login("request_with")? {
            oauth.request_with = login;
        }
        oauth.request_format = self.format("request_format")?;
        Ok(())
    }

    fn format(&self, key: &str) -> Result<RequestFormat, Problem> {
        match self.text(key)? {
            None | Some("form") => Ok(RequestFormat::Form),
            Some("json") => Ok(RequestFormat::Json),
            Some(_) => Err(self.problem(key, format!("`oauth.{key}` takes `form` or `json`"), &[])),
        }
    }

    fn login(&self, key: &str) -> Result<Option<ClientLogin>, Problem> {
        match self.text(key)? {
            None => Ok(None),
            Some("form") => Ok(Some(ClientLogin::Form)),
            Some("basic") => Ok(Some(ClientLogin::Basic)),
            Some("private_key_jwt") => Ok(Some(ClientLogin::PrivateKeyJwt)),
            Some(_) => {
                let title = format!("`oauth.{key}` takes `form`, `basic` or `private_key_jwt`");
                Err(self.problem(key, title, &[]))
            }
        }
    }

    /// These keys say how a token is revoked, so there must be a place where.
    fn must_revoke(&self, keys: &[&str]) -> Result<(), Problem> {
        for key in keys {
            if self.text(key)?.is_some() && self.text("revoke")?.is_none() {
                let help = "add `revoke`, the URL where the receiver revokes tokens".to_owned();
                let title = format!("`oauth.{key}` applies only to `revoke`");
                return Err(self.problem(key, title, &[help]));
            }
        }
        Ok(())
    }

    fn await_expiry(&self, oauth: &mut OAuth) -> Result<(), Problem> {
        let Some(length) = self.text("await_expiry")? else { return Ok(()) };
        oauth.invalid.await_expiry =
            duration(length).filter(|length| *length <= LONGEST_WAIT).ok_or_else(|| {
                let title = "`oauth.await_expiry` takes a length of time, at most 10 minutes";
                self.problem("await_expiry", title, &["write it like `10s`".to_owned()])
            })?;
        Ok(())
    }

    fn token_use(&self, oauth: &mut OAuth) -> Result<(), Problem> {
        let margin = match self.text("margin")? {
            None => None,
            Some(length) => Some(duration(length).ok_or_else(|| {
                let title =
                    format!("`oauth.margin` takes a length of time; {}", no_duration(length));
                self.problem("margin", title, &[])
            })?),
        };
        let cached = |margin: Option<Duration>| TokenUse::Cached {
            margin: margin.unwrap_or(TokenUse::USUAL_MARGIN),
        };
        let keeps = oauth.token_use != TokenUse::PerAttempt;
        oauth.token_use = match (self.text("token_use")?, margin) {
            (Some("cached"), margin) => cached(margin),
            (None, margin @ Some(_)) if keeps => cached(margin),
            (Some("per-attempt"), None) => TokenUse::PerAttempt,
            (None, None) => oauth.token_use,
            (Some("per-attempt") | None, Some(_)) => {
                let help = "add `token_use: cached`, or leave out the margin".to_owned();
                return Err(self.problem(
                    "margin",
                    "`oauth.margin` applies only to cached tokens",
                    &[help],
                ));
            }
            (Some(_), _) => {
                let title = "`oauth.token_use` takes `per-attempt` or `cached`";
                return Err(self.problem("token_use", title, &[]));
            }
        };
        Ok(())
    }

    fn other_client(&self, itself: &Client) -> Result<Option<Client>, Problem> {
        let given = match self.get("other_client") {
            None | Some(Json::Null) => return Ok(None),
            Some(Json::Object(given)) => given,
            Some(_) => {
                let help = "write `other_client: { client_id: …, client_secret: … }`".to_owned();
                return Err(self.problem(
                    "other_client",
                    "`oauth.other_client` takes an id and a secret",
                    &[help],
                ));
            }
        };
        let known = OtherClientSection::KEYS;
        let part = Part { name: "oauth.other_client", known, given, ..*self };
        part.check_keys()?;
        let id = part.text("client_id")?.ok_or_else(|| part.missing("client_id"))?.to_owned();
        let secret = part.secret("client_secret")?.ok_or_else(|| part.missing("client_secret"))?;
        if id == itself.id {
            let help = "it must be a client that must not send these webhooks".to_owned();
            return Err(self.problem(
                "other_client",
                "`oauth.other_client` is the vendor's own client",
                &[help],
            ));
        }
        Ok(Some(Client { id, secret }))
    }
}

#[cfg(test)]
mod tests {
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
        let mut oauth = OAuth::of("doo");
        read(&source, given.referenced, &given.value, (&base, &Allowed::default()), &mut oauth)
            .map(|()| oauth)
            .map_err(|problem| problem.to_string())
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
            (
                "client_secrt: s3cr3t",
                "unknown key `oauth.client_secrt`; did you mean `client_secret`?",
            ),
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
            (
                "request_with: s3cr3t",
                "`oauth.request_with` takes `form`, `basic` or `private_key_jwt`",
            ),
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
}
