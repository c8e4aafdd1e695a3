//! An account at one moment, as traffic sees it. All traffic acts through a scene, so that its
//! calls can be recorded.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::account::Account;
use super::outbox::{Outbox, Touched};
use super::refusal::Refusal;
use crate::model::{Action, ArgumentKind, Call, Catalogue, StateId, SubjectIndex, Value};

/// The account at this moment.
pub struct Scene<'a> {
    account: &'a mut dyn Account,
    now: Timestamp,
    outbox: &'a mut Outbox,
    record: Option<&'a mut Vec<Deed>>,
}

/// A call that was made and not refused: one line of a story.
#[derive(Clone, Debug, PartialEq)]
pub struct Deed {
    /// When it was made.
    pub at: Timestamp,
    /// The call.
    pub call: Call,
    /// The subjects that it created or changed.
    pub touched: Touched,
}

impl Deed {
    /// The subjects that it created, each with its name in this call.
    pub fn new_names<'a>(&self, call: &'a Call) -> Vec<(SubjectIndex, &'a str)> {
        let made = self.touched.made_by(call.action);
        let names = call.values.iter().filter_map(|value| match value {
            Value::New(name) => Some(name.as_str()),
            _ => None,
        });
        made.zip(names).collect()
    }
}

impl<'a> Scene<'a> {
    /// An account at this moment. The webhooks that follow go into the outbox.
    pub fn new(account: &'a mut dyn Account, now: Timestamp, outbox: &'a mut Outbox) -> Self {
        Self { account, now, outbox, record: None }
    }

    /// Records the calls of this scene here, if a record is kept.
    pub fn recorded(self, record: Option<&'a mut Vec<Deed>>) -> Self {
        Self { record, ..self }
    }

    /// The moment.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Moves on to this moment, if it is later.
    pub fn not_before(&mut self, moment: Timestamp) {
        self.now = self.now.max(moment);
    }

    /// The vendor's vocabulary.
    pub fn catalogue(&self) -> &'static Catalogue {
        self.account.catalogue()
    }

    /// The subjects that exist from the start.
    pub fn given(&self) -> Vec<SubjectIndex> {
        self.account.given().into_iter().map(|(_, _, subject)| subject).collect()
    }

    /// Whether a subject is in one of these states.
    pub fn is(&self, who: SubjectIndex, states: &[impl Into<StateId> + Copy]) -> bool {
        let state = self.account.state(who);
        states.iter().any(|one| state == (*one).into())
    }

    /// Whether a subject is of this kind and in one of these states, by their names.
    pub fn fits(&self, who: SubjectIndex, kind: &str, states: &[&str]) -> bool {
        let catalogue = self.catalogue();
        let known = self.account.kind(who).map(|known| catalogue.kind(known).kind);
        known == Some(kind) && states.contains(&catalogue.state(self.account.state(who)))
    }

    /// What the vendor knows about a subject.
    pub fn truth(&self, who: SubjectIndex) -> Json {
        self.account.truth(who)
    }

    /// The actions that are legal for a subject now.
    pub fn legal(&self, who: SubjectIndex) -> Vec<&'static Action> {
        self.account.legal(who)
    }

    /// Makes a call, unless the account refuses it.
    ///
    /// # Errors
    /// The refusal. In this case nothing has changed.
    pub fn call(&mut self, call: Call) -> Result<Touched, Refusal> {
        let touched = self.account.act(&call, self.now, self.outbox)?;
        if let Some(record) = &mut self.record {
            record.push(Deed { at: self.now, call, touched: touched.clone() });
        }
        Ok(touched)
    }

    /// Does an action to a subject if it is in one of these states.
    pub fn act_if(
        &mut self,
        who: SubjectIndex,
        states: &[impl Into<StateId> + Copy],
        action: impl Into<&'static Action>,
    ) -> Option<Touched> {
        self.try_with(who, states, action, &[])
    }

    /// Does an action with these values to a subject if it is in one of these states.
    pub fn try_with(
        &mut self,
        who: SubjectIndex,
        states: &[impl Into<StateId> + Copy],
        action: impl Into<&'static Action>,
        values: &[(&str, Value)],
    ) -> Option<Touched> {
        if !self.is(who, states) {
            return None;
        }
        let subject = ("who", Value::Subject(who));
        let values: Vec<_> = [subject].into_iter().chain(values.iter().cloned()).collect();
        self.act(action, &values)
    }

    /// Does an action, unless the account refuses it, for example because a location is closed.
    pub fn act(
        &mut self,
        action: impl Into<&'static Action>,
        values: &[(&str, Value)],
    ) -> Option<Touched> {
        let action = action.into();
        let given = |name: &str| values.iter().find(|(known, _)| *known == name);
        let new = |kind| matches!(kind, ArgumentKind::New(_));
        let values = action.arguments.iter().map(|argument| match given(argument.name) {
            Some((_, value)) if !new(argument.kind) => value.clone(),
            _ => Value::Absent,
        });
        self.call(Call { action, values: values.collect() }).ok()
    }
}
