//! When the slots that a vendor offers begin: at multiples of their length in local time, from
//! midnight on.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::clock::after;

/// The first slot of this length, in whole minutes, that begins at this moment or later.
pub fn at_or_after(moment: Timestamp, length: Duration, zone: &TimeZone) -> Timestamp {
    let mut start = moment;
    // After a change of the clocks, the first result may not be a multiple. The second is.
    for _ in 0..3 {
        let zoned = start.to_zoned(zone.clone());
        let local = zoned.datetime();
        let seconds =
            local.hour() as u64 * 3600 + local.minute() as u64 * 60 + local.second() as u64;
        let into = Duration::from_secs(seconds % length.as_secs())
            + Duration::from_nanos(local.subsec_nanosecond() as u64);
        if into.is_zero() {
            break;
        }
        let next = after(start, length - into);
        let midnight = zoned.tomorrow().and_then(|day| day.start_of_day());
        // The last slot of a day may be a shorter one.
        start = midnight.map_or(next, |midnight| next.min(midnight.timestamp()));
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_begin_anew_at_midnight() {
        let zone = TimeZone::get("Europe/Stockholm").expect("a zone");
        for (moment, minutes, wanted) in [
            ("2031-03-04T09:01:00+01:00", 30, "2031-03-04T09:30:00+01:00"),
            ("2031-03-04T09:30:00+01:00", 30, "2031-03-04T09:30:00+01:00"),
            ("2031-03-04T23:21:00+01:00", 50, "2031-03-05T00:00:00+01:00"),
            ("2031-03-04T21:01:00+01:00", 7 * 60, "2031-03-05T00:00:00+01:00"),
            // The clocks go forward at two.
            ("2031-03-30T01:40:00+01:00", 60, "2031-03-30T03:00:00+02:00"),
        ] {
            let length = Duration::from_secs(minutes * 60);
            let [moment, wanted]: [Timestamp; 2] =
                [moment, wanted].map(|text| text.parse().expect("a time"));
            assert_eq!(at_or_after(moment, length, &zone), wanted, "{moment}");
        }
    }
}
