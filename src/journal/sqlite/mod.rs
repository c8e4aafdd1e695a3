//! Journals in a SQLite file: many runs, each row with the exact line of its entry and the exact
//! bytes of its body.
//!
//! One thread owns the connection that writes, and commits what has queued up meanwhile in one
//! transaction ([`Store`]). What is acknowledged survives the end of the process; with
//! [`Synchronous::Full`] it survives a power cut. Readers have connections of their own and keep
//! nobody waiting ([`Reader`]). The file is readable by its owner alone. One process at a time
//! writes it.

mod error;
mod lock;
mod queue;
mod reader;
mod row;
mod run;
mod schema;
mod store;
mod writer;

pub use error::{StoreError, Why};
pub use reader::{Filter, Outcomes, Reader};
pub use row::{Row, RowId, RunId, RunInfo, StoredRun};
pub use run::RunWriter;
pub use schema::VERSION;
pub use store::{Options, Store, Synchronous};
pub use writer::Appended;
