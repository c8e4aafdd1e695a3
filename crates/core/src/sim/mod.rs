//! The simulation: accounts on one timeline. Actions go in, webhooks come out.
//!
//! It owns virtual time, which only moves forward and only when told to. It does no I/O, reads no
//! clock and draws no chance of its own: same seed, same start, same actions, same bytes.

mod forget;
mod names;
pub mod story;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;

use crate::chance::Chance;
use crate::clock::whole_milliseconds;
use crate::model::{
    Action, Call, Catalogue, Profile, Settings, Subject, SubjectIndex, Subjects, Webhook,
};
use crate::phrase::ParsedCall;
use crate::vendors::api::{ApiAnswer, ApiCall, IssuedToken, Subscription};
use crate::vendors::{
    Account, Api, Caused, Deed, Outbox, Refusal, RefusalKind, Scene, Setup, Touched, Traffic,
    Vendor,
};

pub use forget::Crowd;
pub use names::{Names, Unbound};

/// The index of an account in a simulation.
pub type AccountIndex = usize;

/// Accounts on one timeline.
pub struct Simulation {
    now: Timestamp,
    accounts: Vec<Slot>,
    chance: Chance,
    /// The stream that accounts draw their ids from, if it is not their own.
    ids: Option<Chance>,
    seq: u64,
    outbox: Outbox,
}

struct Slot {
    vendor: &'static dyn Vendor,
    name: Arc<str>,
    account: Box<dyn Account>,
    traffic: Option<Box<dyn Traffic>>,
    /// What the traffic did, if it is recorded.
    record: Option<Vec<Deed>>,
    names: Names,
    /// The subjects that `find` has looked at so far, by kind and id.
    by_id: BTreeMap<(&'static str, String), SubjectIndex>,
    /// How many subjects `find` has looked at so far.
    seen: usize,
}

/// What an account is opened with.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Its name, unique in the run.
    pub name: String,
    /// The version of the payloads.
    pub profile: &'static Profile,
    /// Checked settings.
    pub settings: Settings,
}

/// Why an action was not done.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NotDone {
    /// A name in it is unknown, or belongs to another subject.
    #[error(transparent)]
    Unbound(#[from] Unbound),
    /// It is not legal now.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl NotDone {
    /// The kind of reason.
    pub fn kind(&self) -> RefusalKind {
        match self {
            Self::Unbound(Unbound::Unknown { .. }) => RefusalKind::Unknown,
            Self::Unbound(Unbound::Taken { .. }) => RefusalKind::Invalid,
            Self::Refused(refusal) => refusal.kind,
        }
    }
}

impl Simulation {
    /// An empty simulation that begins at this moment, in whole milliseconds.
    pub fn new(chance: Chance, start: Timestamp) -> Self {
        let now = whole_milliseconds(start);
        Self { now, accounts: Vec::new(), chance, ids: None, seq: 0, outbox: Outbox::default() }
    }

    /// Accounts that are opened from now on draw their ids from this stream. So the same story has
    /// other ids.
    pub fn with_ids(self, ids: Chance) -> Self {
        Self { ids: Some(ids), ..self }
    }

    /// The virtual time.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Opens an account. The subjects that exist from the start have names at once.
    pub fn open(&mut self, vendor: &'static dyn Vendor, opening: Opening) -> AccountIndex {
        let name: Arc<str> = opening.name.into();
        let purpose = format!("account {} {name}", vendor.catalogue().vendor);
        let chance = self.chance.child(&purpose);
        let account = vendor.open(Setup {
            name: Arc::clone(&name),
            profile: opening.profile,
            settings: opening.settings,
            chance,
            ids: self.ids.as_ref().map(|ids| ids.child(&purpose)),
            start: self.now,
        });
        let names = Names::given(given(account.as_ref()));
        self.accounts.push(Slot {
            vendor,
            name,
            account,
            traffic: None,
            record: None,
            names,
            by_id: BTreeMap::new(),
            seen: 0,
        });
        self.accounts.len() - 1
    }

