//! An order: one booking, with its attendees and their tickets.
//!
//! In an order, either all attendees are active or none is, and either all tickets are valid or
//! none is: an order is paid, approved and cancelled as a whole (H2). Only check-ins are per
//! ticket.

use jiff::Timestamp;

use super::form::Form;
use super::money::Cents;
use super::numbers::EventNumber;
pub use super::numbers::OrderNumber;
use super::people::Name;
use super::state::{AttendeeState, OrderState, TicketState};
use crate::model::SubjectIndex;

/// What an organizer writes about an order. The texts are our own.
#[derive(Clone, Copy, Debug)]
pub enum Comment {
    /// It is to be looked at again.
    Flagged,
    /// It was denied.
    Denied,
}

impl Comment {
    /// `organizer_comment` on the wire.
    pub fn text(self) -> &'static str {
        match self {
            Self::Flagged => "Bitte prüfen: zwei Buchungen?",
            Self::Denied => "Only members can take part",
        }
    }
}

/// An order.
#[derive(Debug)]
pub struct Order {
    pub index: SubjectIndex,
    pub number: OrderNumber,
    pub event: EventNumber,
    /// The number of its first attendee in the account. The others follow.
    pub first_attendee: u32,
    /// The seed of its people and answers.
    pub seed: u64,
    pub names: Option<Box<Names>>,
    pub status: OrderState,
    pub tickets: Box<[Ticket]>,
    /// `payment.method`.
    pub method: &'static str,
    pub amount: Cents,
    /// In whole euros.
    pub discount: u64,
    pub coupon: Option<Box<str>>,
    pub booked: Timestamp,
    pub approved: Option<Timestamp>,
    pub paid: Option<Timestamp>,
    pub cancelled: Option<Timestamp>,
    pub removed: Option<Timestamp>,
    /// When the name of the booker was last corrected while the order had tickets.
    pub corrected: Option<Timestamp>,
    /// The organizer's last comment.
    pub comment: Option<Comment>,
    /// Whether it has an invoice.
    pub invoiced: bool,
    /// The constant parts of its body. Empty until they are needed, and again once the order is
    /// over.
    pub form: Form,
}

/// The names that a story gives to the people of an order.
#[derive(Debug, Default)]
pub struct Names {
    /// The booker's name when the order was placed.
    pub booker: Option<String>,
    /// The name of the person who comes along.
    pub guest: Option<String>,
    /// The booker's name after the last correction.
    pub corrected: Option<Name>,
}

/// The ticket of an attendee.
#[derive(Clone, Copy, Debug)]
pub struct Ticket {
    /// The index of its category in the event.
    pub category: u16,
    pub status: TicketState,
}

impl Order {
    /// Whether its tickets are valid or checked in: all of an order's tickets, or none.
    pub fn is_admitted(&self) -> bool {
        self.tickets
            .iter()
            .any(|ticket| [TicketState::Valid, TicketState::Checked].contains(&ticket.status))
    }

    /// The status of its attendees: active once registered and paid (seed 003).
    pub fn attendee_status(&self) -> AttendeeState {
        if self.is_admitted() { AttendeeState::Active } else { AttendeeState::Inactive }
    }

    /// Whether it awaits the organizer.
    pub fn waits(&self) -> bool {
        [OrderState::PendingApproval, OrderState::PendingReview].contains(&self.status)
    }

    /// Whether its tickets take places.
    pub fn holds_places(&self) -> bool {
        self.tickets.iter().any(|ticket| ticket.status != TicketState::Cancelled)
    }

    /// Whether it was cancelled, even if it was removed later.
    pub fn was_cancelled(&self) -> bool {
        self.cancelled.is_some()
    }

    /// Whether nothing but its removal can follow.
    pub fn is_final(&self) -> bool {
        [
            OrderState::Denied,
            OrderState::CancelledByOrganizer,
            OrderState::CancelledByAttendee,
            OrderState::Removed,
        ]
        .contains(&self.status)
    }

    /// Sets the status of all its tickets.
    pub fn set_tickets(&mut self, status: TicketState) {
        for ticket in &mut self.tickets {
            ticket.status = status;
        }
    }

    /// Makes the order active. If nothing is due or the payment is made at once, its tickets become
    /// valid. Otherwise they await the payment.
    pub fn activate(&mut self, now: Timestamp, at_once: Payment) {
        self.status = OrderState::Active;
        self.invoiced = self.amount > Cents(0);
        if at_once == Payment::Made || !self.invoiced {
            self.pay(now);
        } else {
            self.set_tickets(TicketState::Pending);
        }
    }

    /// Records the payment.
    pub fn pay(&mut self, now: Timestamp) {
        self.paid = Some(now);
        self.set_tickets(TicketState::Valid);
    }
}

/// When an order is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payment {
    /// At once, by card or PayPal.
    Made,
    /// Later, by transfer or after the organizer's approval.
    Later,
}
