//! One isolated run, pure and synchronous: what happens at the vendors, which requests are sent,
//! and what their answers cause.
//!
//! Inputs go in: an action, time that passes, a fault, a call of the vendor's API, the result of a
//! request. Each request comes out as a [`Ticket`] with its finished bytes. Its result goes back in
//! with [`Run::returned`]. Meanwhile the run accepts other inputs and can be read: nothing here
//! waits, locks, reads a clock or knows HTTP. Many tickets may be out at the same time. Webhooks of
//! one subject never overtake each other unless a fault or the policy says so.
//!
//! The receiver's answers decide which attempts follow, and nothing else. They do not move the
//! vendor's clock, and they draw only from random streams of their own.
//!
//! Every input becomes a journal entry, and so does each of its effects ([`Run::take_entries`]).
//! Replaying these entries gives the same run ([`replay`]).

mod api_faults;
mod attempts;
mod call;
mod claim;
mod deactivation;
mod dead_letters;
mod deliveries;
mod delivery;
mod endpoint;
mod entries;
mod flight;
mod forget;
mod health;
mod kept;
mod lanes;
mod outgoing;
mod poll;
mod progress;
mod record;
pub mod replay;
mod request;
mod route;
mod schedule;
mod send;
mod sending;
mod ticket;
mod times;
mod token;
mod tokens;
mod versions;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;

pub use claim::Claim;
pub use deliveries::Deliveries;
pub use delivery::{Delivery, Standing};
pub use request::credential;
pub use route::Route;
pub use ticket::Ticket;

use crate::chance::Chance;
use crate::clock::after;
use crate::journal::EntryKind;
use crate::journal::entry::{DeliveryId, TicketId};
use crate::model::api_fault::ApiFault;
use crate::model::{
    Authentication, Fault, Policy, PolicyChange, Release, Retries, Settings, SubjectIndex,
};
use crate::phrase::ParsedCall;
use crate::sim::{AccountIndex, Crowd, NotDone, Opening, Simulation};
use crate::vendors::Vendor;
use crate::vendors::api::ApiKeys;
use endpoint::{Endpoint, EndpointIndex, Endpoints};
use flight::Flight;
use lanes::Lanes;
use record::Record;
use schedule::Schedule;
use ticket::Out;
use times::Times;
use versions::Versions;

/// One isolated run.
pub struct Run {
    sim: Simulation,
    /// One per account, in the order in which the accounts were opened.
    channels: Vec<Channel>,
    faults: Vec<Fault>,
    api_faults: Vec<ApiFault>,
    /// Versions of subjects, for API faults that answer with the previous one.
    versions: Versions,
    deliveries: Deliveries,
    schedule: Schedule,
    lanes: Lanes,
    /// Deliveries that wait for another one to end or to fail, by the one that blocks them.
    blocked: BTreeMap<DeliveryId, Vec<DeliveryId>>,
    /// Deliveries that are held back until they are released.
    held_back: BTreeSet<DeliveryId>,
    /// Whether new deliveries are held back.
    holding: bool,
    /// Deliveries that wait to be overtaken.
    to_be_overtaken: BTreeSet<DeliveryId>,
    /// Attempts under way.
    flights: BTreeMap<DeliveryId, Flight>,
    /// Tickets that are ready to be polled.
    ready: VecDeque<Ticket>,
    /// Tickets that were polled and have not been returned.
    out: BTreeMap<TicketId, Out>,
    tickets: TicketId,
    times: Times,
    record: Record,
    /// Random streams, one per purpose.
    shares: Chance,
    releases: Chance,
    jitter: Chance,
    keys: Chance,
    races: Chance,
}

/// How an account's webhooks reach the receiver, and what the vendor knows about its endpoints.
struct Channel {
    name: Arc<str>,
    settings: Settings,
    endpoints: Endpoints,
    keys: ApiKeys,
    crowd: Crowd,
}

