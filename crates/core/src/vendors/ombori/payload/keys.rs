//! Which keys a body has. Rendering and JSON Schemas both use this one table.
//!
//! A webhook shows the current state of its position (seed 001). So it has everything that an
//! earlier webhook about the position has shown and that still holds, as far as its profile knows
//! the key: the examples of `feedbackReceived` and `positionCancelled` are older than the
//! registration form. What the table says beyond that is in the documented examples.

use super::place::Version;
use crate::vendors::ombori::triggers::Trigger;

/// Which of the optional keys a trigger has, by the documented examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Keys {
    pub(super) message: Presence,
    pub(super) registration: bool,
    pub(super) reminder: bool,
    pub(super) code: bool,
    pub(super) served_by: bool,
    pub(super) station: Presence,
}

/// Whether a key is present, and with which value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    Absent,
    Null,
    /// The value. The key is absent if there is none.
    Value,
    /// The value. It is null if there is none.
    ValueOrNull,
}

impl Keys {
    /// All keys that a webhook about a position can have, except the message and the form.
    pub(super) const ALL: Self = Self {
        message: Presence::Absent,
        registration: false,
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
            registration: true,
            reminder: true,
            code: true,
            served_by: false,
            station: Absent,
        };
        let keys = match trigger {
            Trigger::PositionCreated => usual,
            Trigger::BookingConfirmation => Self { message: Value, ..usual },
            // The example (v10) has no QR code, and has fulfilledAt before anybody was checked in.
            Trigger::BookingActivated => Self { message: Value, code: false, ..usual },
            Trigger::BookingUpdated => Self { message: Absent, ..usual },
            // Example v9 has an empty `servedBy`, and a null `station` since nobody called.
            Trigger::BookingRemoved | Trigger::PositionRemoved => {
                Self { message: Value, served_by: true, station: ValueOrNull, ..usual }
            }
            // Example v9 has no station: back in the queue, the guest is called to none.
            Trigger::PositionRetry => Self { message: Value, served_by: true, ..usual },
            Trigger::PositionCalled => {
                Self { message: Value, served_by: true, station: Value, ..usual }
            }
            Trigger::PositionFulfilled | Trigger::PositionCompleted => {
                Self { served_by: true, station: Value, ..usual }
            }
            Trigger::PositionCancelled => Self { station: Value, ..usual },
            Trigger::PositionCancelledByStaff => usual,
            // Seed 000 has no `message` key, no reminder and no recipient.
            Trigger::FeedbackReceived => {
                Self { message: Absent, reminder: false, served_by: true, station: Value, ..usual }
            }
        };
        if version >= Version::CallTimes {
            return keys;
        }
        // The oldest pages have neither. Only the feedback example shows a station.
        let station = if trigger == Trigger::FeedbackReceived { Value } else { Absent };
        Self { registration: false, served_by: false, station, ..keys }
    }
}
