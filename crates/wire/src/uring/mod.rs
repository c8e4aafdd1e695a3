//! The engine on completions: a multishot receive per connection into buffers that the kernel picks, and all
//! sends of a turn with one system call.
//!
//! A send never waits in the kernel (see `ring.rs`), so the kernel has a request's bytes only during that
//! call. If there is no room for all of them, a poll tells when the rest can go.

mod buffers;
mod operation;
pub(crate) mod probe;
mod ring;

use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsRawFd, OwnedFd};
use std::time::Duration;

use rustix::io::{Errno, ioctl_fionbio};
use rustix::net::{Shutdown, shutdown};

use crate::driver::{Driver, Events, Flow, Wait};
use crate::{Failure, clock, socket};
use buffers::Buffers;
use operation::{Completion, Kind, Mark, Target};
use probe::Features;
use ring::Ring;

/// Bytes of one buffer that the kernel fills: a usual reply fits into one.
const BUFFER: usize = 2 * 1024;
/// The most bytes of one send. The kernel shortens what is larger than 2 GiB without saying so.
const LARGEST_SEND: usize = 1024 * 1024;
/// How often and how long the end of operations is awaited before the ring goes.
const END_WAITS: u32 = 100;
const END_WAIT: Duration = Duration::from_millis(10);

#[derive(Debug)]
struct Request {
    bytes: Vec<u8>,
    sent: usize,
    /// Bytes of the last attempt.
    offered: usize,
    /// What the kernel said about the last attempt, if it did not take everything.
    trouble: Option<i32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Connecting,
    Open,
}

#[derive(Debug)]
struct Link {
    socket: OwnedFd,
    target: Target,
    phase: Phase,
    request: Option<Request>,
}

#[derive(Debug)]
pub(crate) struct Uring {
    features: Features,
    address: SocketAddr,
    ring: Ring,
    links: Vec<Option<Link>>,
    /// One per slot; grows with each link, so that what is said about an old one can be told apart.
    generations: Vec<u32>,
    queued: Vec<usize>,
    batch: Vec<usize>,
    completions: Vec<Completion>,
}

#[cfg(test)]
pub(crate) fn setups() -> [operation::Setup; 3] {
    operation::Setup::ALL
}

impl Uring {
    pub(crate) fn new(
        address: SocketAddr,
        connections: usize,
        features: Features,
    ) -> Result<Self, String> {
        let buffers = (2 * connections).next_power_of_two().max(64);
        let mut ring = Ring::new(connections, features.setup).map_err(|error| error.to_string())?;
        let buffers = Buffers::new(buffers, BUFFER).map_err(|error| error.to_string())?;
        ring.provide(buffers).map_err(|error| format!("no ring of provided buffers: {error}"))?;
        ring.register_slots(connections);
        Ok(Uring {
            features,
            address,
            ring,
            links: (0..connections).map(|_| None).collect(),
            generations: vec![0; connections],
            queued: Vec::with_capacity(connections),
            batch: Vec::with_capacity(connections),
            completions: Vec::with_capacity(4 * connections),
        })
    }

    /// What is used of the kernel, in words.
    pub(crate) fn features(&self) -> String {
        format!("{}, {}", self.features.setup.describe(), self.ring.describe_slots())
    }

    /// As on a kernel that registers no sockets.
    #[cfg(test)]
    pub(crate) fn without_slots(&mut self) {
        self.ring.without_slots();
    }

    fn mark(&self, kind: Kind, slot: usize) -> Mark {
        Mark::new(kind, self.generations[slot], slot)
    }

