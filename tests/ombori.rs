//! Rules for Ombori's webhooks beyond those for every vendor: consistent values over a position's
//! life, texts in the guest's language, and invented people only.

mod common;
#[path = "common/fiction.rs"]
mod fiction;

#[path = "ombori/desks.rs"]
mod desks;
#[path = "ombori/hours.rs"]
mod hours;
#[path = "ombori/lifelike.rs"]
mod lifelike;
#[path = "ombori/people.rs"]
mod people;
#[path = "ombori/state.rs"]
mod state;
#[path = "ombori/texts.rs"]
mod texts;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use common::walk::Walk;
use common::{settings, traffic};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::Value as Json;
use standin::chance::Chance;
use standin::clock::{after, between};
use standin::model::{Catalogue, Profile, Settings, Webhook};
use standin::phrase;
use standin::sim::{Opening, Simulation};
use standin::vendors::{Vendor, registry};

/// How long a walk is.
const STEPS: usize = 250;

/// The parts of a webhook that the tests read.
struct Seen {
    at: Timestamp,
    trigger: &'static str,
    action: &'static str,
    body: Json,
}

impl Seen {
    fn of(webhook: &Webhook) -> Self {
        let body = serde_json::from_slice(&webhook.body).expect("a body is JSON");
        Self { at: webhook.at, trigger: webhook.trigger, action: webhook.action, body }
    }

    /// A field of the position, or null if it is absent.
    fn field(&self, name: &str) -> &Json {
        &self.body["data"]["position"][name]
    }

    fn time(&self, name: &str) -> Option<Timestamp> {
        time(self.field(name))
    }

    fn slot(&self) -> Option<(Timestamp, Timestamp)> {
        let booking = self.field("booking");
        time(&booking["start"]).zip(time(&booking["end"]))
    }
}

fn time(value: &Json) -> Option<Timestamp> {
    value.as_str().map(|text| text.parse().expect("a time"))
}

fn ombori() -> (&'static dyn Vendor, &'static Catalogue) {
    let vendor = registry::shipped().find("ombori").expect("it is registered");
    (vendor, vendor.catalogue())
}

/// Checks a claim against walks with any settings in any profile. A claim returns how many cases it
/// checked. All walks together must have `at_least` cases.
fn for_any_walk(at_least: usize, holds: impl Fn(&[Seen], &Settings, &'static Profile) -> usize) {
    let cases = Cell::new(0);
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) };
    proptest!(config, |(seed: u64)| {
        let (vendor, catalogue) = ombori();
        let mut chance = Chance::from_seed(seed);
        let profile = chance.pick(catalogue.profiles);
        let settings = settings::any(catalogue.settings, &mut chance);
        let mut walk = Walk::new(vendor, profile, settings.clone(), seed);
        walk.go(STEPS);
        let seen: Vec<Seen> = walk.webhooks.iter().map(Seen::of).collect();
        cases.set(cases.get() + holds(&seen, &settings, profile));
    });
    assert!(cases.get() >= at_least, "only {} cases", cases.get());
}

/// The webhooks of each position, in order.
fn lives(seen: &[Seen]) -> Vec<Vec<&Seen>> {
    let mut lives: BTreeMap<&str, Vec<&Seen>> = BTreeMap::new();
    for one in seen {
        lives.entry(one.field("id").as_str().expect("an id")).or_default().push(one);
    }
    lives.into_values().collect()
}

#[test]
fn times_are_in_the_order_in_which_things_happen() {
    for_any_walk(2_000, |seen, _, _| {
        for one in seen {
            // As in the example, an activated booking has the start of its slot there.
            let activated = one.trigger == "bookingActivated";
            let order = [
                "createdAt",
                "activatedAt",
                "calledAt",
                "fulfilledAt",
                "completedAt",
                "rejectedAt",
            ];
            let order = order.iter().filter(|name| !(activated && **name == "fulfilledAt"));
            let times: Vec<_> = order.filter_map(|name| one.time(name)).collect();
            assert!(times.is_sorted(), "{:#}", one.body);
            assert!(times.iter().all(|time| *time <= one.at), "{:#}", one.body);
            if activated {
                assert_eq!(one.time("fulfilledAt"), one.slot().map(|(start, _)| start));
            }
        }
        seen.len()
    });
}

#[test]
fn what_a_position_is_never_changes() {
    for_any_walk(300, |seen, _, _| {
        for life in lives(seen) {
            for name in
                ["queue", "type", "priority", "createdAt", "locale", "location", "numberOfPeople"]
            {
                let values: BTreeSet<_> =
                    life.iter().map(|one| one.field(name).to_string()).collect();
                assert_eq!(values.len(), 1, "{}: {:?}", name, values);
            }
            let labels: Vec<_> = life.iter().map(|one| one.field("label").as_str()).collect();
            let given = labels.iter().skip_while(|label| **label == Some(""));
            assert!(given.clone().all(|label| Some(label) == given.clone().next()), "{:?}", labels);
            let retries: Vec<_> =
                life.iter().filter_map(|one| one.field("retryCount").as_u64()).collect();
            assert!(retries.is_sorted(), "{:?}", retries);
        }
        lives(seen).iter().filter(|life| life.len() > 1).count()
    });
}

