//! Faults of a vendor's own API as data. The room `policy` has their phrases.

use std::time::Duration;

/// A rule: which calls of the API, and what happens to them.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiFault {
    /// Which kind of calls.
    pub calls: ApiCalls,
    /// How many more of them; none: all.
    pub left: Option<u32>,
    /// What happens to them.
    pub effect: ApiEffect,
    /// The rule in its own words.
    pub text: String,
}

/// Kinds of calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiCalls {
    /// All of them.
    All,
    /// Those that only read.
    Reads,
    /// Those that change something.
    Writes,
    /// Those that ask the vendor's OAuth server for a token.
    TokenRequests,
}

/// What happens to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiEffect {
    /// It is answered with this status, and nothing is done.
    Status(u16),
    /// A gateway answers it with HTML, and nothing is done.
    Html,
    /// What is read of one subject is as it was before its last change: not there, if it was new.
    Stale,
    /// Its token counts as expired or revoked.
    TokenRefused,
    /// Its token counts as one of another scope.
    ScopeRefused,
    /// The answer comes so much later, in real time.
    Slow(Duration),
    /// When the webhooks leave that it causes.
    Race(Race),
}

/// When the webhooks of a call leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Race {
    /// At the same time as its answer.
    #[default]
    With,
    /// Before its answer: the receiver has handled them when it gets the answer.
    Before,
    /// After its answer.
    After,
    /// At one of these times, by the seed.
    Any,
}
