//! How accounts emit webhooks. It keeps what the webhooks of one action share.

use bytes::Bytes;
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
    /// Emits one webhook about a subject. `belongs_to` is the subject that it is a part of.
    pub fn emit(
        &mut self,
        trigger: impl Into<TriggerId>,
        subject: SubjectIndex,
        belongs_to: Option<SubjectIndex>,
        body: Bytes,
    ) {
        let (at, action, trigger) = (self.at, self.action, trigger.into());
        self.outbox.caused.push(Caused { at, trigger, subject, belongs_to, action, body });
    }
}
