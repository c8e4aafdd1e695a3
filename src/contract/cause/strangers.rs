//! A receiver knows some subjects and not others, though it accepted their webhooks: it may keep only what is about
//! its own locations, queues or events.

use super::failures::{Cause, Place, unexplained};
use crate::driver::VendorTarget;
use crate::model::result::FeatureResult;
use crate::model::{Outcome, SET_IDS, SettingKind};
use crate::text::{counted, names};

/// With fewer failures nothing is said: there may be other reasons.
const FEWEST: usize = 10;

/// How the failure of a subject that is not known begins.
const UNKNOWN: &str = "the receiver does not know ";

/// The cause, if many subjects are not known, and no ids are set. What a probe never shows has another cause.
pub fn cause(vendor: &VendorTarget, features: &[FeatureResult]) -> Option<Cause> {
    let catalogue = vendor.vendor.catalogue();
    let kinds = catalogue.settings.iter().find_map(|setting| match setting.kind {
        SettingKind::Ids(kinds) if setting.name == SET_IDS => Some(kinds),
        _ => None,
    })?;
    if vendor.settings.contains_key(SET_IDS) {
        return None;
    }
    let failures = unexplained(features).filter(|(_, scenario, failure)| {
        let last = failure.exchange.and_then(|place| scenario.exchanges.get(place));
        scenario.vendor == Some(catalogue.vendor)
            && failure.message.starts_with(UNKNOWN)
            && last.is_some_and(|one| one.outcome == Outcome::Accepted.name())
    });
    let failures: Vec<Place> = failures.map(|(place, ..)| place).collect();
    let (title, name) = (catalogue.title, catalogue.vendor);
    let text = format!(
        "{title}: the receiver accepted webhooks and does not know what they were about, in {}, while it knows others. \
         Does it keep only what is about its own {}? Give their ids (`vendors.{name}.ids` in standin.yaml)",
        counted(failures.len() as u64, "scenario"),
        names(kinds.iter().map(|kind| kind.kind))
    );
    (failures.len() >= FEWEST).then_some(Cause { text, failures })
}
