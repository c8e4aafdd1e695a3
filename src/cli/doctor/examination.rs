//! What is known about a vendor while it is looked at.

use std::collections::BTreeSet;

use crate::driver::VendorTarget;
use crate::report::checkup::{Line, Mark};
use crate::under_test::UnderTest;

/// A line.
pub fn line(mark: Mark, what: &str, found: impl Into<String>) -> Line {
    Line { mark, what: what.to_owned(), found: found.into(), hint: None }
}

/// What is known about a vendor so far.
pub struct Examination<'a> {
    /// The receiver.
    pub subject: &'a UnderTest,
    /// How the vendor reaches it.
    pub target: &'a VendorTarget,
    /// What was found out.
    pub lines: Vec<Line>,
    /// The kinds of subject whose probe was looked through.
    pub seen: BTreeSet<&'static str>,
    /// Whether the first webhook was sent.
    pub began: bool,
}

impl Examination<'_> {
    /// The kinds of subject that have a probe.
    pub fn probed_kinds(&self) -> Vec<&'static str> {
        let catalogue = self.target.vendor.catalogue();
        let kinds = catalogue.subjects.iter().map(|subject| subject.kind);
        kinds.filter(|kind| self.subject.probe(catalogue.vendor, kind).is_some()).collect()
    }
}
