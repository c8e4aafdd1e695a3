//! What is kept of a location's status, and how it is read. It is also what the probe shows, key
//! by key. The vendor documents no such webhook, so only the id is insisted on.

use serde::Serialize;

use crate::receiver::fields::{COUNT, FLAG, Fields, ID, INTEGER, TEXT};
use crate::receiver::refusal::Refusal;

/// How busy a location is. Waiting and serving count parties, and the wait is in seconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Location {
    pub id: String,
    pub name: Option<String>,
    pub open: Option<bool>,
    /// Whether staff closed it, whatever its opening hours say.
    pub forced_closed: Option<bool>,
    pub waiting: Option<u64>,
    pub waiting_guests: Option<u64>,
    pub serving: Option<u64>,
    pub serving_guests: Option<u64>,
    pub wait: Option<i64>,
}

impl Location {
    /// Reads a location's status as it stands in `after`, or in `data`.
    pub(super) fn read(fields: &Fields<'_>) -> Result<Self, Refusal> {
        // The vendor's word for "nobody can say".
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
