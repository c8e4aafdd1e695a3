//! The receiver under test as the settings describe it: how vendors reach it, and how probes read it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::driver::api_router::ApiCalls;
use crate::driver::{Target, VendorTarget};
use crate::model::tolerance::Tolerance;
use crate::probe::{Probe, Prober};
use crate::vendors::Registry;

/// The receiver under test.
pub struct UnderTest {
    /// The vendors that are played.
    pub registry: Registry,
    /// The receiver and how vendors reach it.
    pub target: Target,
    /// How to read it, by vendor and kind of subject.
    pub probes: BTreeMap<(String, String), Probe>,
    /// Sends the requests of probes.
    pub prober: Prober,
    /// How long it may take until probes show what a webhook changed.
    pub believes_within: Duration,
    /// How long a value must stay the same to count as unchanged.
    pub quiet_for: Duration,
    /// Whether a run of the contract fails in which a scenario was skipped or passed only in part.
    pub fail_on_skipped: bool,
    /// Features that a run of the contract without a path has besides the shipped ones.
    pub features: Vec<PathBuf>,
    /// The settings file, if it was named. Another command finds the others by itself.
    pub named: Option<PathBuf>,
    /// Where these settings come from, if that may surprise.
    pub notice: Option<String>,
    /// Which failures of the contract do not fail a run.
    pub tolerance: Tolerance,
    /// What the receiver asks the vendors' APIs, if they are served while the contract runs.
    pub apis: Option<ApiCalls>,
}

impl UnderTest {
    /// The probe for a kind of subject.
    pub fn probe(&self, vendor: &str, kind: &str) -> Option<&Probe> {
        self.probes.get(&(vendor.to_owned(), kind.to_owned()))
    }

    /// The same for another thread. It has no calls of the APIs, which one thread answers, and persistent connections
    /// of its own, since a connection moves on the thread that made it.
    pub fn on_another_thread(&self) -> Self {
        let Self { registry, believes_within, quiet_for, fail_on_skipped, .. } = *self;
        let mut target = self.target.clone();
        target.sender = target.sender.with_own_connections();
        Self {
            registry,
            target,
            probes: self.probes.clone(),
            prober: self.prober.clone().with_own_connections(),
            believes_within,
            quiet_for,
            fail_on_skipped,
            features: self.features.clone(),
            named: self.named.clone(),
            notice: self.notice.clone(),
            tolerance: self.tolerance.clone(),
            apis: None,
        }
    }

    /// Why the receiver cannot call the API of a vendor, if it cannot.
    pub fn lacks_api(&self, vendor: &VendorTarget) -> Option<String> {
        let name = vendor.vendor.catalogue().vendor;
        if self.apis.is_none() {
            return Some("the vendors' APIs are not served (`standin check --serve`)".to_owned());
        }
        // Each account has keys of its own, which the receiver cannot know.
        let known = vendor.api_keys.key.is_some() || vendor.api_keys.client_secret.is_some();
        (!known).then(|| format!("no `api_key` of {name} in standin.yaml"))
    }
}
