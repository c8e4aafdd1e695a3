//! Blanks out a value in a text in YAML, so that what follows it can be read all the same.

use std::ops::Range;

use granit_parser::{Event, Parser};

/// What stands for a value that is blanked out.
const NULL: char = '~';

/// A part of a text that can be blanked out.
struct Part {
    /// Where it is, in characters.
    at: Range<usize>,
    /// What is there instead, at the beginning.
    instead: char,
}

/// The text without the smallest part that contains this place and is not blank already, if there is one: a value,
/// with a null in its place, or a key with its value. Everything else keeps its line and its column.
///
/// - `line`, `column`: from 1, in characters.
pub fn without(text: &str, line: usize, column: usize) -> Option<String> {
    let before = text.split_inclusive('\n').take(line.checked_sub(1)?);
    let place = before.map(|line| line.chars().count()).sum::<usize>() + column.checked_sub(1)?;
    let letters: Vec<char> = text.chars().collect();
    let mut parts = parts(text, &letters)?;
    parts.retain(|part| part.at.contains(&place));
    parts.sort_by_key(|part| part.at.end - part.at.start);
    let is_blank = |part: &Part| {
        let sign = |letter: &char| letter.is_whitespace() || *letter == NULL;
        letters.get(part.at.clone()).is_none_or(|letters| letters.iter().all(sign))
    };
    let part = parts.into_iter().find(|part| !is_blank(part))?;
    let blank = |(place, letter): (usize, &char)| match letter {
        _ if !part.at.contains(&place) => *letter,
        _ if place == part.at.start => part.instead,
        '\n' | '\r' => *letter,
        _ => ' ',
    };
    Some(letters.iter().enumerate().map(blank).collect())
}

/// A list or a mapping that is not closed yet.
struct Open {
    start: usize,
    is_mapping: bool,
    /// The key of a mapping whose value follows.
    key: Option<Range<usize>>,
}

/// All parts of a text. `None` if it is not YAML.
fn parts(text: &str, letters: &[char]) -> Option<Vec<Part>> {
    let (mut parts, mut open) = (Vec::new(), Vec::<Open>::new());
    for event in Parser::new_from_str(text) {
        let (event, span) = event.ok()?;
        let (start, end) = (span.start.index(), span.end.index());
        let at = match event {
            Event::Scalar(..) | Event::Alias(..) => start..end,
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                let is_mapping = matches!(event, Event::MappingStart(..));
                open.push(Open { start, is_mapping, key: None });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop()?.start..end,
            _ => continue,
        };
        if let Some(around) = open.last_mut().filter(|around| around.is_mapping) {
            let Some(key) = around.key.take() else {
                around.key = Some(at);
                continue;
            };
            parts.push(Part { at: key.start..with_comma(at.end, letters), instead: ' ' });
        }
        parts.push(Part { at, instead: NULL });
    }
    Some(parts)
}

/// The end of an entry that ends here, with the comma between it and the next one.
fn with_comma(end: usize, letters: &[char]) -> usize {
    let behind = letters.iter().skip(end);
    let gap = behind.take_while(|letter| letter.is_whitespace()).count();
    if letters.get(end + gap) == Some(&',') { end + gap + 1 } else { end }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_blank(text: &str, (line, column): (usize, usize), blank: &str) {
        assert_eq!(without(text, line, column).as_deref(), Some(blank), "{text:?}");
    }

    #[test]
    fn a_value_is_null_and_the_rest_keeps_its_place() {
        assert_blank("a: {é: [1, x], b: 'y'}\nc: 2\n", (1, 12), "a: {é: [1, ~], b: 'y'}\nc: 2\n");
        assert_blank("a: {é: [1, x], b: 'y'}\nc: 2\n", (1, 8), "a: {é: ~     , b: 'y'}\nc: 2\n");
        assert_blank("a: {é: [1, x], b: 'y'}\nc: 2\n", (1, 19), "a: {é: [1, x], b: ~  }\nc: 2\n");
        assert_blank("a: potato # why\nc: 2\n", (1, 4), "a: ~      # why\nc: 2\n");
        assert_blank("a:\n  - b\n  - c\nd: 3\n", (2, 3), "a:\n  ~  \n     \nd: 3\n");
    }

    #[test]
    fn a_key_is_blank_with_its_value() {
        assert_blank("a:\n  - b: 1\n    c: 2\nd: 3\n", (2, 5), "a:\n  -     \n    c: 2\nd: 3\n");
        assert_blank("a: { b: 1 }\nc: 2\n", (1, 1), "           \nc: 2\n");
        assert_blank("x: { a: 1, b: 2 }\n", (1, 12), "x: { a: 1,      }\n");
        assert_blank("x: { a: ~ , b: 2 }\n", (1, 9), "x: {        b: 2 }\n");
    }

    #[test]
    fn what_is_null_already_is_blanked_out_with_what_is_around_it() {
        assert_blank("a: [~]\nb: 1\n", (1, 5), "a: ~  \nb: 1\n");
        assert_blank("a: ~\nb: 1\n", (1, 4), "    \nb: 1\n");
        assert_blank("a:\n  b: ~\nc: 1\n", (2, 6), "a:\n      \nc: 1\n");
        assert_eq!(without("~", 1, 1), None);
        assert_eq!(without("a: [", 1, 1), None);
    }
}
