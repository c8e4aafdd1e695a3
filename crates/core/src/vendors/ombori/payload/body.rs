//! The members of the bodies, in the order of the documented examples.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::registration::Registration;
use crate::vendors::ombori::given::Tag;
use crate::vendors::wire::{Maybe, Milliseconds, Seconds};

/// The whole body.
#[derive(Serialize, JsonSchema)]
pub struct Body<'a> {
    /// Text shown or sent to the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Maybe<Cow<'a, str>>,
    pub(super) data: Data<'a>,
    /// The type of the webhook.
    pub(super) r#type: &'a str,
    /// Slug of the tenant.
    pub(super) organization: &'a str,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Data<'a> {
    pub(super) position: PositionBody<'a>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PositionBody<'a> {
    pub(super) id: Uuid,
    #[schemars(extend("enum" = ["draft", "pending", "notified", "fulfilled", "completed", "rejected"]))]
    pub(super) status: &'static str,
    pub(super) priority: u32,
    pub(super) location: Location<'a>,
    pub(super) label: &'a str,
    #[schemars(extend("enum" = ["en", "sv", "ar"]))]
    pub(super) locale: &'static str,
    #[schemars(extend("enum" = ["anonymous", "manual", "booking"]))]
    pub(super) r#type: &'static str,
    pub(super) queue: Uuid,
    pub(super) created_at: Milliseconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) extra_status: Option<&'static str>,
    #[serde(rename = "QRCodeCheckInPositionId", skip_serializing_if = "Option::is_none")]
    pub(super) qr_code_check_in_position_id: Option<CheckInCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) registration_data: Option<Registration<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) notification: Option<Notification<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) number_of_people: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) booking: Option<Booking>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) booking_reminder_at: Maybe<Seconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) activated_at: Option<Milliseconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) called_at: Option<Milliseconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) retry_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fulfilled_at: Option<Milliseconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fulfilled_by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) completed_at: Option<Milliseconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rejected_at: Option<Milliseconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) leave_reminder_at: Maybe<Seconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) leave_at: Maybe<Seconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) served_by: Option<ServedBy<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) served_by_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) station: Maybe<&'a Station>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) feedback: Option<FeedbackBody<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) customer_info: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tags: Option<&'a [Tag]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) custom_data: Option<&'a Map<String, Json>>,
}

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum Location<'a> {
    Name(&'a str),
    #[serde(rename_all = "camelCase")]
    Place {
        location_name: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        organization_title: Option<&'a str>,
    },
}

#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", content = "settings", rename_all = "camelCase")]
pub(super) enum Notification<'a> {
    PhoneNumber(Recipient<'a>),
    Email(Recipient<'a>),
    #[serde(rename_all = "camelCase")]
    ApplePass {
        pass_type_identifier: &'static str,
        devices: [&'static str; 0],
    },
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Recipient<'a> {
    pub(super) from: &'static str,
    pub(super) to: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) recipient: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Booking {
    pub(super) start: Seconds,
    pub(super) end: Seconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) virtual_appointment: Option<VirtualAppointment>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct VirtualAppointment {
    pub(super) is_enabled: bool,
}

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum ServedBy<'a> {
    Staff(&'a Staff),
    Nobody {},
}

/// A member of staff (`servedBy`; position model).
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Staff {
    /// Id in the vendor's database.
    pub id: String,
    /// What third parties should use as the identifier.
    pub email: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Both.
    pub display_name: String,
}

/// A desk.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Station {
    /// Its id.
    pub id: Uuid,
    /// Its label: `C4`.
    pub label: String,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct FeedbackBody<'a> {
    pub(super) rating: u8,
    pub(super) message: &'a str,
}

/// JSON in a string: `{"type":"check-in-position","positionId":"…"}`.
pub(super) struct CheckInCode(pub(super) Uuid);

impl Serialize for CheckInCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const BEFORE: usize = br#"{"type":"check-in-position","positionId":""#.len();
        let nil =
            br#"{"type":"check-in-position","positionId":"00000000-0000-0000-0000-000000000000"}"#;
        let mut text = *nil;
        self.0.hyphenated().encode_lower(&mut text[BEFORE..]);
        let text = std::str::from_utf8(&text).unwrap_or_else(|_| panic!("it is ASCII"));
        serializer.serialize_str(text)
    }
}

impl JsonSchema for CheckInCode {
    fn schema_name() -> Cow<'static, str> {
        "CheckInCode".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "JSON in a string",
            "pattern": r#"^\{"type":"check-in-position","positionId":"[0-9a-f-]{36}"\}$"#
        })
    }
}
