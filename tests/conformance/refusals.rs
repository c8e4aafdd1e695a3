//! What an account lists as legal, and the kinds of its refusals.

use standin::chance::Chance;
use standin::model::{ArgumentKind, Call, SubjectIndex, Value};
use standin::vendors::RefusalKind;

use crate::common::settings;
use crate::common::walk::Walk;
use crate::vendors;

const WALKS: u64 = 4;
const STEPS: usize = 200;

#[test]
fn every_subject_is_listed_with_what_is_legal_for_it() {
    for (vendor, catalogue) in vendors() {
        let mut legal_at_all = 0;
        for seed in 0..WALKS {
            let settings = settings::any(catalogue.settings, &mut Chance::from_seed(seed));
            let mut walk = Walk::new(vendor, catalogue.default_profile(), settings, seed);
            walk.go(STEPS);
            let listed: Vec<SubjectIndex> = walk.sim.subjects(walk.account).collect();
            for known in &walk.subjects {
                assert!(listed.contains(known), "{}: {known} is not listed", catalogue.vendor);
            }
            for subject in listed {
                let (kind, state) = (
                    walk.sim.subject(walk.account, subject).kind,
                    walk.sim.state(walk.account, subject),
                );
                for action in walk.sim.legal(walk.account, subject) {
                    assert_eq!(action.subject_kind(), Some(kind));
                    assert!(action.from.contains(&state), "{} from {state}", action.call);
                    assert!(!action.phrases.is_empty(), "{} is done by nobody", action.call);
                    legal_at_all += 1;
                }
            }
        }
        assert!(legal_at_all > 100, "{}: only {legal_at_all}", catalogue.vendor);
    }
}

#[test]
fn what_is_not_legal_is_refused_as_illegal_and_a_state_that_is_legal_never_is() {
    for (vendor, catalogue) in vendors() {
        let mut refused = 0;
        for seed in 0..WALKS {
            let settings = settings::any(catalogue.settings, &mut Chance::from_seed(seed));
            let mut walk = Walk::new(vendor, catalogue.default_profile(), settings, seed);
            walk.go(STEPS);
            for subject in walk.subjects.clone() {
                let kind = walk.sim.subject(walk.account, subject).kind;
                let legal = walk.sim.legal(walk.account, subject);
                let others = catalogue.actions.iter().filter(|action| {
                    action.subject_kind() == Some(kind)
                        && !action.from.is_empty()
                        && !legal.iter().any(|one| one.call == action.call)
                });
                for action in others {
                    let values = action.arguments.iter().map(|argument| match argument.kind {
                        ArgumentKind::Subject(_) => Value::Subject(subject),
                        _ => Value::Absent,
                    });
                    let call = Call { action, values: values.collect() };
                    let answer = walk.sim.act(walk.account, &call, &mut walk.webhooks);
                    let refusal = answer.expect_err(action.call);
                    assert_eq!(refusal.kind, RefusalKind::Illegal, "{refusal:?}");
                    refused += 1;
                }
            }
        }
        assert!(refused > 100, "{}: only {refused}", catalogue.vendor);
    }
}

#[test]
fn a_subject_that_is_not_there_is_unknown_and_a_wrong_value_is_invalid() {
    for (vendor, catalogue) in vendors() {
        let settings = settings::defaults(catalogue.settings);
        let mut walk = Walk::new(vendor, catalogue.default_profile(), settings, 1);
        walk.go(60);
        let last = walk.sim.subjects(walk.account).next_back().expect("somebody is there");
        let nobody = last.following().nth(5).expect("there is no end");
        let mut kinds = Vec::new();
        for action in catalogue.actions.iter().filter(|action| !action.phrases.is_empty()) {
            for (place, argument) in action.arguments.iter().enumerate() {
                let mut values = vec![Value::Absent; action.arguments.len()];
                values[place] = match argument.kind {
                    ArgumentKind::Subject(_) | ArgumentKind::Other(..) => Value::Subject(nobody),
                    ArgumentKind::Integer(_, most) => Value::Integer(most + 1),
                    _ => Value::Integer(1),
                };
                // The arguments before it are checked first.
                if place > 0 && !action.from.is_empty() {
                    continue;
                }
                let call = Call { action, values };
                let before = walk.webhooks.len();
                let answer = walk.sim.act(walk.account, &call, &mut walk.webhooks);
                let refusal = answer.expect_err(action.call);
                let right = match argument.kind {
                    ArgumentKind::Subject(_) | ArgumentKind::Other(..) => RefusalKind::Unknown,
                    _ => RefusalKind::Invalid,
                };
                // A required earlier argument that is missing also makes the call invalid.
                let earlier = place > 0 && refusal.kind == RefusalKind::Invalid;
                assert!(refusal.kind == right || earlier, "{}: {refusal:?}", action.call);
                assert_eq!(before, walk.webhooks.len());
                kinds.push(refusal.kind);
            }
        }
        for kind in [RefusalKind::Unknown, RefusalKind::Invalid] {
            assert!(kinds.contains(&kind), "{}: nothing is {kind:?}", catalogue.vendor);
        }
    }
}
