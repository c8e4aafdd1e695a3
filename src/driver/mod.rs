//! Drives a run: sends the tickets that it hands out, and returns the results.
//!
//! This driver sends one request at a time, in the order of virtual time, and lets time pass as
//! fast as it can. Only webhooks that a call of the vendor's API causes are sent concurrently
//! ([`Pump`]). While a request is under way, the driver holds no borrow of the run. So anyone with
//! a [`handle`](Driver::handle) can read it, even a receiver from inside its webhook handler.
//!
//! Inputs are written to the journal before the requests that follow from them are sent. If the
//! journal cannot be written, nothing more is sent.

pub mod api_router;
mod core;
mod drive;
pub mod live;
mod pump;
pub mod race;
mod target;

use std::cell::{Ref, RefCell};
use std::rc::Rc;
use std::time::Duration;

use jiff::Timestamp;

pub use self::core::Core;
pub use drive::Drive;
pub use pump::Pump;
pub use target::{Target, VendorTarget};

use crate::clock::after;
use crate::delivery::Sender;
use crate::journal::entry::DeliveryId;
use crate::journal::{Journal, JournalError, Memory};
use crate::model::{Fault, PolicyChange, Release, Settings, SubjectIndex};
use crate::phrase::ParsedCall;
use crate::policy::token::Token;
use crate::run::{Deliveries, Route, Run};
use crate::sim::{AccountIndex, NotDone, Opening, Simulation};
use crate::vendors::Vendor;

/// Drives a run.
pub struct Driver<J: Journal = Memory> {
    pump: Pump<J>,
}

