//! The account as the people at it meet it: what they ask for, and what comes of it.

use jiff::Timestamp;
use serde_json::Value as Json;

use crate::model::{ArgumentKind, Call, SubjectIndex, Value};
use crate::vendors::doo::catalogue::CATALOGUE;
use crate::vendors::{Account, Outbox, Touched};

/// The account at this moment.
pub struct Desk<'a> {
    pub(super) account: &'a mut dyn Account,
    pub(super) now: Timestamp,
    pub(super) outbox: &'a mut Outbox,
}

impl Desk<'_> {
    /// Whether a subject is in one of these states.
    pub fn is(&self, subject: SubjectIndex, states: &[&str]) -> bool {
        states.contains(&self.account.state(subject))
    }

    /// What is known of an event.
    pub fn truth(&self, event: SubjectIndex) -> Json {
        self.account.truth(event)
    }

    /// Does it to an order or a ticket that is in one of these states.
    pub fn act_if(&mut self, who: SubjectIndex, states: &[&str], call: &str) -> bool {
        self.is(who, states) && self.act(call, &[("who", Value::Subject(who))]).is_some()
    }

    /// Does it, unless the account refuses: the last places may be taken.
    pub fn act(&mut self, call: &str, values: &[(&str, Value)]) -> Option<Touched> {
        let action =
            CATALOGUE.action(call).unwrap_or_else(|| panic!("the catalogue has no action {call}"));
        let said = |name: &str| values.iter().find(|(known, _)| *known == name);
        let new = |kind| matches!(kind, ArgumentKind::New(_));
        let values = action.arguments.iter().map(|argument| match said(argument.name) {
            Some((_, value)) if !new(argument.kind) => value.clone(),
            _ => Value::Absent,
        });
        let call = Call { action, values: values.collect() };
        self.account.act(&call, self.now, self.outbox).ok()
    }
}
