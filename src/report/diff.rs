//! What differs between two runs: webhooks that only one of them has, that came in another order, or
//! that are not the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use bytes::Bytes;
use serde_json::Value as Json;

use super::printable;

/// How many differences of a body are told.
const TOLD: usize = 6;
/// How many characters of a value are told.
const VALUE_CHARACTERS: usize = 60;

/// A webhook and how it was delivered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Delivered {
    /// What tells it from others of its run: trigger and subject, for people.
    pub what: String,
    /// When it was caused, in virtual time.
    pub at: String,
    /// Its exact body.
    pub body: Bytes,
    /// How each request for it ended.
    pub attempts: Vec<String>,
    /// How it ended.
    pub outcome: Option<String>,
}

/// A difference between two runs.
#[derive(Clone, Debug, PartialEq)]
pub enum Difference {
    /// Only the first has it.
    Missing(String),
    /// Only the second has it.
    Extra(String),
    /// Both have it, in another place among the others.
    Reordered(String),
    /// Both have it, and it is not the same: what differs, and how it was and is.
    Changed(String, Vec<(String, String, String)>),
}

/// What differs, in the order of the first run; what only the second has is last. The webhooks of
/// each are in the order in which they reached the receiver.
pub fn compare(first: &[Delivered], second: &[Delivered]) -> Vec<Difference> {
    let (first, second) = (numbered(first), numbered(second));
    let places: BTreeMap<&str, usize> =
        second.iter().enumerate().map(|(place, (key, _))| (&**key, place)).collect();
    let common: Vec<usize> =
        first.iter().filter_map(|(key, _)| places.get(&**key).copied()).collect();
    let in_order = longest_rising(&common);
    let mut found = Vec::new();
    for (key, one) in &first {
        let Some(place) = places.get(&**key) else {
            found.push(Difference::Missing(key.clone()));
            continue;
        };
        if !in_order.contains(place) {
            found.push(Difference::Reordered(key.clone()));
        }
        let changes = changes(one, second[*place].1);
        if !changes.is_empty() {
            found.push(Difference::Changed(key.clone(), changes));
        }
    }
    let known: BTreeSet<&str> = first.iter().map(|(key, _)| &**key).collect();
    let extra = second.iter().filter(|(key, _)| !known.contains(&**key));
    found.extend(extra.map(|(key, _)| Difference::Extra(key.clone())));
    found
}

/// The differences of a run as text.
pub fn render(run: &str, differences: &[Difference]) -> String {
    let mut text = String::new();
    for difference in differences {
        let (word, what) = match difference {
            Difference::Missing(what) => ("missing", what),
            Difference::Extra(what) => ("extra", what),
            Difference::Reordered(what) => ("reordered", what),
            Difference::Changed(what, _) => ("changed", what),
        };
        let _ = writeln!(text, "{word:<9}  {}: {}", line(run), line(what));
        if let Difference::Changed(_, changes) = difference {
            for (place, was, is) in changes {
                let _ =
                    writeln!(text, "             {}: {} → {}", line(place), line(was), line(is));
            }
        }
    }
    text
}

/// Each with what tells it from the others: those that say the same are numbered.
fn numbered(run: &[Delivered]) -> Vec<(String, &Delivered)> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let numbered = run.iter().map(|one| {
        let count = seen.entry(&one.what).or_default();
        *count += 1;
        let key = if *count == 1 { one.what.clone() } else { format!("{} #{count}", one.what) };
        (key, one)
    });
    numbered.collect()
}

/// The numbers of a longest part that rises.
fn longest_rising(numbers: &[usize]) -> BTreeSet<usize> {
    // The last number of the best part of each length, as a place in `numbers`.
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(numbers.len());
    for (place, number) in numbers.iter().enumerate() {
        let length = tails.partition_point(|tail| numbers[*tail] < *number);
        before.push(length.checked_sub(1).map(|shorter| tails[shorter]));
        if length == tails.len() {
            tails.push(place);
        } else {
            tails[length] = place;
        }
    }
    let last = tails.last().copied();
    std::iter::successors(last, |place| before[*place]).map(|place| numbers[place]).collect()
}

