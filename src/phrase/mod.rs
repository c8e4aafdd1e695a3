//! Phrases: the sentences of Gherkin steps and scenario files, and how they are read.
//!
//! - [`pattern`]: patterns with placeholders, such as `staff call {who}`
//! - [`call`]: the actions of a vendor, said in the phrases of its catalogue
//! - [`row`]: the phrases that belong to no vendor: pattern, description and reader in one row
//!
//! This room knows no particular phrase. Each table stands in the room that acts on it.

pub mod call;
pub mod pattern;
pub mod row;
mod write;

pub use call::{ParsedCall, Word, read};
pub use pattern::unquoted;
pub use row::{Phrase, Values};

/// Why a text is not a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhraseError {
    /// No pattern matches. Holds the nearest pattern, if one is near enough.
    Unknown(Option<String>),
    /// A pattern matches, but one of its values is invalid: why.
    Value(String),
}
pub use write::phrase_of;
