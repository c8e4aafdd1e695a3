//! What goes on while scenarios are played: the vendors' APIs answer, and somebody may stop the run.

use std::pin::Pin;
use std::rc::Rc;

use futures::future::{Fuse, LocalBoxFuture};
use futures::{FutureExt as _, Stream, StreamExt as _};

use crate::driver::api_router::{ApiCalls, ApiRouter};

/// What goes on while scenarios are played. `Stop` resolves when the run is to end.
pub struct Meanwhile<Stop> {
    answering: Fuse<LocalBoxFuture<'static, ()>>,
    stop: Pin<Box<Fuse<Stop>>>,
    is_stopped: bool,
}

/// What came next.
pub enum Next<T> {
    /// The next of what was waited for.
    Item(T),
    /// There is no more of it.
    Over,
    /// The run is to end.
    Stopped,
}

impl<Stop: Future<Output = ()>> Meanwhile<Stop> {
    /// Answers these calls through the router, if the APIs are served.
    pub fn new(apis: Option<(Rc<ApiRouter>, ApiCalls)>, stop: Stop) -> Self {
        let answering = answer(apis).boxed_local().fuse();
        Self { answering, stop: Box::pin(stop.fuse()), is_stopped: false }
    }

    /// Waits for the next of these.
    pub async fn next<S: Stream + Unpin>(&mut self, items: &mut S) -> Next<S::Item> {
        match self.until(items.next()).await {
            None => Next::Stopped,
            Some(item) => item.map_or(Next::Over, Next::Item),
        }
    }

    /// Waits for this. None if the run is to end first, or was to end before.
    pub async fn until<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        if self.is_stopped {
            return None;
        }
        let mut work = std::pin::pin!(work.fuse());
        loop {
            futures::select_biased! {
                () = &mut self.stop => {
                    self.is_stopped = true;
                    return None;
                }
                () = &mut self.answering => {}
                done = &mut work => return Some(done),
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
