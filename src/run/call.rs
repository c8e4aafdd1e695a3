//! Actions by name: what a program does at the vendor, where a person says a phrase.

use super::Run;
use crate::journal::EntryKind;
use crate::journal::entry::{NamedCall, NamedValue};
use crate::model::{Call, Subject, Value};
use crate::sim::{AccountIndex, NotDone};
use crate::vendors::Touched;

impl Run {
    /// Does an action with these values, and takes in the webhooks that follow.
    ///
    /// # Errors
    /// If it cannot be done now. Nothing has changed then.
    pub fn call(&mut self, account: AccountIndex, call: &Call) -> Result<Touched, NotDone> {
        let named = self.named(account, call);
        let mut webhooks = Vec::new();
        let touched = self.sim.call(account, call, &mut webhooks)?;
        let action = self.record_input(self.of_account(account), EntryKind::Called(named));
        self.take_in(Some(action), webhooks);
        Ok(touched)
    }

    /// A call with its subjects by their ids, as a journal has it.
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

    /// Does an action that a journal has.
    pub(super) fn call_again(
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
