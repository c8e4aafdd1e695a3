//! One isolated run, pure and synchronous: what happens at the vendors, which requests follow, and
//! what their answers lead to.
//!
//! Inputs go in: an action, time that passes, a fault, a call of the vendor's API, the result of a
//! request. What is to be sent comes out as a [`Ticket`] with finished bytes, and its result goes back
//! in with [`Run::returned`]. In between the run takes other inputs and answers questions: nothing here
//! waits, locks, reads a clock or knows HTTP. Many tickets may be out at the same time. Webhooks of one
//! subject never overtake each other unless a fault or the policy says so.
//!
//! What the receiver answers decides which attempts follow, and nothing else: it moves no clock of
//! the vendor and draws from no stream that anything else draws from.
//!
//! Every input is an entry, and so is each of its effects ([`Run::take_entries`]). Entries read back
//! give the run again ([`resume`]).

mod api_faults;
mod attempts;
mod call;
mod deactivation;
mod dead_letters;
mod deliveries;
mod delivery;
mod endpoint;
mod entries;
mod flight;
mod health;
mod lanes;
mod outgoing;
mod poll;
mod progress;
mod record;
mod request;
pub mod resume;
mod route;
mod schedule;
mod send;
mod ticket;
mod token;
mod tokens;
mod versions;
mod whose;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;

pub use deliveries::Deliveries;
pub use delivery::{Delivery, Standing};
pub use request::credential;
pub use route::Route;
pub use ticket::Ticket;
pub use whose::Claim;

use crate::chance::Chance;
use crate::clock::after;
use crate::journal::EntryKind;
use crate::journal::entry::{DeliveryId, TicketId};
use crate::model::api_fault::ApiFault;
use crate::model::{
    Authentication, Fault, Policy, PolicyChange, Release, Retries, Settings, SubjectIndex,
};
use crate::phrase::ParsedCall;
use crate::sim::{AccountIndex, NotDone, Opening, Simulation};
use crate::vendors::Vendor;
use crate::vendors::api::ApiKeys;
use endpoint::{Endpoint, EndpointIndex, Endpoints};
use flight::Flight;
use lanes::Lanes;
use record::Record;
use schedule::Schedule;
use ticket::Out;
use versions::Versions;

/// One isolated run.
pub struct Run {
    sim: Simulation,
    /// One for each account, in the order in which they were opened.
    channels: Vec<Channel>,
    faults: Vec<Fault>,
    api_faults: Vec<ApiFault>,
    /// Versions of what the API may be asked for.
    versions: Versions,
    deliveries: Deliveries,
    schedule: Schedule,
    lanes: Lanes,
    /// Deliveries that may not overtake another, by the one that they wait for.
    behind: BTreeMap<DeliveryId, Vec<DeliveryId>>,
    /// Deliveries that are held back.
    held_back: BTreeSet<DeliveryId>,
    /// Whether deliveries are held back.
    holding: bool,
    /// Deliveries that wait to be overtaken.
    to_be_overtaken: BTreeSet<DeliveryId>,
    /// Attempts that are under way.
    flights: BTreeMap<DeliveryId, Flight>,
    /// Tickets that were not taken yet.
    ready: VecDeque<Ticket>,
    /// Tickets that were taken and are not back.
    out: BTreeMap<TicketId, Out>,
    tickets: TicketId,
    record: Record,
    shares: Chance,
    releases: Chance,
    jitter: Chance,
    keys: Chance,
    races: Chance,
}

/// How the webhooks of an account reach the receiver, and what the vendor knows of that.
struct Channel {
    name: Arc<str>,
    settings: Settings,
    endpoints: Endpoints,
    keys: ApiKeys,
}

