//! The journal of a scenario: in memory, for the expectations to look at, and in a file if one is
//! kept.

use jiff::Timestamp;
use serde_json::json;

use super::plan::ScenarioPlan;
use crate::clock::wall_clock;
use crate::driver::Target;
use crate::journal::Memory;
use crate::journal::sqlite::{RunInfo, Store};

/// What a journal file says of a scenario.
pub struct About {
    file: String,
    line: usize,
    name: String,
    /// The vendor of its account.
    pub vendor: Option<&'static str>,
    seed: u64,
    start: Timestamp,
    purpose: String,
}

impl About {
    /// About a scenario of this file, run with this seed.
    pub fn of(file: &str, plan: &ScenarioPlan, seed: u64) -> Self {
        Self {
            file: file.to_owned(),
            line: plan.line,
            name: plan.name.clone(),
            vendor: plan.vendor,
            seed,
            start: plan.start,
            purpose: plan.purpose.clone(),
        }
    }
}

/// A new journal for a scenario against this receiver. Where the file cannot be written any more,
/// the scenario sends nothing.
pub fn begin(file: Option<&Store>, about: &About, target: &Target) -> Memory {
    let Some(file) = file else { return Memory::default() };
    // To wait for each commit would make a run three times as long.
    Memory::copy_of(file.begin_queued(RunInfo {
        command: "check".to_owned(),
        name: about.name.clone(),
        vendor: about.vendor.map(str::to_owned),
        seed: about.seed,
        start: about.start,
        created: wall_clock(),
        meta: json!({
            "version": env!("CARGO_PKG_VERSION"),
            "file": about.file,
            "line": about.line,
            "target": target.url,
            "streams": [about.purpose],
        }),
    }))
}
