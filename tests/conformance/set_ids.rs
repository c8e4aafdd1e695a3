//! Ids that the user sets for what an account has from the start.

use std::collections::{BTreeMap, BTreeSet};

use standin::model::{Profile, SET_IDS, Settings, Webhook};
use standin::vendors::Vendor;

use crate::all_ids::all_ids;
use crate::common::{open, settings, traffic};
use crate::{profiles, vendors};

/// How many webhooks of traffic are compared: enough for every question, desk and service.
const OF_TRAFFIC: usize = 2000;

type Ids = BTreeMap<String, BTreeMap<String, String>>;

/// The default traffic of accounts with these ids.
fn with_ids(
    vendor: &'static dyn Vendor,
    profile: &'static Profile,
    ids: &Ids,
    seed: u64,
) -> Vec<Webhook> {
    let catalogue = vendor.catalogue();
    let text = serde_json::to_string(ids).expect("JSON");
    let account = Settings::check(catalogue.settings, [(SET_IDS, text.as_str())]);
    let account = account.expect("right ids");
    let (mut sim, index) = open(vendor, profile, account.clone(), seed);
    sim.populate(index, &account, &settings::defaults(catalogue.traffic));
    let mut webhooks = Vec::new();
    while webhooks.len() < OF_TRAFFIC {
        sim.step(&mut webhooks);
    }
    webhooks
}

/// The words of a body: everything that can be an id.
fn words(body: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(body).expect("text");
    let is_part = |sign: char| sign.is_ascii_alphanumeric() || sign == '-';
    text.split(|sign| !is_part(sign)).map(str::to_owned).collect()
}

/// The drawn id → the set one in its place.
fn replaced(usual: &[Webhook], set: &[Webhook]) -> BTreeMap<String, String> {
    let mut replaced = BTreeMap::new();
    for (one, other) in usual.iter().zip(set) {
        assert_eq!((one.at, one.trigger, one.seq), (other.at, other.trigger, other.seq));
        let (one, other) = (words(&one.body), words(&other.body));
        assert_eq!(one.len(), other.len());
        for (drawn, set) in one.into_iter().zip(other).filter(|(drawn, set)| drawn != set) {
            let known = replaced.entry(drawn).or_insert_with(|| set.clone());
            assert_eq!(*known, set, "one id in the place of each");
        }
    }
    replaced
}

#[test]
fn a_set_id_is_in_every_webhook_and_changes_nothing_else() {
    for (vendor, profile) in profiles() {
        let ids = all_ids(vendor);
        let usual = traffic(vendor, profile, 7, OF_TRAFFIC);
        let set = with_ids(vendor, profile, &ids, 7);
        let replaced = replaced(&usual, &set);
        let seen: BTreeSet<&String> = replaced.values().collect();
        assert_eq!(seen.len(), replaced.len(), "each drawn id has its own");
        let wanted: BTreeSet<&String> = ids.values().flat_map(BTreeMap::values).collect();
        let name = vendor.catalogue().vendor;
        let strange: Vec<_> = seen.difference(&wanted).collect();
        assert!(strange.is_empty(), "{name}: {strange:?} is no set id");
        for (kind, named) in &ids {
            let shown = named.values().any(|id| seen.contains(id));
            let everywhere = name != "ombori" || kind != "station" || profile.name > "2021-01-27";
            assert!(shown || !everywhere, "{name} {}: no id of a {kind}", profile.name);
        }
    }
}

#[test]
fn a_drawn_id_that_is_set_for_something_else_is_drawn_anew() {
    for (vendor, catalogue) in vendors() {
        let profile = catalogue.default_profile();
        let all = all_ids(vendor);
        let usual = traffic(vendor, profile, 8, OF_TRAFFIC);
        let by_drawn = replaced(&usual, &with_ids(vendor, profile, &all, 8));
        for (kind, named) in &all {
            // What two things of this kind are called, and the drawn id of the first.
            let drawn = |id: &String| by_drawn.iter().find(|(_, set)| *set == id);
            let mut seen = named.iter().filter_map(|(name, id)| Some((name, drawn(id)?.0)));
            let (Some((first, theirs)), Some((other, _))) = (seen.next(), seen.next()) else {
                continue;
            };
            let named = BTreeMap::from([(other.clone(), theirs.clone())]);
            let ids = BTreeMap::from([(kind.clone(), named)]);
            let replaced = replaced(&usual, &with_ids(vendor, profile, &ids, 8));
            let now = replaced.get(theirs);
            let told = format!("{} {kind} {first}", catalogue.vendor);
            assert!(now.is_some_and(|now| now != theirs), "{told}: {replaced:?}");
            assert!(replaced.values().any(|set| set == theirs), "{told}: it belongs to {other}");
        }
    }
}