impl Run {
    /// An empty run whose virtual time begins at `start`.
    pub fn new(chance: &Chance, start: Timestamp) -> Self {
        Self {
            sim: Simulation::new(chance.child("simulation"), start),
            channels: Vec::new(),
            faults: Vec::new(),
            api_faults: Vec::new(),
            versions: Versions::default(),
            deliveries: Deliveries::default(),
            schedule: Schedule::default(),
            lanes: Lanes::default(),
            blocked: BTreeMap::new(),
            held_back: BTreeSet::new(),
            holding: false,
            to_be_overtaken: BTreeSet::new(),
            flights: BTreeMap::new(),
            ready: VecDeque::new(),
            out: BTreeMap::new(),
            tickets: 0,
            times: Times::default(),
            record: Record::default(),
            shares: chance.child("shares of faults"),
            releases: chance.child("releases"),
            jitter: chance.child("jitter"),
            keys: chance.child("keys of APIs"),
            races: chance.child("races of webhooks and answers"),
        }
    }

    /// The same run, whose accounts draw their ids from this stream.
    pub fn with_ids(mut self, ids: Chance) -> Self {
        self.sim = self.sim.with_ids(ids);
        self
    }

    /// The same for a vendor whose simulation has this stream of chance. No account may be open yet.
    #[must_use]
    pub fn with_simulation(self, chance: Chance) -> Self {
        Self { sim: Simulation::new(chance, self.sim.now()), ..self }
    }

    /// Keeps only the last `deliveries` deliveries that are over.
    pub fn limit(&mut self, deliveries: usize) {
        self.deliveries.limit(deliveries);
    }

    /// Opens an account whose webhooks take this route.
    pub fn open(
        &mut self,
        vendor: &'static dyn Vendor,
        opening: Opening,
        route: Route,
    ) -> AccountIndex {
        let what = EntryKind::Opened {
            vendor: vendor.catalogue().vendor.to_owned(),
            profile: opening.profile.name.to_owned(),
            settings: opening.settings.given().to_vec(),
        };
        let name: Arc<str> = opening.name.as_str().into();
        let keys = ApiKeys::new(self.keys.child(&name), &name).with(&route.api_keys);
        self.record_input(record::account_context(&name), what);
        self.times.note(&route.policy.authentication);
        self.channels.push(Channel {
            name,
            settings: opening.settings.clone(),
            endpoints: Endpoints::new(route),
            keys,
            crowd: Crowd::default(),
        });
        self.sim.open(vendor, opening)
    }

    /// Starts the traffic of an account, with these settings.
    pub fn populate(&mut self, account: AccountIndex, traffic: &Settings) {
        self.record_input(
            self.account_context(account),
            EntryKind::Populated(traffic.given().to_vec()),
        );
        self.sim.populate(account, &self.channels[account].settings, traffic);
    }

    /// Does an action, and plans the delivery of the webhooks that it causes.
    ///
    /// # Errors
    /// If the action cannot be done now. Then nothing has changed.
    pub fn act(
        &mut self,
        account: AccountIndex,
        parsed: &ParsedCall,
        text: &str,
    ) -> Result<SubjectIndex, NotDone> {
        let mut webhooks = Vec::new();
        let subject = self.sim.say(account, parsed, &mut webhooks)?;
        let action =
            self.record_input(self.account_context(account), EntryKind::Acted(text.to_owned()));
        self.take_in(Some(action), webhooks);
        Ok(subject)
    }

    /// Advances virtual time to `to`. Timers and traffic of the vendors fire on the way. The caller
    /// polls for the attempts that become due, and never advances past [`Run::next`]: attempts
    /// would be late otherwise.
    pub fn advance(&mut self, to: Timestamp) {
        if to <= self.sim.now() && self.sim.next().is_none_or(|next| next > to) {
            return;
        }
        self.record_input_at(to, record::run_context(), EntryKind::Passed);
        while self.sim.next().is_some_and(|at| at <= to) {
            let mut webhooks = Vec::new();
            self.sim.step(&mut webhooks);
            self.take_in(None, webhooks);
        }
        self.sim.advance(to, &mut Vec::new());
    }

