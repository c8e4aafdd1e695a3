//! The thread that writes a journal file. What has queued up while it was busy is one transaction.
//!
//! After a failure nothing more is written: an entry that is missing in the middle of a run would
//! make all that follow worthless.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::Receiver;
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::row::{NewRow, RowId, RunId, RunInfo};
use crate::journal::JournalError;

/// How many jobs are committed at once at the most.
const JOBS_AT_ONCE: usize = 512;

/// How long more jobs are waited for when nobody waits for those that are there. A commit rewrites
/// whole pages, so that many small ones take far longer than one.
const GATHERING: Duration = Duration::from_millis(10);

/// What an append has become. The rows of an append of nothing are 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The first row.
    pub first: RowId,
    /// The last row.
    pub last: RowId,
}

/// Hears what has become of a job, on the thread that writes. It must not wait for anything.
pub type Done<T> = Box<dyn FnOnce(Result<T, JournalError>) + Send>;

/// Hears of each commit: the last row that is there now.
pub type Committed = Box<dyn Fn(RowId) + Send>;

/// What the thread is asked for.
pub enum Job {
    /// A new run with this id.
    Begin(RunId, Box<RunInfo>, Option<Done<()>>),
    /// Rows of a run.
    Append(RunId, Vec<NewRow>, Option<Done<Appended>>),
}

/// What the thread shares with those that ask.
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

    /// Why nothing is written any more.
    pub fn failed(&self) -> Option<JournalError> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets this listener hear of every commit from now on.
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

/// What a job has become, before it is committed.
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
            // Nobody waits for it.
            _ => {}
        }
    }

    /// Says that it was not done.
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

/// Does the jobs that come, until nobody can ask any more.
pub fn write(mut connection: Connection, jobs: &Receiver<Job>, shared: &Shared) {
    while let Ok(first) = jobs.recv() {
        let batch = gather(first, jobs);
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

/// The first job and those that are there behind it.
fn gather(first: Job, jobs: &Receiver<Job>) -> Vec<Job> {
    let mut batch = vec![first];
    loop {
        batch.extend(jobs.try_iter().take(JOBS_AT_ONCE - batch.len()));
        if batch.len() == JOBS_AT_ONCE || batch.iter().any(Job::is_awaited) {
            return batch;
        }
        let Ok(next) = jobs.recv_timeout(GATHERING) else { return batch };
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
            row.within.as_ref().map(|within| within.start as i64),
            row.within.as_ref().map(|within| within.len() as i64),
            row.body.as_deref(),
            row.answer.as_deref(),
        ])
}
