//! The contract: Gherkin features, read and checked before anything is sent, then run by
//! `cucumber`, each scenario in its own engine with its own account.
//!
//! - [`words`]: what a step can say
//! - [`read`]: feature files into plans; every mistake has its place
//! - `rehearse`: each plan is played in the simulation first: what is illegal is found, and what
//!   cannot be judged against this receiver is skipped with a reason
//! - `world`, `expect`, `effects` and `tokens`: the steps at work
//! - [`run`]: the runner
//! - `hint`: what the whole run tells beyond its scenarios

mod effects;
mod exchange;
mod expect;
mod hint;
pub mod read;
mod rehearse;
pub mod run;
mod tokens;
pub mod words;
mod world;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::engine::Target;
use crate::probe::{Probe, Prober};
use crate::vendors::Registry;

pub use read::{Plan, ScenarioPlan, Selection, Source};
pub use run::{Progress, check};

/// What the contract is held against.
pub struct UnderTest {
    /// The vendors that are played.
    pub registry: Registry,
    /// The receiver and how vendors reach it.
    pub target: Target,
    /// How to look inside it, by vendor and kind of subject.
    pub probes: BTreeMap<(String, String), Probe>,
    /// Looks inside it.
    pub prober: Prober,
    /// How long the receiver may take to believe what it was told.
    pub believes_within: Duration,
    /// How long nothing must change for it to count as unchanged.
    pub quiet_for: Duration,
}

impl UnderTest {
    /// The probe for a kind of subject.
    pub fn probe(&self, vendor: &str, kind: &str) -> Option<&Probe> {
        self.probes.get(&(vendor.to_owned(), kind.to_owned()))
    }
}
