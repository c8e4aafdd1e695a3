//! One isolated run: owns the simulation and the journal, schedules attempts and retries in
//! virtual time, and has `delivery` carry them out.
//!
//! A run is one owner and one thread of control: attempts are made one after the other in the
//! order of virtual time, so that webhooks of one subject never overtake each other unless a fault
//! says so. Parallelism comes from many runs side by side.
//!
//! What the receiver answers decides which attempts follow, and nothing else: it moves no clock of
//! the vendor and draws from no stream that anything else draws from.

mod attempts;
mod dead_letters;
mod delivery;
mod endpoint;
mod plan;
mod request;
mod target;
mod token;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

pub use delivery::{Delivery, Release, Standing};
use endpoint::Endpoint;
pub use request::Route;
pub use target::{Target, VendorTarget};

use crate::chance::Chance;
use crate::clock::after;
use crate::delivery::{Courier, Tokens};
use crate::journal::{Entry, Journal};
use crate::model::fault::Amount;
use crate::model::{Fault, Outcome, SubjectIndex, Webhook};
use crate::phrase::ParsedCall;
use crate::policy::fault;
use crate::sim::{AccountIndex, NotDone, Opening, Simulation};
use crate::vendors::Vendor;

/// One isolated run.
pub struct Engine {
    sim: Simulation,
    journal: Journal,
    courier: Courier,
    routes: Vec<Route>,
    /// The endpoint of each route.
    endpoints: Vec<Endpoint>,
    /// The tokens of each route.
    tokens: Vec<Tokens>,
    faults: Vec<Fault>,
    /// Every delivery so far, in the order in which they were caused or repeated.
    deliveries: Vec<Delivery>,
    /// Attempts that are scheduled: when, in which order, for which delivery.
    schedule: BTreeMap<(Timestamp, u64), usize>,
    scheduled: u64,
    /// Deliveries that may not overtake another, by the one that they wait for.
    behind: BTreeMap<usize, Vec<usize>>,
    /// Whether deliveries are held back.
    holding: bool,
    /// Whether anything waits to be overtaken.
    overtaking: bool,
    /// Bodies of deliveries that are over are dropped: for runs without an end.
    forgetful: bool,
    shares: Chance,
    releases: Chance,
    jitter: Chance,
}

impl Engine {
    /// An empty run that begins at this moment.
    pub fn new(chance: &Chance, start: Timestamp, courier: Courier) -> Self {
        Self {
            sim: Simulation::new(chance.child("simulation"), start),
            journal: Journal::default(),
            courier,
            routes: Vec::new(),
            endpoints: Vec::new(),
            tokens: Vec::new(),
            faults: Vec::new(),
            deliveries: Vec::new(),
            schedule: BTreeMap::new(),
            scheduled: 0,
            behind: BTreeMap::new(),
            holding: false,
            overtaking: false,
            forgetful: false,
            shares: chance.child("shares of faults"),
            releases: chance.child("releases"),
            jitter: chance.child("jitter"),
        }
    }

    /// Opens an account whose webhooks take this route.
    pub fn open(
        &mut self,
        vendor: &'static dyn Vendor,
        opening: Opening,
        route: Route,
    ) -> AccountIndex {
        self.journal.write(Entry::Opened {
            at: self.sim.now(),
            vendor: vendor.catalogue().vendor,
            account: opening.name.clone(),
            profile: opening.profile.name,
        });
        self.routes.push(route);
        self.endpoints.push(Endpoint::default());
        self.tokens.push(Tokens::default());
        self.sim.open(vendor, opening)
    }

    /// The route of an account.
    pub fn route(&self, account: AccountIndex) -> &Route {
        &self.routes[account]
    }

    /// The route of an account, to be changed.
    pub fn route_mut(&mut self, account: AccountIndex) -> &mut Route {
        &mut self.routes[account]
    }