    /// Submits the queued sends. Until the call of [`Ring::enter`] ends, their bytes belong to the kernel.
    fn submit_sends(&mut self, events: &mut impl Events) -> io::Result<()> {
        std::mem::swap(&mut self.queued, &mut self.batch);
        if self.batch.is_empty() {
            return Ok(());
        }
        let at = clock::now();
        for slot in &self.batch {
            if let Some(Link { request: Some(request), .. }) = &self.links[*slot]
                && request.sent == 0
            {
                events.sending(*slot, at);
            }
        }
        for index in 0..self.batch.len() {
            let slot = self.batch[index];
            let mark = self.mark(Kind::Send, slot);
            let Some(Link { request: Some(request), target, .. }) = &mut self.links[slot] else {
                continue;
            };
            request.trouble = None;
            request.offered = (request.bytes.len() - request.sent).min(LARGEST_SEND);
            let piece = &request.bytes[request.sent..request.sent + request.offered];
            // SAFETY: `piece` is heap memory of `request.bytes`, which stays in `self.links` and is neither
            // changed nor dropped until `enter` has returned: nothing but this function and `turn` runs until
            // then, and `turn` enters next. If entering fails, `Ring` refuses every later call, and `Drop`
            // ends the ring before `self.links` is dropped.
            unsafe { self.ring.send(*target, piece, mark) }?;
        }
        Ok(())
    }

    /// Says which sends of the batch went out completely.
    fn settle_sends(&mut self, events: &mut impl Events) -> io::Result<()> {
        for completion in &self.completions {
            let mark = completion.mark;
            if mark.kind() != Some(Kind::Send) || self.generations[mark.slot()] != mark.generation()
            {
                continue;
            }
            if let Some(Link { request: Some(request), .. }) = &mut self.links[mark.slot()] {
                request.trouble = Some(completion.result);
            }
        }
        let mut batch = std::mem::take(&mut self.batch);
        for slot in batch.drain(..) {
            self.settle_send(slot, events)?;
        }
        self.batch = batch;
        Ok(())
    }

    fn settle_send(&mut self, slot: usize, events: &mut impl Events) -> io::Result<()> {
        let mark = self.mark(Kind::Writable, slot);
        let Some(Link { request, target, .. }) = &mut self.links[slot] else { return Ok(()) };
        let Some(pending) = request else { return Ok(()) };
        let result = match pending.trouble {
            // A send is silent if the kernel has taken everything.
            None => {
                pending.sent += pending.offered;
                if pending.sent < pending.bytes.len() {
                    self.queued.push(slot);
                    return Ok(());
                }
                Ok(())
            }
            Some(error) if error < 0 => match Errno::from_raw_os_error(-error) {
                Errno::AGAIN | Errno::INTR => return self.ring.poll_writable(*target, mark),
                error => Err(Failure::of_connection(error)),
            },
            Some(sent) => {
                pending.sent += usize::try_from(sent).unwrap_or(0);
                if pending.sent < pending.bytes.len() {
                    return self.ring.poll_writable(*target, mark);
                }
                Ok(())
            }
        };
        if let Some(request) = request.take() {
            events.sent(slot, request.bytes, result);
        }
        Ok(())
    }

