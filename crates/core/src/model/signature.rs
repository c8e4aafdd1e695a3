//! How a sender signs its requests, as data. The room `policy` signs and checks with it.

use super::Secret;

/// A signature in a request header.
///
/// The default is what Waitwhile sends: HMAC-SHA256 in base64, alone in its header.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    /// Name of the header that carries it.
    pub header: String,
    /// The key. Without it nothing is signed.
    pub secret: Option<Secret>,
    /// Keys that still count while a key is being replaced. Each makes one more signature.
    pub older: Vec<Secret>,
    /// What is signed, in this order. What stands between the parts is a part of its own.
    pub over: Vec<SignedPart>,
    /// How it is computed.
    pub algorithm: Algorithm,
    /// How the key is written.
    pub key: KeyForm,
    /// How its bytes are written.
    pub encoding: Encoding,
    /// The header's value, with [`SIGNATURE_PLACE`] and possibly [`TIMESTAMP_PLACE`] and [`ID_PLACE`]
    /// in it.
    pub value: String,
    /// What stands between several signatures in the header. `None`: there can be only one.
    pub joined_by: Option<String>,
    /// Name of the header that carries the id of the message.
    pub id_header: Option<String>,
    /// Name of the header that carries the time of sending, in seconds since 1970.
    pub time_header: Option<String>,
    /// The id that a retry has.
    pub retry_id: Retried,
    /// The time of sending that a retry has.
    pub retry_time: Retried,
    /// How old the time of sending may be for a receiver that checks it, in seconds.
    pub tolerance_s: Option<u64>,
    /// The name of a parameter that is added to the URL's query, with the SHA-256 of the body in
    /// hexadecimal digits, unless the body is a form.
    pub body_hash: Option<String>,
}

impl Default for Signature {
    fn default() -> Self {
        Self {
            header: String::new(),
            secret: None,
            older: Vec::new(),
            over: Vec::new(),
            algorithm: Algorithm::HmacSha256,
            key: KeyForm::Text,
            encoding: Encoding::Base64,
            value: SIGNATURE_PLACE.to_owned(),
            joined_by: None,
            id_header: None,
            time_header: None,
            retry_id: Retried::Same,
            retry_time: Retried::New,
            tolerance_s: None,
            body_hash: None,
        }
    }
}

impl Signature {
    /// All keys, the newest first.
    pub fn keys(&self) -> impl Iterator<Item = &Secret> {
        self.secret.iter().chain(&self.older)
    }
}

/// The placeholder for a signature in the value of a header.
pub const SIGNATURE_PLACE: &str = "{signature}";
/// The placeholder for the time of sending.
pub const TIMESTAMP_PLACE: &str = "{timestamp}";
/// The placeholder for the id of the message.
pub const ID_PLACE: &str = "{id}";

/// A part of the text that a signature covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignedPart {
    /// The id of the message.
    Id,
    /// The time of sending, in seconds since 1970.
    Timestamp,
    /// The method, in upper case.
    Method,
    /// The URL under which the vendor knows the receiver, character by character.
    Url,
    /// The path of that URL, with its query.
    Path,
    /// The raw body.
    Body,
    /// The fields of a body that is a form, sorted by name: each name, and its value behind it. Nothing
    /// for any other body.
    Form,
    /// This text.
    Literal(String),
}

impl SignedPart {
    /// All parts that come from the request, each with its name.
    pub const NAMED: [(&'static str, Self); 7] = [
        ("id", Self::Id),
        ("timestamp", Self::Timestamp),
        ("method", Self::Method),
        ("url", Self::Url),
        ("path", Self::Path),
        ("body", Self::Body),
        ("form", Self::Form),
    ];

    /// What it is, in words.
    pub fn in_words(&self) -> String {
        match self {
            Self::Id => "id".to_owned(),
            Self::Timestamp => "time".to_owned(),
            Self::Method => "method".to_owned(),
            Self::Url => "URL".to_owned(),
            Self::Path => "path".to_owned(),
            Self::Body => "raw body".to_owned(),
            Self::Form => "sorted fields of the form".to_owned(),
            Self::Literal(text) => format!("`{text}`"),
        }
    }
}

/// How a signature is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// HMAC with SHA-1 (RFC 2104).
    HmacSha1,
    /// HMAC with SHA-256.
    HmacSha256,
    /// HMAC with SHA-512.
    HmacSha512,
    /// Ed25519 (RFC 8032).
    Ed25519,
    /// ECDSA with P-256 and SHA-256, deterministic (RFC 6979). The signature is in DER.
    EcdsaP256,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::HmacSha1, Self::HmacSha256, Self::HmacSha512, Self::Ed25519, Self::EcdsaP256];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HMAC-SHA1",
            Self::HmacSha256 => "HMAC-SHA256",
            Self::HmacSha512 => "HMAC-SHA512",
            Self::Ed25519 => "Ed25519",
            Self::EcdsaP256 => "ECDSA P-256",
        }
    }

    /// Whether sender and receiver have the same key.
    pub fn is_symmetric(self) -> bool {
        matches!(self, Self::HmacSha1 | Self::HmacSha256 | Self::HmacSha512)
    }
}

/// How a key is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyForm {
    /// The bytes of the text are the key.
    Text,
    /// In base64.
    Base64,
    /// In base64, after `whsec_`, which may be missing.
    Whsec,
    /// A private key: `whsk_` and base64, or PKCS#8 in PEM. A receiver can check with the public key:
    /// `whpk_` and base64, or SPKI in PEM or base64.
    Private,
}

impl KeyForm {
    /// How such a key is written, in words.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Text => "the text as it is",
            Self::Base64 => "base64",
            Self::Whsec => "`whsec_` and base64",
            Self::Private => "`whsk_` and base64, or a PEM block `PRIVATE KEY`",
        }
    }
}

/// How the bytes of a signature are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Hexadecimal digits in lower case.
    Hex,
    /// base64 with padding.
    Base64,
    /// base64 for URLs, without padding.
    Base64Url,
}

impl Encoding {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Hex, Self::Base64, Self::Base64Url];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hex => "hexadecimal digits",
            Self::Base64 => "base64",
            Self::Base64Url => "base64url",
        }
    }
}

/// Which id or time of sending a retry has. Its body is always that of the first attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retried {
    /// One of its own.
    New,
    /// That of the first attempt.
    Same,
}

/// When the attempts of a webhook are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sending {
    /// When the first one was.
    pub first: jiff::Timestamp,
    /// When this one is.
    pub this: jiff::Timestamp,
}

impl Sending {
    /// The first attempt is sent now.
    pub fn first(now: jiff::Timestamp) -> Self {
        Self { first: now, this: now }
    }

    /// The next attempt after this one is sent now. It is later by a second at least, as it would be if its wait were
    /// real.
    #[must_use]
    pub fn then(self, now: jiff::Timestamp) -> Self {
        let later = self.this.checked_add(jiff::SignedDuration::from_secs(1));
        Self { this: now.max(later.unwrap_or(self.this)), ..self }
    }
}

/// What a signature can cover of an attempt, besides its request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// The id of the message. All attempts of a webhook have the same one.
    pub id: String,
    /// The time of sending, in seconds since 1970.
    pub at_s: i64,
}
