//! Phrases: the sentences of Gherkin steps and scenario files, and how they are read.
//!
//! - [`pattern`]: patterns with placeholders, such as `staff call {who}`
//! - [`call`]: the phrases of a vendor's catalogue, for its actions
//! - [`with_a_name`]: what was meant if a name begins with a small letter
//! - [`row`]: the phrases that belong to no vendor: pattern, description and reader in one row
//!
//! This room has no phrase of its own. Each table is in the room that carries out its phrases.

pub mod call;
pub mod pattern;
pub mod row;
mod unnamed;
mod write;

pub use call::{ParsedCall, Word, read};
pub use pattern::unquoted;
pub use row::{Phrase, Values};
pub use unnamed::with_a_name;

/// Why a text is not a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhraseError {
    /// No pattern matches. Holds the nearest pattern, if one is near enough.
    Unknown(Option<String>),
    /// A pattern matches, but one of its values is invalid: why.
    Value(String),
}
pub use write::phrase_of;
