//! A mistake in the user's input: where it is, what is wrong, what would be right.

use std::fmt;
use std::sync::Arc;

/// A mistake in a file, a feature or a value on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file as the user knows it.
    pub file: String,
    /// Its whole text, to show the line.
    pub source: Arc<str>,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Length in characters.
    pub length: usize,
    /// What is wrong, in one sentence without a full stop.
    pub title: String,
    /// What is wrong at the place itself, in a few words.
    pub label: String,
    /// What would be right.
    pub help: Vec<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.title)?;
        self.help.iter().try_for_each(|help| write!(f, "; {help}"))
    }
}

impl std::error::Error for Problem {}