fn changes(first: &Delivered, second: &Delivered) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    let mut differs = |what: &str, was: String, is: String| {
        if was != is {
            found.push((what.to_owned(), was, is));
        }
    };
    let outcome = |one: &Delivered| one.outcome.clone().unwrap_or_else(|| "not over".to_owned());
    differs("time", first.at.clone(), second.at.clone());
    differs("outcome", outcome(first), outcome(second));
    differs("attempts", first.attempts.join(", "), second.attempts.join(", "));
    if first.body != second.body {
        found.extend(body(&first.body, &second.body));
    }
    found
}

/// The first places at which two bodies differ.
fn body(first: &[u8], second: &[u8]) -> Vec<(String, String, String)> {
    let json = |body| serde_json::from_slice::<Json>(body).ok();
    let mut found = Vec::new();
    if let (Some(first), Some(second)) = (json(first), json(second)) {
        places(&first, &second, "body", &mut found);
    }
    let more = found.len().saturating_sub(TOLD);
    found.truncate(TOLD);
    if more > 0 {
        found.push(("body".to_owned(), format!("{more} more places"), "others".to_owned()));
    }
    if found.is_empty() {
        let bytes = |body: &[u8]| format!("{} bytes", body.len());
        found.push(("body".to_owned(), bytes(first), format!("{}, others", bytes(second))));
    }
    found
}

fn places(first: &Json, second: &Json, at: &str, found: &mut Vec<(String, String, String)>) {
    match (first, second) {
        (Json::Object(one), Json::Object(other)) => {
            let keys: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            for key in keys {
                let (was, is) = (one.get(key), other.get(key));
                let at = format!("{at}.{key}");
                match (was, is) {
                    (Some(was), Some(is)) => places(was, is, &at, found),
                    (was, is) => {
                        let told = |it: Option<&Json>| it.map_or("absent".to_owned(), told);
                        found.push((at, told(was), told(is)));
                    }
                }
            }
        }
        (Json::Array(one), Json::Array(other)) if one.len() == other.len() => {
            for (place, (was, is)) in one.iter().zip(other).enumerate() {
                places(was, is, &format!("{at}[{place}]"), found);
            }
        }
        (was, is) if was == is => {}
        (was, is) => found.push((at.to_owned(), told(was), told(is))),
    }
}

fn told(value: &Json) -> String {
    let text = value.to_string();
    match text.char_indices().nth(VALUE_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn line(text: &str) -> String {
    printable(text).replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(letters: &str) -> Vec<Delivered> {
        let one = |letter: char| Delivered {
            what: letter.to_string(),
            body: format!("{{\"a\":\"{letter}\",\"b\":[1,2]}}").into(),
            ..Delivered::default()
        };
        letters.chars().map(one).collect()
    }

    fn told(first: &str, second: &str) -> Vec<String> {
        let told = render("r", &compare(&run(first), &run(second)));
        told.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn what_is_missing_extra_or_reordered_is_told_and_no_more_than_that() {
        assert!(told("abcabc", "abcabc").is_empty());
        assert_eq!(told("abcd", "abd"), ["missing r: c"]);
        assert_eq!(told("abd", "abcd"), ["extra r: c"]);
        assert_eq!(told("abcd", "bcda"), ["reordered r: a"]);
        assert_eq!(told("aab", "ab"), ["missing r: a #2"]);
        assert_eq!(told("abc", "cxb"), ["missing r: a", "reordered r: b", "extra r: x"]);
    }

    #[test]
    fn a_change_says_where_and_how_it_was() {
        let (first, mut second) = (run("a"), run("a"));
        second[0].body = "{\"a\":\"z\",\"b\":[1,3],\"c\":null}".into();
        second[0].attempts = vec!["503 server error".to_owned()];
        let changed = vec![
            ("attempts".to_owned(), String::new(), "503 server error".to_owned()),
            ("body.a".to_owned(), "\"a\"".to_owned(), "\"z\"".to_owned()),
            ("body.b[1]".to_owned(), "2".to_owned(), "3".to_owned()),
            ("body.c".to_owned(), "absent".to_owned(), "null".to_owned()),
        ];
        assert_eq!(compare(&first, &second), [Difference::Changed("a".to_owned(), changed)]);
        second = run("a");
        second[0].body = "{ \"a\":\"a\",\"b\":[1,2]}".into();
        let bytes = ("body".to_owned(), "19 bytes".to_owned(), "20 bytes, others".to_owned());
        assert_eq!(compare(&first, &second), [Difference::Changed("a".to_owned(), vec![bytes])]);
    }
}
