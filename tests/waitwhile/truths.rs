//! What a message says about itself, which tags a visit gets, what a location says of itself, and
//! what becomes of bookings that move to the waitlist by themselves.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use standin::clock::after;
use standin::model::Settings;

use crate::replay::{Seen, lives, text, time};
use crate::{common, for_any_run, waitwhile};

#[test]
fn a_message_comes_from_the_domain_that_it_names_and_costs_what_its_parts_cost() {
    for_any_run(1_500, |run| {
        let messages = run.seen.iter().filter(|one| one.trigger.starts_with("message."));
        let mut cases = 0;
        for message in messages.map(Seen::object) {
            let domain = text(&message["substitutions"], "sendingDomain");
            let segments = message["numSegments"].as_u64().expect("a number");
            let email = message["channel"] == "EMAIL";
            if email {
                assert!(text(message, "sender").ends_with(&format!("@{domain}")), "{message:#}");
                assert_eq!(segments, 1, "{message:#}");
            } else {
                assert!(text(message, "sender").starts_with("+1800555"), "{message:#}");
                // No coding takes more parts than this.
                let longest = text(message, "body").encode_utf16().count().div_ceil(67) as u64;
                assert!((1..=longest).contains(&segments), "{message:#}");
            }
            if run.profile.name == "2022" {
                let cost = if email { 0.00055 } else { (segments * 79) as f64 / 10_000.0 };
                assert_eq!(message["cost"], json!(cost), "{message:#}");
            }
            cases += 1;
        }
        cases
    });
}

/// The tags of PD's list.
const TAGS: [&str; 12] = [
    "NO-SHOW",
    "CANCELLED",
    "REMOVED",
    "ALERTED",
    "ARRIVED",
    "DELAYED",
    "CONFIRMED",
    "EXPIRED",
    "FLAGGED",
    "IMPORTED",
    "PRIORITIZED",
    "CAPACITY",
];

#[test]
fn every_tag_is_one_of_the_apis_list_and_says_how_the_visit_ended() {
    for_any_run(700, |run| {
        let of_the_export = run.settings.text("no_show_tag") == "NOSHOW";
        let mut cases = 0;
        for one in run.seen.iter().filter(|one| one.is_visit()) {
            let tags: Vec<&str> = one.object()["tags"]
                .as_array()
                .expect("a list")
                .iter()
                .map(|tag| tag.as_str().expect("a text"))
                .collect();
            for tag in &tags {
                let known = TAGS.contains(tag) && !(of_the_export && *tag == "NO-SHOW");
                assert!(known || (of_the_export && *tag == "NOSHOW"), "{tag}");
            }
            let ends = match one.action {
                "remove" => "REMOVED",
                "cancel" => "CANCELLED",
                "no_show" => run.settings.text("no_show_tag"),
                "expire" => "EXPIRED",
                _ => continue,
            };
            // The others in line only move up.
            if one.trigger == "visit.updated" && one.object()["state"] == "COMPLETE" {
                assert!(tags.contains(&ends), "{} {tags:?}", one.action);
                cases += 1;
            }
        }
        cases
    });
}

#[test]
fn a_location_closed_by_staff_stays_open_by_its_hours() {
    for_any_run(2_000, |run| {
        let statuses = run.seen.iter().filter(|one| one.trigger == "location-status.updated");
        let mut cases = 0;
        for status in statuses.map(Seen::object) {
            let closed = status["isForceClosed"].as_bool().expect("a flag");
            assert_eq!(status["isOpen"], true, "{status:#}");
            assert_eq!(status["isWaitlistOpen"], !closed, "{status:#}");
            assert_eq!(status["wait"] == -1, closed, "{status:#}");
            assert_eq!(status["naEstWaitReason"].is_null(), !closed, "{status:#}");
            cases += 1;
        }
        cases
    });
}

#[test]
fn a_waitlist_is_full_if_as_many_parties_wait_as_it_takes() {
    for_any_run(2_000, |run| {
        let limit = run.settings.integer("waitlist_limit");
        let statuses = run.seen.iter().filter(|one| one.trigger == "location-status.updated");
        let mut cases = 0;
        for status in statuses.map(Seen::object) {
            let waiting = status["numWaiting"].as_u64().expect("a number");
            let full = limit > 0 && waiting >= limit as u64;
            assert_eq!(status["isWaitlistFull"], full, "{status:#}");
            cases += 1;
        }
        cases
    });
}

