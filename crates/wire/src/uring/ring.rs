//! The ring itself: its setup, its operations as functions, and its end.
//!
//! Sends have the flags `MSG_DONTWAIT | MSG_WAITALL`. With the first, the kernel never keeps a send: it takes
//! what there is room for during the call and says so. With the second, taking less than everything counts as
//! a failure, which is told even though successes are not (`IOSQE_CQE_SKIP_SUCCESS`). `probe.rs` tries that
//! this kernel does both.

use std::io;
use std::os::fd::RawFd;
use std::time::Duration;

use io_uring::types::{CancelBuilder, Fd, Fixed, SubmitArgs, Timespec};
use io_uring::{IoUring, cqueue, opcode, squeue};
use rustix::event::PollFlags;
use rustix::io::Errno;
use rustix::net::SendFlags;

use super::buffers::Buffers;
use super::operation::{Completion, Kind, Mark, Setup, Target};
use super::{END_WAIT, END_WAITS};

/// The group of our buffers; there is only one.
const GROUP: u16 = 0;
/// How often the kernel may refuse to take all submissions of a call before the ring counts as broken.
const MOST_ATTEMPTS: u32 = 1000;
/// `MSG_WAITALL`, which is a flag of receiving for most people.
const WAIT_ALL: u32 = 0x100;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Sound,
    /// The kernel did not take what was submitted. Nothing more is done with such a ring.
    Broken,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slots {
    Registered,
    None,
}

pub(crate) struct Ring {
    ring: IoUring,
    buffers: Option<Buffers>,
    slots: Slots,
    state: State,
    /// Operations that the kernel may still have, except sends.
    in_flight: usize,
}