    /// Lets a population act on an account from now on.
    pub fn populate(&mut self, index: AccountIndex, account: &Settings, traffic: &Settings) {
        let slot = &mut self.accounts[index];
        let purpose = format!("traffic {} {}", slot.vendor.catalogue().vendor, slot.name);
        let chance = self.chance.child(&purpose);
        slot.traffic = Some(slot.vendor.traffic(account, traffic, chance, self.now));
    }

    /// Removes the population of an account.
    pub fn depopulate(&mut self, index: AccountIndex) {
        self.accounts[index].traffic = None;
    }

    /// Whether a population acts on an account.
    pub fn is_populated(&self, index: AccountIndex) -> bool {
        self.accounts[index].traffic.is_some()
    }

    /// From now on, records what the traffic of an account does.
    pub fn record(&mut self, index: AccountIndex) {
        self.accounts[index].record.get_or_insert_default();
    }

    /// What the traffic of an account has done since the last call of this function, if it is
    /// recorded.
    pub fn take_record(&mut self, index: AccountIndex) -> Vec<Deed> {
        self.accounts[index].record.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Does an action that refers to subjects by name. Returns the subject that it acted on, and
    /// pushes the webhooks that follow.
    ///
    /// # Errors
    /// If a name is not bound, or the action is not legal now. In this case nothing has changed.
    pub fn say(
        &mut self,
        index: AccountIndex,
        spoken: &ParsedCall,
        webhooks: &mut Vec<Webhook>,
    ) -> Result<SubjectIndex, NotDone> {
        let slot = &mut self.accounts[index];
        let call = slot.names.bind(slot.vendor.catalogue(), spoken)?;
        let touched = slot.account.act(&call, self.now, &mut self.outbox)?;
        // This precedes the collection of the webhooks, because they carry the names.
        slot.names.learn(spoken, call.action, &touched);
        self.collect(index, webhooks);
        Ok(touched.subject)
    }

    /// Does an action. Returns the subjects that it created or changed, and pushes the webhooks
    /// that follow.
    ///
    /// # Errors
    /// If the action is not legal now. In this case nothing has changed.
    pub fn act(
        &mut self,
        index: AccountIndex,
        call: &Call,
        webhooks: &mut Vec<Webhook>,
    ) -> Result<Touched, Refusal> {
        let touched = self.accounts[index].account.act(call, self.now, &mut self.outbox)?;
        self.collect(index, webhooks);
        Ok(touched)
    }

    /// Does an action, and binds the names in the call to the subjects that it creates.
    ///
    /// # Errors
    /// If a name belongs to another subject, or the action is not legal now. In this case nothing
    /// has changed.
    pub fn call(
        &mut self,
        index: AccountIndex,
        call: &Call,
        webhooks: &mut Vec<Webhook>,
    ) -> Result<Touched, NotDone> {
        let slot = &mut self.accounts[index];
        slot.names.may_be_given(call)?;
        let touched = slot.account.act(call, self.now, &mut self.outbox)?;
        slot.names.give(call, &touched);
        self.collect(index, webhooks);
        Ok(touched)
    }

    /// Answers a call of the vendor's API, and pushes the webhooks that follow.
    pub fn answer(
        &mut self,
        index: AccountIndex,
        call: &ApiCall,
        webhooks: &mut Vec<Webhook>,
    ) -> ApiAnswer {
        let answer = self.accounts[index].account.answer(call, self.now, &mut self.outbox);
        self.collect(index, webhooks);
        answer
    }

    /// The vendor's id for an account with these settings.
    pub fn tenant(&self, index: AccountIndex, settings: &Settings) -> String {
        self.accounts[index].vendor.account_name(settings)
    }

    /// The API of an account's vendor, if Standin plays it.
    pub fn api(&self, index: AccountIndex) -> Option<&'static Api> {
        self.accounts[index].vendor.api()
    }

