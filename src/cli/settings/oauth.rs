//! The key `oauth` of a vendor's section: how the vendor requests and uses tokens, and which tokens
//! the receiver must refuse.
//!
//! It is read key by key, since the parser's own messages could show a secret.

mod assertion;
pub mod part;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value as Json};
use serde_saphyr::Location;

use self::part::{Logins, Part};
use super::deliver::Base;
use super::headers;
use super::keys::{OAuthSection, OtherClientSection};
use super::source::{Source, keep};
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

/// Reads the value of `oauth` into the vendor's policy. Adds each mistake to the list.
pub fn read(
    source: &Source<'_>,
    at: Location,
    given: &BTreeMap<String, Json>,
    (base, allowed): (&Base, &Allowed),
    oauth: &mut OAuth,
    problems: &mut Vec<Problem>,
) {
    let given: Map<String, Json> = given.clone().into_iter().collect();
    let part = Part { source, at, name: "oauth", known: OAuthSection::KEYS, given: &given };
    problems.extend(part.unknown_keys(&[]));
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
    oauth.endpoint = part.needed("endpoint", address("endpoint"), problems);
    oauth.invalid.revocation = keep(address("revoke"), problems).flatten();
    let logins = part.logins(oauth, problems);
    part.single_keys(oauth, problems);
    if oauth.grant == Grant::JwtBearer {
        problems.extend(part.keys_of_a_client());
    }
    problems.extend(part.of_no_revocation());
    for name in REQUEST_FIELDS {
        let value = keep(part.text(name), problems).flatten();
        oauth.request_fields.extend(value.map(|value| (*name, value.to_owned())));
    }
    oauth.assertion = assertion::read(&part, oauth, logins, problems);
    part.client_secret(oauth, logins, problems);
    oauth.invalid.other_client = part.other_client(&oauth.client, problems);
}

