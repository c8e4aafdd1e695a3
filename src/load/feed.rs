//! The population: accounts with traffic, each a simulation of its own.

use jiff::Timestamp;

use super::shard::Shard;
use crate::chance::Chance;
use crate::driver::VendorTarget;
use crate::model::{SettingProblem, Settings, SubjectIndex, TriggerId, Webhook};
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
struct Tenant {
    sim: Simulation,
    /// The place of its vendor.
    vendor: usize,
    /// How many of the webhooks that the simulation has caused were taken.
    taken: usize,
    /// How many webhooks it had caused before these.
    before: u64,
}

/// A webhook of an account, as long as nothing else happens there.
#[derive(Clone, Copy)]
pub struct Made<'a> {
    /// The place of the account.
    pub tenant: usize,
    /// The place of its vendor.
    pub vendor: usize,
    /// Its type.
    pub trigger: TriggerId,
    /// What it is about.
    pub subject: SubjectIndex,
    /// The finished body.
    pub body: &'a [u8],
    of: &'a Tenant,
}

impl Made<'_> {
    /// The webhook as a run has it, and the virtual time of its account.
    pub fn webhook(&self) -> Option<(Webhook, Timestamp)> {
        let Tenant { sim, taken, before, .. } = self.of;
        // Those that are not sent count too.
        let (place, seq) = (taken - 1, before + *taken as u64 - 1);
        Some((sim.webhook(0, place, seq)?, sim.now()))
    }
}

/// The accounts of one thread.
pub struct Feed {
    tenants: Vec<Tenant>,
    /// For each vendor, which of its triggers are sent.
    sent: Vec<Vec<bool>>,
    /// How many accounts the run has.
    all: usize,
    /// Their numbers in the run, rising.
    numbers: Vec<usize>,
    next: usize,
    round: u64,
}

/// The stream of chance that the accounts of a load have.
pub const STREAM: &str = "load";

/// The name of the account of this number.
pub fn name(number: usize) -> String {
    format!("load {number}")
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

    /// The accounts of one of so many threads of a shard.
    ///
    /// # Errors
    /// If a setting of a vendor is wrong.
    pub fn share(&self, shard: Shard, of: usize, threads: usize) -> Result<Feed, SettingProblem> {
        let own = shard.accounts(self.len(), self.vendors.len());
        let numbers: Vec<usize> = own.skip(of).step_by(threads).collect();
        let tenants = numbers.iter().map(|number| self.tenant(*number));
        let tenants = tenants.collect::<Result<_, _>>()?;
        let sent = self.vendors.iter().map(|target| {
            let triggers = target.vendor.catalogue().triggers.iter();
            triggers.map(|trigger| target.urls.contains_key(trigger.name)).collect()
        });
        let sent = sent.collect();
        Ok(Feed { tenants, sent, all: self.len(), numbers, next: 0, round: 0 })
    }

    fn tenant(&self, number: usize) -> Result<Tenant, SettingProblem> {
        let vendor = number % self.vendors.len();
        let target = self.vendors[vendor];
        let catalogue = target.vendor.catalogue();
        let settings = target.settings_with([])?;
        let traffic = Settings::check(catalogue.traffic, [])?;
        let chance = Chance::from_seed(self.seed).child(STREAM);
        let mut sim = Simulation::new(chance, self.start);
        let opening =
            Opening { name: name(number), profile: target.profile, settings: settings.clone() };
        let account = sim.open(target.vendor, opening);
        sim.populate(account, &settings, &traffic);
        Ok(Tenant { sim, vendor, taken: 0, before: 0 })
    }
}

impl Tenant {
    /// Goes on to its next webhook, of those that are sent. None if nothing will happen any more.
    fn go_on(&mut self, sent: &[bool]) -> Option<()> {
        loop {
            match self.sim.caused().get(self.taken) {
                Some((caused, _)) if sent[caused.trigger.place()] => break,
                Some(_) => self.taken += 1,
                None => {
                    self.before += self.taken as u64;
                    self.sim.stir()?;
                    self.taken = 0;
                }
            }
        }
        self.taken += 1;
        Some(())
    }

    /// Whether a webhook about this subject was made and not taken, of those that are sent.
    fn owes(&self, subject: SubjectIndex, sent: &[bool]) -> bool {
        let mut left = self.sim.caused().from(self.taken);
        left.any(|(caused, _)| caused.subject == subject && sent[caused.trigger.place()])
    }
}

impl Feed {
    /// The number of its next webhook among all webhooks of the run.
    pub fn number(&self) -> u64 {
        self.round * self.all as u64 + self.numbers[self.next] as u64
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

    /// The next webhook. None if its account has no more.
    pub fn pull(&mut self) -> Option<Made<'_>> {
        let tenant = self.skip();
        let account = &mut self.tenants[tenant];
        let vendor = account.vendor;
        account.go_on(&self.sent[vendor])?;
        let of = &self.tenants[tenant];
        let (caused, body) = of.sim.caused().get(of.taken - 1)?;
        Some(Made { tenant, vendor, trigger: caused.trigger, subject: caused.subject, body, of })
    }

    /// The place of an account's vendor.
    pub fn vendor(&self, tenant: usize) -> usize {
        self.tenants[tenant].vendor
    }

    /// The numbers of its accounts, by their places, and how many accounts the run has.
    pub fn numbers(&self) -> (&[usize], usize) {
        (&self.numbers, self.all)
    }

    /// Whether a webhook about this subject was made and not sent.
    pub fn owes(&self, tenant: usize, subject: SubjectIndex) -> bool {
        let account = &self.tenants[tenant];
        account.owes(subject, &self.sent[account.vendor])
    }

    /// The simulation of an account.
    pub fn sim(&self, tenant: usize) -> &Simulation {
        &self.tenants[tenant].sim
    }
}
