//! The webhooks that Waitwhile sends, each with its provenance.
//!
//! Sources: as in `catalogue`.

use super::state::SubjectKind as Kind;
use crate::model::Provenance::Documented;
use crate::model::{self, Provenance};

crate::vendors::words::triggers! {
    /// A new visit.
    Created = "visit.created",
    /// A visit has changed.
    Updated = "visit.updated",
    /// A visit was deleted.
    Removed = "visit.removed",
    /// A new message.
    MessageCreated = "message.created",
    /// The delivery of a message has succeeded or failed.
    MessageUpdated = "message.updated",
    /// A location's counters have changed.
    StatusUpdated = "location-status.updated",
}

const BOTH: &[&str] = &["2022", "2024"];

const fn trigger(
    trigger: Trigger,
    about: &'static str,
    subject: Kind,
    id_pointer: &'static str,
    provenance: Provenance,
) -> model::Trigger {
    let (id, name, subject) = (trigger.id(), trigger.name(), subject.name());
    model::Trigger { id, name, about, subject, id_pointer, profiles: BOTH, provenance }
}

pub const TRIGGERS: &[model::Trigger] = &[
    trigger(
        Trigger::Created,
        "once per visit: the guest joins the waitlist, or a booking is created",
        Kind::Visit,
        "/data/id",
        Documented("seed 002; the bodies of DRAFT, PENDING and capacity visits are assumed"),
    ),
    trigger(
        Trigger::Updated,
        "a visit changes in any way: its state, its details, or its place in line",
        Kind::Visit,
        "/after/id",
        Documented("seed 002; for the update of a booking, only the missing fields are described"),
    ),
    trigger(
        Trigger::Removed,
        "a visit is deleted through the API, or with its customer",
        Kind::Visit,
        "/data/id",
        Documented("seed 002"),
    ),
    trigger(
        Trigger::MessageCreated,
        "an SMS or e-mail to the guest is created",
        Kind::Message,
        "/data/id",
        Documented("seed 002"),
    ),
    trigger(
        Trigger::MessageUpdated,
        "the delivery of a message succeeds or fails",
        Kind::Message,
        "/after/id",
        Documented("WR; no example is known: before and after are assumed, as for visits"),
    ),
    trigger(
        Trigger::StatusUpdated,
        "a location's counters change: guests waiting, guests being served, the wait",
        Kind::Location,
        "/after/id",
        Documented(
            "WR; no example is known: the fields are those of public readers of location-status, before and after are assumed",
        ),
    ),
];
