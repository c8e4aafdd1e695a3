//! Keys of signatures: reads them, signs with them, checks with them. No error shows a part of a key.

use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, STANDARD, URL_SAFE_NO_PAD};
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, DecodePublicKey as _};
use ed25519_dalek::{Signer as _, Verifier as _};
use hmac::{Hmac, KeyInit as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha512};

use crate::model::Secret;
use crate::model::signature::{Algorithm, Encoding, KeyForm};

/// base64 with or without padding.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Why a key cannot be used. None of these shows anything of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The key is empty.
    #[error("the key is empty")]
    Empty,
    /// It is not as its form says.
    #[error("the key cannot be read: it takes {}", .0.in_words())]
    Form(KeyForm),
    /// A private key for an algorithm that has none.
    #[error(
        "the key is one half of a pair, but {} takes a secret that both sides have, written as {}",
        .0.name(), .1.in_words()
    )]
    Pair(Algorithm, KeyForm),
    /// A shared secret for an algorithm with a pair of keys.
    #[error(
        "the key is a shared secret (`whsec_…`), but {} signs with a private key: {}",
        .0.name(), KeyForm::Private.in_words()
    )]
    Shared(Algorithm),
    /// A public key, which cannot sign.
    #[error("the key is a public one, which can check but not sign: give the private key")]
    Public,
    /// A private key of another algorithm, or none at all.
    #[error("the key is no private key for {}: it takes {}", .0.name(), KeyForm::Private.in_words())]
    Private(Algorithm),
    /// A PEM block that is not PKCS#8.
    #[error(
        "the key is in an older form of PEM: turn it into PKCS#8 with `openssl pkcs8 -topk8 -nocrypt`"
    )]
    NotPkcs8,
    /// An encrypted PEM block.
    #[error("the key is encrypted: decrypt it with `openssl pkcs8 -topk8 -nocrypt`")]
    Encrypted,
}

/// A key that can sign.
#[derive(Clone)]
pub enum SigningKey {
    /// The shared secret of an HMAC.
    Hash(Algorithm, Vec<u8>),
    /// A private key of Ed25519.
    Ed25519(Box<ed25519_dalek::SigningKey>),
    /// A private key of P-256.
    P256(Box<p256::ecdsa::SigningKey>),
}

impl SigningKey {
    /// Reads a key.
    ///
    /// # Errors
    /// If it is not of this form, or does not fit the algorithm.
    pub fn read(algorithm: Algorithm, form: KeyForm, secret: &Secret) -> Result<Self, KeyError> {
        let text = secret.reveal();
        if text.trim().is_empty() {
            return Err(KeyError::Empty);
        }
        match algorithm {
            Algorithm::HmacSha1 | Algorithm::HmacSha256 | Algorithm::HmacSha512 => {
                shared(algorithm, form, text).map(|bytes| Self::Hash(algorithm, bytes))
            }
            Algorithm::Ed25519 => {
                private(algorithm, text)?;
                let pem = || ed25519_dalek::SigningKey::from_pkcs8_pem(text.trim()).ok();
                let key = seed(text).or_else(pem).ok_or(KeyError::Private(algorithm))?;
                Ok(Self::Ed25519(Box::new(key)))
            }
            Algorithm::EcdsaP256 => {
                private(algorithm, text)?;
                let raw = || p256::ecdsa::SigningKey::from_slice(&after("whsk_", text)?).ok();
                let pem = || p256::ecdsa::SigningKey::from_pkcs8_pem(text.trim()).ok();
                let key = raw().or_else(pem).ok_or(KeyError::Private(algorithm))?;
                Ok(Self::P256(Box::new(key)))
            }
        }
    }

