//! Reads a body, and refuses an invalid one with the path of the wrong field. It checks only the
//! fields that the receiver needs. It ignores undocumented fields, and the order of fields.

use std::collections::BTreeMap;

use serde_json::Value;

use super::position::{Feedback, Position, Slot, Status};
use crate::receiver::defects::Defect;
use crate::receiver::fields::{COUNT, Fields, INTEGER, Kind, TEXT, TIME, UUID, mistyped};
use crate::receiver::refusal::Refusal;
use crate::receiver::unstorable::{self, Crashes};
use crate::receiver::variation::Defects;

/// The triggers of all versions of the vendor's page; `bookingRemoved` became `positionRemoved`.
const TRIGGERS: [&str; 13] = [
    "positionCreated",
    "bookingConfirmation",
    "bookingActivated",
    "bookingUpdated",
    "bookingRemoved",
    "positionRemoved",
    "positionRetry",
    "positionCalled",
    "positionFulfilled",
    "positionCompleted",
    "positionCancelled",
    "positionCancelledByStaff",
    "feedbackReceived",
];

const STATUS: Kind<Status> =
    Kind("one of draft, pending, notified, fulfilled, completed and rejected", |value| {
        Status::from_name(value.as_str()?)
    });
const LOCATION: &str = "a string, an object with locationName, or null";

/// At which text only a defect fails.
const CRASHES: Crashes =
    Crashes { nul: Defect::NulInPositionCrashes, half: Defect::HalfEmojiInPositionCrashes };

/// A webhook that was read.
pub(super) struct Webhook {
    pub trigger: String,
    pub position: Position,
}

impl Webhook {
    /// Reads a body. An unknown trigger is not an error, but there is nothing to apply.
    pub(super) fn read(body: &[u8], defects: &Defects) -> Result<Option<Self>, Refusal> {
        let json = unstorable::read(body, defects, &CRASHES)?;
        let envelope = Fields::of(String::new(), &json)?;
        let trigger = envelope.required("type", TEXT)?;
        if !knows(&trigger, defects)? {
            return Ok(None);
        }
        envelope.required("organization", TEXT)?;
        // The text is for the customer and differs by queue and language, so it is not read.
        let message = envelope.nullable("message", TEXT)?;
        if message.is_none() && defects.contains(&Defect::MessageRequired) {
            return Err(Refusal::Crash("message is null"));
        }
        let fields = envelope.object("data")?.object("position")?;
        let position = Reader { fields, defects }.position()?;
        Ok(Some(Self { trigger, position }))
    }

    pub(super) fn is_creation(&self) -> bool {
        matches!(self.trigger.as_str(), "positionCreated" | "bookingConfirmation")
    }

    pub(super) fn is_retry(&self) -> bool {
        self.trigger == "positionRetry"
    }

    pub(super) fn is_completion(&self) -> bool {
        self.trigger == "positionCompleted"
    }

    pub(super) fn is_feedback(&self) -> bool {
        self.trigger == "feedbackReceived"
    }
}

fn knows(trigger: &str, defects: &Defects) -> Result<bool, Refusal> {
    let has = |defect| defects.contains(&defect);
    match trigger {
        "bookingRemoved" if has(Defect::BookingRemovedUnknown) => Ok(false),
        "positionCancelledByStaff" if has(Defect::StaffCancellationIgnored) => Ok(false),
        known if TRIGGERS.contains(&known) => Ok(true),
        _ if has(Defect::UnknownTriggerFails) => Err(Refusal::Crash("no handler for the trigger")),
        _ => Ok(has(Defect::UnknownTriggerApplied)),
    }
}

/// Reads `data.position`.
struct Reader<'a> {
    fields: Fields<'a>,
    defects: &'a Defects,
}

