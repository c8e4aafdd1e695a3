//! What is kept of an event (`EventsIdEditGetResponse`), and how it is read. It is also what the
//! probe shows, key by key.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::storage::stored;
use crate::receiver::defects::Defect;
use crate::receiver::fields::{Fields, ID, Kind, TEXT};
use crate::receiver::refusal::Refusal;

/// Where an event stands, in the order in which it gets there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Stage {
    Draft,
    Live,
    Cancelled,
    Done,
    Deleted,
}

pub(super) const STAGE: Kind<Stage> =
    Kind("one of draft, live, cancelled, done and deleted", |value| {
        value.is_string().then(|| Stage::deserialize(value).ok())?
    });

/// The id of an event, as text: a number in the event, a string in the order, and the same event.
pub(super) const EVENT_ID: Kind<String> = Kind("an id, as a number or a string", |value| {
    let text = match value {
        Value::Number(number) => number.to_string(),
        other => (ID.1)(other)?,
    };
    // Any number may be written with a point.
    let id = text.strip_suffix(".0").unwrap_or(&text);
    let fine = value.is_string() || id.bytes().all(|digit| digit.is_ascii_digit());
    fine.then(|| id.to_owned())
});

/// An event, with the dates as the vendor wrote them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Event {
    pub id: String,
    pub status: Stage,
    pub title: String,
    pub starts: String,
    pub ends: String,
    /// `is_deleted`: "0" or "1", and a string.
    pub deleted: String,
    pub updated: String,
    pub external_user: Option<String>,
}

impl Event {
    /// Reads an event: the body itself.
    pub(super) fn read(fields: &Fields<'_>, defects: &BTreeSet<Defect>) -> Result<Self, Refusal> {
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
        let status = fields.required("status", STAGE)?;
        Ok(Self {
            id: fields.required("id", EVENT_ID)?,
            status: if truthy { Stage::Deleted } else { status },
            title: stored(fields.required("title", TEXT)?, defects),
            starts: fields.required("start_date", TEXT)?,
            ends: fields.required("end_date", TEXT)?,
            deleted,
            updated: fields.required("update_date", TEXT)?,
            external_user: fields.nullable("external_user_id", TEXT)?,
        })
    }

    /// This event as its removal leaves it, whatever the body still says.
    pub(super) fn deleted(self) -> Self {
        Self { status: Stage::Deleted, ..self }
    }

    /// Whether this was before or after the other, as far as their dates tell.
    pub(super) fn compared(&self, other: &Self) -> Option<Ordering> {
        Moment::of(&self.updated)?.compared(Moment::of(&other.updated)?)
    }
}

/// A date as the vendor may write it; which form bodies have is not documented.
enum Moment {
    Absolute(Timestamp),
    /// In the zone of the account, which is the same for all its events' dates.
    Local(DateTime),
}

impl Moment {
    fn of(text: &str) -> Option<Self> {
        let absolute = text.parse().ok().map(Self::Absolute);
        absolute.or_else(|| text.parse().ok().map(Self::Local))
    }

    fn compared(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Absolute(one), Self::Absolute(other)) => Some(one.cmp(&other)),
            (Self::Local(one), Self::Local(other)) => Some(one.cmp(&other)),
            _ => None,
        }
    }
}