    /// The next moment at which a vendor acts by itself or an attempt is due.
    pub fn next(&self) -> Option<Timestamp> {
        [self.sim.next(), self.schedule.next()].into_iter().flatten().min()
    }

    /// Sets up a fault for future webhooks.
    pub fn arm(&mut self, fault: Fault) {
        self.record_input(record::run_context(), EntryKind::Armed(fault.text.clone()));
        self.faults.push(fault);
    }

    /// Removes every fault. No fault strikes a future webhook, nor a later attempt of a webhook
    /// that is being delivered.
    pub fn disarm(&mut self) {
        self.record_input(record::run_context(), EntryKind::Disarmed);
        self.faults.clear();
        self.api_faults.clear();
        self.deliveries.iter_mut().for_each(Delivery::disarm_faults);
    }

    /// Holds back future webhooks until they are released.
    pub fn hold(&mut self) {
        self.record_input(record::run_context(), EntryKind::HeldBack);
        self.holding = true;
    }

    /// Releases the webhooks that were held back, in this order.
    pub fn release(&mut self, release: Release) {
        self.record_input(record::run_context(), EntryKind::Released(release));
        self.holding = false;
        let mut held: Vec<DeliveryId> = std::mem::take(&mut self.held_back).into_iter().collect();
        match release {
            Release::InOrder | Release::TokensFirst => {}
            Release::Reversed => held.reverse(),
            Release::Shuffled => self.releases.shuffle(&mut held),
        }
        for id in held {
            let Some(delivery) = self.deliveries.get(id) else { continue };
            self.plan(after(self.sim.now(), delivery.delay()), id);
        }
        if release == Release::TokensFirst {
            // What begins here requests its token, and waits behind the others with it.
            while let Some((at, id)) = self.schedule.pop(self.sim.now()) {
                self.begin(id, at);
            }
        }
    }

    /// Sends the webhook of a delivery again, with the same bytes. Returns false if that delivery
    /// is no longer kept.
    pub fn repeat(&mut self, id: DeliveryId) -> bool {
        let Some(delivery) = self.deliveries.get(id) else { return false };
        let (again, context) = (Delivery::again(delivery), self.delivery_context(id));
        self.record_input(context, EntryKind::Repeated(id));
        let id = self.deliveries.push(again);
        self.plan(self.sim.now(), id);
        true
    }

    /// Sends the webhook of a delivery again with another body. The fault strikes the new delivery.
    /// Returns the new delivery, or `None` if the old one is no longer kept.
    pub fn send_edited(
        &mut self,
        id: DeliveryId,
        body: String,
        fault: Option<Fault>,
    ) -> Option<DeliveryId> {
        let edited = Delivery::edited(self.deliveries.get(id)?, body.clone().into(), fault.clone());
        let context = self.delivery_context(id);
        let fault = fault.map(|fault| fault.text);
        self.record_input(context, EntryKind::Edited { delivery: id, body, fault });
        let id = self.deliveries.push(edited);
        self.plan(self.sim.now(), id);
        Some(id)
    }

    /// The faults for webhooks.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Removes the first fault with this text. Returns false if there is none.
    pub fn remove_fault(&mut self, text: &str) -> bool {
        let place = self.faults.iter().position(|fault| fault.text == text);
        let of_api = self.api_faults.iter().position(|fault| fault.text == text);
        if place.is_none() && of_api.is_none() {
            return false;
        }
        self.record_input(record::run_context(), EntryKind::FaultRemoved(text.to_owned()));
        match (place, of_api) {
            (Some(place), _) => drop(self.faults.remove(place)),
            (None, Some(place)) => drop(self.api_faults.remove(place)),
            (None, None) => {}
        }
        true
    }

