//! A webhook and the subject that it is about.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;

use super::list::{Number, Numbers};

/// Identifies a subject of an account for a whole run.
pub type SubjectIndex = Number<Subject>;

/// The subjects of an account, in the order in which they were created.
pub type Subjects = Numbers<Subject>;

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
