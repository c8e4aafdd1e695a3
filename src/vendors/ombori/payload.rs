//! The bodies: typed per trigger and profile, rendered straight into bytes.
//!
//! Which keys a body carries follows the documented examples, which differ from trigger to
//! trigger: that is [`Keys`], the one table behind rendering and JSON Schemas alike.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use uuid::Uuid;

use super::message::{self, Text};
use super::position::{Channel, Kind, Position};

/// A version of the payloads, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// `2020-12`
    LocationString,
    /// `2021-01`
    LocationObject,
    /// `2021-01-28`
    CallTimes,
    /// `2021-02`
    OrganizationTitle,
    /// `position-model`
    PositionModel,
}

impl Version {
    /// From the profile's name in the catalogue.
    ///
    /// # Panics
    /// If the catalogue has a profile that is unknown here: a bug.
    pub fn of(profile: &str) -> Self {
        match profile {
            "2020-12" => Self::LocationString,
            "2021-01" => Self::LocationObject,
            "2021-01-28" => Self::CallTimes,
            "2021-02" => Self::OrganizationTitle,
            "position-model" => Self::PositionModel,
            other => panic!("profile {other} has no payloads"),
        }
    }
}

/// Null, a value, or (as an outer `None`) not there at all: three different things on the wire.
type Maybe<T> = Option<Option<T>>;

/// The whole body.
#[derive(Serialize, JsonSchema)]
pub struct Body<'a> {
    /// Text shown or sent to the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Maybe<Cow<'a, str>>,
    data: Data<'a>,
    /// The type of the webhook.
    r#type: &'a str,
    /// Slug of the tenant.
    organization: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct Data<'a> {
    position: PositionBody<'a>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct PositionBody<'a> {
    id: Uuid,
    #[schemars(extend("enum" = ["draft", "pending", "notified", "fulfilled", "completed", "rejected"]))]
    status: &'static str,
    priority: u32,
    location: Location<'a>,
    label: &'a str,
    #[schemars(extend("enum" = ["en", "sv", "ar"]))]
    locale: &'static str,
    #[schemars(extend("enum" = ["anonymous", "manual", "booking"]))]
    r#type: &'static str,
    queue: Uuid,
    created_at: Milliseconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    extra_status: Option<&'static str>,
    #[serde(rename = "QRCodeCheckInPositionId", skip_serializing_if = "Option::is_none")]
    qr_code_check_in_position_id: Option<CheckInCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registration_data: Option<Registration<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notification: Option<Notification<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number_of_people: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    booking: Option<Booking>,
    #[serde(skip_serializing_if = "Option::is_none")]
    booking_reminder_at: Maybe<Seconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    activated_at: Option<Milliseconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    called_at: Option<Milliseconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fulfilled_at: Option<Milliseconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fulfilled_by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    completed_at: Option<Milliseconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejected_at: Option<Milliseconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    leave_reminder_at: Maybe<Seconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    leave_at: Maybe<Seconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    served_by: Option<ServedBy<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    served_by_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    station: Maybe<&'a Station>,
    #[serde(skip_serializing_if = "Option::is_none")]
    feedback: Option<FeedbackBody<'a>>,
}

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
enum Location<'a> {
    Name(&'a str),
    #[serde(rename_all = "camelCase")]
    Place {
        location_name: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        organization_title: Option<&'a str>,
    },
}

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
enum Registration<'a> {
    /// By the name of the form's field.
    Object(BTreeMap<&'a str, Answered<'a>>),
    /// In the order of the form.
    Array(Vec<Field<'a>>),
}

#[derive(Serialize, JsonSchema)]
struct Answered<'a> {
    value: &'a str,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Field<'a> {
    name: &'a str,
    value: &'a str,
    label: &'static str,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    placeholder: Option<&'static str>,
    validation_rules: ValidationRules,
}

#[derive(Serialize, JsonSchema)]
struct ValidationRules {
    required: bool,
    regexp: &'static str,
    phone: bool,
    email: bool,
}