#[test]
fn labels_count_from_one_every_day_without_gaps() {
    for_any_walk(300, |seen, settings, _| {
        let zone = TimeZone::get(settings.text("time_zone")).expect("it was checked");
        let mut last = BTreeMap::new();
        for one in
            seen.iter().filter(|one| ["positionCreated", "bookingActivated"].contains(&one.trigger))
        {
            let label = one.field("label").as_str().expect("a label");
            let (letter, number) = label.split_at(1);
            assert_eq!(letter, if one.trigger == "bookingActivated" { "B" } else { "A" });
            let day = one.at.to_zoned(zone.clone()).date();
            let count = last.entry((day, letter.to_owned())).or_insert(0_usize);
            *count += 1;
            assert_eq!(number, count.to_string(), "on {}", day);
        }
        last.values().sum()
    });
}

#[test]
fn slots_begin_on_the_minute_and_are_as_long_as_set() {
    for_any_walk(300, |seen, settings, _| {
        let length = |name| settings.duration(name).unwrap_or_default();
        for one in seen {
            assert_eq!(one.field("type") == "booking", one.slot().is_some());
            let Some((start, end)) = one.slot() else { continue };
            assert_eq!(start.as_second() % 60, 0);
            assert_eq!(between(start, end), length("slot"));
            if let Some(reminder) = one.time("bookingReminderAt") {
                assert_eq!(after(reminder, length("reminder")), start);
            }
            assert!(one.time("createdAt") <= Some(start), "{:#}", one.body);
            if one.field("label") != "" {
                assert!(one.at >= start, "active before its slot: {:#}", one.body);
            }
        }
        seen.iter().filter(|one| one.slot().is_some()).count()
    });
}

#[test]
fn check_out_comes_by_itself_when_it_is_set_to_and_not_sooner() {
    for_any_walk(1, |seen, settings, profile| {
        for one in seen.iter().filter(|one| one.action == "check-out-by-itself") {
            let wait = settings.duration("auto_checkout").expect("it is off");
            let fulfilled = one.time("fulfilledAt").expect("it was checked in");
            let due = after(fulfilled, wait);
            assert_eq!(due, one.at, "{:#}", one.body);
            if !profile.unordered {
                assert_eq!(
                    one.time("completedAt").map(|time| between(due, time)),
                    Some(Duration::ZERO)
                );
            }
        }
        seen.iter().filter(|one| one.action == "check-out-by-itself").count()
    });
}

#[test]
fn statuses_and_names_are_those_of_the_account() {
    for_any_walk(2_000, |seen, settings, _| {
        for one in seen {
            assert_eq!(one.field("status").as_str(), Some(status(one.trigger)), "{}", one.trigger);
            assert_eq!(one.body["organization"].as_str(), Some(settings.text("organization")));
            let location = one.field("location");
            let name = location.get("locationName").unwrap_or(location);
            assert_eq!(name.as_str(), Some(settings.text("location")));
            if let Some(title) = location.get("organizationTitle") {
                assert_eq!(title.as_str(), Some(settings.text("organization_title")));
            }
            if let Some(code) = one.field("QRCodeCheckInPositionId").as_str() {
                let code: Json = serde_json::from_str(code).expect("JSON in a string");
                assert_eq!(&code["positionId"], one.field("id"));
            }
            assert!(one.action != "reset" || settings.text("reset_fires") != "nothing");
        }
        seen.len()
    });
}

#[test]
fn nobody_and_nothing_in_them_is_real() {
    for_any_walk(20_000, |seen, _, _| {
        let mut texts = Vec::new();
        seen.iter().for_each(|one| collect_texts(&one.body, &mut texts));
        let count = texts.len();
        for text in texts {
            // The form has a number as an example, with spaces.
            let number = text.starts_with('+') && !text.contains(' ');
            assert!(!number || fiction::is_reserved(text), "{}", text);
            for word in text.split_whitespace() {
                assert!(!word.contains('@') || word.ends_with("example.test"), "{}", text);
                assert!(
                    !word.contains("://") || word.starts_with("https://qr.example.test/"),
                    "{}",
                    text
                );
            }
        }
        count
    });
}

fn collect_texts<'a>(value: &'a Json, texts: &mut Vec<&'a str>) {
    match value {
        Json::String(text) => texts.push(text),
        Json::Array(list) => list.iter().for_each(|value| collect_texts(value, texts)),
        Json::Object(object) => object.values().for_each(|value| collect_texts(value, texts)),
        _ => {}
    }
}