    /// Stops the traffic of an account: nobody acts there any more.
    pub fn stop_traffic(&mut self, account: AccountIndex) {
        self.record_input(self.account_context(account), EntryKind::TrafficStopped);
        self.sim.depopulate(account);
    }

    /// Sends the webhooks that wait to be overtaken: no later webhook will come.
    pub fn nothing_overtakes(&mut self) {
        if self.to_be_overtaken.is_empty() {
            return;
        }
        self.record_input(record::run_context(), EntryKind::NothingOvertakes);
        for id in std::mem::take(&mut self.to_be_overtaken) {
            let Some(delivery) = self.deliveries.get(id) else { continue };
            self.plan(self.sim.now().max(delivery.leaves_at()), id);
        }
    }

    /// Changes the delivery policy of an account.
    pub fn change_policy(&mut self, account: AccountIndex, change: PolicyChange) {
        self.record_input(self.account_context(account), EntryKind::PolicyChanged(change));
        for endpoint in self.channels[account].endpoints.iter_mut() {
            change_policy(&mut Arc::make_mut(&mut endpoint.route).policy, change);
        }
    }

    /// What the vendor knows about a subject, as JSON in the vendor's own words. `None` if there is
    /// no such subject. Answers at once, even while requests are under way.
    pub fn ask(
        &mut self,
        account: AccountIndex,
        kind: &str,
        id: &str,
    ) -> Option<serde_json::Value> {
        let what = EntryKind::Asked { kind: kind.to_owned(), id: id.to_owned() };
        self.record_input(self.account_context(account), what);
        let subject = self.sim.find(account, kind, id)?;
        Some(self.sim.truth(account, subject))
    }

    /// The subject of this kind with this id, if it exists or has existed.
    pub fn find(&mut self, account: AccountIndex, kind: &str, id: &str) -> Option<SubjectIndex> {
        self.sim.find(account, kind, id)
    }

    /// Whether an account with this index was opened.
    pub fn has(&self, account: AccountIndex) -> bool {
        account < self.channels.len()
    }

    /// How many entries [`Run::take_entries`] has not returned yet.
    pub fn unwritten(&self) -> usize {
        self.record.entries.len()
    }

    /// The deliveries that are kept, in the order in which they were created.
    pub fn deliveries(&self) -> &Deliveries {
        &self.deliveries
    }

    /// The deliveries of an account whose webhooks are about the subject with this name, or about
    /// something that belongs to it.
    pub fn deliveries_of(
        &self,
        account: AccountIndex,
        name: &str,
    ) -> impl DoubleEndedIterator<Item = &Delivery> {
        self.deliveries.iter().filter(move |delivery| {
            delivery.account == account && delivery.webhook.name.as_deref() == Some(name)
        })
    }

    /// The route of an account.
    pub fn route(&self, account: AccountIndex) -> &Route {
        &self.channels[account].endpoints.get(0).route
    }

    fn endpoint(&self, account: AccountIndex, endpoint: EndpointIndex) -> &Endpoint {
        self.channels[account].endpoints.get(endpoint)
    }

    fn endpoint_mut(&mut self, account: AccountIndex, endpoint: EndpointIndex) -> &mut Endpoint {
        self.channels[account].endpoints.get_mut(endpoint)
    }

    /// The simulation behind the run.
    pub fn sim(&self) -> &Simulation {
        &self.sim
    }

    /// How many tickets are out.
    pub fn in_flight(&self) -> usize {
        self.out.len()
    }
}

fn change_policy(policy: &mut Policy, change: PolicyChange) {
    match change {
        PolicyChange::Retries { times, apart } => {
            let waits = vec![apart; times as usize];
            policy.retries = Retries { waits, jitter: 0.0, ..policy.retries.clone() };
        }
        PolicyChange::TokenUse(token_use) => {
            if let Authentication::Token(oauth) = &mut policy.authentication {
                oauth.token_use = token_use;
            }
        }
    }
}
