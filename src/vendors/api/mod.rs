//! A vendor's own REST API: what it consists of, as data.
//!
//! A vendor declares its operations here and answers them in [`Account::answer`]: a plain function,
//! a call in, an answer and webhooks out. HTTP, URLs of the machine and the secrets that prove who
//! calls stand outside.
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
    /// Where a request carries what proves who calls, the most usual place first.
    pub credentials: &'static [CredentialPlace],
    /// How a request that asks for a token names its client, where the vendor is an OAuth server.
    pub client: Option<ReadClient>,
    /// The operations by which a receiver asks for a token.
    pub token_requests: &'static [&'static str],
    /// The path parameter that names the account, if paths do. Elsewhere the key alone says whose
    /// account is meant.
    pub tenant: Option<&'static str>,
    /// What can be called.
    pub operations: &'static [Operation],
    /// The body of an error: a status, and what was wrong.
    pub error: fn(u16, &str) -> Json,
    /// How much is known of it.
    pub provenance: Provenance,
}

/// Reads the client that a body names; none if it names none.
pub type ReadClient = fn(&[u8]) -> Option<Client>;

/// Where a request carries a credential.
#[derive(Debug)]
pub struct CredentialPlace {
    /// What it is.
    pub kind: CredentialKind,
    /// The header.
    pub header: &'static str,
    /// What stands before the value, such as `Bearer`; empty if nothing does.
    pub scheme: &'static str,
    /// How much of that is known.
    pub provenance: Provenance,
}

/// What proves who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialKind {
    /// The key of the account.
    Key,
    /// An access token that the API gave.
    Token,
}

/// Something that can be called.
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
    /// How much of it is known.
    pub provenance: Provenance,
}

/// Whether an operation is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Played {
    /// It is.
    Yes,
    /// It is known and not played, for this reason.
    No(&'static str),
}

/// A method of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
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
    /// The vendor's id of it.
    pub id: String,
    /// A URL for each trigger that goes there.
    pub hooks: Vec<(&'static str, String)>,
    /// How its webhooks prove who sends them, where the registration says so.
    pub login: Option<SubscriptionLogin>,
}

/// How the webhooks of a registered endpoint prove who sends them.
#[derive(Clone, Debug, PartialEq)]
pub enum SubscriptionLogin {
    /// They are signed with this secret.
    Signature(Secret),
    /// They carry a token, which the vendor asks for first.
    Token {
        /// Where it asks.
        endpoint: String,
        /// Who it is there. An empty secret: the one of the settings, since a journal holds none.
        client: Option<Client>,
        /// The header that carries the token.
        header: Option<String>,
        /// The value of that header, with `%ACCESS_TOKEN%` in the place of the token.
        value: Option<String>,
    },
}
