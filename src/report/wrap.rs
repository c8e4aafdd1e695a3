//! Lines that are no wider than the terminal: they end between words, and what follows is indented.

use anstyle::Style;

use super::text::Colour;

/// The least room for text beside an indent. A terminal that is narrower wraps by itself.
const LEAST: usize = 20;

/// The text in lines of at most this many characters, broken between words. A word that is longer is
/// cut. Without a width it is one line.
pub fn wrap(text: &str, width: Option<usize>) -> Vec<String> {
    let Some(width) = width.map(|width| width.max(LEAST)) else { return vec![text.to_owned()] };
    let (mut lines, mut line, mut length) = (Vec::new(), String::new(), 0);
    for word in text.split(' ') {
        let mut word: Vec<char> = word.chars().collect();
        if length > 0 && length + 1 + word.len() > width {
            lines.push(std::mem::take(&mut line));
            length = 0;
        } else if !line.is_empty() {
            line.push(' ');
            length += 1;
        }
        while word.len() > width {
            lines.push(word.drain(..width).collect());
        }
        length += word.len();
        line.extend(word);
    }
    lines.push(line);
    lines
}

/// Text of several lines, which may be coloured, in lines of at most this many characters. What
/// follows in a line that is broken stands below the text beside the label at its beginning.
pub fn fold(text: &str, width: Option<usize>) -> String {
    let Some(width) = width else { return text.to_owned() };
    let folded = text.split('\n').map(|line| fold_line(line, width, LABEL));
    folded.collect::<Vec<_>>().join("\n")
}

/// The width of the labels of summaries, with the space after them.
const LABEL: usize = 11;

/// A line in lines of at most this many characters. All but the first have this indent.
fn fold_line(line: &str, width: usize, indent: usize) -> String {
    let width = width.max(indent + LEAST);
    if visible(line) <= width {
        return line.to_owned();
    }
    let (mut folded, mut length) = (String::new(), 0);
    for (index, word) in line.split(' ').enumerate() {
        let needed = visible(word);
        // Two spaces have an empty word between them.
        if needed > 0 && length > indent && length + 1 + needed > width {
            folded.truncate(folded.trim_end_matches(' ').len());
            folded += &format!("\n{}", " ".repeat(indent));
            length = indent;
        } else if index > 0 {
            folded.push(' ');
            length += 1;
        }
        folded += word;
        length += needed;
    }
    folded
}

/// Lines of a report that stay whole: commands, which are copied, and bodies in JSON.
const WHOLE: [&str; 5] = ["curl", "repeat", "Repeat", "{", "["];

/// A report in lines of at most this many characters. What follows in a line that is broken stands below
/// the text behind its first word, which is a mark, a number or a label.
pub fn hang(report: &str, width: Option<usize>) -> String {
    let Some(width) = width else { return report.to_owned() };
    let lines = report.split('\n').map(|line| hang_line(line, width));
    lines.collect::<Vec<_>>().join("\n")
}

fn hang_line(line: &str, width: usize) -> String {
    let mut words = line.split_inclusive(' ').skip_while(|word| *word == " ");
    let first = words.next().unwrap_or_default();
    let gap = words.take_while(|word| *word == " ").count();
    let margin = line.len() - line.trim_start_matches(' ').len();
    let plain = plain(line);
    let behind = plain.trim_start_matches(|sign: char| sign == ' ' || sign.is_ascii_digit());
    let is_snippet = behind.starts_with('|');
    let label = visible(first) + gap;
    if is_snippet || WHOLE.iter().any(|word| plain.trim_start().starts_with(word)) {
        return line.to_owned();
    }
    fold_line(line, width, margin + if label <= LABEL { label } else { 2 })
}

/// How many characters are seen: those of colours are not.
fn visible(text: &str) -> usize {
    plain(text).chars().count()
}

/// The text without colours.
fn plain(text: &str) -> String {
    let mut in_escape = false;
    let is_seen = |letter: &char| {
        let was = in_escape;
        in_escape = if was { *letter != 'm' } else { *letter == '\u{1b}' };
        !was && !in_escape
    };
    text.chars().filter(is_seen).collect()
}

