//! What the receiver stores of a message to a guest, and how it is read: whether it was delivered,
//! but not its text. The probe shows the same keys.

use serde::Serialize;

use crate::receiver::fields::{Fields, ID, TEXT};
use crate::receiver::refusal::Refusal;

/// A message that Waitwhile has sent or tried to send.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Message {
    pub id: String,
    /// PENDING, DELIVERED or another word. How the vendor spells a failure is not documented.
    pub state: String,
    pub channel: String,
    pub kind: Option<String>,
    pub visit: Option<String>,
    pub location: Option<String>,
}

impl Message {
    /// Reads a message from `data` or `after`.
    pub(super) fn read(fields: &Fields<'_>) -> Result<Self, Refusal> {
        Ok(Self {
            id: fields.required("id", ID)?,
            state: fields.required("state", TEXT)?,
            channel: fields.required("channel", TEXT)?,
            kind: fields.nullable("type", TEXT)?,
            visit: fields.nullable("visitId", TEXT)?,
            location: fields.nullable("locationId", TEXT)?,
        })
    }
}
