//! The thread that writes a journal file. It commits everything that has queued up in one
//! transaction.
//!
//! After a failure nothing more is written: a run that lacks an entry in the middle cannot be
//! replayed.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::Receiver;
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::row::{NewRow, RowId, RunId, RunInfo};
use crate::journal::JournalError;

/// How many jobs one transaction commits at most.
const MAX_BATCH: usize = 512;

/// How long to wait for more jobs when nobody waits for the present ones. A commit rewrites whole
/// pages, so many small commits take far longer than one.
const BATCH_WAIT: Duration = Duration::from_millis(10);

/// The rows of an append. Both are 0 if nothing was appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The first row.
    pub first: RowId,
    /// The last row.
    pub last: RowId,
}

/// Called on the writer thread with the result of a job. It must not block.
pub type Done<T> = Box<dyn FnOnce(Result<T, JournalError>) + Send>;

/// Called after each commit, with the last row.
pub type Committed = Box<dyn Fn(RowId) + Send>;

/// A job for the writer thread.
pub enum Job {
    /// Add a run with this id.
    Begin(RunId, Box<RunInfo>, Option<Done<()>>),
    /// Append rows to a run.
    Append(RunId, Vec<NewRow>, Option<Done<Appended>>),
}

/// What the thread shares with its callers.
#[derive(Default)]
pub struct Shared {
    /// The last row that was committed.
    latest: AtomicI64,
    failed: Mutex<Option<JournalError>>,
    listeners: Mutex<Vec<Committed>>,
}

impl Shared {
    /// Nothing has failed, and this is the last row.
    pub fn new(latest: RowId) -> Self {
        Self { latest: AtomicI64::new(latest), ..Self::default() }
    }

    /// The last row that was committed.
    pub fn latest(&self) -> RowId {
        self.latest.load(Ordering::Acquire)
    }

    /// Why nothing more is written, after a failure.
    pub fn failed(&self) -> Option<JournalError> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Calls this listener after every commit from now on.
    pub fn listen(&self, listener: Committed) {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner).push(listener);
    }

    fn fail(&self, error: &rusqlite::Error) -> JournalError {
        let error = JournalError::Unwritten(error.to_string());
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.clone());
        error
    }

    fn committed(&self, latest: RowId) {
        self.latest.store(latest, Ordering::Release);
        let listeners = self.listeners.lock().unwrap_or_else(PoisonError::into_inner);
        listeners.iter().for_each(|listener| listener(latest));
    }
}

/// The result of a job, before it is committed.
enum Written {
    Begun,
    Appended(Appended),
}

impl Job {
    fn write(&self, transaction: &Transaction<'_>) -> rusqlite::Result<Written> {
        match self {
            Self::Begin(id, run, _) => begin(transaction, *id, run).map(|_| Written::Begun),
            Self::Append(run, rows, _) => {
                let mut appended = Appended { first: 0, last: 0 };
                for row in rows {
                    appended.last = insert(transaction, *run, row)?;
                    if appended.first == 0 {
                        appended.first = appended.last;
                    }
                }
                Ok(Written::Appended(appended))
            }
        }
    }

    fn succeed(self, written: Written) {
        match (self, written) {
            (Self::Begin(_, _, Some(done)), _) => done(Ok(())),
            (Self::Append(_, _, Some(done)), Written::Appended(appended)) => done(Ok(appended)),
            // Nobody waits for this job.
            _ => {}
        }
    }

    /// Reports that the job has failed.
    pub fn fail(self, error: JournalError) {
        match self {
            Self::Begin(_, _, Some(done)) => done(Err(error)),
            Self::Append(_, _, Some(done)) => done(Err(error)),
            Self::Begin(_, _, None) | Self::Append(_, _, None) => {}
        }
    }

    fn is_awaited(&self) -> bool {
        matches!(self, Self::Begin(_, _, Some(_)) | Self::Append(_, _, Some(_)))
    }
}

/// Does jobs until the queue is closed.
pub fn write(mut connection: Connection, jobs: &Receiver<Job>, shared: &Shared) {
    while let Ok(first) = jobs.recv() {
        let batch = collect_batch(first, jobs);
        let written = match shared.failed() {
            Some(error) => Err(error),
            None => commit(&mut connection, &batch).map_err(|error| shared.fail(&error)),
        };
        match written {
            Ok(written) => {
                let appended = written.iter().filter_map(|written| match written {
                    Written::Appended(appended) => Some(appended.last),
                    Written::Begun => None,
                });
                if let Some(latest) = appended.max().filter(|latest| *latest > 0) {
                    shared.committed(latest);
                }
                batch.into_iter().zip(written).for_each(|(job, written)| job.succeed(written));
            }
            Err(error) => batch.into_iter().for_each(|job| job.fail(error.clone())),
        }
    }
}

/// Collects the first job and those behind it.
fn collect_batch(first: Job, jobs: &Receiver<Job>) -> Vec<Job> {
    let mut batch = vec![first];
    loop {
        batch.extend(jobs.try_iter().take(MAX_BATCH - batch.len()));
        if batch.len() == MAX_BATCH || batch.iter().any(Job::is_awaited) {
            return batch;
        }
        let Ok(next) = jobs.recv_timeout(BATCH_WAIT) else { return batch };
        batch.push(next);
    }
}

fn commit(connection: &mut Connection, batch: &[Job]) -> rusqlite::Result<Vec<Written>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let written =
        batch.iter().map(|job| job.write(&transaction)).collect::<rusqlite::Result<_>>()?;
    transaction.commit()?;
    Ok(written)
}

fn begin(transaction: &Transaction<'_>, id: RunId, run: &RunInfo) -> rusqlite::Result<i64> {
    transaction
        .prepare_cached(
            "INSERT INTO runs (id, command, name, vendor, seed, start, created, meta) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .insert(params![
            id,
            run.command,
            run.name,
            run.vendor,
            run.seed.to_string(),
            run.start.to_string(),
            run.created,
            run.meta.to_string(),
        ])
}

fn insert(transaction: &Transaction<'_>, run: RunId, row: &NewRow) -> rusqlite::Result<RowId> {
    transaction
        .prepare_cached(
            "INSERT INTO rows (run, entry, cause, at, kind, account, delivery, attempt, seq, \
             trigger, outcome, line, body_from, body_length, body, answer) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .insert(params![
            run,
            row.entry.map(u64::cast_signed),
            row.cause.map(u64::cast_signed),
            row.at.to_string(),
            row.kind,
            row.account.as_deref(),
            row.delivery.map(u64::cast_signed),
            row.attempt,
            row.seq.map(u64::cast_signed),
            row.trigger,
            row.outcome,
            row.line,
            row.body_range.as_ref().map(|body_range| body_range.start as i64),
            row.body_range.as_ref().map(|body_range| body_range.len() as i64),
            row.body.as_deref(),
            row.answer.as_deref(),
        ])
}
