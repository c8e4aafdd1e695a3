//! Ends a run from within or from another thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

const FINISH: u8 = 1;
const ABORT: u8 = 2;

/// A handle that ends the run. The loop looks at it at every tick, so about every 10 milliseconds.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicU8>);

/// What a [`Stop`] asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The run goes on.
    Nothing,
    /// See [`Stop::finish`].
    Finish,
    /// See [`Stop::abort`].
    Abort,
}

impl Stop {
    /// No new requests. Those under way end or time out; then the run ends.
    pub fn finish(&self) {
        self.0.fetch_max(FINISH, Ordering::Relaxed);
    }

    /// The run ends now. Requests under way are reported as [`Failure::Aborted`](crate::Failure::Aborted).
    pub fn abort(&self) {
        self.0.fetch_max(ABORT, Ordering::Relaxed);
    }

    /// What was asked for so far. Every engine looks at it at each tick.
    pub fn asked(&self) -> Asked {
        match self.0.load(Ordering::Relaxed) {
            0 => Asked::Nothing,
            FINISH => Asked::Finish,
            _ => Asked::Abort,
        }
    }
}
