//! The record of a run: everything that happened, in order, append-only.
//!
//! Kept in memory and exportable as JSON lines. Secrets never get here: attempts arrive with their
//! headers already masked.

mod line;

use jiff::Timestamp;

use crate::model::{Attempt, Outcome, Webhook};

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Entry {
    /// An account was opened.
    Opened {
        /// Virtual time.
        at: Timestamp,
        /// The vendor.
        vendor: &'static str,
        /// Its name.
        account: String,
        /// The version of its payloads.
        profile: &'static str,
    },
    /// Somebody did something at the vendor.
    Acted {
        /// Virtual time.
        at: Timestamp,
        /// As it was said.
        said: String,
    },
    /// A fault was set up.
    Armed {
        /// Virtual time.
        at: Timestamp,
        /// As it was said.
        said: String,
    },
    /// No fault that was set up before strikes any more.
    Disarmed {
        /// Virtual time.
        at: Timestamp,
    },
    /// The vendor sends nothing more to the endpoint of an account.
    Deactivated {
        /// Virtual time: that of the attempt which failed last.
        at: Timestamp,
        /// The account.
        account: String,
        /// When the first attempt failed after the last success.
        failing_since: Timestamp,
    },
    /// The vendor sends to the endpoint of an account again.
    Reactivated {
        /// Virtual time.
        at: Timestamp,
        /// The account.
        account: String,
    },
    /// A webhook was caused.
    Caused(Webhook),
    /// An attempt to deliver it was made: each request of it.
    Attempted(Attempt),
    /// Every attempt has failed, and the vendor keeps the webhook.
    DeadLettered {
        /// Virtual time.
        at: Timestamp,
        /// The `seq` of the webhook.
        delivery: u64,
    },
    /// Its delivery came to an end.
    Ended {
        /// Virtual time.
        at: Timestamp,
        /// The `seq` of the webhook.
        delivery: u64,
        /// How.
        outcome: Outcome,
        /// After how many attempts.
        attempts: u32,
    },
}

/// Is told of every entry as it is written.
pub type Listener = Box<dyn FnMut(&Entry)>;

/// The record of a run.
#[derive(Default)]
pub struct Journal {
    entries: Vec<Entry>,
    forgetful: bool,
    listener: Option<Listener>,
}

impl Journal {
    /// Writes an entry.
    pub fn write(&mut self, entry: Entry) {
        if let Some(listener) = &mut self.listener {
            listener(&entry);
        }
        if !self.forgetful {
            self.entries.push(entry);
        }
    }

    /// Keeps no entry from now on; a listener is still told.
    pub fn forget(&mut self) {
        self.forgetful = true;
    }

    /// Tells this listener of every entry from now on.
    pub fn listen(&mut self, listener: Listener) {
        self.listener = Some(listener);
    }

    /// Everything, in order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// All attempts, in order.
    pub fn attempts(&self) -> impl Iterator<Item = &Attempt> {
        self.entries.iter().filter_map(|entry| match entry {
            Entry::Attempted(attempt) => Some(attempt),
            _ => None,
        })
    }

    /// Everything as JSON, one object a line, each line ended by a newline.
    pub fn to_json_lines(&self) -> String {
        self.entries.iter().map(line::line).collect()
    }
}
