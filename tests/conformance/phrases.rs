//! Phrases can be written, are read back unchanged, and have one meaning.

use std::time::Duration;

use standin::model::{Action, ArgumentKind};
use standin::phrase::{self, PhraseError, Word, call, pattern};
use standin::policy::{api_fault, fault};
use standin::scenario::words;

use crate::{for_any_vendor, vendors};

/// Names as people write them: a word, a word of another script, and anything in quotes.
const NAMES: &[&str] = &["Anna", "محمد", "\"Anna Lindqvist for 3 people\""];

/// The least number of phrases that belong to no vendor. A shorter list has lost some.
const COMMON_AT_LEAST: usize = 40;

#[test]
fn phrases_mention_declared_arguments_and_all_of_them() {
    for_any_vendor(9, |_, catalogue| {
        let mut cases = 0;
        for action in catalogue.actions.iter().filter(|action| !action.phrases.is_empty()) {
            for phrase in action.phrases {
                for name in placeholders(phrase) {
                    cases += 1;
                    let declared = action.arguments.iter().any(|argument| argument.name == name);
                    assert!(declared, "{phrase}: {name} is not declared");
                }
            }
            for argument in action.arguments {
                let mut phrases = action.phrases.iter();
                let said = phrases.any(|phrase| placeholders(phrase).contains(&argument.name));
                assert!(said, "{}: no phrase mentions {}", action.call, argument.name);
            }
        }
        cases
    });
}

#[test]
fn every_phrase_is_read_back_with_all_its_values() {
    for_any_vendor(19, |_, catalogue| {
        let mut cases = 0;
        for (action, pattern) in patterns(catalogue.actions) {
            for name in NAMES {
                let text = spoken(action, pattern, name);
                let read =
                    phrase::read(catalogue, &text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
                cases += 1;
                assert_eq!(read.action, action.call, "{text}");
                for (argument, word) in action.arguments.iter().zip(&read.words) {
                    let mentioned = placeholders(pattern).contains(&argument.name);
                    let right = mentioned.then(|| word_of(argument.kind, name));
                    assert_eq!(*word, right, "{text}: {}", argument.name);
                }
            }
        }
        cases
    });
}

#[test]
fn no_phrase_can_be_taken_for_another() {
    for_any_vendor(19, |_, catalogue| {
        let mut cases = 0;
        for (action, pattern) in patterns(catalogue.actions) {
            for text in NAMES.iter().map(|name| spoken(action, pattern, name)) {
                let mut others =
                    patterns(catalogue.actions).filter(|(it, _)| it.call != action.call);
                let taken = |(other, phrase): &(&'static Action, &'static str)| {
                    call::capture(other, phrase, &text).is_some()
                };
                let other = others.find(taken).map(|(_, other)| other);
                assert_eq!(other, None, "`{text}` is `{pattern}` and something else");
                cases += 1;
                let mut common = words::PHRASES.iter().map(|common| common.pattern);
                let other = common.find(|other| pattern::capture(other, &text).is_some());
                assert_eq!(other, None, "`{text}` is `{pattern}` and something else");
                assert!(fault::read(&text).is_none(), "`{text}` reads like a fault");
                assert!(api_fault::read(&text).is_none(), "`{text}` reads like a fault");
            }
        }
        cases
    });
}

#[test]
fn no_common_phrase_can_be_taken_for_a_vendors() {
    let common = words::PHRASES.iter().map(|common| common_text(common.pattern));
    let faults = fault::EFFECTS
        .iter()
        .map(|effect| format!("every webhook {}", common_text(effect.pattern)));
    let of_apis = api_fault::EFFECTS
        .iter()
        .map(|effect| format!("every call of the API {}", common_text(effect.pattern)));
    let texts: Vec<String> = common.chain(faults).chain(of_apis).collect();
    assert!(texts.len() >= COMMON_AT_LEAST, "only {} common phrases", texts.len());
    for text in texts {
        for (_, catalogue) in vendors() {
            let found = phrase::read(catalogue, &text);
            assert!(matches!(found, Err(PhraseError::Unknown(_))), "`{text}`: {found:?}");
        }
    }
}

fn patterns(actions: &'static [Action]) -> impl Iterator<Item = (&'static Action, &'static str)> {
    actions.iter().flat_map(|action| action.phrases.iter().map(move |phrase| (action, *phrase)))
}

fn placeholders(pattern: &str) -> Vec<&str> {
    let parts = pattern.split('{').skip(1);
    parts.filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}

/// The phrase with a value for every placeholder.
fn spoken(action: &Action, pattern: &str, name: &str) -> String {
    let text = action.arguments.iter().fold(pattern.to_owned(), |text, argument| {
        let value = match argument.kind {
            ArgumentKind::New(_) | ArgumentKind::Subject(_) | ArgumentKind::Other(..) => {
                name.to_owned()
            }
            ArgumentKind::Text => r#""so \"quick\"""#.to_owned(),
            ArgumentKind::Integer(_, most) => most.to_string(),
            ArgumentKind::Duration => "1h 30m".to_owned(),
        };
        text.replace(&format!("{{{}}}", argument.name), &value)
    });
    assert_eq!(placeholders(&text), [""; 0], "{pattern}: a place without a value");
    text
}

fn word_of(kind: ArgumentKind, name: &str) -> Word {
    match kind {
        ArgumentKind::New(_) | ArgumentKind::Subject(_) | ArgumentKind::Other(..) => {
            Word::Name(phrase::unquoted(name))
        }
        ArgumentKind::Text => Word::Text("so \"quick\"".to_owned()),
        ArgumentKind::Integer(_, most) => Word::Integer(most),
        ArgumentKind::Duration => Word::Duration(Duration::from_secs(5400)),
    }
}

/// A phrase that belongs to no vendor, with a value for every placeholder.
fn common_text(pattern: &str) -> String {
    let text = pattern
        .replace("{duration}", "4 minutes")
        .replace("{who}", "Anna")
        .replace("{trigger}", "someTrigger")
        .replace("{number}", "3")
        .replace("{text}", "\"text\"")
        .replace("{json}", "null");
    assert_eq!(placeholders(&text), [""; 0], "{pattern}: a place without a value");
    text
}
