//! The engine on readiness. A connection is registered once, edge-triggered, for as long as it lives.

use std::io;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::event::Timespec;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use rustix::io::Errno;
use rustix::net::{RecvFlags, SendFlags, recv, send};
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, timerfd_create, timerfd_settime,
};

use crate::clock;
use crate::driver::{Driver, Events, Flow, Wait};
use crate::{Failure, socket};

/// Bytes read by one call.
const PIECE: usize = 64 * 1024;
/// Pieces read from one connection before the others have their turn.
const MOST_PIECES: usize = 8;
/// Events taken by one call.
const MOST_EVENTS: usize = 1024;
/// The event of the timer, which is no slot.
const TIMER: u64 = u64::MAX;

#[derive(Debug)]
struct Request {
    bytes: Vec<u8>,
    sent: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Connecting,
    Open,
}

#[derive(Debug)]
struct Link {
    socket: OwnedFd,
    phase: Phase,
    request: Option<Request>,
}

pub(crate) struct Epoll {
    epoll: OwnedFd,
    timer: OwnedFd,
    address: SocketAddr,
    links: Vec<Option<Link>>,
    /// Slots whose request can go on.
    queued: Vec<usize>,
    /// Slots that have not been read to the end. Edges will not tell again.
    unread: Vec<usize>,
    events: Vec<epoll::Event>,
    piece: Box<[u8]>,
}

impl Epoll {
    pub(crate) fn new(address: SocketAddr, connections: usize) -> io::Result<Self> {
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        let timer = timerfd_create(TimerfdClockId::Monotonic, flags)?;
        epoll::add(&epoll, &timer, EventData::new_u64(TIMER), EventFlags::IN | EventFlags::ET)?;
        Ok(Epoll {
            epoll,
            timer,
            address,
            links: (0..connections).map(|_| None).collect(),
            queued: Vec::with_capacity(connections),
            unread: Vec::new(),
            events: Vec::with_capacity(MOST_EVENTS),
            piece: vec![0; PIECE].into_boxed_slice(),
        })
    }

    fn send_queued(&mut self, events: &mut impl Events) {
        let mut queued = std::mem::take(&mut self.queued);
        for slot in queued.drain(..) {
            let Some(link) = &mut self.links[slot] else { continue };
            let Some(request) = &mut link.request else { continue };
            if request.sent == 0 {
                events.sending(slot, clock::now());
            }
            let rest = &request.bytes[request.sent..];
            let result = match send(&link.socket, rest, SendFlags::NOSIGNAL) {
                Ok(sent) => {
                    request.sent += sent;
                    // The edge that tells of room comes later.
                    if request.sent < request.bytes.len() {
                        continue;
                    }
                    Ok(())
                }
                Err(Errno::AGAIN) => continue,
                Err(error) => Err(Failure::of_connection(error)),
            };
            if let Some(request) = link.request.take() {
                events.sent(slot, request.bytes, result);
            }
        }
        self.queued = queued;
    }

    fn wait(&mut self, wait: Wait) -> Result<(), Errno> {
        let timeout = match wait {
            _ if !self.unread.is_empty() => Duration::ZERO,
            Wait::About(duration) => duration,
            Wait::Exactly(duration) => {
                // epoll counts in milliseconds on older kernels; a timer does not.
                let value = Timespec {
                    tv_sec: duration.as_secs().cast_signed(),
                    tv_nsec: i64::from(duration.subsec_nanos().max(1)),
                };
                let interval = Timespec { tv_sec: 0, tv_nsec: 0 };
                let spec = Itimerspec { it_interval: interval, it_value: value };
                timerfd_settime(&self.timer, TimerfdTimerFlags::empty(), &spec)?;
                duration + Duration::from_millis(1)
            }
        };
        let timeout = Timespec {
            tv_sec: timeout.as_secs().cast_signed(),
            tv_nsec: i64::from(timeout.subsec_nanos()),
        };
        self.events.clear();
        match epoll::wait(
            &self.epoll,
            rustix::buffer::spare_capacity(&mut self.events),
            Some(&timeout),
        ) {
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn on_event(&mut self, slot: usize, flags: EventFlags, events: &mut impl Events) {
        let Some(link) = self.links.get_mut(slot).and_then(Option::as_mut) else { return };
        let ended = flags.intersects(EventFlags::RDHUP | EventFlags::HUP | EventFlags::ERR);
        if link.phase == Phase::Connecting {
            if ended || flags.contains(EventFlags::OUT) {
                let result = socket::outcome(&link.socket);
                link.phase = Phase::Open;
                events.connected(slot, result);
                // Bytes may be there already, and this was their edge.
                self.read(slot, Until::Empty, events);
            }
            return;
        }
        if flags.contains(EventFlags::OUT) && link.request.is_some() {
            self.queued.push(slot);
        }
        if ended {
            self.read(slot, Until::Empty, events);
        } else if flags.contains(EventFlags::IN) {
            self.read(slot, Until::Short, events);
        }
    }

    fn read(&mut self, slot: usize, until: Until, events: &mut impl Events) {
        let Some(link) = &self.links[slot] else { return };
        for _ in 0..MOST_PIECES {
            match recv(&link.socket, &mut self.piece[..], RecvFlags::empty()) {
                Ok((_, 0)) => return events.ended(slot, Ok(())),
                Ok((_, length)) => {
                    if events.received(slot, &self.piece[..length]) == Flow::Stop {
                        return;
                    }
                    // A short read has emptied the queue: more bytes bring a new edge.
                    if length < PIECE && until == Until::Short {
                        return;
                    }
                }
                Err(Errno::AGAIN) => return,
                Err(Errno::INTR) => {}
                Err(error) => return events.ended(slot, Err(Failure::of_connection(error))),
            }
        }
        self.unread.push(slot);
    }
}

/// When to stop reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    /// When less came than there was room for.
    Short,
    /// When nothing is left, so that the end of the stream is seen too.
    Empty,
}

impl Driver for Epoll {
    fn open(&mut self, slot: usize) -> Result<(), Failure> {
        let socket = socket::begin(&self.address)?;
        let flags = EventFlags::IN | EventFlags::OUT | EventFlags::RDHUP | EventFlags::ET;
        epoll::add(&self.epoll, &socket, EventData::new_u64(slot as u64), flags)
            .map_err(Failure::of_connect)?;
        self.links[slot] = Some(Link { socket, phase: Phase::Connecting, request: None });
        Ok(())
    }

    fn send(&mut self, slot: usize, request: Vec<u8>) {
        if let Some(link) = &mut self.links[slot] {
            link.request = Some(Request { bytes: request, sent: 0 });
            self.queued.push(slot);
        }
    }

    fn close(&mut self, slot: usize) -> Option<Vec<u8>> {
        // Closing the only descriptor of the socket takes it out of the epoll set.
        let link = self.links[slot].take()?;
        self.unread.retain(|unread| *unread != slot);
        self.queued.retain(|queued| *queued != slot);
        link.request.map(|request| request.bytes)
    }

    fn turn(&mut self, wait: Wait, events: &mut impl Events) -> io::Result<()> {
        self.send_queued(events);
        self.wait(wait)?;
        events.woke(clock::now());
        for slot in std::mem::take(&mut self.unread) {
            self.read(slot, Until::Empty, events);
        }
        let ready = std::mem::take(&mut self.events);
        for event in &ready {
            let (data, flags) = (event.data, event.flags);
            if let Ok(slot) = usize::try_from(data.u64())
                && data.u64() != TIMER
            {
                self.on_event(slot, flags, events);
            }
        }
        self.events = ready;
        Ok(())
    }
}