impl Run {
    /// An empty run that begins at this moment.
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
            behind: BTreeMap::new(),
            held_back: BTreeSet::new(),
            holding: false,
            to_be_overtaken: BTreeSet::new(),
            flights: BTreeMap::new(),
            ready: VecDeque::new(),
            out: BTreeMap::new(),
            tickets: 0,
            record: Record::default(),
            shares: chance.child("shares of faults"),
            releases: chance.child("releases"),
            jitter: chance.child("jitter"),
            keys: chance.child("keys of APIs"),
            races: chance.child("races of webhooks and answers"),
        }
    }

    /// Keeps no more than so many deliveries that are over, the last ones: for runs without an end.
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
        self.record_input(record::of(&name), what);
        self.channels.push(Channel {
            name,
            settings: opening.settings.clone(),
            endpoints: Endpoints::new(route),
            keys,
        });
        self.sim.open(vendor, opening)
    }

    /// Lets a population act on an account from now on, under these settings of its traffic.
    pub fn populate(&mut self, account: AccountIndex, traffic: &Settings) {
        self.record_input(self.of_account(account), EntryKind::Populated(traffic.given().to_vec()));
        self.sim.populate(account, &self.channels[account].settings, traffic);
    }

    /// Does an action, and takes in the webhooks that follow.
    ///
    /// # Errors
    /// If it cannot be done now. Nothing has changed then.
    pub fn act(
        &mut self,
        account: AccountIndex,
        parsed: &ParsedCall,
        text: &str,
    ) -> Result<SubjectIndex, NotDone> {
        let mut webhooks = Vec::new();
        let subject = self.sim.say(account, parsed, &mut webhooks)?;
        let action = self.record_input(self.of_account(account), EntryKind::Acted(text.to_owned()));
        self.take_in(Some(action), webhooks);
        Ok(subject)
    }

    /// Lets virtual time pass until this moment: what happens by itself at the vendors happens.
    /// Attempts that are due meanwhile are the caller's to poll; it advances to [`Run::next`] at
    /// the most, so that none of them is late.
    pub fn advance(&mut self, to: Timestamp) {
        if to <= self.sim.now() && self.sim.next().is_none_or(|next| next > to) {
            return;
        }
        self.record_input_at(to, record::nothing(), EntryKind::Passed);
        while self.sim.next().is_some_and(|at| at <= to) {
            let mut webhooks = Vec::new();
            self.sim.step(&mut webhooks);
            self.take_in(None, webhooks);
        }
        self.sim.advance(to, &mut Vec::new());
    }

    /// The next moment at which something happens by itself or is to be sent.
    pub fn next(&self) -> Option<Timestamp> {
        [self.sim.next(), self.schedule.next()].into_iter().flatten().min()
    }

    /// Sets up a fault for the webhooks that come.
    pub fn arm(&mut self, fault: Fault) {
        self.record_input(record::nothing(), EntryKind::Armed(fault.text.clone()));
        self.faults.push(fault);
    }

    /// Lets no fault that was set up so far strike any more: neither webhooks that come, nor
    /// further attempts of those that are under way.
    pub fn disarm(&mut self) {
        self.record_input(record::nothing(), EntryKind::Disarmed);
        self.faults.clear();
        self.api_faults.clear();
        self.deliveries.iter_mut().for_each(Delivery::faults_are_over);
    }

    /// Holds back the webhooks that come, until they are released.
    pub fn hold(&mut self) {
        self.record_input(record::nothing(), EntryKind::HeldBack);
        self.holding = true;
    }

    /// Lets what was held back leave now, in this order.
    pub fn release(&mut self, release: Release) {
        self.record_input(record::nothing(), EntryKind::Released(release));
        self.holding = false;
        let mut held: Vec<DeliveryId> = std::mem::take(&mut self.held_back).into_iter().collect();
        match release {
            Release::InOrder => {}
            Release::Reversed => held.reverse(),
            Release::Shuffled => self.releases.shuffle(&mut held),
        }
        for id in held {
            let Some(delivery) = self.deliveries.get(id) else { continue };
            self.plan(after(self.sim.now(), delivery.delay()), id);
        }
    }

    /// Sends the webhook of a delivery again, with the same bytes. False if that delivery is
    /// not kept any more.
    pub fn repeat(&mut self, id: DeliveryId) -> bool {
        let Some(delivery) = self.deliveries.get(id) else { return false };
        let (again, of) = (Delivery::again(delivery), self.of_delivery(id));
        self.record_input(of, EntryKind::Repeated(id));
        let id = self.deliveries.push(again);
        self.plan(self.sim.now(), id);
        true
    }

    /// Sends the webhook of a delivery again with another body, struck by this fault if there is one.
    /// Returns the new delivery; none if that delivery is not kept any more.
    pub fn send_edited(
        &mut self,
        id: DeliveryId,
        body: String,
        fault: Option<Fault>,
    ) -> Option<DeliveryId> {
        let edited = Delivery::edited(self.deliveries.get(id)?, body.clone().into(), fault.clone());
        let of = self.of_delivery(id);
        let fault = fault.map(|fault| fault.text);
        self.record_input(of, EntryKind::Edited { delivery: id, body, fault });
        let id = self.deliveries.push(edited);
        self.plan(self.sim.now(), id);
        Some(id)
    }

    /// The faults for webhooks that are set up.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Removes the first fault with this text. False if there is none.
    pub fn remove_fault(&mut self, text: &str) -> bool {
        let place = self.faults.iter().position(|fault| fault.text == text);
        let of_api = self.api_faults.iter().position(|fault| fault.text == text);
        if place.is_none() && of_api.is_none() {
            return false;
        }
        self.record_input(record::nothing(), EntryKind::FaultRemoved(text.to_owned()));
        match (place, of_api) {
            (Some(place), _) => drop(self.faults.remove(place)),
            (None, Some(place)) => drop(self.api_faults.remove(place)),
            (None, None) => {}
        }
        true
    }

    /// Lets the population of an account go: people do nothing there any more.
    pub fn stop_traffic(&mut self, account: AccountIndex) {
        self.record_input(self.of_account(account), EntryKind::TrafficStopped);
        self.sim.depopulate(account);
    }

    /// Lets what waits to be overtaken leave: nothing comes any more that could overtake it.
    pub fn nothing_overtakes(&mut self) {
        if self.to_be_overtaken.is_empty() {
            return;
        }
        self.record_input(record::nothing(), EntryKind::NothingOvertakes);
        for id in std::mem::take(&mut self.to_be_overtaken) {
            let Some(delivery) = self.deliveries.get(id) else { continue };
            self.plan(self.sim.now().max(delivery.leaves_at()), id);
        }
    }

    /// Changes the delivery policy of an account.
    pub fn change_policy(&mut self, account: AccountIndex, change: PolicyChange) {
        self.record_input(self.of_account(account), EntryKind::PolicyChanged(change));
        for endpoint in self.channels[account].endpoints.iter_mut() {
            change_policy(&mut Arc::make_mut(&mut endpoint.route).policy, change);
        }
    }

    /// What the vendor's API says of a subject: what the vendor knows, as JSON in its own words.
    /// None if it has no such subject. It is answered at once, whatever is under way.
    pub fn ask(
        &mut self,
        account: AccountIndex,
        kind: &str,
        id: &str,
    ) -> Option<serde_json::Value> {
        let what = EntryKind::Asked { kind: kind.to_owned(), id: id.to_owned() };
        self.record_input(self.of_account(account), what);
        let subject = self.sim.find(account, kind, id)?;
        Some(self.sim.truth(account, subject))
    }

    /// The subject of this kind with this id, if there is or has been one.
    pub fn find(&mut self, account: AccountIndex, kind: &str, id: &str) -> Option<SubjectIndex> {
        self.sim.find(account, kind, id)
    }

    /// Whether an account was opened.
    pub fn has(&self, account: AccountIndex) -> bool {
        account < self.channels.len()
    }

    /// How many entries were not taken yet.
    pub fn unwritten(&self) -> usize {
        self.record.entries.len()
    }

    /// The deliveries that are kept, in the order in which they were caused or repeated.
    pub fn deliveries(&self) -> &Deliveries {
        &self.deliveries
    }

    /// The deliveries of an account that go by a name: about the subject of that name, or about
    /// what belongs to it.
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
