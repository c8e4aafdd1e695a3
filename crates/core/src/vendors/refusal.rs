//! Why an account refuses an action: the reason, its kind, and what is legal instead.

use crate::model::{Action, Catalogue, StateId};

/// Why an account refused an action.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Refusal {
    /// The kind of reason.
    pub kind: RefusalKind,
    /// The reason, in one sentence without a full stop.
    pub reason: String,
    /// The phrases that are legal for the subject now.
    pub legal: Vec<&'static str>,
}

/// The kind of reason for a refusal. An API chooses its status by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefusalKind {
    /// The account has no such subject.
    Unknown,
    /// The state of the account does not allow it now.
    Illegal,
    /// It is legal, but there is no room: the last place or slot is taken.
    Full,
    /// A value is missing or wrong.
    Invalid,
}

impl Refusal {
    /// Refuses an action that is legal in the state of its subject, for another reason.
    pub fn beside(
        kind: RefusalKind,
        catalogue: &'static Catalogue,
        action: &'static Action,
        state: impl Into<StateId>,
        reason: impl Into<String>,
    ) -> Self {
        let mut legal = catalogue.legal(state.into());
        legal.retain(|phrase| !action.phrases.contains(phrase));
        Self { kind, reason: reason.into(), legal }
    }

    /// Refuses a call because a value is missing or wrong.
    pub(super) fn invalid(reason: String) -> Self {
        Self::of(RefusalKind::Invalid, reason)
    }

    /// A refusal after which nothing is legal for the subject.
    pub(super) fn of(kind: RefusalKind, reason: String) -> Self {
        Self { kind, reason, legal: Vec::new() }
    }
}