impl Reader<'_> {
    fn position(&self) -> Result<Position, Refusal> {
        let fields = &self.fields;
        self.check_unstored_fields()?;
        let registered = self.registered()?;
        Ok(Position {
            id: fields.required("id", UUID)?,
            status: self.status()?,
            label: self.label()?,
            queue: fields.required("queue", TEXT)?,
            locale: fields.required("locale", TEXT)?,
            location: self.location()?,
            people: fields.optional("numberOfPeople", COUNT)?,
            booking: self.booking()?,
            called_at: fields.optional("calledAt", TIME)?,
            retry_count: fields.optional("retryCount", COUNT)?,
            feedback: self.feedback()?,
            phone: self.phone(&registered)?,
            guest: registered.get("name").map(|name| self.stored("guest", name)),
        })
    }

    fn check_unstored_fields(&self) -> Result<(), Refusal> {
        self.fields.required("createdAt", TIME)?;
        let kind = self.fields.required("type", TEXT)?;
        if kind == "manual" && self.has(Defect::ManualTypeRefused) {
            let wanted = "one of anonymous and booking";
            return Err(mistyped(self.fields.path_of("type"), &kind.into(), wanted));
        }
        match self.fields.get("station") {
            Some(Value::Null) if self.has(Defect::NullStationCrashes) => {
                return Err(Refusal::Crash("station is null"));
            }
            None | Some(Value::Null) => {}
            Some(station) => drop(Fields::of(self.fields.path_of("station"), station)?),
        }
        let known = |key| DOCUMENTED.split(' ').any(|documented| documented == key);
        if self.has(Defect::ExtraFieldFails) && !self.fields.keys().all(known) {
            return Err(Refusal::Crash("unrecognized field"));
        }
        Ok(())
    }

    fn status(&self) -> Result<Status, Refusal> {
        if self.has(Defect::MissingStatusDefaulted) {
            return Ok(self.fields.nullable("status", STATUS)?.unwrap_or(Status::Pending));
        }
        self.fields.required("status", STATUS)
    }

    /// The number of the ticket. It is empty for a booking until it is activated.
    fn label(&self) -> Result<String, Refusal> {
        let label = self.fields.required("label", TEXT)?;
        if label.is_empty() && self.has(Defect::EmptyLabelRefused) {
            let wanted = "a label of at least one character";
            return Err(mistyped(self.fields.path_of("label"), &label.into(), wanted));
        }
        Ok(label)
    }

    /// A string in the first versions, an object in later ones, and null in the vendor's API.
    fn location(&self) -> Result<Option<String>, Refusal> {
        let path = self.fields.path_of("location");
        match self.fields.get("location") {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(_)) if self.has(Defect::LocationObjectExpected) => {
                Err(Refusal::Crash("location is not an object"))
            }
            Some(Value::String(name)) => Ok(Some(name.clone())),
            Some(value @ Value::Object(_)) => {
                Fields::of(path, value)?.required("locationName", TEXT).map(Some)
            }
            Some(other) => Err(mistyped(path, other, LOCATION)),
        }
    }

    fn booking(&self) -> Result<Option<Slot>, Refusal> {
        let Some(booking) = self.fields.optional_object("booking")? else { return Ok(None) };
        Ok(Some(Slot {
            start: booking.required("start", TIME)?,
            end: booking.required("end", TIME)?,
        }))
    }

    fn feedback(&self) -> Result<Option<Feedback>, Refusal> {
        let Some(feedback) = self.fields.optional_object("feedback")? else { return Ok(None) };
        let rating = feedback.required("rating", INTEGER)?;
        let message = feedback.required("message", TEXT)?;
        if message.chars().count() > 255 && self.has(Defect::LongTextFails) {
            return Err(Refusal::Crash("value too long for type character varying(255)"));
        }
        Ok(Some(Feedback { rating, message: self.stored("feedback", &message) }))
    }

    /// `notification.settings.to`, or the number with which the customer registered.
    fn phone(&self, registered: &BTreeMap<String, String>) -> Result<Option<String>, Refusal> {
        let notification = self.fields.optional_object("notification")?;
        let settings = notification.map(|fields| fields.optional_object("settings")).transpose()?;
        let to = settings.flatten().map(|fields| fields.optional("to", TEXT)).transpose()?;
        let phone = to.flatten().filter(|to| !to.is_empty());
        Ok(phone.or_else(|| registered.get("phone").cloned()))
    }

    /// The data with which the customer registered, from either form of `registrationData`.
    fn registered(&self) -> Result<BTreeMap<String, String>, Refusal> {
        let path = self.fields.path_of("registrationData");
        let mut texts = BTreeMap::new();
        let mut keep = |name: String, item: &Fields| {
            if let Some(text) = item.get("value").and_then(Value::as_str)
                && !text.is_empty()
            {
                texts.insert(name, text.into());
            }
        };
        match self.fields.get("registrationData") {
            None => {}
            Some(Value::Object(items)) => {
                for (name, item) in items {
                    keep(name.clone(), &Fields::of(format!("{path}.{name}"), item)?);
                }
            }
            Some(Value::Array(_)) if self.has(Defect::RegistrationObjectExpected) => {
                return Err(Refusal::Crash("registrationData is not an object"));
            }
            Some(Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    let item = Fields::of(format!("{path}[{index}]"), item)?;
                    keep(item.required("name", TEXT)?, &item);
                }
            }
            Some(other) => return Err(mistyped(path, other, "an object or an array")),
        }
        Ok(texts)
    }

    /// Text as it is stored: unchanged, except for a defect.
    fn stored(&self, field: &str, text: &str) -> String {
        if self.defects.strikes_in(field, Defect::UnicodeMangled) {
            return text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect();
        }
        text.into()
    }

    fn has(&self, defect: Defect) -> bool {
        self.defects.contains(&defect)
    }
}

/// The documented fields of a position. Only a defect uses them.
const DOCUMENTED: &str = "\
    id status type priority location label locale queue createdAt notification registrationData \
    numberOfPeople booking QRCodeCheckInPositionId bookingReminderAt calledAt retryCount \
    fulfilledAt completedAt rejectedAt activatedAt leaveReminderAt leaveAt servedBy servedById \
    fulfilledBy station extraStatus feedback customerInfo tags customData numberInTheQueue _ts";
