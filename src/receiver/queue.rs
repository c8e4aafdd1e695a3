//! Acknowledges first and works later: the bodies that wait. Knows no vendor, and nothing of what
//! is in a body. Whoever puts one in has proved who they are before.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use actix_web::web::Bytes;
use tokio::sync::mpsc;

use super::defects::pause;
use super::refusal::Refusal;
use super::verdict::Verdict;
use crate::clock::Stopwatch;

/// How many bodies may wait in the queue.
const QUEUE_MAX: usize = 10_000;

/// Bodies that were acknowledged and not yet looked at.
pub(super) struct Queue {
    sender: mpsc::Sender<(Stopwatch, Bytes)>,
    delay: Duration,
    waiting: Mutex<Option<mpsc::Receiver<(Stopwatch, Bytes)>>>,
}

impl Queue {
    /// A queue in which every body waits so long.
    pub(super) fn new(delay: Duration) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE_MAX);
        Self { sender, delay, waiting: Mutex::new(Some(receiver)) }
    }

    /// Puts a body behind those that wait; what is wrong with it will be found out later.
    pub(super) fn put(&self, body: Bytes) -> Result<Verdict, Refusal> {
        let sent = self.sender.try_send((Stopwatch::start(), body));
        sent.map(|()| Verdict::Queued).map_err(|_| Refusal::QueueFull)
    }

    /// Works off the queue in the order of arrival, until the receiver ends.
    pub(super) async fn work_off(&self, process: impl AsyncFn(Bytes)) {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut waiting) = waiting else { return };
        while let Some((arrived, body)) = waiting.recv().await {
            pause(self.delay.saturating_sub(arrived.elapsed())).await;
            process(body).await;
        }
    }
}
