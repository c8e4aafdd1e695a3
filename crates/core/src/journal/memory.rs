//! A journal in memory. It can be a copy of another journal.

use std::collections::{BTreeMap, VecDeque};

use super::entry::{Entry, EntryId, EntryKind};
use super::line::line;
use super::{Journal, JournalError, Note};
use crate::model::{Attempt, Webhook};

/// Called for every entry when it is written.
pub type Listener = Box<dyn FnMut(&Entry)>;

/// A journal in memory.
#[derive(Default)]
pub struct Memory {
    entries: VecDeque<Entry>,
    /// The entry of each webhook that is kept, by its `seq`.
    caused: BTreeMap<u64, EntryId>,
    /// How many entries are kept; `None`: all.
    limit: Option<usize>,
    listener: Option<Listener>,
    /// The journal that entries are written to first.
    original: Option<Box<dyn Journal>>,
}

impl Journal for Memory {
    fn write(&mut self, entry: &Entry) -> Result<(), JournalError> {
        self.write_all(std::slice::from_ref(entry))
    }

    fn write_all(&mut self, entries: &[Entry]) -> Result<(), JournalError> {
        if let Some(original) = &mut self.original {
            original.write_all(entries)?;
        }
        entries.iter().for_each(|entry| self.keep(entry));
        Ok(())
    }

    fn note(&mut self, note: Note) -> Result<(), JournalError> {
        self.original.as_mut().map_or(Ok(()), |original| original.note(note))
    }
}

impl Memory {
    /// Writes entries to this journal, and also keeps them in memory.
    pub fn copy_of(original: impl Journal + 'static) -> Self {
        Self { original: Some(Box::new(original)), ..Self::default() }
    }

    fn keep(&mut self, entry: &Entry) {
        if let Some(listener) = &mut self.listener {
            listener(entry);
        }
        if self.limit == Some(0) {
            return;
        }
        if let EntryKind::Caused(webhook) = &entry.kind {
            self.caused.insert(webhook.seq, entry.id);
        }
        self.entries.push_back(entry.clone());
        while self.limit.is_some_and(|limit| self.entries.len() > limit) {
            if let Some(Entry { kind: EntryKind::Caused(webhook), .. }) = self.entries.pop_front() {
                self.caused.remove(&webhook.seq);
            }
        }
    }

    /// Keeps only the last `entries` entries. A listener is still called for all of them.
    pub fn limit(&mut self, entries: usize) {
        self.limit = Some(entries);
    }

    /// Calls this listener for every entry from now on.
    pub fn listen(&mut self, listener: Listener) {
        self.listener = Some(listener);
    }

    /// The entries that are kept, in order.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> + ExactSizeIterator {
        self.entries.iter()
    }

    /// All attempts that are kept, in order.
    pub fn attempts(&self) -> impl DoubleEndedIterator<Item = &Attempt> {
        self.entries.iter().filter_map(|entry| match &entry.kind {
            EntryKind::Attempted { attempt, .. } => Some(attempt),
            _ => None,
        })
    }

    /// A webhook by its `seq`, if it is kept.
    pub fn webhook(&self, seq: u64) -> Option<&Webhook> {
        let first = self.entries.front()?.id;
        let index = usize::try_from(self.caused.get(&seq)?.checked_sub(first)?).ok()?;
        match &self.entries.get(index)?.kind {
            EntryKind::Caused(webhook) => Some(webhook),
            _ => None,
        }
    }

    /// The entries that are kept as JSON lines, each with its newline.
    pub fn to_json_lines(&self) -> String {
        self.entries.iter().map(line).collect()
    }
}
