//! Writes the entries of one run into a journal file.

use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use super::queue::{Queue, closed};
use super::row::{NewRow, RunId};
use super::writer::{Appended, Job};
use crate::journal::entry::EntryId;
use crate::journal::line::Body;
use crate::journal::{Entry, Journal, JournalError, Note};

/// When a write through [`Journal`] returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returns {
    /// When it is committed.
    Committed,
    /// When it is queued.
    Queued,
}

/// Writes the entries of one run, in order and without a gap.
pub struct RunWriter {
    queue: Arc<Queue>,
    run: RunId,
    next: EntryId,
    returns: Returns,
}

impl RunWriter {
    pub(super) fn new(queue: Arc<Queue>, run: RunId, next: EntryId, returns: Returns) -> Self {
        Self { queue, run, next, returns }
    }

    /// The run.
    pub fn run(&self) -> RunId {
        self.run
    }

    /// Why the file can no longer be written, if it cannot.
    pub fn failed(&self) -> Option<JournalError> {
        self.queue.shared.failed()
    }

    /// Appends entries, all or none of them. Returns at once, unless the queue is full. `done` is
    /// called on the writer thread once they are committed. It must not block.
    pub fn append(
        &mut self,
        entries: &[Entry],
        done: impl FnOnce(Result<Appended, JournalError>) + Send + 'static,
    ) {
        self.append_noted(entries, None, done);
    }

    /// The same with a note behind the entries: all of it is written, or nothing.
    pub fn append_noted(
        &mut self,
        entries: &[Entry],
        note: Option<Note>,
        done: impl FnOnce(Result<Appended, JournalError>) + Send + 'static,
    ) {
        match self.rows(entries, Body::Any) {
            Ok(mut rows) => {
                rows.extend(note.map(NewRow::note));
                self.queue.submit(Job::Append(self.run, rows, Some(Box::new(done))));
            }
            Err(gap) => done(Err(gap)),
        }
    }

    fn rows(&mut self, entries: &[Entry], is: Body) -> Result<Vec<NewRow>, JournalError> {
        let mut rows = Vec::with_capacity(entries.len());
        for entry in entries {
            if entry.id != self.next {
                let (next, id) = (self.next, entry.id);
                let gap = format!("entry {next} of run {} comes next, not {id}", self.run);
                return Err(JournalError::Unwritten(gap));
            }
            self.next += 1;
            rows.push(NewRow::entry(entry, is));
        }
        Ok(rows)
    }

    /// Queues an entry whose body, if it has one, is as a vendor has rendered it: that is faster.
    ///
    /// # Errors
    /// If an earlier write has failed.
    pub fn queue_rendered(&mut self, entry: &Entry) -> Result<(), JournalError> {
        self.queue(std::slice::from_ref(entry), Body::Rendered)
    }

    fn queue(&mut self, entries: &[Entry], is: Body) -> Result<(), JournalError> {
        if let Some(failed) = self.queue.shared.failed() {
            return Err(failed);
        }
        let rows = self.rows(entries, is)?;
        self.queue.submit(Job::Append(self.run, rows, None));
        Ok(())
    }

    /// Appends a note, as [`append`](Self::append) does.
    pub fn append_note(
        &self,
        note: Note,
        done: impl FnOnce(Result<Appended, JournalError>) + Send + 'static,
    ) {
        let rows = vec![NewRow::note(note)];
        self.queue.submit(Job::Append(self.run, rows, Some(Box::new(done))));
    }

    /// Appends entries and waits until they are committed.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn append_and_wait(&mut self, entries: &[Entry]) -> Result<Appended, JournalError> {
        let (done, answer) = sync_channel(1);
        self.append(entries, move |appended| {
            // The receiver below outlives this callback.
            let _ = done.send(appended);
        });
        answer.recv().unwrap_or_else(|_| Err(closed()))
    }
}

impl Journal for RunWriter {
    fn write(&mut self, entry: &Entry) -> Result<(), JournalError> {
        self.write_all(std::slice::from_ref(entry))
    }

    fn write_all(&mut self, entries: &[Entry]) -> Result<(), JournalError> {
        if entries.is_empty() {
            return Ok(());
        }
        match self.returns {
            Returns::Committed => self.append_and_wait(entries).map(|_| ()),
            Returns::Queued => self.queue(entries, Body::Any),
        }
    }

    fn note(&mut self, note: Note) -> Result<(), JournalError> {
        match self.returns {
            Returns::Committed => {
                let (done, answer) = sync_channel(1);
                self.append_note(note, move |appended| {
                    // The receiver below outlives this callback.
                    let _ = done.send(appended);
                });
                answer.recv().unwrap_or_else(|_| Err(closed())).map(|_| ())
            }
            Returns::Queued => {
                if let Some(failed) = self.queue.shared.failed() {
                    return Err(failed);
                }
                self.queue.submit(Job::Append(self.run, vec![NewRow::note(note)], None));
                Ok(())
            }
        }
    }
}
