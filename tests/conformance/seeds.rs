//! The same seed gives the same bytes, and accounts do not influence each other.

use proptest::prelude::*;
use standin::chance::Chance;
use standin::clock::default_start;
use standin::model::{Profile, Webhook};
use standin::sim::{Opening, Simulation};
use standin::vendors::Vendor;

use crate::common::walk::Walk;
use crate::common::{settings, traffic};
use crate::profiles;

/// How many webhooks of traffic are compared.
const OF_TRAFFIC: usize = 200;
/// How many of them are of the compared account at least.
const OF_ACCOUNT: usize = 50;
/// How long the compared walks are.
const STEPS: usize = 150;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(6) })]

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_another_seed_others(seed in 0..u64::MAX) {
        for (vendor, profile) in profiles() {
            prop_assert_eq!(walked(vendor, profile, seed), walked(vendor, profile, seed));
            prop_assert_ne!(walked(vendor, profile, seed), walked(vendor, profile, seed + 1));
            let day = |seed| traffic(vendor, profile, seed, OF_TRAFFIC);
            prop_assert_eq!(day(seed), day(seed));
            prop_assert_ne!(day(seed), day(seed + 1));
        }
    }

    #[test]
    fn an_account_does_not_change_when_another_is_opened_beside_it(seed in 0..u64::MAX) {
        for (vendor, profile) in profiles() {
            let alone = busy(vendor, profile, seed, &["north"]);
            let both = busy(vendor, profile, seed, &["south", "north"]);
            let (alone, both) = (of(&alone, "north"), of(&both, "north"));
            let same = alone.len().min(both.len());
            prop_assert!(same >= OF_ACCOUNT, "only {} to compare", same);
            prop_assert_eq!(&alone[..same], &both[..same]);
        }
    }
}

fn walked(vendor: &'static dyn Vendor, profile: &'static Profile, seed: u64) -> Vec<Webhook> {
    let settings = settings::any(vendor.catalogue().settings, &mut Chance::from_seed(seed));
    let mut walk = Walk::new(vendor, profile, settings, seed);
    walk.go(STEPS);
    walk.webhooks
}

/// Accounts with these names and default traffic, on one timeline, until there is enough of the last one. An account may
/// have few webhooks for some time.
fn busy(
    vendor: &'static dyn Vendor,
    profile: &'static Profile,
    seed: u64,
    names: &[&str],
) -> Vec<Webhook> {
    let account = settings::defaults(vendor.catalogue().settings);
    let population = settings::defaults(vendor.catalogue().traffic);
    let mut sim = Simulation::new(Chance::from_seed(seed), default_start());
    for name in names {
        let opening = Opening { name: (*name).to_owned(), profile, settings: account.clone() };
        let index = sim.open(vendor, opening);
        sim.populate(index, &account, &population);
    }
    let last = names.last().expect("a name");
    let is_enough = |webhooks: &[Webhook]| {
        let own = webhooks.iter().filter(|webhook| &*webhook.account == *last);
        webhooks.len() >= OF_TRAFFIC && own.count() >= OF_ACCOUNT
    };
    let mut webhooks = Vec::new();
    while !is_enough(&webhooks) {
        sim.step(&mut webhooks);
    }
    webhooks
}

/// The webhooks of an account, without the numbers of the whole run.
fn of(webhooks: &[Webhook], account: &str) -> Vec<Webhook> {
    let own = webhooks.iter().filter(|webhook| &*webhook.account == account);
    own.map(|webhook| Webhook { seq: 0, ..webhook.clone() }).collect()
}
