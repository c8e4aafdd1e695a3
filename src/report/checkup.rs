//! What `standin doctor` found out, as text: a line for each thing it looked at.

use std::collections::BTreeSet;

use super::text::{BOLD, Colour, DIM, GREEN, RED, YELLOW, one_line, pad};
use super::wrap::wrap;

/// Whether something works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It does.
    Works,
    /// It does not.
    Fails,
    /// It was not looked at, or there is nothing to look at.
    NotSeen,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Whether it works.
    pub mark: Mark,
    /// What it is: `credentials`.
    pub what: String,
    /// What was found.
    pub found: String,
    /// What to try if it does not work.
    pub hint: Option<String>,
}

/// A vendor, or another group of lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its title.
    pub title: String,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// The most characters of a line that are shown.
const CHARACTERS: usize = 600;

/// The width of what was looked at.
const WIDTH: usize = 11;

/// How far what was found stands from the left.
const INDENT: usize = 4 + WIDTH + 2;

/// Writes sections, one after the other.
pub struct Writer {
    colour: Colour,
    width: Option<usize>,
    /// What to try was said already.
    said: BTreeSet<String>,
}

impl Writer {
    /// A writer of lines of at most this many characters.
    pub const fn new(colour: Colour, width: Option<usize>) -> Self {
        Self { colour, width, said: BTreeSet::new() }
    }

    /// The lines of a section, with a line break at the end. What to try is said once.
    pub fn render(&mut self, section: &Section) -> String {
        let mut text = format!("{}\n", self.colour.paint(BOLD, &one_line(&section.title)));
        for line in &section.lines {
            let (style, mark) = match line.mark {
                Mark::Works => (GREEN, "✓"),
                Mark::Fails => (RED, "✗"),
                Mark::NotSeen => (YELLOW, "–"),
            };
            let found = super::text::cut(&line.found, CHARACTERS).0;
            let (mark, what) = (self.colour.paint(style, mark), pad(&one_line(&line.what), WIDTH));
            let mut found = self.wrapped(&one_line(found)).into_iter();
            text += &format!("  {mark} {what}  {}\n", found.next().unwrap_or_default());
            found.for_each(|part| text += &format!("{:INDENT$}{part}\n", ""));
            let Some(hint) = &line.hint else { continue };
            let hint = match self.said.insert(hint.clone()) {
                true => format!("try: {}", one_line(hint)),
                false => "try: see above".to_owned(),
            };
            for part in self.wrapped(&hint) {
                text += &format!("{:INDENT$}{}\n", "", self.colour.paint(DIM, &part));
            }
        }
        text
    }

    fn wrapped(&self, text: &str) -> Vec<String> {
        wrap(text, self.width.map(|width| width.saturating_sub(INDENT)))
    }
}

/// How many lines have which mark, in one line.
pub fn totals(sections: &[Section]) -> String {
    let count = |mark| {
        let lines = sections.iter().flat_map(|section| &section.lines);
        lines.filter(|line| line.mark == mark).count()
    };
    let (works, fails, not_seen) = (count(Mark::Works), count(Mark::Fails), count(Mark::NotSeen));
    let fails = match fails {
        0 => "nothing is wrong".to_owned(),
        1 => "1 thing is wrong".to_owned(),
        many => format!("{many} things are wrong"),
    };
    let work = if works == 1 { "works" } else { "work" };
    format!("{works} {work}, {not_seen} not looked at, {fails}\n")
}

/// Whether nothing is wrong.
pub fn is_well(sections: &[Section]) -> bool {
    sections.iter().flat_map(|section| &section.lines).all(|line| line.mark != Mark::Fails)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_has_its_mark_and_says_what_to_try() {
        let line = |mark, what: &str, found: &str, hint: Option<&str>| Line {
            mark,
            what: what.to_owned(),
            found: found.to_owned(),
            hint: hint.map(str::to_owned),
        };
        let section = Section {
            title: "Ombori".to_owned(),
            lines: vec![
                line(Mark::Works, "URL", "answered 200 OK", None),
                line(Mark::NotSeen, "TLS", "not used", None),
                line(Mark::Fails, "probe", "404\u{1b}[31m", Some("is `get` right?")),
            ],
        };
        let mut writer = Writer::new(Colour::Off, None);
        insta::assert_snapshot!(writer.render(&section), @r"
        Ombori
          ✓ URL          answered 200 OK
          – TLS          not used
          ✗ probe        404\u{1b}[31m
                         try: is `get` right?
        ");
        let again = writer.render(&section);
        assert!(again.ends_with("31m\n                 try: see above\n"), "{again}");
        let narrow = Writer::new(Colour::Off, Some(37)).render(&section);
        assert!(narrow.ends_with("31m\n                 try: is `get` right?\n"), "{narrow}");
        let narrow = Writer::new(Colour::Off, Some(30)).render(&section);
        assert!(narrow.ends_with("try: is `get` right?\n"), "{narrow}");
        let sections = [section];
        assert_eq!(totals(&sections), "1 works, 1 not looked at, 1 thing is wrong\n");
        assert!(!is_well(&sections));
    }
}