#[test]
fn no_guest_joins_a_waitlist_that_is_full() {
    let (mut full, mut added) = (0, 0);
    for seed in 0..DAYS {
        let mut is_full = BTreeMap::new();
        for one in days(&[("waitlist_limit", "2")], seed) {
            let object = one.object();
            if one.trigger == "location-status.updated" {
                let now = object["isWaitlistFull"] == true;
                full += usize::from(now);
                is_full.insert(object["id"].to_string(), now);
            }
            let new = one.trigger == "visit.created";
            if new && is_full.get(&object["locationId"].to_string()) == Some(&true) {
                assert!(!["join", "return"].contains(&one.action), "{object:#}");
                added += usize::from(one.action == "add");
            }
        }
    }
    assert!(full >= 100 && added >= 5, "{full} full, {added} added by staff");
}

/// How many days with bookings that move to the waitlist by themselves are played.
const DAYS: u64 = 12;

/// Two days of default traffic at an account with these settings.
fn days(given: &[(&str, &str)], seed: u64) -> Vec<Seen> {
    let (vendor, catalogue) = waitwhile();
    let settings = Settings::check(catalogue.settings, given.iter().copied()).expect("known");
    let (mut sim, account) =
        common::open(vendor, catalogue.default_profile(), settings.clone(), seed);
    sim.populate(account, &settings, &common::settings::defaults(catalogue.traffic));
    let mut webhooks = Vec::new();
    let end = after(sim.now(), std::time::Duration::from_secs(48 * 3600));
    sim.advance(end, &mut webhooks);
    webhooks.iter().map(Seen::of).collect()
}

#[test]
fn a_booking_that_moves_to_the_waitlist_by_itself_is_served_there() {
    let (mut synced, mut served, mut expired, mut longest) = (0, 0, 0, 0);
    let (mut waits, mut wrong) = (0, 0);
    for seed in 0..DAYS {
        let sync = ["15m", "45m", "3h"][seed as usize % 3];
        let seen = days(&[("waitlist_sync", sync), ("expires_after", "2h")], seed);
        let end = seen.last().expect("a day has webhooks").at;
        for life in lives(&seen, "visit.") {
            let moved = life.iter().find(|one| {
                one.before().is_some_and(|before| before["state"] == "BOOKED")
                    && one.object()["state"] == "WAITING"
            });
            // Guests come at about the time of the slot. Who comes last may still wait.
            let Some(moved) = moved else { continue };
            if end.duration_since(moved.at).as_hours() < 6 {
                continue;
            }
            let tagged = |tag: &str| {
                let tags = life.last().and_then(|one| one.object()["tags"].as_array());
                tags.is_some_and(|tags| tags.iter().any(|one| one == tag))
            };
            synced += 1;
            served += u32::from(life.iter().any(|one| one.object()["state"] == "SERVING"));
            expired += u32::from(tagged("EXPIRED"));
            let last = life.last().expect("it has one").object();
            assert_eq!(last["state"], "COMPLETE", "seed {seed}: {last:#}");
        }
        let waiting = seen.iter().filter_map(|one| one.object()["numWaiting"].as_u64());
        longest = longest.max(waiting.max().unwrap_or_default());
        for visit in seen.iter().filter(|one| one.is_visit()).map(Seen::object) {
            let told = visit["originalEstWaitDuration"].as_u64();
            let Some((told, waited)) = told.zip(visit["waitDuration"].as_u64()) else { continue };
            waits += 1;
            wrong += u32::from(told > waited + 3600);
        }
    }
    assert!(synced > 300, "only {synced} cases");
    assert!(f64::from(served) > 0.85 * f64::from(synced), "{served} of {synced} were served");
    assert!(f64::from(expired) < 0.02 * f64::from(synced), "{expired} of {synced} expired");
    assert!(longest < 60, "{longest} waited");
    assert!(waits > 2_000 && wrong * 50 < waits, "{wrong} of {waits} were told an hour too much");
}

#[test]
fn a_booking_on_the_waitlist_does_not_expire_before_its_slot() {
    let mut expired = 0;
    for seed in 0..DAYS {
        let seen = days(&[("waitlist_sync", "4h"), ("expires_after", "10m")], seed);
        let mut told = BTreeSet::new();
        for one in seen.iter().filter(|one| one.is_visit() && one.action == "expire") {
            let visit = one.object();
            if visit["date"].is_null() || visit["state"] != "COMPLETE" {
                continue;
            }
            let date: jiff::civil::DateTime = text(visit, "date").parse().expect("a local time");
            let start = date.in_tz("America/New_York").expect("a time").timestamp();
            let ended = time(visit, "completedTime").expect("it is over");
            assert!(ended.duration_since(start).as_mins() >= 10, "seed {seed}: {visit:#}");
            told.insert(one.id());
        }
        expired += told.len();
    }
    assert!(expired > 20, "only {expired} cases");
}