    fn on_completion(
        &mut self,
        completion: Completion,
        events: &mut impl Events,
    ) -> io::Result<()> {
        let mark = completion.mark;
        let slot = mark.slot();
        let current = self.generations.get(slot) == Some(&mark.generation());
        match mark.kind() {
            Some(Kind::Receive) => self.on_receive(completion, slot, current, events),
            Some(Kind::Connect) if current => self.on_connect(slot, events),
            Some(Kind::Writable) if current => {
                self.queued.push(slot);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn on_connect(&mut self, slot: usize, events: &mut impl Events) -> io::Result<()> {
        let mark = self.mark(Kind::Receive, slot);
        let Some(link) = &mut self.links[slot] else { return Ok(()) };
        link.phase = Phase::Open;
        // The ring waits by itself; a socket that does not block would only make it fail instead.
        let result = socket::outcome(&link.socket)
            .and_then(|()| ioctl_fionbio(&link.socket, false).map_err(Failure::of_connect));
        if result.is_ok() {
            self.ring.receive(link.target, mark)?;
        }
        events.connected(slot, result);
        Ok(())
    }

    fn on_receive(
        &mut self,
        completion: Completion,
        slot: usize,
        current: bool,
        events: &mut impl Events,
    ) -> io::Result<()> {
        let mut flow = if current { Flow::GoOn } else { Flow::Stop };
        if let Some(buffer) = completion.buffer {
            let length = usize::try_from(completion.result).unwrap_or(0);
            if let Some(bytes) = self.ring.bytes(buffer, length)
                && current
                && length > 0
            {
                flow = events.received(slot, bytes);
            }
            self.ring.give_back(buffer);
        }
        if flow == Flow::Stop {
            return Ok(());
        }
        match completion.result {
            0 => events.ended(slot, Ok(())),
            error if error < 0 && error != -Errno::NOBUFS.raw_os_error() => {
                let error = Errno::from_raw_os_error(-error);
                events.ended(slot, Err(Failure::of_connection(error)));
            }
            _ if completion.last => {
                if let Some(link) = &self.links[slot] {
                    let mark = self.mark(Kind::Receive, slot);
                    self.ring.receive(link.target, mark)?;
                }
            }
            _ => {}
        }
        Ok(())
    }
}

impl Driver for Uring {
    fn open(&mut self, slot: usize) -> Result<(), Failure> {
        let failed = |error: io::Error| Failure::Io(error.kind());
        let socket = socket::begin(&self.address)?;
        self.generations[slot] = Mark::generation_after(self.generations[slot]);
        let mark = self.mark(Kind::Connect, slot);
        let target = self.ring.target(slot, socket.as_raw_fd());
        self.links[slot] = Some(Link { socket, target, phase: Phase::Connecting, request: None });
        self.ring.poll_writable(target, mark).map_err(failed)
    }

    fn send(&mut self, slot: usize, request: Vec<u8>) {
        if let Some(link) = &mut self.links[slot] {
            link.request = Some(Request { bytes: request, sent: 0, offered: 0, trouble: None });
            self.queued.push(slot);
        }
    }

    fn close(&mut self, slot: usize) -> Option<Vec<u8>> {
        // What a broken ring has not submitted may still point at the request.
        if self.ring.is_broken() {
            return None;
        }
        let link = self.links[slot].take()?;
        self.queued.retain(|queued| *queued != slot);
        let kinds: &[Kind] = match (link.phase, &link.request) {
            (Phase::Connecting, _) => &[Kind::Connect],
            (Phase::Open, None) => &[Kind::Receive],
            (Phase::Open, Some(_)) => &[Kind::Receive, Kind::Writable],
        };
        let marks = kinds.iter().map(|kind| self.mark(*kind, slot));
        let marks: [Option<Mark>; 2] = {
            let mut marks = marks;
            [marks.next(), marks.next()]
        };
        // Everything about this link must be submitted before its descriptor can mean another socket. If that
        // fails the ring is broken, and the next turn says so.
        let submitted = self.ring.cancel(marks.into_iter().flatten());
        self.generations[slot] = Mark::generation_after(self.generations[slot]);
        if submitted.is_err() {
            self.links[slot] = Some(link);
            return None;
        }
        self.ring.release(link.target);
        // The kernel may keep the socket a little longer than its descriptor; the peer need not wait for that.
        // An error means that the connection has ended by itself.
        let _ = shutdown(&link.socket, Shutdown::Both);
        link.request.map(|request| request.bytes)
    }

    fn turn(&mut self, wait: Wait, events: &mut impl Events) -> io::Result<()> {
        let (Wait::About(wait) | Wait::Exactly(wait)) = wait;
        self.submit_sends(events)?;
        self.ring.enter(wait)?;
        events.woke(clock::now());
        let mut completions = std::mem::take(&mut self.completions);
        self.ring.take(&mut completions);
        self.completions = completions;
        self.settle_sends(events)?;
        let mut completions = std::mem::take(&mut self.completions);
        for completion in completions.drain(..) {
            self.on_completion(completion, events)?;
        }
        self.completions = completions;
        self.ring.publish();
        Ok(())
    }
}
