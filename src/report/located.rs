//! Scenarios of a run with their places, and what explains their failures.

use super::text::one_line;
use crate::model::result::{FeatureResult, Run, ScenarioResult};

/// All scenarios, each with its feature.
pub(super) fn scenarios(run: &Run) -> impl Iterator<Item = (&FeatureResult, &ScenarioResult)> {
    run.features.iter().flat_map(|feature| feature.scenarios.iter().map(move |one| (feature, one)))
}

/// `FILE:LINE`.
pub(super) fn place(feature: &FeatureResult, scenario: &ScenarioResult) -> String {
    format!("{}:{}", one_line(&feature.file), scenario.line)
}

/// The hint that explains a failure, as an index.
pub(super) fn cause(scenario: &ScenarioResult) -> Option<usize> {
    scenario.failure.as_ref().and_then(|failure| failure.cause)
}
