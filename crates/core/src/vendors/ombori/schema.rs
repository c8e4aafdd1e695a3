//! JSON Schemas per trigger and profile.
//!
//! The base comes from the payload types. The keys of a trigger in a profile come from its smallest
//! and its largest bodies: a key that is in all of them is required, one that is in none is not
//! allowed. So the schemas follow the same table as the rendering.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::given::{Given, Notice, Tag, Way};
use super::payload::{self, Body, Place, Staff, Station, Version};
use super::people::Locale;
use super::position::{Channel, Feedback, Guest, Kind, Position, Slot};
use super::state::State;
use super::triggers::Trigger;
use crate::vendors::schema;

/// The schema of a trigger's body in a version.
pub fn schema(version: Version, trigger: Trigger) -> Json {
    let mut schema = schema::narrowed::<Body<'_>>(&samples(version, trigger));
    schema["title"] = json!(format!("Ombori {}", trigger.name()));
    schema["properties"]["type"] = json!({ "const": trigger.name() });
    schema
}

/// The smallest and the largest bodies of a trigger, for every kind of position and notification.
fn samples(version: Version, trigger: Trigger) -> Vec<Json> {
    let zone = TimeZone::UTC;
    let registration = ["phone".to_owned(), "name".to_owned()];
    let place = Place {
        version,
        organization: "o",
        organization_title: "t",
        location: "l",
        registration: &registration,
        zone: &zone,
    };
    let station = Station { id: Uuid::nil(), label: "A1".to_owned() };
    let text = String::new;
    let staff = Staff {
        id: text(),
        email: text(),
        first_name: text(),
        last_name: text(),
        display_name: text(),
    };
    positions(trigger)
        .iter()
        .map(|position| {
            let staff = position.fulfilled_at.map(|_| &staff);
            let desk = position.station.map(|_| &station);
            let mut body = Vec::new();
            payload::render(trigger, position, &place, Uuid::nil(), desk, staff, &mut body);
            serde_json::from_slice(&body).unwrap_or_else(|error| panic!("a body is JSON: {error}"))
        })
        .collect()
}

/// What a trigger implies about its position.
struct About {
    state: State,
    kinds: &'static [Kind],
    called: Sometimes,
    retried: Sometimes,
    activated: Sometimes,
    served: bool,
    feedback: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sometimes {
    Never,
    Maybe,
    Always,
}

impl About {
    fn of(trigger: Trigger) -> Self {
        use Sometimes::{Always, Maybe, Never};
        const TICKETS: &[Kind] = &[Kind::Anonymous, Kind::Manual];
        const BOOKINGS: &[Kind] = &[Kind::Booking];
        const ANY: &[Kind] = &[Kind::Anonymous, Kind::Manual, Kind::Booking];
        let (state, kinds, called, retried, activated) = match trigger {
            Trigger::PositionCreated => (State::Pending, TICKETS, Never, Never, Never),
            Trigger::BookingConfirmation | Trigger::BookingUpdated => {
                (State::Draft, BOOKINGS, Never, Never, Never)
            }
            Trigger::BookingActivated => (State::Pending, BOOKINGS, Never, Never, Always),
            Trigger::PositionCalled => (State::Notified, ANY, Always, Maybe, Always),
            Trigger::PositionRetry => (State::Pending, ANY, Always, Always, Always),
            Trigger::PositionRemoved | Trigger::BookingRemoved => {
                (State::Rejected, ANY, Maybe, Maybe, Always)
            }
            Trigger::PositionCancelled => (State::Rejected, ANY, Maybe, Maybe, Maybe),
            Trigger::PositionCancelledByStaff => (State::Rejected, BOOKINGS, Never, Never, Never),
            Trigger::PositionFulfilled => (State::Fulfilled, ANY, Maybe, Maybe, Always),
            Trigger::PositionCompleted | Trigger::FeedbackReceived => {
                (State::Completed, ANY, Maybe, Maybe, Always)
            }
        };
        Self {
            state,
            kinds,
            called,
            retried,
            activated,
            served: matches!(state, State::Fulfilled | State::Completed),
            feedback: trigger == Trigger::FeedbackReceived,
        }
    }
}

/// Positions that a trigger can be about: of every kind, with a short and with a long history.
fn positions(trigger: Trigger) -> Vec<Position> {
    let about = About::of(trigger);
    let mut positions = Vec::new();
    for kind in about.kinds {
        for history in [History::Bare, History::Full] {
            for channel in [Channel::PhoneNumber, Channel::Email, Channel::ApplePass] {
                positions.push(position(&about, *kind, channel, history));
            }
            if *kind != Kind::Booking {
                positions.push(position(&about, *kind, Channel::Nothing, history));
            }
            positions.push(made_through_api(position(&about, *kind, Channel::Nothing, history)));
        }
    }
    positions
}

/// The same position as the API creates it, with everything that it can set. Only a booking must
/// say how its guest is notified.
fn made_through_api(position: Position) -> Position {
    let booked = position.kind == Kind::Booking;
    let notice = Notice { way: Way::Email, to: None, recipient: None };
    let tag = Tag {
        id: Uuid::nil(),
        icon_url: Some(String::new()),
        color: Some(String::new()),
        title: BTreeMap::new(),
    };
    let given = Given {
        customer_info: Some(Vec::new()),
        tags: Some(vec![tag]),
        custom_data: Some(serde_json::Map::new()),
        people: Some(1),
        notification: booked.then_some(notice),
        times: None,
        virtual_appointment: Some(true),
    };
    let guest = Guest { registered: false, ..position.guest };
    Position { guest, given: Some(Box::new(given)), ..position }
}

/// How much has happened to a position.
#[derive(Clone, Copy, PartialEq, Eq)]
enum History {
    /// Only what must have happened.
    Bare,
    /// Everything that can have happened.
    Full,
}

fn position(about: &About, kind: Kind, channel: Channel, history: History) -> Position {
    let moment = jiff::Timestamp::UNIX_EPOCH;
    let is = |sometimes| match sometimes {
        Sometimes::Never => false,
        Sometimes::Maybe => history == History::Full,
        Sometimes::Always => true,
    };
    let booked = kind == Kind::Booking;
    // A ticket can be checked in or closed at a desk only after a call; a booking also by its code.
    let called = is(about.called) || (about.served && !booked);
    let ended = about.state == State::Rejected;
    let text = String::new;
    Position {
        id: Uuid::nil(),
        kind,
        priority: kind.priority(),
        state: about.state,
        queue: 0,
        label: text(),
        guest: Guest {
            name: text(),
            phone: text(),
            email: text(),
            locale: Locale::En,
            channel,
            registered: true,
        },
        link: text(),
        created_at: moment,
        slot: booked.then_some(Slot { start: moment, end: moment, reminder: moment, people: 1 }),
        activated_at: (booked && is(about.activated)).then_some(moment),
        called_at: called.then_some(moment),
        retry_count: u32::from(is(about.retried)),
        fulfilled_at: about.served.then_some(moment),
        completed_at: (about.state == State::Completed).then_some(moment),
        rejected_at: ended.then_some(moment),
        station: (called || about.served).then_some(0),
        served_by: about.served.then_some(0),
        feedback: about.feedback.then(|| Feedback { rating: 5, message: text() }),
        given: None,
    }
}