/// Why something was not done.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DriveError {
    /// The vendor refuses it in its current state.
    #[error(transparent)]
    NotDone(#[from] NotDone),
    /// The journal cannot be written.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// The result of driving a run.
pub type Driven = Result<(), JournalError>;

impl<J: Journal> Driver<J> {
    /// Drives this run, and writes its entries to this journal.
    pub fn new(run: Run, sender: Sender, journal: J) -> Self {
        Self { pump: Pump::new(run, sender, journal) }
    }

    /// The run and its journal, for reading while requests are under way.
    pub fn handle(&self) -> Rc<RefCell<Core<J>>> {
        Rc::clone(&self.pump.core)
    }

    /// A pump for the same run. It sends the webhooks of API calls, even while this driver waits.
    pub fn pump(&self) -> Pump<J> {
        self.pump.clone()
    }

    /// Opens an account whose webhooks take this route.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn open(
        &mut self,
        vendor: &'static dyn Vendor,
        opening: Opening,
        route: Route,
    ) -> Result<AccountIndex, JournalError> {
        self.apply(|run| run.open(vendor, opening, route))
    }

    /// Starts the traffic of an account.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn populate(&mut self, account: AccountIndex, traffic: &Settings) -> Driven {
        self.apply(|run| run.populate(account, traffic))
    }

    /// Does an action and delivers the webhooks that it causes.
    ///
    /// # Errors
    /// If the action cannot be done now: then nothing has changed, and nothing was sent. Or if the
    /// journal cannot be written.
    pub async fn say(
        &mut self,
        account: AccountIndex,
        parsed: &ParsedCall,
        text: &str,
    ) -> Result<SubjectIndex, DriveError> {
        let subject = self.apply(|run| run.act(account, parsed, text))??;
        self.send_due().await?;
        Ok(subject)
    }

    /// Lets virtual time pass: vendors act by themselves, and due attempts are made.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub async fn pass(&mut self, length: Duration) -> Driven {
        let end = after(self.sim().now(), length);
        self.run_until(end).await
    }

    /// Lets virtual time pass until this moment.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub async fn run_until(&mut self, end: Timestamp) -> Driven {
        while let Some(next) = self.next().filter(|next| *next <= end) {
            self.apply(|run| run.advance(next))?;
            self.send_until(next).await?;
        }
        self.apply(|run| run.advance(end))
    }

    /// The next moment at which a vendor acts by itself or an attempt is due.
    pub fn next(&self) -> Option<Timestamp> {
        self.pump.core.borrow().run().next()
    }

    /// Makes every pending attempt and all retries, each at its own virtual time. The vendors' time
    /// stands still meanwhile, so that nothing at a vendor depends on the receiver's answers.
    /// Webhooks that are held back stay held back.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub async fn settle(&mut self) -> Driven {
        self.send_until(Timestamp::MAX).await?;
        self.apply(Run::nothing_overtakes)?;
        self.send_until(Timestamp::MAX).await
    }

    /// Sets up a fault for future webhooks.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn arm(&mut self, fault: Fault) -> Driven {
        self.apply(|run| run.arm(fault))
    }

    /// Removes every fault.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn disarm(&mut self) -> Driven {
        self.apply(Run::disarm)
    }

    /// Holds back future webhooks until they are released.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn hold(&mut self) -> Driven {
        self.apply(Run::hold)
    }

    /// Delivers the webhooks that were held back, in this order.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub async fn release(&mut self, release: Release) -> Driven {
        self.apply(|run| run.release(release))?;
        self.send_due().await
    }

    /// Sends the webhook of a delivery again, with the same bytes.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub async fn repeat(&mut self, delivery: DeliveryId) -> Driven {
        self.apply(|run| run.repeat(delivery))?;
        self.send_due().await
    }

    /// Sends the dead letters of an account again: all of them, or those of the subject with this
    /// name. Settles the run first, so that all dead letters are known.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub async fn send_dead_letters(&mut self, account: AccountIndex, name: Option<&str>) -> Driven {
        self.settle().await?;
        self.apply(|run| run.send_dead_letters(account, name))?;
        self.settle().await
    }

    /// Activates the endpoint of an account again.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn reactivate(&mut self, account: AccountIndex) -> Driven {
        self.apply(|run| run.reactivate(account))
    }

    /// Changes the delivery policy of an account.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn change_policy(&mut self, account: AccountIndex, change: PolicyChange) -> Driven {
        self.apply(|run| run.change_policy(account, change))
    }

    /// Lets the vendor use a token for an account that it has requested elsewhere.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn hold_token(&mut self, account: AccountIndex, token: &Token) -> Driven {
        self.apply(|run| run.hold_token(account, token))
    }

    /// The run.
    pub fn run(&self) -> Ref<'_, Run> {
        Ref::map(self.pump.core.borrow(), Core::run)
    }

    /// The deliveries that are kept, in the order in which they were created.
    pub fn deliveries(&self) -> Ref<'_, Deliveries> {
        Ref::map(self.pump.core.borrow(), |core| core.run().deliveries())
    }

    /// The simulation behind the run.
    pub fn sim(&self) -> Ref<'_, Simulation> {
        Ref::map(self.pump.core.borrow(), |core| core.run().sim())
    }

    /// The route of an account.
    pub fn route(&self, account: AccountIndex) -> Ref<'_, Route> {
        Ref::map(self.pump.core.borrow(), |core| core.run().route(account))
    }

    /// The journal.
    pub fn journal(&self) -> Ref<'_, J> {
        Ref::map(self.pump.core.borrow(), Core::journal)
    }

    fn apply<T>(&self, what: impl FnOnce(&mut Run) -> T) -> Result<T, JournalError> {
        self.pump.apply(what)
    }

    /// Sends what is due now.
    async fn send_due(&mut self) -> Driven {
        let now = self.sim().now();
        self.send_until(now).await
    }

    /// Sends what is due by this moment, one request after the other.
    async fn send_until(&mut self, until: Timestamp) -> Driven {
        self.pump.send_until(until).await
    }
}

impl Driver {
    /// Keeps no entry, and no delivery or subject that is over, so that an endless run needs bounded memory.
    pub fn keep_nothing(&mut self) {
        self.pump.core.borrow_mut().keep(0, 0);
    }

    /// Keeps only the last `entries` entries, and the last `deliveries` deliveries that are over.
    pub fn keep(&mut self, entries: usize, deliveries: usize) {
        self.pump.core.borrow_mut().keep(entries, deliveries);
    }

    /// Calls this listener for every entry from now on.
    pub fn listen(&mut self, listener: crate::journal::Listener) {
        self.pump.core.borrow_mut().listen(listener);
    }
}
