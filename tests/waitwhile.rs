//! Rules for Waitwhile's webhooks beyond those for every vendor: lines without gaps, each `before`
//! equal to the last `after`, consistent times and ids, and capacities.
//!
//! Each claim is checked against long random walks with any settings in both profiles, and against
//! a long period of the default traffic.

mod common;
#[path = "common/fiction.rs"]
mod fiction;

#[path = "waitwhile/assertions.rs"]
mod assertions;
#[path = "waitwhile/people.rs"]
mod people;
#[path = "waitwhile/replay.rs"]
mod replay;
#[path = "waitwhile/stories.rs"]
mod stories;
#[path = "waitwhile/truths.rs"]
mod truths;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use common::settings;
use common::walk::Walk;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use replay::{Seen, lives, replay, text, time};
use serde_json::Value as Json;
use standin::chance::Chance;
use standin::model::{Catalogue, Profile, Settings};
use standin::vendors::{Vendor, registry};

/// What another program made, from a file of fixtures.
fn vectors(file: &str) -> Vec<Json> {
    let path = format!("{}/fixtures/waitwhile/{file}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).expect("vectors")).expect("a list")
}

/// How many random walks there are, and how long each is.
const WALKS: u64 = 24;
const STEPS: usize = 500;
/// How many webhooks of the default traffic are checked.
const OF_TRAFFIC: usize = 12_000;

fn waitwhile() -> (&'static dyn Vendor, &'static Catalogue) {
    let vendor = registry::shipped().find("waitwhile").expect("it is registered");
    (vendor, vendor.catalogue())
}

/// A run that claims are checked against.
struct Run {
    seen: Vec<Seen>,
    settings: Settings,
    profile: &'static Profile,
}

/// Checks a claim against walks with any settings in any profile, and against the default traffic.
/// All claims use the same runs, which are made once. A claim returns how many cases it checked.
/// All runs together must have `at_least` cases.
fn for_any_run(at_least: usize, holds: impl Fn(&Run) -> usize) {
    static RUNS: LazyLock<Vec<Run>> =
        LazyLock::new(|| std::iter::once(traffic()).chain((0..WALKS).map(walk)).collect());
    let cases: usize = RUNS.iter().map(holds).sum();
    assert!(cases >= at_least, "only {cases} cases");
}

fn traffic() -> Run {
    let (vendor, catalogue) = waitwhile();
    let profile = catalogue.default_profile();
    let webhooks = common::traffic(vendor, profile, 5, OF_TRAFFIC);
    let settings = settings::defaults(catalogue.settings);
    Run { seen: webhooks.iter().map(Seen::of).collect(), settings, profile }
}

fn walk(seed: u64) -> Run {
    let (vendor, catalogue) = waitwhile();
    let mut chance = Chance::from_seed(seed);
    let profile = chance.pick(catalogue.profiles);
    let settings = settings::any(catalogue.settings, &mut chance);
    let mut walk = Walk::new(vendor, profile, settings.clone(), seed);
    walk.go(STEPS);
    let seen: Vec<Seen> = walk.webhooks.iter().map(Seen::of).collect();
    assert!(seen.len() > STEPS / 4, "walk {seed}: only {} webhooks", seen.len());
    Run { seen, settings, profile }
}

#[test]
fn positions_in_a_line_are_one_to_n_without_gaps() {
    for_any_run(6_000, |run| {
        let mut cases = 0;
        replay(&run.seen, |known, moment| {
            for place in known.places() {
                let waiting = known.at(place, &["WAITING"]);
                cases += usize::from(waiting.len() > 1);
                let mut positions: Vec<_> =
                    waiting.iter().map(|visit| visit["position"].as_u64()).collect();
                positions.sort_unstable();
                let wanted: Vec<_> = (1..=waiting.len() as u64).map(Some).collect();
                assert_eq!(positions, wanted, "after {} at {}", moment[0].action, moment[0].at);
            }
        });
        cases
    });
}

#[test]
fn before_is_the_last_after() {
    for_any_run(8_000, |run| {
        let mut cases = 0;
        for kind in ["visit.", "message.", "location-status."] {
            for life in lives(&run.seen, kind) {
                for pair in life.windows(2) {
                    let Some(before) = pair[1].before() else { continue };
                    cases += 1;
                    let told = pair[0].object();
                    if pair[0].trigger == "visit.created" {
                        same_visit(told, before);
                    } else {
                        assert_eq!(told, before, "{} by {}", pair[1].trigger, pair[1].action);
                    }
                }
            }
        }
        cases
    });
}

/// A created visit and the same visit in an update differ in some keys, as in the examples.
fn same_visit(created: &Json, before: &Json) {
    let created = created.as_object().expect("a visit");
    let before = before.as_object().expect("a visit");
    for (key, value) in created {
        match key.as_str() {
            "phone" | "prevEstWaitDuration" => assert!(!before.contains_key(key)),
            "ngrams" => assert_eq!(*value, Json::Array(Vec::new())),
            "waitlistTime" if value.is_null() => assert!(!before.contains_key(key)),
            _ => assert_eq!(Some(value), before.get(key), "{key}"),
        }
    }
    assert!(before.keys().all(|key| created.contains_key(key)));
}

#[test]
fn a_deleted_visit_is_told_as_it_was() {
    for_any_run(500, |run| {
        let mut cases = 0;
        for life in lives(&run.seen, "visit.") {
            let ended = life.iter().position(|one| one.trigger == "visit.removed");
            let Some(ended) = ended else { continue };
            assert_eq!(ended, life.len() - 1, "nothing comes after the removal");
            let Some(last) = life[..ended].last() else { continue };
            cases += 1;
            let (last, snapshot) = (last.object(), life[ended].object());
            for key in ["state", "updated", "position", "tags", "partySize", "serveTime", "date"] {
                assert_eq!(last[key], snapshot[key], "{key}");
            }
        }
        cases
    });
}

#[test]
fn a_visit_is_created_once_and_first() {
    for_any_run(1_000, |run| {
        for life in lives(&run.seen, "visit.") {
            let created = life.iter().filter(|one| one.trigger == "visit.created").count();
            assert_eq!((created, life[0].trigger), (1, "visit.created"), "{}", life[0].id());
        }
        lives(&run.seen, "visit.").len()
    });
}

#[test]
fn updated_never_moves_backwards_and_tells_the_later_of_two() {
    for_any_run(8_000, |run| {
        let mut cases = 0;
        for kind in ["visit.", "message.", "location-status."] {
            for life in lives(&run.seen, kind) {
                for one in life.iter().filter(|one| one.before().is_some()) {
                    cases += 1;
                    let earlier = time(one.before().expect("checked"), "updated");
                    let later = time(one.object(), "updated");
                    assert!(earlier < later, "{} by {}: {later:?}", one.trigger, one.action);
                    assert!(later <= time(&one.body, "created"), "made before it happened");
                }
            }
        }
        cases
    });
}

#[test]
fn what_was_first_never_changes() {
    for_any_run(9_000, |run| {
        let mut cases = 0;
        for life in lives(&run.seen, "visit.") {
            for key in [
                "created",
                "createdBy",
                "customerId",
                "locationId",
                "ticket",
                "numVisits",
                "originalPosition",
                "originalEstWaitDuration",
                "waitlistTime",
                "bookingTime",
            ] {
                let values: BTreeSet<String> = life
                    .iter()
                    .map(|one| &one.object()[key])
                    .filter(|value| !value.is_null())
                    .map(Json::to_string)
                    .collect();
                cases += usize::from(life.len() > 1 && !values.is_empty());
                assert!(values.len() < 2, "{key}: {values:?}");
            }
        }
        cases
    });
}

#[test]
fn the_wait_is_the_time_from_the_waitlist_to_the_desk_in_whole_seconds() {
    for_any_run(600, |run| {
        let mut cases = 0;
        for one in run.seen.iter().filter(|one| one.is_visit()) {
            let visit = one.object();
            let waited = time(visit, "waitlistTime").zip(time(visit, "serveTime"));
            let seconds = waited.map(|(from, to)| to.duration_since(from).as_secs());
            cases += usize::from(seconds.is_some());
            assert_eq!(visit["waitDuration"].as_i64(), seconds, "{visit:#}");
        }
        cases
    });
}

#[test]
fn ids_have_the_documented_form() {
    let form = |id: &str, length| {
        assert!(id.len() == length && id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{id}");
    };
    for_any_run(10_000, |run| {
        for one in &run.seen {
            form(text(&one.body, "id"), 20);
            form(text(&one.body, "accountId"), 20);
            form(one.id(), 20);
            let object = one.object();
            for (key, length) in [
                ("locationId", 20),
                ("visitId", 20),
                ("customerId", 22),
                ("createdBy", 28),
                ("updatedBy", 28),
            ] {
                if let Some(id) = object[key].as_str() {
                    form(id, length);
                }
            }
            for key in ["resourceIds", "serviceIds"] {
                let ids = object[key].as_array().into_iter().flatten();
                ids.for_each(|id| form(id.as_str().expect("an id"), 20));
            }
            if one.is_visit() {
                form(text(object, "publicId"), 6);
                assert!(one.id().starts_with(text(object, "publicId")));
            }
        }
        run.seen.len()
    });
}

#[test]
fn envelope_ids_are_unique_and_in_the_order_of_time() {
    for_any_run(10_000, |run| {
        for pair in run.seen.windows(2) {
            assert!(text(&pair[0].body, "id") < text(&pair[1].body, "id"));
            assert!(time(&pair[0].body, "created") <= time(&pair[1].body, "created"));
        }
        for one in &run.seen {
            let later = time(&one.body, "created").map(|at| at.duration_since(one.at).as_millis());
            assert!(later >= Some(285), "{later:?} ms after it happened");
        }
        run.seen.len()
    });
}

#[test]
fn no_resource_takes_more_than_it_can() {
    for_any_run(60_000, |run| {
        let mut cases = 0;
        let capacity = run.settings.integer("resource_capacity") as usize;
        let zone = TimeZone::get(run.settings.text("time_zone")).expect("a zone");
        replay(&run.seen, |known, _| {
            for place in known.places() {
                let serving = of("resourceIds", &known.at(place, &["SERVING"]));
                assert!(serving.values().all(|visits| visits.len() <= capacity));
                // A setting can keep the expiry of a hold silent.
                let holds = run.settings.text("hold_expiry_fires") != "nothing";
                let states = ["DRAFT", "BOOKED", if holds { "PENDING" } else { "BOOKED" }];
                let booked = known.at(place, &states);
                cases += booked.len();
                let named = booked
                    .iter()
                    .all(|one| one["resourceIds"].as_array().is_some_and(|ids| ids.len() == 1));
                assert!(named, "a booking without a resource: {booked:#?}");
                let at_most = run.settings.integer("service_capacity") as usize;
                never_more(of("serviceIds", &booked), at_most, &zone);
                never_more(of("resourceIds", &booked), capacity, &zone);
            }
        });
        cases
    });
}

/// The visits by each of the ids in a key.
fn of<'a>(key: &str, visits: &[&'a Json]) -> BTreeMap<&'a str, Vec<&'a Json>> {
    let mut taken: BTreeMap<&str, Vec<&Json>> = BTreeMap::new();
    for visit in visits {
        let ids = visit[key].as_array().into_iter().flatten();
        ids.for_each(|id| taken.entry(id.as_str().expect("an id")).or_default().push(visit));
    }
    taken
}

