//! The account as the people at it meet it: what they ask for, and what comes of it.

use jiff::Timestamp;

use super::{Account, Outbox, Touched};
use crate::model::{ArgumentKind, Call, Catalogue, SubjectIndex, Value};

/// The account at this moment.
pub struct Desk<'a> {
    /// What can be done here.
    pub catalogue: &'static Catalogue,
    /// Where it is done.
    pub account: &'a mut dyn Account,
    /// When.
    pub now: Timestamp,
    /// Where the webhooks go that follow.
    pub outbox: &'a mut Outbox,
}

impl Desk<'_> {
    /// Whether a subject is in one of these states.
    pub fn is(&self, who: SubjectIndex, states: &[&str]) -> bool {
        states.contains(&self.account.state(who))
    }

    /// Does it to a subject that is in one of these states.
    pub fn act_if(&mut self, who: SubjectIndex, states: &[&str], call: &str) -> Option<Touched> {
        self.try_with(who, states, call, &[])
    }

    /// Does it with these values to a subject that is in one of these states.
    pub fn try_with(
        &mut self,
        who: SubjectIndex,
        states: &[&str],
        call: &str,
        values: &[(&str, Value)],
    ) -> Option<Touched> {
        if !self.is(who, states) {
            return None;
        }
        let subject = ("who", Value::Subject(who));
        let values: Vec<_> = [subject].into_iter().chain(values.iter().cloned()).collect();
        self.act(call, &values)
    }

    /// Does it, unless the account refuses: the last place may be taken, a location closed.
    pub fn act(&mut self, call: &str, values: &[(&str, Value)]) -> Option<Touched> {
        let action = self
            .catalogue
            .action(call)
            .unwrap_or_else(|| panic!("the catalogue has no action {call}"));
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
