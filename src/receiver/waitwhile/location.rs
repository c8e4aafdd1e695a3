//! What the receiver stores of a location's status, and how it is read. The probe shows the same
//! keys. The vendor shows no example of this webhook, so only the id is required.

use serde::Serialize;

use crate::receiver::fields::{COUNT, FLAG, Fields, ID, INTEGER, TEXT};
use crate::receiver::refusal::Refusal;

/// The status of a location. `waiting` and `serving` count parties; `wait` is in seconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Location {
    pub id: String,
    pub name: Option<String>,
    pub open: Option<bool>,
    /// Whether staff closed it, regardless of its opening hours.
    pub forced_closed: Option<bool>,
    pub waiting: Option<u64>,
    pub waiting_guests: Option<u64>,
    pub serving: Option<u64>,
    pub serving_guests: Option<u64>,
    pub wait: Option<i64>,
}

impl Location {
    /// Reads a location's status from `after` or `data`.
    pub(super) fn read(fields: &Fields<'_>) -> Result<Self, Refusal> {
        // With -1 the vendor means that the wait is unknown.
        let wait = fields.nullable("wait", INTEGER)?.filter(|wait| *wait != -1);
        Ok(Self {
            id: fields.required("id", ID)?,
            name: fields.nullable("name", TEXT)?,
            open: fields.nullable("isOpen", FLAG)?,
            forced_closed: fields.nullable("isForceClosed", FLAG)?,
            waiting: fields.nullable("numWaiting", COUNT)?,
            waiting_guests: fields.nullable("numWaitingGuests", COUNT)?,
            serving: fields.nullable("numServing", COUNT)?,
            serving_guests: fields.nullable("numServingGuests", COUNT)?,
            wait,
        })
    }
}