/// Checks that at most this many bookings take the same thing at the same time.
fn never_more(taken: BTreeMap<&str, Vec<&Json>>, at_most: usize, zone: &TimeZone) {
    for bookings in taken.values() {
        let slots: Vec<_> = bookings.iter().map(|one| slot(one, zone)).collect();
        for (start, _) in &slots {
            let at_once = slots.iter().filter(|(from, to)| from <= start && start < to);
            assert!(at_once.count() <= at_most, "{bookings:#?}");
        }
    }
}

/// The beginning and the end of a booking. In these runs no night has an hour twice.
fn slot(visit: &Json, zone: &TimeZone) -> (Timestamp, Timestamp) {
    let date: DateTime = text(visit, "date").parse().expect("a local time");
    let start = date.to_zoned(zone.clone()).expect("a time").timestamp();
    let seconds = visit["duration"].as_i64().expect("seconds");
    (start, start + jiff::SignedDuration::from_secs(seconds))
}

#[test]
fn every_body_validates_against_its_schema() {
    let (vendor, catalogue) = waitwhile();
    let mut schemas = BTreeMap::new();
    for profile in catalogue.profiles {
        for trigger in catalogue.triggers {
            let schema = vendor.schema(profile, trigger.name).expect("both profiles have it");
            let validator = jsonschema::validator_for(&schema).expect("a schema");
            schemas.insert((profile.name, trigger.name), validator);
        }
    }
    for_any_run(10_000, |run| {
        for one in &run.seen {
            let schema = &schemas[&(run.profile.name, one.trigger)];
            let wrong: Vec<_> = schema.iter_errors(&one.body).map(|e| e.to_string()).collect();
            assert!(wrong.is_empty(), "{} by {}: {wrong:?}", one.trigger, one.action);
        }
        run.seen.len()
    });
}

