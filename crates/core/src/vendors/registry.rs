//! The registry: the vendors that a program plays, as a value that is passed down.

use super::Vendor;

/// The vendors that a program plays, in the order in which they are shown.
#[derive(Clone, Copy)]
pub struct Registry {
    vendors: &'static [&'static dyn Vendor],
}

/// The vendors that Standin ships: one line each.
pub const fn shipped() -> Registry {
    Registry::new(&[&super::ombori::Ombori, &super::waitwhile::Waitwhile, &super::doo::Doo])
}

impl Registry {
    /// A registry of these vendors.
    pub const fn new(vendors: &'static [&'static dyn Vendor]) -> Self {
        Self { vendors }
    }

    /// The vendors, in order.
    pub fn vendors(self) -> impl Iterator<Item = &'static dyn Vendor> + Clone {
        self.vendors.iter().copied()
    }

    /// The vendor of this name in commands and files.
    pub fn find(self, name: &str) -> Option<&'static dyn Vendor> {
        self.vendors().find(|vendor| vendor.catalogue().vendor == name)
    }

    /// The vendor of this name in prose and Gherkin.
    pub fn titled(self, title: &str) -> Option<&'static dyn Vendor> {
        self.vendors().find(|vendor| vendor.catalogue().title == title)
    }

    /// The names of the vendors in commands and files.
    pub fn names(self) -> impl Iterator<Item = &'static str> + Clone {
        self.vendors().map(|vendor| vendor.catalogue().vendor)
    }

    /// The names of the vendors in prose and Gherkin.
    pub fn titles(self) -> impl Iterator<Item = &'static str> + Clone {
        self.vendors().map(|vendor| vendor.catalogue().title)
    }
}