    /// The signature of a text. The same text always has the same one.
    pub fn sign(&self, text: &[u8]) -> Vec<u8> {
        match self {
            Self::Hash(Algorithm::HmacSha1, key) => {
                mac(Hmac::<Sha1>::new_from_slice(key), text, |mac| mac.into_bytes().to_vec())
            }
            Self::Hash(Algorithm::HmacSha512, key) => {
                mac(Hmac::<Sha512>::new_from_slice(key), text, |mac| mac.into_bytes().to_vec())
            }
            Self::Hash(_, key) => {
                mac(Hmac::<Sha256>::new_from_slice(key), text, |mac| mac.into_bytes().to_vec())
            }
            Self::Ed25519(key) => key.sign(text).to_bytes().to_vec(),
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(text);
                signature.to_der().as_bytes().to_vec()
            }
        }
    }

    /// Another key of the same kind. It reveals nothing about this one, and is always the same.
    pub fn other(&self) -> Self {
        let hashed = |bytes: &[u8]| Sha256::digest([b"not ", bytes].concat());
        match self {
            Self::Hash(algorithm, key) => {
                Self::Hash(*algorithm, [b"not ", key.as_slice()].concat())
            }
            Self::Ed25519(key) => {
                let seed = hashed(key.as_bytes()).into();
                Self::Ed25519(Box::new(ed25519_dalek::SigningKey::from_bytes(&seed)))
            }
            Self::P256(key) => {
                // One in 2^32 hashes is no key: then hash again.
                let mut hash = hashed(&key.to_bytes());
                loop {
                    match p256::ecdsa::SigningKey::from_slice(&hash) {
                        Ok(other) => return Self::P256(Box::new(other)),
                        Err(_) => hash = hashed(&hash),
                    }
                }
            }
        }
    }
}

/// A key that can check signatures.
pub enum CheckingKey {
    /// One that could sign, too.
    Signing(SigningKey),
    /// The public key of an Ed25519 pair.
    Ed25519(Box<ed25519_dalek::VerifyingKey>),
    /// The public key of a P-256 pair.
    P256(Box<p256::ecdsa::VerifyingKey>),
}

impl CheckingKey {
    /// Reads a key that signs, or the public half of one.
    ///
    /// # Errors
    /// As for [`SigningKey::read`].
    pub fn read(algorithm: Algorithm, form: KeyForm, secret: &Secret) -> Result<Self, KeyError> {
        let text = secret.reveal().trim();
        let public = match algorithm {
            Algorithm::Ed25519 => ed25519_public(text).map(|key| Self::Ed25519(Box::new(key))),
            Algorithm::EcdsaP256 => p256_public(text).map(|key| Self::P256(Box::new(key))),
            _ => None,
        };
        match public {
            Some(key) => Ok(key),
            None => SigningKey::read(algorithm, form, secret).map(Self::Signing),
        }
    }

    /// Whether this is the signature of the text.
    pub fn is_right(&self, text: &[u8], signature: &[u8]) -> bool {
        let ed25519 = |key: &ed25519_dalek::VerifyingKey| {
            let signature = ed25519_dalek::Signature::from_slice(signature);
            signature.is_ok_and(|signature| key.verify(text, &signature).is_ok())
        };
        let p256 = |key: &p256::ecdsa::VerifyingKey| {
            let signature = p256::ecdsa::Signature::from_der(signature);
            signature.is_ok_and(|signature| key.verify(text, &signature).is_ok())
        };
        match self {
            Self::Signing(SigningKey::Ed25519(key)) => ed25519(&key.verifying_key()),
            Self::Signing(SigningKey::P256(key)) => p256(key.verifying_key()),
            Self::Signing(key) => key.sign(text) == signature,
            Self::Ed25519(key) => ed25519(key),
            Self::P256(key) => p256(key),
        }
    }

    /// The signature that the text should have. None for a public key.
    pub fn sign(&self, text: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Signing(key) => Some(key.sign(text)),
            Self::Ed25519(_) | Self::P256(_) => None,
        }
    }
}

/// Writes the bytes of a signature.
pub fn encode(encoding: Encoding, bytes: &[u8]) -> String {
    match encoding {
        Encoding::Hex => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        Encoding::Base64 => STANDARD.encode(bytes),
        Encoding::Base64Url => URL_SAFE_NO_PAD.encode(bytes),
    }
}

