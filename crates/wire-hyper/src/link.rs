//! One connection to the receiver, made again when it is gone. In HTTP/2 several slots share it.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::{Duration, Instant};

use standin_wire::{Counters, Failure, Malformed};
use tokio::sync::Notify;
use tokio::task::AbortHandle;

use crate::clock;
use crate::connect::{Body, Connector, Sender};
use crate::trouble;

/// The first pause before connecting again, and how often it doubles: up to a quarter of a second.
const FIRST_PAUSE: Duration = Duration::from_millis(1);
const MOST_DOUBLINGS: u32 = 8;

/// A link to the receiver.
pub(crate) struct Link {
    connector: Rc<Connector>,
    counters: Rc<Cell<Counters>>,
    state: RefCell<State>,
    changed: Notify,
    /// How many times connecting was tried, and how the last try failed.
    tries: Cell<u64>,
    refused: Cell<Option<(u64, Failure)>>,
    /// Failures since the last reply.
    failures: Cell<u32>,
    retry_at: Cell<Option<Instant>>,
}

enum State {
    Closed,
    Connecting,
    Open(Rc<Open>),
}

/// A connection that was made. When nobody needs it any more, it is closed.
pub(crate) struct Open {
    sender: RefCell<Option<Sender>>,
    driver: Cell<Option<AbortHandle>>,
    in_flight: Cell<u32>,
    replies: Cell<u64>,
    failed: Cell<bool>,
    /// How it ended by itself.
    end: Cell<Option<Failure>>,
}

impl Open {
    /// A failure of a request on this connection. Requests that were not sent yet only hear that it is closed.
    pub(crate) async fn why(&self, failure: Failure) -> Failure {
        if failure != Failure::ClosedBeforeReply {
            return failure;
        }
        // The request may hear of it before its connection does.
        tokio::task::yield_now().await;
        self.end.get().unwrap_or(failure)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(driver) = self.driver.take() {
            driver.abort();
        }
    }
}

/// What sends one request. It counts as under way until this is dropped.
pub(crate) struct Lease {
    pub(crate) open: Rc<Open>,
    sender: Option<Sender>,
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.open.in_flight.set(self.open.in_flight.get() - 1);
    }
}

impl Lease {
    pub(crate) async fn send(
        &mut self,
        request: hyper::Request<Body>,
    ) -> Result<hyper::Response<hyper::body::Incoming>, Failure> {
        let sent = match &mut self.sender {
            Some(Sender::Http1(sender)) => sender.send_request(request).await,
            Some(Sender::Http2(sender)) => sender.send_request(request).await,
            None => return Err(Failure::ClosedBeforeReply),
        };
        sent.map_err(|error| trouble::of_hyper(&error, Failure::ClosedBeforeReply))
    }

    async fn ready(&mut self) -> Result<(), hyper::Error> {
        match &mut self.sender {
            Some(Sender::Http1(sender)) => sender.ready().await,
            Some(Sender::Http2(sender)) => sender.ready().await,
            None => Ok(()),
        }
    }
}

impl Link {
    pub(crate) fn new(connector: Rc<Connector>, counters: Rc<Cell<Counters>>) -> Self {
        Link {
            connector,
            counters,
            state: RefCell::new(State::Closed),
            changed: Notify::new(),
            tries: Cell::new(0),
            refused: Cell::new(None),
            failures: Cell::new(0),
            retry_at: Cell::new(None),
        }
    }

    /// When it may connect again, if it has to wait.
    pub(crate) fn retry_at(&self) -> Option<Instant> {
        match *self.state.borrow() {
            State::Closed => self.retry_at.get(),
            _ => None,
        }
    }

    /// Whether it is worth connecting before there is a request.
    pub(crate) fn wants_to_connect(&self) -> bool {
        !matches!(*self.state.borrow(), State::Open(_)) && self.failures.get() == 0
    }

    /// Connects, unless it is connected.
    pub(crate) async fn connect(self: &Rc<Self>) -> Result<Rc<Open>, Failure> {
        loop {
            match &*self.state.borrow() {
                State::Open(open) => return Ok(Rc::clone(open)),
                State::Closed => break,
                State::Connecting => {}
            }
            let tries = self.tries.get();
            self.changed.notified().await;
            if let Some((_, failure)) = self.refused.get().filter(|(of, _)| *of == tries) {
                return Err(failure);
            }
        }
        *self.state.borrow_mut() = State::Connecting;
        self.tries.set(self.tries.get() + 1);
        let connecting = Connecting(self);
        let connected = self.connector.connect().await;
        let result = connected.map(|(sender, driver)| self.opened(sender, driver));
        match &result {
            Ok(_) => self.count(|counters| counters.connects += 1),
            Err(failure) => {
                self.count(|counters| counters.failed_connects += 1);
                self.refused.set(Some((self.tries.get(), *failure)));
                self.failed();
            }
        }
        drop(connecting);
        result
    }

