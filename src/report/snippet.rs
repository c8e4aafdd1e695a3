//! A mistake at a place in a text file, as compilers show it: the line with a caret.
//!
//! All mistakes in the user's files are shown this way. Positions come from several parsers and are
//! not trusted: a place outside the file is moved to the nearest place inside.

use std::ops::Range;

use annotate_snippets::renderer::DEFAULT_TERM_WIDTH;
use annotate_snippets::{AnnotationKind, Element, Group, Level, Renderer, Snippet};

use super::text::{Colour, one_line};
use crate::text::clean::in_place;

/// A mistake at one place in one file.
#[derive(Clone, Copy, Debug)]
pub struct Diagnostic<'a> {
    /// What is wrong, in one sentence without a full stop.
    pub title: &'a str,
    /// The file, as the user knows it.
    pub file: &'a str,
    /// The whole text of the file.
    pub source: &'a str,
    /// Where it is.
    pub place: Place,
    /// The text behind the caret. It may be empty.
    pub label: &'a str,
    /// The lines below: reasons and help.
    pub notes: &'a [Note],
}

/// A place in a text: a stretch of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The length in characters; [`Place::TO_THE_END`] for the rest of the line.
    pub length: usize,
}

/// A line below the snippet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// What would be right: `= help: …`.
    Help(String),
    /// What else is worth knowing: `= note: …`.
    Note(String),
}

impl Place {
    /// A length that reaches to the end of any line.
    pub const TO_THE_END: usize = usize::MAX;
}

impl Diagnostic<'_> {
    /// The mistake as lines of text, without a line break at the end.
    pub fn render(&self, colour: Colour) -> String {
        let (number, line) = nearest_line(self.source, self.place.line);
        // The library escapes the control characters of ASCII, and needs tabs for the columns. It does
        // not escape titles and notes.
        let line = &*in_place(line);
        let (title, file, label) =
            (one_line(self.title), one_line(self.file), one_line(self.label));
        let snippet = Snippet::source(line)
            .line_start(number)
            .path(file)
            .annotation(AnnotationKind::Primary.span(span(line, self.place)).label(label));
        let group = Group::with_title(Level::ERROR.primary_title(title))
            .element(snippet)
            .elements(self.notes.iter().map(Note::element));
        renderer(colour).render(&[group])
    }
}

impl Note {
    fn element(&self) -> Element<'_> {
        match self {
            Self::Help(text) => Level::HELP.message(one_line(text)).into(),
            Self::Note(text) => Level::NOTE.message(one_line(text)).into(),
        }
    }
}

fn renderer(colour: Colour) -> Renderer {
    let renderer = match colour {
        Colour::On => Renderer::styled(),
        Colour::Off => Renderer::plain(),
    };
    // A fixed width, so that a mistake looks the same on every terminal and in every file.
    renderer.term_width(DEFAULT_TERM_WIDTH)
}

/// Line `number` of the text without its line break, or the last line if there are fewer.
fn nearest_line(source: &str, number: usize) -> (usize, &str) {
    let mut nearest = (1, "");
    for (at, line) in (1..).zip(source.lines()).take(number.max(1)) {
        nearest = (at, line);
    }
    nearest
}

/// The range of a place in its line, in bytes. It excludes spaces at the end of the line.
fn span(line: &str, place: Place) -> Range<usize> {
    let byte = |character| line.char_indices().nth(character).map_or(line.len(), |(at, _)| at);
    let start = byte(place.column.saturating_sub(1));
    let end = byte(place.column.saturating_sub(1).saturating_add(place.length.max(1)));
    start..end.min(line.trim_end().len()).max(start)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(source: &str, line: usize, column: usize, length: usize) -> String {
        let place = Place { line, column, length };
        let notes = [Note::Help("write `3`".into())];
        let (title, file, label) = ("not a number", "standin.yaml", "here");
        Diagnostic { title, file, source, place, label, notes: &notes }.render(Colour::Off)
    }

    #[test]
    fn a_place_is_shown_with_a_caret() {
        insta::assert_snapshot!(shown("receiver:\n  port: three  \n", 2, 9, 5), @r#"
        error: not a number
         --> standin.yaml:2:9
          |
        2 |   port: three  
          |         ^^^^^ here
          |
          = help: write `3`
        "#);
    }

    #[test]
    fn a_length_past_the_end_stops_at_the_last_word() {
        let rest = shown("receiver:\r\n  port: three  \r\n", 2, 3, Place::TO_THE_END);
        insta::assert_snapshot!(rest, @r#"
        error: not a number
         --> standin.yaml:2:3
          |
        2 |   port: three  
          |   ^^^^^^^^^^^ here
          |
          = help: write `3`
        "#);
    }

    #[test]
    fn a_line_past_the_end_is_shown_at_the_last_line() {
        insta::assert_snapshot!(shown("a: 1\nb: 2", 9, 40, 3), @r#"
        error: not a number
         --> standin.yaml:2:5
          |
        2 | b: 2
          |     ^ here
          |
          = help: write `3`
        "#);
    }

    #[test]
    fn an_empty_file_has_a_place_too() {
        insta::assert_snapshot!(shown("", 1, 1, 1), @r#"
        error: not a number
         --> standin.yaml:1:1
          |
        1 |
          | ^ here
          |
          = help: write `3`
        "#);
    }

    #[test]
    fn wide_and_right_to_left_characters_keep_the_caret_in_place() {
        insta::assert_snapshot!(shown("\tname: 日本 أنا x", 1, 8, 2), @r#"
        error: not a number
         --> standin.yaml:1:8
          |
        1 |     name: 日本 أنا x
          |           ^^^^ here
          |
          = help: write `3`
        "#);
    }

    #[test]
    fn a_title_cannot_steer_the_terminal() {
        let place = Place { line: 1, column: 1, length: 1 };
        let notes = [Note::Note("\u{1b}[2J".into())];
        let odd = "\u{1b}[31m";
        let diagnostic =
            Diagnostic { title: odd, file: odd, source: odd, place, label: odd, notes: &notes };
        assert!(!diagnostic.render(Colour::Off).contains('\u{1b}'));
    }

    proptest! {
        #[test]
        fn no_position_in_any_text_panics(
            source in "([a-z \t\r\n\u{0}\u{1b}\u{202e}]|日|أ|👩‍🦽|\u{301}|\r\n|\\PC){0,60}",
            line in prop_oneof![0..8usize, Just(usize::MAX)],
            column in prop_oneof![0..90usize, Just(usize::MAX)],
            length in prop_oneof![0..90usize, Just(usize::MAX)],
        ) {
            prop_assert!(shown(&source, line, column, length).contains("not a number"));
        }
    }
}
