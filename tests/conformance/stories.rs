//! A story can be repeated: as calls, as phrases, and with fresh ids.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::Value as Json;
use standin::chance::Chance;
use standin::clock::default_start;
use standin::model::{Action, ArgumentKind, Call, Profile, SubjectIndex, Subjects, Value, Webhook};
use standin::phrase::{self, phrase_of};
use standin::sim::{AccountIndex, Names, Opening, Simulation, story};
use standin::vendors::{Deed, Traffic, Vendor, Walk as Anybody};

use crate::common::walk::Walk;
use crate::common::{open, settings};
use crate::{profiles, vendors};

/// How many webhooks of traffic are repeated.
const OF_TRAFFIC: usize = 300;
const STEPS: usize = 120;

/// A simulation with one account under the vendor's default traffic, which is recorded.
fn busy(
    vendor: &'static dyn Vendor,
    profile: &'static Profile,
    seed: u64,
) -> (Simulation, AccountIndex) {
    let catalogue = vendor.catalogue();
    let account_settings = settings::defaults(catalogue.settings);
    let (mut sim, account) = open(vendor, profile, account_settings.clone(), seed);
    sim.populate(account, &account_settings, &settings::defaults(catalogue.traffic));
    sim.record(account);
    (sim, account)
}

/// The recorded calls of a vendor's traffic, and the webhooks that they caused.
fn recorded(
    vendor: &'static dyn Vendor,
    profile: &'static Profile,
    seed: u64,
) -> (Vec<Deed>, Vec<Webhook>) {
    let (mut sim, account) = busy(vendor, profile, seed);
    let mut webhooks = Vec::new();
    while webhooks.len() < OF_TRAFFIC {
        sim.step(&mut webhooks);
    }
    (sim.take_record(account), webhooks)
}

/// Lets time pass until the last of these webhooks at most, and repeats each call at its moment.
fn again<T>(
    sim: &mut Simulation,
    account: AccountIndex,
    deeds: impl IntoIterator<Item = (jiff::Timestamp, T)>,
    webhooks: usize,
    act: impl Fn(&mut Simulation, AccountIndex, T, &mut Vec<Webhook>),
) -> Vec<Webhook> {
    let mut told = Vec::new();
    for (at, deed) in deeds {
        // What the account does by itself precedes what people do at the same moment.
        sim.advance(at, &mut told);
        act(sim, account, deed, &mut told);
    }
    while told.len() < webhooks {
        assert!(sim.step(&mut told).is_some(), "it is all told");
    }
    told.truncate(webhooks);
    told
}

#[test]
fn traffic_told_as_a_story_of_calls_gives_the_same_webhooks() {
    for (vendor, profile) in profiles() {
        let (deeds, webhooks) = recorded(vendor, profile, 5);
        assert!(deeds.len() > 20, "{}: {} deeds", vendor.catalogue().vendor, deeds.len());
        let defaults = settings::defaults(vendor.catalogue().settings);
        let (mut sim, account) = open(vendor, profile, defaults, 5);
        let calls = deeds.iter().map(|deed| (deed.at, &deed.call));
        let told = again(&mut sim, account, calls, webhooks.len(), |sim, account, call, told| {
            sim.act(account, call, told).expect("it was legal");
        });
        assert_eq!(told, webhooks, "{} {}", vendor.catalogue().vendor, profile.name);
    }
}

#[test]
fn traffic_told_in_phrases_gives_the_same_webhooks_but_for_the_names() {
    for (vendor, profile) in profiles() {
        let catalogue = vendor.catalogue();
        let (deeds, webhooks) = recorded(vendor, profile, 6);
        let (mut sim, account) = open(vendor, profile, settings::defaults(catalogue.settings), 6);
        let lines = story::tell(&sim.given(account), &deeds);
        assert_eq!(lines.len(), deeds.len(), "{}: each deed has a phrase", catalogue.vendor);
        let lines = lines.iter().map(|line| (line.at, &line.phrase));
        let told = again(&mut sim, account, lines, webhooks.len(), |sim, account, line, told| {
            let spoken = phrase::read(catalogue, line).expect("it is a phrase");
            sim.say(account, &spoken, told).unwrap_or_else(|wrong| panic!("`{line}`: {wrong}"));
        });
        for (one, other) in webhooks.iter().zip(&told) {
            let of = |it: &Webhook| (it.at, it.trigger, it.subject.clone(), it.action, it.seq);
            assert_eq!(of(one), of(other), "{}", catalogue.vendor);
        }
    }
}

