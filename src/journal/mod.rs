//! The journal: all inputs of a run, all results, and their effects, in order, append-only.
//! It is enough to make the run again.
//!
//! Entries arrive with what they belong to and the entry that caused them, and are written before
//! anything that they announce happens. Secrets never get here: attempts come with their headers
//! masked, and of a token only that it was given. A journal is kept in memory ([`Memory`]), in a file
//! ([`sqlite`]), or in both.

pub mod entry;
mod line;
mod memory;
mod note;
pub mod read;
pub mod sqlite;

pub use entry::{Entry, EntryKind};
pub use line::line;
pub use memory::{Listener, Memory};
pub use note::{Note, PROBE_READING};

/// Where entries are written.
pub trait Journal {
    /// Writes an entry behind all others. Once it returns, the entry is there to stay, as far as
    /// this journal promises that.
    ///
    /// # Errors
    /// If it could not be written. Then nothing may be sent that follows from it.
    fn write(&mut self, entry: &Entry) -> Result<(), JournalError>;

    /// Writes these entries behind all others, in order.
    ///
    /// # Errors
    /// As for one; some of them may be there then.
    fn write_all(&mut self, entries: &[Entry]) -> Result<(), JournalError> {
        entries.iter().try_for_each(|entry| self.write(entry))
    }

    /// Writes a note behind all entries, if this journal keeps notes.
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
        /// How it begins.
        line: String,
    },
    /// The run does not give again what the journal says.
    #[error("the run differs from its journal at entry {id}: {why}")]
    Differs {
        /// The entry.
        id: u64,
        /// How.
        why: String,
    },
}
