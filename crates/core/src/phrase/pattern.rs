//! Patterns with placeholders, such as `{who} books a slot in {ahead}`. A pattern matches a whole
//! text or not at all.
//!
//! A name is a capitalised word (`Anna`) or anything in double quotes. A text is in double quotes.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

/// Removes the double quotes around a text, if there are any. `\"` and `\\` inside are unescaped.
pub fn unquoted(text: &str) -> String {
    match text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => inner.replace("\\\"", "\"").replace("\\\\", "\\"),
        None => text.to_owned(),
    }
}

static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| regex(r"\{([a-z_]+)\}"));

/// A name: a capitalised word, a word of a script without capitals, or anything in double quotes.
pub(super) const NAME: &str =
    r#"(?:\p{Lu}[\p{L}\p{M}\p{N}'’_-]*|\p{Lo}[\p{L}\p{M}\p{N}_-]*|"(?:[^"\\]|\\.)+")"#;
pub(super) const TEXT: &str = r#""(?:[^"\\]|\\.)*""#;
pub(super) const NUMBER: &str = r"\d+";
pub(super) const DURATION: &str = r"[0-9][0-9a-zA-Z .]*?";

/// The regular expression for a placeholder of the phrases that belong to no vendor.
fn expression_of(placeholder: &str) -> &'static str {
    match placeholder {
        "who" | "whom" => NAME,
        "text" => TEXT,
        "number" => NUMBER,
        "percent" => r"\d{1,3}(?:\.\d+)?",
        "duration" => DURATION,
        "json" | "webhooks" => r".+",
        "kind" => r"[a-z][a-z_-]*",
        "trigger" => r"[A-Za-z][A-Za-z0-9_.\-]*",
        "vendor" => r"[A-Za-z]\w*",
        other => panic!("no vendor-free phrase has a placeholder {{{other}}}"),
    }
}

fn regex(expression: &str) -> Regex {
    Regex::new(expression).unwrap_or_else(|error| panic!("expression {expression}: {error}"))
}

/// Compiles a pattern to a regular expression for a whole text, with one group per placeholder.
fn compile(pattern: &str, expression_of: impl Fn(&str) -> &'static str) -> Regex {
    let mut expression = String::from("^");
    let mut end = 0;
    for found in PLACEHOLDER.captures_iter(pattern) {
        let (Some(whole), Some(name)) = (found.get(0), found.get(1)) else { continue };
        expression += &regex::escape(&pattern[end..whole.start()]);
        expression += &format!("({})", expression_of(name.as_str()));
        end = whole.end();
    }
    expression += &regex::escape(&pattern[end..]);
    expression.push('$');
    regex(&expression)
}

/// The placeholders of a vendor-free pattern with their values in a text. `None` if the pattern
/// does not match.
pub fn capture(pattern: &'static str, text: &str) -> Option<Vec<(String, String)>> {
    capture_with(("", pattern), expression_of, text)
}

/// The vendor that a pattern belongs to (empty if it belongs to none), and the pattern.
type Key = (&'static str, &'static str);

/// The placeholders of a pattern with their values, by the regular expression of each placeholder.
pub(super) fn capture_with(
    key: Key,
    expression_of: impl Fn(&str) -> &'static str,
    text: &str,
) -> Option<Vec<(String, String)>> {
    thread_local! {
        // Compiled patterns are cached, since every step is matched against all of them.
        static COMPILED: RefCell<HashMap<Key, Regex>> = RefCell::default();
    }
    let values = COMPILED.with_borrow_mut(|compiled| {
        let regex = compiled.entry(key).or_insert_with(|| compile(key.1, expression_of));
        regex.captures(text).map(|captures| {
            captures
                .iter()
                .skip(1)
                .map(|group| group.map_or("", |group| group.as_str()).to_owned())
                .collect::<Vec<_>>()
        })
    })?;
    let names = PLACEHOLDER.captures_iter(key.1).map(|found| found[1].to_owned());
    Some(names.zip(values).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_capitalised_words_of_any_script_or_quoted() {
        for who in ["Anna", "Åsa", "Jean-Luc", "محمد", "\"Anna Lindqvist\"", "李"] {
            let text = format!("staff call {who}");
            let captured = capture("staff call {who}", &text).expect("a name");
            assert_eq!(captured, [("who".to_owned(), who.to_owned())], "{who}");
        }
        assert_eq!(capture("staff call {who}", "staff call anna"), None);
    }

    #[test]
    fn quoted_text_may_contain_quotes() {
        let text = r#"arrives with content type "so \"quick\"""#;
        let captured = capture("arrives with content type {text}", text).expect("it matches");
        assert_eq!(unquoted(&captured[0].1), "so \"quick\"");
    }
}
