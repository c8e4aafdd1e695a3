//! The webhooks that Waitwhile sends, each with its provenance.
//!
//! Sources: as in `catalogue`.

use crate::model::Provenance::Documented;
use crate::model::{Provenance, Trigger};

const BOTH: &[&str] = &["2022", "2024"];

const fn trigger(
    name: &'static str,
    about: &'static str,
    subject: &'static str,
    id_pointer: &'static str,
    provenance: Provenance,
) -> Trigger {
    Trigger { name, about, subject, id_pointer, profiles: BOTH, provenance }
}

/// The webhook of a new visit.
pub const CREATED: &str = "visit.created";
/// The webhook of a change of a visit.
pub const UPDATED: &str = "visit.updated";
/// The webhook of a visit that was deleted.
pub const DELETED: &str = "visit.removed";
/// The webhook of a new message.
pub const MESSAGE_CREATED: &str = "message.created";
/// The webhook of a message whose delivery went on.
pub const MESSAGE_UPDATED: &str = "message.updated";
/// The webhook of a location's counters.
pub const STATUS_UPDATED: &str = "location-status.updated";

pub const TRIGGERS: &[Trigger] = &[
    trigger(
        CREATED,
        "once per visit: the guest joins the waitlist, or a booking is made",
        "visit",
        "/data/id",
        Documented("seed 002; the bodies of DRAFT, PENDING and capacity visits are assumed"),
    ),
    trigger(
        UPDATED,
        "a visit changes in any way: its state, its details, or its place in line",
        "visit",
        "/after/id",
        Documented("seed 002; for the update of a booking, only the missing fields are described"),
    ),
    trigger(
        DELETED,
        "a visit is deleted through the API, or with its customer",
        "visit",
        "/data/id",
        Documented("seed 002"),
    ),
    trigger(
        MESSAGE_CREATED,
        "an SMS or e-mail to the guest is made",
        "message",
        "/data/id",
        Documented("seed 002"),
    ),
    trigger(
        MESSAGE_UPDATED,
        "the delivery of a message succeeds or fails",
        "message",
        "/after/id",
        Documented("WR; no example is known: before and after are assumed, as for visits"),
    ),
    trigger(
        STATUS_UPDATED,
        "a location's counters change: guests waiting, guests being served, the wait",
        "location",
        "/after/id",
        Documented(
            "WR; no example is known: the fields are those of public readers of location-status, before and after are assumed",
        ),
    ),
];