#[test]
fn whoever_is_served_is_first_and_has_no_estimate_any_more() {
    for_any_run(300, |run| {
        let mut cases = 0;
        let served = |one: &&Seen| one.is_visit() && one.object()["state"] == "SERVING";
        for one in run.seen.iter().filter(served) {
            let (visit, before) = (one.object(), one.before());
            assert_eq!(visit.get("estWaitDuration"), None);
            let waited = visit.get("waitlistTime").is_some_and(|time| !time.is_null());
            assert_eq!(visit["position"].as_u64(), waited.then_some(1));
            let Some(before) = before.filter(|before| before["state"] == "WAITING") else {
                continue;
            };
            cases += 1;
            assert_eq!(visit["lastWaitingPosition"], before["position"], "its last place is kept");
            assert_eq!(visit["serveTime"], visit["updated"]);
        }
        cases
    });
}

/// The number of service times from which a wait is estimated.
const REMEMBERED: usize = 12;

#[test]
fn an_estimate_is_the_place_in_line_times_the_last_service_times() {
    for_any_run(2_000, |run| {
        let mut cases = 0;
        let usual = run.settings.duration("service_time").unwrap_or_default().as_secs();
        let desks = run.settings.list("resources").len() as u64
            * run.settings.integer("resource_capacity").unsigned_abs();
        let mut served: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
        for one in run.seen.iter().filter(|one| one.is_visit()) {
            let visit = one.object();
            let recent = served.entry(text(visit, "locationId")).or_insert_with(|| vec![usual]);
            if one.action.starts_with("complete") && visit["state"] == "COMPLETE" {
                let times = time(visit, "serveTime").zip(time(visit, "completedTime"));
                let (from, to) = times.expect("it was served and completed");
                // A service time of zero is ignored.
                let seconds = to.duration_since(from).as_secs().unsigned_abs();
                recent.extend((seconds > 0).then_some(seconds));
            }
            // The estimate that a webhook has shown stays until the position changes.
            let old = |key| one.before().is_some_and(|before| before[key] == visit[key]);
            let told =
                one.trigger == "visit.removed" || (old("position") && old("estWaitDuration"));
            if visit["state"] != "WAITING" || told {
                continue;
            }
            cases += 1;
            let last: Vec<u64> = recent.iter().rev().take(REMEMBERED).copied().collect();
            let position = visit["position"].as_u64().expect("who waits has one");
            let formula = position * last.iter().sum::<u64>() / (last.len() as u64 * desks);
            let was = |key: &str| one.before().and_then(|before| before[key].as_u64());
            // A guest who moves ahead never gets a longer estimate.
            let wanted = match was("position").zip(was("estWaitDuration")) {
                Some((before, told)) if position < before => formula.min(told),
                Some((before, told)) if position > before => formula.max(told),
                _ => formula,
            };
            assert_eq!(
                visit["estWaitDuration"], wanted,
                "at {position} after {last:?} by {} {}",
                one.action, one.trigger
            );
        }
        cases
    });
}

