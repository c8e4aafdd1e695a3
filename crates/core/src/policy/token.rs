//! Token requests: the request, the token in the answer, and which parts of both may be shown
//! (RFC 6749, section 4.4; RFC 7009).

mod form;
mod request;

use std::borrow::Cow;
use std::sync::LazyLock;
use std::time::Duration;

use bytes::Bytes;
use regex::bytes::Regex;
use serde_json::Value as Json;

use super::sign::is_sendable;
use crate::model::fault::CredentialDamage;
use crate::model::policy::Client;
use crate::model::secret::MASK;
use crate::model::{Failure, OAuth, Outcome, Secret, unreadable};

pub use form::Form;
pub use request::{request, revocation};

/// The longest token that is sent, in bytes. Most servers refuse longer header lines.
const LONGEST: usize = 16 * 1024;
/// A longer lifetime of a token counts as this. It is longer than any run.
const LONGEST_LIFE: Duration = Duration::from_secs(366 * 24 * 3600);

/// A token that the receiver issued.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// The token itself.
    pub secret: Secret,
    /// Its lifetime, if the answer has it (`expires_in`).
    pub lives: Option<Duration>,
}

/// Where the token of an attempt comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source<'a> {
    /// The attempt needs no token.
    Nowhere,
    /// From standin.yaml.
    Known(&'a Secret),
    /// The vendor requests it.
    Own,
    /// The vendor requests it, then revokes it.
    Revoked,
    /// Another client requests it.
    Other(&'a Client),
}

/// Where the token of an attempt with this damage comes from.
pub fn source(oauth: &OAuth, damage: Option<CredentialDamage>) -> Source<'_> {
    let invalid = &oauth.invalid;
    if oauth.endpoint.is_none() {
        return Source::Nowhere;
    }
    match damage {
        None
        | Some(
            CredentialDamage::Wrong
            | CredentialDamage::Nearly(_)
            | CredentialDamage::OtherGrant
            | CredentialDamage::UnknownClient
            | CredentialDamage::OtherField
            | CredentialDamage::Assertion(_),
        ) => Source::Own,
        Some(CredentialDamage::Expired) => {
            invalid.expired.as_ref().map_or(Source::Nowhere, Source::Known)
        }
        Some(CredentialDamage::Revoked) => Source::Revoked,
        Some(CredentialDamage::OtherClient) => {
            invalid.other_client.as_ref().map_or(Source::Nowhere, Source::Other)
        }
        // Most of these concern signatures only.
        Some(_) => Source::Nowhere,
    }
}

/// The key that is missing under `oauth` in standin.yaml for this damage. `None` if nothing is
/// missing.
pub fn lacking(oauth: &OAuth, damage: CredentialDamage) -> Option<&'static str> {
    let invalid = &oauth.invalid;
    let (name, given) = match damage {
        CredentialDamage::Expired => ("expired_token", invalid.expired.is_some()),
        CredentialDamage::Revoked => ("revoke", invalid.revocation.is_some()),
        CredentialDamage::OtherClient => ("other_client", invalid.other_client.is_some()),
        CredentialDamage::Assertion(_) => ("assertion", oauth.assertion.is_some()),
        _ => return None,
    };
    (!given).then_some(name)
}

/// Whether a run of the contract may get an expired token by waiting for one.
pub fn may_await_expiry(oauth: &OAuth) -> bool {
    let invalid = &oauth.invalid;
    oauth.endpoint.is_some() && invalid.expired.is_none() && !invalid.await_expiry.is_zero()
}

