//! What the receiver stores of a position. The probe shows the same keys.

use serde::Serialize;
use uuid::Uuid;

/// The status of a position, in the order in which a position passes through them. The last two are
/// final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    Draft,
    Pending,
    Notified,
    Fulfilled,
    Completed,
    Rejected,
}

impl Status {
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "draft" => Self::Draft,
            "pending" => Self::Pending,
            "notified" => Self::Notified,
            "fulfilled" => Self::Fulfilled,
            "completed" => Self::Completed,
            "rejected" => Self::Rejected,
            _ => return None,
        })
    }

    /// Whether only feedback can follow.
    pub(super) fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Rejected)
    }
}

/// A ticket or a booking, with the times as the vendor wrote them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Position {
    pub id: Uuid,
    pub status: Status,
    pub label: String,
    pub queue: String,
    pub locale: String,
    pub location: Option<String>,
    pub people: Option<u64>,
    pub booking: Option<Slot>,
    pub called_at: Option<String>,
    pub retry_count: Option<u64>,
    pub feedback: Option<Feedback>,
    pub phone: Option<String>,
    pub guest: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Slot {
    pub start: String,
    pub end: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Feedback {
    pub rating: i64,
    pub message: String,
}

impl Position {
    /// This state, with missing fields taken from the state before. A webhook has the current
    /// position, but not every trigger has all of its fields.
    pub(super) fn filled_from(self, before: &Position) -> Position {
        fn or<T: Clone>(now: Option<T>, before: &Option<T>) -> Option<T> {
            now.or_else(|| before.clone())
        }
        Position {
            location: or(self.location, &before.location),
            people: or(self.people, &before.people),
            booking: or(self.booking, &before.booking),
            called_at: or(self.called_at, &before.called_at),
            retry_count: or(self.retry_count, &before.retry_count),
            feedback: or(self.feedback, &before.feedback),
            phone: or(self.phone, &before.phone),
            guest: or(self.guest, &before.guest),
            ..self
        }
    }
}
