//! What is kept of an order (`OrdersIdGetResponse`) with its attendees and their tickets. It is
//! also what the probes show, key by key. How it is read stands in `reading`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::event::Stage;
use crate::receiver::fields::Kind;

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    PendingOrganizerApproval,
    PendingOrganizerReview,
    /// Valid, and perhaps not paid: that is said by the attendees.
    Active,
    Denied,
    /// In the model of 2017 alone.
    OrganizerCancelled,
    OrganizerAcceptedCancellation,
    AttendeeAcceptedCancellation,
    Removed,
}

pub(super) const STATUS: Kind<Status> = Kind("a status of an order", |value| named(value));

impl Status {
    /// How far it is along its way, which leads one way only.
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

/// Whether somebody is registered and has paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Attendance {
    Inactive,
    Active,
}

pub(super) const ATTENDANCE: Kind<Attendance> = Kind("active or inactive", |value| named(value));

/// What a ticket is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Pass {
    Pending,
    Valid,
    Checked,
    Cancelled,
}

pub(super) const PASS: Kind<Pass> =
    Kind("one of pending, valid, checked and cancelled", |value| named(value));

impl Pass {
    /// How far it is along its way; a check-in can be undone, so it is no step on it.
    pub(super) fn rank(self) -> u8 {
        match self {
            Self::Pending => 0,
            Self::Valid | Self::Checked => 1,
            Self::Cancelled => 2,
        }
    }
}

/// A name of one of an enum's variants.
fn named<'a, T: Deserialize<'a>>(value: &'a Value) -> Option<T> {
    value.is_string().then(|| T::deserialize(value).ok())?
}

/// An order as it was last told.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Order {
    pub id: String,
    pub status: Status,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub invoice: String,
    /// Kept as it was written: `142.80`.
    pub amount: String,
    pub discount: i64,
    pub customer: Option<String>,
    pub event: EventOfOrder,
    pub attendees: Vec<Attendee>,
}

/// What an order says of its event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct EventOfOrder {
    pub id: String,
    pub title: String,
    pub status: Stage,
}

/// A person in an order. Where the booker alone was asked, nothing is known of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Attendee {
    pub id: String,
    pub status: Attendance,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub email: Option<String>,
    pub ticket: Option<Ticket>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Ticket {
    pub id: String,
    pub status: Pass,
    pub category: i64,
}

/// An attendee who came alone: the body of their own triggers is not documented.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Stray {
    #[serde(flatten)]
    pub attendee: Attendee,
    pub order: Option<String>,
    pub event: Option<String>,
}

impl Order {
    pub(super) fn is_paid(&self) -> bool {
        let mut attendees = self.attendees.iter();
        attendees.any(|attendee| attendee.status == Attendance::Active)
    }

    pub(super) fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        self.attendees.iter().filter_map(|attendee| attendee.ticket.as_ref())
    }

    /// This order with one of its attendees as they are said to be now, or with another one.
    pub(super) fn with(mut self, attendee: Attendee) -> Self {
        match self.attendees.iter_mut().find(|other| other.id == attendee.id) {
            Some(known) => *known = attendee,
            None => self.attendees.push(attendee),
        }
        self
    }
}
