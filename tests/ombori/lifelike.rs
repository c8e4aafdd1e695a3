//! What a reader of an account would stumble over: content guests after long waits, the same staff in
//! every store, calls that do not say where to go.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value as Json;
use standin::clock::between;
use standin::model::Settings;

use crate::common::{settings, traffic_of};
use crate::{Seen, ombori};

/// How many seeds are tried, and how many webhooks of each.
const SEEDS: u64 = 10;
const WEBHOOKS: usize = 12_000;

fn run(given: &[(&str, &str)], seed: u64, webhooks: usize) -> Vec<Seen> {
    let (vendor, catalogue) = ombori();
    let settings = Settings::check(catalogue.settings, given.iter().copied()).expect("known");
    let profile = catalogue.default_profile();
    traffic_of(vendor, profile, (settings, seed), webhooks).iter().map(Seen::of).collect()
}

#[test]
fn who_waits_longer_gives_a_lower_rating_and_says_so() {
    const LONG: Duration = Duration::from_secs(12 * 60);
    const SHORT: Duration = Duration::from_secs(3 * 60);
    let mut ratings = BTreeMap::<&str, Vec<u64>>::new();
    let (mut of_waits, mut quick) = (0, 0);
    for one in (0..SEEDS).flat_map(|seed| run(&[], seed, WEBHOOKS)) {
        if one.trigger != "feedbackReceived" {
            continue;
        }
        let time = |value: &Json| value.as_str()?.parse::<Timestamp>().ok();
        // The guest of a booking waits from the beginning of its slot.
        let start = time(&one.field("booking")["start"]);
        let since = start.or_else(|| one.time("createdAt")).expect("it was created");
        let waited = between(since, one.time("fulfilledAt").expect("it was served"));
        let wait = match waited {
            _ if waited < SHORT => "short",
            _ if waited < LONG => "usual",
            _ => "long",
        };
        let feedback = one.field("feedback");
        ratings.entry(wait).or_default().push(feedback["rating"].as_u64().expect("a rating"));
        let message = feedback["message"].as_str().expect("a text");
        if ["Waited far too long", "Alldeles för lång väntan"].contains(&message) {
            assert_eq!(wait, "long", "{message}, after {waited:?}");
            of_waits += 1;
        }
        if ["No wait at all", "Ingen väntan alls"].contains(&message) {
            assert_eq!(wait, "short", "{message}, after {waited:?}");
            quick += 1;
        }
    }
    let mean = |wait| {
        let of_wait = &ratings[wait];
        assert!(of_wait.len() > 100, "{wait}: only {}", of_wait.len());
        of_wait.iter().sum::<u64>() as f64 / of_wait.len() as f64
    };
    let [short, usual, long] = ["short", "usual", "long"].map(mean);
    assert!(short > usual + 0.2 && usual > long + 0.5, "{short}, {usual}, {long}");
    assert!(of_waits > 10 && quick > 10, "{of_waits}, {quick}");
}

#[test]
fn stores_have_other_staff_with_names_of_their_country() {
    let mut cases = 0;
    for seed in 0..SEEDS {
        let staff = |organization: &str, zone: &str| -> BTreeSet<String> {
            let given = [("organization", organization), ("time_zone", zone)];
            let seen = run(&given, seed, 400);
            let names = seen.iter().filter_map(|one| one.field("servedBy")["displayName"].as_str());
            names.map(str::to_owned).collect()
        };
        let stores = [
            staff("demo-retail", "Europe/Stockholm"),
            staff("north-bikes", "Europe/Stockholm"),
            staff("tea-house", "Asia/Tokyo"),
        ];
        for (store, names) in stores.iter().enumerate() {
            assert!(names.len() > 3, "{names:?}");
            for name in names {
                let japanese = name.chars().any(|it| ('\u{3040}'..'\u{a000}').contains(&it));
                assert_eq!(japanese, store == 2, "{name}");
                cases += 1;
            }
        }
        assert_ne!(stores[0], stores[1]);
    }
    assert!(cases > 100, "only {cases} cases");
}

#[test]
fn a_call_says_which_desk() {
    let (vendor, catalogue) = ombori();
    let mut cases = 0;
    for profile in catalogue.profiles {
        let given = settings::defaults(catalogue.settings);
        let webhooks = traffic_of(vendor, profile, (given, 1), 2_000);
        for one in webhooks.iter().map(Seen::of).filter(|one| one.trigger == "positionCalled") {
            let text = one.body["message"].as_str().expect("a text");
            let label = one.field("label").as_str().expect("a label");
            assert!(text.starts_with(label), "{text}");
            let desk = one.field("station")["label"].as_str();
            let named = |desk: &str| text.trim_end_matches('.').ends_with(&format!(" {desk}"));
            assert!(desk.is_none_or(named), "{text}: {desk:?}");
            cases += u32::from(desk.is_some());
        }
    }
    assert!(cases > 300, "only {cases} cases");
}
