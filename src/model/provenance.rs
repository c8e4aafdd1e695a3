//! Where a fact about a vendor comes from.

/// Whether a fact about a vendor is documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// The vendor's documents say so: where.
    Documented(&'static str),
    /// Standin assumes so: why.
    Assumed(&'static str),
}
