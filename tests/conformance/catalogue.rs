//! A catalogue is complete and refers only to what it declares.

use std::collections::BTreeSet;
use std::fmt::Debug;

use standin::model::{
    Action, ActionId, ArgumentKind, Catalogue, KindId, Provenance, Setting, TriggerId,
};

use crate::{for_any_vendor, vendors};

#[test]
fn exactly_one_profile_is_the_default() {
    for (_, catalogue) in vendors() {
        let defaults = catalogue.profiles.iter().filter(|profile| profile.default).count();
        assert_eq!(defaults, 1, "{}", catalogue.vendor);
    }
}

#[test]
fn names_are_unique() {
    unique("vendors", vendors().map(|(_, catalogue)| catalogue.vendor));
    for (_, catalogue) in vendors() {
        unique("triggers", catalogue.triggers.iter().map(|trigger| trigger.name));
        unique("actions", catalogue.actions.iter().map(|action| action.call));
        unique("phrases", catalogue.actions.iter().flat_map(|action| action.phrases));
        unique("settings", catalogue.settings.iter().map(|setting| setting.name));
        unique("traffic", catalogue.traffic.iter().map(|setting| setting.name));
        unique("profiles", catalogue.profiles.iter().map(|profile| profile.name));
        unique("subjects", catalogue.subjects.iter().map(|subject| subject.kind));
        for action in catalogue.actions {
            // One name may stand for several subjects, each of another kind.
            let arguments = action.arguments.iter();
            unique(action.call, arguments.map(|it| (it.name, it.kind.subject())));
            unique(action.call, action.to);
        }
        for subject in catalogue.subjects {
            unique(subject.kind, subject.states);
        }
    }
}

#[test]
fn an_id_is_its_place() {
    for_any_vendor(6, |_, catalogue| {
        for (place, kind) in catalogue.subjects.iter().enumerate() {
            assert_eq!(kind.id, KindId::at(place), "{}: {}", catalogue.vendor, kind.kind);
        }
        for (place, trigger) in catalogue.triggers.iter().enumerate() {
            assert_eq!(trigger.id, TriggerId::at(place), "{}: {}", catalogue.vendor, trigger.name);
        }
        for (place, action) in catalogue.actions.iter().enumerate() {
            assert_eq!(action.id, ActionId::at(place), "{}: {}", catalogue.vendor, action.call);
        }
        catalogue.actions.len()
    });
}

fn unique<T: Ord + Debug>(what: &str, names: impl IntoIterator<Item = T>) {
    let mut seen = BTreeSet::new();
    for name in names {
        let known = format!("{what}: {name:?} is there twice");
        assert!(seen.insert(name), "{known}");
    }
    assert!(!seen.is_empty() || what == "traffic", "{what}: there are none");
}

#[test]
fn actions_refer_only_to_what_is_declared() {
    for_any_vendor(6, |_, catalogue| {
        for action in catalogue.actions {
            let kind = kind_of(action);
            let states = states_of(catalogue, kind, action.call);
            for state in action.from.iter().chain(action.to) {
                assert!(states.contains(state), "{}: a {kind} is never {state}", action.call);
            }
            for trigger in action.causes {
                assert!(catalogue.trigger(trigger).is_some(), "{}: {trigger}", action.call);
            }
            for argument in action.arguments {
                match argument.kind {
                    ArgumentKind::New(kind) | ArgumentKind::Subject(kind) => {
                        states_of(catalogue, kind, action.call);
                    }
                    ArgumentKind::Other(kind, needed) => {
                        let states = states_of(catalogue, kind, action.call);
                        let known = needed.iter().all(|state| states.contains(state));
                        assert!(known && !needed.is_empty(), "{}: {needed:?}", action.call);
                    }
                    ArgumentKind::Integer(least, most) => assert!(least <= most, "{}", action.call),
                    ArgumentKind::Text | ArgumentKind::Duration => {}
                }
            }
        }
        catalogue.actions.len()
    });
}

#[test]
fn an_action_acts_on_one_subject_from_declared_states_or_makes_it() {
    for_any_vendor(6, |_, catalogue| {
        for action in catalogue.actions {
            let arguments = action.arguments.iter();
            let changed =
                arguments.filter(|it| matches!(it.kind, ArgumentKind::Subject(_))).count();
            assert!(changed <= 1, "{}: it changes two at once", action.call);
            assert_eq!(changed == 0, action.from.is_empty(), "{}: from", action.call);
            kind_of(action);
        }
        catalogue.actions.len()
    });
}

