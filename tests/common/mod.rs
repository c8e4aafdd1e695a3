//! What several tests share: webhooks to look at, for any vendor.
//!
//! It knows the catalogue and the simulation, no vendor.

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

/// The first so many webhooks of a vendor's default traffic.
pub fn traffic(
    vendor: &'static dyn Vendor,
    profile: &'static Profile,
    seed: u64,
    webhooks_at_least: usize,
) -> Vec<Webhook> {
    let catalogue = vendor.catalogue();
    let account_settings = settings::defaults(catalogue.settings);
    let (mut sim, account) = open(vendor, profile, account_settings.clone(), seed);
    sim.populate(account, &account_settings, &settings::defaults(catalogue.traffic));
    let mut webhooks = Vec::new();
    while webhooks.len() < webhooks_at_least {
        sim.step(&mut webhooks);
    }
    webhooks
}
