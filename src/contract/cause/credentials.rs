//! A receiver checks no credentials at all.

use super::failures::{Cause, FEWEST, Place, scenarios, unexplained};
use crate::contract::unjudged::is_about_credentials;
use crate::driver::VendorTarget;
use crate::model::result::{Exchange, FeatureResult, ScenarioFailure, ScenarioResult};
use crate::model::{Failure, Outcome, RequestKind};
use crate::text::counted;

/// A cause for webhooks and one for token requests, if none with wrong credentials was refused.
pub fn causes(vendor: &VendorTarget, features: &[FeatureResult]) -> Vec<Cause> {
    let kinds = [RequestKind::Webhook, RequestKind::Token];
    kinds.into_iter().filter_map(|kind| cause(vendor, kind, features)).collect()
}

fn cause(vendor: &VendorTarget, kind: RequestKind, features: &[FeatureResult]) -> Option<Cause> {
    let catalogue = vendor.vendor.catalogue();
    let is_of_it = |one: &Exchange| one.vendor == catalogue.vendor && one.request == kind.name();
    let of_credentials = scenarios(features).filter(|(_, one)| is_about_credentials(one));
    let mut all = of_credentials.flat_map(|(_, one)| &one.exchanges).filter(|one| is_of_it(one));
    // A limiter refuses anything.
    let is_refused = |one: &Exchange| {
        one.outcome == Outcome::Refused.name() && one.status != Some(429)
            || one.outcome == Outcome::Failed(Failure::ServerError).name()
    };
    if all.any(is_refused) {
        return None;
    }
    let is_taken = |one: &Exchange| {
        is_of_it(one) && one.fault.is_some() && one.outcome == Outcome::Accepted.name()
    };
    let failures = unexplained(features).filter(|(_, scenario, failure)| {
        is_about_credentials(scenario)
            && (accepted_in_place_of_refused(scenario, failure).is_some_and(is_of_it)
                // Or it fails later for what should not have been accepted.
                || scenario.exchanges.iter().any(is_taken))
    });
    let failures: Vec<Place> = failures.map(|(place, ..)| place).collect();
    // Old or repeated credentials are right ones.
    let is_wrong = |one: &Exchange| {
        is_of_it(one) && one.fault.as_ref().is_some_and(|fault| fault.contains("credentials"))
    };
    let mut struck = failures
        .iter()
        .flat_map(|(feature, scenario)| features[*feature].scenarios[*scenario].exchanges.iter());
    if failures.len() < FEWEST || !struck.any(is_wrong) {
        return None;
    }
    let (title, count) = (catalogue.title, counted(failures.len() as u64, "scenario"));
    let text = match kind {
        RequestKind::Token => format!(
            "{title}: the receiver gave a token to everybody who asked, whatever the credentials ({count}). Does it check \
             them at all?"
        ),
        _ => format!(
            "{title}: the receiver accepted every webhook, whatever its credentials ({count}). Does it check them at all?"
        ),
    };
    Some(Cause { text, failures })
}

/// The request that was accepted though a scenario expects its refusal.
fn accepted_in_place_of_refused<'a>(
    scenario: &'a ScenarioResult,
    failure: &ScenarioFailure,
) -> Option<&'a Exchange> {
    let expects_refusal = scenario.steps.get(failure.step).is_some_and(|step| step.expects_refusal);
    let exchange = failure.exchange.and_then(|place| scenario.exchanges.get(place));
    exchange.filter(|one| expects_refusal && one.outcome == Outcome::Accepted.name())
}