#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", content = "settings", rename_all = "camelCase")]
enum Notification<'a> {
    PhoneNumber(Recipient<'a>),
    Email(Recipient<'a>),
    #[serde(rename_all = "camelCase")]
    ApplePass {
        pass_type_identifier: &'static str,
        devices: [&'static str; 0],
    },
}

#[derive(Serialize, JsonSchema)]
struct Recipient<'a> {
    from: &'static str,
    to: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient: Option<&'a str>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Booking {
    start: Seconds,
    end: Seconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    virtual_appointment: Option<VirtualAppointment>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct VirtualAppointment {
    is_enabled: bool,
}

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
enum ServedBy<'a> {
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
struct FeedbackBody<'a> {
    rating: u8,
    message: &'a str,
}

/// What a body takes from its account.
pub struct Place<'a> {
    /// The version of the payloads.
    pub version: Version,
    /// Slug of the tenant.
    pub organization: &'a str,
    /// Title of the tenant.
    pub organization_title: &'a str,
    /// Name of the store.
    pub location: &'a str,
    /// Fields of the registration form.
    pub registration: &'a [String],
    /// Local time of the store.
    pub zone: &'a jiff::tz::TimeZone,
}

/// Which of the optional keys a trigger carries: the documented examples as a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Keys {
    message: Carried,
    registration: bool,
    notification: bool,
    reminder: bool,
    code: bool,
    served_by: bool,
    station: Carried,
}

/// How a key is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Carried {
    Absent,
    Null,
    /// The value; absent if there is none.
    Value,
    /// The value; null if there is none.
    ValueOrNull,
}

impl Keys {
    fn of(trigger: &str, version: Version) -> Self {
        use Carried::{Absent, Null, Value, ValueOrNull};
        let usual = Self {
            message: Null,
            registration: false,
            notification: true,
            reminder: true,
            code: true,
            served_by: false,
            station: Absent,
        };
        let keys = match trigger {
            "positionCreated" => Self { registration: true, ..usual },
            "bookingConfirmation" => Self { message: Value, ..usual },
            // No QR code, and fulfilledAt before anybody was checked in: so says the example (v10).
            "bookingActivated" => Self { message: Value, registration: true, code: false, ..usual },
            "bookingUpdated" => Self { message: Absent, ..usual },
            // No notification, `servedBy` empty, `station` null unless called: example v9.
            "bookingRemoved" | "positionRemoved" => Self {
                message: Value,
                registration: true,
                notification: false,
                served_by: true,
                station: ValueOrNull,
                ..usual
            },
            // No station: example v9.
            "positionRetry" => {
                Self { message: Value, registration: true, served_by: true, ..usual }
            }
            "positionCalled" => Self {
                message: Value,
                registration: true,
                served_by: true,
                station: Value,
                ..usual
            },
            "positionFulfilled" | "positionCompleted" => {
                Self { registration: true, served_by: true, station: Value, ..usual }
            }
            "positionCancelled" => Self { station: Value, ..usual },
            "positionCancelledByStaff" => usual,
            // No `message` key at all, no reminder, no recipient: seed 000.
            "feedbackReceived" => {
                Self { message: Absent, reminder: false, served_by: true, station: Value, ..usual }
            }
            other => panic!("trigger {other} has no payload"),
        };
        if version >= Version::CallTimes {
            return keys;
        }
        // The oldest pages know neither; only the feedback example shows a station.
        let station = if trigger == "feedbackReceived" { Value } else { Absent };
        Self { registration: false, served_by: false, station, ..keys }
    }
}

/// Renders the body of a trigger about a position, as it stands now.
pub fn render(
    trigger: &'static str,
    position: &Position,
    place: &Place<'_>,
    queue: Uuid,
    station: Option<&Station>,
    staff: Option<&Staff>,
    scratch: &mut Vec<u8>,
) -> Bytes {
    let keys = Keys::of(trigger, place.version);
    let text = match keys.message {
        Carried::Absent => None,
        Carried::Null => Some(None),
        Carried::Value | Carried::ValueOrNull => {
            Some(Some(Cow::Owned(text(trigger, position, place))))
        }
    };
    let body = Body {
        message: text,
        data: Data {
            position: PositionBody::of(trigger, position, place, queue, station, staff, keys),
        },
        r#type: trigger,
        organization: place.organization,
    };
    scratch.clear();
    sonic_rs::to_writer(&mut *scratch, &body)
        .unwrap_or_else(|error| panic!("{trigger} cannot be rendered: {error}"));
    Bytes::copy_from_slice(scratch)
}

