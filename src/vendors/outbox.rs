//! The effects of an action: the webhooks that it causes, and the subjects that it makes or changes.

use bytes::Bytes;
use jiff::Timestamp;

use crate::model::{Action, ArgumentKind, SubjectIndex, TriggerId};

/// The subjects that an action made or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// The one that it acted on.
    pub subject: SubjectIndex,
    /// What it made beside that one: first what its arguments name, in their order.
    pub made: Vec<SubjectIndex>,
}

impl Touched {
    /// One subject alone.
    pub fn only(subject: SubjectIndex) -> Self {
        Self { subject, made: Vec::new() }
    }

    /// What an action has made, in the order of the arguments that name it.
    pub fn made_by(&self, action: &Action) -> impl Iterator<Item = SubjectIndex> {
        let changes =
            action.arguments.iter().any(|one| matches!(one.kind, ArgumentKind::Subject(_)));
        // The subject that is acted on is the first of those made, unless it was there before.
        let first = std::iter::once(self.subject).filter(move |_| !changes);
        first.chain(self.made.iter().copied())
    }
}

/// Where accounts push the webhooks that they cause.
#[derive(Debug, Default)]
pub struct Outbox {
    /// In the order in which they were caused.
    pub caused: Vec<Caused>,
}

/// A webhook as an account pushes it; the simulation adds where and why.
#[derive(Debug)]
pub struct Caused {
    /// When it leaves, in virtual time.
    pub at: Timestamp,
    /// Its type.
    pub trigger: TriggerId,
    /// What it is about.
    pub subject: SubjectIndex,
    /// The subject that this one belongs to, such as the visit of a message. Faults and reports
    /// say its name where what the webhook is about has none.
    pub belongs_to: Option<SubjectIndex>,
    /// Which action caused it.
    pub action: &'static Action,
    /// The finished body.
    pub body: Bytes,
}
