//! One thread of a run: its accounts, its connections, and what it counts.

mod answers;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use std::time::Duration;

use standin_wire::{Failure as WireFailure, Next, Reply, Stop, Work};

use super::feed::Feed;
use super::lanes::Lanes;
use super::prepared::Prepared;
use super::progress::Progress;
use super::sample::Watched;
use super::tally::{Counts, Tally};
use super::token::{Need, Tokens};
use super::{Pace, Plan};
use crate::chance::Chance;
use crate::clock::Moment;
use crate::driver::VendorTarget;
use crate::model::policy::TokenUse;
use crate::model::{Authentication, Ordering, Policy, Secret, Webhook};

/// How far ahead webhooks are made. It is longer than the time between two ticks.
const AHEAD: Duration = Duration::from_millis(40);
/// The most webhooks that are made to find one that may be sent, before other work is done.
const MOST_PULLED: usize = 256;

/// A vendor as a thread has it.
pub struct Played<'a> {
    /// Its name.
    pub name: &'static str,
    /// Its delivery policy.
    pub policy: &'a Policy,
    /// Its requests.
    pub requests: Prepared,
    tokens: Tokens,
}

impl<'a> Played<'a> {
    /// A vendor with these requests.
    pub fn new(target: &'a VendorTarget, requests: Prepared) -> Self {
        let name = target.vendor.catalogue().vendor;
        Self { name, policy: &target.policy, requests, tokens: Tokens::default() }
    }

    fn token_use(&self) -> TokenUse {
        match &self.policy.authentication {
            Authentication::Token(oauth) => oauth.token_use,
            _ => TokenUse::PerAttempt,
        }
    }
}

/// A webhook that is to be sent.
struct Delivery {
    webhook: Webhook,
    vendor: usize,
    tenant: usize,
    /// The lane that it holds, if it holds one.
    lane: Option<u64>,
    /// When the schedule wants it.
    intended: Moment,
    /// When this attempt is due.
    due: Moment,
    /// The number of this attempt, from 1.
    attempt: u32,
    /// It is sent again because its token was refused.
    second: Second,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Second {
    No,
    Yes,
}

/// A retry, by when it is due.
struct Later(Delivery, u64);

impl PartialEq for Later {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Later {}

impl PartialOrd for Later {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Later {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.0.due, self.1).cmp(&(other.0.due, other.1))
    }
}

/// What is under way on a connection.
enum Flight {
    /// A request for the token of this delivery.
    Token(Delivery),
    /// A webhook, with the token that it carries.
    Webhook(Delivery, Option<Secret>),
}

/// A connection.
#[derive(Default)]
struct Connection {
    /// What it sends next, once that is due.
    reserved: Option<Delivery>,
    /// The token for it, if one was asked for.
    token: Option<Secret>,
    flight: Option<Flight>,
}

/// One thread of a run.
pub struct Worker<'a> {
    plan: &'a Plan,
    vendors: &'a [&'a VendorTarget],
    played: Vec<Played<'a>>,
    feed: Feed,
    connections: Vec<Connection>,
    lanes: Lanes<Delivery>,
    /// Webhooks that may be sent, in the order in which they are due.
    ready: VecDeque<Delivery>,
    /// Retries.
    later: BinaryHeap<Reverse<Later>>,
    planned: u64,
    /// The most webhooks that may wait, with those that are made ahead.
    most: usize,
    in_flight: usize,
    jitter: Chance,
    /// When the run began.
    begun: Option<Moment>,
    ends: Ends,
    stop: Stop,
    progress: Arc<Progress>,
    /// The subjects that are compared with what the receiver believes.
    pub watched: Watched,
    /// What it counts.
    pub tally: Tally,
    /// When the last answer came, from the beginning.
    pub last: Duration,
}

/// How many webhooks are made ahead at the highest rate.
fn ahead(plan: &Plan) -> usize {
    let highest = match &plan.pace {
        Pace::Open(schedule) => schedule.highest() / plan.threads as f64,
        Pace::Saturate(_) => 0.0,
    };
    (highest * AHEAD.as_secs_f64()).ceil() as usize
}

/// Whether more webhooks are made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    NotYet,
    Made(Moment),
}

