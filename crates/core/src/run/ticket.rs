//! Tickets: requests for the driver to send.

use std::sync::Arc;

use jiff::Timestamp;

use super::route::Route;
use crate::journal::entry::{DeliveryId, EntryId, TicketId};
use crate::model::RequestKind;
use crate::policy::Request;
use crate::policy::wire::SendMode;
use crate::sim::AccountIndex;

/// A request for the driver to send, with all that is needed for that. The driver returns the
/// result.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// Its number in the run, from 0.
    pub id: TicketId,
    /// The account.
    pub account: AccountIndex,
    /// The delivery that it belongs to.
    pub delivery: DeliveryId,
    /// The number of the attempt.
    pub attempt: u32,
    /// When it is sent, in virtual time.
    pub at: Timestamp,
    /// What kind of request it is.
    pub kind: RequestKind,
    /// The finished request.
    pub request: Request,
    /// How it is put on the wire.
    pub mode: SendMode,
    /// How many copies are sent, all at the same instant, each on its own connection.
    pub copies: u32,
    /// The route, with the policy that judges the answer.
    pub route: Arc<Route>,
}

/// A ticket that was polled and has not been returned.
#[derive(Debug)]
pub struct Out {
    /// The ticket.
    pub ticket: Ticket,
    /// The entry that recorded the intent to send it.
    pub intended: EntryId,
}
