//! Which account has which webhook of a run.

use std::collections::BTreeMap;

use standin::clock::default_start;
use standin::load::{Population, Shard, VendorTraffic};

use crate::forget::set_up;

/// How many webhooks of a run are looked at.
const WEBHOOKS: u64 = 960;

#[test]
fn threads_and_shards_share_the_webhooks_of_a_run_whatever_the_turn_of_an_account() {
    let under_test = set_up();
    let usual =
        |vendor| VendorTraffic::usual(&under_test.target.vendors[vendor]).expect("settings");
    let vendors = [usual("ombori"), usual("waitwhile")];
    let population = Population { seed: 5, start: default_start(), vendors: &vendors, accounts: 6 };
    for turn in [1, 8] {
        // Number → account and body.
        let shared = |shards: usize, threads: usize| {
            let mut taken = BTreeMap::new();
            for (index, of) in (0..shards).flat_map(|one| (0..threads).map(move |of| (one, of))) {
                let part = Shard { index, of: shards };
                let mut feed = population.share(part, of, threads).in_turns_of(turn);
                while feed.number() < WEBHOOKS {
                    let number = feed.number();
                    let (numbers, _) = feed.numbers();
                    let numbers = numbers.to_vec();
                    let made = feed.pull().expect("a webhook");
                    let webhook = (numbers[made.tenant], made.body.to_vec());
                    assert!(taken.insert(number, webhook).is_none(), "{number} comes twice");
                }
            }
            taken
        };
        let whole = shared(1, 1);
        assert_eq!(whole.len() as u64, WEBHOOKS);
        assert!(whole.iter().all(|(number, (account, _))| number / turn % 12 == *account as u64));
        assert!(shared(1, 2) == whole && shared(3, 1) == whole && shared(2, 3) == whole);
    }
}
