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
}
