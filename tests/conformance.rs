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

/// Every vendor.
fn vendors() -> impl Iterator<Item = (&'static dyn Vendor, &'static Catalogue)> {
    registry::shipped().vendors().map(|vendor| (vendor, vendor.catalogue()))
}

/// Every vendor in every one of its profiles.
fn profiles() -> impl Iterator<Item = (&'static dyn Vendor, &'static Profile)> {
    vendors().flat_map(|(vendor, catalogue)| {
        catalogue.profiles.iter().map(move |profile| (vendor, profile))
    })
}
