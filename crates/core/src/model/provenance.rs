//! Where a fact about a vendor comes from.

/// Whether a fact about a vendor is documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// The vendor's documents say so. Names the place.
    Documented(&'static str),
    /// Standin assumes it. Gives the reason.
    Assumed(&'static str),
}
