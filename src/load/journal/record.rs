//! What a thread notes for the journal: as little as it can, since it is busy. The keeper makes
//! entries of it.

use jiff::Timestamp;

use crate::clock::Moment;
use crate::journal::entry::{EntryId, TicketId};
use crate::model::signature::Sending;
use crate::model::{Outcome, RequestKind, Secret, TriggerId, Webhook};
use crate::policy::wire::SendResult;

/// The number of the first entry of an account after those that open it.
pub const FIRST: EntryId = 2;

/// An entry of an account's run in the making.
pub struct Record {
    /// The place of the account among those of the journal.
    pub account: usize,
    /// The number of the entry in its run.
    pub id: EntryId,
    /// The entry that caused it.
    pub cause: Option<EntryId>,
    /// What happened.
    pub what: What,
}

/// What happened.
pub enum What {
    /// The account's virtual time passed until then.
    Passed(Timestamp),
    /// It caused a webhook.
    Caused(Webhook),
    /// A request was made, or a fault stopped it.
    Attempted(Box<Request>, Box<SendResult>),
    /// A request was under way when the run was broken off.
    Intended(Attempt),
    /// A delivery is over.
    Ended {
        /// The delivery.
        attempt: Attempt,
        /// How it ended.
        outcome: Outcome,
    },
}

/// An attempt of a delivery.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    /// The `seq` of the webhook.
    pub seq: u64,
    /// The number of the attempt, from 1.
    pub number: u32,
    /// What it requests.
    pub kind: RequestKind,
    /// The ticket; none if the request was never sent.
    pub ticket: Option<TicketId>,
    /// When it was sent, or ended.
    pub at: Moment,
}

/// A request, as far as it cannot be made again from the settings.
pub struct Request {
    /// The attempt.
    pub attempt: Attempt,
    /// The type of the webhook.
    pub trigger: TriggerId,
    /// Its body, as the account made it; empty for a token request.
    pub body: Vec<u8>,
    /// The token that it carried.
    pub token: Option<Secret>,
    /// When it was sent, if its signature may tell that.
    pub sending: Option<Sending>,
    /// The places of the faults that struck it.
    pub faults: Vec<usize>,
}

impl Record {
    /// How much memory it needs, about.
    pub fn size(&self) -> usize {
        let more = match &self.what {
            What::Caused(webhook) => webhook.body.len() + webhook.subject.id.len(),
            What::Attempted(request, result) => {
                let answer = result.answer.as_ref().map_or(0, |answer| answer.body.len());
                size_of::<Request>() + size_of::<SendResult>() + request.body.len() + answer
            }
            What::Passed(_) | What::Intended(_) | What::Ended { .. } => 0,
        };
        size_of::<Self>() + more
    }
}
