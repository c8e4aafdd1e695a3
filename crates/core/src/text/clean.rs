//! Text of others for a terminal: nothing in it steers the terminal or reorders what stands around it, nor is
//! it a command to a log of GitHub Actions. Such a log reads `##[command]` anywhere in a line, and `::command::`
//! behind an indent (`ActionCommand.cs` of the runner).

/// What begins a command anywhere in a line.
const ANYWHERE: &str = "##[";

/// Text on one line, with everything escaped that a terminal could interpret.
pub fn one_line(text: &str) -> String {
    escape(text, char::is_control)
}

/// Text that keeps its lines, with everything else escaped that a terminal could interpret.
pub fn printable(text: &str) -> String {
    escape(text, |c| c.is_control() && !matches!(c, '\n' | '\t'))
}

/// Printable text whose lines stand by themselves. A `\` stands before one that would be a command.
pub fn own_lines(text: &str) -> String {
    let is_command = |line: &str| line.trim_start().starts_with("::");
    let guarded = |line: &str| if is_command(line) { format!("\\{line}") } else { line.to_owned() };
    let lines: Vec<String> = printable(text).split('\n').map(guarded).collect();
    lines.join("\n")
}

/// JSON that means the same, with everything escaped that a terminal could interpret or that reorders text.
pub fn json(written: String) -> String {
    // Outside strings, JSON allows no other control characters.
    let is_unwanted =
        |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t') || reorders_or_breaks(c);
    let written = written.replace(ANYWHERE, "##\\u005b");
    if !written.contains(is_unwanted) {
        return written;
    }
    let mut escaped = String::with_capacity(written.len());
    for c in written.chars() {
        if is_unwanted(c) {
            let mut units = [0; 2];
            let units = c.encode_utf16(&mut units).iter();
            escaped.extend(units.map(|unit| format!("\\u{unit:04x}")));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// A line in which every character keeps its place: `\u{fffd}` stands for what is not ASCII and what a
/// terminal could interpret. Whoever shows snippets replaces the control characters of ASCII.
pub fn in_place(line: &str) -> String {
    let shown = |c: char| {
        let is_unwanted = c.is_control() && !c.is_ascii() || reorders_or_breaks(c);
        if is_unwanted { '\u{fffd}' } else { c }
    };
    line.chars().map(shown).collect::<String>().replace(ANYWHERE, "##\u{fffd}")
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
    escaped.replace(ANYWHERE, "##\\[")
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
            | '\u{feff}'
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
        let said = "::stop-commands::x\n  ::add-mask::y\na ###[group]z\na ::b";
        let shown = "\\::stop-commands::x\n\\  ::add-mask::y\na ###\\[group]z\na ::b";
        assert_eq!(own_lines(said), shown);
        assert_eq!(own_lines("##[a]##[b]"), r"##\[a]##\[b]");
        assert_eq!(one_line(&one_line("a##[b]")), r"a##\[b]");
        assert_eq!(in_place("a ##[b]"), "a ##\u{fffd}b]");
        let value = serde_json::json!({"a##[b]": ["##[c]"]});
        let shown = json(value.to_string());
        assert!(!shown.contains("##["), "{shown}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).expect("JSON"), value);
    }

    #[test]
    fn json_means_the_same() {
        let value = serde_json::json!({"a\u{9b}": "b\u{202e}\u{1b}\u{ffff} é", "c": [1]});
        let shown = json(serde_json::to_string_pretty(&value).expect("JSON"));
        assert!(shown.contains(r"b\u202e\u001b\uffff é") && shown.contains(r"a\u009b"), "{shown}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).expect("JSON"), value);
    }

    #[test]
    fn characters_keep_their_places() {
        assert_eq!(in_place("a\u{1b}\tb\u{9b}é\u{202e}"), "a\u{1b}\tb\u{fffd}é\u{fffd}");
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(shortened("日本語", 2), "日本…");
        assert_eq!(shortened("日本語", 3), "日本語");
    }
}
