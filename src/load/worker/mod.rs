//! One thread of a run: its accounts, its connections, and what it counts.

mod answers;
mod delivery;
mod effects;
mod end;
mod faulty;
mod making;
mod played;
mod recorded;
mod signing;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use standin_wire::{Failure as WireFailure, Next, Reply, Requests, Stop, Work};

use delivery::{Connection, Delivery, Flight, Later, Second};
pub use played::Played;
use signing::sign_all;

use super::faults::Faults;
use super::feed::Feed;
use super::journal::Recorder;
use super::lanes::{Lane, Lanes};
use super::prepared::Unsigned;
use super::progress::Progress;
use super::sample::Watched;
use super::tally::Tally;
use super::token::Need;
use super::{Pace, Plan};
use crate::chance::Chance;
use crate::clock::Moment;

/// How far ahead webhooks are made. It is longer than the time between two ticks.
const AHEAD: Duration = Duration::from_millis(40);
/// The time between two ticks.
const TICK: Duration = Duration::from_millis(10);
/// The most webhooks that are made at a tick, so that answers are read and the run can be stopped.
const MOST_MADE: usize = 4096;
/// The most webhooks that are made to find one that may be sent, before other work is done.
const MOST_PULLED: usize = 256;

/// One thread of a run.
pub struct Worker<'a> {
    plan: &'a Plan,
    played: Vec<Played<'a>>,
    feed: Feed,
    connections: Vec<Connection>,
    lanes: Lanes<Delivery>,
    /// Empty buffers for bodies.
    spare: Vec<Vec<u8>>,
    /// Requests of this turn that are to be signed: the connection, the vendor, and where.
    unsigned: Vec<(usize, usize, Unsigned)>,
    /// Webhooks that may be sent, in the order in which they are due.
    ready: VecDeque<Delivery>,
    /// Retries.
    later: BinaryHeap<Reverse<Later>>,
    planned: u64,
    faults: Faults<Delivery>,
    /// The most webhooks that may wait, with those that are made ahead.
    most: usize,
    in_flight: usize,
    jitter: Chance,
    /// When the run began, or will begin.
    begun: Option<Moment>,
    /// When the last webhook that was made is due.
    last_due: Option<Moment>,
    ends: Ends,
    stop: Stop,
    progress: Arc<Progress>,
    /// How long an answer may take.
    pub answer_within: Duration,
    /// The subjects that are compared with what the receiver believes.
    pub watched: Watched,
    /// What it counts.
    pub tally: Tally,
    /// When the last answer came, from the beginning.
    pub last: Duration,
    /// Where it is recorded, if it is.
    pub journal: Option<Recorder>,
}

/// Each thread of each shard has a stream of its own: else their retries would come in waves.
fn jitter(seed: u64, feed: &Feed) -> Chance {
    let first = feed.numbers().0.first().copied().unwrap_or_default();
    Chance::from_seed(seed).child("jitter of load").child(&first.to_string())
}

