//! Rules for doo's webhooks beyond those for every vendor: bodies follow the field tables, money is
//! exact to the cent, the histories of orders and events are consistent, and each place is sold
//! once.
//!
//! Each claim is checked against random walks with any settings and against a long period of the
//! default traffic. It uses only the webhooks.

mod common;

#[path = "doo/attendees.rs"]
mod attendees;
#[path = "doo/constant.rs"]
mod constant;
#[path = "doo/counters.rs"]
mod counters;
#[path = "doo/events.rs"]
mod events;
#[path = "doo/lifelike.rs"]
mod lifelike;
#[path = "doo/money.rs"]
mod money;
#[path = "doo/optional.rs"]
mod optional;
#[path = "doo/orders.rs"]
mod orders;
#[path = "doo/people.rs"]
mod people;
#[path = "doo/sale.rs"]
mod sale;
#[path = "doo/seen.rs"]
mod seen;
#[path = "doo/stories.rs"]
mod stories;
#[path = "doo/tables.rs"]
mod tables;

use std::sync::LazyLock;

use common::settings;
use common::walk::Walk;
use seen::Seen;
use standin::chance::Chance;
use standin::model::{Catalogue, Settings};
use standin::vendors::{Vendor, registry};

/// How many random walks there are, and how long each is.
const WALKS: u64 = 64;
const STEPS: usize = 400;
/// How many webhooks of the default traffic are checked.
const OF_TRAFFIC: usize = 5_000;

fn doo() -> (&'static dyn Vendor, &'static Catalogue) {
    let vendor = registry::shipped().find("doo").expect("it is registered");
    (vendor, vendor.catalogue())
}

/// A run that claims are checked against.
struct Run {
    seen: Vec<Seen>,
    settings: Settings,
}

/// Checks a claim against walks with any settings, and against the default traffic. All claims use
/// the same runs, which are made once. A claim returns how many cases it checked. All runs together
/// must have `at_least` cases.
fn for_any_run(at_least: usize, holds: impl Fn(&Run) -> usize) {
    static RUNS: LazyLock<Vec<Run>> =
        LazyLock::new(|| std::iter::once(traffic()).chain((0..WALKS).map(walk)).collect());
    let cases: usize = RUNS.iter().map(holds).sum();
    assert!(cases >= at_least, "only {cases} cases");
}

fn traffic() -> Run {
    let (vendor, catalogue) = doo();
    let webhooks = common::traffic(vendor, catalogue.default_profile(), 5, OF_TRAFFIC);
    let settings = settings::defaults(catalogue.settings);
    Run { seen: webhooks.iter().map(Seen::of).collect(), settings }
}

fn walk(seed: u64) -> Run {
    let (vendor, catalogue) = doo();
    let settings = settings::any(catalogue.settings, &mut Chance::from_seed(seed));
    let mut walk = Walk::new(vendor, catalogue.default_profile(), settings.clone(), seed);
    walk.go(STEPS);
    let seen: Vec<Seen> = walk.webhooks.iter().map(Seen::of).collect();
    assert!(seen.len() > STEPS / 4, "walk {seed}: only {} webhooks", seen.len());
    Run { seen, settings }
}
