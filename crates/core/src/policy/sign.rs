//! The headers that prove who sends, and what faults do to them. They are made when the request is
//! sent.

mod damaged;
mod moved;
mod signer;

use sha2::{Digest as _, Sha256};
use url::Url;

use super::header::{Header, HeaderValue};
use super::key::{self, SigningKey};
use super::near;
use super::signed::{self, Message};
use crate::model::fault::CredentialDamage;
use crate::model::policy::{Signature, SignedPart, TOKEN_PLACE};
use crate::model::signature::{Moment, Retried, Sending, TIMESTAMP_PLACE};
use crate::model::{Authentication, OAuth, Secret, Webhook};

pub(super) use damaged::damaged_secret;
use damaged::{MALFORMED, damaged};
pub use signer::{SIGNATURE, SignatureText, Signer};

/// A body that no webhook has.
const OTHER_BODY: &[u8] = b"{}";

/// The credentials of a request with this token (if the vendor uses tokens). A fault may damage them.
pub fn credentials(
    authentication: &Authentication,
    token: Option<&Secret>,
    message: &Message<'_>,
    damage: Option<CredentialDamage>,
) -> Vec<Header> {
    if damage == Some(CredentialDamage::Missing) {
        return Vec::new();
    }
    match authentication {
        Authentication::None => Vec::new(),
        Authentication::Headers(headers) => {
            let values = headers.iter().enumerate().map(|(place, (name, secret))| {
                let damage = damaged::at(place, headers.len(), damage);
                header(name, damaged(secret.reveal(), damage))
            });
            values.collect()
        }
        Authentication::Signature(signature) => {
            let values = signatures(signature, message, damage).into_iter();
            let values = values.map(|value| header(&signature.header, value));
            told(signature, message, damage).chain(values).collect()
        }
        Authentication::Token(oauth) => {
            let value = token_value(oauth, token, damage);
            value.map(|value| header(&oauth.header, value)).into_iter().collect()
        }
    }
}

/// The value of the header that carries a token. A fault that sends an expired, revoked or foreign
/// token changes nothing here: it has already chosen the token.
fn token_value(
    oauth: &OAuth,
    token: Option<&Secret>,
    damage: Option<CredentialDamage>,
) -> Option<String> {
    oauth.endpoint.as_ref()?;
    match damage {
        Some(CredentialDamage::Empty | CredentialDamage::Malformed) => {
            Some(damaged(&oauth.header_value, damage))
        }
        damage => {
            let token = damaged_secret(token?.reveal(), damage);
            Some(oauth.header_value.replace(TOKEN_PLACE, &token))
        }
    }
}

/// The URL that the credentials of a request cover, with this damage. `None` if they cover no URL.
pub fn signed_url(
    authentication: &Authentication,
    url: &str,
    damage: Option<CredentialDamage>,
) -> Option<String> {
    let signs =
        has_credentials(authentication) && signed_parts(authentication).contains(&SignedPart::Url);
    match damage {
        _ if !signs => None,
        Some(CredentialDamage::Missing | CredentialDamage::Empty | CredentialDamage::Malformed) => {
            None
        }
        Some(CredentialDamage::OtherUrl) => Some(other_url(url)),
        Some(_) | None => Some(url.to_owned()),
    }
}

/// What a signature can cover of an attempt at this time, besides its request. The id follows from the
/// webhook.
pub fn moment(authentication: &Authentication, webhook: &Webhook, sending: Sending) -> Moment {
    let Authentication::Signature(signature) = authentication else { return Moment::default() };
    if Signer::can_make(signature) {
        return Moment::default();
    }
    // The ids of subjects differ from run to run.
    let (seq, subject) = (webhook.seq.to_le_bytes(), webhook.subject.id.as_bytes());
    moment_of(signature, &[webhook.account.as_bytes(), &seq, subject, &webhook.body], sending)
}

