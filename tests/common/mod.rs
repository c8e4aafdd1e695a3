//! Webhooks of any vendor, for several tests.
//!
//! It uses the catalogue and the simulation, and knows no vendor.

pub mod settings;
pub mod walk;

use standin::chance::Chance;
use standin::clock::default_start;
use standin::model::{Profile, Settings, Webhook};
use standin::sim::{AccountIndex, Opening, Simulation};
use standin::vendors::Vendor;

/// A simulation with one account of these settings.
pub fn open(
    vendor: &'static dyn Vendor,
    profile: &'static Profile,
    settings: Settings,
    seed: u64,
) -> (Simulation, AccountIndex) {
    let mut sim = Simulation::new(Chance::from_seed(seed), default_start());
    let account = sim.open(vendor, Opening { name: "alone".to_owned(), profile, settings });
    (sim, account)
}

/// The first webhooks of a vendor's default traffic, this many.
pub fn traffic(
    vendor: &'static dyn Vendor,
    profile: &'static Profile,
    seed: u64,
    webhooks_at_least: usize,
) -> Vec<Webhook> {
    let settings = settings::defaults(vendor.catalogue().settings);
    traffic_of(vendor, profile, (settings, seed), webhooks_at_least)
}

/// The first webhooks of a vendor's default traffic at an account with these settings, this many.
pub fn traffic_of(
    vendor: &'static dyn Vendor,
    profile: &'static Profile,
    (account_settings, seed): (Settings, u64),
    webhooks_at_least: usize,
) -> Vec<Webhook> {
    let catalogue = vendor.catalogue();
    let (mut sim, account) = open(vendor, profile, account_settings.clone(), seed);
    sim.populate(account, &account_settings, &settings::defaults(catalogue.traffic));
    let mut webhooks = Vec::new();
    while webhooks.len() < webhooks_at_least {
        sim.step(&mut webhooks);
    }
    webhooks
}
