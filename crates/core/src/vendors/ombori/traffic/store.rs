//! The store at one moment, as its guests and staff act in it.

use jiff::Timestamp;

use super::super::act::Act;
use super::super::people::Wait;
use super::super::state::State;
use crate::clock::between;
use crate::model::{Call, SubjectIndex, Value};
use crate::vendors::Scene;

/// The store at this moment.
pub struct Store<'a, 'b> {
    pub scene: &'a mut Scene<'b>,
}

impl Store<'_, '_> {
    pub fn is(&self, guest: SubjectIndex, state: State) -> bool {
        self.scene.is(guest, &[state])
    }

    /// The id of the queue that a guest is in.
    pub fn queue(&self, guest: SubjectIndex) -> Option<String> {
        self.scene.truth(guest)["queue"].as_str().map(str::to_owned)
    }

    /// How long a guest found the wait until being checked in.
    pub fn wait(&self, guest: SubjectIndex) -> Wait {
        let truth = self.scene.truth(guest);
        let moment = |name: &str| truth[name].as_str()?.parse::<Timestamp>().ok();
        let since = moment("activatedAt").or_else(|| moment("createdAt"));
        let waited = since.zip(moment("fulfilledAt")).map(|(since, until)| between(since, until));
        Wait::of(waited.unwrap_or_default())
    }

    pub fn act_if(&mut self, guest: SubjectIndex, state: State, act: Act) {
        if self.is(guest, state) {
            self.act(act, vec![Value::Subject(guest)]);
        }
    }

    /// Does an action, which must be legal.
    pub fn act(&mut self, act: Act, values: Vec<Value>) -> SubjectIndex {
        self.scene
            .call(Call { action: act.action(), values })
            .unwrap_or_else(|refusal| {
                panic!("the traffic did something that is not legal: {refusal}")
            })
            .subject
    }
}
