//! The queue of the thread that writes a journal file.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;

use super::error::Why;
use super::lock::Lock;
use super::row::{RowId, RunId};
use super::writer::{Job, Shared, write};
use crate::journal::JournalError;

/// How many jobs may wait. After that, callers are blocked until there is room.
const QUEUE_CAPACITY: usize = 1024;

/// The queue. Dropping it writes all jobs and closes the file.
pub struct Queue {
    /// The file.
    pub path: PathBuf,
    /// The state that the thread shares.
    pub shared: Arc<Shared>,
    /// The last run that was begun.
    last_run: AtomicI64,
    /// `None` once the queue is closed.
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
    /// Released last, when everything is written.
    _lock: Lock,
}

impl Queue {
    /// Starts the thread. It writes to this connection, whose last row and run are given.
    ///
    /// # Errors
    /// If no thread can be started.
    pub fn start(
        path: &Path,
        connection: Connection,
        (row, run): (RowId, RunId),
        lock: Lock,
    ) -> Result<Self, Why> {
        let shared = Arc::new(Shared::new(row));
        let (jobs, waiting) = sync_channel(QUEUE_CAPACITY);
        let thread = std::thread::Builder::new().name("journal".to_owned()).spawn({
            let shared = Arc::clone(&shared);
            move || write(connection, &waiting, &shared)
        });
        let thread = thread.map_err(|error| Why::Other(error.to_string()))?;
        let (jobs, thread) = (Some(jobs), Some(thread));
        let last_run = AtomicI64::new(run);
        Ok(Self { path: path.to_owned(), shared, last_run, jobs, thread, _lock: lock })
    }

    /// The id of a new run. It is free, because nobody else writes the file.
    pub fn new_run(&self) -> RunId {
        self.last_run.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Waits for room in the queue, and adds the job.
    pub fn submit(&self, job: Job) {
        let refused = match &self.jobs {
            Some(jobs) => jobs.send(job).err().map(|refused| refused.0),
            None => Some(job),
        };
        if let Some(job) = refused {
            job.fail(closed());
        }
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        drop(self.jobs.take());
        let Some(thread) = self.thread.take() else { return };
        // If a callback held the last clone, this runs on the thread itself, which cannot join
        // itself.
        if thread.thread().id() != std::thread::current().id() {
            // If it panicked, those who waited for it have got an error.
            let _ = thread.join();
        }
    }
}

/// The error of a job when the thread has ended.
pub fn closed() -> JournalError {
    JournalError::Unwritten("the thread that writes it has ended".to_owned())
}
