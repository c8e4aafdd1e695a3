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
        Self { answering: answer(apis).boxed_local().fuse(), stop: Box::pin(stop.fuse()) }
    }

    /// Waits for the next of these.
    pub async fn next<S: Stream + Unpin>(&mut self, items: &mut S) -> Next<S::Item> {
        loop {
            futures::select_biased! {
                () = &mut self.stop => return Next::Stopped,
                () = &mut self.answering => {}
                item = items.next().fuse() => return item.map_or(Next::Over, Next::Item),
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
