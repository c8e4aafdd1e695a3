//! The rules that every vendor must follow. The tests walk the registry and name no vendor.
//!
//! Rules for one vendor are in its own file (`tests/<vendor>.rs`). `tests/fixtures.rs` compares the
//! keys and forms of bodies with the documented ones.

mod common;

#[path = "common/all_ids.rs"]
mod all_ids;
#[path = "conformance/catalogue.rs"]
mod catalogue;
#[path = "conformance/facts.rs"]
mod facts;
#[path = "conformance/phrases.rs"]
mod phrases;
#[path = "conformance/reached.rs"]
mod reached;
#[path = "conformance/refusals.rs"]
mod refusals;
#[path = "conformance/seeds.rs"]
mod seeds;
#[path = "conformance/set_ids.rs"]
mod set_ids;
#[path = "conformance/stories.rs"]
mod stories;
#[path = "conformance/transitions.rs"]
mod transitions;
#[path = "conformance/truths.rs"]
mod truths;
#[path = "conformance/webhooks.rs"]
mod webhooks;

use standin::model::{Catalogue, Profile};
use standin::vendors::{Vendor, registry};

/// With fewer of these some have been lost.
const VENDORS_AT_LEAST: usize = 3;
const PROFILES_AT_LEAST: usize = 8;

/// Every vendor.
fn vendors() -> impl Iterator<Item = (&'static dyn Vendor, &'static Catalogue)> {
    let vendors = || registry::shipped().vendors();
    assert!(vendors().count() >= VENDORS_AT_LEAST, "only {} vendors", vendors().count());
    vendors().map(|vendor| (vendor, vendor.catalogue()))
}

/// Checks a claim for every vendor. A claim returns how many cases it checked. Each vendor must
/// have `at_least` cases.
fn for_any_vendor(
    at_least: usize,
    holds: impl Fn(&'static dyn Vendor, &'static Catalogue) -> usize,
) {
    for (vendor, catalogue) in vendors() {
        let cases = holds(vendor, catalogue);
        assert!(cases >= at_least, "{}: only {cases} cases", catalogue.vendor);
    }
}

/// Every vendor in every one of its profiles.
fn profiles() -> impl Iterator<Item = (&'static dyn Vendor, &'static Profile)> {
    let profiles = vendors().flat_map(|(vendor, catalogue)| {
        catalogue.profiles.iter().map(move |profile| (vendor, profile))
    });
    let profiles: Vec<_> = profiles.collect();
    assert!(profiles.len() >= PROFILES_AT_LEAST, "only {} profiles", profiles.len());
    profiles.into_iter()
}
