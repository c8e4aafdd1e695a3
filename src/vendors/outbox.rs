//! The effects of an action: the webhooks that it causes, and the subjects that it creates or
//! changes.

use bytes::Bytes;
use jiff::Timestamp;

use crate::model::{Action, ArgumentKind, SubjectIndex, TriggerId};

/// The subjects that an action created or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// The subject that it acted on.
    pub subject: SubjectIndex,
    /// The other subjects that it created, beginning with those that its arguments name, in their
    /// order.
    pub made: Vec<SubjectIndex>,
}

impl Touched {
    /// Only this subject.
    pub fn only(subject: SubjectIndex) -> Self {
        Self { subject, made: Vec::new() }
    }

    /// The subjects that an action created, in the order of the arguments that name them.
    pub fn made_by(&self, action: &Action) -> impl Iterator<Item = SubjectIndex> {
        let changes =
            action.arguments.iter().any(|one| matches!(one.kind, ArgumentKind::Subject(_)));
        // If the action created the subject that it acted on, that one comes first.
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

/// A webhook as an account pushes it. The simulation adds the vendor, the account and the names.
#[derive(Debug)]
pub struct Caused {
    /// When it is sent, in virtual time.
    pub at: Timestamp,
    /// Its type.
    pub trigger: TriggerId,
    /// What it is about.
    pub subject: SubjectIndex,
    /// The subject that this one belongs to, such as the visit of a message. If the subject has no
    /// name, faults and reports use the name of this one.
    pub belongs_to: Option<SubjectIndex>,
    /// Which action caused it.
    pub action: &'static Action,
    /// The finished body.
    pub body: Bytes,
}
