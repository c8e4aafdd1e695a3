//! What `standin doctor` found out, as text: a line for each thing it looked at.

use super::text::{BOLD, Colour, DIM, GREEN, RED, YELLOW, one_line, pad};

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

/// The lines of a section, with a line break at the end.
pub fn render(section: &Section, colour: Colour) -> String {
    let mut text = format!("{}\n", colour.paint(BOLD, &one_line(&section.title)));
    for line in &section.lines {
        let (style, mark) = match line.mark {
            Mark::Works => (GREEN, "✓"),
            Mark::Fails => (RED, "✗"),
            Mark::NotSeen => (YELLOW, "–"),
        };
        let found = super::text::cut(&line.found, CHARACTERS).0;
        let (mark, what) = (colour.paint(style, mark), pad(&one_line(&line.what), WIDTH));
        text += &format!("  {mark} {what}  {}\n", one_line(found));
        if let Some(hint) = &line.hint {
            let hint = format!("try: {}", one_line(hint));
            text += &format!("    {}  {}\n", pad("", WIDTH), colour.paint(DIM, &hint));
        }
    }
    text
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
        insta::assert_snapshot!(render(&section, Colour::Off), @r"
        Ombori
          ✓ URL          answered 200 OK
          – TLS          not used
          ✗ probe        404\u{1b}[31m
                         try: is `get` right?
        ");
        let sections = [section];
        assert_eq!(totals(&sections), "1 works, 1 not looked at, 1 thing is wrong\n");
        assert!(!is_well(&sections));
    }
}
