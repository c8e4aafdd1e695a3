//! Failures, and what they have in common.

use crate::model::Outcome;
use crate::model::result::{FeatureResult, ScenarioFailure, ScenarioResult};

/// With fewer of them nothing is said.
pub const FEWEST: usize = 3;

/// A scenario: the places of its feature and of itself, from 0.
pub type Place = (usize, usize);

/// What failures have in common.
pub struct Cause {
    /// What is said of it: one or more sentences.
    pub text: String,
    /// The failures that it explains.
    pub failures: Vec<Place>,
}

/// The failures of the receiver that have no cause yet.
pub fn unexplained(
    features: &[FeatureResult],
) -> impl Iterator<Item = (Place, &ScenarioResult, &ScenarioFailure)> {
    scenarios(features).filter_map(|(place, one)| {
        let failure = one.failure.as_ref()?;
        (!failure.internal && failure.cause.is_none()).then_some((place, one, failure))
    })
}

/// All scenarios, each with its place.
pub fn scenarios(features: &[FeatureResult]) -> impl Iterator<Item = (Place, &ScenarioResult)> {
    features.iter().enumerate().flat_map(|(feature, all)| {
        let scenarios = all.scenarios.iter().enumerate();
        scenarios.map(move |(place, one)| ((feature, place), one))
    })
}

/// Whether this request did no harm to its webhook: a limiter or an old token was the reason, and a retry brought it in.
pub fn is_mended(scenario: &ScenarioResult, place: usize) -> bool {
    let one = &scenario.exchanges[place];
    matches!(one.status, Some(401 | 429))
        && scenario.exchanges[place + 1..].iter().any(|later| {
            (&later.trigger, &later.id) == (&one.trigger, &one.id)
                && later.attempt > one.attempt
                && later.outcome == Outcome::Accepted.name()
        })
}
