//! The default traffic of each vendor shows everything that the vendor has: each trigger, each state
//! and each action, within a length of time that people look at.
//!
//! What it cannot show is named here, with the reason. It must not be shown either.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use standin::model::Webhook;
use standin::vendors::Vendor;

use crate::common::{open, settings};
use crate::{for_any_vendor, vendors};

/// How many webhooks of each seed.
const WEBHOOKS: usize = 20_000;
const SEEDS: [u64; 3] = [1, 20, 4_242];
/// With fewer cases of a vendor some have been lost.
const CASES_AT_LEAST: usize = 90;

/// What default traffic does not show, with the reason.
const NOT_SHOWN: &[(&str, &str, &str)] = &[
    ("ombori", "position reserved", "no webhook is documented; the action `reserve` is done"),
    ("ombori", "check-out-by-itself", "an automatic rule, off unless `auto_checkout` sets it up"),
    ("waitwhile", "sync-by-itself", "an automatic rule, off unless `waitlist_sync` sets it up"),
    ("waitwhile", "expire", "an automatic rule, off unless `expires_after` sets it up"),
    ("waitwhile", "complete-by-itself", "an automatic rule, off unless `auto_complete` sets it up"),
    ("waitwhile", "follow-up", "no message of this kind unless `messages` names it"),
    ("doo", "end-event", "sends nothing unless `done_fires` says so; the status `done` is shown"),
    (
        "doo",
        "book-with",
        "names the people who come along, for stories; traffic books several tickets",
    ),
    (
        "doo",
        "attendee_pending",
        "its body is not documented; off unless `attendee_triggers` names it",
    ),
    (
        "doo",
        "attendee_validated",
        "its body is not documented; off unless `attendee_triggers` names it",
    ),
    (
        "doo",
        "attendee_cancelled",
        "its body is not documented; off unless `attendee_triggers` names it",
    ),
    (
        "doo",
        "attendee_checkin",
        "its body is not documented; off unless `attendee_triggers` names it",
    ),
];

/// The vendor, the kind, the place in a body, and words for values.
type State = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

/// Where bodies show the state of a kind of subject. Standin's own words for what bodies say in
/// another way stand beside these values.
const STATES: &[State] = &[
    ("ombori", "position", "/data/position/status", &[]),
    ("waitwhile", "visit", "/data/state", &[]),
    ("waitwhile", "visit", "/after/state", &[]),
    ("waitwhile", "message", "/data/state", &[]),
    ("waitwhile", "message", "/after/state", &[]),
    ("waitwhile", "location", "/after/isForceClosed", &[("true", "CLOSED"), ("false", "OPEN")]),
    ("doo", "event", "/status", &[]),
    ("doo", "order", "/order_details/status", &[]),
    ("doo", "attendee", "/order_details/attendees/0/status", &[]),
    ("doo", "ticket", "/order_details/attendees/0/ticket/status", &[]),
];

#[test]
fn default_traffic_reaches_every_trigger_state_and_action() {
    let wrong = RefCell::new(Vec::new());
    for_any_vendor(CASES_AT_LEAST, |vendor, catalogue| {
        let mut cases = 0;
        for seed in SEEDS {
            let shown = shown(vendor, seed);
            let triggers = catalogue.triggers.iter().map(|trigger| trigger.name.to_owned());
            let actions = catalogue.actions.iter().map(|action| action.call.to_owned());
            let states = catalogue.subjects.iter().flat_map(|subject| {
                subject.states.iter().map(|state| format!("{} {state}", subject.kind))
            });
            let profile = catalogue.default_profile().name;
            let in_profile = |name: &String| {
                catalogue.trigger(name).is_none_or(|known| known.profiles.contains(&profile))
            };
            for name in triggers.filter(in_profile).chain(actions).chain(states) {
                cases += 1;
                let expected = reason(catalogue.vendor, &name).is_none();
                let count = shown.get(&name).copied().unwrap_or_default();
                if expected != (count > 0) {
                    let name = format!("{}, seed {seed}: {name}", catalogue.vendor);
                    wrong.borrow_mut().push(format!("{name}: {count} times"));
                }
            }
        }
        cases
    });
    let wrong = wrong.into_inner();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every reason is about something that exists.
#[test]
fn what_is_not_shown_is_in_a_catalogue() {
    let known: BTreeSet<(&str, String)> = vendors()
        .flat_map(|(_, catalogue)| {
            let states = catalogue.subjects.iter().flat_map(|subject| {
                subject.states.iter().map(|state| format!("{} {state}", subject.kind))
            });
            let triggers = catalogue.triggers.iter().map(|trigger| trigger.name.to_owned());
            let actions = catalogue.actions.iter().map(|action| action.call.to_owned());
            let names = states.chain(triggers).chain(actions);
            names.map(|name| (catalogue.vendor, name)).collect::<Vec<_>>()
        })
        .collect();
    for (vendor, name, _) in NOT_SHOWN {
        assert!(known.contains(&(*vendor, (*name).to_owned())), "{vendor}: {name}");
    }
}

fn reason(vendor: &str, name: &str) -> Option<&'static str> {
    let found = NOT_SHOWN.iter().find(|(of, what, _)| *of == vendor && *what == name);
    found.map(|(_, _, reason)| *reason)
}

/// How often default traffic shows each trigger, does each action, and shows each state.
fn shown(vendor: &'static dyn Vendor, seed: u64) -> BTreeMap<String, usize> {
    let catalogue = vendor.catalogue();
    let account_settings = settings::defaults(catalogue.settings);
    let profile = catalogue.default_profile();
    let (mut sim, account) = open(vendor, profile, account_settings.clone(), seed);
    sim.populate(account, &account_settings, &settings::defaults(catalogue.traffic));
    sim.record(account);
    let mut shown = BTreeMap::new();
    let (mut count, mut webhooks) = (0, Vec::new());
    while count < WEBHOOKS {
        sim.step(&mut webhooks);
        let by_itself = webhooks.iter().map(|webhook| webhook.action.to_owned());
        let triggers = webhooks.iter().map(|webhook| webhook.trigger.to_owned());
        let states = webhooks.iter().flat_map(states);
        let deeds = sim.take_record(account).into_iter();
        let deeds = deeds.map(|deed| deed.call.action.call.to_owned());
        for name in by_itself.chain(triggers).chain(states).chain(deeds) {
            *shown.entry(name).or_default() += 1;
        }
        count += webhooks.len();
        webhooks.clear();
    }
    shown
}

/// The states in a body, each with the kind of its subject.
fn states(webhook: &Webhook) -> Vec<String> {
    let body: Json = serde_json::from_slice(&webhook.body).expect("a body is JSON");
    let mut states = Vec::new();
    if webhook.trigger == "visit.removed" {
        states.push("visit REMOVED".to_owned());
    }
    for (vendor, kind, pointer, words) in STATES {
        // An order's body has its attendees and tickets too.
        let about = webhook.subject.kind;
        let within = about == *kind || (about == "order" && ["attendee", "ticket"].contains(kind));
        let value = body.pointer(pointer).filter(|_| webhook.vendor == *vendor && within);
        if let Some(value) = value {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let word = words.iter().find(|(said, _)| *said == text).map(|(_, word)| *word);
            states.push(format!("{kind} {}", word.unwrap_or(&text)));
        }
    }
    states
}
