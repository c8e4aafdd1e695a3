//! The webhooks that doo sends, each with its provenance.
//!
//! Sources: as in `catalogue`.

use crate::model::Provenance::{Assumed, Documented};
use crate::model::{Provenance, Trigger};

const ALL: &[&str] = &["default-payload"];

const fn trigger(
    name: &'static str,
    about: &'static str,
    subject: &'static str,
    id_pointer: &'static str,
    provenance: Provenance,
) -> Trigger {
    Trigger { name, about, subject, id_pointer, profiles: ALL, provenance }
}

const NAMED: Provenance =
    Documented("SWp: closed list of hook types; when it fires is read off the name (assumed)");
const NO_BODY: Provenance = Assumed(
    "IN: only the name; the body is invented (the attendee as in the order, with order_id and event_id), and it is off unless `attendee_triggers` names it",
);

pub const TRIGGERS: &[Trigger] = &[
    trigger("event_created", "an event is created, as a draft", "event", "/id", NAMED),
    trigger(
        "event_updated",
        "an event is edited, published or called off: there is no other trigger for these",
        "event",
        "/id",
        NAMED,
    ),
    trigger("event_removed", "a draft is deleted", "event", "/id", NAMED),
    trigger(
        "order_created",
        "a booking is placed, in any status",
        "order",
        "/order_details/id",
        NAMED,
    ),
    trigger(
        "order_updated",
        "a booking is approved, flagged, denied, paid or edited, or one of its tickets is checked in",
        "order",
        "/order_details/id",
        NAMED,
    ),
    trigger(
        "order_cancelled",
        "a booking is cancelled by its organizer or its booker",
        "order",
        "/order_details/id",
        NAMED,
    ),
    trigger(
        "order_removed",
        "a booking is removed from the system",
        "order",
        "/order_details/id",
        NAMED,
    ),
    trigger("attendee_pending", "a ticket is pending", "attendee", "/id", NO_BODY),
    trigger("attendee_validated", "a ticket becomes valid", "attendee", "/id", NO_BODY),
    trigger("attendee_cancelled", "a ticket is cancelled", "attendee", "/id", NO_BODY),
    trigger("attendee_checkin", "a ticket is checked in", "attendee", "/id", NO_BODY),
];
