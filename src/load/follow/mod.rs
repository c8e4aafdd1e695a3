//! Follows subjects while a load runs: how long it takes from the answer that accepted a webhook until
//! the receiver shows what the vendor knew then, and with how many subjects it is behind.
//!
//! The threads of the load ([`Following`]) only tell what was accepted; they never wait. A task beside
//! them ([`follow`]) asks the receiver, at a bounded pace.

mod behind;
mod follower;
mod following;
mod pending;
pub mod report;

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering as Atomic};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value as Json;
use tokio::sync::mpsc;

use super::believed::Existence;
use super::tally::Latency;
use crate::clock::Moment;
use crate::model::SubjectIndex;

pub use follower::{Followed, Follower, follow};
pub use following::{Following, Mark};

/// How many messages may wait for the task. What does not fit is not followed.
const MOST_WAITING: usize = 4096;

/// Where the threads tell what was accepted.
#[derive(Clone)]
pub struct Source {
    sender: mpsc::Sender<Told>,
    /// How many subjects are followed at a time, in the whole run.
    most: usize,
    /// The kinds of subject that have a probe, by the place of the vendor.
    probed: Arc<Vec<Vec<String>>>,
    live: Arc<Live>,
}

/// What is known while the load runs.
#[derive(Default)]
pub struct Live {
    subjects: AtomicU64,
    behind: AtomicU64,
    latency: Mutex<Latency>,
    /// Subjects that could be followed no longer, because too many messages were waiting.
    dropped: AtomicU64,
}

impl Live {
    /// How many subjects were followed so far.
    pub fn subjects(&self) -> u64 {
        self.subjects.load(Atomic::Relaxed)
    }

    /// Of how many subjects a probe has shown that the receiver is behind.
    pub fn behind(&self) -> u64 {
        self.behind.load(Atomic::Relaxed)
    }

    /// From the answer until the receiver showed the effect, of all that were shown so far.
    pub fn latency(&self) -> Latency {
        self.latency.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A subject that is followed.
struct Subject {
    /// The account in the run, and the subject in it.
    key: (usize, SubjectIndex),
    /// The place of its vendor.
    vendor: usize,
    kind: &'static str,
    id: String,
    /// The number of the last of its webhooks that was shown, or [`GONE`].
    shown: AtomicU32,
}

/// A subject that is not followed any more.
const GONE: u32 = u32::MAX;

impl Subject {
    fn is_gone(&self) -> bool {
        self.shown.load(Atomic::Acquire) == GONE
    }
}

/// All webhooks of a subject up to this one were accepted.
pub struct Told {
    subject: Arc<Subject>,
    /// The number of the webhook among those of its subject.
    number: u32,
    /// What the vendor knew after it.
    truth: Json,
    /// Whether the vendor still had the subject then.
    existence: Existence,
    /// When it was accepted.
    at: Moment,
    /// When the run began.
    begun: Moment,
}

/// A source for the threads of a run, and what the task beside them needs.
pub fn channel(most: usize, probed: Vec<Vec<String>>) -> (Source, mpsc::Receiver<Told>, Arc<Live>) {
    let (sender, receiver) = mpsc::channel(MOST_WAITING);
    let live = Arc::new(Live::default());
    (Source { sender, most, probed: Arc::new(probed), live: Arc::clone(&live) }, receiver, live)
}
