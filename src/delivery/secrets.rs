//! All secrets of the process. Whatever a receiver says may repeat any of them, not only those of the
//! request that it answers.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use serde_json::Value as Json;

use crate::model::Secret;
use crate::policy::mask::{self, Needles};

/// Shorter values occur everywhere by chance: to mask them would hide what the receiver says, and still
/// tell them.
const SHORTEST: usize = 3;

/// How many of the tokens that receivers have issued are remembered. An answer that repeats an older one
/// is still searched for what looks like a token.
const TOKENS: usize = 128;

/// The secrets that no text of a receiver may show. Clones share the tokens.
#[derive(Clone, Debug)]
pub struct Secrets {
    known: Arc<Needles>,
    tokens: Arc<Mutex<Tokens>>,
}

/// The last tokens, and the same to search for.
#[derive(Debug)]
struct Tokens {
    issued: VecDeque<Secret>,
    needles: Arc<Needles>,
}

impl Default for Secrets {
    fn default() -> Self {
        Self::new([])
    }
}

impl Secrets {
    /// These secrets, and the parts of them that a receiver may repeat alone.
    pub fn new(secrets: impl IntoIterator<Item = Secret>) -> Self {
        let mut known: Vec<String> = Vec::new();
        for secret in secrets {
            known.extend(parts(secret.reveal()));
            known.push(secret.reveal().to_owned());
        }
        known.retain(|secret| secret.len() >= SHORTEST);
        known.sort_unstable();
        known.dedup();
        let none = || Arc::new(Needles::new(std::iter::empty()));
        let tokens = Tokens { issued: VecDeque::new(), needles: none() };
        Self {
            known: Arc::new(Needles::new(known.iter().map(String::as_str))),
            tokens: Arc::new(Mutex::new(tokens)),
        }
    }

    /// Remembers a token that a receiver has issued, or that is used again.
    pub fn issued(&self, token: &Secret) {
        if token.reveal().len() < SHORTEST {
            return;
        }
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = tokens.issued.iter().position(|one| one == token) {
            // It is in use.
            tokens.issued.remove(place);
            tokens.issued.push_back(token.clone());
            return;
        }
        tokens.issued.push_back(token.clone());
        let oldest = if tokens.issued.len() > TOKENS { tokens.issued.pop_front() } else { None };
        let needles = Arc::make_mut(&mut tokens.needles);
        needles.add(token.reveal());
        oldest.iter().for_each(|oldest| needles.remove(oldest.reveal()));
    }

    /// The text without secrets, also without those of the request that it answers.
    pub fn without(&self, text: Bytes, own: &Needles) -> Bytes {
        mask::masked_by(text, &[&self.known, &self.tokens(), own])
    }

    /// The bytes without secrets.
    pub fn bytes(&self, text: &[u8]) -> Bytes {
        mask::masked_by(Bytes::copy_from_slice(text), &[&self.known, &self.tokens()])
    }

    fn tokens(&self) -> Arc<Needles> {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&tokens.needles)
    }

    /// The text without secrets.
    pub fn text(&self, text: &str) -> String {
        let masked = self.bytes(text.as_bytes());
        String::from_utf8_lossy(&masked).into_owned()
    }

    /// The value without secrets: neither its texts nor its numbers nor its keys show one.
    pub fn json(&self, value: Json) -> Json {
        match value {
            Json::String(text) => Json::String(self.text(&text)),
            Json::Number(number) => {
                let text = number.to_string();
                let shown = self.text(&text);
                if shown == text { Json::Number(number) } else { Json::String(shown) }
            }
            Json::Array(list) => list.into_iter().map(|one| self.json(one)).collect(),
            Json::Object(object) => {
                let pairs = object.into_iter();
                pairs.map(|(key, value)| (self.text(&key), self.json(value))).collect()
            }
            other => other,
        }
    }
}

/// What a receiver may repeat of the value of a header: the part behind the scheme, and the login in
/// that of HTTP Basic.
fn parts(value: &str) -> Vec<String> {
    let Some((scheme, bare)) = value.split_once(' ') else { return Vec::new() };
    let mut parts = vec![bare.trim().to_owned()];
    if scheme.eq_ignore_ascii_case("basic")
        && let Ok(login) = BASE64.decode(bare.trim())
        && let Ok(login) = String::from_utf8(login)
    {
        parts.extend(login.split_once(':').map(|(_, password)| password.to_owned()));
        parts.push(login);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_secret_of_any_vendor_is_masked_with_its_parts() {
        // base64 of `anna:pa55word`.
        let secrets = ["Bearer t0ken-1", "Basic YW5uYTpwYTU1d29yZA==", "k3y", "no"];
        let secrets = Secrets::new(secrets.map(Secret::new));
        for (said, shown) in [
            ("got Bearer t0ken-1", "got ***"),
            ("got t0ken-1!", "got ***!"),
            ("anna:pa55word", "***"),
            ("password pa55word", "password ***"),
            ("k3y", "***"),
            ("no, not known", "no, not known"),
        ] {
            assert_eq!(secrets.text(said), shown);
        }
    }

    #[test]
    fn a_token_is_a_secret_of_all_clones_once_it_is_issued() {
        let secrets = Secrets::default();
        let clone = secrets.clone();
        assert_eq!(clone.text("tok-1"), "tok-1");
        secrets.issued(&Secret::new("tok-1"));
        assert_eq!(clone.text("tok-1"), "***");
        for number in 0..2 * TOKENS {
            secrets.issued(&Secret::new(format!("other-{number}-")));
        }
        let kept = secrets.tokens.lock().expect("no panic").issued.len();
        assert_eq!(kept, TOKENS);
    }

    #[test]
    fn a_value_of_json_keeps_its_form() {
        let secrets = Secrets::new(["s3cr3t", "12345"].map(Secret::new));
        let value = json!({"a": ["s3cr3t", 1, null], "s3cr3t": {"b": 12345}});
        assert_eq!(secrets.json(value), json!({"a": ["***", 1, null], "***": {"b": "***"}}));
    }
}
