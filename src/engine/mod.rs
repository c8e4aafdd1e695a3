//! One isolated run: owns the simulation and the journal, schedules attempts and retries in
//! virtual time, and has `delivery` carry them out.
//!
//! A run is one owner and one thread of control: attempts are made one after the other in the
//! order of virtual time, so that webhooks of one subject never overtake each other unless a fault
//! says so. Parallelism comes from many runs side by side.

mod delivery;
mod request;
mod target;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

pub use delivery::{Delivery, End, Release};
pub use request::Route;
pub use target::{Target, VendorTarget};

use crate::chance::Chance;
use crate::clock::after;
use crate::delivery::Courier;
use crate::journal::{Entry, Journal};
use crate::model::fault::Amount;
use crate::model::{Effect, Fault, Ordering, Outcome, Subject, SubjectIndex, Webhook};
use crate::policy::{fault, retry};
use crate::sim::{AccountIndex, NotDone, Opening, Simulation};
use crate::vendors::Vendor;
use crate::vendors::phrase::Spoken;

/// One isolated run.
pub struct Engine {
    sim: Simulation,
    journal: Journal,
    courier: Courier,
    routes: Vec<Route>,
    faults: Vec<Fault>,
    /// Every delivery so far, in the order in which they were caused or repeated.
    deliveries: Vec<Delivery>,
    /// Attempts that are scheduled: when, in which order, for which delivery.
    schedule: BTreeMap<(Timestamp, u64), usize>,
    scheduled: u64,
    /// Deliveries that are held back until they are released.
    held: Option<Vec<usize>>,
    chance: Chance,
}

