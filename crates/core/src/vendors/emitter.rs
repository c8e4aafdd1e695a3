//! How accounts emit webhooks. It keeps what the webhooks of one action share.

use jiff::Timestamp;

use super::outbox::{Caused, Outbox};
use crate::model::{Action, SubjectIndex, TriggerId};

/// Emits the webhooks of one action.
pub struct Emitter<'a> {
    /// The action that causes them.
    pub action: &'static Action,
    /// When they are sent, in virtual time.
    pub at: Timestamp,
    /// Where they go.
    pub outbox: &'a mut Outbox,
}

impl Emitter<'_> {
    /// Where the body of the next webhook is written: at the end of what is there.
    pub fn body(&mut self) -> &mut Vec<u8> {
        self.outbox.body()
    }

    /// Emits one webhook about a subject, with the body that was written. `belongs_to` is the subject
    /// that it is a part of.
    pub fn emit(
        &mut self,
        trigger: impl Into<TriggerId>,
        subject: SubjectIndex,
        belongs_to: Option<SubjectIndex>,
    ) {
        let (at, action, trigger) = (self.at, self.action, trigger.into());
        self.outbox.put(Caused { at, trigger, subject, belongs_to, action });
    }
}
