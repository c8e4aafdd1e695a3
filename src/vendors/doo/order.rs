//! An order: one booking, with its attendees and their tickets.
//!
//! In an order all attendees are active or none is, and all tickets let people in or none does: it
//! is paid, approved and cancelled as a whole (H2). Only check-ins are each ticket's own.

use jiff::Timestamp;

use super::form::Form;
use super::money::Cents;
use super::numbers::EventNumber;
pub use super::numbers::OrderNumber;
use super::people::Name;
use super::state::{AttendeeState, OrderState, TicketState};
use crate::model::SubjectIndex;

/// An order.
#[derive(Debug)]
pub struct Order {
    pub index: SubjectIndex,
    pub number: OrderNumber,
    pub event: EventNumber,
    /// The number in the account of its first attendee; the others follow.
    pub first_attendee: u32,
    /// The seed of its people and their answers.
    pub seed: u64,
    pub names: Option<Box<Names>>,
    pub status: OrderState,
    pub tickets: Box<[Ticket]>,
    /// `payment.method`.
    pub method: &'static str,
    pub amount: Cents,
    /// Whole euros.
    pub discount: u64,
    pub coupon: Option<Box<str>>,
    pub booked: Timestamp,
    pub approved: Option<Timestamp>,
    pub paid: Option<Timestamp>,
    pub cancelled: Option<Timestamp>,
    pub removed: Option<Timestamp>,
    /// When the booker's name was corrected last while there were tickets.
    pub corrected: Option<Timestamp>,
    /// The organizer's last comment, by its place in the list of comments.
    pub comment: Option<u8>,
    /// Whether there is an invoice.
    pub invoiced: bool,
    /// The text that never changes. Empty until it is needed, and again once the order is over.
    pub form: Form,
}

/// The names that a story gives.
#[derive(Debug, Default)]
pub struct Names {
    /// The booker, when the order was placed.
    pub booker: Option<String>,
    /// Who comes along.
    pub guest: Option<String>,
    /// The booker, as corrected last.
    pub corrected: Option<Name>,
}

/// The ticket of an attendee.
#[derive(Clone, Copy, Debug)]
pub struct Ticket {
    /// Its category, by its place in the event.
    pub category: u16,
    pub status: TicketState,
}

impl Order {
    /// Whether its tickets let people in. In an order all do, or none.
    pub fn is_admitted(&self) -> bool {
        self.tickets
            .iter()
            .any(|ticket| [TicketState::Valid, TicketState::Checked].contains(&ticket.status))
    }

    /// The status of its attendees: active once registered and paid (seed 003).
    pub fn attendee_status(&self) -> AttendeeState {
        if self.is_admitted() { AttendeeState::Active } else { AttendeeState::Inactive }
    }

    /// Whether it waits for the organizer.
    pub fn waits(&self) -> bool {
        [OrderState::PendingApproval, OrderState::PendingReview].contains(&self.status)
    }

    /// Whether its tickets hold their places.
    pub fn holds_places(&self) -> bool {
        self.tickets.iter().any(|ticket| ticket.status != TicketState::Cancelled)
    }

    /// Whether it was cancelled by anybody, and perhaps removed after that.
    pub fn was_cancelled(&self) -> bool {
        self.cancelled.is_some()
    }

    /// Whether at most its removal can follow.
    pub fn is_final(&self) -> bool {
        [
            OrderState::Denied,
            OrderState::CancelledByOrganizer,
            OrderState::CancelledByAttendee,
            OrderState::Removed,
        ]
        .contains(&self.status)
    }

    /// Sets all its tickets.
    pub fn set_tickets(&mut self, status: TicketState) {
        for ticket in &mut self.tickets {
            ticket.status = status;
        }
    }

    /// Makes the order active. If nothing is to be paid, or the payment is made, its tickets become
    /// valid; otherwise they wait for the payment.
    pub fn activate(&mut self, now: Timestamp, at_once: Payment) {
        self.status = OrderState::Active;
        self.invoiced = self.amount > Cents(0);
        if at_once == Payment::Made || !self.invoiced {
            self.pay(now);
        } else {
            self.set_tickets(TicketState::Pending);
        }
    }

    /// The payment has arrived.
    pub fn pay(&mut self, now: Timestamp) {
        self.paid = Some(now);
        self.set_tickets(TicketState::Valid);
    }
}

/// Whether an order comes with its payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payment {
    /// By card or PayPal.
    Made,
    /// By transfer, or after the organizer's approval.
    Later,
}