/// The status that a webhook of this trigger shows (position model; webhook page v9).
fn status(trigger: &str) -> &'static str {
    match trigger {
        "positionCreated" | "bookingActivated" | "positionRetry" => "pending",
        "bookingConfirmation" | "bookingUpdated" => "draft",
        "positionCalled" => "notified",
        "positionFulfilled" => "fulfilled",
        "positionCompleted" | "feedbackReceived" => "completed",
        _ => "rejected",
    }
}

#[test]
fn what_the_vendor_knows_agrees_with_the_state() {
    let (vendor, catalogue) = ombori();
    let settings = settings::defaults(catalogue.settings);
    let mut walk = Walk::new(vendor, catalogue.default_profile(), settings, 5);
    for _ in 0..STEPS {
        walk.step();
        let subject = *walk.subjects.last().expect("the first step makes one");
        let truth = walk.sim.truth(walk.account, subject);
        assert_eq!(truth["status"], walk.sim.state(walk.account, subject));
        assert_eq!(truth["id"], walk.sim.subject(walk.account, subject).id);
    }
}

#[test]
fn a_day_at_the_store_has_the_shape_of_a_day() {
    let (vendor, catalogue) = ombori();
    let day: Vec<Seen> =
        traffic(vendor, catalogue.default_profile(), 8, 5000).iter().map(Seen::of).collect();
    let zone = TimeZone::get("Europe/Stockholm").expect("the default");
    let mut by_hour = [0; 24];
    for one in day.iter().filter(|one| one.trigger == "positionCreated") {
        by_hour[one.at.to_zoned(zone.clone()).hour().unsigned_abs() as usize] += 1;
    }
    let (open, closed): (Vec<_>, Vec<_>) =
        (9..20).chain(0..9).chain(20..24).zip(0..).partition(|(_, place)| *place < 11);
    assert!(open.iter().all(|(hour, _)| by_hour[*hour] > 0), "{by_hour:?}");
    assert!(closed.iter().all(|(hour, _)| by_hour[*hour] == 0), "{by_hour:?}");
    assert!(by_hour[17] > by_hour[9], "more people come after work: {by_hour:?}");
    let count = |trigger| day.iter().filter(|one| one.trigger == trigger).count();
    let profile = catalogue.default_profile().name;
    for trigger in catalogue.triggers.iter().filter(|trigger| trigger.profiles.contains(&profile)) {
        assert!(count(trigger.name) > 0, "nobody ever causes {}", trigger.name);
    }
    assert!(count("positionRetry") < count("positionCalled") / 4, "most guests come when called");
    assert!(count("feedbackReceived") < count("positionCompleted"), "only some give feedback");
}

/// How many webhooks a day's traffic with these arrivals sends from this moment until it ends.
fn until_it_ends(start: &str, arrivals: &str) -> usize {
    let (vendor, catalogue) = ombori();
    let account = settings::defaults(catalogue.settings);
    let given = [("arrivals", arrivals)];
    let population = Settings::check(catalogue.traffic, given).expect("it is declared so");
    let mut sim = Simulation::new(Chance::from_seed(1), start.parse().expect("a time"));
    let profile = catalogue.default_profile();
    let opening = Opening { name: "end".to_owned(), profile, settings: account.clone() };
    let index = sim.open(vendor, opening);
    sim.populate(index, &account, &population);
    let mut webhooks = Vec::new();
    while sim.step(&mut webhooks).is_some() {}
    webhooks.len()
}

#[test]
fn traffic_ends_with_time_itself() {
    let sent = until_it_ends("9999-12-30T20:00:00Z", &vec!["60"; 24].join(","));
    assert!((50..2000).contains(&sent), "{sent}");
    assert_eq!(until_it_ends("9999-12-30T22:00:00.999999999Z", &vec!["60"; 24].join(",")), 0);
}

#[test]
fn hardly_any_arrivals_are_none() {
    assert_eq!(until_it_ends("2031-03-04T08:00:00Z", &vec!["1e-18"; 24].join(",")), 0);
}

#[test]
fn a_slot_begins_after_the_said_time_or_at_the_next_whole_minute() {
    let (vendor, catalogue) = ombori();
    for (start, begins) in [
        ("2031-03-04T08:00:00Z", "2031-03-04T08:20:00Z"),
        ("2031-03-04T08:00:00.001Z", "2031-03-04T08:21:00Z"),
        ("2031-03-04T08:00:59Z", "2031-03-04T08:21:00Z"),
    ] {
        let mut sim = Simulation::new(Chance::from_seed(1), start.parse().expect("a time"));
        let (profile, settings) =
            (catalogue.default_profile(), settings::defaults(catalogue.settings));
        let account = sim.open(vendor, Opening { name: "slot".to_owned(), profile, settings });
        let said = phrase::read(catalogue, "Anna books a slot in 20 minutes").expect("a phrase");
        let mut webhooks = Vec::new();
        sim.say(account, &said, &mut webhooks).expect("it is legal");
        assert_eq!(Seen::of(&webhooks[0]).slot().map(|(start, _)| start), time(&begins.into()));
    }
}
