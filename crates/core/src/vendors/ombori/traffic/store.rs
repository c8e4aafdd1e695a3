//! The store at one moment, as its guests and staff act in it.

use super::super::act::Act;
use super::super::state::State;
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