    /// The object that the vendor's API returns for a subject.
    pub fn api_object(
        &self,
        index: AccountIndex,
        subject: SubjectIndex,
    ) -> Option<serde_json::Value> {
        self.accounts[index].account.api_object(subject)
    }

    /// The access tokens that an account has issued, in order.
    pub fn api_tokens(&self, index: AccountIndex) -> &[IssuedToken] {
        self.accounts[index].account.api_tokens()
    }

    /// The endpoints that receivers have registered at an account, in order.
    pub fn subscriptions(&self, index: AccountIndex) -> &[Subscription] {
        self.accounts[index].account.subscriptions()
    }

    /// The name of a subject, if it has one.
    pub fn name_of(&self, index: AccountIndex, subject: SubjectIndex) -> Option<&str> {
        self.accounts[index].names.of(subject).map(AsRef::as_ref)
    }

    /// The phrase for a call in an account. `None` if the call acts on a subject without a name.
    pub fn phrase_of(&self, index: AccountIndex, call: &Call) -> Option<String> {
        self.accounts[index].names.phrase_of(call)
    }

    /// The next moment at which something happens by itself.
    pub fn next(&self) -> Option<Timestamp> {
        self.next_slot().map(|(at, _)| at)
    }

    /// Moves on to the next moment at which something happens by itself, and lets it happen.
    /// Returns the account in which it happened. `None` if nothing more will happen.
    pub fn step(&mut self, webhooks: &mut Vec<Webhook>) -> Option<AccountIndex> {
        let index = self.stir()?;
        self.collect(index, webhooks);
        Some(index)
    }

    /// Like [`Self::step`], and leaves the webhooks that follow in [`Self::caused`] until the next
    /// call: nothing is copied, and they have no number in the run. A simulation is either stirred or
    /// stepped.
    pub fn stir(&mut self) -> Option<AccountIndex> {
        self.outbox.clear();
        let (at, index) = self.next_slot()?;
        self.now = self.now.max(at);
        let slot = &mut self.accounts[index];
        // What the account does by itself comes before what people do at the same moment.
        if slot.account.due().is_some_and(|due| due <= at) {
            slot.account.elapse(at, &mut self.outbox);
        } else if let Some(traffic) = &mut slot.traffic {
            let scene = Scene::new(slot.account.as_mut(), at, &mut self.outbox);
            traffic.act(&mut scene.recorded(slot.record.as_mut()));
        }
        Some(index)
    }

    /// The webhooks that followed when the simulation was last stirred.
    pub fn caused(&self) -> &Outbox {
        &self.outbox
    }

    /// One of these webhooks by its place, as a run has it: with this number, and a copy of its body. The
    /// account must be the one in which something happened.
    pub fn webhook(&self, index: AccountIndex, place: usize, seq: u64) -> Option<Webhook> {
        Some(self.accounts[index].webhook(self.outbox.get(place)?, seq))
    }

    /// Moves on to this moment, if it is later, and lets everything happen on the way.
    pub fn advance(&mut self, to: Timestamp, webhooks: &mut Vec<Webhook>) {
        while self.next().is_some_and(|next| next <= to) {
            self.step(webhooks);
        }
        self.now = self.now.max(whole_milliseconds(to));
    }

    /// The subject of this kind that a name is bound to.
    pub fn named(&self, index: AccountIndex, kind: &str, name: &str) -> Option<SubjectIndex> {
        self.accounts[index].names.find(kind, name)
    }

    /// The subject of this kind with this id, even if it is gone. `None` if it was forgotten.
    pub fn find(&mut self, index: AccountIndex, kind: &str, id: &str) -> Option<SubjectIndex> {
        let Slot { account, by_id, seen, .. } = &mut self.accounts[index];
        for subject in account.subjects().skip(*seen) {
            *seen += 1;
            if account.kind(subject).is_some() {
                let Subject { kind, id } = account.subject(subject);
                by_id.insert((kind, id), subject);
            }
        }
        let kind = account.catalogue().subjects.iter().find(|one| one.kind == kind)?.kind;
        by_id.get(&(kind, id.to_owned())).copied()
    }

