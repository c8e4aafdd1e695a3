//! The webhooks that doo sends, each with its provenance.
//!
//! Sources: as in `catalogue`.

use super::state::SubjectKind as Kind;
use crate::model::Provenance::{Assumed, Documented};
use crate::model::{self, Provenance};

crate::vendors::words::triggers! {
    EventCreated = "event_created",
    EventUpdated = "event_updated",
    EventRemoved = "event_removed",
    OrderCreated = "order_created",
    OrderUpdated = "order_updated",
    OrderCancelled = "order_cancelled",
    OrderRemoved = "order_removed",
    AttendeePending = "attendee_pending",
    AttendeeValidated = "attendee_validated",
    AttendeeCancelled = "attendee_cancelled",
    AttendeeCheckin = "attendee_checkin",
}

const ALL: &[&str] = &["default-payload"];

const fn trigger(
    trigger: Trigger,
    about: &'static str,
    subject: Kind,
    id_pointer: &'static str,
    provenance: Provenance,
) -> model::Trigger {
    let (id, name, subject) = (trigger.id(), trigger.name(), subject.name());
    model::Trigger { id, name, about, subject, id_pointer, profiles: ALL, provenance }
}

const NAMED: Provenance =
    Documented("SWp: closed list of hook types; when it fires is read off the name (assumed)");
const NO_BODY: Provenance = Assumed(
    "IN: only the name; the body is invented (the attendee as in the order, with order_id and event_id), and it is off unless `attendee_triggers` names it",
);

pub const TRIGGERS: &[model::Trigger] = &[
    trigger(Trigger::EventCreated, "an event is created, as a draft", Kind::Event, "/id", NAMED),
    trigger(
        Trigger::EventUpdated,
        "an event is edited, published or called off: there is no other trigger for these",
        Kind::Event,
        "/id",
        NAMED,
    ),
    trigger(Trigger::EventRemoved, "a draft is deleted", Kind::Event, "/id", NAMED),
    trigger(
        Trigger::OrderCreated,
        "a booking is placed, in any status",
        Kind::Order,
        "/order_details/id",
        NAMED,
    ),
    trigger(
        Trigger::OrderUpdated,
        "a booking is approved, flagged, denied, paid or edited, or one of its tickets is checked in",
        Kind::Order,
        "/order_details/id",
        NAMED,
    ),
    trigger(
        Trigger::OrderCancelled,
        "a booking is cancelled by its organizer or its booker",
        Kind::Order,
        "/order_details/id",
        NAMED,
    ),
    trigger(
        Trigger::OrderRemoved,
        "a booking is removed from the system",
        Kind::Order,
        "/order_details/id",
        NAMED,
    ),
    trigger(Trigger::AttendeePending, "a ticket is pending", Kind::Attendee, "/id", NO_BODY),
    trigger(Trigger::AttendeeValidated, "a ticket becomes valid", Kind::Attendee, "/id", NO_BODY),
    trigger(Trigger::AttendeeCancelled, "a ticket is cancelled", Kind::Attendee, "/id", NO_BODY),
    trigger(Trigger::AttendeeCheckin, "a ticket is checked in", Kind::Attendee, "/id", NO_BODY),
];
