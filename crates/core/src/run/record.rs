//! The entries of the run that are not in the journal yet.

use std::sync::Arc;

use crate::journal::Entry;
use crate::journal::entry::{Context, EntryId};

/// Entries that were not taken yet.
#[derive(Debug, Default)]
pub struct Record {
    /// In order.
    pub entries: Vec<Entry>,
    /// The id of the next entry.
    pub next: EntryId,
    /// The last input or result: the cause of the effects that are recorded now.
    pub cause: Option<EntryId>,
}

/// The context of an entry about the run as a whole.
pub fn run_context() -> Context {
    Context::default()
}

/// The context of an entry about the account with this name.
pub fn account_context(account: &Arc<str>) -> Context {
    Context { account: Some(Arc::clone(account)), ..Context::default() }
}
