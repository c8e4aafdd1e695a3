//! Phrases: how the actions of a catalogue are said in Gherkin and in scenario files.
//!
//! A pattern such as `{who} books a slot in {ahead}` matches a whole text. Names are a capitalised
//! word (`Anna`) or anything in double quotes; texts are in double quotes. What may stand in place
//! of an action's placeholder follows from the argument of that name, so a vendor may call its
//! arguments what it likes; the vendor-free phrases share one short table.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::model::settings::duration;
use crate::model::{Action, Argument, ArgumentKind, Catalogue};

/// An action as it was said; names are not yet bound to subjects.
#[derive(Clone, Debug, PartialEq)]
pub struct Spoken {
    /// The vendor in whose words it was said.
    pub vendor: &'static str,
    /// Which action.
    pub action: &'static str,
    /// One word per argument of the action; none where the phrase does not mention it.
    pub words: Vec<Option<Word>>,
}

/// The value of an argument as it was said.
#[derive(Clone, Debug, PartialEq)]
pub enum Word {
    /// A subject's name.
    Name(String),
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A length of time.
    Duration(std::time::Duration),
}

/// What keeps a text from being a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misspoken {
    /// No pattern matches; the nearest one, if any is near.
    Unknown(Option<String>),
    /// A pattern matches, but a value in it is out of bounds.
    Value(String),
}

/// Finds the action that a text asks for.
///
/// # Errors
/// If no phrase of the catalogue matches, or a value is out of bounds.
pub fn read(catalogue: &'static Catalogue, text: &str) -> Result<Spoken, Misspoken> {
    let mut wrong: Option<(usize, Misspoken)> = None;
    for action in catalogue.actions {
        for pattern in action.phrases {
            let Some(captured) = said(catalogue.vendor, action, pattern, text) else { continue };
            match spoken(catalogue, action, &captured) {
                Ok(spoken) => return Ok(spoken),
                // The longest pattern fits best: `in {ahead}` takes `2h for 3 people` whole.
                Err(problem)
                    if wrong.as_ref().is_none_or(|(length, _)| *length < pattern.len()) =>
                {
                    wrong = Some((pattern.len(), problem));
                }
                Err(_) => {}
            }
        }
    }
    if let Some((_, problem)) = wrong {
        return Err(problem);
    }
    let patterns = catalogue.actions.iter().flat_map(|action| action.phrases.iter().copied());
    Err(Misspoken::Unknown(nearest_phrase(text, patterns)))
}

fn spoken(
    catalogue: &'static Catalogue,
    action: &'static Action,
    captured: &[(String, String)],
) -> Result<Spoken, Misspoken> {
    let words = action
        .arguments
        .iter()
        .map(|argument| {
            captured
                .iter()
                .find(|(name, _)| name == argument.name)
                .map(|(_, text)| word(argument, text))
                .transpose()
        })
        .collect::<Result<_, _>>()?;
    Ok(Spoken { vendor: catalogue.vendor, action: action.call, words })
}

fn word(argument: &Argument, text: &str) -> Result<Word, Misspoken> {
    let wrong = |right: &str| {
        Misspoken::Value(format!("{{{}}} cannot be `{text}`: it takes {right}", argument.name))
    };
    match argument.kind {
        ArgumentKind::New(_) | ArgumentKind::Subject(_) | ArgumentKind::Other(..) => {
            Ok(Word::Name(unquoted(text)))
        }
        ArgumentKind::Text => Ok(Word::Text(unquoted(text))),
        ArgumentKind::Integer(least, most) => text
            .parse()
            .ok()
            .filter(|number| (least..=most).contains(number))
            .map(Word::Integer)
            .ok_or_else(|| wrong(&format!("a whole number from {least} to {most}"))),
        ArgumentKind::Duration => duration(text).map(Word::Duration).ok_or_else(|| {
            wrong("a length of time such as 90s, 4 minutes or 1h 30m, of at most ten years")
        }),
    }
}

/// Takes the double quotes off a text that has them; `\"` and `\\` inside stand for themselves.
pub fn unquoted(text: &str) -> String {
    match text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => inner.replace("\\\"", "\"").replace("\\\\", "\\"),
        None => text.to_owned(),
    }
}

static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| regex(r"\{([a-z_]+)\}"));

/// A name: a capitalised word, a word of a script without capitals, or anything in double quotes.
pub const NAME: &str =
    r#"(?:\p{Lu}[\p{L}\p{M}\p{N}'’_-]*|\p{Lo}[\p{L}\p{M}\p{N}_-]*|"(?:[^"\\]|\\.)+")"#;
const TEXT: &str = r#""(?:[^"\\]|\\.)*""#;
const NUMBER: &str = r"\d+";
const DURATION: &str = r"[0-9][0-9a-zA-Z .]*?";

/// What may stand in place of an action's placeholder, by the argument of that name.
fn form_of(action: &Action, placeholder: &str) -> &'static str {
    let argument = action.arguments.iter().find(|argument| argument.name == placeholder);
    match argument.map(|argument| argument.kind) {
        Some(ArgumentKind::New(_) | ArgumentKind::Subject(_) | ArgumentKind::Other(..)) => NAME,
        Some(ArgumentKind::Text) => TEXT,
        Some(ArgumentKind::Integer(..)) => NUMBER,
        Some(ArgumentKind::Duration) => DURATION,
        None => panic!("{}: {{{placeholder}}} is not declared", action.call),
    }
}