/// The position alone, with everything that a receiver can have been told: what the vendor's REST
/// API would show. The registration form's answers are by name, whatever the profile.
pub fn truth(
    position: &Position,
    place: &Place<'_>,
    queue: Uuid,
    station: Option<&Station>,
    staff: Option<&Staff>,
) -> serde_json::Value {
    let everything = Keys {
        message: Carried::Absent,
        registration: false,
        notification: true,
        reminder: true,
        code: true,
        served_by: true,
        station: Carried::ValueOrNull,
    };
    let body = PositionBody::of("", position, place, queue, station, staff, everything);
    let mut truth =
        serde_json::to_value(body).unwrap_or_else(|error| panic!("a position is JSON: {error}"));
    // No webhook about a booking carries the form before the slot has begun.
    let told = position.kind != Kind::Booking || position.activated_at.is_some();
    if place.version >= Version::CallTimes && told {
        truth["registrationData"] = answers(position, place).collect();
    }
    truth
}

fn text(trigger: &str, position: &Position, place: &Place<'_>) -> String {
    let start;
    let text = match trigger {
        "bookingConfirmation" => {
            let local = position.slot.map_or(position.created_at, |slot| slot.start);
            start = local.to_zoned(place.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
            Text::Booked { start: &start }
        }
        "bookingActivated" => Text::Activated,
        "positionRetry" => Text::Retry,
        "positionCalled" => Text::Called,
        _ => Text::Removed,
    };
    message::write(text, position.guest.locale, &position.label, &position.link)
}

impl<'a> PositionBody<'a> {
    fn of(
        trigger: &str,
        position: &'a Position,
        place: &Place<'a>,
        queue: Uuid,
        station: Option<&'a Station>,
        staff: Option<&'a Staff>,
        keys: Keys,
    ) -> Self {
        let new = place.version >= Version::CallTimes;
        let model = place.version >= Version::PositionModel;
        let booked = position.kind == Kind::Booking;
        // A booking whose slot has begun: its reminders are over.
        let active = booked && position.activated_at.is_some();
        let done = position.completed_at.is_some();
        Self {
            id: position.id,
            status: position.state,
            priority: position.kind.priority(),
            location: location(place),
            label: &position.label,
            locale: position.guest.locale.code(),
            r#type: position.kind.name(),
            queue,
            created_at: Milliseconds(position.created_at),
            extra_status: (booked && done).then_some("goToEntrance"),
            qr_code_check_in_position_id: (booked && keys.code).then_some(CheckInCode(position.id)),
            registration_data: keys.registration.then(|| registration(position, place)),
            notification: keys.notification.then(|| notification(trigger, position)),
            number_of_people: position.slot.map(|slot| slot.people),
            booking: position.slot.map(|slot| Booking {
                start: Seconds(slot.start),
                end: Seconds(slot.end),
                virtual_appointment: (place.version >= Version::OrganizationTitle)
                    .then_some(VirtualAppointment { is_enabled: false }),
            }),
            booking_reminder_at: position
                .slot
                .filter(|_| keys.reminder)
                .map(|slot| (!active).then_some(Seconds(slot.reminder))),
            activated_at: position.activated_at.filter(|_| model).map(Milliseconds),
            called_at: position.called_at.filter(|_| new).map(Milliseconds),
            retry_count: (new && position.retry_count > 0).then_some(position.retry_count),
            fulfilled_at: if trigger == "bookingActivated" {
                position.slot.map(|slot| Milliseconds(slot.start))
            } else {
                position.fulfilled_at.map(Milliseconds)
            },
            fulfilled_by: staff.filter(|_| model).map(|staff| staff.id.as_str()),
            completed_at: position.completed_at.filter(|_| new).map(Milliseconds),
            rejected_at: position.rejected_at.filter(|_| new).map(Milliseconds),
            leave_reminder_at: active.then_some(None),
            leave_at: active.then_some(None),
            served_by: keys.served_by.then(|| staff.map_or(ServedBy::Nobody {}, ServedBy::Staff)),
            served_by_id: staff.filter(|_| model).map(|staff| staff.id.as_str()),
            station: match keys.station {
                Carried::Absent => None,
                Carried::Null => Some(None),
                Carried::Value => station.map(Some),
                Carried::ValueOrNull => Some(station),
            },
            feedback: position.feedback.as_ref().map(|feedback| FeedbackBody {
                rating: feedback.rating,
                message: &feedback.message,
            }),
        }
    }
}

fn location<'a>(place: &Place<'a>) -> Location<'a> {
    if place.version == Version::LocationString {
        return Location::Name(place.location);
    }
    Location::Place {
        location_name: place.location,
        organization_title: (place.version >= Version::OrganizationTitle)
            .then_some(place.organization_title),
    }
}

