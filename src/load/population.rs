//! The population: the accounts of each vendor, and what their people do.

use jiff::Timestamp;

use crate::chance::Chance;
use crate::driver::VendorTarget;
use crate::model::{Profile, SettingProblem, Settings};
use crate::sim::{Opening, Simulation};

/// What a population is made of.
#[derive(Clone, Copy)]
pub struct Population<'a> {
    /// The seed.
    pub seed: u64,
    /// When virtual time begins.
    pub start: Timestamp,
    /// The vendors, each once.
    pub vendors: &'a [VendorTraffic<'a>],
    /// How many accounts each vendor has.
    pub accounts: usize,
}

/// The traffic of a vendor: how its accounts are set up, and what their people do.
#[derive(Clone)]
pub struct VendorTraffic<'a> {
    /// The vendor, and how it reaches the receiver.
    pub target: &'a VendorTarget,
    /// The version of the payloads.
    pub profile: &'static Profile,
    /// The settings of the accounts.
    pub account: Settings,
    /// The settings of the traffic.
    pub traffic: Settings,
}

/// The stream of chance that the accounts of a load have.
pub const STREAM: &str = "load";

/// The name of the account of this number.
pub fn name(number: usize) -> String {
    format!("load {number}")
}

impl Population<'_> {
    /// How many accounts there are.
    pub fn len(&self) -> usize {
        self.accounts * self.vendors.len()
    }

    /// Whether there is no account.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The place of the vendor of this account.
    pub fn vendor(&self, number: usize) -> usize {
        number % self.vendors.len()
    }

    /// The simulation of this account, with the people in it.
    pub(super) fn simulation(&self, number: usize) -> Simulation {
        let VendorTraffic { target, profile, account, traffic } =
            &self.vendors[self.vendor(number)];
        let chance = Chance::from_seed(self.seed).child(STREAM);
        let mut sim = Simulation::new(chance, self.start);
        let opening = Opening { name: name(number), profile, settings: account.clone() };
        let place = sim.open(target.vendor, opening);
        sim.populate(place, account, traffic);
        sim
    }
}

impl<'a> VendorTraffic<'a> {
    /// A vendor's default day, at accounts as the target has them.
    ///
    /// # Errors
    /// If a setting of the target is wrong.
    pub fn usual(target: &'a VendorTarget) -> Result<Self, SettingProblem> {
        let account = target.settings_with([])?;
        let traffic = Settings::check(target.vendor.catalogue().traffic, [])?;
        Ok(Self { target, profile: target.profile, account, traffic })
    }

    /// The name of the vendor.
    pub fn name(&self) -> &'static str {
        self.target.vendor.catalogue().vendor
    }

    /// The vendor and what is not as it is by default: `waitwhile: time_zone Europe/Berlin, no_show 20%`. None
    /// if everything is.
    pub fn differs(&self) -> Option<String> {
        let catalogue = self.target.vendor.catalogue();
        let usual = catalogue.default_profile().name;
        let profile =
            (self.profile.name != usual).then(|| format!("profile {}", self.profile.name));
        let account = self.account.differing(catalogue.settings);
        let traffic = self.traffic.differing(catalogue.traffic);
        let all: Vec<String> = profile.into_iter().chain(account).chain(traffic).collect();
        (!all.is_empty()).then(|| format!("{}: {}", self.name(), all.join(", ")))
    }
}

/// What is not as it is by default, for each vendor of which that holds.
pub fn differing(vendors: &[VendorTraffic<'_>]) -> Vec<String> {
    vendors.iter().filter_map(VendorTraffic::differs).collect()
}

/// What `differing` gives, as one text.
pub fn settings(differing: &[String]) -> String {
    if differing.is_empty() { "all by default".to_owned() } else { differing.join("; ") }
}

/// The names of these vendors.
pub fn names(vendors: &[VendorTraffic<'_>]) -> Vec<&'static str> {
    vendors.iter().map(VendorTraffic::name).collect()
}
