//! Reads a vendor's section key by key, since the parser's own messages could show a secret.

use serde::de::DeserializeOwned;
use serde_saphyr::Location;

use super::keys::{Section, VendorSection};
use super::source::Source;
use crate::model::{Catalogue, Problem};
use crate::text::no_duration;
use crate::vendors::Vendor;

/// Reads the section of one vendor.
pub struct Reader<'a> {
    pub source: &'a Source<'a>,
    pub vendor: &'static dyn Vendor,
    pub section: &'a Section,
    /// The place of the section.
    pub at: Location,
}

impl Reader<'_> {
    /// The value of a key and its place. `right` says what the key takes.
    pub fn get<T: DeserializeOwned>(
        &self,
        key: &str,
        right: &str,
    ) -> Result<Option<(T, Location)>, Problem> {
        let listed = VendorSection::KEYS.iter().any(|known| known.name == key);
        assert!(listed, "the key {key} is not in the list of keys");
        let Some(given) = self.section.get(key) else { return Ok(None) };
        serde_json::from_value(given.value.clone())
            .map(|value| Some((value, given.referenced)))
            .map_err(|_| self.problem(given.referenced, format!("`{key}` takes {right}"), &[]))
    }

    /// A mistake at this place in the section.
    pub fn problem(&self, at: Location, title: impl Into<String>, help: &[String]) -> Problem {
        self.source.problem(at, title, help)
    }

    /// The mistake that a value is not a length of time. `right` says what the key takes.
    pub fn no_duration(&self, at: Location, right: &str, given: &str) -> Problem {
        self.problem(at, format!("{right}; {}", no_duration(given)), &[])
    }

    /// What the vendor declares.
    pub fn catalogue(&self) -> &'static Catalogue {
        self.vendor.catalogue()
    }
}
