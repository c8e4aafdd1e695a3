//! What the receiver stores of an order (`OrdersIdGetResponse`) with its attendees and tickets. The
//! probes show the same keys. `reading` reads it from a body.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::event::EventStatus;
use crate::receiver::fields::Kind;

/// The status of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum OrderStatus {
    PendingOrganizerApproval,
    PendingOrganizerReview,
    /// Valid, but perhaps not paid: the attendees show whether it is.
    Active,
    Denied,
    /// Only in the model of 2017.
    OrganizerCancelled,
    OrganizerAcceptedCancellation,
    AttendeeAcceptedCancellation,
    Removed,
}

pub(super) const ORDER_STATUS: Kind<OrderStatus> =
    Kind("a status of an order", |value| named(value));

impl OrderStatus {
    /// The progress of the order. It never goes back.
    pub(super) fn rank(self) -> u8 {
        match self {
            Self::PendingOrganizerApproval => 0,
            Self::PendingOrganizerReview => 1,
            Self::Active | Self::Denied => 2,
            Self::OrganizerCancelled
            | Self::OrganizerAcceptedCancellation
            | Self::AttendeeAcceptedCancellation => 3,
            Self::Removed => 4,
        }
    }

    pub(super) fn is_pending(self) -> bool {
        self.rank() < Self::Active.rank()
    }

    pub(super) fn is_cancelled(self) -> bool {
        self.rank() == Self::OrganizerCancelled.rank()
    }
}

/// The status of an attendee: active means registered and paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum AttendeeStatus {
    Inactive,
    Active,
}

pub(super) const ATTENDEE_STATUS: Kind<AttendeeStatus> =
    Kind("active or inactive", |value| named(value));

/// The status of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum TicketStatus {
    Pending,
    Valid,
    Checked,
    Cancelled,
}

pub(super) const TICKET_STATUS: Kind<TicketStatus> =
    Kind("one of pending, valid, checked and cancelled", |value| named(value));

impl TicketStatus {
    /// The progress of the ticket. A check-in can be undone, so it does not count as progress.
    pub(super) fn rank(self) -> u8 {
        match self {
            Self::Pending => 0,
            Self::Valid | Self::Checked => 1,
            Self::Cancelled => 2,
        }
    }
}

/// The variant of an enum with this name.
fn named<'a, T: Deserialize<'a>>(value: &'a Value) -> Option<T> {
    value.is_string().then(|| T::deserialize(value).ok())?
}

/// An order as of its newest webhook.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Order {
    pub id: String,
    pub status: OrderStatus,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub invoice: String,
    /// Kept as text: `142.80`.
    pub amount: String,
    pub discount: i64,
    pub customer: Option<String>,
    pub event: EventOfOrder,
    pub attendees: Vec<Attendee>,
}

/// The event, as the order has it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct EventOfOrder {
    pub id: String,
    pub title: String,
    pub status: EventStatus,
}

/// A person in an order. If the event asks only the booker, names and e-mail are unknown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Attendee {
    pub id: String,
    pub status: AttendeeStatus,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub email: Option<String>,
    pub ticket: Option<Ticket>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Ticket {
    pub id: String,
    pub status: TicketStatus,
    pub category: i64,
}

/// An attendee with the ids of order and event: the content of an attendee trigger, whose body is
/// not documented, and the answer to a probe.
#[derive(Clone, Debug, Serialize)]
pub(super) struct AttendeeRecord {
    #[serde(flatten)]
    pub attendee: Attendee,
    pub order: Option<String>,
    pub event: Option<String>,
}

impl Order {
    pub(super) fn is_paid(&self) -> bool {
        let mut attendees = self.attendees.iter();
        attendees.any(|attendee| attendee.status == AttendeeStatus::Active)
    }

    pub(super) fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        self.attendees.iter().filter_map(|attendee| attendee.ticket.as_ref())
    }

    /// This order with one attendee replaced or added.
    pub(super) fn with(mut self, attendee: Attendee) -> Self {
        match self.attendees.iter_mut().find(|other| other.id == attendee.id) {
            Some(known) => *known = attendee,
            None => self.attendees.push(attendee),
        }
        self
    }
}