impl Part<'_> {
    /// The keys that mean something whatever the others say.
    fn single_keys(&self, oauth: &mut OAuth, problems: &mut Vec<Problem>) {
        keep(self.client_id(oauth), problems);
        keep(self.header(oauth), problems);
        keep(self.header_value(oauth), problems);
        keep(self.request_format(oauth), problems);
        keep(self.revoke_format(oauth), problems);
        keep(self.token_use(oauth), problems);
        // It is wrong whatever `token_use` says.
        keep(self.margin(), problems);
        keep(self.expired_token(oauth), problems);
        keep(self.await_expiry(oauth), problems);
    }

    fn client_id(&self, oauth: &mut OAuth) -> Result<(), Problem> {
        if let Some(id) = self.text("client_id")? {
            oauth.client.id = id.to_owned();
        }
        Ok(())
    }

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
        Ok(())
    }

    fn header_value(&self, oauth: &mut OAuth) -> Result<(), Problem> {
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
    fn client_secret(&self, oauth: &mut OAuth, logins: Logins, problems: &mut Vec<Problem>) {
        let secret = self.secret("client_secret");
        if logins == Logins::Unclear {
            keep(secret, problems);
            return;
        }
        let revokes = self.has("revoke_with").then_some(oauth.invalid.revoke_with);
        let mut logins = [Some(oauth.request_with), revokes].into_iter().flatten();
        let needed = oauth.grant == Grant::ClientCredentials
            && logins.any(|login| login != ClientLogin::PrivateKeyJwt);
        let secret = match needed {
            true => self.needed("client_secret", secret, problems),
            false => keep(secret, problems).flatten(),
        };
        if secret.is_some() && !needed {
            let title = "`oauth.client_secret` is of no use beside `oauth.assertion`";
            let help = "remove it: the assertion proves who asks".to_owned();
            problems.push(self.problem("client_secret", title, &[help]));
        }
        oauth.client.secret = secret.unwrap_or_else(|| Secret::new(""));
    }

    /// The keys about a client. A vendor that asks with an assertion alone has none at the receiver.
    fn keys_of_a_client(&self) -> Vec<Problem> {
        let help = [
            "remove it: the assertion is all that this vendor shows",
            "or let a client with a secret ask: `client_secret`, and no `assertion`",
        ];
        let problem = |key: &&str| {
            let title = format!("`oauth.{key}` applies only to a vendor with a client id");
            self.problem(key, title, &help.map(str::to_owned))
        };
        CLIENT_KEYS.iter().filter(|key| self.has(key)).map(problem).collect()
    }

    /// How the client proves itself where it asks for a token, and where it revokes one.
    fn logins(&self, oauth: &mut OAuth, problems: &mut Vec<Problem>) -> Logins {
        let [request, revoke] =
            ["request_with", "revoke_with"].map(|key| keep(self.login(key), problems));
        let (Some(request), Some(revoke)) = (request, revoke) else { return Logins::Unclear };
        oauth.request_with = request.unwrap_or(oauth.request_with);
        oauth.invalid.revoke_with = revoke.unwrap_or_default();
        match self.unknown_keys(&[]).is_empty() {
            true => Logins::Known,
            false => Logins::Unclear,
        }
    }

    fn request_format(&self, oauth: &mut OAuth) -> Result<(), Problem> {
        oauth.request_format = self.format("request_format")?;
        Ok(())
    }

    fn revoke_format(&self, oauth: &mut OAuth) -> Result<(), Problem> {
        oauth.invalid.revoke_format = self.format("revoke_format")?;
        Ok(())
    }

    fn expired_token(&self, oauth: &mut OAuth) -> Result<(), Problem> {
        oauth.invalid.expired = self.secret("expired_token")?;
        if oauth.invalid.expired.as_ref().is_some_and(|token| !is_sendable(token.reveal())) {
            let title = "`oauth.expired_token` is not allowed in a header";
            return Err(self.problem("expired_token", title, &[]));
        }
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

    /// The keys that say how a token is revoked, where there is no place to do so.
    fn of_no_revocation(&self) -> Vec<Problem> {
        let problem = |key| {
            let help = "add `revoke`, the URL where the receiver revokes tokens".to_owned();
            self.problem(key, format!("`oauth.{key}` applies only to `revoke`"), &[help])
        };
        let keys = ["revoke_with", "revoke_format"].into_iter();
        keys.filter(|key| self.has(key) && !self.has("revoke")).map(problem).collect()
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

    fn margin(&self) -> Result<Option<Duration>, Problem> {
        let Some(length) = self.text("margin")? else { return Ok(None) };
        duration(length).map(Some).ok_or_else(|| {
            let title = format!("`oauth.margin` takes a length of time; {}", no_duration(length));
            self.problem("margin", title, &[])
        })
    }

    fn token_use(&self, oauth: &mut OAuth) -> Result<(), Problem> {
        let given = self.text("token_use")?;
        if given.is_some_and(|given| !["cached", "per-attempt"].contains(&given)) {
            let title = "`oauth.token_use` takes `per-attempt` or `cached`";
            return Err(self.problem("token_use", title, &[]));
        }
        let margin = self.margin()?;
        let cached = |margin: Option<Duration>| TokenUse::Cached {
            margin: margin.unwrap_or(TokenUse::USUAL_MARGIN),
        };
        let keeps = oauth.token_use != TokenUse::PerAttempt;
        oauth.token_use = match (given, margin) {
            (Some("cached"), margin) => cached(margin),
            (None, margin @ Some(_)) if keeps => cached(margin),
            (Some(_), None) => TokenUse::PerAttempt,
            (None, None) => oauth.token_use,
            (_, Some(_)) => {
                let help = "add `token_use: cached`, or leave out the margin".to_owned();
                return Err(self.problem(
                    "margin",
                    "`oauth.margin` applies only to cached tokens",
                    &[help],
                ));
            }
        };
        Ok(())
    }

    fn other_client(&self, itself: &Client, problems: &mut Vec<Problem>) -> Option<Client> {
        let mut wrong = |title, help: &str| {
            problems.push(self.problem("other_client", title, &[help.to_owned()]))
        };
        let given = match self.get("other_client") {
            None | Some(Json::Null) => return None,
            Some(Json::Object(given)) => given,
            Some(_) => {
                let title = "`oauth.other_client` takes an id and a secret";
                wrong(title, "write `other_client: { client_id: …, client_secret: … }`");
                return None;
            }
        };
        let known = OtherClientSection::KEYS;
        let part = Part { name: "oauth.other_client", known, given, ..*self };
        let id = part.text("client_id");
        if id.as_ref().is_ok_and(|id| id.is_some_and(|id| id == itself.id)) {
            let title = "`oauth.other_client` is the vendor's own client";
            wrong(title, "it must be a client that must not send these webhooks");
        }
        problems.extend(part.unknown_keys(&[]));
        let id = part.needed("client_id", id, problems);
        let secret = part.needed("client_secret", part.secret("client_secret"), problems);
        Some(Client { id: id?.to_owned(), secret: secret? })
    }
}