    /// The subjects that an account has from the start: kind, name, index.
    pub fn given(&self, index: AccountIndex) -> Vec<(&'static str, String, SubjectIndex)> {
        given(self.accounts[index].account.as_ref())
    }

    /// All subjects that an account has ever had, those that it has forgotten included.
    pub fn subjects(&self, index: AccountIndex) -> Subjects {
        self.accounts[index].account.subjects()
    }

    /// Whether an account knows a subject: it exists or has existed, and was not forgotten.
    pub fn knows(&self, index: AccountIndex, subject: SubjectIndex) -> bool {
        self.accounts[index].account.kind(subject).is_some()
    }

    /// The actions that are legal for a subject now.
    pub fn legal(&self, index: AccountIndex, subject: SubjectIndex) -> Vec<&'static Action> {
        self.accounts[index].account.legal(subject)
    }

    /// A subject by its index.
    pub fn subject(&self, index: AccountIndex, subject: SubjectIndex) -> Subject {
        self.accounts[index].account.subject(subject)
    }

    /// The state that a subject is in, by its name in the catalogue.
    pub fn state(&self, index: AccountIndex, subject: SubjectIndex) -> &'static str {
        let account = &self.accounts[index].account;
        account.catalogue().state(account.state(subject))
    }

    /// Whether the vendor has deleted a subject.
    pub fn is_deleted(&self, index: AccountIndex, subject: SubjectIndex) -> bool {
        self.accounts[index].account.is_deleted(subject)
    }

    /// What the vendor knows about a subject.
    pub fn truth(&self, index: AccountIndex, subject: SubjectIndex) -> serde_json::Value {
        self.accounts[index].account.truth(subject)
    }

    /// The catalogue of an account's vendor.
    pub fn catalogue(&self, index: AccountIndex) -> &'static Catalogue {
        self.accounts[index].vendor.catalogue()
    }

    /// The moment at which the next thing happens by itself, and the account in which it happens.
    fn next_slot(&self) -> Option<(Timestamp, AccountIndex)> {
        let times = self.accounts.iter().enumerate().filter_map(|(index, slot)| {
            let traffic = slot.traffic.as_ref().and_then(|traffic| traffic.next());
            let at = [slot.account.due(), traffic].into_iter().flatten().min()?;
            Some((at, index))
        });
        times.min()
    }

    /// Makes webhooks of the run from those that the account has caused.
    fn collect(&mut self, index: AccountIndex, webhooks: &mut Vec<Webhook>) {
        let slot = &self.accounts[index];
        for caused in self.outbox.from(0) {
            webhooks.push(slot.webhook(caused, self.seq));
            self.seq += 1;
        }
        self.outbox.clear();
    }
}

impl Slot {
    /// A webhook that the account has caused, with this number in the run.
    fn webhook(&self, (caused, body): (&Caused, &[u8]), seq: u64) -> Webhook {
        let Caused { at, trigger, subject, belongs_to, action } = *caused;
        let catalogue = self.vendor.catalogue();
        Webhook {
            seq,
            at,
            vendor: catalogue.vendor,
            account: Arc::clone(&self.name),
            trigger: catalogue.triggers[trigger.place()].name,
            subject: self.account.subject(subject),
            name: self.names.of(subject).or_else(|| self.names.of(belongs_to?)).cloned(),
            action: action.call,
            body: Bytes::copy_from_slice(body),
        }
    }
}

/// The subjects that exist from the start, with the names of their kinds.
fn given(account: &dyn Account) -> Vec<(&'static str, String, SubjectIndex)> {
    let given = account.given().into_iter();
    given
        .map(|(kind, name, subject)| (account.catalogue().kind(kind).kind, name, subject))
        .collect()
}
