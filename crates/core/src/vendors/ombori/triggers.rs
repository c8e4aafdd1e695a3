//! The webhooks that Ombori sends, each with its provenance.
//!
//! Sources: as in `catalogue`.

use super::state::SubjectKind;
use crate::model::Provenance::Documented;
use crate::model::{self, Provenance};

crate::vendors::words::triggers! {
    PositionCreated = "positionCreated",
    BookingConfirmation = "bookingConfirmation",
    BookingActivated = "bookingActivated",
    BookingUpdated = "bookingUpdated",
    BookingRemoved = "bookingRemoved",
    PositionRemoved = "positionRemoved",
    PositionRetry = "positionRetry",
    PositionCalled = "positionCalled",
    PositionFulfilled = "positionFulfilled",
    PositionCompleted = "positionCompleted",
    PositionCancelled = "positionCancelled",
    PositionCancelledByStaff = "positionCancelledByStaff",
    FeedbackReceived = "feedbackReceived",
}

const ALL: &[&str] = &["2020-12", "2021-01", "2021-01-28", "2021-02", "position-model"];

const fn trigger(
    trigger: Trigger,
    about: &'static str,
    profiles: &'static [&'static str],
    provenance: Provenance,
) -> model::Trigger {
    model::Trigger {
        id: trigger.id(),
        name: trigger.name(),
        about,
        subject: SubjectKind::Position.name(),
        id_pointer: "/data/position/id",
        profiles,
        provenance,
    }
}

pub const TRIGGERS: &[model::Trigger] = &[
    trigger(
        Trigger::PositionCreated,
        "a walk-in or staff-issued ticket is created",
        ALL,
        Documented("webhook page v5 to v13"),
    ),
    trigger(
        Trigger::BookingConfirmation,
        "a customer makes a booking",
        ALL,
        Documented(
            "webhook page v6; the example's position is cut off, so its keys follow the REST answer",
        ),
    ),
    trigger(
        Trigger::BookingActivated,
        "the time slot of a booking begins",
        ALL,
        Documented(
            "webhook page v10; in older profiles without registrationData and virtualAppointment (assumed)",
        ),
    ),
    trigger(
        Trigger::BookingUpdated,
        "a booking is changed, for example rescheduled",
        &["2021-02", "position-model"],
        Documented(
            "webhook page v10, changelog 17-02-2021; the example is cut off after `data`, so its keys are assumed",
        ),
    ),
    trigger(
        Trigger::BookingRemoved,
        "staff reject a ticket (older name)",
        &["2020-12", "2021-01"],
        Documented("webhook page v4 and v5"),
    ),
    trigger(
        Trigger::PositionRemoved,
        "staff reject a ticket",
        &["2021-01-28", "2021-02", "position-model"],
        Documented("webhook page v6 to v13, example v9"),
    ),
    trigger(
        Trigger::PositionRetry,
        "staff put a called ticket back in the queue",
        ALL,
        Documented("webhook page v4 to v13, example v9"),
    ),
    trigger(
        Trigger::PositionCalled,
        "staff call a ticket",
        ALL,
        Documented("webhook page v4 to v13, example v9 (cut off)"),
    ),
    trigger(
        Trigger::PositionFulfilled,
        "staff check a ticket in",
        ALL,
        Documented(
            "webhook page v4 to v13; no example is known, so its keys follow the position model",
        ),
    ),
    trigger(
        Trigger::PositionCompleted,
        "staff check a ticket out",
        ALL,
        Documented(
            "webhook page v4 to v13; no example is known, so its keys follow the position model",
        ),
    ),
    trigger(
        Trigger::PositionCancelled,
        "the customer cancels a ticket or a booking",
        ALL,
        Documented("webhook page v3 to v13"),
    ),
    trigger(
        Trigger::PositionCancelledByStaff,
        "staff cancel an upcoming booking",
        ALL,
        Documented("webhook page v3 to v13"),
    ),
    trigger(
        Trigger::FeedbackReceived,
        "the customer gives or changes feedback",
        ALL,
        Documented("webhook page v1 to v13"),
    ),
];