/// People do whatever is legal, in place of the vendor's own traffic.
#[test]
fn anybody_can_walk_any_vendor_legally() {
    for (vendor, catalogue) in vendors() {
        let profile = catalogue.default_profile();
        let defaults = settings::defaults(catalogue.settings);
        let setup = standin::vendors::Setup {
            name: "walked".into(),
            profile,
            settings: defaults,
            chance: Chance::from_seed(3),
            ids: None,
            start: default_start(),
        };
        let mut account = vendor.open(setup);
        let mut walk = Anybody::new(Chance::from_seed(4), default_start());
        let mut outbox = standin::vendors::Outbox::default();
        let mut deeds = Vec::new();
        while outbox.get(OF_TRAFFIC).is_none() {
            let next = walk.next().expect("it has no end");
            account.elapse(next, &mut outbox);
            let scene = standin::vendors::Scene::new(account.as_mut(), next, &mut outbox);
            walk.act(&mut scene.recorded(Some(&mut deeds)));
        }
        let done = |action: &&Action| deeds.iter().any(|deed| deed.call.action.call == action.call);
        let acted = catalogue.actions.iter().filter(done).count();
        assert!(acted * 2 > catalogue.makers().count(), "{}: {acted} actions", catalogue.vendor);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4) })]

    #[test]
    fn the_phrase_of_a_call_makes_that_call(seed in 0..u64::MAX) {
        for (vendor, catalogue) in vendors() {
            let some = settings::any(catalogue.settings, &mut Chance::from_seed(seed));
            let mut walk = Walk::new(vendor, catalogue.default_profile(), some, seed);
            let mut said = 0;
            for _ in 0..STEPS {
                let call = sayable(&walk.step().call);
                let all = walk.sim.subjects(walk.account);
                let kind = |subject| walk.sim.subject(walk.account, subject).kind;
                let names = Names::given(named(all, kind));
                let text = phrase_of(&call, |subject| Some(name_of(subject)));
                let text = text.unwrap_or_else(|| panic!("{call:?} has no phrase"));
                let read = phrase::read(catalogue, &text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
                let bound = names.bind(catalogue, &read);
                prop_assert_eq!(bound.as_ref(), Ok(&call), "{}", text);
                said += 1;
            }
            prop_assert_eq!(said, STEPS);
        }
    }

    #[test]
    fn a_story_with_fresh_ids_differs_in_ids_alone(seed in 0..u64::MAX) {
        for (vendor, profile) in profiles() {
            let told = |ids: Option<u64>| {
                let mut sim = Simulation::new(Chance::from_seed(seed), default_start());
                if let Some(ids) = ids {
                    sim = sim.with_ids(Chance::from_seed(ids));
                }
                let account = settings::defaults(vendor.catalogue().settings);
                let opening = Opening { name: "alone".to_owned(), profile, settings: account.clone() };
                let index = sim.open(vendor, opening);
                sim.populate(index, &account, &settings::defaults(vendor.catalogue().traffic));
                let mut webhooks = Vec::new();
                while webhooks.len() < OF_TRAFFIC {
                    sim.step(&mut webhooks);
                }
                let subjects = sim.subjects(index);
                let states: Vec<_> = subjects.map(|subject| sim.state(index, subject)).collect();
                (webhooks, states)
            };
            let (one, states) = told(None);
            let (same, _) = told(None);
            prop_assert_eq!(&one, &same);
            let (other, other_states) = told(Some(seed ^ 1));
            prop_assert_eq!(states, other_states);
            let mut ids = BTreeMap::new();
            for (one, other) in one.iter().zip(&other) {
                let of = |it: &Webhook| (it.at, it.trigger, it.subject.kind, it.action);
                prop_assert_eq!(of(one), of(other));
                prop_assert_ne!(&one.subject.id, &other.subject.id);
                let subject = (one.subject.kind.to_owned(), one.subject.id.clone());
                let before = ids.entry(subject).or_insert_with(|| other.subject.id.clone());
                prop_assert_eq!(&*before, &other.subject.id);
                let json = |it: &Webhook| serde_json::from_slice::<Json>(&it.body).expect("JSON");
                differ_in_ids("", &json(one), &json(other), &mut ids);
            }
            prop_assert!(!ids.is_empty());
        }
    }
}

