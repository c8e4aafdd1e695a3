//! Faults under load: which webhooks they strike, and which webhooks wait to be overtaken.
//!
//! What a fault does is defined in the room `policy`, for scenarios and loads alike. Each account has
//! a stream of chance of its own, so the same webhooks are struck whatever the threads are.

use crate::chance::Chance;
use crate::model::fault::{BodyDamage, CredentialDamage};
use crate::model::{Effect, Fault, RequestKind};
use crate::policy::fault::{Strike, strike};

/// A fault, and the vendors whose webhooks it strikes.
#[derive(Clone, Debug)]
pub struct LoadFault {
    /// What happens to which webhooks.
    pub fault: Fault,
    /// The places of these vendors in the population.
    pub vendors: Vec<usize>,
}

/// Why a load cannot make a fault. None if it can.
pub fn impossible(fault: &Fault) -> Option<&'static str> {
    use CredentialDamage::{Expired, OtherClient, Revoked};
    if fault.which.request == RequestKind::Token {
        return Some("a load damages no token requests; a scenario can");
    }
    if fault.which.name.is_some() {
        return Some("nobody has a name in a load: leave out `of …`");
    }
    match fault.effect {
        Effect::Reset => Some("a load cannot break off a request; a scenario can"),
        Effect::HangUp(_) => Some("a load waits for each answer; a scenario can hang up"),
        Effect::Slow(_) => Some("a load cannot send a body slowly; a scenario can"),
        Effect::Form(_) => Some("a load sends requests in one form; a scenario can change it"),
        Effect::Credentials(Expired | Revoked | OtherClient) => {
            Some("a load has no such token; a scenario can request one")
        }
        _ => None,
    }
}

/// The faults that strike a webhook.
#[derive(Clone, Debug)]
pub struct Struck {
    /// Their places in the plan.
    pub faults: Vec<usize>,
    /// Whether this is the webhook itself or a copy.
    pub role: Role,
}

/// The webhook itself, or a further copy that a fault makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The webhook itself.
    Original,
    /// A copy, with this many more behind it.
    Copy(u32),
}

/// The faults of one thread.
pub struct Faults<T> {
    faults: Vec<LoadFault>,
    accounts: Vec<Armed>,
    held: Vec<Held<T>>,
}

/// The faults of one account.
struct Armed {
    shares: Chance,
    /// Which of them, such as one for "the next webhook", strike no more.
    spent: Vec<bool>,
}

/// A webhook that waits to be overtaken.
struct Held<T> {
    account: usize,
    left: u32,
    what: T,
}

impl<T> Faults<T> {
    /// These faults for accounts of these numbers.
    pub fn new(seed: u64, faults: &[LoadFault], accounts: &[usize]) -> Self {
        let chance = Chance::from_seed(seed).child("faults of load");
        let armed = |number: &usize| Armed {
            shares: chance.child(&number.to_string()),
            spent: vec![false; faults.len()],
        };
        let accounts =
            if faults.is_empty() { Vec::new() } else { accounts.iter().map(armed).collect() };
        Self { faults: faults.to_vec(), accounts, held: Vec::new() }
    }

    /// Whether there is no fault at all.
    pub fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }

    /// The faults that strike the next webhook of an account. None if none does.
    pub fn strike(&mut self, account: usize, vendor: usize, trigger: &str) -> Option<Box<Struck>> {
        let armed = self.accounts.get_mut(account)?;
        let mut struck = Vec::new();
        for (place, LoadFault { fault, vendors }) in self.faults.iter().enumerate() {
            if armed.spent[place] || !vendors.contains(&vendor) {
                continue;
            }
            match strike(&fault.which, (trigger, None), |share| armed.shares.happens(share)) {
                Strike::Misses | Strike::Spares => continue,
                Strike::Strikes => {}
                Strike::StrikesLast => armed.spent[place] = true,
            }
            struck.push(place);
        }
        (!struck.is_empty()).then(|| Box::new(Struck { faults: struck, role: Role::Original }))
    }

    /// A fault.
    pub fn fault(&self, place: usize) -> &Fault {
        &self.faults[place].fault
    }

    /// All faults of a webhook.
    pub fn all<'a>(&'a self, struck: &'a Struck) -> impl Iterator<Item = &'a Fault> {
        struck.faults.iter().map(|place| self.fault(*place))
    }

    /// The places of those that strike this attempt of a webhook.
    pub fn at(&self, struck: &Struck, attempt: u32) -> Vec<usize> {
        let places = struck.faults.iter().copied();
        let strikes = |place: &usize| {
            let fault = self.fault(*place);
            match (fault.which.attempt, &fault.effect) {
                (_, Effect::Delayed(_) | Effect::Overtaken(_)) => false,
                // The first attempt is repeated, unless the fault names another one.
                (None, Effect::Repeat(_) | Effect::Simultaneous(_)) => attempt == 1,
                (one, _) => one.is_none_or(|one| one == attempt),
            }
        };
        places.filter(strikes).collect()
    }

    /// Whether nothing of this account waits to be overtaken.
    pub fn holds_none_of(&self, account: usize) -> bool {
        self.held.iter().all(|held| held.account != account)
    }

    /// Whether nothing waits to be overtaken.
    pub fn holds_none(&self) -> bool {
        self.held.is_empty()
    }

    /// Holds a webhook back until so many later ones of its account were sent.
    pub fn hold(&mut self, account: usize, left: u32, what: T) {
        self.held.push(Held { account, left, what });
    }

    /// A webhook of this account was sent. Gives back those that were overtaken often enough.
    pub fn overtaken(&mut self, account: usize) -> Vec<T> {
        let of_account = self.held.iter_mut().filter(|held| held.account == account);
        of_account.for_each(|held| held.left -= 1);
        let ready = self.held.extract_if(.., |held| held.left == 0);
        ready.map(|held| held.what).collect()
    }

    /// Nothing will overtake any more: gives back all that wait for it.
    pub fn release(&mut self) -> Vec<T> {
        self.held.drain(..).map(|held| held.what).collect()
    }
}

/// Whether an attempt under this fault says nothing of how the receiver handles real webhooks.
pub fn spoils(effect: &Effect) -> bool {
    match effect {
        Effect::Repeat(_)
        | Effect::Simultaneous(_)
        | Effect::Overtaken(_)
        | Effect::Delayed(_)
        | Effect::Form(_)
        | Effect::Body(BodyDamage::OtherForm) => false,
        Effect::Lost
        | Effect::AnswerLost
        | Effect::Gateway { .. }
        | Effect::AnswerReplaced(_)
        | Effect::AnswerBody(_)
        | Effect::TimedOut
        | Effect::Reset
        | Effect::HangUp(_)
        | Effect::Slow(_)
        | Effect::Body(_)
        | Effect::AfterSigning(_)
        | Effect::ContentType(_)
        | Effect::Credentials(_) => true,
    }
}
