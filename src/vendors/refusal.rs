//! Why an account does not do what it is asked: the reason, its kind, and what is legal instead.

use super::Account;
use crate::model::{Action, Argument, ArgumentKind, Call, Catalogue, SubjectIndex, Value};

/// Why an account did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Refusal {
    /// What sort of reason it is.
    pub kind: RefusalKind,
    /// What stands against it, in one sentence without a full stop.
    pub reason: String,
    /// The phrases that are legal for the subject now.
    pub legal: Vec<&'static str>,
}

/// What sort of reason a refusal has: enough for an API to choose a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefusalKind {
    /// The account has no such subject.
    Unknown,
    /// The state of the account does not allow it now.
    Illegal,
    /// It is legal, but there is no room: the last place or slot is taken.
    Full,
    /// A value is missing or wrong.
    Invalid,
}

impl Refusal {
    /// Refuses an action for another reason than the state of its subject, which is legal.
    pub fn beside(
        kind: RefusalKind,
        catalogue: &'static Catalogue,
        action: &'static Action,
        state: &'static str,
        reason: impl Into<String>,
    ) -> Self {
        let mut legal = catalogue.legal(action.subject_kind().unwrap_or_default(), state);
        legal.retain(|phrase| !action.phrases.contains(phrase));
        Self { kind, reason: reason.into(), legal }
    }

    /// Refuses a call that does not fit this account or its action: a subject is not there or not in
    /// a state from which the action is legal, nobody can be asked to do that, a value is missing or
    /// out of bounds. What else stands against it the account says itself.
    ///
    /// # Errors
    /// If anything of the call is not as the catalogue declares it.
    pub fn unless_sound(account: &impl Account, call: &Call) -> Result<(), Self> {
        let action = call.action;
        let value = |place: usize| call.values.get(place).unwrap_or(&Value::Absent);
        for (place, argument) in action.arguments.iter().enumerate() {
            if let ArgumentKind::Subject(kind) = argument.kind {
                let Value::Subject(subject) = value(place) else {
                    return Err(Self::invalid(format!("`{}` needs a {kind}", action.call)));
                };
                Self::unless_there(account, kind, *subject)?;
                Self::unless_from_here(account, action, *subject)?;
            }
        }
        if action.phrases.is_empty() {
            let reason = format!("`{}` happens by itself", action.call);
            return Err(Self::of(RefusalKind::Illegal, reason));
        }
        if call.values.len() > action.arguments.len() {
            return Err(Self::invalid(format!("`{}` takes fewer values", action.call)));
        }
        let mut arguments = action.arguments.iter().enumerate();
        arguments.try_for_each(|(place, it)| Self::unless_fits(account, action, it, value(place)))
    }

    fn unless_there(
        account: &impl Account,
        kind: &'static str,
        subject: SubjectIndex,
    ) -> Result<(), Self> {
        if account.kind(subject) == Some(kind) {
            return Ok(());
        }
        Err(Self::of(RefusalKind::Unknown, format!("there is no {kind} {subject} here")))
    }

    /// Refuses an action whose subject is not in one of the states from which it is legal.
    fn unless_from_here(
        account: &impl Account,
        action: &'static Action,
        subject: SubjectIndex,
    ) -> Result<(), Self> {
        let state = account.state(subject);
        if action.from.contains(&state) {
            return Ok(());
        }
        let kind = action.subject_kind().unwrap_or_default();
        let reason = format!(
            "`{}` is not possible for a {kind} that is {state} (it must be {})",
            action.call,
            action.from.join(" or "),
        );
        let legal = account.legal(subject).into_iter().flat_map(|action| action.phrases);
        Err(Self { kind: RefusalKind::Illegal, reason, legal: legal.copied().collect() })
    }

    /// Refuses a value that is not what the argument takes.
    fn unless_fits(
        account: &impl Account,
        action: &'static Action,
        argument: &Argument,
        value: &Value,
    ) -> Result<(), Self> {
        let name = argument.name;
        match (argument.kind, value) {
            (ArgumentKind::Other(kind, _), Value::Subject(subject)) => {
                Self::unless_there(account, kind, *subject)
            }
            (ArgumentKind::Other(kind, _), Value::Absent) if action.always_mentions(name) => {
                Err(Self::invalid(format!("`{}` needs a {kind} as `{name}`", action.call)))
            }
            (ArgumentKind::Integer(least, most), Value::Integer(number))
                if !(least..=most).contains(number) =>
            {
                Err(Self::invalid(format!(
                    "`{name}` cannot be {number}: it takes a whole number from {least} to {most}"
                )))
            }
            (_, Value::Absent)
            | (ArgumentKind::Subject(_), Value::Subject(_))
            | (ArgumentKind::New(_), Value::New(_))
            | (ArgumentKind::Text, Value::Text(_))
            | (ArgumentKind::Integer(..), Value::Integer(_))
            | (ArgumentKind::Duration, Value::Duration(_)) => Ok(()),
            (_, other) => {
                Err(Self::invalid(format!("`{name}` of `{}` cannot be {other:?}", action.call)))
            }
        }
    }

    fn invalid(reason: String) -> Self {
        Self::of(RefusalKind::Invalid, reason)
    }

    /// A refusal that leaves nothing to be done to the subject.
    fn of(kind: RefusalKind, reason: String) -> Self {
        Self { kind, reason, legal: Vec::new() }
    }
}
