//! The account as the people at it meet it: what they ask for, and what comes of it.

use jiff::Timestamp;

use crate::model::{ArgumentKind, Call, SubjectIndex, Value};
use crate::vendors::waitwhile::catalogue::CATALOGUE;
use crate::vendors::{Account, Outbox, Touched};

/// The account at this moment.
pub struct Desk<'a> {
    pub(super) account: &'a mut dyn Account,
    pub(super) now: Timestamp,
    pub(super) outbox: &'a mut Outbox,
}

impl Desk<'_> {
    /// Whether a guest is in one of these states.
    pub fn is(&self, guest: SubjectIndex, states: &[&str]) -> bool {
        states.contains(&self.account.state(guest))
    }

    /// Does it if the guest is in one of these states.
    pub fn act_if(&mut self, guest: SubjectIndex, states: &[&str], call: &str) -> Option<Touched> {
        self.try_with(guest, states, call, &[])
    }

    /// Does it with these values, if the guest is in one of these states.
    pub fn try_with(
        &mut self,
        guest: SubjectIndex,
        states: &[&str],
        call: &str,
        values: &[(&str, Value)],
    ) -> Option<Touched> {
        if !self.is(guest, states) {
            return None;
        }
        let who = ("who", Value::Subject(guest));
        let values: Vec<_> = [who].into_iter().chain(values.iter().cloned()).collect();
        self.act(call, &values)
    }

    /// Does it, unless the account refuses: a slot may be taken, a location closed.
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