fn registration<'a>(position: &'a Position, place: &Place<'a>) -> Registration<'a> {
    let answers = answers(position, place);
    if place.version < Version::PositionModel {
        return Registration::Object(
            answers.map(|(name, value)| (name, Answered { value })).collect(),
        );
    }
    Registration::Array(answers.map(|(name, value)| field(name, value)).collect())
}

/// What the guest wrote into the registration form, in the order of the form.
fn answers<'a>(
    position: &'a Position,
    place: &Place<'a>,
) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
    let guest = &position.guest;
    place.registration.iter().map(|field| match field.as_str() {
        "phone" => (field.as_str(), guest.phone.as_str()),
        "email" => (field.as_str(), guest.email.as_str()),
        _ => (field.as_str(), guest.name.as_str()),
    })
}

/// Labels, placeholders and rules are invented; names and types are the position model's. Some
/// guests leave no number, so it is not required.
fn field<'a>(name: &'a str, value: &'a str) -> Field<'a> {
    let usual = ValidationRules { required: true, regexp: "", phone: false, email: false };
    match name {
        "phone" => Field {
            name,
            value,
            label: "Phone number",
            r#type: "phone",
            placeholder: Some("+46 70 000 00 00"),
            validation_rules: ValidationRules { required: false, phone: true, ..usual },
        },
        "email" => Field {
            name,
            value,
            label: "E-mail",
            r#type: "email",
            placeholder: Some("you@example.test"),
            validation_rules: ValidationRules { email: true, ..usual },
        },
        _ => Field {
            name,
            value,
            label: "Your name",
            r#type: "input",
            placeholder: None,
            validation_rules: ValidationRules { regexp: "^.{1,80}$", ..usual },
        },
    }
}

fn notification<'a>(trigger: &str, position: &'a Position) -> Notification<'a> {
    let guest = &position.guest;
    match guest.channel {
        Channel::PhoneNumber => Notification::PhoneNumber(Recipient {
            from: "",
            to: &guest.phone,
            // The feedback example alone has no recipient (seed 000).
            recipient: (trigger != "feedbackReceived").then_some(""),
        }),
        Channel::Email => {
            Notification::Email(Recipient { from: "", to: "", recipient: Some(&guest.email) })
        }
        Channel::ApplePass => {
            Notification::ApplePass { pass_type_identifier: "pass.test.example.queue", devices: [] }
        }
    }
}

/// ISO 8601 in UTC with milliseconds: `2031-03-04T08:15:02.114Z`.
struct Milliseconds(Timestamp);

/// ISO 8601 in UTC with seconds: `2031-03-04T08:30:00Z`.
struct Seconds(Timestamp);

/// JSON in a string: `{"type":"check-in-position","positionId":"…"}`.
struct CheckInCode(Uuid);

impl Serialize for Milliseconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = [0; 24];
        serializer.serialize_str(crate::clock::milliseconds(self.0, &mut text))
    }
}

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = [0; 24];
        serializer.serialize_str(crate::clock::seconds(self.0, &mut text))
    }
}

impl Serialize for CheckInCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!(
            r#"{{"type":"check-in-position","positionId":"{}"}}"#,
            self.0
        ))
    }
}

/// A string of this form, for the JSON Schemas.
macro_rules! text_schema {
    ($type:ty, $name:literal, $form:tt) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!($form)
            }
        }
    };
}

text_schema!(Milliseconds, "Milliseconds", {
    "type": "string",
    "format": "date-time",
    "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$"
});
text_schema!(Seconds, "Seconds", {
    "type": "string",
    "format": "date-time",
    "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"
});
text_schema!(CheckInCode, "CheckInCode", {
    "type": "string",
    "description": "JSON in a string",
    "pattern": r#"^\{"type":"check-in-position","positionId":"[0-9a-f-]{36}"\}$"#
});

#[cfg(test)]
mod tests {
    #[test]
    fn strings_are_escaped_as_json_asks() {
        let hostile: String = (0..0x250u32)
            .chain([0x2028, 0x2029, 0xFEFF, 0xFFFD, 0x1F600])
            .filter_map(char::from_u32)
            .collect();
        let written = sonic_rs::to_vec(&hostile).expect("a string is JSON");
        let read: String = serde_json::from_slice(&written).expect("it is JSON");
        assert_eq!(read, hostile);
        assert_eq!(written, serde_json::to_vec(&hostile).expect("a string is JSON"));
    }
}
