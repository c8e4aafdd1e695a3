//! What goes on while scenarios are played: the vendors' APIs answer, somebody may stop the run, and its
//! time may run out.

use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use futures::future::{Fuse, LocalBoxFuture};
use futures::{FutureExt as _, Stream, StreamExt as _};

use crate::driver::api_router::{ApiCalls, ApiRouter};

/// What goes on while scenarios are played. `Stop` resolves when the run is to end.
pub struct Meanwhile<Stop> {
    answering: Fuse<LocalBoxFuture<'static, ()>>,
    stop: Pin<Box<Fuse<Stop>>>,
    stopped: Option<Stopped>,
}

/// Why a run ended before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// Somebody stopped it.
    Interrupted,
    /// It took as long as it may.
    OutOfTime,
}

/// What came next.
pub enum Next<T> {
    /// The next of what was waited for.
    Item(T),
    /// There is no more of it.
    Over,
    /// The run is to end.
    Stopped(Stopped),
}

/// Resolves when somebody stops the run, or when it has taken this long.
pub async fn end(stop: impl Future<Output = ()>, longest: Option<Duration>) -> Stopped {
    match longest {
        None => {
            stop.await;
            Stopped::Interrupted
        }
        Some(longest) => match tokio::time::timeout(longest, stop).await {
            Ok(()) => Stopped::Interrupted,
            Err(_) => Stopped::OutOfTime,
        },
    }
}

impl<Stop: Future<Output = Stopped>> Meanwhile<Stop> {
    /// Answers these calls through the router, if the APIs are served.
    pub fn new(apis: Option<(Rc<ApiRouter>, ApiCalls)>, stop: Stop) -> Self {
        let answering = answer(apis).boxed_local().fuse();
        Self { answering, stop: Box::pin(stop.fuse()), stopped: None }
    }

    /// Waits for the next of these.
    pub async fn next<S: Stream + Unpin>(&mut self, items: &mut S) -> Next<S::Item> {
        match self.until(items.next()).await {
            Err(stopped) => Next::Stopped(stopped),
            Ok(item) => item.map_or(Next::Over, Next::Item),
        }
    }

    /// Waits for this.
    ///
    /// # Errors
    /// If the run is to end first, or was to end before: why.
    pub async fn until<T>(&mut self, work: impl Future<Output = T>) -> Result<T, Stopped> {
        if let Some(stopped) = self.stopped {
            return Err(stopped);
        }
        let mut work = std::pin::pin!(work.fuse());
        loop {
            futures::select_biased! {
                stopped = &mut self.stop => {
                    self.stopped = Some(stopped);
                    return Err(stopped);
                }
                () = &mut self.answering => {}
                done = &mut work => return Ok(done),
            }
        }
    }
}

/// Answers what the receiver asks the vendors' APIs, until nobody can ask any more.
async fn answer(apis: Option<(Rc<ApiRouter>, ApiCalls)>) {
    if let Some((router, calls)) = apis {
        router.serve(calls).await;
    }
}
