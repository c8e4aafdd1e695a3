//! Assertions: the JWT with which a client asks for a token (RFC 7519, RFC 7523). The private key signs it; its
//! kind decides the algorithm. No error shows a part of a key.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use jiff::{SignedDuration, Timestamp};
use p256::ecdsa::Signature;
use p256::pkcs8::{Document, SecretDocument, SubjectPublicKeyInfoRef};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value as Json, json};

use super::key::SigningKey;
use super::near;
use crate::model::Secret;
use crate::model::fault::{AssertionDamage, CredentialDamage, Near};
use crate::model::policy::Assertion;
use crate::model::signature::{Algorithm, Encoding, KeyForm};

/// How much too old an expired assertion is. Servers allow clocks that differ by some minutes.
const TOO_OLD: SignedDuration = SignedDuration::from_hours(24);

/// Why a key cannot sign assertions. None of these shows anything of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssertionKeyError {
    /// Not PEM, or not a private key.
    #[error(
        "it is no private key in PEM: it takes a block `PRIVATE KEY` (PKCS#8) or `RSA PRIVATE KEY`; \
         `openssl pkcs8 -topk8 -nocrypt` writes one"
    )]
    NotPem,
    /// A public key, which cannot sign.
    #[error("it is a public key, which can check but not sign: give the private key")]
    Public,
    /// Not a public key in PEM.
    #[error("it is no public key in PEM: it takes a block `PUBLIC KEY`")]
    NotPublic,
    /// An encrypted key.
    #[error("it is encrypted: decrypt it with `openssl pkcs8 -topk8 -nocrypt`")]
    Encrypted,
    /// Another kind of key, or a broken one.
    #[error("it is no key of RSA (2048 bits or more), P-256 or Ed25519")]
    Kind,
}

/// A key that signs assertions.
enum Key {
    Rsa(Box<RsaKeyPair>),
    /// A key of P-256 or Ed25519.
    Pair(Algorithm, SigningKey),
}

impl Key {
    fn read(secret: &Secret) -> Result<Self, AssertionKeyError> {
        let text = secret.reveal().trim();
        if text.starts_with("-----BEGIN PUBLIC KEY") || text.starts_with("-----BEGIN CERTIFICATE") {
            return Err(AssertionKeyError::Public);
        }
        if text.starts_with("-----BEGIN ENCRYPTED") || text.contains("Proc-Type: 4,ENCRYPTED") {
            return Err(AssertionKeyError::Encrypted);
        }
        let (label, document) =
            SecretDocument::from_pem(text).map_err(|_| AssertionKeyError::NotPem)?;
        let rsa = match label {
            "RSA PRIVATE KEY" => RsaKeyPair::from_der(document.as_bytes()),
            "PRIVATE KEY" => RsaKeyPair::from_pkcs8(document.as_bytes()),
            _ => return Err(AssertionKeyError::NotPem),
        };
        if let Ok(key) = rsa {
            return Ok(Self::Rsa(Box::new(key)));
        }
        let pair = |algorithm| {
            let key = SigningKey::read(algorithm, KeyForm::Private, secret).ok()?;
            Some(Self::Pair(algorithm, key))
        };
        let pair = pair(Algorithm::EcdsaP256).or_else(|| pair(Algorithm::Ed25519));
        pair.ok_or(AssertionKeyError::Kind)
    }

    /// The name of its algorithm (RFC 7518, section 3.1; RFC 8037, section 3.1).
    fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "RS256",
            Self::Pair(Algorithm::EcdsaP256, _) => "ES256",
            Self::Pair(..) => "EdDSA",
        }
    }

    /// The signature of a text. The same text always has the same one.
    fn sign(&self, text: &[u8]) -> Vec<u8> {
        match self {
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                // This padding draws nothing: the generator only has the type that is asked for.
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text, &mut signature)
                    .unwrap_or_else(|_| panic!("the buffer has the length of the modulus"));
                signature
            }
            // A JWT has the two numbers side by side, and not in DER (RFC 7518, section 3.4).
            Self::Pair(Algorithm::EcdsaP256, key) => Signature::from_der(&key.sign(text))
                .map_or_else(|_| panic!("the key signs in DER"), |it| it.to_bytes().to_vec()),
            Self::Pair(_, key) => key.sign(text),
        }
    }
}

