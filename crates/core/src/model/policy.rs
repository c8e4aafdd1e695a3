//! How a vendor delivers, as data. The room `policy` has the functions.

use std::collections::BTreeMap;
use std::time::Duration;

pub use super::signature::{Signature, SignedPart};
use super::{Address, Secret};

/// A vendor's delivery policy. Every value can be overridden in standin.yaml.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// How a request proves that it comes from the vendor.
    pub authentication: Authentication,
    /// Which answers count as accepted.
    pub accepted: Accepted,
    /// How long the vendor waits for a connection (real time).
    pub connect_within: Duration,
    /// How long the vendor waits for the whole answer (real time).
    pub answer_within: Duration,
    /// What happens after an attempt that was not accepted.
    pub retries: Retries,
    /// Whether one webhook may overtake another.
    pub ordering: Ordering,
    /// An endpoint is deactivated when its attempts have failed for longer than this (virtual time,
    /// from the first failure since the last success). Nothing more is sent to it. The endpoint is
    /// all URLs of one account together. `None`: it is never deactivated.
    pub disable_after: Option<Duration>,
    /// Whether a webhook is kept as a dead letter after its last attempt has failed, to be sent again
    /// by hand.
    pub dead_letters: bool,
}

/// How a request proves that it comes from the vendor.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "there are few of them, and they are borrowed")]
pub enum Authentication {
    /// Not at all.
    None,
    /// Fixed request headers, by name.
    Headers(BTreeMap<String, Secret>),
    /// A signature over parts of the request, made at the moment of sending.
    Signature(Signature),
    /// An access token that the receiver issues.
    Token(Box<OAuth>),
}

/// The vendor as an OAuth 2.0 client of the receiver: it asks for a token and sends it in a request
/// header.
#[derive(Clone, Debug, PartialEq)]
pub struct OAuth {
    /// The token endpoint. Without it webhooks are sent without a token.
    pub endpoint: Option<Address>,
    /// By what right it asks.
    pub grant: Grant,
    /// The vendor's client at the receiver.
    pub client: Client,
    /// The JWT with which it asks, if it asks with one.
    pub assertion: Option<Assertion>,
    /// Name of the header that carries the token.
    pub header: String,
    /// The header's value, with [`TOKEN_PLACE`] in place of the token.
    pub header_value: String,
    /// How it proves who it is when it requests a token by its client credentials.
    pub request_with: ClientLogin,
    /// How the body of a token request is written.
    pub request_format: RequestFormat,
    /// What else it says in a token request: names and values of further fields, such as `scope`.
    pub request_fields: Vec<(&'static str, String)>,
    /// How long it uses a token.
    pub token_use: TokenUse,
    /// Where to get tokens that the receiver must refuse.
    pub invalid: InvalidTokens,
}

impl OAuth {
    /// A client with this id and no endpoint yet. It sends a bearer token in the usual header
    /// (RFC 6750, section 2.1) and requests one for each attempt.
    pub fn of(client: &str) -> Self {
        Self {
            endpoint: None,
            grant: Grant::ClientCredentials,
            client: Client { id: client.to_owned(), secret: Secret::new("") },
            assertion: None,
            header: "Authorization".to_owned(),
            header_value: format!("Bearer {TOKEN_PLACE}"),
            request_with: ClientLogin::default(),
            request_format: RequestFormat::default(),
            request_fields: Vec::new(),
            token_use: TokenUse::PerAttempt,
            invalid: InvalidTokens::default(),
        }
    }
}

/// By what right a client asks for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// Its own credentials (RFC 6749, section 4.4).
    ClientCredentials,
    /// A signed assertion (RFC 7523, section 2.1).
    JwtBearer,
}

/// A JWT that a client signs to get a token (RFC 7523, section 3). It is made for each request.
#[derive(Clone, Debug, PartialEq)]
pub struct Assertion {
    /// The private key that signs it, in PEM. Its kind decides the algorithm.
    pub key: Secret,
    /// The id of the key in the header (`kid`).
    pub key_id: Option<String>,
    /// Who issues it (`iss`).
    pub issuer: String,
    /// Whom it is about (`sub`).
    pub subject: String,
    /// For whom it is (`aud`).
    pub audience: String,
    /// How long it is valid.
    pub lives: Duration,
}

