//! Renders a position as a body.

use std::borrow::Cow;

use uuid::Uuid;

use super::body::{
    Body, Booking, CheckInCode, Data, FeedbackBody, Location, Notification, PositionBody,
    Recipient, ServedBy, Staff, Station, VirtualAppointment,
};
use super::keys::{Keys, Presence};
use super::place::{Place, Version};
use super::registration::{answers, registration};
use crate::vendors::json;
use crate::vendors::ombori::given::Way;
use crate::vendors::ombori::message::{self, Text};
use crate::vendors::ombori::position::{Channel, Kind, Position};
use crate::vendors::ombori::triggers::Trigger;
use crate::vendors::wire::{Milliseconds, Seconds};

/// Writes the body of a trigger about a position in its current state.
pub fn render(
    trigger: Trigger,
    position: &Position,
    place: &Place<'_>,
    queue: Uuid,
    station: Option<&Station>,
    staff: Option<&Staff>,
    into: &mut Vec<u8>,
) {
    let keys = Keys::of(trigger, place.version);
    let text = match keys.message {
        Presence::Absent => None,
        Presence::Null => Some(None),
        Presence::Value | Presence::ValueOrNull => {
            text(trigger, position, place, station).map(|text| Some(Cow::Owned(text)))
        }
    };
    let body = Body {
        message: text,
        data: Data {
            position: PositionBody::of(Some(trigger), position, place, queue, station, staff, keys),
        },
        r#type: trigger.name(),
        organization: place.organization,
    };
    json::write(&body, into);
}

/// The position alone, with every field that a receiver can know: what the vendor's REST API would
/// return. In every profile, the answers in the registration form are listed by name.
pub fn truth(
    position: &Position,
    place: &Place<'_>,
    queue: Uuid,
    station: Option<&Station>,
    staff: Option<&Staff>,
) -> serde_json::Value {
    let body = PositionBody::of(None, position, place, queue, station, staff, Keys::ALL);
    let mut truth =
        serde_json::to_value(body).unwrap_or_else(|error| panic!("a position is JSON: {error}"));
    if place.version >= Version::CallTimes && form_sent(position) {
        truth["registrationData"] = answers(position, place).collect();
    }
    truth
}

/// Whether webhooks have the registration form. Webhooks about a booking lack it until the slot has
/// begun.
pub(super) fn form_sent(position: &Position) -> bool {
    let due = position.kind != Kind::Booking || position.activated_at.is_some();
    due && position.guest.registered
}

fn text(
    trigger: Trigger,
    position: &Position,
    place: &Place<'_>,
    station: Option<&Station>,
) -> Option<String> {
    let start;
    let text = match trigger {
        Trigger::BookingConfirmation => {
            let local = position.slot.map_or(position.created_at, |slot| slot.start);
            start = local.to_zoned(place.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
            Text::Booked { start: &start }
        }
        Trigger::BookingActivated => Text::Activated,
        Trigger::PositionRetry => Text::Retry,
        Trigger::PositionCalled => Text::Called { desk: &station?.label },
        Trigger::BookingRemoved | Trigger::PositionRemoved => Text::Removed,
        Trigger::PositionCreated
        | Trigger::BookingUpdated
        | Trigger::PositionFulfilled
        | Trigger::PositionCompleted
        | Trigger::PositionCancelled
        | Trigger::PositionCancelledByStaff
        | Trigger::FeedbackReceived => return None,
    };
    Some(message::write(text, position.guest.locale, &position.label, &position.link))
}

impl<'a> PositionBody<'a> {
    pub(super) fn of(
        trigger: Option<Trigger>,
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
        // The reminders of a booking end when its slot begins.
        let active = booked && position.activated_at.is_some();
        let done = position.completed_at.is_some();
        let given = position.given.as_deref();
        Self {
            id: position.id,
            status: position.state.name(),
            priority: position.priority,
            location: location(place),
            label: &position.label,
            locale: position.guest.locale.code(),
            r#type: position.kind.name(),
            queue,
            created_at: Milliseconds(position.created_at),
            extra_status: (booked && done).then_some("goToEntrance"),
            qr_code_check_in_position_id: (booked && keys.code).then_some(CheckInCode(position.id)),
            registration_data: (keys.registration && form_sent(position))
                .then(|| registration(position, place)),
            notification: notification(trigger, position),
            number_of_people: position
                .slot
                .map(|slot| slot.people)
                .or(given.and_then(|it| it.people)),
            booking: booking(position, place),
            booking_reminder_at: position
                .slot
                .filter(|_| keys.reminder)
                .map(|slot| (!active).then_some(Seconds(slot.reminder))),
            activated_at: position.activated_at.filter(|_| model).map(Milliseconds),
            called_at: position.called_at.filter(|_| new).map(Milliseconds),
            retry_count: (new && position.retry_count > 0).then_some(position.retry_count),
            fulfilled_at: if trigger == Some(Trigger::BookingActivated) {
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
                Presence::Absent => None,
                Presence::Null => Some(None),
                Presence::Value => station.map(Some),
                Presence::ValueOrNull => Some(station),
            },
            feedback: position.feedback.as_ref().map(|feedback| FeedbackBody {
                rating: feedback.rating,
                message: &feedback.message,
            }),
            customer_info: given.and_then(|it| it.customer_info.as_deref()),
            tags: given.and_then(|it| it.tags.as_deref()),
            custom_data: given.and_then(|it| it.custom_data.as_ref()),
        }
    }
}

fn booking(position: &Position, place: &Place<'_>) -> Option<Booking> {
    let slot = position.slot?;
    let given = position.given.as_deref();
    let is_enabled = given.and_then(|it| it.virtual_appointment) == Some(true);
    let known = place.version >= Version::OrganizationTitle;
    Some(Booking {
        start: Seconds(slot.start),
        end: Seconds(slot.end),
        virtual_appointment: known.then_some(VirtualAppointment { is_enabled }),
    })
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

fn notification<'a>(trigger: Option<Trigger>, position: &'a Position) -> Option<Notification<'a>> {
    let guest = &position.guest;
    // Only the feedback example has no recipient (seed 000).
    let has_recipient = trigger != Some(Trigger::FeedbackReceived);
    if let Some(sent) = position.given.as_ref().and_then(|given| given.notification.as_ref()) {
        let recipient = Some(sent.recipient());
        return Some(match sent.way {
            Way::PhoneNumber => Notification::PhoneNumber(Recipient {
                from: "",
                to: sent.to(),
                recipient: recipient.filter(|_| has_recipient),
            }),
            Way::Email => Notification::Email(Recipient { from: "", to: sent.to(), recipient }),
        });
    }
    match guest.channel {
        Channel::PhoneNumber => Some(Notification::PhoneNumber(Recipient {
            from: "",
            to: &guest.phone,
            recipient: has_recipient.then_some(""),
        })),
        Channel::Email => {
            Some(Notification::Email(Recipient { from: "", to: "", recipient: Some(&guest.email) }))
        }
        Channel::ApplePass => Some(Notification::ApplePass {
            pass_type_identifier: "pass.test.example.queue",
            devices: [],
        }),
        Channel::Nothing => None,
    }
}
