//! Makes a story of recorded calls: phrases, each with its moment, for a scenario file or a
//! feature.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::model::{ArgumentKind, Call, SubjectIndex, Value};
use crate::phrase::phrase_of;
use crate::vendors::Deed;

/// One line of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When it happens.
    pub at: Timestamp,
    /// The phrase.
    pub phrase: String,
}

/// The story of these calls. `given` are the subjects that exist from the start. A subject that was
/// created without a name gets one here. Only the names differ when the story is played.
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

/// The call, with an unused name for each subject that it creates.
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
                // Arguments that share a placeholder share the name. Each of the others gets its
                // own.
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
