//! The bodies: typed per object and profile, rendered straight into bytes.
//!
//! Which keys an object carries follows the documented examples (seed 002), which differ from
//! trigger to trigger: that is [`Form`].

mod message;
mod status;
mod visit;

use std::borrow::Cow;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::calendar::Slots;
use super::location::Location;
use super::visit::{By, Customer};

pub use message::{MessageBody, message, message_truth};
pub use status::{StatusBody, status, status_truth};
pub use visit::{Form, VisitBody, details, visit_truth, whole};

/// A version of the payloads, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// `2022`: every field of the examples.
    Full,
    /// `2024`: without the deprecated and the internal ones.
    Trimmed,
}

impl Version {
    /// From the profile's name in the catalogue.
    ///
    /// # Panics
    /// If the catalogue has a profile that is unknown here: a bug.
    pub fn of(profile: &str) -> Self {
        match profile {
            "2022" => Self::Full,
            "2024" => Self::Trimmed,
            other => panic!("profile {other} has no payloads"),
        }
    }
}

/// What bodies take from their account.
#[derive(Debug)]
pub struct Office {
    /// The version of the payloads.
    pub version: Version,
    /// The account's id.
    pub account: String,
    /// Name of the business.
    pub business: String,
    /// Host of the links in messages.
    pub host: String,
    /// How the state of a message is spelled that was not delivered.
    pub failed_state: String,
    /// Ids of the questions on the form.
    pub questions: Vec<String>,
    /// Languages of guests.
    pub locales: Vec<String>,
    /// Ids of the staff.
    pub staff: Vec<String>,
    /// The id under which things happen by themselves.
    pub system: String,
    /// Local time and the length of a slot.
    pub slots: Slots,
}

/// The account and what an object belongs to.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// The account.
    pub office: &'a Office,
    /// Where.
    pub location: &'a Location,
    /// Whose.
    pub customer: &'a Customer,
    /// Everybody in the customer database.
    pub customers: &'a [Customer],
}

impl<'a> Around<'a> {
    fn user(self, by: By) -> &'a str {
        match by {
            By::Guest(number) => &self.customers[number as usize].user,
            By::Staff(number) => &self.office.staff[usize::from(number)],
            By::System => &self.office.system,
        }
    }
}

/// Null, a value, or (as an outer `None`) not there at all: three different things on the wire.
type Maybe<T> = Option<Option<T>>;

/// A webhook that carries one object. Envelopes are written by hand; this is their schema.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "only described: `envelope` writes it")]
pub struct Single<T> {
    #[schemars(extend("pattern" = ENVELOPE_ID))]
    id: String,
    created: Milliseconds,
    #[schemars(extend("pattern" = ID))]
    account_id: String,
    r#type: String,
    data: T,
}

/// A webhook that carries an object before and after a change.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "only described: `envelope` writes it")]
pub struct Pair<T> {
    #[schemars(extend("pattern" = ENVELOPE_ID))]
    id: String,
    created: Milliseconds,
    #[schemars(extend("pattern" = ID))]
    account_id: String,
    r#type: String,
    before: T,
    after: T,
}

/// 20 letters and digits; those of this century begin with 0.
const ENVELOPE_ID: &str = "^0[0-9A-Za-z]{19}$";
/// 20 letters and digits.
const ID: &str = "^[0-9A-Za-z]{20}$";
/// 22 letters and digits.
const CUSTOMER_ID: &str = "^[0-9A-Za-z]{22}$";
/// 28 letters and digits.
const USER_ID: &str = "^[0-9A-Za-z]{28}$";
/// 6 letters and digits.
const PUBLIC_ID: &str = "^[0-9A-Za-z]{6}$";

/// ISO 8601 in UTC with milliseconds: `2031-03-04T08:15:02.114Z`.
struct Milliseconds(Timestamp);

impl Serialize for Milliseconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = [0; 24];
        serializer.serialize_str(crate::clock::milliseconds(self.0, &mut text))
    }
}

impl JsonSchema for Milliseconds {
    fn schema_name() -> Cow<'static, str> {
        "Milliseconds".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "format": "date-time",
            "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$"
        })
    }
}

/// Renders an object into an empty buffer.
fn render(object: &impl Serialize, into: &mut Vec<u8>) {
    into.clear();
    sonic_rs::to_writer(into, object)
        .unwrap_or_else(|error| panic!("an object cannot be rendered: {error}"));
}

fn value(object: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(object).unwrap_or_else(|error| panic!("an object is JSON: {error}"))
}