#[test]
fn the_counters_of_a_location_are_those_of_its_visits() {
    for_any_run(9_000, |run| {
        let mut cases = 0;
        replay(&run.seen, |known, moment| {
            for (id, status) in &known.locations {
                // The last status must still be right, however old it is.
                let (waiting, serving) = (known.at(id, &["WAITING"]), known.at(id, &["SERVING"]));
                let guests = |visits: &[&Json]| -> u64 {
                    visits.iter().filter_map(|visit| visit["partySize"].as_u64()).sum()
                };
                cases += usize::from(!waiting.is_empty());
                for (counter, counted) in [
                    ("numWaiting", waiting.len() as u64),
                    ("numWaitingGuests", guests(&waiting)),
                    ("numServing", serving.len() as u64),
                    ("numServingGuests", guests(&serving)),
                ] {
                    assert_eq!(
                        status[counter].as_u64(),
                        Some(counted),
                        "{counter} {}",
                        moment[0].action
                    );
                }
            }
        });
        cases
    });
}

#[test]
fn a_message_is_pending_first_and_comes_to_one_end() {
    for_any_run(1_000, |run| {
        let mut cases = 0;
        let failed = run.settings.text("failed_state");
        for life in lives(&run.seen, "message.") {
            let states: Vec<_> = life.iter().map(|one| text(one.object(), "state")).collect();
            assert_eq!(states[0], "PENDING");
            assert!(states.len() <= 2, "{states:?}");
            cases += usize::from(states.len() == 2);
            if let Some(end) = states.get(1) {
                assert!(["DELIVERED", failed].contains(end), "{states:?}");
            }
            let recipient = text(life[0].object(), "recipient");
            let number = fiction::is_reserved(recipient);
            let right = match text(life[0].object(), "channel") {
                "SMS" => number,
                _ => recipient.ends_with("@example.test"),
            };
            assert!(right, "{recipient}");
        }
        cases
    });
}
