//! Features of vendors that are not set up. Every report says in one line that they were skipped.

use std::collections::BTreeMap;

use crate::model::result::{FeatureResult, Run, Verdict};

/// Whether a feature is only about vendors that are not set up.
pub(super) fn is_unset(feature: &FeatureResult) -> bool {
    !feature.scenarios.is_empty() && feature.scenarios.iter().all(|scenario| !scenario.set_up)
}

/// The features of a run that are about a vendor that is set up.
pub(super) fn others(run: &Run) -> impl Iterator<Item = &FeatureResult> {
    run.features.iter().filter(|feature| !is_unset(feature))
}

/// How many scenarios of the other features were skipped, by the reason.
pub(super) fn reasons(run: &Run) -> BTreeMap<&str, usize> {
    let mut reasons = BTreeMap::new();
    let unset = run.features.iter().filter(|feature| is_unset(feature));
    for scenario in unset.flat_map(|feature| &feature.scenarios) {
        if let Verdict::Skipped(reason) = &scenario.verdict {
            *reasons.entry(reason.as_str()).or_default() += 1;
        }
    }
    reasons
}
