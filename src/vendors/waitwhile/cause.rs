//! Why a Waitwhile account changes: who acts and when, and where the webhooks about it go.

use jiff::Timestamp;

use super::visit::By;
use crate::vendors::emitter::Emitter;

/// Who acts and when, for everything that one action changes.
pub struct Cause<'a> {
    pub(super) by: By,
    /// The time that bodies carry: when the webhooks leave, or a little later if much happens at
    /// once.
    pub(super) now: Timestamp,
    pub(super) emitter: Emitter<'a>,
}