/// Reads the bytes of a signature, exactly as [`encode`] writes them.
pub fn decode(encoding: Encoding, text: &str) -> Option<Vec<u8>> {
    match encoding {
        Encoding::Hex => {
            let pair = |place: usize| {
                let digits = text.get(place..place + 2)?;
                let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
                digits.bytes().all(is_digit).then(|| u8::from_str_radix(digits, 16).ok())?
            };
            (0..text.len()).step_by(2).map(pair).collect()
        }
        Encoding::Base64 => STANDARD.decode(text).ok(),
        Encoding::Base64Url => URL_SAFE_NO_PAD.decode(text).ok(),
    }
}

fn mac<M: hmac::Mac, E>(
    begun: Result<M, E>,
    text: &[u8],
    bytes: impl Fn(hmac::digest::CtOutput<M>) -> Vec<u8>,
) -> Vec<u8> {
    let mut mac = begun.unwrap_or_else(|_| panic!("HMAC takes a key of any length"));
    mac.update(text);
    bytes(mac.finalize())
}

/// The bytes of a shared secret.
fn shared(algorithm: Algorithm, form: KeyForm, text: &str) -> Result<Vec<u8>, KeyError> {
    let is_half = ["whsk_", "whpk_", "-----BEGIN "].iter().any(|one| text.trim().starts_with(one));
    if is_half && form != KeyForm::Text {
        return Err(KeyError::Pair(algorithm, form));
    }
    let decoded = match form {
        KeyForm::Text => return Ok(text.as_bytes().to_vec()),
        KeyForm::Private => return Err(KeyError::Pair(algorithm, KeyForm::Text)),
        KeyForm::Base64 => LENIENT.decode(text),
        KeyForm::Whsec => LENIENT.decode(text.strip_prefix("whsec_").unwrap_or(text)),
    };
    let bytes = decoded.map_err(|_| KeyError::Form(form))?;
    if bytes.is_empty() { Err(KeyError::Empty) } else { Ok(bytes) }
}

/// Refuses what is obviously no private key.
fn private(algorithm: Algorithm, text: &str) -> Result<(), KeyError> {
    let text = text.trim();
    if text.starts_with("whsec_") {
        return Err(KeyError::Shared(algorithm));
    }
    if text.starts_with("whpk_") || text.starts_with("-----BEGIN PUBLIC KEY") {
        return Err(KeyError::Public);
    }
    if text.starts_with("-----BEGIN ENCRYPTED") {
        return Err(KeyError::Encrypted);
    }
    let is_pem = text.starts_with("-----BEGIN ");
    if is_pem && !text.starts_with("-----BEGIN PRIVATE KEY") {
        return Err(KeyError::NotPkcs8);
    }
    if is_pem || text.starts_with("whsk_") { Ok(()) } else { Err(KeyError::Private(algorithm)) }
}

/// What stands behind a prefix, in base64.
fn after(prefix: &str, text: &str) -> Option<Vec<u8>> {
    LENIENT.decode(text.trim().strip_prefix(prefix)?).ok()
}

/// A key of Ed25519 after `whsk_`: its seed, or its seed and its public half (as libsodium writes it).
fn seed(text: &str) -> Option<ed25519_dalek::SigningKey> {
    let bytes = after("whsk_", text)?;
    match bytes.len() {
        32 => Some(ed25519_dalek::SigningKey::from_bytes(bytes.as_slice().try_into().ok()?)),
        _ => ed25519_dalek::SigningKey::from_keypair_bytes(bytes.as_slice().try_into().ok()?).ok(),
    }
}

fn ed25519_public(text: &str) -> Option<ed25519_dalek::VerifyingKey> {
    let raw = || {
        let bytes = after("whpk_", text)?;
        ed25519_dalek::VerifyingKey::from_bytes(bytes.as_slice().try_into().ok()?).ok()
    };
    raw().or_else(|| ed25519_dalek::VerifyingKey::from_public_key_pem(text).ok())
}