impl Ring {
    /// Sized so that completions can never be more than there is room for: a failed send, two polls, a receive
    /// and two cancellations per connection, and a completion per buffer, of which there are two per connection.
    pub(crate) fn new(connections: usize, setup: Setup) -> io::Result<Self> {
        let connections = u32::try_from(connections.next_power_of_two().max(32))
            .map_err(|_| io::ErrorKind::InvalidInput)?;
        let mut builder = IoUring::builder();
        builder.setup_submit_all().setup_clamp().setup_cqsize(8 * connections);
        match setup {
            Setup::Deferred => builder.setup_single_issuer().setup_defer_taskrun(),
            Setup::Cooperative => builder.setup_coop_taskrun(),
            Setup::Plain => &mut builder,
        };
        let ring = builder.build(2 * connections)?;
        let params = ring.params();
        if !params.is_feature_ext_arg() || !params.is_feature_skip_cqe_on_success() {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "the kernel is too old"));
        }
        let (slots, state) = (Slots::None, State::Sound);
        Ok(Ring { ring, buffers: None, slots, state, in_flight: 0 })
    }

    /// Gives the kernel buffers to receive into.
    pub(crate) fn provide(&mut self, buffers: Buffers) -> io::Result<()> {
        // SAFETY: the ring of entries and the buffers stay allocated until the kernel has let go of them: `Ring`
        // keeps them, and its `drop` leaks them if unregistering fails.
        unsafe {
            self.ring.submitter().register_buf_ring_with_flags(
                buffers.address(),
                buffers.count(),
                GROUP,
                0,
            )
        }?;
        self.buffers = Some(buffers);
        Ok(())
    }

    /// Makes room for registered sockets. Without it, operations name descriptors.
    pub(crate) fn register_slots(&mut self, connections: usize) {
        let count = u32::try_from(connections).unwrap_or(u32::MAX);
        if self.ring.submitter().register_files_sparse(count).is_ok() {
            self.slots = Slots::Registered;
        }
    }

    #[cfg(test)]
    pub(crate) fn without_slots(&mut self) {
        self.slots = Slots::None;
    }

    pub(crate) fn describe_slots(&self) -> &'static str {
        match self.slots {
            Slots::Registered => "registered sockets",
            Slots::None => "plain descriptors",
        }
    }

    pub(crate) fn target(&mut self, slot: usize, socket: RawFd) -> Target {
        if self.slots == Slots::Registered
            && let Ok(slot) = u32::try_from(slot)
            && self.ring.submitter().register_files_update(slot, &[socket]).is_ok()
        {
            return Target::Slot(slot);
        }
        Target::Descriptor(socket)
    }

    pub(crate) fn release(&mut self, target: Target) {
        if let Target::Slot(slot) = target {
            // The slot is overwritten by the next link. Until then it only keeps a socket that was shut down.
            let _ = self.ring.submitter().register_files_update(slot, &[-1]);
        }
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.state == State::Broken
    }

    /// Receives until told otherwise.
    pub(crate) fn receive(&mut self, target: Target, mark: Mark) -> io::Result<()> {
        let entry = match target {
            Target::Slot(slot) => opcode::RecvMulti::new(Fixed(slot), GROUP).build(),
            Target::Descriptor(socket) => opcode::RecvMulti::new(Fd(socket), GROUP).build(),
        };
        // SAFETY: the operation points at no memory of ours. It fills only provided buffers; see `provide`.
        unsafe { self.push(&entry.user_data(mark.bits())) }?;
        self.in_flight += 1;
        Ok(())
    }

    /// Completes once when the socket takes bytes, which also means that it has connected.
    pub(crate) fn poll_writable(&mut self, target: Target, mark: Mark) -> io::Result<()> {
        let flags = PollFlags::OUT.bits() as u32;
        let entry = match target {
            Target::Slot(slot) => opcode::PollAdd::new(Fixed(slot), flags).build(),
            Target::Descriptor(socket) => opcode::PollAdd::new(Fd(socket), flags).build(),
        };
        // SAFETY: the operation points at no memory of ours.
        unsafe { self.push(&entry.user_data(mark.bits())) }?;
        self.in_flight += 1;
        Ok(())
    }

    /// Sends what there is room for. Completes only if that is not everything.
    ///
    /// # Safety
    ///
    /// `bytes` must stay as they are until [`Ring::enter`] has returned. If that fails, they must stay until the
    /// ring is dropped.
    pub(crate) unsafe fn send(
        &mut self,
        target: Target,
        bytes: &[u8],
        mark: Mark,
    ) -> io::Result<()> {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let flags = (SendFlags::DONTWAIT | SendFlags::NOSIGNAL).bits() | WAIT_ALL;
        let flags = flags.cast_signed();
        let entry = match target {
            Target::Slot(slot) => {
                opcode::Send::new(Fixed(slot), bytes.as_ptr(), length).flags(flags).build()
            }
            Target::Descriptor(socket) => {
                opcode::Send::new(Fd(socket), bytes.as_ptr(), length).flags(flags).build()
            }
        };
        let entry = entry.flags(squeue::Flags::SKIP_SUCCESS).user_data(mark.bits());
        // SAFETY: the caller keeps `bytes` for as long as the kernel may read them: it reads them while it takes
        // the submission, and keeps nothing (see the top of this file).
        unsafe { self.push(&entry) }
    }

    /// Ends operations, and submits everything, so that no submission is left that names their socket.
    pub(crate) fn cancel(&mut self, marks: impl Iterator<Item = Mark>) -> io::Result<()> {
        for mark in marks {
            let entry = opcode::AsyncCancel::new(mark.bits()).build();
            let own = Mark::new(Kind::Cancel, mark.generation(), mark.slot());
            let entry = entry.flags(squeue::Flags::SKIP_SUCCESS).user_data(own.bits());
            // SAFETY: the operation points at no memory of ours.
            unsafe { self.push(&entry) }?;
        }
        self.submit_all()
    }

    /// Submits everything and waits for a completion, at most so long.
    pub(crate) fn enter(&mut self, wait: Duration) -> io::Result<()> {
        self.check()?;
        let wait = Timespec::from(wait);
        let args = SubmitArgs::new().timespec(&wait);
        let entered = self.ring.submitter().submit_with_args(1, &args);
        self.judge(entered)?;
        if self.ring.submission().is_empty() { Ok(()) } else { self.submit_all() }
    }

    /// Appends what has completed.
    pub(crate) fn take(&mut self, completions: &mut Vec<Completion>) {
        for entry in self.ring.completion() {
            let completion = Completion {
                mark: Mark::from_bits(entry.user_data()),
                result: entry.result(),
                buffer: cqueue::buffer_select(entry.flags()),
                last: !cqueue::more(entry.flags()),
            };
            let kind = completion.mark.kind();
            if completion.last && !matches!(kind, Some(Kind::Send | Kind::Cancel)) {
                self.in_flight = self.in_flight.saturating_sub(1);
            }
            completions.push(completion);
        }
    }

    /// The bytes in a buffer that a completion has named and that was not given back since.
    pub(crate) fn bytes(&self, buffer: u16, length: usize) -> Option<&[u8]> {
        // SAFETY: `Uring` asks only for the buffer of a completion that it has just taken from the ring, and gives
        // it back afterwards, once.
        unsafe { self.buffers.as_ref()?.bytes(buffer, length) }
    }

    /// Lets the kernel have a buffer again, after the next [`Ring::publish`].
    pub(crate) fn give_back(&mut self, buffer: u16) {
        if let Some(buffers) = &mut self.buffers {
            buffers.give_back(buffer);
        }
    }

    pub(crate) fn publish(&mut self) {
        if let Some(buffers) = &mut self.buffers {
            buffers.publish();
        }
    }

    /// # Safety
    ///
    /// Memory that the entry points at must stay valid as long as the kernel may use it.
    unsafe fn push(&mut self, entry: &squeue::Entry) -> io::Result<()> {
        self.check()?;
        // SAFETY: the caller's promise. The entry itself is copied.
        if unsafe { self.ring.submission().push(entry) }.is_ok() {
            return Ok(());
        }
        self.submit_all()?;
        // SAFETY: as above.
        if unsafe { self.ring.submission().push(entry) }.is_err() {
            self.state = State::Broken;
            return Err(io::Error::other("io_uring takes no submission"));
        }
        Ok(())
    }

    fn submit_all(&mut self) -> io::Result<()> {
        self.check()?;
        for _ in 0..MOST_ATTEMPTS {
            if self.ring.submission().is_empty() {
                return Ok(());
            }
            let submitted = self.ring.submitter().submit();
            self.judge(submitted)?;
        }
        self.state = State::Broken;
        Err(io::Error::other("io_uring does not take its submissions"))
    }

    fn judge(&mut self, entered: io::Result<usize>) -> io::Result<()> {
        let Err(error) = entered else { return Ok(()) };
        match Errno::from_io_error(&error) {
            Some(Errno::TIME | Errno::INTR | Errno::AGAIN | Errno::BUSY) => Ok(()),
            _ => {
                self.state = State::Broken;
                Err(error)
            }
        }
    }

    fn check(&self) -> io::Result<()> {
        match self.state {
            State::Sound => Ok(()),
            State::Broken => Err(io::Error::other("io_uring has failed before")),
        }
    }

    /// Cancels every operation and waits until the kernel has ended them.
    fn quiesce(&mut self) -> io::Result<()> {
        // An operation that was pushed and not submitted counts as in flight: submit it, so that it ends.
        self.submit_all()?;
        let mut completions = Vec::new();
        for _ in 0..END_WAITS {
            if self.in_flight == 0 {
                return Ok(());
            }
            let entry = opcode::AsyncCancel2::new(CancelBuilder::any().all()).build();
            let entry = entry.user_data(Mark::new(Kind::Cancel, 0, 0).bits());
            // SAFETY: the operation points at no memory of ours.
            unsafe { self.push(&entry) }?;
            self.enter(END_WAIT)?;
            completions.clear();
            self.take(&mut completions);
        }
        Err(io::ErrorKind::TimedOut.into())
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        let quiet = self.state == State::Sound && self.quiesce().is_ok();
        let Some(buffers) = self.buffers.take() else { return };
        if !quiet || self.ring.submitter().unregister_buf_ring(GROUP).is_err() {
            // The kernel may still write to them.
            std::mem::forget(buffers);
        }
    }
}

impl std::fmt::Debug for Ring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ring")
            .field("buffers", &self.buffers)
            .field("slots", &self.slots)
            .field("state", &self.state)
            .field("in_flight", &self.in_flight)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "ring/tests.rs"]
mod tests;