/// The kind of subject that an action acts on.
fn kind_of(action: &Action) -> &'static str {
    let kind = action.subject_kind();
    kind.unwrap_or_else(|| panic!("{}: nothing is made or changed by it", action.call))
}

fn states_of(catalogue: &Catalogue, kind: &str, by: &str) -> &'static [&'static str] {
    let found = catalogue.subjects.iter().find(|subject| subject.kind == kind);
    found.unwrap_or_else(|| panic!("{by}: there is no kind of subject {kind}")).states
}

#[test]
fn triggers_are_caused_and_belong_to_a_profile() {
    for_any_vendor(2, |_, catalogue| {
        for trigger in catalogue.triggers {
            let name = trigger.name;
            states_of(catalogue, trigger.subject, name);
            let caused = catalogue.actions.iter().any(|action| action.causes.contains(&name));
            assert!(caused, "{name}: nothing causes it");
            assert!(!trigger.profiles.is_empty(), "{name}: no profile has it");
            for profile in trigger.profiles {
                assert!(catalogue.profile(profile).is_some(), "{name}: no profile {profile}");
            }
        }
        for profile in catalogue.profiles {
            let mut triggers = catalogue.triggers.iter();
            let any = triggers.any(|trigger| trigger.profiles.contains(&profile.name));
            assert!(any, "{}: the profile has no trigger", profile.name);
        }
        catalogue.triggers.len()
    });
}

#[test]
fn every_kind_is_reported_by_a_kind_that_has_webhooks() {
    for_any_vendor(1, |_, catalogue| {
        for subject in catalogue.subjects {
            let told = catalogue.triggers.iter().any(|it| it.subject == subject.reported_by);
            assert!(told, "no trigger is about a {}", subject.reported_by);
        }
        catalogue.subjects.len()
    });
}

#[test]
fn every_state_is_led_to() {
    for_any_vendor(2, |_, catalogue| {
        let mut cases = 0;
        for subject in catalogue.subjects {
            let actions = || catalogue.actions.iter();
            let made = actions().any(|it| it.from.is_empty() && kind_of(it) == subject.kind);
            // Subjects that are created together also change together. The walks check that all of
            // their states occur (`what_is_not_declared_is_refused…`).
            let together =
                |it: &Action| it.from.is_empty() && it.made().any(|it| it == subject.kind);
            if !made && actions().any(together) {
                continue;
            }
            // A subject that no action creates exists from the start, or is created with another,
            // in its first state.
            for state in subject.states.iter().skip(usize::from(!made)) {
                let led =
                    |action: &&Action| kind_of(action) == subject.kind && action.to.contains(state);
                cases += 1;
                let found = catalogue.actions.iter().find(led);
                assert!(found.is_some(), "nothing makes a {} {state}", subject.kind);
            }
        }
        cases
    });
}

#[test]
fn pointers_are_json_pointers() {
    for_any_vendor(2, |_, catalogue| {
        let mut cases = 0;
        let ids = catalogue.triggers.iter().map(|trigger| &trigger.id_pointer);
        for pointer in catalogue.trigger_pointer.iter().chain(ids) {
            cases += 1;
            assert!(pointer.starts_with('/'), "{}: {pointer}", catalogue.vendor);
        }
        cases
    });
}

#[test]
fn settings_have_defaults_that_can_be_taken() {
    for_any_vendor(8, |_, catalogue| {
        let mut cases = 0;
        for setting in catalogue.settings.iter().chain(catalogue.traffic) {
            cases += 1;
            assert!(setting.read(setting.default).is_ok(), "{}: {}", setting.name, setting.default);
        }
        cases
    });
}

#[test]
fn everything_says_what_it_is_and_how_it_is_known() {
    for_any_vendor(18, |_, catalogue| {
        let mut cases = 0;
        let triggers = catalogue.triggers.iter().map(|it| (it.name, it.about, it.provenance));
        let known = |it: &'static Setting| (it.name, it.about, it.provenance);
        let settings = catalogue.settings.iter().chain(catalogue.traffic).map(known);
        let actions = catalogue.actions.iter().map(|it| (it.call, it.call, it.provenance));
        for (name, about, provenance) in triggers.chain(settings).chain(actions) {
            let (Provenance::Documented(why) | Provenance::Assumed(why)) = provenance;
            cases += 1;
            assert!(!about.is_empty() && !why.is_empty(), "{name}");
        }
        for text in catalogue
            .profiles
            .iter()
            .map(|it| it.about)
            .chain(catalogue.subjects.iter().map(|it| it.about))
        {
            assert!(!text.is_empty(), "{}: something does not say what it is", catalogue.vendor);
        }
        cases
    });
}
