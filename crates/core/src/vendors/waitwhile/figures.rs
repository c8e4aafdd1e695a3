//! What a picture of the traffic shows: guests by the hour, what they are told of their wait and how long it
//! is, how long they are served, the sizes of their parties, and how their visits end.

use super::act::Act;
use super::state::VisitState;
use super::triggers::Trigger;
use crate::model::Figure;
use crate::model::figure::Reading::{Between, Moment, Name, Seconds, Word};
use crate::model::figure::{Axis, Series, Unit};

const CREATED: &[&str] = &[Trigger::Created.name()];
const UPDATED: &[&str] = &[Trigger::Updated.name()];
const MESSAGE: &[&str] = &[Trigger::MessageUpdated.name()];

const BEFORE: &str = "/before/state";
const AFTER: &str = "/after/state";

const WAITING: &str = VisitState::Waiting.name();
const BOOKED: &str = VisitState::Booked.name();
const SERVING: &str = VisitState::Serving.name();
const COMPLETE: &str = VisitState::Complete.name();

/// Conditions on a body.
type Only = &'static [(&'static str, &'static [&'static str])];

/// A guest of the waitlist is served. A burst tells of others too, whose state stays.
const FROM_WAITLIST: Only = &[(BEFORE, &[WAITING]), (AFTER, &[SERVING])];
const SERVED: Only = &[(BEFORE, &[SERVING]), (AFTER, &[COMPLETE])];
const NOT_SERVED: Only = &[
    (BEFORE, &[WAITING, BOOKED, VisitState::Draft.name(), VisitState::Pending.name()]),
    (AFTER, &[COMPLETE]),
];

/// The figures.
pub const FIGURES: &[Figure] = &[
    Figure {
        title: "Guests of the waitlists",
        about: "who came an hour, by local hour",
        axis: Axis::Hours,
        series: &[Series::of("guests", CREATED, Moment).with(&[("/data/state", &[WAITING])])],
    },
    Figure {
        title: "Bookings",
        about: "made an hour, by local hour",
        axis: Axis::Hours,
        series: &[Series::of("bookings", CREATED, Moment).with(&[("/data/state", &[BOOKED])])],
    },
    Figure {
        title: "Waits",
        about: "as told at first, and until served",
        axis: Axis::Ranges(Unit::Minutes),
        series: &[
            Series::of("real", UPDATED, Seconds("/after/waitDuration"))
                .by(&[Act::Serve.name()])
                .with(FROM_WAITLIST),
            Series::of("told", UPDATED, Seconds("/after/originalEstWaitDuration"))
                .by(&[Act::Serve.name()])
                .with(FROM_WAITLIST),
        ],
    },
    Figure {
        title: "Service times",
        about: "from being served to complete",
        axis: Axis::Ranges(Unit::Minutes),
        series: &[Series::of(
            "served",
            UPDATED,
            Between("/after/serveTime", "/after/completedTime"),
        )
        .by(&[Act::Complete.name(), Act::CompleteByItself.name()])
        .with(SERVED)],
    },
    Figure {
        title: "How visits end",
        about: "first ends and further ones",
        axis: Axis::Words,
        series: &[
            Series::of("served", UPDATED, Name)
                .by(&[Act::Complete.name(), Act::CompleteByItself.name()])
                .with(SERVED),
            Series::of("cancelled", UPDATED, Name).by(&[Act::Cancel.name()]).with(NOT_SERVED),
            Series::of("no-show", UPDATED, Name).by(&[Act::NoShow.name()]).with(NOT_SERVED),
            Series::of("removed", UPDATED, Name).by(&[Act::Remove.name()]).with(NOT_SERVED),
            Series::of("expired", UPDATED, Name).by(&[Act::Expire.name()]).with(NOT_SERVED),
            Series::of("rejected", UPDATED, Name).by(&[Act::Reject.name()]).with(NOT_SERVED),
            Series::of("moved elsewhere", UPDATED, Name)
                .by(&[Act::Transfer.name()])
                .with(NOT_SERVED),
        ],
    },
    Figure {
        title: "Party sizes",
        about: "of new visits",
        axis: Axis::Words,
        series: &[Series::of("visits", CREATED, Word("/data/partySize"))],
    },
    Figure {
        title: "Messages",
        about: "what became of them",
        axis: Axis::Words,
        series: &[Series::of("messages", MESSAGE, Word(AFTER))],
    },
];
