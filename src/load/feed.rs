//! The accounts of a thread, each a simulation of its own.

use jiff::Timestamp;

use super::population::Population;
use super::shard::Shard;
use crate::model::{Settings, SubjectIndex, TriggerId, Webhook};
use crate::sim::{Crowd, Simulation};

/// An account whose traffic never ends.
struct Tenant {
    sim: Simulation,
    /// The place of its vendor.
    vendor: usize,
    /// How many of the webhooks that the simulation has caused were taken.
    taken: usize,
    /// How many webhooks it had caused before these.
    before: u64,
    crowd: Crowd,
    /// Its settings, if they set ids that other accounts have too.
    shared: Option<Settings>,
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
    /// How many webhooks each account has in its turn.
    turn: u64,
    /// How many of them the next account has had.
    had: u64,
}

impl Population<'_> {
    /// The settings of an account, if they set ids that other accounts have too.
    fn shared(&self, number: usize) -> Option<Settings> {
        let account = &self.vendors[self.vendor(number)].account;
        let sets = account.set_ids().is_some_and(|ids| !ids.is_empty());
        (sets && self.accounts > 1).then(|| account.clone())
    }

    /// The accounts of one of so many threads of a shard.
    pub fn share(&self, shard: Shard, of: usize, threads: usize) -> Feed {
        let own = shard.accounts(self.len(), self.vendors.len());
        let numbers: Vec<usize> = own.skip(of).step_by(threads).collect();
        let tenant = |number: &usize| Tenant {
            sim: self.simulation(*number),
            vendor: self.vendor(*number),
            taken: 0,
            before: 0,
            crowd: Crowd::default(),
            shared: self.shared(*number),
        };
        let tenants = numbers.iter().map(tenant).collect();
        let sent = self.vendors.iter().map(|one| {
            let triggers = one.target.vendor.catalogue().triggers.iter();
            triggers.map(|trigger| one.target.urls.contains_key(trigger.name)).collect()
        });
        let sent = sent.collect();
        Feed { tenants, sent, all: self.len(), numbers, next: 0, round: 0, turn: 1, had: 0 }
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

    /// Whether it has so many new subjects that those which are over are worth a search, and no webhook
    /// that was made and not taken.
    fn is_crowded(&self) -> bool {
        self.crowd.is_due(&self.sim, 0, 0) && self.sim.caused().get(self.taken).is_none()
    }

    /// Whether a webhook about this subject was made and not taken, of those that are sent.
    fn owes(&self, subject: SubjectIndex, sent: &[bool]) -> bool {
        let mut left = self.sim.caused().from(self.taken);
        left.any(|(caused, _)| caused.subject == subject && sent[caused.trigger.place()])
    }
}

impl Feed {
    /// The same, with so many webhooks of each account in its turn.
    pub fn in_turns_of(self, turn: u64) -> Self {
        Self { turn, ..self }
    }

    /// The number of its next webhook among all webhooks of the run.
    pub fn number(&self) -> u64 {
        (self.round * self.all as u64 + self.numbers[self.next] as u64) * self.turn + self.had
    }

    /// Leaves out a webhook: its account stays as it is. Returns the place of the account.
    pub fn skip(&mut self) -> usize {
        let place = self.next;
        self.had += 1;
        if self.had < self.turn {
            return place;
        }
        self.had = 0;
        self.next += 1;
        if self.next == self.tenants.len() {
            self.next = 0;
            self.round += 1;
        }
        place
    }

    /// The place of the account whose turn it is, if it has many new subjects.
    pub fn crowded(&self) -> Option<usize> {
        self.tenants[self.next].is_crowded().then_some(self.next)
    }

    /// Lets a crowded account forget the subjects that are over, but for these.
    pub fn forget_ended(&mut self, tenant: usize, except: impl Iterator<Item = SubjectIndex>) {
        let Tenant { sim, crowd, .. } = &mut self.tenants[tenant];
        crowd.forget_over(sim, 0, except);
    }

    /// How many subjects are not over, after forgetting all that are.
    pub fn living(&mut self) -> usize {
        (0..self.tenants.len()).for_each(|tenant| self.forget_ended(tenant, std::iter::empty()));
        self.tenants.iter().map(|tenant| tenant.crowd.kept()).sum()
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

    /// Whether subjects of other accounts have the same id as this one. Then what the receiver knows of
    /// it proves nothing.
    pub fn is_shared(&self, tenant: usize, subject: SubjectIndex) -> bool {
        let Tenant { sim, shared, .. } = &self.tenants[tenant];
        shared.as_ref().is_some_and(|settings| {
            let subject = sim.subject(0, subject);
            settings.sets_id(subject.kind, &subject.id)
        })
    }

    /// The simulation of an account.
    pub fn sim(&self, tenant: usize) -> &Simulation {
        &self.tenants[tenant].sim
    }
}
