//! Acknowledges first and works later: the webhooks that wait, bodies or more. Knows no vendor, and
//! nothing of what is in a body. Whoever puts one in has proved who they are before.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;

use super::defects::pause;
use super::refusal::Refusal;
use super::verdict::Verdict;
use crate::clock::Stopwatch;

/// How many webhooks may wait in the queue.
const QUEUE_MAX: usize = 10_000;

/// Webhooks that were acknowledged and not yet looked at.
pub(super) struct Queue<T> {
    sender: mpsc::Sender<(Stopwatch, T)>,
    delay: Duration,
    waiting: Mutex<Option<mpsc::Receiver<(Stopwatch, T)>>>,
}

impl<T> Queue<T> {
    /// A queue in which every webhook waits so long.
    pub(super) fn new(delay: Duration) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE_MAX);
        Self { sender, delay, waiting: Mutex::new(Some(receiver)) }
    }

    /// Puts one behind those that wait; what is wrong with it will be found out later.
    pub(super) fn put(&self, webhook: T) -> Result<Verdict, Refusal> {
        let sent = self.sender.try_send((Stopwatch::start(), webhook));
        sent.map(|()| Verdict::Queued).map_err(|_| Refusal::QueueFull)
    }

    /// Works off the queue in the order of arrival, until the receiver ends.
    pub(super) async fn work_off(&self, process: impl AsyncFn(T)) {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut waiting) = waiting else { return };
        while let Some((arrived, webhook)) = waiting.recv().await {
            pause(self.delay.saturating_sub(arrived.elapsed())).await;
            process(webhook).await;
        }
    }
}
