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

/// What was read of a file, whatever is wrong in it.
pub struct Reading<T> {
    /// It. `None` if a value must be there that could not be read.
    pub value: Option<T>,
    /// The mistakes of its form.
    pub problems: Vec<Problem>,
    /// The text that was read, with blanks in place of what is wrong.
    blanked: String,
}

impl<T> Reading<T> {
    /// All mistakes in the order of their places, with those that were found in the value. A mistake about a blank
    /// follows from another one, and is left out.
    pub fn all_problems(self, source: &str, found: Vec<Problem>) -> Vec<Problem> {
        let mut problems = self.problems;
        let found = found.into_iter();
        problems.extend(found.filter(|one| !is_about_a_blank(source, &self.blanked, one)));
        problems.sort_by_key(|problem| (problem.line, problem.column));
        problems
    }
}

/// Reads a file, and reads on behind a value of a wrong form as if it was not there.
pub fn read_on<T: DeserializeOwned>(file: &str, source: &str) -> Reading<T> {
    let (mut problems, mut blanked) = (Vec::<Problem>::new(), source.to_owned());
    loop {
        let (problem, place) = match read_blanked(file, source, &blanked) {
            Ok(read) => return Reading { value: Some(read), problems, blanked },
            Err(wrong) => wrong,
        };
        let next = match place {
            Place::There => blank::without(&blanked, problem.line, problem.column),
            Place::Missing => None,
        };
        if !is_about_a_blank(source, &blanked, &problem) {
            problems.push(problem);
        }
        match next {
            Some(next) => blanked = next,
            None => return Reading { value: None, problems, blanked },
        }
    }
}

fn is_about_a_blank(source: &str, blanked: &str, problem: &Problem) -> bool {
    let line = |text: &str| -> Vec<char> {
        text.lines().nth(problem.line.saturating_sub(1)).unwrap_or_default().chars().collect()
    };
    let (before, now, place) = (line(source), line(blanked), problem.column.saturating_sub(1));
    let rest_is_blank = now.iter().skip(place).all(|letter| letter.is_whitespace());
    before.get(place) != now.get(place) || before != now && rest_is_blank
}

/// Whether what is wrong is there.
enum Place {
    There,
    /// It is where a key should be.
    Missing,
}

/// Reads a text that has blanks in place of some values of the file.
fn read_blanked<T: DeserializeOwned>(
    file: &str,
    source: &str,
    blanked: &str,
) -> Result<T, (Problem, Place)> {
    let options = serde_saphyr::options! {
        with_snippet: false,
        // `off` is a value in standin.yaml, and `no` is a country code.
        strict_booleans: true,
    };
    serde_saphyr::from_str_with_options(blanked, options).map_err(|error| {
        let error = error.without_snippet();
        let at = error.location().unwrap_or(Location::UNKNOWN);
        let place = match error {
            Error::SerdeMissingField { .. } => Place::Missing,
            _ => Place::There,
        };
        let (title, label, help) = match error {
            Error::NullIntoString { .. } if is_a_key(source, at) => no_key(),
            error => complaint(error),
        };
        (problem(file, source, at, title, label, help), place)
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
