//! The table of what a vendor documents says what is so: each trigger and each state has a row, and
//! so has each documented key. What is played is seen, and what is left out is not.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use standin::model::{Catalogue, Fact, Play, Profile, Seen, Settings, Webhook};
use standin::vendors::Vendor;

use crate::common::settings;
use crate::common::walk::Walk;
use crate::{common, for_any_vendor, vendors};

/// How many webhooks of default traffic are looked through, in each profile.
const OF_TRAFFIC: usize = 20_000;
/// How many random walks are looked through for what is left out, and how long each is.
const WALKS: u64 = 12;
const STEPS: usize = 300;

/// The documented keys, transcribed by hand from the pages, with the kind of their object.
const KEYS: &[(&str, &str, &str)] = &[
    ("ombori", "", include_str!("../schemas/ombori.txt")),
    ("waitwhile", "", include_str!("../schemas/waitwhile.txt")),
    ("doo", "event.", include_str!("../../fixtures/doo/fields/event.txt")),
    ("doo", "order.", include_str!("../../fixtures/doo/fields/order.txt")),
];
const KEYS_AT_LEAST: usize = 300;

#[test]
fn each_trigger_and_each_state_has_one_row() {
    for_any_vendor(10, |_, catalogue| {
        let mut declared: Vec<String> = Vec::new();
        declared.extend(catalogue.triggers.iter().map(|trigger| trigger.name.to_owned()));
        for subject in catalogue.subjects {
            declared.extend(subject.states.iter().map(|it| format!("{} {it}", subject.kind)));
        }
        let mut rows: Vec<String> = Vec::new();
        for fact in catalogue.facts {
            match fact.seen {
                Seen::Triggers(names) => rows.extend(names.iter().map(|it| (*it).to_owned())),
                Seen::States(kind, states) => {
                    rows.extend(states.iter().map(|it| format!("{kind} {it}")));
                }
                Seen::Key(_) | Seen::Values(..) | Seen::Actions(_) | Seen::Nowhere => {}
            }
        }
        declared.sort_unstable();
        rows.sort_unstable();
        assert_eq!(rows, declared, "{}", catalogue.vendor);
        rows.len()
    });
}

#[test]
fn rows_refer_to_what_the_catalogue_has() {
    for_any_vendor(10, |_, catalogue| {
        for fact in catalogue.facts {
            let what = format!("{}: {}", catalogue.vendor, fact.about);
            if let Seen::Actions(calls) = fact.seen {
                let known = |call| catalogue.actions.iter().any(|action| action.call == call);
                assert!(calls.iter().all(|call| known(*call)), "{what}");
            }
            match fact.play {
                Play::Setting(name) => {
                    assert!(catalogue.settings.iter().any(|it| it.name == name), "{what}: {name}");
                }
                Play::Profile(name) => {
                    let profile = catalogue.profiles.iter().find(|it| it.name == name);
                    assert!(profile.is_some_and(|it| !it.default), "{what}: {name}");
                }
                Play::ByDefault | Play::Login(_) | Play::Api | Play::LeftOut(_) => {}
            }
            assert!(!fact.source.is_empty() && !fact.about.is_empty(), "{what}");
        }
        let about: BTreeSet<&str> = catalogue.facts.iter().map(|fact| fact.about).collect();
        assert_eq!(about.len(), catalogue.facts.len(), "{}", catalogue.vendor);
        about.len()
    });
}

/// The row of a key is its own, or that of the nearest key above it.
#[test]
fn each_documented_key_has_a_row_that_says_whether_it_is_played() {
    let mut keys = 0;
    for (vendor, kind, table) in KEYS {
        let found = vendors().find(|(_, catalogue)| catalogue.vendor == *vendor);
        let (_, catalogue) = found.expect("it is registered");
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let key = line.split(['|', ' ']).next().unwrap_or_default();
            let key = format!("{kind}{key}");
            let left_out = line.split('|').any(|cell| cell.trim() == "left-out");
            let row = row_of(catalogue, &key);
            let row = row.unwrap_or_else(|| panic!("{vendor}: {key} has no row"));
            let shown = !matches!(row.play, Play::LeftOut(_) | Play::Api);
            let through_the_api = matches!(row.play, Play::Api) && !left_out;
            assert!(shown != left_out || through_the_api, "{vendor}: {key}: {:?}", row.play);
            keys += 1;
        }
    }
    assert!(keys >= KEYS_AT_LEAST, "only {keys} keys");
}

