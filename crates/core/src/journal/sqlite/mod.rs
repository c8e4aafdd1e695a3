//! Journals in a SQLite file: many runs, each row with the exact line of its entry and the exact
//! bytes of its body.
//!
//! One thread owns the connection that writes. It commits everything that has queued up in one
//! transaction ([`Store`]). An acknowledged append survives the end of the process, and with
//! [`Synchronous::Full`] a power cut. Each reader has its own connection and does not block the
//! writer ([`Reader`]). Only the owner can read the file, and only one process at a time can write
//! it.

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
