//! Where a fact about a vendor comes from.

/// How much of a vendor fact is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// The vendor's documents say so: where.
    Documented(&'static str),
    /// Standin assumes so: why.
    Assumed(&'static str),
}
