//! Tickets: requests that are to be sent.

use std::sync::Arc;

use jiff::Timestamp;

use super::route::Route;
use crate::journal::entry::{DeliveryId, EntryId, TicketId};
use crate::model::RequestKind;
use crate::policy::Request;
use crate::policy::wire::SendMode;
use crate::sim::AccountIndex;

/// A request that is to be sent, with all that is needed for that. The driver sends it and returns the
/// result.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// Its place among the tickets of the run.
    pub id: TicketId,
    /// The account.
    pub account: AccountIndex,
    /// The delivery that it belongs to.
    pub delivery: DeliveryId,
    /// The number of the attempt.
    pub attempt: u32,
    /// When it leaves, in virtual time.
    pub at: Timestamp,
    /// What it asks for.
    pub kind: RequestKind,
    /// The finished request.
    pub request: Request,
    /// How it is put on the wire.
    pub mode: SendMode,
    /// How often it is sent, all at the same instant on connections of their own.
    pub copies: u32,
    /// The route, with the policy that judges the answer.
    pub route: Arc<Route>,
}

/// A ticket that was taken and is not back.
#[derive(Debug)]
pub struct Out {
    /// The ticket.
    pub ticket: Ticket,
    /// The entry that announced it.
    pub intended: EntryId,
}