fn p256_public(text: &str) -> Option<p256::ecdsa::VerifyingKey> {
    let raw = || p256::ecdsa::VerifyingKey::from_sec1_bytes(&after("whpk_", text)?).ok();
    let der = || p256::ecdsa::VerifyingKey::from_public_key_der(&LENIENT.decode(text).ok()?).ok();
    let pem = || p256::ecdsa::VerifyingKey::from_public_key_pem(text).ok();
    raw().or_else(der).or_else(pem)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use Algorithm::{EcdsaP256, Ed25519, HmacSha1, HmacSha256, HmacSha512};
    use KeyForm::{Base64, Private, Text, Whsec};

    // Two pairs of keys that OpenSSL made for these tests.
    const ED25519: &str = "-----BEGIN PRIVATE KEY-----\n\
MC4CAQAwBQYDK2VwBCIEIGcOrr8a/VUAAkWxj98OEhOq7KGE4jX7/H0Jh5EfwxrX\n\
-----END PRIVATE KEY-----";
    const ED25519_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\n\
MCowBQYDK2VwAyEAJqILGqoJzQQChpcKikGqPJt42xtQ6Jjsr8UwLjVbPfY=\n\
-----END PUBLIC KEY-----";
    pub const P256: &str = "-----BEGIN PRIVATE KEY-----\n\
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg6scNZ9XZf355tl6G\n\
ETodHMMgrkTKfHtrppaDN5jYVEahRANCAASneyjTRpGyZCjRiMx7Zo1ZSo4wkqhb\n\
BcCZMbulxcLojo1e23fw7wi21yWDOsZ3dZOALJVRFHt/LiR3O3KvWohw\n\
-----END PRIVATE KEY-----";
    pub const P256_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\n\
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEp3so00aRsmQo0YjMe2aNWUqOMJKo\n\
WwXAmTG7pcXC6I6NXtt38O8IttclgzrGd3WTgCyVURR7fy4kdztyr1qIcA==\n\
-----END PUBLIC KEY-----";

    fn hex(bytes: &[u8]) -> String {
        encode(Encoding::Hex, bytes)
    }

    fn signed(algorithm: Algorithm, form: KeyForm, key: &str, text: &str) -> Vec<u8> {
        let key = SigningKey::read(algorithm, form, &Secret::new(key)).expect("a key");
        key.sign(text.as_bytes())
    }

    #[test]
    fn each_algorithm_gives_what_its_document_says() {
        // RFC 2202 and RFC 4231, test case 2 of both.
        let text = "what do ya want for nothing?";
        let jefe = |algorithm| hex(&signed(algorithm, Text, "Jefe", text));
        assert_eq!(jefe(HmacSha1), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        let sha256 = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(jefe(HmacSha256), sha256);
        assert!(
            jefe(HmacSha512)
                .starts_with("164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554")
        );
        // RFC 8032, section 7.1, test 2.
        let seed = decode(
            Encoding::Hex,
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        );
        let key = format!("whsk_{}", STANDARD.encode(seed.expect("digits")));
        let signature = hex(&signed(Ed25519, Private, &key, "r"));
        assert!(
            signature
                .starts_with("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da")
        );
        assert!(
            signature.ends_with("085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
        );
        // RFC 6979, section A.2.5, SHA-256 and "sample".
        let key = decode(
            Encoding::Hex,
            "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
        );
        let key = format!("whsk_{}", STANDARD.encode(key.expect("digits")));
        let signature = hex(&signed(EcdsaP256, Private, &key, "sample"));
        assert!(
            signature.contains("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716")
        );
        assert!(
            signature.ends_with("f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8")
        );
    }

    #[test]
    fn a_shared_secret_is_read_as_its_form_says() {
        let right = signed(HmacSha256, Text, "Jefe", "text");
        for (form, key) in
            [(Base64, "SmVmZQ=="), (Base64, "SmVmZQ"), (Whsec, "whsec_SmVmZQ=="), (Whsec, "SmVmZQ")]
        {
            assert_eq!(signed(HmacSha256, form, key, "text"), right, "{form:?} {key}");
        }
        assert_ne!(signed(HmacSha256, Text, "whsec_SmVmZQ==", "text"), right);
    }

    #[test]
    fn a_pair_of_keys_signs_with_one_half_and_checks_with_either() {
        for (algorithm, private, public) in
            [(Ed25519, ED25519, ED25519_PUBLIC), (EcdsaP256, P256, P256_PUBLIC)]
        {
            let signature = signed(algorithm, Private, private, "text");
            for key in [private, public] {
                let key = CheckingKey::read(algorithm, Private, &Secret::new(key)).expect("a key");
                assert!(key.is_right(b"text", &signature));
                assert!(!key.is_right(b"texts", &signature));
                assert!(!key.is_right(b"text", b"not a signature"));
            }
            let key = SigningKey::read(algorithm, Private, &Secret::new(private)).expect("a key");
            let other = key.other().sign(b"text");
            let right = CheckingKey::Signing(key);
            assert!(!right.is_right(b"text", &other) && other != signature);
        }
    }

    #[test]
    fn a_wrong_key_is_told_without_a_part_of_it() {
        let der = P256.lines().nth(1).expect("a line");
        for (algorithm, form, key, wanted) in [
            (HmacSha256, Text, " ", "the key is empty"),
            (HmacSha256, Whsec, "whsec_", "the key is empty"),
            (HmacSha256, Whsec, "whsec_no-base64!", "it takes `whsec_` and base64"),
            (HmacSha1, Base64, "%%%%", "it takes base64"),
            (HmacSha256, Whsec, "whsk_SmVmZQ==", "one half of a pair"),
            (HmacSha256, Whsec, ED25519, "one half of a pair"),
            (Ed25519, Private, "whsec_SmVmZQ==", "a shared secret"),
            (Ed25519, Private, "whsk_SmVmZQ==", "no private key for Ed25519"),
            (Ed25519, Private, P256, "no private key for Ed25519"),
            (EcdsaP256, Private, ED25519, "no private key for ECDSA P-256"),
            (EcdsaP256, Private, "k3y-0042", "no private key for ECDSA P-256"),
            (Ed25519, Private, ED25519_PUBLIC, "a public one"),
            (Ed25519, Private, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==", "is encrypted"),
            (EcdsaP256, Private, "-----BEGIN EC PRIVATE KEY-----\nAA==", "older form of PEM"),
        ] {
            let told = match SigningKey::read(algorithm, form, &Secret::new(key)) {
                Err(why) => why.to_string(),
                Ok(_) => panic!("{algorithm:?} {form:?} reads it: {wanted}"),
            };
            assert!(told.contains(wanted), "{told}: {wanted}");
            for hidden in ["SmVmZQ", "no-base64", "k3y-0042", der] {
                assert!(!told.contains(hidden), "{told}");
            }
        }
    }

    #[test]
    fn what_is_written_is_read_again_and_nothing_else() {
        for encoding in Encoding::ALL {
            let text = encode(encoding, &[0xfb, 0xff, 7]);
            assert_eq!(decode(encoding, &text), Some(vec![0xfb, 0xff, 7]));
        }
        assert_eq!(encode(Encoding::Base64Url, &[0xfb, 0xff]), "-_8");
        for (encoding, text) in [
            (Encoding::Hex, "FB"),
            (Encoding::Hex, "f"),
            (Encoding::Hex, "+1"),
            (Encoding::Hex, "é"),
            (Encoding::Base64, "-_8"),
            (Encoding::Base64Url, "+/8="),
        ] {
            assert_eq!(decode(encoding, text), None, "{text}");
        }
    }
}
