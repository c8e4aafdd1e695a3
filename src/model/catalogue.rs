//! The single source of a vendor's vocabulary: what it is made of, what can happen at it, and in
//! which words that is said. Declared once per vendor; steps, scenario files, the command
//! `standin vendors` and the docs table all come from it.

use std::time::Duration;

use super::{ActionId, KindId, Provenance, Setting, StateId, SubjectIndex, TriggerId};

/// Everything that there is to know about a vendor's vocabulary.
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
    /// Where the body names its trigger, as a JSON pointer. `None`: the URL alone tells.
    pub trigger_pointer: Option<&'static str>,
    /// How much is known of how it delivers.
    pub delivery: Provenance,
    /// What is documented and yet not played, with the reason.
    pub left_out: &'static [&'static str],
}

/// A kind of subject.
#[derive(Debug)]
pub struct SubjectKind {
    /// Its place in the catalogue.
    pub id: KindId,
    /// The vendor's word: `position`.
    pub kind: &'static str,
    /// What it is.
    pub about: &'static str,
    /// The kind whose webhooks tell of it: mostly its own.
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
    /// The one used unless another is asked for.
    pub default: bool,
    /// The bodies carry nothing that says which of two came later than the other, except that a
    /// final state is final.
    pub unordered: bool,
}

/// A type of webhook.
#[derive(Debug)]
pub struct Trigger {
    /// Its place in the catalogue.
    pub id: TriggerId,
    /// The vendor's name of it.
    pub name: &'static str,
    /// When it fires.
    pub about: &'static str,
    /// The kind of its subject.
    pub subject: &'static str,
    /// Where its body names the subject's id, as a JSON pointer.
    pub id_pointer: &'static str,
    /// The profiles that have it.
    pub profiles: &'static [&'static str],
    /// How much of it is known.
    pub provenance: Provenance,
}

/// Something that a person or the clock does at the vendor.
///
/// It acts on one subject: on that of its one [`ArgumentKind::Subject`], which must be in one of
/// the states of `from`; or, without such an argument, on what its first [`ArgumentKind::New`]
/// names, which it makes. Whatever else it makes or refers to stands beside that.
#[derive(Debug)]
pub struct Action {
    /// Its place in the catalogue.
    pub id: ActionId,
    /// Its name: `take-ticket`.
    pub call: &'static str,
    /// Its phrases: `staff call {who}`. None: it happens by itself.
    pub phrases: &'static [&'static str],
    /// What it takes, by the names used in the phrases.
    pub arguments: &'static [Argument],
    /// The states of its subject from which it is legal; none: it makes the subject.
    pub from: &'static [&'static str],
    /// The states that it can lead to: its subject is in one of them afterwards.
    pub to: &'static [&'static str],
    /// The triggers that it fires (per profile, the ones that the profile has).
    pub causes: &'static [&'static str],
    /// How much of it is known.
    pub provenance: Provenance,
}

/// One argument of an action.
#[derive(Debug)]
pub struct Argument {
    /// Its name in the phrases. Two arguments may share one where it names two subjects of
    /// different kinds: Anna's order, and Anna herself as its attendee. If one of them is acted on
    /// and the other is new, the name is each time of the newest: a message to Anna.
    pub name: &'static str,
    /// What it may be.
    pub kind: ArgumentKind,
}

/// What an argument may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgumentKind {
    /// A name for a subject of this kind that the action makes.
    New(&'static str),
    /// The name of the subject of this kind that the action changes.
    Subject(&'static str),
    /// The name of another subject of this kind, which the action only refers to; it must be in
    /// one of these states.
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
    /// A name for what the action makes.
    New(String),
    /// A subject that is there already.
    Subject(SubjectIndex),
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A length of time.
    Duration(Duration),
    /// Not given: the phrase does not mention it.
    Absent,
}

/// An action with its values: what an account is asked to do.
#[derive(Clone, Debug)]
pub struct Call {
    /// What to do.
    pub action: &'static Action,
    /// One value per argument of the action, in its order.
    pub values: Vec<Value>,
}

impl Call {
    /// The subject that it changes; none if it makes its subject.
    pub fn subject(&self) -> Option<SubjectIndex> {
        self.action.arguments.iter().zip(&self.values).find_map(|pair| match pair {
            (Argument { kind: ArgumentKind::Subject(_), .. }, Value::Subject(index)) => {
                Some(*index)
            }
            _ => None,
        })
    }

    /// The value of the first argument of this name; none if the phrase does not mention it.
    pub fn value(&self, name: &str) -> Option<&Value> {
        let arguments = self.action.arguments.iter().zip(&self.values);
        let mut named = arguments.filter(|(argument, _)| argument.name == name);
        named.next().map(|(_, value)| value).filter(|value| **value != Value::Absent)
    }

    /// The name that was given to what it makes.
    pub fn new_name(&self, argument: &str) -> Option<&str> {
        match self.value(argument)? {
            Value::New(name) => Some(name),
            _ => None,
        }
    }

    /// The text of an argument.
    pub fn text(&self, argument: &str) -> Option<&str> {
        match self.value(argument)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number of an argument.
    pub fn integer(&self, argument: &str) -> Option<i64> {
        match self.value(argument)? {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// The length of time of an argument.
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
    /// The profile used unless another is asked for.
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

    /// The actions that somebody can do to a subject in this state.
    pub fn legal_actions(&self, state: StateId) -> impl Iterator<Item = &'static Action> {
        let (kind, state) = (self.kind(state.kind()).kind, self.state(state));
        self.actions.iter().filter(move |action| {
            !action.phrases.is_empty()
                && action.subject_kind() == Some(kind)
                && action.from.contains(&state)
        })
    }

    /// The actions that are legal for a subject in this state, phrases only.
    pub fn legal(&self, state: StateId) -> Vec<&'static str> {
        self.legal_actions(state).flat_map(|action| action.phrases).copied().collect()
    }

    /// The actions by which somebody makes a subject.
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

    /// The kind of the subject that it acts on: the one that it changes, else the first that it
    /// makes.
    pub fn subject_kind(&self) -> Option<&'static str> {
        let kinds = || self.arguments.iter().map(|argument| argument.kind);
        let changed = kinds().find_map(|kind| match kind {
            ArgumentKind::Subject(kind) => Some(kind),
            _ => None,
        });
        changed.or_else(|| self.made().next())
    }

    /// The kinds of the subjects that it makes, in the order of the arguments that name them.
    pub fn made(&self) -> impl Iterator<Item = &'static str> {
        self.arguments.iter().filter_map(|argument| match argument.kind {
            ArgumentKind::New(kind) => Some(kind),
            _ => None,
        })
    }
}