impl Engine {
    /// An empty run that begins at this moment.
    pub fn new(chance: &Chance, start: Timestamp, courier: Courier) -> Self {
        Self {
            sim: Simulation::new(chance.child("simulation"), start),
            journal: Journal::default(),
            courier,
            routes: Vec::new(),
            faults: Vec::new(),
            deliveries: Vec::new(),
            schedule: BTreeMap::new(),
            scheduled: 0,
            held: None,
            chance: chance.child("engine"),
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
        self.sim.open(vendor, opening)
    }

    /// The route of an account, to be changed.
    pub fn route_mut(&mut self, account: AccountIndex) -> &mut Route {
        &mut self.routes[account]
    }

    /// Sets up a fault for the webhooks that come.
    pub fn arm(&mut self, fault: Fault) {
        self.journal.write(Entry::Armed { at: self.sim.now(), said: fault.said.clone() });
        self.faults.push(fault);
    }

    /// Does what was said and delivers the webhooks that follow.
    ///
    /// # Errors
    /// If it cannot be done now. Nothing has changed and nothing was sent then.
    pub async fn say(
        &mut self,
        account: AccountIndex,
        spoken: &Spoken,
        said: &str,
    ) -> Result<SubjectIndex, NotDone> {
        let mut webhooks = Vec::new();
        let subject = self.sim.say(account, spoken, &mut webhooks)?;
        self.journal.write(Entry::Acted { at: self.sim.now(), said: said.to_owned() });
        self.take(account, webhooks);
        self.make_due_attempts().await;
        Ok(subject)
    }

    /// Lets virtual time pass: what happens by itself happens, and what is due is delivered.
    pub async fn pass(&mut self, length: Duration) {
        self.run_until(after(self.sim.now(), length)).await;
    }

    /// Runs on until this moment.
    pub async fn run_until(&mut self, end: Timestamp) {
        while let Some(next) = self.next().filter(|next| *next <= end) {
            self.run_to(next).await;
        }
        self.sim.advance(end, &mut Vec::new());
    }

    /// The next moment at which something happens by itself or is sent.
    pub fn next(&self) -> Option<Timestamp> {
        let attempt = self.schedule.keys().next().map(|(at, _)| *at);
        [self.sim.next(), attempt].into_iter().flatten().min()
    }

    /// Runs on until nothing waits for another attempt any more. Virtual time moves as far as the
    /// last retry needs.
    pub async fn settle(&mut self) {
        self.give_up_waiting_to_be_overtaken();
        self.make_due_attempts().await;
        while let Some((next, _)) = self.schedule.keys().next().copied() {
            self.run_until(next).await;
            self.give_up_waiting_to_be_overtaken();
            self.make_due_attempts().await;
        }
    }

    /// Holds back the webhooks that come, until they are released.
    pub fn hold(&mut self) {
        self.held.get_or_insert_default();
    }

    /// Delivers what was held back, in this order.
    pub async fn release(&mut self, release: Release) {
        let mut held = self.held.take().unwrap_or_default();
        match release {
            Release::InOrder => {}
            Release::Reversed => held.reverse(),
            Release::Shuffled => self.chance.shuffle(&mut held),
        }
        for index in held {
            self.attempt(index).await;
        }
    }

    /// Sends the webhook of a delivery once more, with the same bytes.
    pub async fn repeat(&mut self, index: usize) {
        let copy = Delivery::again(&self.deliveries[index]);
        self.deliveries.push(copy);
        self.attempt(self.deliveries.len() - 1).await;
    }

    /// Every delivery so far, in the order in which they were caused or repeated.
    pub fn deliveries(&self) -> &[Delivery] {
        &self.deliveries
    }

    /// The deliveries about a subject.
    pub fn deliveries_about(&self, subject: &Subject) -> impl Iterator<Item = (usize, &Delivery)> {
        self.deliveries
            .iter()
            .enumerate()
            .filter(move |(_, delivery)| delivery.webhook.subject == *subject)
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

    async fn run_to(&mut self, moment: Timestamp) {
        while self.sim.next().is_some_and(|next| next <= moment) {
            let mut webhooks = Vec::new();
            self.sim.step(&mut webhooks);
            self.take_all(webhooks);
        }
        self.sim.advance(moment, &mut Vec::new());
        self.make_due_attempts().await;
    }

    /// Webhooks that came by themselves belong to the account that their name says.
    fn take_all(&mut self, webhooks: Vec<Webhook>) {
        for webhook in webhooks {
            let account = self.routes.iter().position(|route| route.account == *webhook.account);
            let account = account.unwrap_or_else(|| panic!("no account {}", webhook.account));
            self.take(account, vec![webhook]);
        }
    }

    /// Takes in webhooks that were just caused, and schedules their first attempts.
    fn take(&mut self, account: AccountIndex, webhooks: Vec<Webhook>) {
        for webhook in webhooks {
            let name = self.sim.name_of(account, &webhook.subject).map(str::to_owned);
            self.journal.write(Entry::Caused { webhook: webhook.clone(), name: name.clone() });
            // Nobody asked for this trigger: the vendor does not send it.
            if self.routes[account].url(webhook.trigger).is_none() {
                continue;
            }
            let struck = self.strike(&webhook, name.as_deref());
            let delivery = Delivery::new(account, webhook, name, struck);
            let (wait, overtaken) = (delivery.delay(), delivery.overtaken_by());
            self.deliveries.push(delivery);
            let index = self.deliveries.len() - 1;
            if let Some(held) = &mut self.held {
                held.push(index);
            } else if overtaken == 0 {
                self.at(after(self.sim.now(), wait), index);
            }
        }
    }

    /// Which faults strike a webhook. Those for "the next one" are spent by it.
    fn strike(&mut self, webhook: &Webhook, name: Option<&str>) -> Vec<(Option<u32>, Fault)> {
        let mut struck = Vec::new();
        let chance = &mut self.chance;
        self.faults.retain(|armed| {
            let attempt = armed.which.attempt.unwrap_or(1);
            if !fault::matches(&armed.which, webhook, name, attempt) {
                return true;
            }
            let strikes = match armed.which.amount {
                Amount::Every | Amount::Next => true,
                Amount::Share(share) => chance.happens(share),
            };
            if strikes {
                struck.push((armed.which.attempt, armed.clone()));
            }
            armed.which.amount != Amount::Next
        });
        struck
    }

    fn at(&mut self, at: Timestamp, index: usize) {
        self.scheduled += 1;
        self.schedule.insert((at, self.scheduled), index);
    }

    async fn make_due_attempts(&mut self) {
        while let Some((&(at, order), &index)) = self.schedule.first_key_value()
            && at <= self.sim.now()
        {
            self.schedule.remove(&(at, order));
            if let Some(blocker) = self.blocker(index) {
                self.deliveries[blocker].holds_up.push(index);
            } else {
                self.attempt(index).await;
            }
        }
    }

    /// An earlier delivery that this one may not overtake, if one is still under way.
    fn blocker(&self, index: usize) -> Option<usize> {
        let delivery = &self.deliveries[index];
        let ordering = self.routes[delivery.account].policy.ordering;
        let behind = |other: &Delivery| match ordering {
            Ordering::None => false,
            Ordering::PerSubject => other.webhook.subject == delivery.webhook.subject,
            Ordering::Global => other.account == delivery.account,
        };
        self.deliveries[..index].iter().position(|other| other.waits_for_retry() && behind(other))
    }

    /// Makes the next attempt of a delivery, with whatever faults strike it, and schedules what
    /// follows from it.
    async fn attempt(&mut self, index: usize) {
        let at = self.sim.now();
        let number = self.deliveries[index].begin_attempt();
        let route = &self.routes[self.deliveries[index].account];
        let attempts =
            request::make(&self.courier, route, &self.deliveries[index], number, at).await;
        let outcome = request::together(&attempts);
        let retry_after =
            attempts.iter().filter_map(|attempt| attempt.answer.as_ref()?.retry_after).max();
        for attempt in attempts {
            self.journal.write(Entry::Attempted(attempt));
        }
        let route = &self.routes[self.deliveries[index].account];
        let waits = &route.policy.retries;
        let lost = outcome == Outcome::NeverSent && self.deliveries[index].lost_for_good();
        let wait = if lost {
            None
        } else {
            retry::wait(waits, number, &outcome, retry_after, &mut self.chance)
        };
        match wait {
            Some(wait) => {
                self.deliveries[index].wait_for_retry(outcome);
                self.at(after(at, wait), index);
            }
            None => self.end(index, outcome),
        }
        self.count_overtaking(index);
    }

    fn end(&mut self, index: usize, outcome: Outcome) {
        let delivery = &mut self.deliveries[index];
        let attempts = delivery.attempts;
        let seq = delivery.webhook.seq;
        let held_up = delivery.end(outcome.clone());
        self.journal.write(Entry::Ended { at: self.sim.now(), delivery: seq, outcome, attempts });
        for waiting in held_up {
            self.at(self.sim.now(), waiting);
        }
    }

    /// A delivery has been attempted: those that wait to be overtaken are one nearer to leaving.
    fn count_overtaking(&mut self, by: usize) {
        let account = self.deliveries[by].account;
        let ready: Vec<usize> = self
            .deliveries
            .iter_mut()
            .enumerate()
            .filter(|(index, delivery)| *index != by && delivery.account == account)
            .filter_map(|(index, delivery)| delivery.overtake().then_some(index))
            .collect();
        for index in ready {
            self.at(self.sim.now(), index);
        }
    }

    /// At the end nothing comes any more that could overtake: what waits for it leaves now.
    fn give_up_waiting_to_be_overtaken(&mut self) {
        let waiting: Vec<usize> = self
            .deliveries
            .iter_mut()
            .enumerate()
            .filter_map(|(index, delivery)| {
                delivery.stop_waiting_to_be_overtaken().then_some(index)
            })
            .collect();
        for index in waiting {
            self.at(self.sim.now(), index);
        }
    }
}

/// Whether an effect is about a whole delivery rather than about single attempts.
pub(crate) fn about_the_delivery(effect: &Effect) -> bool {
    matches!(effect, Effect::Delayed(_) | Effect::Overtaken(_))
}
