//! Subjects do not reach a state though the webhook that says so was accepted: the receiver may not handle it.

use std::collections::BTreeMap;

use super::failures::{Cause, FEWEST, Place, unexplained};
use crate::model::Outcome;
use crate::model::result::FeatureResult;
use crate::probe::compare::is_state;
use crate::text::counted;

/// The failures for a state after a webhook, and how many of them had no fault.
#[derive(Default)]
struct Missed {
    failures: Vec<Place>,
    honest: usize,
}

/// A cause for each state that was missed after the same webhook, if that was so without a fault, too.
pub fn causes(features: &[FeatureResult]) -> Vec<Cause> {
    let mut found = BTreeMap::<(&str, &str, &str, &str), Missed>::new();
    for (place, scenario, failure) in unexplained(features) {
        let known = failure.probe.as_ref().filter(|exchange| exchange.is_known);
        let last = failure.exchange.and_then(|place| scenario.exchanges.get(place));
        let state = failure.differences.iter().find(|one| is_state(&one.field));
        let (Some(exchange), Some(last), Some(state)) = (known, last, state) else { continue };
        if last.outcome != Outcome::Accepted.name() {
            continue;
        }
        let key = (&*exchange.probe, &*state.field, &*state.expected, &*last.trigger);
        let missed = found.entry(key).or_default();
        missed.failures.push(place);
        let is_honest = scenario.exchanges.iter().all(|one| one.fault.is_none());
        missed.honest += usize::from(is_honest);
    }
    let enough = found.into_iter().filter(|(_, missed)| missed.honest >= FEWEST);
    let cause = |((probe, field, state, trigger), Missed { failures, .. }): (_, Missed)| {
        let text = format!(
            "after `{trigger}`, which the receiver accepted, `{field}` of the probe `{probe}` was not {state} in {}. Look \
             at how it handles this webhook",
            counted(failures.len() as u64, "scenario")
        );
        Cause { text, failures }
    };
    enough.map(cause).collect()
}
