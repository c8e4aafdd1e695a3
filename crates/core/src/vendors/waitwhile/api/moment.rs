//! Times in calls: ISO 8601, or the local time of the locations.

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};

use super::wrong::Wrong;
use crate::vendors::api::ApiCall;

/// A span of time. It is open at an end that is not given.
pub struct Span {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
}

impl Span {
    /// The span between two query parameters.
    pub fn of(call: &ApiCall, zone: &TimeZone, from: &str, to: &str) -> Result<Self, Wrong> {
        let read = |name: &str| {
            let text = call.query(name).filter(|text| !text.is_empty());
            text.map(|text| moment(zone, name, text)).transpose()
        };
        Ok(Self { from: read(from)?, to: read(to)? })
    }

    /// Whether a moment lies within the span. Both ends are included.
    pub fn holds(&self, moment: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= moment) && self.to.is_none_or(|to| moment <= to)
    }

    /// Its beginning.
    pub fn from(&self) -> Option<Timestamp> {
        self.from
    }

    /// Its end.
    pub fn to(&self) -> Option<Timestamp> {
        self.to
    }
}

/// The moment that a text means.
pub fn moment(zone: &TimeZone, name: &str, text: &str) -> Result<Timestamp, Wrong> {
    // In a query, the plus sign of an offset becomes a space.
    let offset = text.replace(' ', "+");
    if let Some(moment) = [text, &offset].into_iter().find_map(|text| text.parse().ok()) {
        return Ok(moment);
    }
    local(zone, text).ok_or_else(|| {
        Wrong::bad(format!(
            "{name} must be a time such as 2031-03-05T10:30 or 2031-03-05T15:30:00Z"
        ))
    })
}

/// The moment of a local time: `2031-03-05T10:30`. If the time occurs twice, on an autumn night,
/// the first one.
pub fn local(zone: &TimeZone, text: &str) -> Option<Timestamp> {
    let date: civil::DateTime = text.parse().ok()?;
    date.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp())
}
