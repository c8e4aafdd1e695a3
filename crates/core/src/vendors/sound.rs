//! Checks that a call fits its action and the account. The checks are the same for all vendors.

use super::account::Account;
use super::refusal::{Refusal, RefusalKind};
use crate::model::{Action, Argument, ArgumentKind, Call, SubjectIndex, Value};

/// Refuses a call that does not fit its action or this account: a subject does not exist or is in
/// the wrong state, the action only happens by itself, or a value is missing or out of bounds. Only
/// the account itself knows what else may prevent the call.
///
/// # Errors
/// If the call is not as the catalogue declares it.
pub fn unless_sound(account: &impl Account, call: &Call) -> Result<(), Refusal> {
    let action = call.action;
    let value = |place: usize| call.values.get(place).unwrap_or(&Value::Absent);
    for (place, argument) in action.arguments.iter().enumerate() {
        if let ArgumentKind::Subject(kind) = argument.kind {
            let Value::Subject(subject) = value(place) else {
                return Err(Refusal::invalid(format!("`{}` needs {}", action.call, one(kind))));
            };
            unless_there(account, kind, *subject)?;
            unless_from_here(account, action, *subject)?;
        }
    }
    if action.phrases.is_empty() {
        let reason = format!("`{}` happens by itself", action.call);
        return Err(Refusal::of(RefusalKind::Illegal, reason));
    }
    if call.values.len() > action.arguments.len() {
        return Err(Refusal::invalid(format!("`{}` has fewer arguments", action.call)));
    }
    let mut arguments = action.arguments.iter().enumerate();
    arguments.try_for_each(|(place, it)| unless_fits(account, action, it, value(place)))
}

fn unless_there(
    account: &impl Account,
    kind: &'static str,
    subject: SubjectIndex,
) -> Result<(), Refusal> {
    let known = account.kind(subject).map(|known| account.catalogue().kind(known).kind);
    if known == Some(kind) {
        return Ok(());
    }
    Err(Refusal::of(RefusalKind::Unknown, format!("there is no {kind} {subject} here")))
}

/// One subject of a kind: `an order`.
fn one(kind: &str) -> String {
    let article = if kind.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {kind}")
}

/// Refuses an action that is not legal in the state of its subject.
fn unless_from_here(
    account: &impl Account,
    action: &'static Action,
    subject: SubjectIndex,
) -> Result<(), Refusal> {
    let state = account.catalogue().state(account.state(subject));
    if action.from.contains(&state) {
        return Ok(());
    }
    let kind = action.subject_kind().unwrap_or_default();
    let reason = format!(
        "`{}` is not possible for {} that is {state} (it must be {})",
        action.call,
        one(kind),
        action.from.join(" or "),
    );
    let legal = account.legal(subject).into_iter().flat_map(|action| action.phrases);
    Err(Refusal { kind: RefusalKind::Illegal, reason, legal: legal.copied().collect() })
}

/// Refuses a value that its argument does not take.
fn unless_fits(
    account: &impl Account,
    action: &'static Action,
    argument: &Argument,
    value: &Value,
) -> Result<(), Refusal> {
    let name = argument.name;
    match (argument.kind, value) {
        (ArgumentKind::Other(kind, _), Value::Subject(subject)) => {
            unless_there(account, kind, *subject)
        }
        (ArgumentKind::Other(kind, _), Value::Absent) if action.always_mentions(name) => {
            Err(Refusal::invalid(format!("`{}` needs {} as `{name}`", action.call, one(kind))))
        }
        (ArgumentKind::Integer(least, most), Value::Integer(number))
            if !(least..=most).contains(number) =>
        {
            Err(Refusal::invalid(format!(
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
            Err(Refusal::invalid(format!("`{name}` of `{}` cannot be {other:?}", action.call)))
        }
    }
}