impl Assertion {
    /// How long an assertion is valid by default.
    pub const USUAL_LIFE: Duration = Duration::from_secs(5 * 60);
}

/// How the body of a token request is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RequestFormat {
    /// As a form (RFC 6749, section 4.4.2).
    #[default]
    Form,
    /// As JSON, which some servers want.
    Json,
}

/// The placeholder for the token in the value of a header.
pub const TOKEN_PLACE: &str = "%ACCESS_TOKEN%";

/// A client of the receiver, with its credentials.
#[derive(Clone, Debug, PartialEq)]
pub struct Client {
    /// Its client id, which is no secret.
    pub id: String,
    /// Its client secret.
    pub secret: Secret,
}

/// How long a token is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenUse {
    /// For one attempt. Each attempt requests its own.
    PerAttempt,
    /// Until shortly before it expires: virtual time, by the `expires_in` of the answer. Without
    /// `expires_in` it is used until it is refused. After a 401 a new one is requested once.
    Cached {
        /// How long before it expires.
        margin: Duration,
    },
}

impl TokenUse {
    /// The default margin of a cached token.
    pub const USUAL_MARGIN: Duration = Duration::from_secs(30);

    /// A token is kept, as most clients do.
    pub const CACHED: Self = Self::Cached { margin: Self::USUAL_MARGIN };

    /// Its name in standin.yaml.
    pub fn name(self) -> &'static str {
        match self {
            Self::PerAttempt => "per-attempt",
            Self::Cached { .. } => "cached",
        }
    }
}

/// How a client proves who it is (RFC 6749, section 2.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientLogin {
    /// As fields of the form.
    #[default]
    Form,
    /// In the `Authorization` header, by HTTP Basic.
    Basic,
    /// By a signed assertion, without a secret (RFC 7523, section 2.2; `private_key_jwt` of OpenID Connect
    /// Core, section 9).
    PrivateKeyJwt,
}

/// Where to get tokens that a receiver must refuse. A scenario that needs a missing one is skipped.
#[derive(Clone, Debug, PartialEq)]
pub struct InvalidTokens {
    /// An expired token of the receiver.
    pub expired: Option<Secret>,
    /// Without one: how long a run of the contract waits at most until a token has expired, in real
    /// time. Zero: not at all.
    pub await_expiry: Duration,
    /// Where the receiver revokes tokens (RFC 7009).
    pub revocation: Option<Address>,
    /// How the client shows its credentials there.
    pub revoke_with: ClientLogin,
    /// How the body of a revocation is written. A form by RFC 7009, section 2.1.
    pub revoke_format: RequestFormat,
    /// Another client, which may get tokens but must not send webhooks.
    pub other_client: Option<Client>,
}

impl InvalidTokens {
    /// How long the expiry of a token is awaited by default.
    pub const USUAL_WAIT: Duration = Duration::from_secs(10);
}

impl Default for InvalidTokens {
    fn default() -> Self {
        Self {
            expired: None,
            await_expiry: Self::USUAL_WAIT,
            revocation: None,
            revoke_with: ClientLogin::default(),
            revoke_format: RequestFormat::Form,
            other_client: None,
        }
    }
}

/// Which answers count as accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// Any status from 200 to 299.
    Any2xx,
    /// Only status 200.
    Exactly200,
}

/// What happens after an attempt that was not accepted.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Retries {
    /// The wait before the second attempt, the third, and so on: attempts in all = waits + 1.
    pub waits: Vec<Duration>,
    /// Each wait is lengthened or shortened by up to this share of itself, by the seed. 0 to 1.
    pub jitter: f64,
    /// Whether a longer `Retry-After` in the answer replaces the wait.
    pub honour_retry_after: bool,
}

impl Retries {
    /// The most attempts that a webhook gets, including the first.
    pub fn attempts(&self) -> u32 {
        self.waits.len() as u32 + 1
    }
}

/// Whether one webhook may overtake another.
///
/// First attempts for one subject always leave in order. This is about what waits for a retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ordering {
    /// Nothing waits for a retry.
    None,
    /// Later webhooks of the same subject wait for it.
    PerSubject,
    /// All later webhooks of the account wait for it.
    Global,
}
