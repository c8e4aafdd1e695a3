//! Every vendor that Standin plays: one line each.

use super::Vendor;

/// The vendors, in the order in which they are shown.
pub static VENDORS: &[&dyn Vendor] =
    &[&super::ombori::Ombori, &super::waitwhile::Waitwhile, &super::doo::Doo];

/// The vendor of this name.
pub fn find(name: &str) -> Option<&'static dyn Vendor> {
    VENDORS.iter().copied().find(|vendor| vendor.catalogue().vendor == name)
}

/// The names of all vendors.
pub fn names() -> impl Iterator<Item = &'static str> {
    VENDORS.iter().map(|vendor| vendor.catalogue().vendor)
}
