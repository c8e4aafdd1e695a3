//! What a person sees of a run while it goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering as Atomic};

use super::tally::Counts;

/// What a person sees of a run while it goes on. Threads publish it about every 10 ms.
#[derive(Debug, Default)]
pub struct Progress {
    sent: AtomicU64,
    accepted: AtomicU64,
    not_accepted: AtomicU64,
    in_flight: AtomicU64,
    backlog: AtomicU64,
}

/// The counts of all threads at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// First attempts that were made.
    pub sent: u64,
    /// Those that were accepted.
    pub accepted: u64,
    /// Those that were not.
    pub not_accepted: u64,
    /// Requests that are under way.
    pub in_flight: u64,
    /// Webhooks that wait.
    pub backlog: u64,
}

impl Progress {
    /// Publishes the counts of a thread.
    pub fn publish<'a>(
        &self,
        counts: impl Iterator<Item = &'a Counts>,
        in_flight: usize,
        backlog: usize,
    ) {
        let (mut sent, mut accepted, mut not_accepted) = (0, 0, 0);
        for counts in counts {
            sent += counts.sent;
            accepted += counts.accepted;
            not_accepted += counts.refused + counts.failed;
        }
        self.sent.store(sent, Atomic::Relaxed);
        self.accepted.store(accepted, Atomic::Relaxed);
        self.not_accepted.store(not_accepted, Atomic::Relaxed);
        self.in_flight.store(in_flight as u64, Atomic::Relaxed);
        self.backlog.store(backlog as u64, Atomic::Relaxed);
    }

    /// The counts of these threads together.
    pub fn sum(threads: &[Arc<Self>]) -> Snapshot {
        let sum = |of: fn(&Self) -> &AtomicU64| {
            threads.iter().map(|one| of(one).load(Atomic::Relaxed)).sum()
        };
        Snapshot {
            sent: sum(|one| &one.sent),
            accepted: sum(|one| &one.accepted),
            not_accepted: sum(|one| &one.not_accepted),
            in_flight: sum(|one| &one.in_flight),
            backlog: sum(|one| &one.backlog),
        }
    }
}