    /// Keeps no entry of the journal, and no body of what is over.
    pub fn forget(&mut self) {
        self.forgetful = true;
        self.journal.forget();
    }

    /// Sets up a fault for the webhooks that come.
    pub fn arm(&mut self, fault: Fault) {
        self.journal.write(Entry::Armed { at: self.sim.now(), said: fault.said.clone() });
        self.faults.push(fault);
    }

    /// Lets no fault that was set up so far strike any more: neither webhooks that come, nor
    /// further attempts of those that are under way.
    pub fn disarm(&mut self) {
        self.journal.write(Entry::Disarmed { at: self.sim.now() });
        self.faults.clear();
        self.deliveries.iter_mut().for_each(Delivery::faults_are_over);
    }

    /// Does what was said and delivers the webhooks that follow.
    ///
    /// # Errors
    /// If it cannot be done now. Nothing has changed and nothing was sent then.
    pub async fn say(
        &mut self,
        account: AccountIndex,
        spoken: &ParsedCall,
        said: &str,
    ) -> Result<SubjectIndex, NotDone> {
        let mut webhooks = Vec::new();
        let subject = self.sim.say(account, spoken, &mut webhooks)?;
        self.journal.write(Entry::Acted { at: self.sim.now(), said: said.to_owned() });
        self.take(webhooks);
        self.make_attempts(self.sim.now()).await;
        Ok(subject)
    }

    /// Lets virtual time pass: what happens by itself happens, and what is due is delivered.
    pub async fn pass(&mut self, length: Duration) {
        self.run_until(after(self.sim.now(), length)).await;
    }

    /// Runs on until this moment.
    pub async fn run_until(&mut self, end: Timestamp) {
        while let Some(next) = self.next().filter(|next| *next <= end) {
            while self.sim.next().is_some_and(|at| at <= next) {
                let mut webhooks = Vec::new();
                self.sim.step(&mut webhooks);
                self.take(webhooks);
            }
            self.sim.advance(next, &mut Vec::new());
            self.make_attempts(next).await;
        }
        self.sim.advance(end, &mut Vec::new());
    }

    /// The next moment at which something happens by itself or is sent.
    pub fn next(&self) -> Option<Timestamp> {
        let attempt = self.schedule.keys().next().map(|(at, _)| *at);
        [self.sim.next(), attempt].into_iter().flatten().min()
    }

    /// Makes every attempt that is still to come, retries included, each at its own virtual time.
    /// The vendor stands still meanwhile, so that nothing which happens there depends on what the
    /// receiver answers. What is held back stays so.
    pub async fn settle(&mut self) {
        self.make_attempts(Timestamp::MAX).await;
        // Nothing comes any more that could overtake: what waits for it leaves now.
        for index in 0..self.deliveries.len() {
            if matches!(self.deliveries[index].standing, Standing::ToBeOvertaken(_)) {
                self.schedule(self.sim.now().max(self.deliveries[index].leaves_at()), index);
            }
        }
        self.overtaking = false;
        self.make_attempts(Timestamp::MAX).await;
    }

    /// Holds back the webhooks that come, until they are released.
    pub fn hold(&mut self) {
        self.holding = true;
    }

    /// Delivers what was held back, in this order.
    pub async fn release(&mut self, release: Release) {
        self.holding = false;
        let held = |index: &usize| self.deliveries[*index].standing == Standing::Held;
        let mut held: Vec<usize> = (0..self.deliveries.len()).filter(held).collect();
        match release {
            Release::InOrder => {}
            Release::Reversed => held.reverse(),
            Release::Shuffled => self.releases.shuffle(&mut held),
        }
        for index in held {
            let at = after(self.sim.now(), self.deliveries[index].delay());
            self.schedule(at, index);
        }
        self.make_attempts(self.sim.now()).await;
    }