/// The moment of a message that is told from others by these parts.
pub fn moment_of(signature: &Signature, parts: &[&[u8]], sending: Sending) -> Moment {
    let at = match signature.retry_time {
        Retried::New => sending.this,
        Retried::Same => sending.first,
    };
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    if signature.retry_id == Retried::New && sending.this != sending.first {
        hash.update(sending.this.as_nanosecond().to_le_bytes());
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    let id = uuid::Builder::from_random_bytes(bytes).into_uuid().to_string();
    Moment { id, at_s: at.as_second() }
}

/// The names of the headers that carry the credentials, and what else their signature tells.
pub fn headers(authentication: &Authentication) -> Vec<&str> {
    match authentication {
        Authentication::None => Vec::new(),
        Authentication::Headers(headers) => headers.keys().map(String::as_str).collect(),
        Authentication::Signature(signature) => {
            let told = [&signature.id_header, &signature.time_header].into_iter().flatten();
            told.chain([&signature.header]).map(String::as_str).collect()
        }
        Authentication::Token(oauth) => vec![&oauth.header],
    }
}

/// Whether requests tell the time of sending.
pub fn tells_time(authentication: &Authentication) -> bool {
    let Authentication::Signature(signature) = authentication else { return false };
    signature.time_header.is_some() || signature.value.contains(TIMESTAMP_PLACE)
}

/// Whether the vendor sends any credentials.
pub fn has_credentials(authentication: &Authentication) -> bool {
    match authentication {
        Authentication::None => false,
        Authentication::Headers(headers) => !headers.is_empty(),
        Authentication::Signature(signature) => signature.secret.is_some(),
        Authentication::Token(oauth) => oauth.endpoint.is_some(),
    }
}

/// Whether the vendor signs, but the user has given no secret.
pub fn lacks_secret(authentication: &Authentication) -> bool {
    matches!(authentication, Authentication::Signature(Signature { secret: None, .. }))
}

/// The parts of a request that the vendor signs, be it by their hash. Who signs the path signs the URL in part, and who
/// signs the fields of a form signs the body in part. Empty if it signs nothing.
pub fn signed_parts(authentication: &Authentication) -> Vec<SignedPart> {
    let Authentication::Signature(signature) = authentication else { return Vec::new() };
    let hashed = signature.body_hash.iter().map(|_| SignedPart::Body);
    let url = signature.over.iter().filter(|part| **part == SignedPart::Path);
    let url = url.map(|_| SignedPart::Url);
    let fields = signature.over.iter().filter(|part| **part == SignedPart::Form);
    let fields = fields.map(|_| SignedPart::Body);
    signature.over.iter().cloned().chain(hashed).chain(url).chain(fields).collect()
}

/// Every secret by which a vendor proves itself.
pub fn secrets(authentication: &Authentication) -> Vec<&Secret> {
    match authentication {
        Authentication::None => Vec::new(),
        Authentication::Headers(headers) => headers.values().collect(),
        Authentication::Signature(signature) => signature.keys().collect(),
        Authentication::Token(oauth) => {
            let other = oauth.invalid.other_client.as_ref().map(|client| &client.secret);
            let expired = oauth.invalid.expired.as_ref();
            let key = oauth.assertion.as_ref().map(|assertion| &assertion.key);
            [Some(&oauth.client.secret), other, expired, key].into_iter().flatten().collect()
        }
    }
}

/// Whether a text is allowed in a header: printable ASCII, with no space at either end.
pub fn is_sendable(text: &str) -> bool {
    text.trim() == text && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

fn header(name: &str, value: String) -> Header {
    Header { name: name.to_owned(), value: HeaderValue::Secret(Secret::new(value)) }
}

/// The headers that say the id and the time of a message, if it is signed.
fn told(
    signature: &Signature,
    message: &Message<'_>,
    damage: Option<CredentialDamage>,
) -> impl Iterator<Item = Header> {
    let told = moved::told(message.moment, damage);
    let id = signature.id_header.as_ref().filter(|_| damage != Some(CredentialDamage::NoId));
    let time = signature.time_header.as_ref().filter(|_| damage != Some(CredentialDamage::NoTime));
    let id = id.map(|name| (name, told.id.clone()));
    let time = time.map(|name| (name, told.at_s.to_string()));
    let named = id.into_iter().chain(time).filter(|_| signature.secret.is_some());
    let plain = |(name, value): (&String, String)| Header {
        name: name.clone(),
        value: HeaderValue::Plain(value),
    };
    named.map(plain).collect::<Vec<_>>().into_iter()
}

/// The values of the header of a request's signatures, each in its own line. Empty without a secret, or
/// if [`signed::check`] refuses it.
fn signatures(
    signature: &Signature,
    message: &Message<'_>,
    damage: Option<CredentialDamage>,
) -> Vec<String> {
    let keys = signed::keys(signature).unwrap_or_default();
    if keys.is_empty() {
        return Vec::new();
    }
    let (covered, told) =
        (moved::covered(message.moment, damage), moved::told(message.moment, damage));
    let form = moved::form(signature, damage);
    let written = |keys: &[SigningKey], message: &Message<'_>, near| {
        let text = Message { moment: &covered, ..*message }.text(&signature.over);
        let write = |key: &SigningKey| match near {
            Some(near) => near::signature(&key.sign(&text), signature.encoding, near),
            None => key::encode(signature.encoding, &key.sign(&text)),
        };
        let signatures: Vec<String> = keys.iter().map(write).collect();
        signed::value(&form, &Message { moment: &told, ..*message }, &signatures).ok()
    };
    let right = |message: &Message<'_>| written(&keys, message, None);
    // A signature with another secret has the right form and reveals nothing about the right one.
    let others: Vec<SigningKey> = keys.iter().map(SigningKey::other).collect();
    let wrong = || written(&others, message, None);
    let both = |first: &[SigningKey], second: &[SigningKey]| {
        let all: Vec<SigningKey> = first.iter().chain(second).cloned().collect();
        written(&all, message, None)
    };
    let values = match damage {
        None => vec![right(message)],
        Some(CredentialDamage::Missing) => Vec::new(),
        Some(CredentialDamage::Empty) => vec![Some(String::new())],
        Some(CredentialDamage::Malformed) => vec![Some(MALFORMED.to_owned())],
        Some(CredentialDamage::Wrong) => vec![wrong()],
        Some(CredentialDamage::OtherUrl) => {
            vec![right(&Message { url: &other_url(message.url), ..*message })]
        }
        Some(CredentialDamage::Doubled) => vec![wrong(), right(message)],
        Some(CredentialDamage::Nearly(near)) => vec![written(&keys, message, Some(near))],
        Some(CredentialDamage::OtherBody) => {
            let url = signed::url_of_other(signature, message, OTHER_BODY);
            vec![right(&Message { url: &url, body: OTHER_BODY, ..*message })]
        }
        Some(CredentialDamage::WithOlderKey) => vec![both(&keys, &others)],
        Some(CredentialDamage::WithNewerKey) => vec![both(&others, &keys)],
        // These concern what the signature covers, or tokens.
        Some(_) => vec![right(message)],
    };
    values.into_iter().flatten().collect()
}

/// The URL with the path `/`. If that is the URL itself, the path is `/other`.
fn other_url(url: &str) -> String {
    let beside = |path: &str| {
        let other = Url::parse(url).and_then(|url| url.join(path));
        other.map_or_else(|_| format!("{url}{path}"), String::from)
    };
    let root = beside("/");
    if root == url { beside("/other") } else { root }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD as BASE64;

    use super::*;
    const URL: &str = "http://127.0.0.1:8080/webhooks?of=one";
    const BODY: &[u8] = br#"{"a":1}"#;
    const OVER: &[SignedPart] = &[SignedPart::Url, SignedPart::Body];

    fn signature(secret: Option<&str>) -> Authentication {
        Authentication::Signature(Signature {
            header: "X-Signature".to_owned(),
            secret: secret.map(Secret::new),
            over: OVER.to_vec(),
            ..Signature::default()
        })
    }

    /// The right signature with this key.
    fn signed(key: &str, url: &str, body: &[u8]) -> String {
        let headers = sent(&signature(Some(key)), None, (url, body), None);
        headers[0].value.reveal().to_owned()
    }

    /// The credentials of a request with this URL and this body.
    fn sent(
        authentication: &Authentication,
        token: Option<&Secret>,
        (url, body): (&str, &[u8]),
        damage: Option<CredentialDamage>,
    ) -> Vec<Header> {
        let moment = Moment::default();
        let message = Message { moment: &moment, method: "POST", url, content_type: "", body };
        credentials(authentication, token, &message, damage)
    }

    fn values(authentication: &Authentication, damage: Option<CredentialDamage>) -> Vec<String> {
        let headers = sent(authentication, None, (URL, BODY), damage);
        headers.iter().map(|header| header.value.reveal().to_owned()).collect()
    }

    #[test]
    fn a_signature_is_the_base64_of_hmac_sha256() {
        // RFC 4231, test case 2: key "Jefe", data "what do ya want for nothing?".
        let value = signed("Jefe", "what do ya want ", b"for nothing?");
        assert_eq!(value, "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
    }

    #[test]
    fn each_damage_gives_another_signature() {
        let signing = signature(Some("key"));
        let right = signed("key", URL, BODY);
        assert_eq!(values(&signing, None), [right.as_str()]);
        assert_eq!(values(&signing, Some(CredentialDamage::Missing)), [""; 0]);
        assert_eq!(values(&signing, Some(CredentialDamage::Empty)), [""]);
        let malformed = values(&signing, Some(CredentialDamage::Malformed));
        assert!(!malformed[0].is_empty() && BASE64.decode(&malformed[0]).is_err());
        let wrong = values(&signing, Some(CredentialDamage::Wrong));
        assert!(wrong[0] != right && wrong[0].len() == right.len());
        let other = values(&signing, Some(CredentialDamage::OtherUrl));
        assert_eq!(other, [signed("key", "http://127.0.0.1:8080/", BODY)]);
        let doubled = values(&signing, Some(CredentialDamage::Doubled));
        assert_eq!(doubled, [wrong[0].as_str(), right.as_str()]);
    }

    #[test]
    fn the_other_url_differs_even_from_the_root() {
        assert_eq!(other_url("http://127.0.0.1:8080/"), "http://127.0.0.1:8080/other");
    }

    #[test]
    fn without_a_secret_nothing_is_signed() {
        let signing = signature(None);
        assert!(lacks_secret(&signing) && !has_credentials(&signing));
        for damage in [None, Some(CredentialDamage::Empty), Some(CredentialDamage::Doubled)] {
            assert_eq!(values(&signing, damage), [""; 0]);
        }
    }

    #[test]
    fn each_fixed_header_is_damaged() {
        let headers = [("A", "Bearer k3y"), ("B", "k3y")];
        let headers = headers.map(|(name, value)| (name.to_owned(), Secret::new(value)));
        let headers = Authentication::Headers(headers.into());
        assert_eq!(values(&headers, None), ["Bearer k3y", "k3y"]);
        assert_eq!(values(&headers, Some(CredentialDamage::Empty)), ["", ""]);
        assert_eq!(values(&headers, Some(CredentialDamage::Malformed)), [MALFORMED; 2]);
        let wrong = values(&headers, Some(CredentialDamage::Wrong));
        assert!(wrong[0].starts_with("Bearer ") && wrong[0] != "Bearer k3y");
    }

    #[test]
    fn the_token_replaces_its_placeholder() {
        let oauth = |endpoint: Option<&str>| {
            Authentication::Token(Box::new(OAuth {
                endpoint: endpoint.map(|url| url.to_owned().into()),
                header: "Oauth-Token".to_owned(),
                header_value: format!("Token {TOKEN_PLACE};"),
                ..OAuth::of("doo")
            }))
        };
        let (asking, token) = (oauth(Some(URL)), Secret::new("t0k3n"));
        let value = |damage| {
            let headers = sent(&asking, Some(&token), (URL, BODY), damage);
            headers.first().map(|header| header.value.reveal().to_owned())
        };
        assert_eq!(value(None).as_deref(), Some("Token t0k3n;"));
        assert_eq!(value(Some(CredentialDamage::Expired)).as_deref(), Some("Token t0k3n;"));
        assert_eq!(value(Some(CredentialDamage::Missing)), None);
        assert_eq!(value(Some(CredentialDamage::Empty)).as_deref(), Some(""));
        assert_eq!(value(Some(CredentialDamage::Malformed)).as_deref(), Some(MALFORMED));
        let wrong = value(Some(CredentialDamage::Wrong)).expect("a header");
        assert!(wrong.starts_with("Token ") && wrong.ends_with(';') && wrong != "Token t0k3n;");
        assert_eq!(sent(&asking, None, (URL, BODY), None), []);
        let nowhere = oauth(None);
        assert!(!has_credentials(&nowhere));
        assert_eq!(sent(&nowhere, Some(&token), (URL, BODY), None), []);
    }
}