impl<'a> Worker<'a> {
    /// A thread with these accounts and this many connections.
    pub fn new(
        plan: &'a Plan,
        vendors: &'a [&'a VendorTarget],
        played: Vec<Played<'a>>,
        feed: Feed,
        connections: usize,
        (stop, progress, sample): (Stop, Arc<Progress>, usize),
    ) -> Self {
        Self {
            plan,
            vendors,
            played,
            feed,
            connections: std::iter::repeat_with(Connection::default).take(connections).collect(),
            lanes: Lanes::default(),
            ready: VecDeque::new(),
            later: BinaryHeap::new(),
            planned: 0,
            most: plan.backlog + ahead(plan),
            in_flight: 0,
            jitter: Chance::from_seed(plan.seed).child("jitter of load"),
            begun: None,
            ends: Ends::NotYet,
            stop,
            progress,
            watched: Watched::new(sample),
            tally: Tally::default(),
            last: Duration::ZERO,
        }
    }

    /// What it counted, its sample, its accounts, and when the last answer came.
    pub fn into_parts(mut self) -> (Tally, Watched, Feed, Duration) {
        let connections = std::mem::take(&mut self.connections).into_iter();
        let on_connections = connections.flat_map(|connection| {
            let flight = connection.flight.map(|flight| match flight {
                Flight::Token(delivery) | Flight::Webhook(delivery, _) => delivery,
            });
            [connection.reserved, flight].into_iter().flatten()
        });
        let later = self.later.drain().map(|Reverse(Later(delivery, _))| delivery);
        let unfinished = on_connections.chain(self.ready.drain(..)).chain(later);
        for delivery in unfinished.chain(self.lanes.drain()) {
            self.tally.unfinished += 1;
            self.watched.lost(delivery.tenant, &delivery.webhook);
        }
        (self.tally, self.watched, self.feed, self.last)
    }

    fn begun(&mut self, now: Moment) -> Moment {
        *self.begun.get_or_insert(now)
    }

    /// How many webhooks are due and were not sent.
    fn backlog(&self) -> usize {
        self.ready.len() + self.lanes.waiting()
    }

    /// Makes the webhooks that are due soon.
    fn refill(&mut self, now: Moment) {
        let begun = self.begun(now);
        let Pace::Open(schedule) = &self.plan.pace else { return };
        while self.ends == Ends::NotYet {
            let number = self.feed.number();
            let beyond = self.plan.count.is_some_and(|count| number >= count);
            let Some(due) = schedule.due(number).filter(|_| !beyond) else {
                return self.ends = Ends::Made(now);
            };
            let intended = begun + due;
            if intended > now + AHEAD {
                return;
            }
            let made = self.make(intended);
            if let Some(delivery) = made.and_then(|delivery| self.enter(delivery)) {
                self.ready.push_back(delivery);
            }
        }
    }

    /// Makes the next webhook. None if its account has no more, or too many wait.
    fn make(&mut self, intended: Moment) -> Option<Delivery> {
        let (tenant, webhook) = self.feed.pull(self.vendors)?;
        if self.backlog() >= self.most {
            self.tally.shed += 1;
            self.watched.lost(tenant, &webhook);
            return None;
        }
        self.watched.see(tenant, &webhook);
        let vendor = self.feed.vendor(tenant);
        let lane = self.lane(tenant, vendor, &webhook);
        let (due, second) = (intended, Second::No);
        Some(Delivery { webhook, vendor, tenant, lane, intended, due, attempt: 1, second })
    }

    /// The lane of a webhook: those of one lane are sent one after the other. None if it waits for none.
    fn lane(&self, tenant: usize, vendor: usize, webhook: &Webhook) -> Option<u64> {
        let mut hasher = DefaultHasher::new();
        match (self.plan.ordering, self.played[vendor].policy.ordering) {
            (Some(Ordering::None), _) => return None,
            (Some(Ordering::Global), _) | (None, Ordering::Global) => vendor.hash(&mut hasher),
            // Also where the vendor lets nothing wait for a retry, a subject's attempts have an order.
            _ => (tenant, webhook.subject.kind, &webhook.subject.id).hash(&mut hasher),
        }
        Some(hasher.finish())
    }

    /// Whether a webhook that waits for its retry holds its lane.
    fn holds_while_retrying(&self, vendor: usize) -> bool {
        self.plan.ordering.unwrap_or(self.played[vendor].policy.ordering) != Ordering::None
    }

    /// Gives back a delivery that may be sent; else it waits for another of its lane.
    fn enter(&mut self, delivery: Delivery) -> Option<Delivery> {
        match delivery.lane {
            Some(lane) => self.lanes.enter(lane, delivery),
            None => Some(delivery),
        }
    }

    /// A delivery is over, or waits for its retry: the next of its lane may be sent.
    fn leave(&mut self, lane: Option<u64>) {
        if let Some(next) = lane.and_then(|lane| self.lanes.leave(lane)) {
            // It was due before those that are made ahead.
            self.ready.push_front(next);
        }
    }

    /// What an idle connection sends next.
    fn pick(&mut self, now: Moment) -> Option<Delivery> {
        let retry =
            self.later.peek().is_some_and(|Reverse(Later(delivery, _))| delivery.due <= now);
        if retry {
            return self.later.pop().map(|Reverse(Later(delivery, _))| delivery);
        }
        if let Some(delivery) = self.ready.pop_front() {
            return Some(delivery);
        }
        if matches!(self.plan.pace, Pace::Saturate(_)) {
            return self.pull_now(now);
        }
        None
    }

    /// A webhook that may be sent at once, while connections are free.
    fn pull_now(&mut self, now: Moment) -> Option<Delivery> {
        let begun = self.begun(now);
        let Pace::Saturate(length) = self.plan.pace else { return None };
        for _ in 0..MOST_PULLED {
            let beyond = self.plan.count.is_some_and(|count| self.feed.number() >= count);
            if self.ends == Ends::NotYet && (beyond || now >= begun + length) {
                self.ends = Ends::Made(now);
            }
            if self.ends != Ends::NotYet || self.backlog() >= self.most {
                return None;
            }
            let made = self.make(now);
            if let Some(delivery) = made.and_then(|delivery| self.enter(delivery)) {
                return Some(delivery);
            }
        }
        None
    }

    /// Nothing is to be sent now.
    fn rest(&mut self, now: Moment) -> Next {
        let over = self.ends != Ends::NotYet
            && self.in_flight == 0
            && self.ready.is_empty()
            && self.later.is_empty()
            && self.lanes.is_empty();
        if over {
            return Next::Finished;
        }
        match self.later.peek() {
            Some(Reverse(Later(delivery, _))) => Next::WaitUntil(delivery.due.max(now)),
            None => Next::Idle,
        }
    }

    /// Writes what a connection sends, and notes it.
    fn send(
        &mut self,
        connection: usize,
        delivery: Delivery,
        now: Moment,
        buffer: &mut Vec<u8>,
    ) -> Next {
        let played = &mut self.played[delivery.vendor];
        let mut token = self.connections[connection].token.take();
        if played.requests.needs_token() && token.is_none() {
            let usage = played.token_use();
            match played.tokens.need(usage, now) {
                Need::Has(kept) => token = Some(kept),
                Need::Waits => {
                    self.connections[connection].reserved = Some(delivery);
                    return Next::WaitUntil(now + Duration::from_millis(1));
                }
                Need::Asks => {
                    played.requests.write_token_request(buffer);
                    self.tally.token_requests += 1;
                    self.connections[connection].flight = Some(Flight::Token(delivery));
                    self.in_flight += 1;
                    return Next::Send(0);
                }
            }
        }
        let webhook = &delivery.webhook;
        played.requests.write(webhook.trigger, &webhook.body, token.as_ref(), buffer);
        self.tally.bytes += buffer.len() as u64;
        let at = now.saturating_duration_since(self.begun(now));
        if delivery.attempt == 1 && delivery.second == Second::No {
            self.tally.lag.record(now.saturating_duration_since(delivery.intended));
            self.tally.second(at).sent += 1;
            self.counts(&delivery).sent += 1;
        } else {
            self.tally.retries += 1;
        }
        self.connections[connection].flight = Some(Flight::Webhook(delivery, token));
        self.in_flight += 1;
        Next::Send(0)
    }

    fn counts(&mut self, delivery: &Delivery) -> &mut Counts {
        let name = self.played[delivery.vendor].name;
        self.tally.triggers.entry((name, delivery.webhook.trigger)).or_default()
    }
}

