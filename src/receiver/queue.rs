//! The queue of a receiver that acknowledges first and processes later. It knows no vendor and does
//! not parse bodies. Credentials are checked before a webhook enters the queue.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;

use super::defects::pause;
use super::refusal::Refusal;
use super::verdict::Verdict;
use crate::clock::Stopwatch;

/// How many webhooks the queue holds at most.
const QUEUE_MAX: usize = 10_000;

/// Webhooks that were acknowledged and are not processed yet.
pub(super) struct Queue<T> {
    sender: mpsc::Sender<(Stopwatch, T)>,
    delay: Duration,
    waiting: Mutex<Option<mpsc::Receiver<(Stopwatch, T)>>>,
}

impl<T> Queue<T> {
    /// A queue in which every webhook waits for this delay.
    pub(super) fn new(delay: Duration) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE_MAX);
        Self { sender, delay, waiting: Mutex::new(Some(receiver)) }
    }

    /// Adds a webhook. Mistakes in it are found only when it is processed.
    pub(super) fn put(&self, webhook: T) -> Result<Verdict, Refusal> {
        let sent = self.sender.try_send((Stopwatch::start(), webhook));
        sent.map(|()| Verdict::Queued).map_err(|_| Refusal::QueueFull)
    }

    /// Processes the webhooks in the order of arrival, until the receiver ends.
    pub(super) async fn process_all(&self, process: impl AsyncFn(T)) {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut waiting) = waiting else { return };
        while let Some((arrived, webhook)) = waiting.recv().await {
            pause(self.delay.saturating_sub(arrived.elapsed())).await;
            process(webhook).await;
        }
    }
}
