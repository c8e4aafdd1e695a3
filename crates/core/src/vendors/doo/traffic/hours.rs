//! Working hours: banks book payments and organizers decide on working days.

use std::time::Duration;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use crate::chance::Chance;
use crate::clock::after;

/// The local hours of work.
const WORK: std::ops::Range<i8> = 8..18;
/// What has waited for the office is done within this time.
const MORNING: Duration = Duration::from_secs(3 * 3600);

/// The first working moment from this one on. What falls outside is spread over the next working morning.
pub fn working(at: Timestamp, zone: &TimeZone, chance: &mut Chance) -> Timestamp {
    let local = at.to_zoned(zone.clone());
    let is_free = |day: Weekday| matches!(day, Weekday::Saturday | Weekday::Sunday);
    if WORK.contains(&local.hour()) && !is_free(local.weekday()) {
        return at;
    }
    let mut day = local.date();
    if local.hour() >= WORK.end {
        day = day.saturating_add(1.day());
    }
    while is_free(day.weekday()) {
        day = day.saturating_add(1.day());
    }
    let opens = day.at(WORK.start, 0, 0, 0).to_zoned(zone.clone());
    // The end of time has no next morning.
    opens.map_or(at, |opens| after(opens.timestamp(), MORNING.mul_f64(chance.unit())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(at: &str) -> jiff::Zoned {
        let zone = TimeZone::get("Europe/Berlin").expect("a zone");
        let at: Timestamp = at.parse().expect("a moment");
        working(at, &zone, &mut Chance::from_seed(1)).to_zoned(zone)
    }

    #[test]
    fn nights_and_weekends_wait_for_the_next_working_morning() {
        for (at, date) in [
            // A Tuesday night, a Friday evening, a Saturday and a Sunday.
            ("2031-03-04T02:00:00Z", "2031-03-04"),
            ("2031-03-07T20:00:00Z", "2031-03-10"),
            ("2031-03-08T10:00:00Z", "2031-03-10"),
            ("2031-03-09T23:30:00Z", "2031-03-10"),
        ] {
            let moved = moved(at);
            assert_eq!(moved.date().to_string(), date, "{at}");
            assert!((8..11).contains(&moved.hour()), "{moved}");
        }
        assert_eq!(moved("2031-03-04T09:30:00Z").timestamp().to_string(), "2031-03-04T09:30:00Z");
    }
}
