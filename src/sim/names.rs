//! Names: `Anna` is bound to one subject the first time she acts, per account and kind.

use std::collections::BTreeMap;

use crate::model::settings::names;
use crate::model::{Action, ArgumentKind, Call, Catalogue, SubjectIndex, Value};
use crate::vendors::phrase::{Spoken, Word};

/// The names of one account.
#[derive(Debug, Default)]
pub struct Names {
    bound: BTreeMap<&'static str, BTreeMap<String, SubjectIndex>>,
}

/// A name that means nothing, or something else.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unbound {
    /// Nobody has this name.
    #[error("{name} has no {kind} yet; {}", list(.known))]
    Unknown {
        /// The name.
        name: String,
        /// The kind of subject.
        kind: &'static str,
        /// The names that are bound.
        known: Vec<String>,
    },
    /// Somebody has it already.
    #[error("{name} has a {kind} already: give the next one another name")]
    Taken {
        /// The name.
        name: String,
        /// The kind of subject.
        kind: &'static str,
    },
}

fn list(known: &[String]) -> String {
    if known.is_empty() {
        return "nobody has one".to_owned();
    }
    format!("there are {}", names(known.iter().map(String::as_str)))
}

impl Names {
    /// The subject of this kind that a name is bound to.
    pub fn find(&self, kind: &str, name: &str) -> Option<SubjectIndex> {
        self.bound.get(kind)?.get(name).copied()
    }

    /// The name of the first subject of this kind for which the test holds.
    pub fn name_of(&self, kind: &str, is: impl Fn(SubjectIndex) -> bool) -> Option<&str> {
        let mut bound = self.bound.get(kind)?.iter();
        bound.find(|(_, subject)| is(**subject)).map(|(name, _)| name.as_str())
    }

    /// Turns what was said into a call.
    ///
    /// # Errors
    /// If a name is not bound though it must be, or bound though it must not.
    pub fn bind(&self, catalogue: &'static Catalogue, spoken: &Spoken) -> Result<Call, Unbound> {
        let action = catalogue
            .action(spoken.action)
            .unwrap_or_else(|| panic!("{} has no action {}", catalogue.vendor, spoken.action));
        let values = action
            .arguments
            .iter()
            .zip(&spoken.words)
            .map(|(argument, word)| self.value(argument.kind, word.as_ref()))
            .collect::<Result<_, _>>()?;
        Ok(Call { action, values })
    }

    fn value(&self, kind: ArgumentKind, word: Option<&Word>) -> Result<Value, Unbound> {
        Ok(match (kind, word) {
            (_, None) => Value::Absent,
            (ArgumentKind::New(kind), Some(Word::Name(name))) => {
                if self.find(kind, name).is_some() {
                    return Err(Unbound::Taken { name: name.clone(), kind });
                }
                Value::New(name.clone())
            }
            (_, Some(Word::Name(name))) => {
                let kind = match kind {
                    ArgumentKind::Subject(kind) => kind,
                    _ => "",
                };
                Value::Subject(self.find(kind, name).ok_or_else(|| Unbound::Unknown {
                    name: name.clone(),
                    kind,
                    known: self.of_kind(kind),
                })?)
            }
            (_, Some(Word::Text(text))) => Value::Text(text.clone()),
            (_, Some(Word::Integer(number))) => Value::Integer(*number),
            (_, Some(Word::Duration(length))) => Value::Duration(*length),
        })
    }

    fn of_kind(&self, kind: &str) -> Vec<String> {
        self.bound.get(kind).into_iter().flatten().map(|(name, _)| name.clone()).collect()
    }

    /// Binds the name of what an action has made.
    pub fn learn(&mut self, spoken: &Spoken, action: &'static Action, subject: SubjectIndex) {
        for (argument, word) in action.arguments.iter().zip(&spoken.words) {
            if let (ArgumentKind::New(kind), Some(Word::Name(name))) = (argument.kind, word) {
                self.bound.entry(kind).or_default().insert(name.clone(), subject);
            }
        }
    }
}
