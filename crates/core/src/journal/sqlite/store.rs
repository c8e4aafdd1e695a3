//! A journal file that is open for writing.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::error::{StoreError, Why};
use super::lock::{Lock, owner_only};
use super::queue::{Queue, closed};
use super::reader::Reader;
use super::row::{RowId, RunId, RunInfo};
use super::run::{Returns, RunWriter};
use super::schema;
use super::writer::{Appended, Job};
use crate::journal::JournalError;

/// How long to wait while another program locks the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The largest size of SQLite's log (`FILE-wal`) once it is empty again, in bytes.
const LARGEST_EMPTY_LOG: i64 = 64 * 1024 * 1024;

/// What an acknowledged append survives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Synchronous {
    /// The end of the process, even by `kill -9`.
    #[default]
    Normal,
    /// Also a power cut. Each commit waits for the disk.
    Full,
}

/// How a file is opened.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// What an acknowledged append survives.
    pub synchronous: Synchronous,
    /// The largest size of the file, in bytes; `None`: no limit. Beyond it appends fail, as on a
    /// full disk.
    pub largest: Option<u64>,
}

/// A journal file that is open for writing. Clones are cheap and share the file. It is closed when
/// the last clone and the last [`RunWriter`] are dropped.
#[derive(Clone)]
pub struct Store {
    queue: Arc<Queue>,
}

impl Store {
    /// Opens a file, or creates it. Existing runs stay in it.
    ///
    /// # Errors
    /// If it cannot be written, or is not a journal that this version knows.
    pub fn open(path: &Path, options: Options) -> Result<Self, StoreError> {
        let failed_to_open = |why| StoreError::open(path, why);
        let lock = take_lock(path).map_err(failed_to_open)?;
        let connection = connect(path, options).map_err(failed_to_open)?;
        let last = |table| {
            let sql = format!("SELECT coalesce(max(id), 0) FROM {table}");
            let last = connection.query_row(&sql, [], |row| row.get::<_, i64>(0));
            last.map_err(|error| failed_to_open(error.into()))
        };
        let (row, run) = (last("rows")?, last("runs")?);
        let queue = Queue::start(path, connection, (row, run), lock).map_err(failed_to_open)?;
        Ok(Self { queue: Arc::new(queue) })
    }

    /// Adds a run, waits until that is committed, and returns the writer of its entries.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn begin(&self, run: RunInfo) -> Result<RunWriter, JournalError> {
        let (done, answer) = sync_channel(1);
        let done = move |begun| {
            // The receiver below outlives this callback.
            let _ = done.send(begun);
        };
        let id = self.queue.new_run();
        self.queue.submit(Job::Begin(id, Box::new(run), Some(Box::new(done))));
        answer.recv().unwrap_or_else(|_| Err(closed()))?;
        Ok(RunWriter::new(Arc::clone(&self.queue), id, 0, Returns::Committed))
    }

    /// Adds a run whose writes as a [`Journal`](crate::journal::Journal) do not wait for a commit.
    /// If one fails, a later one returns the error, and so does [`failed`](Self::failed). If the
    /// process is killed, the last entries of the run can be lost. Those before them are complete
    /// and in order.
    pub fn begin_queued(&self, run: RunInfo) -> RunWriter {
        let id = self.queue.new_run();
        self.queue.submit(Job::Begin(id, Box::new(run), None));
        RunWriter::new(Arc::clone(&self.queue), id, 0, Returns::Queued)
    }

    /// Waits until every earlier job is committed.
    ///
    /// # Errors
    /// If one of them could not be written.
    pub fn flush(&self) -> Result<(), JournalError> {
        let (done, answer) = sync_channel(1);
        let done = move |written: Result<Appended, JournalError>| {
            // The receiver below outlives this callback.
            let _ = done.send(written.map(|_| ()));
        };
        self.queue.submit(Job::Append(0, Vec::new(), Some(Box::new(done))));
        answer.recv().unwrap_or_else(|_| Err(closed()))
    }

    /// A writer that continues a run of the file.
    ///
    /// # Errors
    /// If there is no such run, or the file cannot be read.
    pub fn resume(&self, run: RunId) -> Result<RunWriter, StoreError> {
        let next = self.reader()?.next_entry(run)?;
        Ok(RunWriter::new(Arc::clone(&self.queue), run, next, Returns::Committed))
    }

    /// Opens a reader of the file. Each reader has its own connection.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub fn reader(&self) -> Result<Reader, StoreError> {
        Reader::open(&self.queue.path)
    }

    /// The last row that was committed; 0 if there is none.
    pub fn latest(&self) -> RowId {
        self.queue.shared.latest()
    }

    /// Calls this listener after every commit from now on, with the last row. It is called on the
    /// writer thread, and must not block.
    pub fn listen(&self, listener: impl Fn(RowId) + Send + 'static) {
        self.queue.shared.listen(Box::new(listener));
    }

    /// Why the file can no longer be written, if it cannot.
    pub fn failed(&self) -> Option<JournalError> {
        self.queue.shared.failed()
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.queue.path
    }
}

fn take_lock(path: &Path) -> Result<Lock, Why> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if path.is_dir() {
        return Err(Why::Folder);
    }
    if folder.is_some_and(|folder| !folder.is_dir()) {
        return Err(Why::NoFolder);
    }
    Lock::take(path)
}

fn connect(path: &Path, options: Options) -> Result<Connection, Why> {
    if !path.exists() {
        owner_only().create_new(true).write(true).open(path)?;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // SQLite opens a file read-only if it must not write it.
    if connection.is_readonly("main")? {
        return Err(Why::ReadOnly("it is read-only".to_owned()));
    }
    schema::prepare(&mut connection)?;
    let synchronous = match options.synchronous {
        Synchronous::Normal => "normal",
        Synchronous::Full => "full",
    };
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "journal_size_limit", LARGEST_EMPTY_LOG)?;
    if let Some(largest) = options.largest {
        let page: i64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
        let pages = i64::try_from(largest).unwrap_or(i64::MAX) / page;
        connection.pragma_update(None, "max_page_count", pages.max(1))?;
    }
    Ok(connection)
}
