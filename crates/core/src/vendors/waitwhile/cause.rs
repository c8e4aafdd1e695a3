//! The cause of a change in a Waitwhile account: who acts, when, and where the webhooks go.

use jiff::Timestamp;

use super::visit::By;
use crate::vendors::emitter::Emitter;

/// The cause of all changes by one action.
pub struct Cause<'a> {
    pub(super) by: By,
    /// The time in bodies: when the webhooks are sent, or a few milliseconds later if much happens
    /// at once.
    pub(super) now: Timestamp,
    pub(super) emitter: Emitter<'a>,
}