/// How many webhooks are made ahead at the highest rate.
fn ahead(plan: &Plan) -> usize {
    let highest = match &plan.pace {
        Pace::Open(schedule) => schedule.highest() / (plan.threads * plan.part().of) as f64,
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
        played: Vec<Played<'a>>,
        feed: Feed,
        connections: usize,
        (stop, progress): (Stop, Arc<Progress>),
    ) -> Self {
        let jitter = jitter(plan.seed, &feed);
        let faults = Faults::new(plan.seed, &plan.faults, feed.numbers().0);
        Self {
            plan,
            played,
            watched: Watched::new(plan.sample, &feed),
            feed,
            connections: std::iter::repeat_with(Connection::default).take(connections).collect(),
            lanes: Lanes::default(),
            spare: Vec::new(),
            unsigned: Vec::new(),
            ready: VecDeque::new(),
            later: BinaryHeap::new(),
            planned: 0,
            faults,
            most: plan.backlog.saturating_add(ahead(plan)),
            in_flight: 0,
            jitter,
            begun: plan.start_at,
            last_due: None,
            ends: Ends::NotYet,
            stop,
            progress,
            answer_within: Duration::ZERO,
            tally: Tally::default(),
            last: Duration::ZERO,
            journal: None,
        }
    }

    /// When the schedule began. None if it did not come to that.
    pub fn began(&self) -> Option<Moment> {
        self.begun
    }

    fn begun(&mut self, now: Moment) -> Moment {
        *self.begun.get_or_insert(now)
    }

    /// How many webhooks are due and were not sent.
    fn backlog(&self) -> usize {
        self.ready.len() + self.lanes.waiting()
    }

    /// How many of them are due by now: the others were made ahead.
    fn overdue(&self, now: Moment) -> usize {
        let ready = self.ready.partition_point(|one| one.due <= now);
        ready + self.lanes.count(|one| one.due <= now)
    }

    /// Makes the webhooks that are due soon.
    fn refill(&mut self, now: Moment) {
        let begun = self.begun(now);
        let Pace::Open(schedule) = &self.plan.pace else { return };
        if self.is_held_back(now) {
            return;
        }
        for _ in 0..MOST_MADE {
            if self.ends != Ends::NotYet {
                return;
            }
            let number = self.feed.number();
            let beyond = self.plan.count.is_some_and(|count| number >= count);
            let Some(due) = schedule.due(number).filter(|_| !beyond) else {
                return self.ends = Ends::Made(self.last_due.map_or(now, |due| due.max(now)));
            };
            let intended = begun + due;
            if intended > now + AHEAD {
                return;
            }
            self.tally.second(due).due += 1;
            // This thread cannot make webhooks as fast as they are due.
            if now > begun + schedule.length() {
                self.feed.skip();
                self.tally.shed += 1;
                continue;
            }
            // Delayed webhooks may be due later.
            self.last_due = self.last_due.max(Some(intended));
            let made = self.make(intended);
            if let Some(delivery) = made.and_then(|delivery| self.enter(delivery)) {
                self.ready.push_back(delivery);
            }
        }
    }

    /// Gives back a delivery that may be sent; else it waits for another of its lane.
    fn enter(&mut self, delivery: Delivery) -> Option<Delivery> {
        match delivery.lane {
            Some(lane) => self.lanes.enter(lane, delivery),
            None => Some(delivery),
        }
    }

    /// A delivery is over, or waits for its retry: the next of its lane may be sent.
    fn leave(&mut self, lane: Option<Lane>) {
        if let Some(next) = lane.and_then(|lane| self.lanes.leave(lane)) {
            // It may be due after others: a connection that waited for it would hold them up.
            let place = self.ready.partition_point(|one| one.due <= next.due);
            self.ready.insert(place, next);
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
        if now < begun {
            return None;
        }
        // A few behind busy subjects are enough to find a subject that is free.
        let enough = self.most.min(4 * self.connections.len());
        for _ in 0..MOST_PULLED {
            let beyond = self.plan.count.is_some_and(|count| self.feed.number() >= count);
            if self.ends == Ends::NotYet && (beyond || now >= begun + length) {
                self.ends = Ends::Made(now);
            }
            if self.ends != Ends::NotYet || self.lanes.waiting() >= enough {
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
            && self.lanes.is_empty()
            && self.faults.holds_none();
        if over {
            return Next::Finished;
        }
        match self.later.peek() {
            // Who waits for longer than a tick would miss the webhooks that are made meanwhile.
            Some(Reverse(Later(delivery, _))) if delivery.due <= now + TICK => {
                Next::WaitUntil(delivery.due.max(now))
            }
            _ => Next::Idle,
        }
    }

    /// Writes what a connection sends, and notes it.
    fn send(
        &mut self,
        connection: usize,
        mut delivery: Delivery,
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
                    self.connections[connection].sent = Some(now);
                    self.in_flight += 1;
                    return Next::Send(0);
                }
            }
        }
        let first = delivery.attempt == 1 && delivery.second == Second::No && !delivery.is_copy();
        if first && matches!(self.plan.pace, Pace::Saturate(_)) {
            // There is no schedule: it is due when a connection is free.
            delivery.intended = now;
        }
        if played.requests.are_signed_alone() {
            delivery.sign_now();
        }
        let struck = delivery.struck.take();
        let unsigned = match &struck {
            None => played.write(&delivery, token.as_ref(), buffer),
            Some(struck) => self.write_struck(&delivery, struck, token.as_ref(), buffer),
        };
        delivery.struck = struck;
        let next = if unsigned.is_some() { Next::Prepare(0) } else { Next::Send(0) };
        self.unsigned.extend(unsigned.map(|unsigned| (connection, delivery.vendor, unsigned)));
        let at = now.saturating_duration_since(self.begun(now));
        if first {
            self.tally.lag.record(now.saturating_duration_since(delivery.intended));
            self.count_sent(&delivery, at);
        } else if delivery.attempt > 1 && !delivery.is_copy() {
            self.tally.retries += 1;
        }
        self.tell_sent(&delivery);
        self.connections[connection].flight = Some(Flight::Webhook(delivery, token));
        self.connections[connection].sent = Some(now);
        self.in_flight += 1;
        next
    }
}

impl Work for Worker<'_> {
    fn next(&mut self, connection: usize, now: Moment, buffer: &mut Vec<u8>) -> Next {
        if self.begun.is_none() {
            self.refill(now);
        }
        if self.is_held_back(now) {
            return Next::Idle;
        }
        let Some(delivery) = self.take(connection, now) else { return self.rest(now) };
        if delivery.due > now {
            let due = delivery.due;
            self.connections[connection].reserved = Some(delivery);
            return Next::WaitUntil(due);
        }
        self.send(connection, delivery, now, buffer)
    }

    fn prepare(&mut self, requests: &mut dyn Requests) {
        let signers = |vendor: usize, trigger| self.played[vendor].requests.signer(trigger);
        sign_all(&self.unsigned, signers, requests);
        self.unsigned.clear();
    }

    fn done(
        &mut self,
        connection: usize,
        _tag: u64,
        result: Result<Reply<'_>, WireFailure>,
        now: Moment,
    ) {
        // What we break off ourselves is unfinished, and no failure of the receiver.
        if matches!(result, Err(WireFailure::Aborted)) {
            return;
        }
        let Some(mut flight) = self.connections[connection].flight.take() else { return };
        if self.journal.is_some() {
            self.record_answer(connection, &mut flight, &result, now);
        }
        self.in_flight -= 1;
        self.tally.answers += u64::from(result.is_ok());
        let begun = self.begun(now);
        self.last = now.saturating_duration_since(begun);
        match flight {
            Flight::Token(delivery) => self.token_answered(connection, delivery, &result, now),
            Flight::Webhook(delivery, token) => self.answered(delivery, token, &result, now),
        }
    }

    fn tick(&mut self, now: Moment) {
        self.pass_on_records();
        self.refill(now);
        if self.ends != Ends::NotYet && !self.faults.holds_none() {
            self.release(now);
        }
        let overdue = self.overdue(now);
        let at = now.saturating_duration_since(self.begun(now));
        let second = self.tally.second(at);
        second.backlog = second.backlog.max(overdue as u64);
        let counts = self.played.iter().flat_map(|played| &played.counts);
        self.progress.publish(counts, (self.tally.shed, self.in_flight, overdue));
        self.give_interim(now);
        if let Ends::Made(at) = self.ends
            && now > at + self.plan.drain.max(TICK)
        {
            self.stop.finish();
        }
    }
}
