//! The queue of the thread that writes a journal file.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;

use super::error::Why;
use super::lock::Lock;
use super::row::RowId;
use super::writer::{Job, Shared, write};
use crate::journal::JournalError;

/// How many jobs may wait. Whoever asks for one more waits.
const WAITING: usize = 1024;

/// The queue. The file is closed, and everything in it written, when it is dropped.
pub struct Queue {
    /// The file.
    pub path: PathBuf,
    /// What the thread says.
    pub shared: Arc<Shared>,
    /// None once it is closed.
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
    /// Given back last, when everything is written.
    _lock: Lock,
}

impl Queue {
    /// Starts the thread. It writes to this connection, in which this is the last row.
    ///
    /// # Errors
    /// If there can be no more threads.
    pub fn start(
        path: &Path,
        connection: Connection,
        latest: RowId,
        lock: Lock,
    ) -> Result<Self, Why> {
        let shared = Arc::new(Shared::new(latest));
        let (jobs, waiting) = sync_channel(WAITING);
        let thread = std::thread::Builder::new().name("journal".to_owned()).spawn({
            let shared = Arc::clone(&shared);
            move || write(connection, &waiting, &shared)
        });
        let thread = thread.map_err(|error| Why::Other(error.to_string()))?;
        let (jobs, thread) = (Some(jobs), Some(thread));
        Ok(Self { path: path.to_owned(), shared, jobs, thread, _lock: lock })
    }

    /// Waits for room in the queue, and hands in the job.
    pub fn ask(&self, job: Job) {
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
        // A callback that holds the last clone is dropped on the thread itself.
        if thread.thread().id() != std::thread::current().id() {
            // If it has panicked, whoever waited for it has heard of it.
            let _ = thread.join();
        }
    }
}

/// The error of those who ask when the thread has ended.
pub fn closed() -> JournalError {
    JournalError::Unwritten("the thread that writes it has ended".to_owned())
}
