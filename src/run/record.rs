//! The inputs of the run and their effects, as entries for a journal.

use std::sync::Arc;

use crate::journal::Entry;
use crate::journal::entry::{BelongsTo, EntryId};

/// Entries that were not taken yet.
#[derive(Debug, Default)]
pub struct Record {
    /// In order.
    pub entries: Vec<Entry>,
    /// The place of the next one.
    pub next: EntryId,
    /// The last input or result: the cause of whatever is recorded now.
    pub cause: Option<EntryId>,
}

/// It belongs to the run as a whole.
pub fn nothing() -> BelongsTo {
    BelongsTo::default()
}

/// It belongs to the account of this name.
pub fn of(account: &Arc<str>) -> BelongsTo {
    BelongsTo { account: Some(Arc::clone(account)), ..BelongsTo::default() }
}
