//! What a picture of the traffic shows: guests by the hour, their waits and how long they are served, how
//! their positions end, and their ratings.

use super::triggers::Trigger;
use crate::model::Figure;
use crate::model::figure::Reading::{Between, Moment, Name, Word};
use crate::model::figure::{Axis, Series, Unit};

const CREATED: &[&str] = &[Trigger::PositionCreated.name()];
const CONFIRMED: &[&str] = &[Trigger::BookingConfirmation.name()];
const FULFILLED: &[&str] = &[Trigger::PositionFulfilled.name()];
const COMPLETED: &[&str] = &[Trigger::PositionCompleted.name()];
const CANCELLED: &[&str] = &[Trigger::PositionCancelled.name()];
const CANCELLED_BY_STAFF: &[&str] = &[Trigger::PositionCancelledByStaff.name()];
const REMOVED: &[&str] = &[Trigger::PositionRemoved.name(), Trigger::BookingRemoved.name()];
const RATED: &[&str] = &[Trigger::FeedbackReceived.name()];

const TYPE: &str = "/data/position/type";
const CREATED_AT: &str = "/data/position/createdAt";
const CALLED_AT: &str = "/data/position/calledAt";
const FULFILLED_AT: &str = "/data/position/fulfilledAt";
const COMPLETED_AT: &str = "/data/position/completedAt";
const SLOT: &str = "/data/position/booking/start";

/// The figures.
pub const FIGURES: &[Figure] = &[
    Figure {
        title: "Tickets",
        about: "taken or issued an hour, by local hour",
        axis: Axis::Hours,
        series: &[Series::of("tickets", CREATED, Moment)],
    },
    Figure {
        title: "Bookings",
        about: "confirmed an hour, by local hour",
        axis: Axis::Hours,
        series: &[Series::of("bookings", CONFIRMED, Moment)],
    },
    Figure {
        title: "Waits",
        about: "from ticket or slot until the last call",
        axis: Axis::Ranges(Unit::Minutes),
        series: &[
            Series::of("tickets", FULFILLED, Between(CREATED_AT, CALLED_AT))
                .with(&[(TYPE, &["anonymous", "manual"])]),
            Series::of("bookings", FULFILLED, Between(SLOT, CALLED_AT))
                .with(&[(TYPE, &["booking"])]),
        ],
    },
    Figure {
        title: "Service times",
        about: "from check-in to check-out",
        axis: Axis::Ranges(Unit::Minutes),
        series: &[Series::of("served", COMPLETED, Between(FULFILLED_AT, COMPLETED_AT))],
    },
    Figure {
        title: "How positions end",
        about: "by webhook",
        axis: Axis::Words,
        series: &[
            Series::of("completed", COMPLETED, Name),
            Series::of("cancelled by the guest", CANCELLED, Name),
            Series::of("cancelled by staff", CANCELLED_BY_STAFF, Name),
            Series::of("removed", REMOVED, Name),
        ],
    },
    Figure {
        title: "Ratings",
        about: "in feedback",
        axis: Axis::Words,
        series: &[Series::of("ratings", RATED, Word("/data/position/feedback/rating"))],
    },
];
