//! Results that are to be joined, and why they cannot be.

use crate::model::load::LoadReport;
use crate::text::some_of;

/// The results of shards, with the name of the file that they are from.
pub struct Part {
    /// The name of the file.
    pub name: String,
    /// What it says.
    pub report: LoadReport,
}

/// Why results cannot be joined.
#[derive(Debug, thiserror::Error)]
pub enum MergeProblem {
    /// No results were given.
    #[error("there are no results to join")]
    Nothing,
    /// A file is wrong.
    #[error("{name}: {why}")]
    Wrong {
        /// Which file.
        name: String,
        /// What is wrong, and where.
        why: String,
    },
    /// Two files are not of one run.
    #[error("{one} has {what} {its}, and {other} has {others}: they are not shards of one run")]
    Unequal {
        /// A file.
        one: String,
        /// Another.
        other: String,
        /// In what they differ.
        what: &'static str,
        /// The value in the first file.
        its: String,
        /// The value in the other.
        others: String,
    },
    /// A shard is in two files.
    #[error("shard {shard} is in {one} and in {other}; it would count twice")]
    Twice {
        /// The shard.
        shard: usize,
        /// A file.
        one: String,
        /// Another.
        other: String,
    },
    /// Shards are missing.
    #[error(
        "{} of {of} shards are missing: {}; `--partial` joins the others", .missing.len(), some_of(.missing)
    )]
    Incomplete {
        /// How many shards the run has.
        of: usize,
        /// Those that are missing.
        missing: Vec<usize>,
    },
}