/// The token in an answer.
///
/// # Errors
/// What is wrong with the answer, in a few words and without the token.
pub fn read(answer: &[u8]) -> Result<Token, String> {
    let json: Json = serde_json::from_slice(answer).map_err(|error| {
        let why = unreadable::beyond_us(&error).unwrap_or("is not JSON");
        format!("the answer {why}")
    })?;
    let token = match &json["access_token"] {
        Json::Null => return Err("the answer has no `access_token`".to_owned()),
        Json::String(token) if token.is_empty() => Err("`access_token` is empty"),
        Json::String(token) if token.len() > LONGEST => Err("`access_token` is longer than 16 KiB"),
        Json::String(token) if !is_sendable(token) => {
            Err("`access_token` is not allowed in a header")
        }
        Json::String(token) => Ok(token),
        _ => Err("`access_token` is not a string"),
    };
    let lives = match &json["expires_in"] {
        Json::Number(seconds) => seconds.as_f64(),
        // Some receivers write the number as a string.
        Json::String(seconds) => seconds.trim().parse().ok(),
        _ => None,
    };
    let lives = lives.filter(|seconds| seconds.is_finite()).map(|seconds| {
        Duration::try_from_secs_f64(seconds.max(0.0))
            .map_or(LONGEST_LIFE, |it| it.min(LONGEST_LIFE))
    });
    token.map(|token| Token { secret: Secret::new(token.as_str()), lives }).map_err(str::to_owned)
}

static TOKENS: LazyLock<Regex> = LazyLock::new(|| {
    // Finds tokens in truncated JSON, in a form and in prose.
    let pattern = r#"(?i-u)((?:access|refresh|id)_?-?token["']?\s*[:=]\s*)(?:"(?:[^"\\]|\\.)*"?|[^"'&\s,}]+)"#;
    Regex::new(pattern).unwrap_or_else(|error| panic!("the pattern of tokens: {error}"))
});

/// Finds signed JWTs (RFC 7515, section 7.1): assertions, and tokens that are some.
static JWTS: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?-u)eyJ[\w-]+\.[\w-]+\.[\w-]*";
    Regex::new(pattern).unwrap_or_else(|error| panic!("the pattern of JWTs: {error}"))
});

/// The texts that a token endpoint's answer may show: the documented ones (doo: AU), and those of
/// RFC 6749, sections 5.1 and 5.2. Any other text may be a token.
const SHOWN: &[&str] =
    &["message", "description", "error", "error_description", "error_uri", "token_type", "scope"];

/// The answer of a token endpoint without secrets. An accepted answer that cannot be read as JSON may be the
/// bare token.
pub fn masked(answer: &Bytes, outcome: &Outcome) -> Bytes {
    let accepted = matches!(outcome, Outcome::Accepted | Outcome::Failed(Failure::NoToken(_)));
    match serde_json::from_slice::<Json>(answer) {
        Ok(mut json) => {
            mask(&mut json);
            without_jwts(&json.to_string().into())
        }
        Err(_) if accepted && !answer.is_empty() => {
            format!("{MASK} ({} bytes that cannot be read as JSON)", answer.len()).into()
        }
        Err(_) => masked_prose(answer),
    }
}

/// Masks every text that is not known to be harmless.
fn mask(json: &mut Json) {
    match json {
        Json::String(text) => MASK.clone_into(text),
        Json::Array(list) => list.iter_mut().for_each(mask),
        Json::Object(object) => {
            let harmless = |key: &str, value: &Json| SHOWN.contains(&key) && value.is_string();
            object.iter_mut().filter(|(key, value)| !harmless(key, value)).for_each(
                |(_, value)| {
                    mask(value);
                },
            );
        }
        _ => {}
    }
}

/// The text of any other answer, with everything masked that it calls a token, or that is a JWT.
pub fn masked_prose(answer: &Bytes) -> Bytes {
    without_jwts(&replaced(&TOKENS, answer, &format!("$1\"{MASK}\"")))
}

/// The text without the assertion that was sent, or another one.
fn without_jwts(answer: &Bytes) -> Bytes {
    replaced(&JWTS, answer, MASK)
}

fn replaced(pattern: &Regex, text: &Bytes, with: &str) -> Bytes {
    match pattern.replace_all(text, with.as_bytes()) {
        Cow::Borrowed(_) => text.clone(),
        Cow::Owned(masked) => masked.into(),
    }
}

#[cfg(test)]
mod tests;
