//! Reads the actions of a vendor from the phrases of its catalogue.
//!
//! The kind of an argument decides which texts it takes, so a vendor may choose any names for its
//! arguments.

use std::time::Duration;

use super::PhraseError;
use super::pattern::{DURATION, NAME, NUMBER, TEXT, Takes, capture_with, unquoted};
use crate::model::{Action, Argument, ArgumentKind, Catalogue};
use crate::suggest::nearest;
use crate::text::duration;

/// An action that was read. Names are not yet bound to subjects.
#[derive(Clone, Debug, PartialEq)]
pub struct ParsedCall {
    /// The vendor of the phrase.
    pub vendor: &'static str,
    /// Which action.
    pub action: &'static str,
    /// One value per argument of the action. `None` if the phrase does not mention it.
    pub words: Vec<Option<Word>>,
}

/// The value of an argument in a phrase.
#[derive(Clone, Debug, PartialEq)]
pub enum Word {
    /// A subject's name.
    Name(String),
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A length of time.
    Duration(Duration),
}

/// Reads a text as an action of this catalogue.
///
/// # Errors
/// If no phrase of the catalogue matches, or a value is out of bounds.
pub fn read(catalogue: &'static Catalogue, text: &str) -> Result<ParsedCall, PhraseError> {
    let mut wrong: Option<(usize, PhraseError)> = None;
    for action in catalogue.actions {
        for pattern in action.phrases {
            let Some(values) = capture(action, pattern, text) else { continue };
            match parsed(catalogue, action, &values) {
                Ok(call) => return Ok(call),
                // The longest pattern fits best: `in {ahead}` also matches `in 2h for 3 people`.
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
    Err(PhraseError::Unknown(nearest(text, patterns).map(str::to_owned)))
}

fn parsed(
    catalogue: &'static Catalogue,
    action: &'static Action,
    values: &[(String, String)],
) -> Result<ParsedCall, PhraseError> {
    let words = action.arguments.iter().map(|argument| {
        let value = values.iter().find(|(name, _)| name == argument.name);
        value.map(|(_, text)| word(argument, text)).transpose()
    });
    let words = words.collect::<Result<_, _>>()?;
    Ok(ParsedCall { vendor: catalogue.vendor, action: action.call, words })
}

fn word(argument: &Argument, text: &str) -> Result<Word, PhraseError> {
    let wrong = |right: &str| {
        PhraseError::Value(format!("{{{}}} cannot be `{text}`: it takes {right}", argument.name))
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

/// The placeholders of an action's phrase with their values in a text. `None` if the phrase does
/// not match. A value may still be out of its argument's bounds.
pub fn capture(action: &Action, phrase: &'static str, text: &str) -> Option<Vec<(String, String)>> {
    capture_with(phrase, |placeholder| taken_by(action, placeholder), text)
}

/// What a placeholder takes, by the kind of the argument with that name.
fn taken_by(action: &Action, placeholder: &str) -> &'static Takes {
    let argument = action.arguments.iter().find(|argument| argument.name == placeholder);
    match argument.map(|argument| argument.kind) {
        Some(ArgumentKind::New(_) | ArgumentKind::Subject(_) | ArgumentKind::Other(..)) => &NAME,
        Some(ArgumentKind::Text) => &TEXT,
        Some(ArgumentKind::Integer(..)) => &NUMBER,
        Some(ArgumentKind::Duration) => &DURATION,
        None => panic!("{}: {{{placeholder}}} is not declared", action.call),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_an_argument_decides_which_texts_it_takes() {
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
        let captured = capture(&ORDER, ORDER.phrases[0], text).expect("it matches");
        let values: Vec<&str> = captured.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(values, ["Anna", "2", "\"Robot Day\"", "\"see you\""]);
        let text = r#"Anna orders two tickets for Fair saying "see you""#;
        assert_eq!(capture(&ORDER, ORDER.phrases[0], text), None);
    }
}
