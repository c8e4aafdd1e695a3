//! Which keys a body carries. The documented examples differ from trigger to trigger: this is the
//! one table behind rendering and JSON Schemas alike.

use super::place::Version;
use crate::vendors::ombori::triggers::Trigger;

/// Which of the optional keys a trigger carries: the documented examples as a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Keys {
    pub(super) message: Presence,
    pub(super) registration: bool,
    pub(super) notification: bool,
    pub(super) reminder: bool,
    pub(super) code: bool,
    pub(super) served_by: bool,
    pub(super) station: Presence,
}

/// Whether a key is there, and with what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    Absent,
    Null,
    /// The value; absent if there is none.
    Value,
    /// The value; null if there is none.
    ValueOrNull,
}

impl Keys {
    /// Every key that any webhook about a position carries, but the message and the form.
    pub(super) const ALL: Self = Self {
        message: Presence::Absent,
        registration: false,
        notification: true,
        reminder: true,
        code: true,
        served_by: true,
        station: Presence::ValueOrNull,
    };

    /// The keys of a trigger in a version.
    pub(super) fn of(trigger: Trigger, version: Version) -> Self {
        use Presence::{Absent, Null, Value, ValueOrNull};
        let usual = Self {
            message: Null,
            registration: false,
            notification: true,
            reminder: true,
            code: true,
            served_by: false,
            station: Absent,
        };
        let keys = match trigger {
            Trigger::PositionCreated => Self { registration: true, ..usual },
            Trigger::BookingConfirmation => Self { message: Value, ..usual },
            // No QR code, and fulfilledAt before anybody was checked in: so says the example (v10).
            Trigger::BookingActivated => {
                Self { message: Value, registration: true, code: false, ..usual }
            }
            Trigger::BookingUpdated => Self { message: Absent, ..usual },
            // No notification, `servedBy` empty, `station` null unless called: example v9.
            Trigger::BookingRemoved | Trigger::PositionRemoved => Self {
                message: Value,
                registration: true,
                notification: false,
                served_by: true,
                station: ValueOrNull,
                ..usual
            },
            // No station: example v9.
            Trigger::PositionRetry => {
                Self { message: Value, registration: true, served_by: true, ..usual }
            }
            Trigger::PositionCalled => Self {
                message: Value,
                registration: true,
                served_by: true,
                station: Value,
                ..usual
            },
            Trigger::PositionFulfilled | Trigger::PositionCompleted => {
                Self { registration: true, served_by: true, station: Value, ..usual }
            }
            Trigger::PositionCancelled => Self { station: Value, ..usual },
            Trigger::PositionCancelledByStaff => usual,
            // No `message` key at all, no reminder, no recipient: seed 000.
            Trigger::FeedbackReceived => {
                Self { message: Absent, reminder: false, served_by: true, station: Value, ..usual }
            }
        };
        if version >= Version::CallTimes {
            return keys;
        }
        // The oldest pages know neither; only the feedback example shows a station.
        let station = if trigger == Trigger::FeedbackReceived { Value } else { Absent };
        Self { registration: false, served_by: false, station, ..keys }
    }
}
