//! What many failures have in common. It is said once, with what to try.

mod advice;
mod credentials;
mod endings;
mod failures;
mod probes;
mod settings;
mod states;
mod strangers;
pub mod tokens;
mod words;

pub use advice::mend;
pub use endings::Endings;

use self::failures::Cause;
use super::probed::Shown;
use crate::model::result::FeatureResult;
use crate::under_test::UnderTest;

/// Finds what many failures have in common, and notes it in each of them. What is said of it joins the texts.
pub fn explain(
    under_test: &UnderTest,
    features: &mut [FeatureResult],
    shown: &Shown,
    texts: &mut Vec<String>,
) {
    let vendors = || under_test.target.vendors.values();
    let found = vendors().filter_map(|vendor| endings::cause(vendor, features)).collect();
    note(features, found, texts);
    let found = vendors().filter_map(|vendor| tokens::cause(vendor, features)).collect();
    note(features, found, texts);
    let found = vendors().flat_map(|vendor| credentials::causes(vendor, features)).collect();
    note(features, found, texts);
    // A receiver that accepts nothing, or keeps nothing of others, has nothing to show.
    let found = vendors().filter_map(|vendor| strangers::cause(vendor, features, shown)).collect();
    note(features, found, texts);
    let found = probes::causes(features, shown);
    note(features, found, texts);
    let found = words::causes(under_test, features);
    note(features, found, texts);
    let found = settings::causes(features);
    note(features, found, texts);
    let found = states::causes(features);
    note(features, found, texts);
}

/// Notes causes in the failures that they explain and that have none yet.
fn note(features: &mut [FeatureResult], causes: Vec<Cause>, texts: &mut Vec<String>) {
    for Cause { text, failures } in causes {
        for (feature, scenario) in failures {
            let scenario = &mut features[feature].scenarios[scenario];
            if let Some(failure) = &mut scenario.failure {
                failure.cause = failure.cause.or(Some(texts.len()));
            }
        }
        texts.push(text);
    }
}
