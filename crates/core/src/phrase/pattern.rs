//! Patterns with placeholders, such as `{who} books a slot in {ahead}`. A pattern matches a whole
//! text or not at all.
//!
//! A name is a capitalised word (`Anna`) or anything in double quotes. A text is in double quotes.

use std::sync::LazyLock;

use regex::Regex;

/// Removes the double quotes around a text, if there are any. `\"` and `\\` inside are unescaped.
pub fn unquoted(text: &str) -> String {
    match text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => inner.replace("\\\"", "\"").replace("\\\\", "\\"),
        None => text.to_owned(),
    }
}

/// What a placeholder takes: texts that a regular expression matches as a whole.
pub(super) struct Takes {
    whole: LazyLock<Regex>,
    /// Which text it takes if several would do.
    first: First,
}

enum First {
    Longest,
    Shortest,
}

/// A name: a capitalised word, a word of a script without capitals, or anything in double quotes.
pub(super) static NAME: Takes = longest(|| {
    whole(r#"\p{Lu}[\p{L}\p{M}\p{N}'’_-]*|\p{Lo}[\p{L}\p{M}\p{N}_-]*|"(?:[^"\\]|\\.)+""#)
});
pub(super) static TEXT: Takes = longest(|| whole(r#""(?:[^"\\]|\\.)*""#));
pub(super) static NUMBER: Takes = longest(|| whole(r"\d+"));
pub(super) static DURATION: Takes =
    Takes { whole: LazyLock::new(|| whole(r"[0-9][0-9a-zA-Z .]*")), first: First::Shortest };
static PERCENT: Takes = longest(|| whole(r"\d{1,3}(?:\.\d+)?"));
static ANYTHING: Takes = longest(|| whole(r".+"));
static KIND: Takes = longest(|| whole(r"[a-z][a-z_-]*"));
static TRIGGER: Takes = longest(|| whole(r"[A-Za-z][A-Za-z0-9_.\-]*"));
static VENDOR: Takes = longest(|| whole(r"[A-Za-z]\w*"));

const fn longest(regex: fn() -> Regex) -> Takes {
    Takes { whole: LazyLock::new(regex), first: First::Longest }
}

fn whole(expression: &str) -> Regex {
    let regex = Regex::new(&format!("^(?:{expression})$"));
    regex.unwrap_or_else(|error| panic!("expression {expression}: {error}"))
}

/// What a placeholder of the phrases takes that belong to no vendor.
fn taken_by(placeholder: &str) -> &'static Takes {
    match placeholder {
        "who" | "whom" => &NAME,
        "text" => &TEXT,
        "number" => &NUMBER,
        "percent" => &PERCENT,
        "duration" => &DURATION,
        "json" | "webhooks" => &ANYTHING,
        "kind" => &KIND,
        "trigger" => &TRIGGER,
        "vendor" => &VENDOR,
        other => panic!("no vendor-free phrase has a placeholder {{{other}}}"),
    }
}

/// The placeholders of a vendor-free pattern with their values in a text. `None` if the pattern
/// does not match.
pub fn capture(pattern: &'static str, text: &str) -> Option<Vec<(String, String)>> {
    capture_with(pattern, taken_by, text)
}

/// The placeholders of a pattern with their values, by what each placeholder takes. Where several values would do,
/// the first placeholder has its choice, then the next.
pub(super) fn capture_with(
    pattern: &'static str,
    taken_by: impl Fn(&str) -> &'static Takes,
    text: &str,
) -> Option<Vec<(String, String)>> {
    let mut values = Vec::new();
    let matches = fill(pattern, &taken_by, text, &mut values);
    matches.then(|| {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        values.into_iter().map(owned).collect()
    })
}

/// Whether a pattern matches a whole text. Adds the values of its placeholders. A regular expression for each pattern
/// would take longer to compile than all steps of the contract to read.
fn fill<'a>(
    pattern: &'static str,
    taken_by: &impl Fn(&str) -> &'static Takes,
    text: &'a str,
    values: &mut Vec<(&'static str, &'a str)>,
) -> bool {
    let Some((literal, (name, rest))) =
        pattern.split_once('{').and_then(|(literal, rest)| Some((literal, rest.split_once('}')?)))
    else {
        return text == pattern;
    };
    let Some(text) = text.strip_prefix(literal) else { return false };
    let takes = taken_by(name);
    let mut fits = |end: usize| {
        let value = &text[..end];
        if !takes.whole.is_match(value) {
            return false;
        }
        values.push((name, value));
        let matches = fill(rest, taken_by, &text[end..], values);
        if !matches {
            values.pop();
        }
        matches
    };
    let next = rest.split('{').next().unwrap_or_default();
    if next.len() == rest.len() {
        return text.ends_with(next) && fits(text.len() - next.len());
    }
    let is_before_next = |end: &usize| text.get(*end..).is_some_and(|rest| rest.starts_with(next));
    let mut ends = (0..=text.len()).filter(is_before_next);
    match takes.first {
        First::Longest => ends.rev().any(fits),
        First::Shortest => ends.any(fits),
    }
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

    /// The same by a regular expression for the whole pattern.
    fn by_regex(pattern: &'static str, text: &str) -> Option<Vec<(String, String)>> {
        let placeholder = Regex::new(r"\{([a-z_]+)\}").expect("an expression");
        let (mut expression, mut end) = (String::from("^"), 0);
        let mut names = Vec::new();
        for found in placeholder.captures_iter(pattern) {
            let (at, name) = (found.get(0).expect("all of it"), found[1].to_owned());
            let takes = taken_by(&name);
            let whole = takes.whole.as_str().trim_start_matches('^').trim_end_matches('$');
            let lazy =
                if let First::Shortest = takes.first { "[0-9][0-9a-zA-Z .]*?" } else { whole };
            expression += &format!("{}({lazy})", regex::escape(&pattern[end..at.start()]));
            (end, _) = (at.end(), names.push(name));
        }
        expression += &format!("{}$", regex::escape(&pattern[end..]));
        let captures = Regex::new(&expression).expect("an expression").captures(text)?;
        let values =
            captures.iter().skip(1).map(|group| group.expect("a group").as_str().to_owned());
        Some(names.into_iter().zip(values).collect())
    }

    proptest::proptest! {
        #[test]
        fn it_is_what_a_regular_expression_for_the_whole_pattern_finds(
            pieces in proptest::collection::vec(proptest::sample::select(&[
                "Anna", "\"Anna in 2h\"", "\"\"", "Åsa's", "anna", "2", "2h 3 in 4", "1.5", "%", " in ", " ", "'s ",
                " for ", "x", "\"", "\\", "visit", "{", "é", " is ", "in ",
            ][..]), 0..9),
        ) {
            let text = pieces.concat();
            for pattern in [
                "{who}", "{who} in {duration}", "{who} in {duration} for {number}", "{who}'s {kind} is {json}",
                "{who}{whom}", "{duration}{number}", "{webhooks} is {text}", "{percent}% in {duration}", "{json} in {json}",
                "x", " in {text} for {who}", "{vendor} {trigger} in {webhooks} for {json}",
            ] {
                proptest::prop_assert_eq!(capture(pattern, &text), by_regex(pattern, &text), "{}", pattern);
            }
        }
    }

    #[test]
    fn quoted_text_may_contain_quotes() {
        let text = r#"arrives with content type "so \"quick\"""#;
        let captured = capture("arrives with content type {text}", text).expect("it matches");
        assert_eq!(unquoted(&captured[0].1), "so \"quick\"");
    }
}
