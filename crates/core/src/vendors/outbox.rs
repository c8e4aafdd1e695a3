//! The effects of an action: the webhooks that it causes, and the subjects that it creates or
//! changes.

use std::ops::Range;

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

/// How much room for bodies is kept for the next webhooks.
const KEPT: usize = 256 * 1024;

/// Where accounts put the webhooks that they cause: all bodies one behind the other in one buffer,
/// which is used again. So a webhook costs no allocation until somebody needs it for longer.
#[derive(Debug, Default)]
pub struct Outbox {
    /// In the order in which they were caused, each with the place of its body.
    caused: Vec<(Caused, Range<usize>)>,
    bodies: Vec<u8>,
}

impl Outbox {
    /// The buffer, at whose end the body of the next webhook is written.
    pub fn body(&mut self) -> &mut Vec<u8> {
        &mut self.bodies
    }

    /// Adds a webhook. Its body is what was written since the last one.
    pub fn put(&mut self, caused: Caused) {
        let begin = self.caused.last().map_or(0, |(_, body)| body.end);
        self.caused.push((caused, begin..self.bodies.len()));
    }

    /// The webhook at this place, with its body.
    pub fn get(&self, place: usize) -> Option<(&Caused, &[u8])> {
        let (caused, body) = self.caused.get(place)?;
        Some((caused, &self.bodies[body.clone()]))
    }

    /// All webhooks from this place on, with their bodies.
    pub fn from(&self, place: usize) -> impl Iterator<Item = (&Caused, &[u8])> {
        (place..).map_while(|place| self.get(place))
    }

    /// Forgets all webhooks.
    pub fn clear(&mut self) {
        self.caused.clear();
        self.bodies.clear();
        self.bodies.shrink_to(KEPT);
    }
}

/// A webhook as an account puts it. The simulation adds the vendor, the account and the names.
#[derive(Clone, Copy, Debug)]
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
}
