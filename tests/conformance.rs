//! Every vendor held to the same rules: the registry is walked, and no vendor is named here.
//!
//! What is particular to one vendor is tested in a file of its own (`tests/<vendor>.rs`), and the
//! keys and forms of bodies against the documented ones in `tests/fixtures.rs`.

mod common;

#[path = "conformance/catalogue.rs"]
mod catalogue;
#[path = "conformance/phrases.rs"]
mod phrases;
#[path = "conformance/refusals.rs"]
mod refusals;
#[path = "conformance/seeds.rs"]
mod seeds;
#[path = "conformance/stories.rs"]
mod stories;
#[path = "conformance/transitions.rs"]
mod transitions;
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

/// Holds a claim against every vendor. A claim returns how many cases it looked at. Fewer than
/// `at_least` for any of the vendors would prove too little.
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
