//! What the receiver stores of an event (`EventsIdEditGetResponse`), and how it is read. The probe
//! shows the same keys.

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::cmp::Ordering;

use super::storage::stored;
use crate::receiver::defects::Defect;
use crate::receiver::fields::{Fields, ID, Kind, TEXT};
use crate::receiver::refusal::Refusal;
use crate::receiver::variation::Defects;

/// The status of an event, in the order in which an event passes through them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum EventStatus {
    Draft,
    Live,
    Cancelled,
    Done,
    Deleted,
}

pub(super) const EVENT_STATUS: Kind<EventStatus> =
    Kind("one of draft, live, cancelled, done and deleted", |value| {
        value.is_string().then(|| EventStatus::deserialize(value).ok())?
    });

/// The id of an event, as text. It is a number in the event and a string in its orders.
pub(super) const EVENT_ID: Kind<String> = Kind("an id, as a number or a string", |value| {
    let text = match value {
        Value::Number(number) => number.to_string(),
        other => (ID.1)(other)?,
    };
    // JSON may write a whole number with a decimal point.
    let id = text.strip_suffix(".0").unwrap_or(&text);
    let fine = value.is_string() || id.bytes().all(|digit| digit.is_ascii_digit());
    fine.then(|| id.to_owned())
});

/// An event. Dates are kept as the vendor wrote them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Event {
    pub id: String,
    pub status: EventStatus,
    pub title: String,
    pub starts: String,
    pub ends: String,
    /// `is_deleted`: the string "0" or "1".
    pub deleted: String,
    pub updated: String,
    pub external_user: Option<String>,
}

impl Event {
    /// Reads an event: the body itself.
    pub(super) fn read(fields: &Fields<'_>, defects: &Defects) -> Result<Self, Refusal> {
        let has = |defect| defects.contains(&defect);
        if has(Defect::EventIdTypeMismatch) && fields.get("id").is_some_and(Value::is_number) {
            return Err(Refusal::Crash("the id is not a string"));
        }
        if has(Defect::DeletedFlagAsBoolean)
            && !fields.get("is_deleted").is_some_and(Value::is_boolean)
        {
            return Err(Refusal::Crash("is_deleted is not true or false"));
        }
        let deleted = fields.required("is_deleted", TEXT)?;
        let truthy = has(Defect::DeletedFlagTruthy) && !deleted.is_empty();
        let status = fields.required("status", EVENT_STATUS)?;
        Ok(Self {
            id: fields.required("id", EVENT_ID)?,
            status: if truthy { EventStatus::Deleted } else { status },
            title: stored("title", fields.required("title", TEXT)?, defects),
            starts: fields.required("start_date", TEXT)?,
            ends: fields.required("end_date", TEXT)?,
            deleted,
            updated: fields.required("update_date", TEXT)?,
            external_user: fields.nullable("external_user_id", TEXT)?,
        })
    }

    /// This event as deleted, whatever status the body has.
    pub(super) fn deleted(self) -> Self {
        Self { status: EventStatus::Deleted, ..self }
    }

    /// Whether this state is older or newer than the other; `None` if their dates do not tell.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        Moment::of(&self.updated)?.compare(Moment::of(&other.updated)?)
    }
}

/// A date in one of the formats that the vendor may use. The format is not documented.
enum Moment {
    Absolute(Timestamp),
    /// In the time zone of the account, which is the same for all its events.
    Local(DateTime),
}

impl Moment {
    fn of(text: &str) -> Option<Self> {
        let absolute = text.parse().ok().map(Self::Absolute);
        absolute.or_else(|| text.parse().ok().map(Self::Local))
    }

    fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Absolute(one), Self::Absolute(other)) => Some(one.cmp(&other)),
            (Self::Local(one), Self::Local(other)) => Some(one.cmp(&other)),
            _ => None,
        }
    }
}