impl Work for Worker<'_> {
    fn next(&mut self, connection: usize, now: Moment, buffer: &mut Vec<u8>) -> Next {
        if self.begun.is_none() {
            self.refill(now);
        }
        let reserved = self.connections[connection].reserved.take();
        let Some(delivery) = reserved.or_else(|| self.pick(now)) else { return self.rest(now) };
        if delivery.due > now {
            let due = delivery.due;
            self.connections[connection].reserved = Some(delivery);
            return Next::WaitUntil(due);
        }
        self.send(connection, delivery, now, buffer)
    }

    fn done(
        &mut self,
        connection: usize,
        _tag: u64,
        result: Result<Reply<'_>, WireFailure>,
        now: Moment,
    ) {
        let Some(flight) = self.connections[connection].flight.take() else { return };
        self.in_flight -= 1;
        let begun = self.begun(now);
        self.last = now.saturating_duration_since(begun);
        match flight {
            Flight::Token(delivery) => self.token_answered(connection, delivery, &result, now),
            Flight::Webhook(delivery, token) => self.answered(delivery, token, &result, now),
        }
    }

    fn tick(&mut self, now: Moment) {
        self.refill(now);
        let backlog = self.backlog();
        self.progress.publish(&self.tally, self.in_flight, backlog);
        if let Ends::Made(at) = self.ends
            && now >= at + self.plan.drain
        {
            self.stop.finish();
        }
    }
}