/// What may stand in place of a placeholder of the vendor-free phrases.
fn common_form(placeholder: &str) -> &'static str {
    match placeholder {
        "who" | "whom" => NAME,
        "text" => TEXT,
        "number" => NUMBER,
        "duration" => DURATION,
        "json" => r".+",
        "kind" => r"[a-z][a-z_-]*",
        "trigger" => r"[A-Za-z][A-Za-z0-9_.\-]*",
        "vendor" => r"[A-Za-z]\w*",
        other => panic!("no vendor-free phrase has a placeholder {{{other}}}"),
    }
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| panic!("pattern {pattern}: {error}"))
}

/// Compiles a pattern with placeholders to a regular expression for a whole text, with one group
/// per placeholder, in order.
fn compile(pattern: &str, form: impl Fn(&str) -> &'static str) -> Regex {
    let mut expression = String::from("^");
    let mut end = 0;
    for found in PLACEHOLDER.captures_iter(pattern) {
        let (Some(whole), Some(name)) = (found.get(0), found.get(1)) else { continue };
        expression += &regex::escape(&pattern[end..whole.start()]);
        expression += &format!("({})", form(name.as_str()));
        end = whole.end();
    }
    expression += &regex::escape(&pattern[end..]);
    expression.push('$');
    regex(&expression)
}

/// The placeholders of a vendor's phrase for an action and what stands in their places in a text,
/// if it matches. What stands there may still be out of the argument's bounds.
pub fn said(
    vendor: &'static str,
    action: &Action,
    phrase: &'static str,
    text: &str,
) -> Option<Vec<(String, String)>> {
    matched((vendor, phrase), |placeholder| form_of(action, placeholder), text)
}

/// The placeholders of a vendor-free pattern and what stands in their places in a text, if it
/// matches.
pub fn capture(pattern: &'static str, text: &str) -> Option<Vec<(String, String)>> {
    matched(("", pattern), common_form, text)
}

/// Whose pattern it is (nobody's if it is vendor-free), and the pattern.
type Key = (&'static str, &'static str);

fn matched(
    key: Key,
    form: impl Fn(&str) -> &'static str,
    text: &str,
) -> Option<Vec<(String, String)>> {
    thread_local! {
        static COMPILED: RefCell<HashMap<Key, Regex>> = RefCell::default();
    }
    let found = COMPILED.with_borrow_mut(|compiled| {
        let regex = compiled.entry(key).or_insert_with(|| compile(key.1, form));
        regex.captures(text).map(|captures| {
            captures
                .iter()
                .skip(1)
                .map(|group| group.map_or("", |group| group.as_str()).to_owned())
                .collect::<Vec<_>>()
        })
    })?;
    let names = PLACEHOLDER.captures_iter(key.1).map(|found| found[1].to_owned());
    Some(names.zip(found).collect())
}

/// The longest text, in bytes, that is compared with what is known.
const LONGEST_MEANT: usize = 500;

/// The pattern that is nearest to a text, if any is near enough to be meant. Names, texts and
/// numbers in the text are set aside for the comparison.
pub fn nearest_phrase<'a>(
    text: &str,
    patterns: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    static VALUES: LazyLock<Regex> = LazyLock::new(|| {
        regex(r#""[^"]*"|\b\d+ ?(?:ms|s|m|h|min|minutes?|hours?|days?|seconds?)?\b|\b\p{Lu}\w+"#)
    });
    // Nobody means a phrase by a text of this length, and the comparison would take for ever.
    if text.len() > LONGEST_MEANT {
        return None;
    }
    let plain = VALUES.replace_all(text, "{}").to_lowercase();
    patterns
        .into_iter()
        .map(|pattern| {
            let bare = PLACEHOLDER.replace_all(pattern, "{}").to_lowercase();
            (strsim::normalized_damerau_levenshtein(&plain, &bare), pattern)
        })
        .filter(|(likeness, _)| *likeness > 0.5)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, pattern)| pattern.to_owned())
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
    fn quoted_text_may_hold_quotes() {
        let text = r#"arrives with content type "so \"quick\"""#;
        let captured = capture("arrives with content type {text}", text).expect("it matches");
        assert_eq!(unquoted(&captured[0].1), "so \"quick\"");
    }

    #[test]
    fn an_arguments_kind_and_not_its_name_says_what_may_stand_for_it() {
        const ORDER: Action = Action {
            id: crate::model::ActionId::at(0),
            call: "order",
            phrases: &["{buyer} orders {seats} tickets for {event} saying {why}"],
            arguments: &[
                Argument { name: "buyer", kind: ArgumentKind::New("order") },
                Argument { name: "seats", kind: ArgumentKind::Integer(1, 9) },
                Argument { name: "event", kind: ArgumentKind::Other("event", &["live"]) },
                Argument { name: "why", kind: ArgumentKind::Text },
            ],
            from: &[],
            to: &["active", "pending"],
            causes: &[],
            provenance: crate::model::Provenance::Assumed("a test"),
        };
        let text = r#"Anna orders 2 tickets for "Robot Day" saying "see you""#;
        let captured = said("test", &ORDER, ORDER.phrases[0], text).expect("it matches");
        let values: Vec<&str> = captured.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(values, ["Anna", "2", "\"Robot Day\"", "\"see you\""]);
        let text = r#"Anna orders two tickets for Fair saying "see you""#;
        assert_eq!(said("test", &ORDER, ORDER.phrases[0], text), None);
    }

    #[test]
    fn the_nearest_phrase_is_found_despite_other_names() {
        let near = nearest_phrase("staff calls Anna", ["staff call {who}", "staff reject {who}"]);
        assert_eq!(near.as_deref(), Some("staff call {who}"));
    }
}
