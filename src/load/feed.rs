//! The population: accounts with traffic, each a simulation of its own.

use std::collections::VecDeque;

use jiff::Timestamp;

use crate::chance::Chance;
use crate::driver::VendorTarget;
use crate::model::{SettingProblem, Settings, Webhook};
use crate::sim::{Opening, Simulation};

/// What a population is made of.
pub struct Population<'a> {
    /// The seed.
    pub seed: u64,
    /// When virtual time begins.
    pub start: Timestamp,
    /// The vendors, and how they reach the receiver.
    pub vendors: &'a [&'a VendorTarget],
    /// How many accounts each vendor has.
    pub accounts: usize,
}

/// An account whose traffic never ends.
pub struct Tenant {
    sim: Simulation,
    /// The place of its vendor.
    pub vendor: usize,
    waiting: VecDeque<Webhook>,
    made: Vec<Webhook>,
}

/// The accounts of one thread.
pub struct Feed {
    tenants: Vec<Tenant>,
    all: usize,
    /// Its accounts are those of the numbers `first`, `first + step`, `first + 2 * step` …
    first: usize,
    step: usize,
    next: usize,
    round: u64,
}

impl Population<'_> {
    /// How many accounts there are.
    pub fn len(&self) -> usize {
        self.accounts * self.vendors.len()
    }

    /// Whether there is no account.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The share of one of so many threads.
    ///
    /// # Errors
    /// If a setting of a vendor is wrong.
    pub fn share(&self, of: usize, threads: usize) -> Result<Feed, SettingProblem> {
        let numbers = (of..self.len()).step_by(threads);
        let tenants = numbers.map(|number| self.tenant(number)).collect::<Result<_, _>>()?;
        Ok(Feed { tenants, all: self.len(), first: of, step: threads, next: 0, round: 0 })
    }

    fn tenant(&self, number: usize) -> Result<Tenant, SettingProblem> {
        let vendor = number % self.vendors.len();
        let target = self.vendors[vendor];
        let catalogue = target.vendor.catalogue();
        let settings = target.settings_with([])?;
        let traffic = Settings::check(catalogue.traffic, [])?;
        let chance = Chance::from_seed(self.seed).child("load");
        let mut sim = Simulation::new(chance, self.start);
        let opening = Opening {
            name: format!("load {number}"),
            profile: target.profile,
            settings: settings.clone(),
        };
        let account = sim.open(target.vendor, opening);
        sim.populate(account, &settings, &traffic);
        Ok(Tenant { sim, vendor, waiting: VecDeque::new(), made: Vec::new() })
    }
}

impl Tenant {
    /// Its next webhook, of those that are sent. None if nothing will happen any more.
    fn next(&mut self, vendors: &[&VendorTarget]) -> Option<Webhook> {
        let urls = &vendors[self.vendor].urls;
        while self.waiting.is_empty() {
            self.sim.step(&mut self.made)?;
            let sent = self.made.drain(..).filter(|webhook| urls.contains_key(webhook.trigger));
            self.waiting.extend(sent);
        }
        self.waiting.pop_front()
    }

    /// Whether a webhook about this subject was made and not sent.
    pub fn owes(&self, kind: &str, id: &str) -> bool {
        let about = |webhook: &Webhook| webhook.subject.kind == kind && webhook.subject.id == id;
        self.waiting.iter().any(about)
    }

    /// Its simulation.
    pub fn sim(&mut self) -> &mut Simulation {
        &mut self.sim
    }
}

impl Feed {
    /// The number of its next webhook among all webhooks of the run.
    pub fn number(&self) -> u64 {
        self.round * self.all as u64 + (self.first + self.next * self.step) as u64
    }

    /// Leaves out a webhook: its account stays as it is. Returns the place of the account.
    pub fn skip(&mut self) -> usize {
        let place = self.next;
        self.next += 1;
        if self.next == self.tenants.len() {
            self.next = 0;
            self.round += 1;
        }
        place
    }

    /// The next webhook, with the place of its account. None if that account has no more.
    pub fn pull(&mut self, vendors: &[&VendorTarget]) -> Option<(usize, Webhook)> {
        let place = self.skip();
        Some((place, self.tenants[place].next(vendors)?))
    }

    /// The numbers of its accounts, by their places.
    pub fn numbers(&self) -> impl Iterator<Item = usize> {
        (self.first..self.all).step_by(self.step)
    }

    /// The vendor of an account.
    pub fn vendor(&self, tenant: usize) -> usize {
        self.tenants[tenant].vendor
    }

    /// An account.
    pub fn tenant(&mut self, place: usize) -> &mut Tenant {
        &mut self.tenants[place]
    }
}
