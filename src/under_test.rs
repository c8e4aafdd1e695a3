//! The receiver under test, as the settings describe it: how the vendors reach it, and how it is
//! looked into.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::engine::Target;
use crate::probe::{Probe, Prober};

/// The receiver under test.
pub struct UnderTest {
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
