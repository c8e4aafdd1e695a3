//! The credentials that callers of an API use.

use jiff::Timestamp;

use crate::chance::Chance;
use crate::model::Secret;
use crate::model::policy::Client;

/// The credentials of an account's API.
#[derive(Clone, Debug)]
pub struct ApiKeys {
    /// The key.
    pub key: Secret,
    /// Its OAuth client.
    pub client: Client,
}

/// The credentials that the user gives. They replace the account's own.
#[derive(Clone, Debug, Default)]
pub struct GivenApiKeys {
    /// The key.
    pub key: Option<Secret>,
    /// The id of the OAuth client.
    pub client_id: Option<String>,
    /// The secret of that client.
    pub client_secret: Option<Secret>,
}

/// An access token that an account has issued.
#[derive(Clone, Debug, PartialEq)]
pub struct IssuedToken {
    /// The token.
    pub secret: Secret,
    /// When it was issued, in real time.
    pub issued: Timestamp,
    /// When it expires, in real time. `None`: never.
    pub expires: Option<Timestamp>,
    /// Whether it was revoked.
    pub revoked: bool,
}

impl ApiKeys {
    /// These credentials, where the user has given no others.
    pub fn with(self, given: &GivenApiKeys) -> Self {
        let id = given.client_id.clone().unwrap_or(self.client.id);
        let secret = given.client_secret.clone().unwrap_or(self.client.secret);
        Self { key: given.key.clone().unwrap_or(self.key), client: Client { id, secret } }
    }

    /// The credentials of an account, drawn from a stream of their own. The same seed gives the
    /// same ones, so the journal need not contain them.
    pub fn new(mut chance: Chance, account: &str) -> Self {
        let mut draw = |length| chance.alphanumeric(length);
        Self {
            key: Secret::new(draw(32)),
            client: Client { id: format!("standin-{account}"), secret: Secret::new(draw(40)) },
        }
    }
}
