//! The store's hours in traffic: slots lie within them, and nothing happens at night.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::common::traffic;
use crate::{Seen, ombori};

/// How many seeds are tried, and how many webhooks of each: about three days.
const SEEDS: u64 = 24;
const WEBHOOKS: usize = 9_000;
/// The hours at which guests come by default, in local time.
const OPEN: std::ops::Range<i8> = 9..20;

#[test]
fn a_booked_slot_lies_within_opening_hours_and_nobody_is_called_at_night() {
    let (vendor, catalogue) = ombori();
    let zone = TimeZone::get("Europe/Stockholm").expect("the default");
    let hour = |moment: Timestamp| moment.to_zoned(zone.clone()).hour();
    let (mut slots, mut calls, mut days) = (0, 0, 0);
    for seed in 0..SEEDS {
        let mut seen_days = BTreeSet::new();
        for webhook in traffic(vendor, catalogue.default_profile(), seed, WEBHOOKS) {
            let seen = Seen::of(&webhook);
            seen_days.insert(seen.at.to_zoned(zone.clone()).date());
            if ["bookingConfirmation", "bookingUpdated"].contains(&seen.trigger) {
                let (start, end) = seen.slot().expect("a booking has one");
                let last = end - jiff::SignedDuration::from_secs(1);
                assert!(OPEN.contains(&hour(start)) && OPEN.contains(&hour(last)), "{start} {end}");
                assert_eq!(start.as_second() % 1800, 0, "a slot of half an hour: {start}");
                slots += 1;
            }
            if ["positionCalled", "positionFulfilled", "bookingActivated"].contains(&seen.trigger) {
                // Staff serve the rest of the line after closing time.
                assert!(
                    (9..23).contains(&hour(seen.at)),
                    "seed {seed}: {} {}",
                    seen.trigger,
                    seen.at
                );
                calls += 1;
            }
        }
        days += seen_days.len();
    }
    assert!(slots > 5_000 && calls > 50_000, "{slots} slots, {calls} calls");
    assert!(days > 2 * SEEDS as usize, "only {days} days");
}
