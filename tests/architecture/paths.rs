//! The paths that a piece of code names.
//!
//! It takes bare code: no comments, no literals. It does not expand macros.

use std::collections::BTreeSet;

/// Every path of two or more names in bare code. A group counts as each of its paths.
pub fn paths(bare: &str) -> BTreeSet<Vec<String>> {
    let tokens = tokens(bare);
    let mut found = BTreeSet::new();
    let mut place = 0;
    while place < tokens.len() {
        place = path(&tokens, place, &[], &mut found).max(place + 1);
    }
    found.retain(|path| path.len() > 1);
    found
}

/// Reads the path that begins at this token. Returns the position after it.
fn path(
    tokens: &[&str],
    start: usize,
    before: &[String],
    found: &mut BTreeSet<Vec<String>>,
) -> usize {
    let mut path = before.to_vec();
    let mut place = start;
    loop {
        match tokens.get(place) {
            Some(&"{") if !path.is_empty() => return group(tokens, place + 1, &path, found),
            Some(&"*") if !path.is_empty() => {
                path.push("*".to_owned());
                place += 1;
            }
            Some(word) if is_word(word) => {
                path.push((*word).to_owned());
                place += 1;
                if tokens.get(place) == Some(&"::") {
                    place += 1;
                    continue;
                }
            }
            _ => {}
        }
        if place > start {
            found.insert(path);
        }
        return place;
    }
}

/// Reads a group of paths with a common beginning. Returns the position after it.
fn group(
    tokens: &[&str],
    start: usize,
    before: &[String],
    found: &mut BTreeSet<Vec<String>>,
) -> usize {
    let mut place = start;
    while let Some(token) = tokens.get(place) {
        match *token {
            "}" => return place + 1,
            // `as` gives another name. The path ends before it.
            "as" => place += 2,
            _ => place = path(tokens, place, before, found).max(place + 1),
        }
    }
    place
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Words, `::`, and single marks.
fn tokens(bare: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = bare.trim_start();
    while let Some(first) = rest.chars().next() {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let length = match first {
            _ if word(first) => rest.find(|c| !word(c)).unwrap_or(rest.len()),
            _ if rest.starts_with("::") => 2,
            _ => first.len_utf8(),
        };
        tokens.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    tokens
}

#[test]
fn groups_stand_for_each_of_their_paths() {
    let found = paths("use crate::{a::{b, C as D}, e}; use super::*; impl<T> f::G<h::I> for T {}");
    let found: Vec<String> = found.iter().map(|path| path.join("::")).collect();
    assert_eq!(found, ["crate::a::C", "crate::a::b", "crate::e", "f::G", "h::I", "super::*"]);
}
