//! The single source of a vendor's vocabulary: subjects, triggers, actions and their phrases. It is
//! declared once per vendor. Steps, scenario files, the command `standin vendors` and the tables in
//! `docs/vendors` all come from it.

use std::time::Duration;

use super::{ActionId, Fact, KindId, Provenance, Setting, StateId, SubjectIndex, TriggerId};

/// A vendor's vocabulary.
#[derive(Debug)]
pub struct Catalogue {
    /// The name in commands and files: `ombori`.
    pub vendor: &'static str,
    /// The name in prose and Gherkin: `Ombori`.
    pub title: &'static str,
    /// What is played, in one sentence.
    pub about: &'static str,
    /// The kinds of subject that webhooks are about.
    pub subjects: &'static [SubjectKind],
    /// Dated versions of the payloads, oldest first.
    pub profiles: &'static [Profile],
    /// The types of webhook.
    pub triggers: &'static [Trigger],
    /// What people and the clock can do.
    pub actions: &'static [Action],
    /// Settings of one account.
    pub settings: &'static [Setting],
    /// Settings of its traffic: rates and mixes of a realistic day.
    pub traffic: &'static [Setting],
    /// Where the body names its trigger, as a JSON pointer. `None`: only the URL names it.
    pub trigger_pointer: Option<&'static str>,
    /// Whether its delivery is documented.
    pub delivery: Provenance,
    /// What is documented, and whether it is played.
    pub facts: &'static [Fact],
}

/// A kind of subject.
#[derive(Debug)]
pub struct SubjectKind {
    /// Its index in the catalogue.
    pub id: KindId,
    /// The vendor's word: `position`.
    pub kind: &'static str,
    /// A short description of it.
    pub about: &'static str,
    /// The kind whose webhooks report its changes: usually this one.
    pub reported_by: &'static str,
    /// Its states, from first to last.
    pub states: &'static [&'static str],
}

/// A dated version of a vendor's payloads.
#[derive(Debug)]
pub struct Profile {
    /// Its name: `2021-02`.
    pub name: &'static str,
    /// What distinguishes it.
    pub about: &'static str,
    /// Whether this is the default.
    pub default: bool,
    /// Its bodies do not show which of two webhooks is newer, except that nothing follows a final
    /// state.
    pub unordered: bool,
}

/// A type of webhook.
#[derive(Debug)]
pub struct Trigger {
    /// Its index in the catalogue.
    pub id: TriggerId,
    /// The vendor's name for it.
    pub name: &'static str,
    /// When it fires.
    pub about: &'static str,
    /// The kind of its subject.
    pub subject: &'static str,
    /// Where its body names the subject's id, as a JSON pointer.
    pub id_pointer: &'static str,
    /// The profiles that have it.
    pub profiles: &'static [&'static str],
    /// Whether it is documented.
    pub provenance: Provenance,
}

/// Something that a person or the clock does at the vendor.
///
/// It acts on one subject. If it has an [`ArgumentKind::Subject`], it changes that subject, which
/// must be in one of the states of `from`. Otherwise it creates the subject that its first
/// [`ArgumentKind::New`] names. It may also create or refer to others.
#[derive(Debug)]
pub struct Action {
    /// Its index in the catalogue.
    pub id: ActionId,
    /// Its name: `take-ticket`.
    pub call: &'static str,
    /// Its phrases: `staff call {who}`. Empty if it happens by itself.
    pub phrases: &'static [&'static str],
    /// Its arguments, by the names used in the phrases.
    pub arguments: &'static [Argument],
    /// The states of its subject in which it is legal. Empty if it creates the subject.
    pub from: &'static [&'static str],
    /// The states that its subject can have afterwards.
    pub to: &'static [&'static str],
    /// The triggers that it fires (per profile, the ones that the profile has).
    pub causes: &'static [&'static str],
    /// Whether it is documented.
    pub provenance: Provenance,
}

/// One argument of an action.
#[derive(Debug)]
pub struct Argument {
    /// Its name in the phrases. Two arguments may have the same name if they stand for subjects of
    /// different kinds: Anna's order, and Anna as its attendee. If one subject exists and the other
    /// is new, such as a message to Anna, the name is then bound to the new one.
    pub name: &'static str,
    /// Which values it takes.
    pub kind: ArgumentKind,
}

