//! Renders results as text, one file per format.
//!
//! These are pure functions from `model` to text. The command line writes files, detects terminals
//! and decides exit codes. Text from receivers and feature files is not trusted: each format escapes
//! what its reader could interpret.

pub mod checkup;
mod course;
pub mod curl;
pub mod diff;
pub mod entries;
mod failed;
mod failure;
pub mod generated;
pub mod github;
pub mod har;
pub mod html;
pub mod json;
pub mod junit;
pub mod load;
mod located;
pub mod play;
mod plot;
mod probed;
pub mod recorded;
mod recurrence;
pub mod rules;
#[cfg(test)]
mod sample;
pub mod snippet;
mod status;
pub mod terminal;
mod text;
mod tolerated;
mod unset;
mod verbose;
mod wrap;

use std::collections::BTreeMap;

use crate::model::result::Totals;

pub use status::reason;
pub use text::{Colour, duration, printable};
pub use wrap::{fold, hang, wrap};

/// The text of each feature file, by the name that its [`crate::model::result::FeatureResult`]
/// has. Failures are shown at their place in it. If it is missing, the step is shown alone.
pub type Sources = BTreeMap<String, String>;

/// The totals in the order of every report.
fn named(totals: Totals) -> [(&'static str, usize); 6] {
    [
        ("passed", totals.passed),
        ("passed in part", totals.passed_in_part),
        ("failed", totals.failed),
        ("warned", totals.warned),
        ("known to fail", totals.known),
        ("skipped", totals.skipped),
    ]
}
