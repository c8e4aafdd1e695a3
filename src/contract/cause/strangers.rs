//! A receiver knows some subjects and not others, though it accepted their webhooks: it may keep only what is about
//! its own locations, queues or events.

use super::failures::{Cause, Place, unexplained};
use crate::contract::probed::{self, Shown};
use crate::driver::VendorTarget;
use crate::model::result::{Exchange, FeatureResult, ScenarioFailure, ScenarioResult};
use crate::model::{Outcome, SET_IDS, SettingKind};
use crate::text::{counted, names};

/// With fewer failures nothing is said: there may be other reasons.
const FEWEST: usize = 10;

/// How the failure of a subject that is not known begins.
const UNKNOWN: &str = "the receiver does not know ";

/// The cause, if many subjects of a kind are not known of which others are, and no ids are set. Subjects of other kinds
/// may belong to them.
pub fn cause(vendor: &VendorTarget, features: &[FeatureResult], shown: &Shown) -> Option<Cause> {
    let catalogue = vendor.vendor.catalogue();
    let kinds = catalogue.settings.iter().find_map(|setting| match setting.kind {
        SettingKind::Ids(kinds) if setting.name == SET_IDS => Some(kinds),
        _ => None,
    })?;
    if vendor.settings.contains_key(SET_IDS) {
        return None;
    }
    let failures: Vec<(Place, &str)> = unexplained(features)
        .filter(|(_, scenario, _)| scenario.vendor == Some(catalogue.vendor))
        .filter_map(|(place, scenario, failure)| Some((place, unknown(scenario, failure)?)))
        .collect();
    let is_seen = |kind: &str| shown.found(&probed::name(catalogue.vendor, kind));
    if failures.iter().filter(|(_, kind)| is_seen(kind)).count() < FEWEST {
        return None;
    }
    let failures: Vec<Place> = failures.into_iter().map(|(place, _)| place).collect();
    let (title, name) = (catalogue.title, catalogue.vendor);
    let text = format!(
        "{title}: the receiver accepted webhooks and does not know what they were about, in {}, while it knows others. \
         Does it keep only what is about its own {}? Give their ids (`vendors.{name}.ids` in standin.yaml)",
        counted(failures.len() as u64, "scenario"),
        names(kinds.iter().map(|kind| kind.kind))
    );
    Some(Cause { text, failures })
}

/// The kind of the subject that the receiver does not know, if it accepted a webhook about it.
fn unknown<'a>(scenario: &'a ScenarioResult, failure: &ScenarioFailure) -> Option<&'a str> {
    let about = scenario.exchanges.get(failure.exchange?)?;
    let is_of_it = |one: &&Exchange| (&one.kind, &one.id) == (&about.kind, &about.id);
    let mut of_it = scenario.exchanges.iter().filter(is_of_it);
    let is_unknown = failure.message.starts_with(UNKNOWN)
        && of_it.any(|one| one.outcome == Outcome::Accepted.name());
    is_unknown.then_some(about.kind.as_str())
}
