//! Actions by name, as a program calls them. A person writes a phrase instead.

use super::Run;
use crate::journal::EntryKind;
use crate::journal::entry::{NamedCall, NamedValue};
use crate::model::{Call, Subject, Value};
use crate::sim::{AccountIndex, NotDone};
use crate::vendors::Touched;

impl Run {
    /// Does an action with these values, and plans the delivery of the webhooks that it causes.
    ///
    /// # Errors
    /// If the action cannot be done now. Then nothing has changed.
    pub fn call(&mut self, account: AccountIndex, call: &Call) -> Result<Touched, NotDone> {
        let named = self.named(account, call);
        let mut webhooks = Vec::new();
        let touched = self.sim.call(account, call, &mut webhooks)?;
        let action = self.record_input(self.account_context(account), EntryKind::Called(named));
        self.take_in(Some(action), webhooks);
        Ok(touched)
    }

    /// A call as the journal records it: subjects are identified by their ids.
    fn named(&self, account: AccountIndex, call: &Call) -> NamedCall {
        let values = call.values.iter().map(|value| match value {
            Value::Absent => NamedValue::Absent,
            Value::New(name) => NamedValue::New(name.clone()),
            Value::Subject(index) => {
                let Subject { kind, id } = self.sim.subject(account, *index);
                NamedValue::Subject { kind: kind.to_owned(), id }
            }
            Value::Text(text) => NamedValue::Text(text.clone()),
            Value::Integer(number) => NamedValue::Integer(*number),
            Value::Duration(length) => NamedValue::Duration(*length),
        });
        NamedCall { action: call.action.call.to_owned(), values: values.collect() }
    }

    /// Replays an action from a journal.
    pub(super) fn replay_call(
        &mut self,
        account: AccountIndex,
        named: &NamedCall,
    ) -> Result<(), String> {
        let catalogue = self.sim.catalogue(account);
        let action = catalogue
            .action(&named.action)
            .ok_or_else(|| format!("{} has no action `{}`", catalogue.vendor, named.action))?;
        let mut values = Vec::with_capacity(named.values.len());
        for value in &named.values {
            values.push(match value {
                NamedValue::Absent => Value::Absent,
                NamedValue::New(name) => Value::New(name.clone()),
                NamedValue::Subject { kind, id } => {
                    let found = self.sim.find(account, kind, id);
                    Value::Subject(found.ok_or_else(|| format!("there is no {kind} {id}"))?)
                }
                NamedValue::Text(text) => Value::Text(text.clone()),
                NamedValue::Integer(number) => Value::Integer(*number),
                NamedValue::Duration(length) => Value::Duration(*length),
            });
        }
        self.call(account, &Call { action, values }).map_err(|refused| refused.to_string())?;
        Ok(())
    }
}
