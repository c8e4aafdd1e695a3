//! What the accounts of a load forget.

use standin::cli::settings::{self, Overrides};
use standin::clock::default_start;
use standin::load::{Feed, Population, Shard, VendorTraffic};
use standin::under_test::UnderTest;
use standin::vendors::registry;

/// Enough that most subjects are over.
const WEBHOOKS: usize = 20_000;

/// How many subjects the accounts still know.
fn known(feed: &Feed) -> usize {
    let tenants = 0..feed.numbers().0.len();
    let known = |tenant| {
        let sim = feed.sim(tenant);
        sim.subjects(0).filter(|subject| sim.knows(0, *subject)).count()
    };
    tenants.map(known).sum()
}

/// What standin.yaml says by default.
pub fn set_up() -> UnderTest {
    let overrides = Overrides { target: None, allow_host: Vec::new(), start: None };
    let read = settings::read(registry::shipped(), "standin.yaml", settings::BUILT_IN, &overrides);
    read.unwrap_or_else(|_| panic!("right settings"))
}

#[test]
fn accounts_that_forget_send_the_same_webhooks_and_keep_less() {
    let under_test = set_up();
    for vendor in ["ombori", "waitwhile", "doo"] {
        let traffic = VendorTraffic::usual(&under_test.target.vendors[vendor]).expect("settings");
        let vendors = [traffic];
        let population =
            Population { seed: 5, start: default_start(), vendors: &vendors, accounts: 1 };
        let (mut keeps, mut forgets) =
            (population.share(Shard::WHOLE, 0, 1), population.share(Shard::WHOLE, 0, 1));
        for number in 0..WEBHOOKS {
            if let Some(crowded) = forgets.crowded() {
                forgets.forget_ended(crowded, std::iter::empty());
            }
            let one = keeps.pull().map(|made| (made.trigger, made.subject, made.body.to_vec()));
            let other = forgets.pull().map(|made| (made.trigger, made.subject, made.body.to_vec()));
            assert!(one.is_some() && one == other, "webhook {number} of {vendor}");
        }
        assert!(known(&forgets) < known(&keeps), "{vendor} has forgotten nobody meanwhile");
        let (all, left) = (known(&keeps), forgets.living());
        assert!(left * 2 < all, "{vendor}: {left} of {all} subjects are left");
    }
}

#[test]
fn a_subject_of_the_sample_is_not_forgotten() {
    let under_test = set_up();
    let vendors = [VendorTraffic::usual(&under_test.target.vendors["ombori"]).expect("settings")];
    let population = Population { seed: 5, start: default_start(), vendors: &vendors, accounts: 1 };
    let mut feed = population.share(Shard::WHOLE, 0, 1);
    let sampled = feed.pull().expect("a webhook").subject;
    for _ in 0..WEBHOOKS {
        if let Some(crowded) = feed.crowded() {
            feed.forget_ended(crowded, std::iter::once(sampled));
        }
        feed.pull();
    }
    assert!(feed.sim(0).knows(0, sampled));
    assert!(feed.sim(0).truth(0, sampled).is_object());
    feed.living();
    assert!(!feed.sim(0).knows(0, sampled), "it was over");
}
