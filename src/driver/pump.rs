//! Sends the tickets of a run. Several pumps can work on the same run at the same time: the
//! driver's own, and one for each call of the vendor's API.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::{Fuse, FusedFuture as _, LocalBoxFuture, join_all};
use jiff::Timestamp;
use tokio::sync::Notify;

use super::core::{Core, poll};
use super::race;
use crate::delivery::Sender;
use crate::journal::{Journal, JournalError, Memory};
use crate::policy::wire::SendResult;
use crate::run::{Run, Ticket};
use crate::sim::AccountIndex;
use crate::vendors::api::{ApiAnswer, ApiRequest};

/// Sends the tickets of a run. Clones work on the same run.
pub struct Pump<J: Journal = Memory> {
    /// The run and its journal.
    pub core: Rc<RefCell<Core<J>>>,
    sender: Sender,
    state: Rc<State>,
}

impl<J: Journal> Clone for Pump<J> {
    fn clone(&self) -> Self {
        Self {
            core: Rc::clone(&self.core),
            sender: self.sender.clone(),
            state: Rc::clone(&self.state),
        }
    }
}

/// What the pumps of a run share.
#[derive(Default)]
struct State {
    /// How many answers must be given before any ticket is sent.
    gates: Cell<usize>,
    /// How many tickets are being sent.
    out: Cell<usize>,
    /// Notified when a gate opens, a ticket returns, or a call is answered.
    changed: Notify,
}

/// The webhooks of an answered call that are not sent yet.
pub struct PendingWebhooks {
    gate: Option<Gate>,
    sending: Fuse<LocalBoxFuture<'static, Result<(), JournalError>>>,
}

impl PendingWebhooks {
    /// Sends them. Call it once the answer is given.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub async fn send(self) -> Result<(), JournalError> {
        if let Some(gate) = self.gate {
            race::after_answer().await;
            drop(gate);
        }
        if self.sending.is_terminated() { Ok(()) } else { self.sending.await }
    }
}

/// Keeps tickets from being sent, until it is dropped.
struct Gate(Rc<State>);

impl Drop for Gate {
    fn drop(&mut self) {
        self.0.gates.set(self.0.gates.get() - 1);
        self.0.changed.notify_waiters();
    }
}

impl<J: Journal> Pump<J> {
    /// A pump for this run.
    pub fn new(run: Run, sender: Sender, journal: J) -> Self {
        let core = Rc::new(RefCell::new(Core::new(run, journal)));
        Self { core, sender, state: Rc::default() }
    }

    /// Applies an input to the run.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn apply<T>(&self, what: impl FnOnce(&mut Run) -> T) -> Result<T, JournalError> {
        self.core.borrow_mut().apply(what)
    }

    /// Sends the tickets that are due by this moment, one after the other, and waits for the
    /// tickets of other pumps too.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub async fn send_until(&self, until: Timestamp) -> Result<(), JournalError> {
        loop {
            let changed = self.state.changed.notified();
            if self.state.gates.get() > 0 {
                changed.await;
                continue;
            }
            match self.apply(|run| poll(run, until))? {
                Some(ticket) => self.send(ticket).await?,
                None if self.state.out.get() > 0 => changed.await,
                None => return Ok(()),
            }
        }
    }

    /// Sends the tickets that are due now, except those that a request under way blocks.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub async fn send_now(&self) -> Result<(), JournalError> {
        while self.state.gates.get() == 0 {
            let now = self.core.borrow().run().sim().now();
            let mut tickets = Vec::new();
            while let Some(ticket) = self.apply(|run| poll(run, now))? {
                tickets.push(ticket);
            }
            if tickets.is_empty() {
                break;
            }
            let sent = join_all(tickets.into_iter().map(|ticket| self.send(ticket))).await;
            sent.into_iter().collect::<Result<(), JournalError>>()?;
        }
        Ok(())
    }

    async fn send(&self, ticket: Ticket) -> Result<(), JournalError> {
        let out = &self.state.out;
        out.set(out.get() + 1);
        let results = send(&self.sender, &ticket).await;
        out.set(out.get() - 1);
        self.apply(|run| run.returned(ticket.id, results))?;
        self.state.changed.notify_waiters();
        Ok(())
    }

    /// Answers a call of the vendor's API. Also returns its webhooks that are not sent yet.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub async fn answer(
        &self,
        account: AccountIndex,
        request: &ApiRequest,
    ) -> Result<(ApiAnswer, PendingWebhooks), JournalError>
    where
        J: 'static,
    {
        let answer = self.apply(|run| run.request(account, request))?;
        self.state.changed.notify_waiters();
        let gate = race::follows_answer(&answer).then(|| self.gate());
        let pump = self.clone();
        let mut sending = async move { pump.send_now().await }.boxed_local().fuse();
        race::until_answered(&answer, &mut sending).await;
        Ok((answer, PendingWebhooks { gate, sending }))
    }

    fn gate(&self) -> Gate {
        self.state.gates.set(self.state.gates.get() + 1);
        Gate(Rc::clone(&self.state))
    }

    /// Waits until something changes, at most this long.
    pub async fn changed_within(&self, length: Duration) {
        // A timeout is not an error: the caller checks again.
        let _ = tokio::time::timeout(length, self.state.changed.notified()).await;
    }
}

/// Sends a ticket: all its copies at the same instant.
pub async fn send(sender: &Sender, ticket: &Ticket) -> Vec<SendResult> {
    let one = || sender.send(ticket.kind, &ticket.request, ticket.mode, &ticket.route.policy);
    join_all((0..ticket.copies).map(|_| one())).await
}
