//! What stands above the scenarios: the totals of each vendor, and the failures by their cause.

use std::cmp::Reverse;

use crate::model::result::{FeatureResult, Run, Totals, Verdict};
use crate::report::named;

/// The id of a feature in the page, by its number from 0.
pub fn feature_id(number: usize) -> String {
    format!("feature-{}", number + 1)
}

/// The id of a scenario in the page, by the numbers of its feature and its own.
pub fn scenario_id(feature: usize, number: usize) -> String {
    format!("scenario-{}-{}", feature + 1, number + 1)
}

/// How many scenarios ended in one way.
pub struct Share {
    pub name: &'static str,
    pub class: &'static str,
    pub count: usize,
}

/// The classes of the totals.
const CLASSES: [&str; 6] = ["passed", "in-part", "failed", "warned", "known", "skipped"];

/// The totals that are not zero.
pub fn shares(totals: Totals) -> Vec<Share> {
    let shares = named(totals).into_iter().zip(CLASSES);
    let shares = shares.map(|((name, count), class)| Share { name, class, count });
    shares.filter(|share| share.count > 0).collect()
}

/// The totals of the scenarios of one vendor.
pub struct VendorView {
    pub name: &'static str,
    pub shares: Vec<Share>,
    /// The id of its first feature in the page.
    pub first: String,
}

/// Each vendor that scenarios are about, in the order of the features. The totals of one vendor alone
/// are those of the run.
pub fn vendors(features: &[&FeatureResult]) -> Vec<VendorView> {
    let mut vendors = Vec::<VendorView>::new();
    for (number, feature) in features.iter().enumerate() {
        for name in feature.scenarios.iter().filter_map(|one| one.vendor) {
            if vendors.iter().all(|vendor| vendor.name != name) {
                let all = features.iter().flat_map(|feature| &feature.scenarios);
                let own = all.filter(|one| one.vendor == Some(name));
                let (shares, first) = (shares(Totals::of(own)), feature_id(number));
                vendors.push(VendorView { name, shares, first });
            }
        }
    }
    if vendors.len() > 1 { vendors } else { Vec::new() }
}

/// Failures that have something in common.
pub struct Cause<'a> {
    /// The hint that explains them, as an index.
    hint: Option<usize>,
    /// The hint, else the rule that is broken, else what went wrong in each.
    pub text: String,
    pub scenarios: Vec<Link<'a>>,
}

/// A link to a scenario in the page.
pub struct Link<'a> {
    pub id: String,
    pub name: &'a str,
    /// What went wrong.
    pub message: &'a str,
    /// `FILE:LINE`.
    pub place: String,
}

/// The failures by their cause: first those that a hint explains, then the others by the rule that
/// they break, the most frequent first. A single failure needs no list.
pub fn causes<'a>(run: &'a Run, features: &[&'a FeatureResult]) -> Vec<Cause<'a>> {
    let mut causes = Vec::<Cause<'_>>::new();
    for (place, feature) in features.iter().enumerate() {
        for (number, scenario) in feature.scenarios.iter().enumerate() {
            let failure = scenario.failure.as_ref();
            let Some(failure) = failure.filter(|_| scenario.verdict == Verdict::Failed) else {
                continue;
            };
            let hint = failure.cause.filter(|hint| *hint < run.hints.len());
            let text = match (hint, feature.rule_of(scenario)) {
                (Some(hint), _) => run.hints[hint].clone(),
                (None, Some(rule)) => {
                    format!("{} ({}): {}", rule.id, rule.level.name(), rule.title)
                }
                (None, None) => failure.message.clone(),
            };
            let link = Link {
                id: scenario_id(place, number),
                name: &scenario.name,
                message: &failure.message,
                place: format!("{}:{}", feature.file, scenario.line),
            };
            match causes.iter_mut().find(|one| one.hint == hint && one.text == text) {
                Some(cause) => cause.scenarios.push(link),
                None => causes.push(Cause { hint, text, scenarios: vec![link] }),
            }
        }
    }
    causes.sort_by_key(|cause| (cause.hint.is_none(), Reverse(cause.scenarios.len())));
    let count: usize = causes.iter().map(|cause| cause.scenarios.len()).sum();
    if count > 1 { causes } else { Vec::new() }
}
