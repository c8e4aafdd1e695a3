//! Reads YAML, and turns the parser's errors into mistakes with a place.

mod blank;

use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_saphyr::{Error, Location};

use crate::model::Problem;
use crate::suggest::did_you_mean;
use crate::text::names;

/// A single value, or a list of them, as it was written.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a single value, or a list of them")]
pub enum Scalar {
    /// One.
    Single(Single),
    /// Several.
    List(Vec<Single>),
}

/// A text, a number or a boolean, as it was written.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a single value")]
pub enum Single {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Number(f64),
    /// Text.
    Text(String),
}

impl fmt::Display for Single {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::Number(value) => value.fmt(f),
            Self::Text(value) => value.fmt(f),
        }
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Single(value) => value.fmt(f),
            Self::List(list) => {
                let parts: Vec<String> = list.iter().map(ToString::to_string).collect();
                f.write_str(&parts.join(", "))
            }
        }
    }
}

/// Reads a file.
///
/// # Errors
/// If it is not YAML, or not of this form.
pub fn read<T: DeserializeOwned>(file: &str, source: &str) -> Result<T, Problem> {
    read_blanked(file, source, source).map_err(|(problem, _)| problem)
}

/// The most values that are blanked out: each needs the whole text to be read again.
const MOST_BLANKS: usize = 100;

/// The mistakes in the form of a file, and the text that was read in spite of them.
pub struct Mistakes {
    /// The mistakes.
    pub problems: Vec<Problem>,
    /// The text, with blanks in place of what is wrong.
    blanked: String,
}

impl Mistakes {
    /// All mistakes in the order of their places, with those that were found in what was read. A mistake about a
    /// blank follows from another one, and is left out.
    pub fn with(self, source: &str, found: Vec<Problem>) -> Vec<Problem> {
        let mut problems = self.problems;
        let found = found.into_iter();
        problems.extend(found.filter(|one| !is_about_a_blank(source, &self.blanked, one)));
        problems.sort_by_key(|problem| (problem.line, problem.column));
        // A key may be read for more than one purpose.
        problems.dedup();
        problems
    }
}

/// Reads a file, and reads on behind a value of a wrong form as if it was not there. There is no value if one must
/// be there that could not be read, or if too much is wrong.
pub fn read_on<T: DeserializeOwned>(file: &str, source: &str) -> (Option<T>, Mistakes) {
    let (mut problems, mut blanked) = (Vec::<Problem>::new(), source.to_owned());
    for _ in 0..=MOST_BLANKS {
        let (problem, then) = match read_blanked(file, source, &blanked) {
            Ok(read) => return (Some(read), Mistakes { problems, blanked }),
            Err(wrong) => wrong,
        };
        let next = match then {
            Then::ReadOn => blank::without(&blanked, problem.line, problem.column),
            Then::Stop => None,
        };
        if !is_about_a_blank(source, &blanked, &problem) {
            problems.push(problem);
        }
        let Some(next) = next else { break };
        blanked = next;
    }
    (None, Mistakes { problems, blanked })
}

/// Whether a mistake is at a place that is blanked out, or before nothing but blanks.
fn is_about_a_blank(source: &str, blanked: &str, problem: &Problem) -> bool {
    let line = |text: &str| -> Vec<char> {
        text.lines().nth(problem.line.saturating_sub(1)).unwrap_or_default().chars().collect()
    };
    let (before, now, place) = (line(source), line(blanked), problem.column.saturating_sub(1));
    let rest_is_blank = now.iter().skip(place).all(|letter| letter.is_whitespace());
    before.get(place) != now.get(place) || before != now && rest_is_blank
}

/// What to do after a mistake.
enum Then {
    ReadOn,
    /// What is missing, or too much, cannot be blanked out.
    Stop,
}

/// Reads a text that has blanks in place of some values of the file.
fn read_blanked<T: DeserializeOwned>(
    file: &str,
    source: &str,
    blanked: &str,
) -> Result<T, (Problem, Then)> {
    let options = serde_saphyr::options! {
        with_snippet: false,
        // `off` is a value in standin.yaml, and `no` is a country code.
        strict_booleans: true,
    };
    serde_saphyr::from_str_with_options(blanked, options).map_err(|error| {
        let error = error.without_snippet();
        let at = error.location().unwrap_or(Location::UNKNOWN);
        let then = match error {
            Error::SerdeMissingField { .. } | Error::Budget { .. } => Then::Stop,
            _ => Then::ReadOn,
        };
        let (title, label, help) = match error {
            Error::NullIntoString { .. } if is_a_key(source, at) => no_key(),
            error => complaint(error),
        };
        (problem(file, source, at, title, label, help), then)
    })
}

