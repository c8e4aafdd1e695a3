//! Webhooks on their way, and the connections that carry them.

use crate::clock::{self, Moment};
use crate::journal::entry::EntryId;
use crate::load::faults::{Role, Struck};
use crate::load::follow::Mark;
use crate::load::lanes::Lane;
use crate::model::signature::Sending;
use crate::model::{Secret, SubjectIndex, TriggerId};

/// A webhook that is to be sent.
pub struct Delivery {
    pub trigger: TriggerId,
    pub subject: SubjectIndex,
    pub body: Vec<u8>,
    pub vendor: usize,
    pub tenant: usize,
    /// The lane that it holds, if it holds one.
    pub lane: Option<Lane>,
    /// When the schedule wants it.
    pub intended: Moment,
    /// When this attempt is due.
    pub due: Moment,
    /// The number of this attempt, from 1.
    pub attempt: u32,
    /// It is sent again because its token was refused.
    pub second: Second,
    /// Its number, if its subject is followed.
    pub mark: Mark,
    /// The faults that strike it.
    pub struck: Option<Box<Struck>>,
    /// When it was sent, for a vendor whose signatures are made one by one.
    pub sending: Option<Box<Sending>>,
    /// The `seq` of its webhook and the last entry about it; 0 without a journal.
    pub seq: u64,
    pub entry: EntryId,
}

impl Delivery {
    /// Notes that an attempt is signed now. A copy has the bytes of the first one, and a retry a later time than
    /// the attempt before it.
    pub fn sign_now(&mut self) {
        if self.is_copy() {
            return;
        }
        let (last, now) = (self.sending.as_deref(), clock::real_time());
        let sending = last.map_or_else(|| Sending::first(now), |last| last.then(now));
        self.sending = Some(Box::new(sending));
    }

    /// Its faults, and how many copies are left behind it, if it is itself a copy.
    pub fn copies(&self) -> Option<(Struck, u32)> {
        let struck = self.struck.as_ref()?;
        match struck.role {
            Role::Original => None,
            Role::Copy(left) => Some((Struck::clone(struck), left)),
        }
    }

    /// Whether it is a further copy, made by a fault.
    pub fn is_copy(&self) -> bool {
        self.struck.as_ref().is_some_and(|struck| struck.role != Role::Original)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Second {
    No,
    Yes,
}

/// A retry, by when it is due.
pub struct Later(pub Delivery, pub u64);

impl PartialEq for Later {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Later {}

impl PartialOrd for Later {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Later {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.0.due, self.1).cmp(&(other.0.due, other.1))
    }
}

/// What is under way on a connection.
pub enum Flight {
    /// A request for the token of this delivery.
    Token(Delivery),
    /// A webhook, with the token that it carries.
    Webhook(Delivery, Option<Secret>),
}

impl Flight {
    /// What is delivered.
    pub fn delivery(&mut self) -> &mut Delivery {
        match self {
            Self::Token(delivery) | Self::Webhook(delivery, _) => delivery,
        }
    }
}

/// A connection.
#[derive(Default)]
pub struct Connection {
    /// What it sends next, once that is due.
    pub reserved: Option<Delivery>,
    /// The token for it, if one was asked for.
    pub token: Option<Secret>,
    pub flight: Option<Flight>,
    /// When that was sent.
    pub sent: Option<Moment>,
}
