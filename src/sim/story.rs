//! Recorded calls told as a story: phrases at their moments, as a scenario file or a feature says
//! them.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::model::{ArgumentKind, Call, SubjectIndex, Value};
use crate::phrase::phrase_of;
use crate::vendors::Deed;

/// One line of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When it is said.
    pub at: Timestamp,
    /// The phrase.
    pub phrase: String,
}

/// Tells what was done where these subjects were there from the start. Whoever was made without a
/// name gets one here: what such people are called is all that differs when the story is played.
pub fn tell(given: &[(&'static str, String, SubjectIndex)], deeds: &[Deed]) -> Vec<Line> {
    let mut names: BTreeMap<SubjectIndex, String> =
        given.iter().map(|(_, name, subject)| (*subject, name.clone())).collect();
    let mut lines = Vec::new();
    for deed in deeds {
        let call = named(&deed.call, lines.len() + 1, &names);
        let phrase = phrase_of(&call, |subject| names.get(&subject).cloned());
        lines.extend(phrase.map(|phrase| Line { at: deed.at, phrase }));
        for (subject, name) in deed.new_names(&call) {
            names.insert(subject, name.to_owned());
        }
    }
    lines
}

/// The call with a name for all that it makes, which is none that anybody has.
fn named(call: &Call, number: usize, names: &BTreeMap<SubjectIndex, String>) -> Call {
    let arguments = call.action.arguments.iter();
    let acted_on = |name: &str| {
        let mut arguments = call.action.arguments.iter().zip(&call.values);
        arguments.find_map(|(argument, value)| match value {
            Value::Subject(subject) if argument.name == name => names.get(subject).cloned(),
            _ => None,
        })
    };
    let values = arguments.zip(&call.values).map(|(argument, value)| {
        match (argument.kind, value) {
            (ArgumentKind::New(_), Value::Absent) => {
                // Where a place of the phrase is shared, so is the name; where it is not, what is
                // made beside gets another one.
                let own = || match argument.name {
                    "who" => format!("Guest{number}"),
                    other => format!("Guest{number}-{other}"),
                };
                Value::New(acted_on(argument.name).unwrap_or_else(own))
            }
            (_, value) => value.clone(),
        }
    });
    Call { action: call.action, values: values.collect() }
}
