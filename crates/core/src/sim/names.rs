//! Names: `Anna` is bound to one subject the first time she acts, per account and kind.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Action, Argument, ArgumentKind, Call, Catalogue, SubjectIndex, Value};
use crate::phrase::{ParsedCall, Word, phrase_of};
use crate::text::{names, with_article};
use crate::vendors::Touched;

/// The names of one account.
#[derive(Debug, Default)]
pub struct Names {
    bound: BTreeMap<&'static str, BTreeMap<String, SubjectIndex>>,
    /// The first name of each subject that has one.
    names: BTreeMap<SubjectIndex, Arc<str>>,
}

/// A name that is unknown, or belongs to another subject.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unbound {
    /// No subject has this name.
    #[error("{name} has no {kind} yet; {}", list(.known))]
    Unknown {
        /// The name.
        name: String,
        /// The kind of subject.
        kind: &'static str,
        /// The names that are known.
        known: Vec<String>,
    },
    /// The name belongs to another subject.
    #[error("{name} has {} already: give the next one another name", with_article(.kind))]
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
    /// The names of the subjects that exist from the start.
    pub fn given(given: Vec<(&'static str, String, SubjectIndex)>) -> Self {
        let mut names = Self::default();
        for (kind, name, subject) in given {
            names.bind_to(kind, name, subject);
        }
        names
    }

    fn bind_to(&mut self, kind: &'static str, name: String, subject: SubjectIndex) {
        self.names.entry(subject).or_insert_with(|| name.as_str().into());
        self.bound.entry(kind).or_default().insert(name, subject);
    }

    /// The name of a subject.
    pub fn of(&self, subject: SubjectIndex) -> Option<&Arc<str>> {
        self.names.get(&subject)
    }

    /// The subjects that have or had a name.
    pub fn subjects(&self) -> impl Iterator<Item = SubjectIndex> {
        let bound = self.bound.values().flat_map(BTreeMap::values);
        self.names.keys().chain(bound).copied()
    }

    /// The subject of this kind that a name is bound to.
    pub fn find(&self, kind: &str, name: &str) -> Option<SubjectIndex> {
        self.bound.get(kind)?.get(name).copied()
    }

    /// The phrase for a call. `None` if it acts on a subject without a name, or whose name has been
    /// taken over by another.
    pub fn phrase_of(&self, call: &Call) -> Option<String> {
        let kinds = call.action.arguments.iter().filter_map(|argument| argument.kind.subject());
        let kinds: Vec<&str> = kinds.collect();
        phrase_of(call, |subject| {
            let name = self.of(subject)?;
            let bound = |kind: &&str| self.find(kind, name) == Some(subject);
            kinds.iter().any(bound).then(|| name.to_string())
        })
    }

    /// Replaces the names in a phrase with subjects, which gives a call.
    ///
    /// # Errors
    /// If a name must be bound and is not, or is bound and must not be.
    pub fn bind(
        &self,
        catalogue: &'static Catalogue,
        spoken: &ParsedCall,
    ) -> Result<Call, Unbound> {
        let action = catalogue
            .action(spoken.action)
            .unwrap_or_else(|| panic!("{} has no action {}", catalogue.vendor, spoken.action));
        let values = action
            .arguments
            .iter()
            .zip(&spoken.words)
            .map(|(argument, word)| match (argument.kind, word) {
                (ArgumentKind::New(_), Some(Word::Name(name))) if named_after(argument, action) => {
                    Ok(Value::New(name.clone()))
                }
                (kind, word) => self.value(kind, word.as_ref()),
            })
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
                    ArgumentKind::Subject(kind) | ArgumentKind::Other(kind, _) => kind,
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

    /// Refuses a call that gives a new subject a name that belongs to another.
    ///
    /// # Errors
    /// The name that is taken.
    pub fn may_be_given(&self, call: &Call) -> Result<(), Unbound> {
        for (kind, name) in given_by(call) {
            if self.find(kind, name).is_some() {
                return Err(Unbound::Taken { name: name.to_owned(), kind });
            }
        }
        Ok(())
    }

    /// Binds the names in a call to the subjects that it has created.
    pub fn give(&mut self, call: &Call, touched: &Touched) {
        let mut made = touched.made_by(call.action);
        let values = call.action.arguments.iter().zip(&call.values);
        for (argument, value) in values {
            let ArgumentKind::New(kind) = argument.kind else { continue };
            if let (Some(subject), Value::New(name)) = (made.next(), value) {
                self.bind_to(kind, name.clone(), subject);
            }
        }
    }

    /// Binds each name to the subject that the action has created for it. A name stays free if the
    /// action has created nothing for it.
    pub fn learn(&mut self, spoken: &ParsedCall, action: &'static Action, touched: &Touched) {
        let mut made = touched.made_by(action);
        for (argument, word) in action.arguments.iter().zip(&spoken.words) {
            let ArgumentKind::New(kind) = argument.kind else { continue };
            if let (Some(subject), Some(Word::Name(name))) = (made.next(), word) {
                self.bind_to(kind, name.clone(), subject);
            }
        }
    }
}

/// The names that a call gives to new subjects, with their kinds. A new subject may have the same
/// name as the subject that the call acts on.
fn given_by(call: &Call) -> impl Iterator<Item = (&'static str, &str)> {
    call.action.arguments.iter().zip(&call.values).filter_map(|pair| match pair {
        (Argument { kind: ArgumentKind::New(kind), .. }, Value::New(name))
            if !named_after(pair.0, call.action) =>
        {
            Some((*kind, name.as_str()))
        }
        _ => None,
    })
}

/// Whether a new subject has the same name as the subject that the action acts on. It then takes
/// the name over from the last subject created this way: Anna's message is the last one sent to
/// her.
fn named_after(new: &Argument, action: &Action) -> bool {
    let acted_on = |one: &Argument| matches!(one.kind, ArgumentKind::Subject(_));
    action.arguments.iter().any(|one| one.name == new.name && acted_on(one))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ActionId;
    use crate::model::Provenance;

    fn at(place: usize) -> SubjectIndex {
        crate::model::Subjects::all().nth(place).expect("there is no end")
    }

    const fn action(call: &'static str, arguments: &'static [Argument]) -> Action {
        let provenance = Provenance::Assumed("a test");
        let id = ActionId::at(0);
        Action { id, call, phrases: &[], arguments, from: &[], to: &[], causes: &[], provenance }
    }

    const ORDER: Action = action(
        "order",
        &[
            Argument { name: "who", kind: ArgumentKind::New("order") },
            Argument { name: "event", kind: ArgumentKind::Other("event", &["live"]) },
            Argument { name: "who", kind: ArgumentKind::New("attendee") },
            Argument { name: "guest", kind: ArgumentKind::New("attendee") },
        ],
    );
    const MOVE: Action = action(
        "move",
        &[
            Argument { name: "who", kind: ArgumentKind::Subject("visit") },
            Argument { name: "as", kind: ArgumentKind::New("visit") },
        ],
    );

    const ALERT: Action = action(
        "alert",
        &[
            Argument { name: "who", kind: ArgumentKind::Subject("visit") },
            Argument { name: "who", kind: ArgumentKind::New("message") },
        ],
    );
    static CATALOGUE: Catalogue = Catalogue {
        vendor: "test",
        title: "Test",
        about: "",
        subjects: &[],
        profiles: &[],
        triggers: &[],
        actions: &[ALERT, MOVE],
        settings: &[],
        traffic: &[],
        trigger_pointer: None,
        delivery: crate::model::Provenance::Assumed("a test"),
        facts: &[],
    };

    fn spoken(action: &'static Action, said: &[&str]) -> ParsedCall {
        let words = said.iter().map(|name| Some(Word::Name((*name).to_owned()))).collect();
        ParsedCall { vendor: "test", action: action.call, words }
    }

    fn learnt(action: &'static Action, said: &[&str], made: &[SubjectIndex]) -> Names {
        let mut names = Names::given(vec![("event", "Fair".to_owned(), at(0))]);
        let touched = Touched { subject: at(4), made: made.to_vec() };
        names.learn(&spoken(action, said), action, &touched);
        names
    }

    #[test]
    fn each_new_name_is_bound_to_its_own_subject() {
        let names = learnt(&ORDER, &["Anna", "Fair", "Anna", "Bo"], &[at(5), at(6)]);
        assert_eq!(names.find("order", "Anna"), Some(at(4)));
        assert_eq!(names.find("attendee", "Anna"), Some(at(5)));
        assert_eq!(names.find("attendee", "Bo"), Some(at(6)));
        assert_eq!(names.find("event", "Fair"), Some(at(0)), "it was there from the start");
        assert_eq!(names.of(at(6)).map(AsRef::as_ref), Some("Bo"));
    }

    #[test]
    fn what_is_made_beside_a_subject_that_is_there_takes_the_new_name() {
        let names = learnt(&MOVE, &["Anna", "Anna2"], &[at(7)]);
        assert_eq!(names.find("visit", "Anna2"), Some(at(7)));
        assert_eq!(names.of(at(4)), None);
    }

    #[test]
    fn a_new_subject_named_after_the_one_acted_on_takes_the_name_over() {
        let mut names = Names::given(vec![("visit", "Anna".to_owned(), at(4))]);
        let alert = spoken(&ALERT, &["Anna", "Anna"]);
        for message in [5, 6] {
            let call = names.bind(&CATALOGUE, &alert).expect("it may be bound already");
            assert_eq!(call.values, [Value::Subject(at(4)), Value::New("Anna".to_owned())]);
            names.learn(&alert, &ALERT, &Touched { subject: at(4), made: vec![at(message)] });
            assert_eq!(names.find("message", "Anna"), Some(at(message)));
        }
        assert_eq!(names.find("visit", "Anna"), Some(at(4)));
        assert_eq!(names.of(at(5)).map(AsRef::as_ref), Some("Anna"), "the first is still hers");
        let taken = names.bind(&CATALOGUE, &spoken(&MOVE, &["Anna", "Anna"]));
        assert!(matches!(taken, Err(Unbound::Taken { .. })), "another name is not taken over");
    }

    #[test]
    fn what_was_not_made_is_not_bound() {
        let names = learnt(&ALERT, &["Anna", "Anna"], &[]);
        assert_eq!(names.find("message", "Anna"), None);
        let names = learnt(&ORDER, &["Anna", "Fair", "Anna", "Bo"], &[at(5)]);
        assert_eq!(names.find("attendee", "Anna"), Some(at(5)));
        assert_eq!(names.find("attendee", "Bo"), None);
    }
}
