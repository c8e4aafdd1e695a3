//! Dates in bodies: local time, in one of two forms. The documents give neither form nor zone for
//! bodies (assumed; IN: initialization takes `Y-m-d H:i:s` in CET). Fractions of a second are cut
//! off.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Serialize, Serializer};

use crate::model::Settings;

/// How an account writes its dates.
#[derive(Clone, Debug)]
pub struct Dates {
    zone: TimeZone,
    with_offset: bool,
}

/// A written date.
#[derive(Clone, Copy, Debug)]
pub struct DateText {
    bytes: [u8; 25],
    length: u8,
}

impl Dates {
    /// The form and the zone in the settings.
    pub fn of(settings: &Settings) -> Self {
        Self { zone: zone(settings), with_offset: settings.text("date_format") == "ISO 8601" }
    }

    /// `2031-03-04 09:00:00`, or `2031-03-04T09:00:00+01:00`.
    pub fn text(&self, moment: Timestamp) -> DateText {
        let offset = self.zone.to_offset(moment);
        let local = offset.to_datetime(moment);
        let mut bytes = *b"0000-00-00 00:00:00+00:00";
        digits(&mut bytes[0..4], local.year().unsigned_abs().into());
        digits(&mut bytes[5..7], local.month().unsigned_abs().into());
        digits(&mut bytes[8..10], local.day().unsigned_abs().into());
        digits(&mut bytes[11..13], local.hour().unsigned_abs().into());
        digits(&mut bytes[14..16], local.minute().unsigned_abs().into());
        digits(&mut bytes[17..19], local.second().unsigned_abs().into());
        if !self.with_offset {
            return DateText { bytes, length: 19 };
        }
        bytes[10] = b'T';
        bytes[19] = if offset.seconds() < 0 { b'-' } else { b'+' };
        let minutes = offset.seconds().unsigned_abs() / 60;
        digits(&mut bytes[20..22], minutes / 60);
        digits(&mut bytes[23..25], minutes % 60);
        DateText { bytes, length: 25 }
    }

    /// The moment of a text, if it is a date in the form of this account.
    pub fn read(&self, text: &str) -> Option<Timestamp> {
        if self.with_offset {
            return text.parse().ok();
        }
        let local: DateTime = text.parse().ok()?;
        self.zone.to_zoned(local).ok().map(|zoned| zoned.timestamp())
    }

    /// The name of the time zone.
    pub fn zone_name(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    /// How far local time is ahead of UTC at a moment, in seconds.
    pub fn offset_seconds(&self, moment: Timestamp) -> i32 {
        self.zone.to_offset(moment).seconds()
    }
}

/// The time zone in the settings.
pub fn zone(settings: &Settings) -> TimeZone {
    let name = settings.text("time_zone");
    TimeZone::get(name).unwrap_or_else(|_| panic!("{name} was checked"))
}

impl DateText {
    /// The text.
    pub fn as_str(&self) -> &str {
        let bytes = &self.bytes[..usize::from(self.length)];
        std::str::from_utf8(bytes).unwrap_or_else(|_| panic!("digits are ASCII"))
    }
}

impl Serialize for DateText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

fn digits(place: &mut [u8], mut number: u32) {
    for digit in place.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::doo::settings::SETTINGS;

    fn dates(form: &str, zone: &str) -> Dates {
        let given = [("date_format", form), ("time_zone", zone)];
        Dates::of(&Settings::check(SETTINGS, given).expect("settings"))
    }

    fn moment(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn a_date_is_local_with_or_without_its_offset_and_fractions_are_cut_off() {
        let summer = moment("2031-07-01T07:59:59.999Z");
        let plain = dates("Y-m-d H:i:s", "Europe/Berlin");
        assert_eq!(plain.text(summer).as_str(), "2031-07-01 09:59:59");
        let iso = dates("ISO 8601", "America/St_Johns");
        assert_eq!(iso.text(summer).as_str(), "2031-07-01T05:29:59-02:30");
        let utc = dates("ISO 8601", "UTC");
        assert_eq!(utc.text(summer).as_str(), "2031-07-01T07:59:59+00:00");
    }

    #[test]
    fn a_date_is_read_back() {
        let at = moment("2031-12-01T23:30:00Z");
        for form in ["Y-m-d H:i:s", "ISO 8601"] {
            let dates = dates(form, "Asia/Kathmandu");
            assert_eq!(dates.read(dates.text(at).as_str()), Some(at), "{form}");
        }
    }
}
