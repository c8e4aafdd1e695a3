//! What becomes of a webhook in a rehearsal.

use crate::model::Webhook;

/// A webhook that the story causes.
pub struct Caused {
    /// The webhook.
    pub webhook: Webhook,
    /// It has a URL.
    pub sent: bool,
    /// A fault keeps it from ever being sent.
    pub lost: bool,
    /// Faults keep every attempt from arriving.
    pub stopped: bool,
}

impl Caused {
    /// Whether the receiver gets it.
    pub fn arrives(&self) -> bool {
        !self.lost && !self.stopped
    }
}
