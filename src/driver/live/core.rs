//! A run that is driven live, and all that goes with it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::runtime::Handle;
use tokio::sync::{Notify, Semaphore, oneshot, watch};

use super::pace::Pace;
use crate::delivery::Sender;
use crate::journal::JournalError;
use crate::journal::sqlite::{Appended, Note, RunWriter};
use crate::run::Run;

/// A run that is driven. Clones drive the same one.
#[derive(Clone)]
pub struct Live(pub(super) Arc<Inner>);

/// What the clones share.
pub struct Inner {
    pub state: Mutex<State>,
    pub sender: Sender,
    /// How many requests all runs together may have under way.
    pub permits: Arc<Semaphore>,
    /// Where its tasks run.
    pub runtime: Handle,
    /// Something has changed that the pump may have to act on.
    pub wake: Notify,
    pub progress: watch::Sender<Progress>,
}

/// The run, its journal and its clock.
pub struct State {
    pub run: Run,
    pub writer: RunWriter,
    pub pace: Pace,
    pub goals: VecDeque<Goal>,
    /// How many goals there have been.
    pub set: u64,
    /// How many requests are under way.
    pub out: usize,
    /// How many wait for something before anything is sent.
    pub gates: usize,
    /// Nothing more is sent.
    pub ended: bool,
}

/// How far the pump is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// Something may be due.
    pub busy: bool,
    /// How many goals were reached.
    pub reached: u64,
    /// Nothing more is sent, and nothing is under way.
    pub ended: bool,
}

/// Resolves when what was applied is in the journal.
pub type Written = oneshot::Receiver<Result<Appended, JournalError>>;

/// What is to be reached.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    /// This moment of virtual time.
    Until(Timestamp),
    /// That every attempt is made, while virtual time stands still.
    Settle,
}

impl Live {
    /// The run, for as long as nothing is waited for.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Virtual time now. It lags behind its pace while something is due that has not happened yet.
    pub fn now(&self) -> Timestamp {
        let reached = self.run.sim().now();
        match self.pace.now() {
            Some(now) if self.run.next().is_none_or(|next| next > now) => now.max(reached),
            _ => reached,
        }
    }

    /// Brings the run to the present moment. Nothing is due until then, so nothing happens on the
    /// way: what is due is the pump's, one moment after the other.
    pub fn catch_up(&mut self) {
        let now = self.now();
        self.run.advance(now);
    }

    /// Writes what the run has recorded; none if that is nothing.
    pub fn record(&mut self) -> Option<Written> {
        self.record_noted(None)
    }

    /// The same with a note behind it, in one transaction.
    pub fn record_noted(&mut self, note: Option<Note>) -> Option<Written> {
        let entries = self.run.take_entries();
        if entries.is_empty() && note.is_none() {
            return None;
        }
        let (done, written) = oneshot::channel();
        self.writer.append_noted(&entries, note, move |appended| {
            // The caller may not wait for it any more.
            let _ = done.send(appended);
        });
        Some(written)
    }
}