/// Makes the names equal where a new subject and another one share a placeholder.
fn sayable(call: &Call) -> Call {
    let arguments = || call.action.arguments.iter().zip(&call.values);
    let values = arguments().map(|(argument, value)| {
        let mut sharing = arguments().filter(|(other, _)| other.name == argument.name);
        match (argument.kind, value, sharing.next().map(|(_, first)| first)) {
            (ArgumentKind::New(_), Value::New(_), Some(Value::Subject(subject))) => {
                Value::New(name_of(*subject))
            }
            (ArgumentKind::New(_), Value::New(_), Some(Value::New(first))) => {
                Value::New(first.clone())
            }
            (_, value, _) => value.clone(),
        }
    });
    Call { action: call.action, values: values.collect() }
}

fn name_of(subject: SubjectIndex) -> String {
    format!("S{subject}")
}

fn named(
    all: Subjects,
    kind: impl Fn(SubjectIndex) -> &'static str,
) -> Vec<(&'static str, String, SubjectIndex)> {
    all.map(|subject| (kind(subject), name_of(subject), subject)).collect()
}

/// Checks that both have the same form and differ only in ids. In the same field, an id always
/// corresponds to the same other id.
fn differ_in_ids(
    field: &str,
    one: &Json,
    other: &Json,
    ids: &mut BTreeMap<(String, String), String>,
) {
    match (one, other) {
        (Json::Object(one), Json::Object(other)) => {
            assert_eq!(one.len(), other.len());
            for ((key, value), (other_key, other_value)) in one.iter().zip(other) {
                // Answers of guests are under the id of the question.
                differ_in_ids(field, &key.as_str().into(), &other_key.as_str().into(), ids);
                differ_in_ids(key, value, other_value, ids);
            }
        }
        (Json::Array(one), Json::Array(other)) => {
            assert_eq!(one.len(), other.len());
            one.iter().zip(other).for_each(|(one, other)| differ_in_ids(field, one, other, ids));
        }
        (one, other) if one == other => {}
        (one, other) => {
            let (one, other) = (words(one), words(other));
            assert_eq!(one.len(), other.len(), "{one:?} {other:?}");
            for (one, other) in one.into_iter().zip(other).filter(|(one, other)| one != other) {
                // A link has the beginning of an id, which may be letters alone.
                let begins = ids.keys().any(|(_, id)| id.len() > one.len() && id.starts_with(&one));
                let are_ids = begins || id_like(&one) || id_like(&other);
                assert!(are_ids, "`{one}` and `{other}` are no ids");
                // Some numbers are derived from others by division. These need not differ.
                if one.bytes().all(|sign| sign.is_ascii_digit()) {
                    continue;
                }
                let before =
                    ids.entry((field.to_owned(), one.clone())).or_insert_with(|| other.clone());
                assert_eq!(*before, other, "`{one}` is another id the second time");
            }
        }
    }
}

/// The parts of a text that may be ids, such as those of a link.
fn words(value: &Json) -> Vec<String> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let parts = text.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '-');
    parts.map(str::to_owned).collect()
}

/// Whether a word looks like an id: it has digits, or capital letters inside.
fn id_like(word: &str) -> bool {
    let capital = word.chars().skip(1).any(|sign| sign.is_ascii_uppercase());
    capital || word.chars().any(|sign| sign.is_ascii_digit())
}
