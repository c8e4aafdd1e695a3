//! Tables of phrases that belong to no vendor. A row has the pattern, its description and the
//! function that reads it, so that a phrase is declared in one place.

use std::time::Duration;

use super::pattern::{capture, unquoted};
use crate::text::{duration, no_duration};

/// A phrase: one row of a table.
pub struct Phrase<T> {
    /// The pattern: `{duration} pass`.
    pub pattern: &'static str,
    /// The description in the list of all phrases.
    pub about: &'static str,
    reader: Reader<T>,
}

/// Turns the values of a matched pattern into what the phrase means, or says why they are invalid.
type Reader<T> = fn(&Values<'_>) -> Result<T, String>;

impl<T> Phrase<T> {
    /// A row of a table.
    pub const fn new(pattern: &'static str, about: &'static str, reader: Reader<T>) -> Self {
        Self { pattern, about, reader }
    }
}

/// Reads a text by the first row whose pattern matches. `None` if no pattern does.
///
/// # Errors
/// If a value is invalid: what would be right.
pub fn read<T>(phrases: &[Phrase<T>], text: &str) -> Option<Result<T, String>> {
    read_with_table(phrases, text, &[])
}

/// The same for a step that may have a table below it, given as pairs.
///
/// # Errors
/// If a value is invalid: what would be right.
pub fn read_with_table<T>(
    phrases: &[Phrase<T>],
    text: &str,
    table: &[(String, String)],
) -> Option<Result<T, String>> {
    phrases.iter().find_map(|phrase| {
        let values = Values { captured: capture(phrase.pattern, text)?, table };
        Some((phrase.reader)(&values))
    })
}

/// Pattern and description of each row, for the list of all phrases.
pub fn listed<T>(phrases: &[Phrase<T>]) -> Vec<(&'static str, &'static str)> {
    phrases.iter().map(|phrase| (phrase.pattern, phrase.about)).collect()
}

/// The values of a text that matches a pattern.
pub struct Values<'a> {
    captured: Vec<(String, String)>,
    table: &'a [(String, String)],
}

impl Values<'_> {
    /// The value of a placeholder, without its quotes if it has any.
    pub fn text(&self, placeholder: &str) -> String {
        unquoted(self.raw(placeholder))
    }

    /// The value of a placeholder, exactly as written.
    pub fn raw(&self, placeholder: &str) -> &str {
        self.captured
            .iter()
            .find(|(name, _)| name == placeholder)
            .map(|(_, value)| value.as_str())
            .unwrap_or_else(|| panic!("the pattern has no placeholder {{{placeholder}}}"))
    }

    /// The value of `{number}`.
    ///
    /// # Errors
    /// If it is out of bounds.
    pub fn number(&self, least: u32, most: u32) -> Result<u32, String> {
        let text = self.raw("number");
        let number = text.parse().ok().filter(|number| (least..=most).contains(number));
        number.ok_or_else(|| format!("`{text}` must be a whole number from {least} to {most}"))
    }

    /// The value of `{duration}`.
    ///
    /// # Errors
    /// If it is not a length of time, or too long.
    pub fn duration(&self) -> Result<Duration, String> {
        let text = self.raw("duration");
        duration(text)
            .ok_or_else(|| format!("{}; write it like 90s, 4 minutes or 1h 30m", no_duration(text)))
    }

    /// The table below the step: its fields, each given once.
    ///
    /// # Errors
    /// If the table has no fields, or gives one twice.
    pub fn fields(&self) -> Result<Vec<(String, String)>, String> {
        if self.table.is_empty() {
            let help = "put a table | field | value | below the step";
            return Err(format!("the step needs fields: {help}"));
        }
        let twice = self.table.iter().enumerate().find(|(index, (field, _))| {
            self.table[..*index].iter().any(|(other, _)| other == field)
        });
        match twice {
            Some((_, (field, _))) => Err(format!("the field `{field}` is given twice")),
            None => Ok(self.table.to_vec()),
        }
    }

    /// The table below the step, which may be missing.
    pub fn settings(&self) -> Vec<(String, String)> {
        self.table.to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAITS: &[Phrase<u32>] = &[
        Phrase::new("wait", "waits once", |_| Ok(1)),
        Phrase::new("wait {number} times", "waits more often", |values| values.number(2, 9)),
    ];

    #[test]
    fn the_row_that_matches_reads_the_text() {
        assert_eq!(read(WAITS, "wait"), Some(Ok(1)));
        assert_eq!(read(WAITS, "wait 3 times"), Some(Ok(3)));
        assert_eq!(read(WAITS, "go"), None);
    }

    #[test]
    fn a_value_out_of_bounds_says_what_would_be_right() {
        for text in ["wait 10 times", "wait 99999999999 times"] {
            let wrong = read(WAITS, text).expect("it matches").expect_err("too often");
            assert!(wrong.ends_with("must be a whole number from 2 to 9"), "{wrong}");
        }
    }
}