/// Whether a key begins here.
fn is_a_key(source: &str, at: Location) -> bool {
    rest_of_line(source, at)
        .split_once(':')
        .is_some_and(|(key, _)| matches!(key.trim(), "null" | "~" | ""))
}

fn no_key() -> (String, &'static str, Vec<String>) {
    let help = "leave it out, or quote it if it is a name: `\"null\"`".to_owned();
    ("`null` is no key".to_owned(), "here", vec![help])
}

fn complaint(error: &Error) -> (String, &'static str, Vec<String>) {
    match error {
        Error::SerdeUnknownField { field, expected, .. } => (
            format!("unknown key `{field}`"),
            "not known here",
            vec![
                did_you_mean(field, expected.iter().copied())
                    .unwrap_or_else(|| format!("there are {}", names(expected.iter().copied()))),
            ],
        ),
        Error::SerdeMissingField { field, .. } => {
            (format!("the key `{field}` is missing"), "in this mapping", vec![])
        }
        Error::DuplicateMappingKey { key, .. } => {
            let key = key.as_deref().map_or(String::new(), |key| format!(" `{key}`"));
            (format!("the key{key} is there twice"), "the second one", vec![])
        }
        Error::MultipleDocuments { .. } => {
            ("a second document begins".to_owned(), "only one can be read", vec![])
        }
        Error::NullIntoString { .. } => ("a value is missing".to_owned(), "here", vec![]),
        Error::Eof { .. } => ("there is nothing in this file".to_owned(), "at its end", vec![]),
        Error::Budget { .. } => ("this is too long or too deep".to_owned(), "up to here", vec![]),
        other => (plain(first_line(&other.to_string())), "here", vec![]),
    }
}

/// The parser's message, in words that do not speak of its types.
fn plain(message: String) -> String {
    let starts = |start: &str| message.starts_with(start);
    let right = match message.as_str() {
        "invalid u16" | "invalid u32" => "a whole number",
        "expected sequence start" => "a list: `[…]`",
        "expected mapping start" => "keys with their values",
        "expected string scalar" => "a single value",
        _ if starts("invalid boolean") => "`true` or `false`",
        _ if starts("a single value") => message.as_str(),
        _ => return message,
    };
    format!("this takes {right}")
}

fn first_line(text: &str) -> String {
    // The place is shown separately, so "at line 3, column 5" would repeat it.
    let line = text.lines().next().unwrap_or_default();
    line.split(" at line ").next().unwrap_or(line).to_owned()
}

/// A mistake at this place of a file.
pub fn problem(
    file: &str,
    source: &str,
    at: Location,
    title: String,
    label: &str,
    help: Vec<String>,
) -> Problem {
    let known = at != Location::UNKNOWN;
    Problem {
        file: file.to_owned(),
        source: source.into(),
        line: if known { at.line() as usize } else { 1 },
        column: if known { at.column() as usize } else { 1 },
        length: word_length(source, at),
        title,
        label: label.to_owned(),
        help: help.into_iter().filter(|help| !help.is_empty()).collect(),
    }
}

/// The length from the place to the end of its line, in characters.
fn word_length(source: &str, at: Location) -> usize {
    rest_of_line(source, at).trim_end().chars().count().max(1)
}

/// What stands from the place to the end of its line.
fn rest_of_line(source: &str, at: Location) -> String {
    let line = source.lines().nth((at.line() as usize).saturating_sub(1)).unwrap_or_default();
    line.chars().skip((at.column() as usize).saturating_sub(1)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn reading_goes_on_behind_mistakes_and_ends_if_there_are_too_many() {
        let read = |wrong: usize| {
            let lines = (0..wrong).map(|number| format!("k{number}: x\n"));
            let text = lines.collect::<String>() + "right: 7\n";
            let (read, mistakes) = read_on::<BTreeMap<String, u16>>("f", &text);
            (read.map(|read| read.get("right").copied()), mistakes.problems.len())
        };
        assert_eq!(read(0), (Some(Some(7)), 0));
        assert_eq!(read(30), (Some(Some(7)), 30));
        // A number must not be empty, so its key is blanked out after its value.
        assert_eq!(read(500), (None, MOST_BLANKS / 2 + 1));
    }
}
