//! A run that is driven live, with its journal and its clock.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::runtime::Handle;
use tokio::sync::{Notify, Semaphore, oneshot, watch};

use super::pace::Pace;
use crate::delivery::Sender;
use crate::journal::JournalError;
use crate::journal::Note;
use crate::journal::sqlite::{Appended, RunWriter};
use crate::run::Run;

/// A run that is driven live. Clones share the same run.
#[derive(Clone)]
pub struct Live(pub(super) Arc<Shared>);

/// What the clones share.
pub struct Shared {
    pub state: Mutex<State>,
    pub sender: Sender,
    /// Limits the requests that all runs together have under way.
    pub permits: Arc<Semaphore>,
    /// The runtime of its tasks.
    pub runtime: Handle,
    /// Wakes the pump after a change.
    pub wake: Notify,
    pub progress: watch::Sender<Progress>,
}

/// The run, its journal and its clock.
pub struct State {
    pub run: Run,
    pub writer: RunWriter,
    pub pace: Pace,
    pub goals: VecDeque<Goal>,
    /// How many goals have been set so far.
    pub goals_set: u64,
    /// How many requests are under way.
    pub out: usize,
    /// How many gates are closed. While one is, nothing is sent.
    pub gates: usize,
    /// Whether the run has ended. Then nothing more is sent.
    pub ended: bool,
}

/// The progress of the pump.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// Whether a ticket may be due or under way.
    pub busy: bool,
    /// How many goals were reached or dropped.
    pub reached: u64,
    /// Whether nothing more is sent and nothing is under way.
    pub ended: bool,
}

/// Resolves when the entries of an input are in the journal.
pub type Written = oneshot::Receiver<Result<Appended, JournalError>>;

/// What the pump must reach.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    /// This moment of virtual time.
    Until(Timestamp),
    /// Every pending attempt is made, while virtual time stands still.
    Settle,
}

impl Live {
    /// Locks the state. Never hold the lock across an `await`.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Virtual time now. It lags behind its pace while something that is due has not happened yet.
    pub fn now(&self) -> Timestamp {
        let reached = self.run.sim().now();
        match self.pace.now() {
            Some(now) if self.run.next().is_none_or(|next| next > now) => now.max(reached),
            _ => reached,
        }
    }

    /// Advances the run to [`now`](Self::now). Nothing happens on the way: the pump handles due
    /// moments, one after the other.
    pub fn catch_up(&mut self) {
        let now = self.now();
        self.run.advance(now);
    }

    /// Writes the new entries of the run; `None` if there are none.
    pub fn record(&mut self) -> Option<Written> {
        self.record_noted(None)
    }

    /// The same with a note behind it, in one transaction.
    pub fn record_noted(&mut self, note: Option<Note>) -> Option<Written> {
        self.run.forget_ended();
        let entries = self.run.take_entries();
        if entries.is_empty() && note.is_none() {
            return None;
        }
        let (done, written) = oneshot::channel();
        self.writer.append_noted(&entries, note, move |appended| {
            // The caller may have stopped waiting.
            let _ = done.send(appended);
        });
        Some(written)
    }
}
