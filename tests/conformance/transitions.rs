//! Everything that the catalogue declares is possible, and nothing else is.

use std::collections::BTreeSet;

use standin::chance::Chance;
use standin::model::{Action, ArgumentKind, Call, SubjectIndex, Value};
use standin::vendors::Vendor;

use crate::common::settings;
use crate::common::walk::Walk;
use crate::{for_any_vendor, vendors};

/// How many walks with random settings, and how long each is.
const WALKS: u64 = 12;
/// Enough walks for the rarest transition to happen.
const MANY_WALKS: u64 = 40;
const STEPS: usize = 300;
/// The least number of subjects that exist from the start. A shorter list has lost some.
const GIVEN_AT_LEAST: usize = 10;

fn walks(vendor: &'static dyn Vendor) -> impl Iterator<Item = Walk> {
    so_many_walks(WALKS, vendor)
}

fn so_many_walks(count: u64, vendor: &'static dyn Vendor) -> impl Iterator<Item = Walk> {
    (0..count).map(move |seed| {
        let settings = settings::any(vendor.catalogue().settings, &mut Chance::from_seed(seed));
        Walk::new(vendor, vendor.catalogue().default_profile(), settings, seed)
    })
}

#[test]
fn every_declared_transition_is_possible() {
    for (vendor, catalogue) in vendors() {
        let mut done = BTreeSet::new();
        let mut by_itself = BTreeSet::new();
        for mut walk in so_many_walks(MANY_WALKS, vendor) {
            for step in walk.go(STEPS).iter().filter(|step| step.outcome.is_ok()) {
                done.insert((step.action.call, step.from));
            }
            by_itself.extend(walk.webhooks.iter().map(|webhook| webhook.action));
        }
        for action in catalogue.actions {
            if action.phrases.is_empty() {
                assert!(by_itself.contains(action.call), "`{}` never happens", action.call);
            } else if action.from.is_empty() {
                assert!(done.contains(&(action.call, None)), "`{}` is never done", action.call);
            }
            for from in action.from.iter().filter(|_| !action.phrases.is_empty()) {
                let seen = done.contains(&(action.call, Some(*from)));
                assert!(seen, "`{}` is never done from {from}", action.call);
            }
        }
    }
}

#[test]
fn an_action_leads_to_the_declared_state_and_causes_the_declared_triggers() {
    for_any_vendor(1_000, |vendor, _| {
        let mut cases = 0;
        for mut walk in walks(vendor) {
            for _ in 0..STEPS {
                let step = walk.step();
                let Ok(touched) = &step.outcome else { continue };
                let subject = touched.subject;
                let state = walk.sim.state(walk.account, subject);
                assert!(step.action.to.contains(&state), "{step}: it is {state}");
                let known = walk.sim.subject(walk.account, subject);
                let caused = &walk.webhooks[step.caused.clone()];
                for webhook in caused {
                    assert_eq!(webhook.action, step.action.call, "{step}");
                    assert_eq!(webhook.at, step.at, "{step}");
                }
                cases += caused.len();
                let about_it = caused.iter().filter(|webhook| webhook.subject == known);
                assert!(about_it.count() <= step.action.causes.len(), "{step}");
            }
        }
        cases
    });
}

#[test]
fn what_an_action_makes_is_of_the_declared_kinds_in_their_order() {
    for_any_vendor(300, |vendor, _| {
        let mut cases = 0;
        for mut walk in walks(vendor) {
            for step in walk.go(STEPS) {
                let Ok(touched) = &step.outcome else { continue };
                let acted_on = step.from.is_none().then_some(touched.subject);
                let made = acted_on.iter().chain(&touched.made);
                let kinds: Vec<_> =
                    made.map(|made| walk.sim.subject(walk.account, *made).kind).collect();
                let declared: Vec<_> = step.action.made().collect();
                cases += declared.len();
                assert!(kinds.starts_with(&declared), "{step}: {kinds:?}");
            }
        }
        cases
    });
}

#[test]
fn what_is_there_from_the_start_has_a_name_and_is_of_a_declared_kind() {
    let mut cases = 0;
    for (vendor, catalogue) in vendors() {
        for walk in walks(vendor) {
            for (kind, name, subject) in walk.sim.given(walk.account) {
                assert_eq!(walk.sim.subject(walk.account, subject).kind, kind, "{name}");
                assert_eq!(walk.sim.named(walk.account, kind, &name), Some(subject), "{name}");
                cases += 1;
                let declared = catalogue.subjects.iter().find(|one| one.kind == kind);
                let states = declared.unwrap_or_else(|| panic!("{name}: no kind {kind}")).states;
                assert!(states.contains(&walk.sim.state(walk.account, subject)), "{name}");
            }
        }
    }
    // Some vendors have no subject from the start.
    assert!(cases >= GIVEN_AT_LEAST, "only {cases} cases");
}

