//! Faults of a vendor's own API as data. The room `policy` has their phrases.

use std::time::Duration;

/// A rule: the calls of the API that it strikes, and what happens to them.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiFault {
    /// The kind of calls that it strikes.
    pub calls: ApiCalls,
    /// How many more calls it strikes. `None`: all of them.
    pub left: Option<u32>,
    /// What happens to them.
    pub effect: ApiEffect,
    /// The rule in the words of the story.
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
    /// A read returns the subject as it was before its last change. A new subject is not found.
    Stale,
    /// The token of the call is refused, as if it had expired or been revoked.
    TokenRefused,
    /// The token of the call is refused, as if it were for another scope.
    ScopeRefused,
    /// The answer is late by this much real time.
    Slow(Duration),
    /// When the webhooks of the call are sent.
    Race(Race),
}

/// When the webhooks of a call are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Race {
    /// At the same time as its answer.
    #[default]
    With,
    /// Before its answer. The receiver has handled them when it gets the answer.
    Before,
    /// After its answer.
    After,
    /// At any of these times; the seed decides.
    Any,
}
