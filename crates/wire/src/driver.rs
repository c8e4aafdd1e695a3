//! What the loop asks of an engine, and what an engine tells the loop.

use std::io;
use std::time::{Duration, Instant};

use crate::Failure;

/// How long to wait for something to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wait {
    /// A millisecond more does no harm.
    About(Duration),
    /// As exactly as the kernel can: someone wants to send then.
    Exactly(Duration),
}

/// Moves bytes for connections that are known by their slot.
pub(crate) trait Driver {
    /// Begins to connect. [`Events::connected`] tells how it went, unless an error is returned.
    fn open(&mut self, slot: usize) -> Result<(), Failure>;

    /// Sends a request in the next turn. The buffer comes back with [`Events::sent`] or [`Driver::close`].
    fn send(&mut self, slot: usize, request: Vec<u8>);

    /// Closes the connection. Nothing more is told about it.
    fn close(&mut self, slot: usize) -> Option<Vec<u8>>;

    /// Sends what is queued, waits, and tells what happened.
    fn turn(&mut self, wait: Wait, events: &mut impl Events) -> io::Result<()>;
}

/// Whether more of a connection's bytes are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    GoOn,
    Stop,
}

/// What happens to connections. None of these may call the driver: commands are carried out after the turn.
pub(crate) trait Events {
    /// The wait is over.
    fn woke(&mut self, now: Instant);

    /// The first byte of the request is about to go to the kernel.
    fn sending(&mut self, slot: usize, at: Instant);

    /// The kernel has all of the request, or refuses it.
    fn sent(&mut self, slot: usize, request: Vec<u8>, result: Result<(), Failure>);

    /// Connecting has succeeded or failed.
    fn connected(&mut self, slot: usize, result: Result<(), Failure>);

    /// Bytes came.
    fn received(&mut self, slot: usize, bytes: &[u8]) -> Flow;

    /// No more bytes will come: the receiver has closed, or there was an error.
    fn ended(&mut self, slot: usize, result: Result<(), Failure>);
}
