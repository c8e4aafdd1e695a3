//! What a thread has in hand to record: it numbers the entries of its accounts, and passes them on in
//! batches.
//!
//! A thread never waits here. If the journal cannot keep up, the thread sends and makes nothing until
//! there is room ([`Recorder::holds_back`]); meanwhile it still reads answers. So nothing is lost, memory
//! stays bounded, and what is sent late counts as late.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::time::Duration;

use jiff::Timestamp;

use super::record::{Attempt, FIRST, Record, Request, What};
use crate::clock::Moment;
use crate::journal::entry::{EntryId, TicketId};
use crate::load::feed::Made;
use crate::model::{Outcome, RequestKind};
use crate::policy::wire::SendResult;

/// How much may wait for the keeper, in bytes of all threads. What is under way when this is reached
/// comes on top.
const MOST: usize = 32 * 1024 * 1024;
/// So much is passed on at once, in bytes, also between two ticks.
const BATCH: usize = 128 * 1024;

/// What passes from the threads to the keeper: records and how many bytes they have.
pub type Batch = (usize, Vec<Record>);

/// What the threads and the keeper share.
#[derive(Debug, Default)]
pub struct Shared {
    /// How many bytes wait.
    waiting: AtomicUsize,
    failed: AtomicBool,
}

impl Shared {
    /// The keeper has dealt with so many bytes.
    pub fn done(&self, bytes: usize) {
        self.waiting.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// The journal cannot be written any more.
    pub fn fail(&self) {
        self.failed.store(true, Ordering::Relaxed);
    }
}

/// Where the threads of a load record.
#[derive(Clone)]
pub struct Recording {
    /// The numbers of the journal's accounts, rising.
    pub(super) numbers: Arc<[usize]>,
    pub(super) keeper: Sender<Batch>,
    pub(super) shared: Arc<Shared>,
}

/// Records the accounts of one thread.
pub struct Recorder {
    recording: Recording,
    /// By the places that the accounts have in the thread.
    accounts: Vec<Account>,
    batch: Vec<Record>,
    bytes: usize,
    held: Duration,
    held_since: Option<Moment>,
}

/// What is recorded of an account so far.
struct Account {
    /// Its place among those of the journal.
    place: usize,
    next: EntryId,
    tickets: TicketId,
    /// Its virtual time, and the entry that says so.
    passed: Option<(Timestamp, EntryId)>,
}

impl Recording {
    /// A recorder for the accounts of these numbers.
    pub fn recorder(self, numbers: &[usize]) -> Recorder {
        let account = |number: &usize| {
            let place = self.numbers.binary_search(number);
            let place = place.unwrap_or_else(|_| panic!("account {number} is of another shard"));
            Account { place, next: FIRST, tickets: 0, passed: None }
        };
        let accounts = numbers.iter().map(account).collect();
        let (batch, held) = (Vec::new(), Duration::ZERO);
        Recorder { recording: self, accounts, batch, bytes: 0, held, held_since: None }
    }
}

impl Recorder {
    /// Whether the journal is too far behind to send more now.
    pub fn holds_back(&mut self, now: Moment) -> bool {
        let behind = self.bytes + self.recording.shared.waiting.load(Ordering::Relaxed) > MOST;
        match (behind, self.held_since) {
            (true, None) => self.held_since = Some(now),
            (false, Some(since)) => {
                self.held += now.saturating_duration_since(since);
                self.held_since = None;
            }
            _ => {}
        }
        behind || self.has_failed()
    }

    /// Whether the journal cannot be written any more.
    pub fn has_failed(&self) -> bool {
        self.recording.shared.failed.load(Ordering::Relaxed)
    }

    /// A webhook was made. Returns its `seq` and its entry.
    pub fn caused(&mut self, made: &Made<'_>) -> (u64, EntryId) {
        let Some((webhook, now)) = made.webhook() else { return (0, 0) };
        let passed = self.accounts[made.tenant].passed.filter(|(until, _)| *until == now);
        let cause = match passed {
            Some((_, entry)) => entry,
            None => {
                let entry = self.push(made.tenant, None, What::Passed(now));
                self.accounts[made.tenant].passed = Some((now, entry));
                entry
            }
        };
        let seq = webhook.seq;
        (seq, self.push(made.tenant, Some(cause), What::Caused(webhook)))
    }

    /// A request of an account came to this, or was stopped by a fault. Returns its entry.
    pub fn attempted(
        &mut self,
        (tenant, cause): (usize, EntryId),
        mut request: Box<Request>,
        result: SendResult,
    ) -> EntryId {
        if request.attempt.ticket.is_some() {
            request.attempt.ticket = Some(self.ticket(tenant));
        }
        self.push(tenant, Some(cause), What::Attempted(request, Box::new(result)))
    }

    /// A request of an account was under way when the run was broken off.
    pub fn intended(&mut self, (tenant, cause): (usize, EntryId), attempt: Attempt) {
        let ticket = Some(self.ticket(tenant));
        self.push(tenant, Some(cause), What::Intended(Attempt { ticket, ..attempt }));
    }

    /// A delivery of an account is over.
    pub fn ended(
        &mut self,
        (tenant, cause): (usize, EntryId),
        (seq, number): (u64, u32),
        outcome: Outcome,
        at: Moment,
    ) {
        let attempt = Attempt { seq, number, kind: RequestKind::Webhook, ticket: None, at };
        self.push(tenant, Some(cause), What::Ended { attempt, outcome });
    }

    /// Passes on what was recorded.
    pub fn flush(&mut self) {
        if self.batch.is_empty() {
            return;
        }
        let (bytes, batch) = (std::mem::take(&mut self.bytes), std::mem::take(&mut self.batch));
        self.recording.shared.waiting.fetch_add(bytes, Ordering::Relaxed);
        // The keeper outlives the threads, unless it has panicked.
        if self.recording.keeper.send((bytes, batch)).is_err() {
            self.recording.shared.fail();
        }
    }

    /// Passes on the rest. Returns how long the journal has held the thread back.
    pub fn close(mut self, now: Moment) -> Duration {
        self.flush();
        let last = self.held_since.map(|since| now.saturating_duration_since(since));
        self.held + last.unwrap_or_default()
    }

    fn ticket(&mut self, tenant: usize) -> TicketId {
        let tickets = &mut self.accounts[tenant].tickets;
        *tickets += 1;
        *tickets - 1
    }

    fn push(&mut self, tenant: usize, cause: Option<EntryId>, what: What) -> EntryId {
        let account = &mut self.accounts[tenant];
        let id = account.next;
        account.next += 1;
        let record = Record { account: account.place, id, cause, what };
        self.bytes += record.size();
        self.batch.push(record);
        if self.bytes >= BATCH {
            self.flush();
        }
        id
    }
}
