//! The store's hours in traffic: slots lie within them, and nothing happens at night.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use standin::model::Settings;

use crate::common::{traffic, traffic_of};
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
                let last = end - SignedDuration::from_secs(1);
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

#[test]
fn more_guests_come_on_saturdays_and_fewer_on_sundays() {
    let (vendor, catalogue) = ombori();
    let zone = TimeZone::get("Europe/Stockholm").expect("the default");
    let mut days = BTreeMap::<i8, (Weekday, usize)>::new();
    for webhook in traffic(vendor, catalogue.default_profile(), 1, 100_000) {
        if webhook.trigger == "positionCreated" {
            let day = webhook.at.to_zoned(zone.clone()).weekday();
            days.entry(day.to_monday_zero_offset()).or_insert((day, 0)).1 += 1;
        }
    }
    let of = |day: Weekday| days.get(&day.to_monday_zero_offset()).map_or(0, |(_, count)| *count);
    let (saturday, wednesday, sunday) =
        (of(Weekday::Saturday), of(Weekday::Wednesday), of(Weekday::Sunday));
    assert!(saturday > wednesday && wednesday > sunday, "{days:?}");
}

/// With one desk, more come than can be served. They give up, and the line is gone in the evening.
#[test]
fn nobody_waits_for_half_a_day() {
    let (vendor, catalogue) = ombori();
    let settings = Settings::check(catalogue.settings, [("stations", "1")]).expect("one desk");
    let (mut created, mut left, mut waits) = (BTreeMap::new(), 0, Vec::new());
    for webhook in traffic_of(vendor, catalogue.default_profile(), (settings, 5), 6_000) {
        let seen = Seen::of(&webhook);
        let guest = seen.field("id").as_str().expect("an id").to_owned();
        match seen.trigger {
            "positionCreated" => _ = created.insert(guest, seen.at),
            "positionCancelled" => left += usize::from(created.remove(&guest).is_some()),
            "positionCalled" => {
                waits.extend(created.remove(&guest).map(|from| seen.at.duration_since(from)));
            }
            _ => {}
        }
    }
    assert!(left > 500 && waits.len() > 80, "{left} gave up, {} were called", waits.len());
    let longest = waits.into_iter().max().unwrap_or_default();
    assert!(longest < SignedDuration::from_hours(6), "{longest}");
}