    /// Sends the webhook of a delivery once more, with the same bytes.
    pub async fn repeat(&mut self, index: usize) {
        let copy = Delivery::again(&self.deliveries[index]);
        self.deliveries.push(copy);
        self.schedule(self.sim.now(), self.deliveries.len() - 1);
        self.make_attempts(self.sim.now()).await;
    }

    /// Every delivery so far, in the order in which they were caused or repeated.
    pub fn deliveries(&self) -> &[Delivery] {
        &self.deliveries
    }

    /// The deliveries of an account that go by a name: about the subject of that name, or about
    /// what belongs to it.
    pub fn deliveries_of(
        &self,
        account: AccountIndex,
        name: &str,
    ) -> impl Iterator<Item = (usize, &Delivery)> {
        self.deliveries.iter().enumerate().filter(move |(_, delivery)| {
            delivery.account == account && delivery.webhook.name.as_deref() == Some(name)
        })
    }

    /// The record of the run.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The record of the run, to listen to.
    pub fn journal_mut(&mut self) -> &mut Journal {
        &mut self.journal
    }

    /// The simulation behind the run.
    pub fn sim(&self) -> &Simulation {
        &self.sim
    }

    /// The simulation behind the run, to populate an account of.
    pub fn sim_mut(&mut self) -> &mut Simulation {
        &mut self.sim
    }

    /// Takes in webhooks that were just caused, and schedules their first attempts.
    fn take(&mut self, webhooks: Vec<Webhook>) {
        for webhook in webhooks {
            let account = self.routes.iter().position(|route| route.account == *webhook.account);
            let account = account.unwrap_or_else(|| panic!("no account {}", webhook.account));
            self.journal.write(Entry::Caused(webhook.clone()));
            // Nobody asked for this trigger: the vendor does not send it.
            if self.routes[account].address(webhook.trigger).is_none() {
                continue;
            }
            let struck = self.strike(&webhook);
            self.place(Delivery::new(account, webhook, struck));
        }
    }

    /// Decides when a new delivery leaves.
    fn place(&mut self, delivery: Delivery) {
        let index = self.deliveries.len();
        let at = self.sim.now().max(delivery.leaves_at());
        let by = delivery.overtaken_by();
        // What overtakes another does not itself wait to be overtaken.
        let overtakes = self.overtaking && self.somebody_waits_for(&delivery);
        self.deliveries.push(delivery);
        if self.is_deactivated(self.deliveries[index].account) {
            self.end(index, self.sim.now(), Outcome::EndpointDeactivated);
        } else if self.holding {
            self.deliveries[index].standing = Standing::Held;
        } else if by > 0 && !overtakes {
            self.deliveries[index].standing = Standing::ToBeOvertaken(by);
            self.overtaking = true;
        } else {
            self.schedule(at, index);
        }
    }

    fn somebody_waits_for(&self, overtaker: &Delivery) -> bool {
        self.deliveries.iter().any(|waiting| {
            waiting.account == overtaker.account
                && matches!(waiting.standing, Standing::ToBeOvertaken(_))
        })
    }

    /// Which faults strike a webhook. Those for "the next one" are spent by it.
    fn strike(&mut self, webhook: &Webhook) -> Vec<Fault> {
        let mut struck = Vec::new();
        let shares = &mut self.shares;
        self.faults.retain(|armed| {
            if !fault::matches(&armed.which, webhook) {
                return true;
            }
            let strikes = match armed.which.amount {
                Amount::Every | Amount::Next => true,
                Amount::Share(share) => shares.happens(share),
            };
            if strikes {
                struck.push(armed.clone());
            }
            armed.which.amount != Amount::Next
        });
        struck
    }

    fn schedule(&mut self, at: Timestamp, index: usize) {
        if !matches!(self.deliveries[index].standing, Standing::Retrying(_)) {
            self.deliveries[index].standing = Standing::Scheduled;
        }
        self.scheduled += 1;
        self.schedule.insert((at, self.scheduled), index);
    }
}
