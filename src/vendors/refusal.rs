//! Why an account does not do what it is asked: the reason, its kind, and what is legal instead.

use crate::model::{Action, Catalogue, StateId};

/// Why an account did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Refusal {
    /// What sort of reason it is.
    pub kind: RefusalKind,
    /// What stands against it, in one sentence without a full stop.
    pub reason: String,
    /// The phrases that are legal for the subject now.
    pub legal: Vec<&'static str>,
}

/// What sort of reason a refusal has: enough for an API to choose a status.
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
    /// Refuses an action for another reason than the state of its subject, which is legal.
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

    /// A value is missing or wrong.
    pub(super) fn invalid(reason: String) -> Self {
        Self::of(RefusalKind::Invalid, reason)
    }

    /// A refusal that leaves nothing to be done to the subject.
    pub(super) fn of(kind: RefusalKind, reason: String) -> Self {
        Self { kind, reason, legal: Vec::new() }
    }
}
