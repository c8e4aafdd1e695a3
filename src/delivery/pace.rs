//! How fast requests follow each other, in real time: for receivers behind a limiter.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, OwnedSemaphorePermit, RwLock, Semaphore};
use tokio::time::{Interval, MissedTickBehavior, interval};

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
#[derive(Clone, Debug, Default)]
pub struct Pace {
    limits: Limits,
    places: Option<Arc<Semaphore>>,
    /// Ticks when the next request may begin. It is made with the first one, since it needs a runtime.
    next: Arc<Mutex<Option<Interval>>>,
    /// Is held while a limiter wants no requests.
    gate: Arc<RwLock<()>>,
}

/// A request is under way while this is kept.
#[derive(Debug)]
pub struct Turn {
    _place: Option<OwnedSemaphorePermit>,
}

impl Pace {
    /// A pace with these limits.
    pub fn new(limits: Limits) -> Self {
        let places = limits.at_once.map(|most| Arc::new(Semaphore::new(most)));
        Self { limits, places, ..Self::default() }
    }

    /// Its limits.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Waits until the next request may begin.
    pub async fn turn(&self) -> Turn {
        let place = match &self.places {
            // It is never closed.
            Some(places) => Arc::clone(places).acquire_owned().await.ok(),
            None => None,
        };
        if self.limits.patience.is_some() {
            drop(self.gate.read().await);
        }
        if let Some(between) = self.limits.between {
            let mut next = self.next.lock().await;
            let ticks = next.get_or_insert_with(|| {
                let mut ticks = interval(between);
                ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
                ticks
            });
            ticks.tick().await;
        }
        Turn { _place: place }
    }

    /// Waits as long as a limiter asks for, if it does and that is not too long. No other request begins
    /// meanwhile.
    pub async fn heed(&self, status: u16, retry_after: Option<Duration>) {
        let patience = self.limits.patience.unwrap_or_default();
        let asked = retry_after.filter(|_| matches!(status, 429 | 503));
        let Some(wait) = asked.filter(|wait| *wait <= patience && !wait.is_zero()) else { return };
        let _closed = self.gate.write().await;
        let mut timer = interval(wait);
        timer.tick().await; // The first tick is immediate.
        timer.tick().await;
    }
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;

    use super::*;
    use crate::clock::Stopwatch;

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
            // A timer may be a millisecond early.
            let earliest = (SHORT * place as u32).saturating_sub(Duration::from_millis(1));
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
        let pace = Pace::new(Limits { patience: Some(SHORT), ..Limits::default() });
        let watch = Stopwatch::start();
        let next = async {
            tokio::task::yield_now().await;
            pace.turn().await;
            watch.elapsed()
        };
        let (_, began) = tokio::join!(pace.heed(429, Some(SHORT)), next);
        assert!(began >= SHORT - Duration::from_millis(1), "the next began after {began:?}");
        let long = Duration::from_secs(3600);
        for (status, asked) in [(429, Some(long)), (200, Some(SHORT)), (503, None)] {
            let heeding = tokio::time::timeout(Duration::from_secs(60), pace.heed(status, asked));
            assert!(heeding.await.is_ok(), "{status} {asked:?}");
        }
    }
}
