//! Writes a call as the phrase that would make it: the opposite of reading.

use std::time::Duration;

use super::pattern::capture;
use crate::model::{Action, Argument, Call, SubjectIndex, Value};

/// The phrase that would make a call, with these names for subjects. `None` if there is none: a
/// subject has no name, or no phrase mentions exactly the arguments that are given.
pub fn phrase_of(call: &Call, name: impl Fn(SubjectIndex) -> Option<String>) -> Option<String> {
    let texts = call
        .values
        .iter()
        .map(|value| match value {
            Value::Absent => Some(None),
            Value::New(new) => Some(Some(name_text(new))),
            Value::Subject(subject) => name(*subject).map(|name| Some(name_text(&name))),
            Value::Text(text) => Some(Some(quoted(text))),
            Value::Integer(number) => Some(Some(number.to_string())),
            Value::Duration(length) => Some(Some(length_text(*length))),
        })
        .collect::<Option<Vec<_>>>()?;
    call.action.phrases.iter().find_map(|pattern| fill(pattern, call.action, &texts))
}

/// The pattern with these texts for its arguments, if it has a placeholder for each of them.
fn fill(pattern: &str, action: &Action, texts: &[Option<String>]) -> Option<String> {
    for (argument, text) in action.arguments.iter().zip(texts) {
        if argument.is_in(pattern) != text.is_some() {
            return None;
        }
        // Two arguments may share one placeholder. Then both must have the same text.
        let shares =
            |(other, its): (&Argument, &Option<String>)| other.name != argument.name || its == text;
        if !action.arguments.iter().zip(texts).all(shares) {
            return None;
        }
    }
    let (mut out, mut left) = (String::new(), pattern);
    while let Some((before, rest)) = left.split_once('{') {
        let (name, after) = rest.split_once('}')?;
        let place = action.arguments.iter().position(|argument| argument.name == name)?;
        out += before;
        out += texts.get(place)?.as_deref()?;
        left = after;
    }
    out += left;
    Some(out)
}

/// A name as it is written in a phrase.
fn name_text(name: &str) -> String {
    let plain = !name.starts_with('"') && capture("{who}", name).is_some();
    if plain { name.to_owned() } else { quoted(name) }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A length of time as it is written, exact to the nanosecond.
fn length_text(length: Duration) -> String {
    let (seconds, nanoseconds) = (length.as_secs(), length.subsec_nanos());
    let parts = [
        (seconds / 3600, "h"),
        (seconds / 60 % 60, "m"),
        (seconds % 60, "s"),
        (u64::from(nanoseconds / 1_000_000), "ms"),
        (u64::from(nanoseconds / 1000 % 1000), "us"),
        (u64::from(nanoseconds % 1000), "ns"),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, unit)| format!("{number}{unit}"))
        .collect();
    if parts.is_empty() { "0s".to_owned() } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::duration;

    #[test]
    fn lengths_of_time_are_read_back() {
        for nanoseconds in [0, 1, 1000, 90_000_000_000, 3_723_004_005_006, 400_000_000_000_000] {
            let length = Duration::from_nanos(nanoseconds);
            assert_eq!(duration(&length_text(length)), Some(length), "{length:?}");
        }
    }

    #[test]
    fn names_that_are_no_single_word_are_quoted() {
        assert_eq!(name_text("Anna"), "Anna");
        assert_eq!(name_text("anna"), "\"anna\"");
        assert_eq!(name_text("Kim \"Bo\" \\"), r#""Kim \"Bo\" \\""#);
        assert_eq!(super::super::unquoted(&name_text("\\\"")), "\\\"");
    }
}
