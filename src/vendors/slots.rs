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
        let local = start.to_zoned(zone.clone()).datetime();
        let seconds =
            local.hour() as u64 * 3600 + local.minute() as u64 * 60 + local.second() as u64;
        let into = Duration::from_secs(seconds % length.as_secs())
            + Duration::from_nanos(local.subsec_nanosecond() as u64);
        if into.is_zero() {
            break;
        }
        start = after(start, length - into);
    }
    start
}
