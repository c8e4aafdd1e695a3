//! How fast requests follow each other, in real time: for receivers behind a limiter.

use std::sync::Arc;
use std::time::Duration;

use futures::future;
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::clock::Stopwatch;

/// How fast requests may follow each other. By default: at once, and as many at the same time as there are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// The shortest time between the beginnings of two requests.
    pub between: Option<Duration>,
    /// The most requests at the same time.
    pub at_once: Option<usize>,
    /// A limiter's `Retry-After` of at most this long is waited for.
    pub patience: Option<Duration>,
}

/// Lets requests begin as its limits say.
#[derive(Clone, Debug)]
pub struct Pace {
    limits: Limits,
    places: Option<Arc<Semaphore>>,
    /// The requests that wait to begin, one behind the other. The interval ticks when the next may; it is made with
    /// the first one, since it needs a runtime.
    queue: Arc<Mutex<Option<Interval>>>,
    /// Until when a limiter wants no requests, counted from the start of `since`.
    closed: Arc<watch::Sender<Duration>>,
    since: Stopwatch,
}

impl Default for Pace {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

/// A request is under way while this is kept.
#[derive(Debug)]
pub struct Turn {
    _place: Option<OwnedSemaphorePermit>,
}

impl Pace {
    /// A pace with these limits.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            places: limits.at_once.map(|most| Arc::new(Semaphore::new(most))),
            queue: Arc::default(),
            closed: Arc::new(watch::Sender::new(Duration::ZERO)),
            since: Stopwatch::start(),
        }
    }

    /// Whether any request may have to wait.
    pub fn has_limits(&self) -> bool {
        self.limits != Limits::default()
    }

    /// Waits until the next request may begin.
    pub async fn turn(&self) -> Turn {
        let place = match &self.places {
            // It is never closed.
            Some(places) => Arc::clone(places).acquire_owned().await.ok(),
            None => None,
        };
        if self.limits.between.is_some() || self.limits.patience.is_some() {
            let mut queue = self.queue.lock().await;
            self.opened().await;
            if let Some(between) = self.limits.between {
                let ticks = queue.get_or_insert_with(|| {
                    let mut ticks = interval(between);
                    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
                    ticks
                });
                ticks.tick().await;
                // A limiter may have spoken meanwhile.
                self.opened().await;
            }
        }
        Turn { _place: place }
    }

    /// Notes how long a limiter wants no requests, if it says so and that is not too long.
    pub fn heed(&self, status: u16, retry_after: Option<Duration>) {
        let patience = self.limits.patience.unwrap_or_default();
        let asked = retry_after.filter(|_| matches!(status, 429 | 503));
        if let Some(wait) = asked.filter(|wait| *wait <= patience) {
            let until = self.since.elapsed() + wait;
            self.closed.send_modify(|closed| *closed = until.max(*closed));
        }
    }

    /// How long a limiter still wants no requests.
    fn closed_for(&self) -> Duration {
        self.closed.borrow().saturating_sub(self.since.elapsed())
    }

    /// Waits until no limiter wants to be left alone.
    async fn opened(&self) {
        loop {
            let left = self.closed_for();
            if left.is_zero() {
                return;
            }
            let _ = tokio::time::timeout(left, future::pending::<()>()).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;

    use super::*;

    const SHORT: Duration = Duration::from_millis(30);

    #[tokio::test]
    async fn requests_begin_no_closer_together_than_allowed() {
        let pace = Pace::new(Limits { between: Some(SHORT), ..Limits::default() });
        let watch = Stopwatch::start();
        let turns = (0..4).map(|_| async {
            pace.turn().await;
            watch.elapsed()
        });
        let began = join_all(turns).await;
        for (place, at) in began.iter().enumerate() {
            // A timer may be some milliseconds early.
            let earliest = (SHORT * place as u32).saturating_sub(Duration::from_millis(5));
            assert!(*at >= earliest, "request {place} began after {at:?}");
        }
    }

    #[tokio::test]
    async fn no_more_requests_are_under_way_than_allowed() {
        let pace = Pace::new(Limits { at_once: Some(2), ..Limits::default() });
        let (one, _two) = (pace.turn().await, pace.turn().await);
        let third = tokio::time::timeout(SHORT, pace.turn());
        assert!(third.await.is_err(), "two are under way");
        drop(one);
        pace.turn().await;
    }

    #[tokio::test]
    async fn a_limiter_is_heeded_by_all_if_it_does_not_ask_for_too_long() {
        let limits =
            Limits { between: Some(SHORT / 10), patience: Some(SHORT), ..Limits::default() };
        let pace = Pace::new(limits);
        for (status, asked) in [(429, Some(SHORT * 100)), (200, Some(SHORT)), (503, None)] {
            pace.heed(status, asked);
            assert_eq!(pace.closed_for(), Duration::ZERO, "{status} {asked:?}");
        }
        // Two wait in the queue already when a limiter answers the first.
        let watch = Stopwatch::start();
        let later = || async {
            pace.turn().await;
            watch.elapsed()
        };
        let first = async {
            pace.turn().await;
            // Many answers at once do not add up.
            for _ in 0..100 {
                pace.heed(429, Some(SHORT));
            }
            assert!(pace.closed_for() <= SHORT, "{:?}", pace.closed_for());
        };
        let (_, one, two) = tokio::join!(first, later(), later());
        for began in [one, two] {
            assert!(began >= SHORT - Duration::from_millis(5), "one began after {began:?}");
        }
    }
}