/// The kind of an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgumentKind {
    /// A name for a subject of this kind that the action creates.
    New(&'static str),
    /// The name of the subject of this kind that the action changes.
    Subject(&'static str),
    /// The name of another subject of this kind. It must be in one of these states. The action only
    /// refers to it.
    Other(&'static str, &'static [&'static str]),
    /// Text in double quotes.
    Text,
    /// A whole number within these bounds.
    Integer(i64, i64),
    /// A length of time: `4 minutes`, `90s`, `1h 30m`.
    Duration,
}

impl ArgumentKind {
    /// The kind of subject that it names, if it names one.
    pub fn subject(self) -> Option<&'static str> {
        match self {
            Self::New(kind) | Self::Subject(kind) | Self::Other(kind, _) => Some(kind),
            Self::Text | Self::Integer(..) | Self::Duration => None,
        }
    }
}

/// The value of one argument.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A name for a new subject.
    New(String),
    /// An existing subject.
    Subject(SubjectIndex),
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A length of time.
    Duration(Duration),
    /// The phrase does not mention the argument.
    Absent,
}

/// An action with the values of its arguments.
#[derive(Clone, Debug)]
pub struct Call {
    /// The action.
    pub action: &'static Action,
    /// One value per argument, in the order of the action.
    pub values: Vec<Value>,
}

impl Call {
    /// The subject that it changes. `None` if it creates its subject.
    pub fn subject(&self) -> Option<SubjectIndex> {
        self.action.arguments.iter().zip(&self.values).find_map(|pair| match pair {
            (Argument { kind: ArgumentKind::Subject(_), .. }, Value::Subject(index)) => {
                Some(*index)
            }
            _ => None,
        })
    }

    /// The value of the first argument of this name. `None` if the phrase does not mention it.
    pub fn value(&self, name: &str) -> Option<&Value> {
        let arguments = self.action.arguments.iter().zip(&self.values);
        let mut named = arguments.filter(|(argument, _)| argument.name == name);
        named.next().map(|(_, value)| value).filter(|value| **value != Value::Absent)
    }

    /// The name for a new subject in this argument.
    pub fn new_name(&self, argument: &str) -> Option<&str> {
        match self.value(argument)? {
            Value::New(name) => Some(name),
            _ => None,
        }
    }

    /// The text in this argument.
    pub fn text(&self, argument: &str) -> Option<&str> {
        match self.value(argument)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number in this argument.
    pub fn integer(&self, argument: &str) -> Option<i64> {
        match self.value(argument)? {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// The length of time in this argument.
    pub fn duration(&self, argument: &str) -> Option<Duration> {
        match self.value(argument)? {
            Value::Duration(length) => Some(*length),
            _ => None,
        }
    }
}

impl PartialEq for Call {
    fn eq(&self, other: &Self) -> bool {
        self.action.id == other.action.id && self.values == other.values
    }
}

impl Catalogue {
    /// The default profile.
    pub fn default_profile(&self) -> &'static Profile {
        self.profiles
            .iter()
            .find(|profile| profile.default)
            .unwrap_or_else(|| panic!("{}: no profile is marked as the default", self.vendor))
    }

    /// The profile of this name.
    pub fn profile(&self, name: &str) -> Option<&'static Profile> {
        self.profiles.iter().find(|profile| profile.name == name)
    }

    /// The trigger of this name.
    pub fn trigger(&self, name: &str) -> Option<&'static Trigger> {
        self.triggers.iter().find(|trigger| trigger.name == name)
    }

    /// The action of this name.
    pub fn action(&self, call: &str) -> Option<&'static Action> {
        self.actions.iter().find(|action| action.call == call)
    }

    /// The triggers that an action fires in a profile.
    pub fn fired(
        &self,
        action: &Action,
        profile: &Profile,
    ) -> impl Iterator<Item = &'static Trigger> {
        let causes = action.causes.iter().filter_map(|name| self.trigger(name));
        causes.filter(|trigger| trigger.profiles.contains(&profile.name))
    }

    /// The declaration of a kind of subject.
    pub fn kind(&self, id: KindId) -> &'static SubjectKind {
        &self.subjects[id.place()]
    }

    /// The name of a state.
    pub fn state(&self, id: StateId) -> &'static str {
        self.kind(id.kind()).states[id.place()]
    }

    /// The actions with phrases that are legal for a subject in this state.
    pub fn legal_actions(&self, state: StateId) -> impl Iterator<Item = &'static Action> {
        let (kind, state) = (self.kind(state.kind()).kind, self.state(state));
        self.actions.iter().filter(move |action| {
            !action.phrases.is_empty()
                && action.subject_kind() == Some(kind)
                && action.from.contains(&state)
        })
    }

    /// The phrases of the actions that are legal for a subject in this state.
    pub fn legal(&self, state: StateId) -> Vec<&'static str> {
        self.legal_actions(state).flat_map(|action| action.phrases).copied().collect()
    }

    /// The actions with phrases that create a subject.
    pub fn makers(&self) -> impl Iterator<Item = &'static Action> {
        self.actions.iter().filter(|action| !action.phrases.is_empty() && action.from.is_empty())
    }
}

impl Argument {
    /// Whether a phrase mentions it.
    pub fn is_in(&self, phrase: &str) -> bool {
        let mentions = |part: &str| part.split_once('}').is_some_and(|(name, _)| name == self.name);
        phrase.split('{').skip(1).any(mentions)
    }
}

impl Action {
    /// Whether each of its phrases mentions an argument of this name.
    pub fn always_mentions(&self, name: &str) -> bool {
        let argument = self.arguments.iter().find(|argument| argument.name == name);
        argument.is_some_and(|one| self.phrases.iter().all(|phrase| one.is_in(phrase)))
    }

    /// The kind of the subject that it acts on: the one that it changes, or else the first one that
    /// it creates.
    pub fn subject_kind(&self) -> Option<&'static str> {
        let kinds = || self.arguments.iter().map(|argument| argument.kind);
        let changed = kinds().find_map(|kind| match kind {
            ArgumentKind::Subject(kind) => Some(kind),
            _ => None,
        });
        changed.or_else(|| self.made().next())
    }

    /// The kinds of the subjects that it creates, in the order of their arguments.
    pub fn made(&self) -> impl Iterator<Item = &'static str> {
        self.arguments.iter().filter_map(|argument| match argument.kind {
            ArgumentKind::New(kind) => Some(kind),
            _ => None,
        })
    }
}
