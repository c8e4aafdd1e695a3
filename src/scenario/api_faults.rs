//! Faults of the vendor's API in a rehearsal.

use super::mistake::Mistake;

/// The faults of the vendor's API in a story. It checks that the receiver gets a webhook while each
/// fault is set up. Nobody can foresee which calls the receiver then makes.
#[derive(Debug, Default)]
pub struct ApiFaults {
    /// The steps of the faults that no webhook has followed so far.
    waiting: Vec<usize>,
    /// The steps of the faults that ended before a webhook followed.
    idle: Vec<usize>,
    /// How many faults there are.
    all: usize,
}

impl ApiFaults {
    /// A fault is set up in this step.
    pub fn arm(&mut self, step: usize) {
        self.waiting.push(step);
        self.all += 1;
    }

    /// A webhook is delivered. The receiver may call the API after it.
    pub fn may_strike(&mut self) {
        self.waiting.clear();
    }

    /// All faults end.
    pub fn disarm(&mut self) {
        self.idle.append(&mut self.waiting);
    }

    /// Whether there are no faults.
    pub fn are_none(&self) -> bool {
        self.all == 0
    }

    /// A fault that affects no call, with its step.
    pub fn left_over(&self) -> Option<(usize, Mistake)> {
        let step = self.idle.iter().chain(&self.waiting).min()?;
        let title = "this fault affects no call: no webhook comes while it is set up";
        let help = "the receiver calls the API when it gets a webhook";
        Some((*step, Mistake::here(title).help(help)))
    }
}