    fn opened(self: &Rc<Self>, sender: Sender, driver: crate::connect::Driver) -> Rc<Open> {
        let open = Rc::new(Open {
            sender: RefCell::new(Some(sender)),
            driver: Cell::new(None),
            in_flight: Cell::new(0),
            replies: Cell::new(0),
            failed: Cell::new(false),
            end: Cell::new(None),
        });
        *self.state.borrow_mut() = State::Open(Rc::clone(&open));
        let (link, weak) = (Rc::downgrade(self), Rc::downgrade(&open));
        let task = tokio::task::spawn_local(async move {
            let result = driver.await;
            ended(&link, &weak, result);
        });
        open.driver.set(Some(task.abort_handle()));
        open
    }

    /// What sends a request now. Connects if need be.
    pub(crate) async fn lease(self: &Rc<Self>) -> Result<Lease, Failure> {
        loop {
            let open = self.connect().await?;
            let sender = match &mut *open.sender.borrow_mut() {
                Some(Sender::Http2(sender)) => Some(Sender::Http2(sender.clone())),
                // A link of HTTP/1.1 has one slot, so nobody else asks meanwhile.
                sender => sender.take(),
            };
            open.in_flight.set(open.in_flight.get() + 1);
            let mut lease = Lease { open, sender };
            if lease.ready().await.is_ok() && lease.sender.is_some() {
                return Ok(lease);
            }
            self.retire(&lease.open);
            // A connection that was of use may have been closed while it was idle.
            if lease.open.replies.get() == 0 {
                self.failed_on(&lease.open);
                return Err(lease.open.why(Failure::ClosedBeforeReply).await);
            }
        }
    }

    /// A request has its reply.
    pub(crate) fn replied(&self, mut lease: Lease) {
        self.failures.set(0);
        let open = Rc::clone(&lease.open);
        open.replies.set(open.replies.get() + 1);
        if let Some(Sender::Http1(sender)) = lease.sender.take() {
            *open.sender.borrow_mut() = Some(Sender::Http1(sender));
        }
    }

    /// A request has failed on this connection: the next try waits a little. Requests that fail together with
    /// the same connection count once.
    pub(crate) fn failed_on(&self, open: &Open) {
        if !open.failed.replace(true) {
            self.failed();
        }
    }

    fn failed(&self) {
        let failures = self.failures.get().saturating_add(1);
        self.failures.set(failures);
        let pause = FIRST_PAUSE * 2_u32.pow((failures - 1).min(MOST_DOUBLINGS));
        self.retry_at.set(Some(clock::now() + pause));
    }

    /// No more requests on this connection. It is closed when those under way are over.
    pub(crate) fn retire(&self, open: &Rc<Open>) {
        let mut state = self.state.borrow_mut();
        if matches!(&*state, State::Open(one) if Rc::ptr_eq(one, open)) {
            *state = State::Closed;
        }
    }

    fn count(&self, change: impl FnOnce(&mut Counters)) {
        let mut counters = self.counters.get();
        change(&mut counters);
        self.counters.set(counters);
    }
}

/// Whoever waits for a connection is told when trying is over, also if the try was given up.
struct Connecting<'a>(&'a Link);

impl Drop for Connecting<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state.borrow_mut();
        if let State::Connecting = *state {
            *state = State::Closed;
        }
        self.0.changed.notify_waiters();
    }
}

/// A connection has ended by itself.
fn ended(link: &Weak<Link>, open: &Weak<Open>, result: Result<(), hyper::Error>) {
    let (Some(link), Some(open)) = (link.upgrade(), open.upgrade()) else { return };
    link.retire(&open);
    let why = result.err().map(|error| trouble::of_hyper(&error, Failure::ClosedBeforeReply));
    open.end.set(why);
    if open.in_flight.get() > 0 {
        return;
    }
    match why {
        Some(Failure::NotHttp(Malformed::Protocol | Malformed::Head)) => {
            link.count(|counters| counters.surplus += 1);
        }
        _ => link.count(|counters| counters.idle_closes += 1),
    }
    // A receiver that only accepts and closes must not make the loop spin.
    if open.replies.get() == 0 {
        link.failed_on(&open);
    }
}
