//! Text of others for a terminal: nothing in it steers the terminal or reorders what stands around it.

/// Text on one line, with everything escaped that a terminal could interpret.
pub fn one_line(text: &str) -> String {
    escape(text, char::is_control)
}

/// Text that keeps its lines, with everything else escaped that a terminal could interpret.
pub fn printable(text: &str) -> String {
    escape(text, |c| c.is_control() && !matches!(c, '\n' | '\t'))
}

/// Printable text whose lines stand by themselves. A log of GitHub Actions reads `::stop-commands::x` as a
/// command, also behind an indent, so a `\` stands before it.
pub fn own_lines(text: &str) -> String {
    let is_command =
        |line: &str| ["::", "##["].iter().any(|sign| line.trim_start().starts_with(sign));
    let guarded = |line: &str| if is_command(line) { format!("\\{line}") } else { line.to_owned() };
    let lines: Vec<String> = printable(text).split('\n').map(guarded).collect();
    lines.join("\n")
}

/// The text, cut to so many characters.
pub fn shortened(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn escape(text: &str, unwanted: fn(char) -> bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if unwanted(c) || reorders_or_breaks(c) {
            escaped.extend(c.escape_default());
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// Characters that reorder the text around them (UAX 9, section 2) or break a line, and the two that are
/// not allowed in XML.
fn reorders_or_breaks(c: char) -> bool {
    matches!(
        c,
        '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{fffe}'
            | '\u{ffff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_steer_a_terminal() {
        assert_eq!(one_line("a\u{1b}[31mb\r\nc\u{202e}d"), r"a\u{1b}[31mb\r\nc\u{202e}d");
        assert_eq!(one_line("\u{1b}]0;x\u{7}\u{9b}2J"), r"\u{1b}]0;x\u{7}\u{9b}2J");
        assert_eq!(one_line("a\u{200f}b\u{61c}c\u{ffff}"), r"a\u{200f}b\u{61c}c\u{ffff}");
        assert_eq!(printable("a\n\tb\u{7}"), "a\n\tb\\u{7}");
        assert_eq!(one_line("أنا Ånna 日本 👩‍🦽"), "أنا Ånna 日本 👩‍🦽");
    }

    #[test]
    fn no_line_is_a_command_to_a_log() {
        let said = "::stop-commands::x\n  ::add-mask::y\n##[group]z\na ::b";
        assert_eq!(own_lines(said), "\\::stop-commands::x\n\\  ::add-mask::y\n\\##[group]z\na ::b");
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(shortened("日本語", 2), "日本…");
        assert_eq!(shortened("日本語", 3), "日本語");
    }
}
