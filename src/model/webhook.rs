//! A webhook and the subject that it is about.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;

/// Identifies a subject of an account for a whole run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubjectIndex(u32);

impl SubjectIndex {
    /// The subject at this index of its account, from 0.
    pub const fn at(place: usize) -> Self {
        Self(place as u32)
    }

    /// Its index in the account that handed it out.
    pub const fn place(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for SubjectIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The subjects of an account, in the order in which they were created.
#[derive(Clone, Debug)]
pub struct Subjects(std::ops::Range<u32>);

impl Subjects {
    /// The first subjects, this many.
    pub const fn first(count: usize) -> Self {
        Self(0..count as u32)
    }
}

impl Iterator for Subjects {
    type Item = SubjectIndex;

    fn next(&mut self) -> Option<SubjectIndex> {
        self.0.next().map(SubjectIndex)
    }

    fn nth(&mut self, place: usize) -> Option<SubjectIndex> {
        self.0.nth(place).map(SubjectIndex)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl DoubleEndedIterator for Subjects {
    fn next_back(&mut self) -> Option<SubjectIndex> {
        self.0.next_back().map(SubjectIndex)
    }
}

impl ExactSizeIterator for Subjects {}

/// The thing a webhook is about: a position, a visit, an order.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subject {
    /// The vendor's word for it, as declared in its catalogue: `position`.
    pub kind: &'static str,
    /// The vendor's id for it, in the vendor's form.
    pub id: String,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.id)
    }
}

/// One notification caused by an action.
#[derive(Clone, Debug, PartialEq)]
pub struct Webhook {
    /// Its place in the run, from 0. Breaks ties between webhooks of the same virtual time.
    pub seq: u64,
    /// When it left the vendor, in virtual time.
    pub at: Timestamp,
    /// Name of the vendor: `ombori`.
    pub vendor: &'static str,
    /// Name of the account.
    pub account: Arc<str>,
    /// The vendor's own name of this type of webhook: `positionCalled`.
    pub trigger: &'static str,
    /// What it is about.
    pub subject: Subject,
    /// The name that the run gave its subject. If it has none, the name of the subject that it
    /// belongs to: a message about Anna's visit has Anna's name.
    pub name: Option<Arc<str>>,
    /// Which action caused it, by its `call` in the catalogue: `call`.
    pub action: &'static str,
    /// The finished body: exactly the bytes that go on the wire.
    pub body: Bytes,
}
