//! A run and its journal: every input is written at once, together with its effects.

use jiff::Timestamp;

use crate::clock;
use crate::journal::{Journal, JournalError, Listener, Memory, Note};
use crate::run::{Run, Ticket};

/// The next request that is due by this moment. If its signature tells the time, the run is told that first.
pub(super) fn poll(run: &mut Run, until: Timestamp) -> Option<Ticket> {
    if run.needs_time(until) {
        run.tell_time(clock::real_time());
    }
    run.poll(until)
}

/// A run and its journal.
pub struct Core<J: Journal> {
    run: Run,
    journal: J,
    /// Why the journal can no longer be written. Then no input is applied.
    failed: Option<JournalError>,
}

impl<J: Journal> Core<J> {
    /// A run whose entries are written to this journal.
    pub fn new(run: Run, journal: J) -> Self {
        Self { run, journal, failed: None }
    }

    /// Applies an input to the run, and writes its entries.
    ///
    /// # Errors
    /// If the journal cannot be written now, or could not be written earlier. Then the result of
    /// the input is dropped, so nothing of it is sent.
    pub fn apply<T>(&mut self, input: impl FnOnce(&mut Run) -> T) -> Result<T, JournalError> {
        if let Some(failed) = &self.failed {
            return Err(failed.clone());
        }
        let applied = input(&mut self.run);
        self.run.forget_ended();
        if let Err(error) = self.journal.write_all(&self.run.take_entries()) {
            self.failed = Some(error.clone());
            return Err(error);
        }
        Ok(applied)
    }

    /// Writes a note into the journal.
    ///
    /// # Errors
    /// As for an input.
    pub fn note(&mut self, note: Note) -> Result<(), JournalError> {
        if let Some(failed) = &self.failed {
            return Err(failed.clone());
        }
        let noted = self.journal.note(note);
        self.failed = noted.as_ref().err().cloned();
        noted
    }

    /// The run.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The journal.
    pub fn journal(&self) -> &J {
        &self.journal
    }
}

impl Core<Memory> {
    /// Keeps only the last `entries` entries, and the last `deliveries` deliveries that are over. Subjects
    /// that are over are forgotten.
    pub(super) fn keep(&mut self, entries: usize, deliveries: usize) {
        self.journal.limit(entries);
        self.run.limit(deliveries);
    }

    pub(super) fn listen(&mut self, listener: Listener) {
        self.journal.listen(listener);
    }
}
