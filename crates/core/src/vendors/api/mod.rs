//! A vendor's own REST API as data.
//!
//! A vendor declares its operations here and answers them in [`Account::answer`], a plain function:
//! a call goes in, an answer and webhooks come out. HTTP, the URLs of the server and the
//! credentials of callers are handled elsewhere.
//!
//! [`Account::answer`]: super::Account::answer

mod answer;
mod call;
mod find;
mod keys;

pub use answer::{ApiAnswer, ApiBody};
pub use call::{ApiCall, ApiRequest};
pub use find::{Unmatched, path_values};
pub use keys::{ApiKeys, GivenApiKeys, IssuedToken};

use serde_json::Value as Json;

use crate::model::policy::Client;
use crate::model::{Provenance, Secret};

/// A vendor's REST API.
pub struct Api {
    /// The path under which it is served: `/waitwhile/v2`.
    pub mount: &'static str,
    /// Where a request carries its credential, the most usual place first.
    pub credentials: &'static [CredentialPlace],
    /// Its OAuth server, if it has one.
    pub oauth: Option<OAuthServer>,
    /// The path parameter that names the account, if there is one. Otherwise only the key
    /// identifies the account.
    pub tenant: Option<&'static str>,
    /// Its operations.
    pub operations: &'static [Operation],
    /// The parameters that its operations read from a query. The values of others reach neither an account
    /// nor a journal: a caller may have put a secret there.
    pub queries: &'static [&'static str],
    /// Makes the body of an error from a status and a message.
    pub error: fn(u16, &str) -> Json,
    /// How far it is documented.
    pub provenance: Provenance,
}

/// A vendor's OAuth server.
pub struct OAuthServer {
    /// The operations by which a receiver requests a token: `createToken`.
    pub operations: &'static [&'static str],
    /// Reads the client from the body of a token request. `None` if it names none.
    pub client: fn(&[u8]) -> Option<Client>,
}

/// Where a request carries a credential.
#[derive(Debug)]
pub struct CredentialPlace {
    /// The kind of credential.
    pub kind: CredentialKind,
    /// The header.
    pub header: &'static str,
    /// What precedes the value, such as `Bearer`. Empty if nothing does.
    pub scheme: &'static str,
    /// How far this is documented.
    pub provenance: Provenance,
}

/// A kind of credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialKind {
    /// The key of the account.
    Key,
    /// An access token that the API has issued.
    Token,
}

/// An operation of an API.
#[derive(Debug)]
pub struct Operation {
    /// Its name, unique in the API: `getVisit`.
    pub id: &'static str,
    /// The method.
    pub method: Method,
    /// The path below the mount, with its parameters in braces: `/visits/{visitId}`.
    pub path: &'static str,
    /// What it does.
    pub about: &'static str,
    /// Whether it is played.
    pub played: Played,
    /// Keys of its body that are secrets, as JSON pointers. They never reach the account.
    pub secrets: &'static [&'static str],
    /// Keys of its body that are URLs to send to, as JSON pointers; `*` is any item of a list. A journal keeps
    /// them without the secrets in their queries.
    pub urls: &'static [&'static str],
    /// How far it is documented.
    pub provenance: Provenance,
}

/// Whether Standin plays an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Played {
    /// Standin plays it.
    Yes,
    /// Standin does not play it, for this reason.
    No(&'static str),
}

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are those of HTTP")]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
    Options,
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete, Self::Options];

    /// Its name on the wire: `GET`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
        }
    }

    /// The method of this name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }

    /// Whether it only reads.
    pub fn reads(self) -> bool {
        matches!(self, Self::Get | Self::Options)
    }
}

/// An endpoint that a receiver has registered through the API.
#[derive(Clone, Debug, PartialEq)]
pub struct Subscription {
    /// The vendor's id for it.
    pub id: String,
    /// The URL for each trigger that is sent there.
    pub hooks: Vec<(&'static str, String)>,
    /// How its webhooks prove who sends them, if the registration says so.
    pub login: Option<SubscriptionLogin>,
}

/// How the webhooks of a registered endpoint prove who sends them.
#[derive(Clone, Debug, PartialEq)]
pub enum SubscriptionLogin {
    /// They are signed with this secret.
    Signature(Secret),
    /// They carry a token. The vendor requests it first.
    Token {
        /// The token endpoint.
        endpoint: String,
        /// The vendor's client there. If its secret is empty, the one of the settings is used: a
        /// journal contains no secrets.
        client: Option<Client>,
        /// The header that carries the token.
        header: Option<String>,
        /// The value of that header, with `%ACCESS_TOKEN%` in place of the token.
        value: Option<String>,
    },
}
