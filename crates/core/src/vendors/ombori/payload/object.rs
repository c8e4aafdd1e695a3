//! A position as the vendor's REST API shows it.
//!
//! It has the values of the last webhook, with the differences that the documented answers show:
//! the location and the time of the reminder are null, and the values of a program are as it sent
//! them.

use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::body::{PositionBody, Staff, Station};
use super::keys::{Keys, Presence};
use super::place::{Place, Version};
use crate::vendors::ombori::given::Given;
use crate::vendors::ombori::position::{Kind, Position};
use crate::vendors::ombori::state::State;
use crate::vendors::wire::Milliseconds;

/// The keys of the documented answers, in their order. The others follow.
const ORDER: [&str; 16] = [
    "location",
    "type",
    "priority",
    "locale",
    "notification",
    "numberOfPeople",
    "customerInfo",
    "tags",
    "booking",
    "status",
    "label",
    "id",
    "queue",
    "createdAt",
    "QRCodeCheckInPositionId",
    "bookingReminderAt",
];

/// A position as the API returns it.
pub fn object(
    position: &Position,
    place: &Place<'_>,
    queue: Uuid,
    station: Option<&Station>,
    staff: Option<&Staff>,
) -> Map<String, Json> {
    let new = place.version >= Version::CallTimes;
    // In the older versions, only the feedback example has a station.
    let has_station = new || position.feedback.is_some();
    let keys = Keys {
        registration: new,
        served_by: new && staff.is_some(),
        station: if has_station { Presence::Value } else { Presence::Absent },
        ..Keys::ALL
    };
    let mut body = PositionBody::of(None, position, place, queue, station, staff, keys);
    // A slot that begins sets its start here, until the next webhook.
    if position.kind == Kind::Booking
        && position.state == State::Pending
        && position.called_at.is_none()
    {
        body.fulfilled_at = position.slot.map(|slot| Milliseconds(slot.start));
    }
    let all = serde_json::to_value(body).unwrap_or_else(|error| panic!("it is JSON: {error}"));
    let Json::Object(mut all) = all else { panic!("a position is an object") };
    all.insert("location".to_owned(), Json::Null);
    if let Some(reminder) = all.get_mut("bookingReminderAt") {
        *reminder = Json::Null;
    }
    if let Some(given) = &position.given {
        as_sent(given, &mut all);
    }
    in_order(all)
}

/// Puts back the values that a program has sent, as it sent them.
fn as_sent(given: &Given, object: &mut Map<String, Json>) {
    if let Some(notice) = &given.notification {
        object.insert("notification".to_owned(), notice.as_sent());
    }
    let Some(booking) = object.get_mut("booking").and_then(Json::as_object_mut) else { return };
    if let Some((start, end)) = &given.times {
        booking.insert("start".to_owned(), json!(start));
        booking.insert("end".to_owned(), json!(end));
        booking.shift_remove("virtualAppointment");
    }
    if let Some(is_enabled) = given.virtual_appointment {
        booking.insert("virtualAppointment".to_owned(), json!({ "isEnabled": is_enabled }));
    }
}

fn in_order(mut all: Map<String, Json>) -> Map<String, Json> {
    let first = ORDER.iter().filter_map(|key| all.shift_remove_entry(*key));
    let mut ordered: Map<String, Json> = first.collect();
    ordered.append(&mut all);
    ordered
}
