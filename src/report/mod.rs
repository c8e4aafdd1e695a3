//! Results in the forms that people and programs read; one file per format.
//!
//! Pure functions from the plain data of `model` to text. Nothing here writes a file, asks whether
//! there is a terminal, or decides an exit code: the command line does. Whatever a receiver or a
//! feature file says is shown, never obeyed: each format escapes what could steer its reader.

mod failure;
pub mod github;
pub mod html;
pub mod json;
pub mod junit;
pub mod play;
#[cfg(test)]
mod sample;
pub mod snippet;
mod status;
pub mod terminal;
mod text;

use std::collections::BTreeMap;

use crate::model::result::{FeatureResult, Totals, Verdict};

pub use status::reason;
pub use text::{Colour, duration, printable};

/// The text of each feature file, by the name that its [`crate::model::result::FeatureResult`]
/// has: failures are shown at their place in it. A file that is missing here is shown without.
pub type Sources = BTreeMap<String, String>;

/// How many scenarios of a feature ended in which way.
fn totals(feature: &FeatureResult) -> Totals {
    let count = |wanted: fn(&Verdict) -> bool| {
        feature.scenarios.iter().filter(|scenario| wanted(&scenario.verdict)).count()
    };
    Totals {
        passed: count(|verdict| matches!(verdict, Verdict::Passed)),
        failed: count(|verdict| matches!(verdict, Verdict::Failed)),
        skipped: count(|verdict| matches!(verdict, Verdict::Skipped(_))),
    }
}

/// The totals in the order in which every report has them.
fn named(totals: Totals) -> [(&'static str, usize); 3] {
    [("passed", totals.passed), ("failed", totals.failed), ("skipped", totals.skipped)]
}
