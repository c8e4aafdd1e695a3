//! A run and its journal: whatever the run is told is written at once.

use crate::journal::{Journal, JournalError, Listener, Memory};
use crate::run::Run;

/// A run and its journal.
pub struct Core<J: Journal> {
    run: Run,
    journal: J,
    /// Why the journal cannot be written any more. Nothing is told to the run then.
    failed: Option<JournalError>,
}

impl<J: Journal> Core<J> {
    /// A run whose entries are written to this journal.
    pub fn new(run: Run, journal: J) -> Self {
        Self { run, journal, failed: None }
    }

    /// Tells the run something, and writes that and all that follows from it.
    ///
    /// # Errors
    /// If the journal cannot be written, or could not be written before. Whatever the run gave is
    /// withheld then: it must not be sent.
    pub fn tell<T>(&mut self, what: impl FnOnce(&mut Run) -> T) -> Result<T, JournalError> {
        if let Some(failed) = &self.failed {
            return Err(failed.clone());
        }
        let told = what(&mut self.run);
        for entry in self.run.take_entries() {
            if let Err(error) = self.journal.write(&entry) {
                self.failed = Some(error.clone());
                return Err(error);
            }
        }
        Ok(told)
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
    /// Keeps so many entries and deliveries that are over, the last ones.
    pub(super) fn keep(&mut self, entries: usize, deliveries: usize) {
        self.journal.limit(entries);
        self.run.limit(deliveries);
    }

    pub(super) fn listen(&mut self, listener: Listener) {
        self.journal.listen(listener);
    }
}
