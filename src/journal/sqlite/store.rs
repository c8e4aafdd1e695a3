//! A journal file that is open for writing.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::error::{StoreError, Why};
use super::lock::{Lock, private};
use super::queue::{Queue, closed};
use super::reader::Reader;
use super::row::{RowId, RunId, RunInfo};
use super::run::{Returns, RunWriter};
use super::schema;
use super::writer::{Appended, Job};
use crate::journal::JournalError;

/// How long another program may hold the file before that is an error.
const BUSY: Duration = Duration::from_secs(5);

/// How much SQLite's log (`FILE-wal`) may keep of the disk once it is empty again, in bytes.
const LARGEST_EMPTY_LOG: i64 = 64 * 1024 * 1024;

/// What an acknowledgement survives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Synchronous {
    /// The end of the process, however it comes (`kill -9`).
    #[default]
    Normal,
    /// A power cut too. Each commit waits for the disk.
    Full,
}

/// How a file is opened.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// What an acknowledgement survives.
    pub synchronous: Synchronous,
    /// How large the file may become, in bytes; none: as large as the disk allows. Then appends
    /// fail, as they do on a full disk.
    pub largest: Option<u64>,
}

/// A journal file that is open for writing. It is cheap to clone. The file is closed when the last
/// clone and the last [`RunWriter`] are dropped.
#[derive(Clone)]
pub struct Store {
    queue: Arc<Queue>,
}

impl Store {
    /// Opens a file, or makes it. A file that has runs keeps them.
    ///
    /// # Errors
    /// If it cannot be written, or is no journal that this version knows.
    pub fn open(path: &Path, options: Options) -> Result<Self, StoreError> {
        let opened = |why| StoreError::open(path, why);
        let lock = take(path).map_err(opened)?;
        let connection = connect(path, options).map_err(opened)?;
        let last = |table| {
            let sql = format!("SELECT coalesce(max(id), 0) FROM {table}");
            let last = connection.query_row(&sql, [], |row| row.get::<_, i64>(0));
            last.map_err(|error| opened(error.into()))
        };
        let (row, run) = (last("rows")?, last("runs")?);
        let queue = Queue::start(path, connection, (row, run), lock).map_err(opened)?;
        Ok(Self { queue: Arc::new(queue) })
    }

    /// Writes that a run begins, and gives out the writer of its entries. Waits until that is
    /// committed.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn begin(&self, run: RunInfo) -> Result<RunWriter, JournalError> {
        let (done, answer) = sync_channel(1);
        let said = move |begun| {
            // Somebody waits for it below.
            let _ = done.send(begun);
        };
        let id = self.queue.new_run();
        self.queue.ask(Job::Begin(id, Box::new(run), Some(Box::new(said))));
        answer.recv().unwrap_or_else(|_| Err(closed()))?;
        Ok(RunWriter::new(Arc::clone(&self.queue), id, 0, Returns::Committed))
    }

    /// Begins a run whose writes as a [`Journal`](crate::journal::Journal) wait for nothing. If one
    /// fails, a later one says so, and [`failed`](Self::failed). If the process is killed, the last
    /// moments of the run are lost; what is there is whole and in order.
    pub fn begin_queued(&self, run: RunInfo) -> RunWriter {
        let id = self.queue.new_run();
        self.queue.ask(Job::Begin(id, Box::new(run), None));
        RunWriter::new(Arc::clone(&self.queue), id, 0, Returns::Queued)
    }

    /// Waits until everything is committed that was asked for so far.
    ///
    /// # Errors
    /// If some of it could not be written.
    pub fn flush(&self) -> Result<(), JournalError> {
        let (done, answer) = sync_channel(1);
        let said = move |written: Result<Appended, JournalError>| {
            // Somebody waits for it below.
            let _ = done.send(written.map(|_| ()));
        };
        self.queue.ask(Job::Append(0, Vec::new(), Some(Box::new(said))));
        answer.recv().unwrap_or_else(|_| Err(closed()))
    }

    /// The writer of further entries of a run that stands in the file.
    ///
    /// # Errors
    /// If there is no such run, or the file cannot be read.
    pub fn resume(&self, run: RunId) -> Result<RunWriter, StoreError> {
        let next = self.reader()?.next_entry(run)?;
        Ok(RunWriter::new(Arc::clone(&self.queue), run, next, Returns::Committed))
    }

    /// Reads the file while it is written. Each reader has a connection of its own.
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

    /// Lets this listener hear of every commit from now on: the last row that is there. It is called
    /// on the thread that writes, and must not wait for anything.
    pub fn listen(&self, listener: impl Fn(RowId) + Send + 'static) {
        self.queue.shared.listen(Box::new(listener));
    }

    /// Why nothing can be written any more, if that is so.
    pub fn failed(&self) -> Option<JournalError> {
        self.queue.shared.failed()
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.queue.path
    }
}

fn take(path: &Path) -> Result<Lock, Why> {
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
        private().create_new(true).write(true).open(path)?;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    // SQLite opens what it may not write for reading.
    if connection.is_readonly("main")? {
        return Err(Why::ReadOnly("it may only be read".to_owned()));
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
