//! The journal: all inputs of a run, the results of its tickets, and their effects, in order and
//! append-only. It is enough to replay the run.
//!
//! Each entry has its context and the entry that caused it. It is written before a request that it
//! announces is sent. Secrets never get here: the headers of attempts are masked, and of a token
//! only the fact that it was issued is recorded. A journal is kept in memory ([`Memory`]), in a
//! file ([`sqlite`]), or in both.

pub mod entry;
mod forgotten;
mod line;
mod memory;
mod note;
pub mod read;
pub mod sqlite;

pub use entry::{Entry, EntryKind};
pub use forgotten::Ranges;
pub use line::line;
pub use memory::{Listener, Memory};
pub use note::{Note, PROBE_READING};

/// Where entries are written.
pub trait Journal {
    /// Appends an entry. Once this returns, the entry is as durable as this kind of journal
    /// promises.
    ///
    /// # Errors
    /// If it could not be written. Then no request that follows from it may be sent.
    fn write(&mut self, entry: &Entry) -> Result<(), JournalError>;

    /// Appends these entries, in order.
    ///
    /// # Errors
    /// As for [`write`](Self::write). Some of them may have been written.
    fn write_all(&mut self, entries: &[Entry]) -> Result<(), JournalError> {
        entries.iter().try_for_each(|entry| self.write(entry))
    }

    /// Appends a note, if this journal keeps notes.
    ///
    /// # Errors
    /// If it could not be written.
    fn note(&mut self, note: Note) -> Result<(), JournalError> {
        drop(note);
        Ok(())
    }
}

/// Why a journal could not be written or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// An entry could not be written.
    #[error("the journal cannot be written: {0}; nothing more is sent")]
    Unwritten(String),
    /// A line is not a line of a journal.
    #[error("this is not a line of a journal ({why}): {line}")]
    Unreadable {
        /// What is wrong.
        why: String,
        /// The beginning of the line.
        line: String,
    },
    /// A replay of the run differs from the journal.
    #[error("the run differs from its journal at entry {id}: {why}")]
    Differs {
        /// The entry.
        id: u64,
        /// What differs.
        why: String,
    },
}
