//! What all slots of a run share: the work, the clock's ticks, and how the caller ends the run.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use standin_wire::{Asked, Failure, Next, Reply, Requests, Stop, Work};
use tokio::sync::Notify;
use tokio::time::MissedTickBehavior;

use crate::clock;

/// How often the work's tick is called and the stop handle is looked at.
const TICK: Duration = Duration::from_millis(10);

/// The request of one slot.
struct One<'a> {
    slot: usize,
    buffer: &'a mut Vec<u8>,
}

impl Requests for One<'_> {
    fn get(&self, connection: usize) -> &[u8] {
        debug_assert_eq!(connection, self.slot);
        self.buffer
    }

    fn get_mut(&mut self, connection: usize) -> &mut [u8] {
        debug_assert_eq!(connection, self.slot);
        self.buffer
    }
}

/// What the slots share.
pub(crate) struct Run<'a, W> {
    work: RefCell<&'a mut W>,
    stop: Stop,
    asked: Cell<Asked>,
    ticked: Notify,
    stopped: Notify,
    aborted: Notify,
}

impl<'a, W: Work> Run<'a, W> {
    pub(crate) fn new(work: &'a mut W, stop: Stop) -> Self {
        Run {
            work: RefCell::new(work),
            stop,
            asked: Cell::new(Asked::Nothing),
            ticked: Notify::new(),
            stopped: Notify::new(),
            aborted: Notify::new(),
        }
    }

    /// Ticks without end.
    pub(crate) async fn tick(&self) {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.work.borrow_mut().tick(clock::now());
            let asked = self.stop.asked();
            let before = self.asked.replace(asked);
            if asked != before {
                self.stopped.notify_waiters();
            }
            if asked == Asked::Abort && before != Asked::Abort {
                self.aborted.notify_waiters();
            }
            self.ticked.notify_waiters();
        }
    }

    /// Whether no new requests are sent.
    pub(crate) fn is_stopped(&self) -> bool {
        self.asked.get() != Asked::Nothing
    }

    /// What a slot does next. Never [`Next::Prepare`].
    pub(crate) fn next(&self, slot: usize, buffer: &mut Vec<u8>) -> Next {
        let mut work = self.work.borrow_mut();
        match work.next(slot, clock::now(), buffer) {
            Next::Prepare(tag) => {
                // Slots take turns, so this is the only request that is not complete.
                work.prepare(&mut One { slot, buffer });
                Next::Send(tag)
            }
            next => next,
        }
    }

    pub(crate) fn done(&self, slot: usize, tag: u64, result: Result<Reply<'_>, Failure>) {
        self.work.borrow_mut().done(slot, tag, result, clock::now());
    }

    /// Waits for the next tick.
    pub(crate) async fn next_tick(&self) {
        self.ticked.notified().await;
    }

    /// Waits until this time, or until no more requests are sent.
    pub(crate) async fn until(&self, at: Instant) {
        let stopped = self.stopped.notified();
        if self.is_stopped() {
            return;
        }
        tokio::select! {
            () = tokio::time::sleep_until(at.into()) => {}
            () = stopped => {}
        }
    }

    /// The result, unless no more requests are sent before it is there.
    pub(crate) async fn unless_stopped<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        let stopped = self.stopped.notified();
        if self.is_stopped() {
            return None;
        }
        tokio::select! {
            result = future => Some(result),
            () = stopped => None,
        }
    }

    /// The result, unless the run is aborted before it is there.
    pub(crate) async fn unless_aborted<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        let aborted = self.aborted.notified();
        if self.asked.get() == Asked::Abort {
            return None;
        }
        tokio::select! {
            result = future => Some(result),
            () = aborted => None,
        }
    }
}
