//! Faults of the vendor's API in a rehearsal.

use super::mistake::Mistake;

/// The faults of the vendor's API in a story: whether the receiver hears of anything while they are
/// set up. Which calls it makes then is its own affair.
#[derive(Debug, Default)]
pub struct ApiFaults {
    /// The steps of those that no webhook has followed yet.
    waiting: Vec<usize>,
    /// The steps of those that ended before any webhook followed.
    idle: Vec<usize>,
    /// How many there were.
    all: usize,
}

impl ApiFaults {
    /// One is set up in this step.
    pub fn arm(&mut self, step: usize) {
        self.waiting.push(step);
        self.all += 1;
    }

    /// A webhook is delivered, after which the receiver may call.
    pub fn may_strike(&mut self) {
        self.waiting.clear();
    }

    /// All of them end.
    pub fn disarm(&mut self) {
        self.idle.append(&mut self.waiting);
    }

    /// Whether there were none.
    pub fn are_none(&self) -> bool {
        self.all == 0
    }

    /// One that affects no call, with its step.
    pub fn left_over(&self) -> Option<(usize, Mistake)> {
        let step = self.idle.iter().chain(&self.waiting).min()?;
        let title = "this fault affects no call: no webhook comes while it is set up";
        let help = "the receiver calls the API when it gets a webhook";
        Some((*step, Mistake::here(title).help(help)))
    }
}