/// The name of the algorithm with which this key signs assertions.
///
/// # Errors
/// If it cannot sign them.
pub fn algorithm(key: &Secret) -> Result<&'static str, AssertionKeyError> {
    Key::read(key).map(|key| key.algorithm())
}

/// A key that checks assertions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// The name of its algorithm: `RS256`, `ES256` or `EdDSA`.
    pub algorithm: &'static str,
    /// A PKCS#1 `RSAPublicKey` in DER, an uncompressed point, or the 32 bytes of Ed25519.
    pub bytes: Vec<u8>,
}

/// Reads a public key in PEM (RFC 7468, section 13).
///
/// # Errors
/// If it is not a public key, or is one of another kind.
pub fn public_key(pem: &str) -> Result<PublicKey, AssertionKeyError> {
    let (label, document) =
        Document::from_pem(pem.trim()).map_err(|_| AssertionKeyError::NotPublic)?;
    let key = SubjectPublicKeyInfoRef::try_from(document.as_bytes());
    let key = key.ok().filter(|_| label == "PUBLIC KEY").ok_or(AssertionKeyError::NotPublic)?;
    let algorithm = match key.algorithm.oid.to_string().as_str() {
        "1.2.840.113549.1.1.1" => "RS256",
        "1.2.840.10045.2.1" => "ES256",
        "1.3.101.112" => "EdDSA",
        _ => return Err(AssertionKeyError::Kind),
    };
    let bytes = key.subject_public_key.as_bytes().ok_or(AssertionKeyError::Kind)?;
    Ok(PublicKey { algorithm, bytes: bytes.to_vec() })
}

/// When an assertion is made, and its unique id (`jti`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// When.
    pub at: Timestamp,
    /// Its id.
    pub id: String,
}

/// An assertion in its compact form (RFC 7515, section 7.1). A fault may damage it. Empty if its key cannot
/// sign, which [`algorithm`] tells beforehand.
pub fn compact(assertion: &Assertion, made: &Made, damage: Option<CredentialDamage>) -> String {
    let Ok(key) = Key::read(&assertion.key) else { return String::new() };
    let wrong = match damage {
        Some(CredentialDamage::Assertion(wrong)) => Some(wrong),
        _ => None,
    };
    let is_unsigned = wrong == Some(AssertionDamage::Unsigned);
    let mut header = json!({
        "alg": if is_unsigned { "none" } else { key.algorithm() },
        "typ": "JWT",
    });
    if let Some(id) = &assertion.key_id {
        header["kid"] = id.as_str().into();
    }
    let part = |json: &Json| BASE64URL.encode(json.to_string());
    let text = format!("{}.{}", part(&header), part(&claims(assertion, made, wrong)));
    let signature = match damage {
        _ if is_unsigned => String::new(),
        // The signature of another text has the right form.
        Some(CredentialDamage::Wrong) => {
            BASE64URL.encode(key.sign(&[text.as_bytes(), b"0"].concat()))
        }
        Some(CredentialDamage::Nearly(near)) => {
            // Some decoders take padding where there must be none (RFC 7515, section 2). It harms nobody.
            let near = if near == Near::Padded { Near::Longer } else { near };
            near::signature(&key.sign(text.as_bytes()), Encoding::Base64Url, near)
        }
        _ => BASE64URL.encode(key.sign(text.as_bytes())),
    };
    format!("{text}.{signature}")
}

fn claims(assertion: &Assertion, made: &Made, wrong: Option<AssertionDamage>) -> Json {
    let at = match wrong {
        Some(AssertionDamage::Expired) => made.at.checked_sub(TOO_OLD).unwrap_or(Timestamp::MIN),
        _ => made.at,
    };
    let at = at.as_second();
    let lives = i64::try_from(assertion.lives.as_secs()).unwrap_or(i64::MAX);
    let other = |value: &str, is_wrong: bool| match is_wrong {
        true => format!("not-{value}"),
        false => value.to_owned(),
    };
    let mut claims = json!({
        "iss": other(&assertion.issuer, wrong == Some(AssertionDamage::Issuer)),
        "sub": other(&assertion.subject, wrong == Some(AssertionDamage::Subject)),
        "aud": other(&assertion.audience, wrong == Some(AssertionDamage::Audience)),
        "iat": at,
        "exp": at.saturating_add(lives),
        "jti": made.id,
    });
    if let (Some(AssertionDamage::Endless), Json::Object(claims)) = (wrong, &mut claims) {
        claims.remove("exp");
    }
    claims
}

#[cfg(test)]
mod tests;