fn row_of(catalogue: &'static Catalogue, key: &str) -> Option<&'static Fact> {
    let covers = |fact: &&Fact| match fact.seen {
        Seen::Key(path) => {
            let rest = key.strip_prefix(path);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
                || (!path.contains('.') && key.starts_with(&format!("{path}.")))
        }
        _ => false,
    };
    let length = |fact: &&Fact| match fact.seen {
        Seen::Key(path) => path.len(),
        _ => 0,
    };
    catalogue.facts.iter().filter(covers).max_by_key(length)
}

#[test]
fn default_traffic_shows_what_is_played() {
    for_any_vendor(10, |vendor, catalogue| {
        let mut cases = 0;
        for profile in catalogue.profiles {
            let of_profile = |play: Play| match play {
                Play::ByDefault => profile.default,
                Play::Profile(name) => profile.name == name,
                Play::Setting(_) | Play::Login(_) | Play::Api | Play::LeftOut(_) => false,
            };
            let facts: Vec<&Fact> =
                catalogue.facts.iter().filter(|fact| of_profile(fact.play)).collect();
            if facts.is_empty() {
                continue;
            }
            let webhooks = common::traffic(vendor, profile, 1, OF_TRAFFIC);
            let seen = Found::of(catalogue, &webhooks);
            for fact in facts {
                for what in parts(fact) {
                    assert!(seen.has(&what), "{} in {}: {what:?}", catalogue.vendor, profile.name);
                    cases += 1;
                }
            }
        }
        cases
    });
}

/// With any settings, too.
#[test]
fn what_is_left_out_is_never_seen() {
    for_any_vendor(1, |vendor, catalogue| {
        let left: Vec<&Fact> =
            catalogue.facts.iter().filter(|fact| fact.left_out().is_some()).collect();
        for profile in catalogue.profiles {
            for seed in 0..WALKS {
                let webhooks = walk(vendor, catalogue, profile, seed);
                let seen = Found::of(catalogue, &webhooks);
                for what in left.iter().flat_map(|fact| parts(fact)) {
                    assert!(!seen.has(&what), "{} in {}: {what:?}", catalogue.vendor, profile.name);
                }
            }
        }
        left.len()
    });
}

fn walk(
    vendor: &'static dyn Vendor,
    catalogue: &'static Catalogue,
    profile: &'static Profile,
    seed: u64,
) -> Vec<Webhook> {
    let mut chance = standin::chance::Chance::from_seed(seed);
    let settings: Settings = settings::any(catalogue.settings, &mut chance);
    let mut walk = Walk::new(vendor, profile, settings, seed);
    walk.go(STEPS);
    walk.webhooks
}

/// What a row says is seen: keys, and values of keys.
fn parts(fact: &Fact) -> Vec<(String, Option<String>)> {
    match fact.seen {
        Seen::Key(path) => vec![(path.to_owned(), None)],
        Seen::Values(path, values) => {
            values.iter().map(|value| (path.to_owned(), Some((*value).to_owned()))).collect()
        }
        Seen::Triggers(_) | Seen::States(..) | Seen::Actions(_) | Seen::Nowhere => Vec::new(),
    }
}

/// The keys and values that a table names and that were found in bodies.
struct Found(BTreeSet<(String, Option<String>)>);

impl Found {
    fn of(catalogue: &'static Catalogue, webhooks: &[Webhook]) -> Self {
        let paths: BTreeSet<String> =
            catalogue.facts.iter().flat_map(parts).map(|(path, _)| path).collect();
        let mut found = BTreeSet::new();
        for webhook in webhooks {
            let body: Json = serde_json::from_slice(&webhook.body).expect("a body is JSON");
            for path in &paths {
                for value in values(&body, webhook, path) {
                    found.insert((path.clone(), None));
                    found.extend(value.as_str().map(|it| (path.clone(), Some(it.to_owned()))));
                }
            }
        }
        Self(found)
    }

    fn has(&self, what: &(String, Option<String>)) -> bool {
        self.0.contains(what)
    }
}

/// The values at a path: from the root of a body, or from the subject if the path begins with its
/// kind.
fn values<'a>(body: &'a Json, webhook: &Webhook, path: &str) -> Vec<&'a Json> {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let kind = webhook.subject.kind;
    // The webhooks about a location have its status.
    let kind = if kind == "location" { "location-status" } else { kind };
    if first != kind {
        return at(body, path);
    }
    let objects: Vec<&Json> =
        ["data", "before", "after"].iter().filter_map(|key| body.get(*key)).collect();
    let objects = if objects.is_empty() { vec![body] } else { objects };
    objects.into_iter().flat_map(|object| at(object, rest)).collect()
}

fn at<'a>(value: &'a Json, path: &str) -> Vec<&'a Json> {
    if path.is_empty() {
        return vec![value];
    }
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    match first.strip_suffix("[]") {
        Some(key) => {
            let items = value.get(key).and_then(Json::as_array).into_iter().flatten();
            items.flat_map(|item| at(item, rest)).collect()
        }
        None => value.get(first).into_iter().flat_map(|value| at(value, rest)).collect(),
    }
}