/// A part of a line that is not torn apart if it has room in a line.
pub(super) struct Piece {
    pub text: String,
    pub style: Style,
}

/// The end of a line: where it is written, and how wide the line may be.
pub(super) struct Row {
    pub colour: Colour,
    pub width: Option<usize>,
    /// How far lines are indented that continue this one.
    pub indent: usize,
}

impl Row {
    /// Appends pieces to a line that has so many characters, with two spaces between them. A piece for
    /// which there is no room begins a line of its own.
    pub fn append(&self, line: &mut String, mut length: usize, pieces: &[Piece]) {
        let mut gap = 0;
        for Piece { text, style } in pieces.iter().filter(|piece| !piece.text.is_empty()) {
            let needed = gap + text.chars().count();
            if self.width.is_none_or(|width| length + needed <= width) {
                *line += &" ".repeat(gap);
                *line += &self.colour.paint(*style, text);
                length += needed;
            } else {
                let room = self.width.map(|width| width.saturating_sub(self.indent));
                for part in wrap(text, room) {
                    line.truncate(line.trim_end_matches(' ').len());
                    *line += &format!("\n{}", " ".repeat(self.indent));
                    *line += &self.colour.paint(*style, &part);
                    length = self.indent + part.chars().count();
                }
            }
            gap = 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_between_words_and_only_a_long_word_is_cut() {
        assert_eq!(wrap("a b c", None), ["a b c"]);
        let text = "staff call Anna, who has left, and nobody answers";
        assert_eq!(
            wrap(text, Some(20)),
            ["staff call Anna, who", "has left, and nobody", "answers"]
        );
        assert_eq!(wrap(text, Some(60)), [text]);
        let long = "x".repeat(45);
        assert_eq!(
            wrap(&format!("a {long} b"), Some(20)),
            ["a", &long[..20], &long[..20], "xxxxx b"]
        );
        assert_eq!(wrap("", Some(20)), [""]);
    }

    #[test]
    fn a_summary_is_folded_below_its_text_and_colours_take_no_room() {
        let text = "Requests   \u{1b}[32m3859\u{1b}[0m accepted, 44 lost\nTook       1 s";
        assert_eq!(fold(text, Some(34)), text);
        let folded = fold(text, Some(31));
        assert!(folded.contains("accepted, 44\n           lost\nTook"), "{folded}");
        assert_eq!(fold(text, None), text);
    }

    #[test]
    fn a_report_hangs_below_the_text_behind_its_marks_and_commands_stay_whole() {
        for (line, hung) in [
            (
                "  \u{1b}[31m✗\u{1b}[0m one two three four five",
                "  \u{1b}[31m✗\u{1b}[0m one two three four\n    five",
            ),
            ("    12  one two three four five", "    12  one two three four\n        five"),
            ("    {\"name\":\"Anna Berg\"}", "    {\"name\":\"Anna Berg\"}"),
            ("one two three four one  two", "one two three four one\n    two"),
            ("hint: one two three four five", "hint: one two three four\n      five"),
            ("    curl http://127.0.0.1 -d '{}'", "    curl http://127.0.0.1 -d '{}'"),
            ("10 |     Then a b c d e f g h", "10 |     Then a b c d e f g h"),
            ("   |          ^^^^^^^^^^^^^^^^^^^^^", "   |          ^^^^^^^^^^^^^^^^^^^^^"),
            (
                "\u{1b}[1m\u{1b}[94m10\u{1b}[0m \u{1b}[94m|\u{1b}[0m     Then a b c d e f g h",
                "\u{1b}[1m\u{1b}[94m10\u{1b}[0m \u{1b}[94m|\u{1b}[0m     Then a b c d e f g h",
            ),
            (
                "   \u{1b}[94m|\u{1b}[0m          ^^^^^^^^^ ^^^^^^^^^^^",
                "   \u{1b}[94m|\u{1b}[0m          ^^^^^^^^^ ^^^^^^^^^^^",
            ),
            ("a long_label_alone two three", "a long_label_alone two\n  three"),
        ] {
            assert_eq!(hang(line, Some(22)), hung);
            assert_eq!(hang(line, None), line);
        }
    }
}