#[test]
fn what_is_not_declared_is_refused_and_changes_nothing() {
    for (vendor, catalogue) in vendors() {
        let mut tried = BTreeSet::new();
        for (mut walk, mut left_alone) in walks(vendor).zip(walks(vendor)) {
            for step in 0..STEPS {
                let touched = walk.step().outcome.ok().map(|touched| touched.subject);
                // Each other subject in turn: some change their state by themselves, or with
                // another.
                let another = walk.subjects.get(step % walk.subjects.len().max(1)).copied();
                for subject in touched.into_iter().chain(another) {
                    let kind = walk.sim.subject(walk.account, subject).kind;
                    tried.insert((kind, walk.sim.state(walk.account, subject)));
                    try_everything_illegal(&mut walk, subject);
                }
            }
            left_alone.go(STEPS);
            assert_eq!(walk.webhooks, left_alone.webhooks, "a refusal drew from the stream");
        }
        for subject in catalogue.subjects {
            for state in subject.states {
                let kind = subject.kind;
                assert!(tried.contains(&(kind, *state)), "no {kind} was ever tried while {state}");
            }
        }
    }
}

/// Tries everything that is illegal for a subject, and every illegal reference to it.
fn try_everything_illegal(walk: &mut Walk, subject: SubjectIndex) {
    let catalogue = walk.sim.catalogue(walk.account);
    let kind = walk.sim.subject(walk.account, subject).kind;
    let state = walk.sim.state(walk.account, subject);
    for action in catalogue.actions.iter().filter(|action| forbids(action, kind, state)) {
        let step = format!("`{}` of a {kind} that is {state}", action.call);
        let before = (walk.sim.truth(walk.account, subject), walk.sim.next(), walk.webhooks.len());
        let outcome = walk.sim.act(walk.account, &call(action, subject), &mut walk.webhooks);
        let after = (walk.sim.truth(walk.account, subject), walk.sim.next(), walk.webhooks.len());
        let Err(refusal) = outcome else { panic!("{step} was done") };
        assert_eq!(before, after, "{step} was refused and changed something");
        assert_eq!(walk.sim.state(walk.account, subject), state, "{step}");
        assert!(refusal.reason.contains(state), "{step}: {refusal}");
        assert!(!refusal.reason.ends_with('.'), "{step}: {refusal}");
        if action.from.is_empty() {
            continue;
        }
        let possible =
            |action: &&Action| action.subject_kind() == Some(kind) && action.from.contains(&state);
        let legal = catalogue.actions.iter().filter(possible).flat_map(|action| action.phrases);
        let legal: Vec<_> = legal.collect();
        assert!(refusal.legal.iter().all(|phrase| legal.contains(&phrase)), "{step}: {refusal:?}");
        assert_eq!(refusal.legal.is_empty(), legal.is_empty(), "{step}: {refusal:?}");
    }
}

/// Whether the catalogue forbids this action on a subject of this kind and state. If the action
/// creates its subject: whether it may not refer to such a subject.
fn forbids(action: &Action, kind: &str, state: &str) -> bool {
    if !action.from.is_empty() {
        return action.subject_kind() == Some(kind) && !action.from.contains(&state);
    }
    action.arguments.iter().any(|argument| match argument.kind {
        ArgumentKind::Other(other, states) => other == kind && !states.contains(&state),
        _ => false,
    })
}

/// A call with no values but the subjects.
fn call(action: &'static Action, subject: SubjectIndex) -> Call {
    let arguments = action.arguments.iter();
    let values = arguments.map(|argument| match argument.kind {
        ArgumentKind::Subject(_) | ArgumentKind::Other(..) => Value::Subject(subject),
        _ => Value::Absent,
    });
    Call { action, values: values.collect() }
}

#[test]
fn a_refusal_does_not_call_legal_what_it_refuses() {
    for_any_vendor(70, |vendor, _| {
        let mut cases = 0;
        for mut walk in walks(vendor) {
            for step in walk.go(STEPS) {
                let Err(refusal) = &step.outcome else { continue };
                cases += 1;
                let again = refusal.legal.iter().find(|said| step.action.phrases.contains(said));
                assert_eq!(again, None, "{step}");
                assert!(!refusal.legal.is_empty(), "{step}: nothing is said to be legal");
            }
        }
        cases
    });
}
