//! A day at a business with several locations. Guests join, book, run late, give up, regret it, are
//! alerted, served, moved and restored. Some are only counted in. A few visits are deleted. Staff take
//! breaks, and close a location for a while. What staff do beside serving is in `staff`.
//!
//! A small discrete-event simulation on top of the account, which keeps the truth. All numbers come
//! from the catalogue's traffic settings.

mod event;
mod floor;
mod shares;
mod staff;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use self::event::{Event, Place};
use self::floor::Floor;
use self::shares::Shares;
use super::act::Act;
use super::calendar::Slots;
use super::named::LOCATIONS;
use super::opening::location_at;
use super::state::VisitState::{Booked, Complete, Draft, Pending, Serving, Waiting};
use crate::chance::Chance;
use crate::clock::after;
use crate::model::{Settings, SubjectIndex, Value};
use crate::vendors::agenda::Agenda;
use crate::vendors::arrivals::{Arrivals, OFFICE};
use crate::vendors::one_in::OneIn;
use crate::vendors::{Scene, Touched, Traffic};

/// The mean wait of a guest who gives up.
const PATIENCE: Duration = Duration::from_secs(12 * 60);
/// The median time from the alert to the desk.
const WALK: Duration = Duration::from_secs(30);
/// How long staff wait for an alerted guest.
const PATIENCE_OF_STAFF: Duration = Duration::from_secs(120);
/// The mean time until staff look at a request.
const APPROVAL: Duration = Duration::from_secs(20 * 60);
/// The share of requests that are approved.
const APPROVED: f64 = 0.85;
/// The share of held slots whose form is submitted.
const SUBMITTED: f64 = 0.75;
/// The mean time for filling in the form.
const FORM: Duration = Duration::from_secs(180);

/// How long after a change by itself staff look at it; also how long before its end a slot still
/// lasts.
const A_MOMENT: Duration = Duration::from_secs(1);

/// The share of walk-ins who are only counted in, if a desk is free.
const COUNTED_IN: f64 = 0.02;
/// One of so many cancelled bookings is restored, after this mean time.
const REGRETTED: u64 = 3;
const REGRETS: Duration = Duration::from_secs(5 * 60);
/// The mean time between two closings of a location by its staff, and how long one lasts.
const CLOSED_EVERY: Duration = Duration::from_secs(24 * 3600);
const CLOSED: Duration = Duration::from_secs(30 * 60);

/// How many guests a location remembers.
const REGULARS: usize = 100;

/// The population of a business.
pub struct Day {
    now: Timestamp,
    events: Agenda<Event>,
    floors: Vec<Floor>,
    /// When the guests of bookings will come in. They are not here yet.
    expected: BTreeMap<SubjectIndex, Timestamp>,
    shares: Shares,
    /// How long before its slot a booking moves to the waitlist by itself.
    waitlist_sync: Option<Duration>,
    service: Duration,
    break_every: Option<Duration>,
    break_length: Duration,
    slots: Slots,
    regretted: OneIn,
    behaviour: Chance,
}

impl Day {
    /// A population for an account with these settings, from this moment on.
    pub fn new(account: &Settings, traffic: &Settings, chance: Chance, start: Timestamp) -> Self {
        let zone = account.text("time_zone");
        let zone = TimeZone::get(zone).unwrap_or_else(|_| panic!("{zone} was checked"));
        let capacity = account.integer("resource_capacity") as usize;
        let desks = account.list("resources").len() * capacity;
        let break_every = traffic.duration("break_every");
        let mut behaviour = chance.child("behaviour");
        let mut next_break = || {
            let until = |every: Duration| after(start, every.mul_f64(0.5 + behaviour.unit()));
            break_every.map_or(Timestamp::MAX, until)
        };
        let floor = |number: usize| {
            let arrivals = chance.child(&format!("arrivals {number}"));
            let arrivals = Arrivals::new(traffic, (1.0, OFFICE), zone.clone(), arrivals, start);
            let breaks = (0..desks).map(|_| next_break()).collect();
            let closes = chance.child(&format!("closes {number}")).unit();
            let closes = after(start, CLOSED_EVERY.mul_f64(0.2 + closes));
            Floor::new(location_at(number), arrivals, breaks, closes)
        };
        let floors = (0..account.distinct(LOCATIONS).len()).map(floor).collect();
        let mut day = Self {
            now: start,
            events: Agenda::default(),
            floors,
            expected: BTreeMap::new(),
            shares: Shares::of(traffic),
            waitlist_sync: account.duration("waitlist_sync"),
            service: traffic.duration("service").unwrap_or_default(),
            break_every,
            break_length: traffic.duration("break").unwrap_or_default(),
            slots: Slots::new(zone, account.duration("slot").unwrap_or_default(), (1, 1)),
            regretted: OneIn::new(REGRETTED),
            behaviour,
        };
        for floor in 0..day.floors.len() {
            day.expect_arrival(floor);
        }
        day
    }

    /// Schedules an event after this wait.
    fn at(&mut self, wait: Duration, event: Event) {
        self.events.put(after(self.now, wait), event);
    }

    /// Schedules an event after a random wait with this mean.
    fn about(&mut self, mean: Duration, event: Event) {
        let wait = self.behaviour.exponential(mean);
        self.at(wait, event);
    }

    fn expect_arrival(&mut self, floor: usize) {
        if let Some(at) = self.floors[floor].arrivals.next() {
            self.events.put(at, Event::Arrival(floor));
        }
    }

    fn happen(&mut self, event: Event, desk: &mut Scene<'_>) {
        match event {
            Event::Arrival(floor) => {
                self.perhaps_close(floor, desk);
                self.arrive(floor, desk);
                self.expect_arrival(floor);
                self.call_next(floor, desk);
            }
            Event::Submit(guest) => drop(desk.act_if(guest, &[Pending], Act::Submit)),
            Event::Decide(guest) => {
                let call =
                    if self.behaviour.happens(APPROVED) { Act::Approve } else { Act::Reject };
                desk.act_if(guest, &[Draft], call);
            }
            Event::Reschedule(floor, guest) => self.reschedule(floor, guest, desk),
            Event::GiveUp(guest) => self.give_up(guest, desk),
            Event::Regrets(guest) => self.regret(guest, desk),
            Event::Opens(floor) => self.open(floor, desk),
            Event::Edit(guest) => self.edit(guest, desk),
            Event::Shift(floor, guest) => self.shift(floor, guest, desk),
            Event::Synced(floor, guest) => self.see_in_line(floor, guest, desk),
            Event::BookedArrival(floor, guest) => self.booked_arrival(floor, guest, desk),
            Event::AtDesk(place, guest) => {
                self.floors[place.floor].alerted.retain(|one| *one != guest);
                if desk.act_if(guest, &[Waiting, Booked], Act::Serve).is_some() {
                    let service = self.behaviour.skewed(self.service, 0.5);
                    self.at(service, Event::Served(place, guest));
                } else {
                    self.free(place, desk);
                }
            }
            Event::NotThere(place, guest) => {
                self.floors[place.floor].alerted.retain(|one| *one != guest);
                let gone = desk.act_if(guest, &[Waiting, Booked], Act::NoShow).is_some();
                if gone && self.behaviour.happens(self.shares.restored) {
                    self.about(PATIENCE_OF_STAFF, Event::Back(place.floor, guest));
                }
                self.free(place, desk);
            }
            Event::BreakOver(place) => {
                let floor = &mut self.floors[place.floor];
                if let Some(every) = self.break_every {
                    floor.next_break[place.desk] = after(self.now, every);
                }
                floor.idle.push(place.desk);
                self.call_next(place.floor, desk);
            }
            Event::Served(place, guest) => self.served(place, guest, desk),
            Event::Back(floor, guest) => {
                if desk.act_if(guest, &[Complete], Act::Restore).is_some() {
                    self.floors[floor].waiting.push_back(guest);
                    self.call_next(floor, desk);
                }
            }
            Event::Delete(guest) => {
                let alone = self.behaviour.happens(0.7);
                let call = if alone { Act::Delete } else { Act::DeleteCustomer };
                desk.act_if(guest, &[Complete], call);
            }
        }
    }

    /// A guest cancels, and may want a booking back.
    fn give_up(&mut self, guest: SubjectIndex, desk: &mut Scene<'_>) {
        let booked = desk.is(guest, &[Booked]);
        desk.act_if(guest, &[Waiting, Booked, Draft], Act::Cancel);
        if booked && self.regretted.deal(&mut self.behaviour) {
            self.about(REGRETS, Event::Regrets(guest));
        }
    }

    /// A cancelled booking is restored, unless its slot has begun or is taken.
    fn regret(&mut self, guest: SubjectIndex, desk: &mut Scene<'_>) {
        if self.expected.get(&guest).is_some_and(|at| *at > self.now) {
            desk.act_if(guest, &[Complete], Act::RestoreBooking);
        }
    }

    fn arrive(&mut self, floor: usize, desk: &mut Scene<'_>) {
        if self.behaviour.happens(self.shares.bookings) && self.book(floor, desk) {
            return;
        }
        if floor == 0 && self.behaviour.happens(COUNTED_IN) && self.count_in(desk) {
            return;
        }
        let regular = self.regular(floor, desk);
        let place = ("where", Value::Subject(self.floors[floor].location));
        let joined = match regular {
            Some(before) => desk.act(Act::Return, &[("who", Value::Subject(before))]),
            None if self.behaviour.happens(self.shares.staff_added) => desk.act(Act::Add, &[place]),
            None => desk.act(Act::Join, &[place]),
        };
        // The account's own settings may refuse the guest.
        let Some(Touched { subject: guest, .. }) = joined else { return };
        self.floors[floor].waiting.push_back(guest);
        if self.behaviour.happens(self.shares.cancels) {
            self.about(PATIENCE, Event::GiveUp(guest));
        }
        if self.behaviour.happens(self.shares.edits) {
            self.about(PATIENCE / 3, Event::Edit(guest));
        }
        if self.behaviour.happens(self.shares.moved) {
            self.about(PATIENCE / 3, Event::Shift(floor, guest));
        }
        self.call_next(floor, desk);
    }

    /// A guest who comes back, if there is one.
    fn regular(&mut self, floor: usize, desk: &Scene<'_>) -> Option<SubjectIndex> {
        if !self.behaviour.happens(self.shares.returns) {
            return None;
        }
        self.floors[floor].regulars.pop_front().filter(|guest| desk.is(*guest, &[Complete]))
    }

    /// Books a slot at a location, if one is free at that time.
    fn book(&mut self, floor: usize, desk: &mut Scene<'_>) -> bool {
        let Some(ahead) = self.slot_ahead(floor) else { return false };
        let draw = self.behaviour.unit();
        let (requests, holds) = (self.shares.requests, self.shares.holds);
        let location = Value::Subject(self.floors[floor].location);
        let call = match draw {
            draw if draw < requests => Act::Request,
            draw if draw < requests + holds => Act::Hold,
            _ => Act::Book,
        };
        let values = [("ahead", Value::Duration(ahead)), ("where", location)];
        let Some(Touched { subject: guest, .. }) = desk.act(call, &values) else { return false };
        match call {
            Act::Request => self.about(APPROVAL, Event::Decide(guest)),
            Act::Hold if self.behaviour.happens(SUBMITTED) => {
                self.about(FORM, Event::Submit(guest))
            }
            _ => {}
        }
        self.expect(floor, guest, ahead);
        let halfway = ahead.mul_f64(0.2 + 0.6 * self.behaviour.unit());
        let draw = self.behaviour.unit();
        if draw < self.shares.reschedules {
            self.at(halfway, Event::Reschedule(floor, guest));
        } else if draw < self.shares.reschedules + self.shares.cancels {
            self.at(halfway, Event::GiveUp(guest));
        }
        true
    }

    /// Schedules the arrival of a booking's guest, at about the time of its slot.
    fn expect(&mut self, floor: usize, guest: SubjectIndex, ahead: Duration) {
        let start = self.slots.at_or_after(after(self.now, ahead));
        let at = after(start, self.behaviour.exponential(FORM));
        self.expected.insert(guest, at);
        self.events.put(at, Event::BookedArrival(floor, guest));
        if let Some(before) = self.waitlist_sync {
            let moves = start.checked_sub(before).map_or(self.now, |at| at.max(self.now));
            self.events.put(after(moves, A_MOMENT), Event::Synced(floor, guest));
        }
    }

    /// Staff notice a booking that has moved to the waitlist by itself.
    fn see_in_line(&mut self, floor: usize, guest: SubjectIndex, desk: &Scene<'_>) {
        let line = &mut self.floors[floor].waiting;
        if desk.is(guest, &[Waiting]) && !line.contains(&guest) {
            line.push_back(guest);
        }
    }

    fn reschedule(&mut self, floor: usize, guest: SubjectIndex, desk: &mut Scene<'_>) {
        let Some(ahead) = self.slot_ahead(floor) else { return };
        let values = [("ahead", Value::Duration(ahead))];
        // If that slot is taken, the guest keeps the old one.
        if desk.try_with(guest, &[Booked, Draft], Act::Reschedule, &values).is_some() {
            self.expect(floor, guest, ahead);
        }
    }

    /// How far ahead a slot is booked: later today or tomorrow, at an hour when guests come. `None`
    /// if guests hardly ever come.
    fn slot_ahead(&mut self, floor: usize) -> Option<Duration> {
        for _ in 0..8 {
            let ahead = self.behaviour.skewed(Duration::from_secs(4 * 3600), 0.9)
                + Duration::from_secs(1800);
            let start = self.slots.at_or_after(after(self.now, ahead));
            let last = after(start, self.slots.length - A_MOMENT);
            let arrivals = &self.floors[floor].arrivals;
            if arrivals.is_open(start) && arrivals.is_open(last) {
                return Some(ahead);
            }
        }
        None
    }

    fn booked_arrival(&mut self, floor: usize, guest: SubjectIndex, desk: &mut Scene<'_>) {
        if self.expected.get(&guest).is_none_or(|at| *at > self.now) {
            // The slot has been moved in the meantime.
            return;
        }
        self.expected.remove(&guest);
        self.see_in_line(floor, guest, desk);
        // A request that was not approved, or a form that was not submitted, is not a booking.
        desk.act_if(guest, &[Draft], Act::Reject);
        if self.behaviour.happens(self.shares.no_show) {
            desk.act_if(guest, &[Booked, Waiting], Act::NoShow);
        } else if self.behaviour.happens(self.shares.synced) {
            if desk.act_if(guest, &[Booked], Act::Sync).is_some() {
                self.floors[floor].waiting.push_back(guest);
            }
        } else if desk.act_if(guest, &[Booked], Act::Arrive).is_some() {
            self.floors[floor].booked.push_back(guest);
        }
        self.call_next(floor, desk);
    }

    /// Free desks alert the next guests. Bookings come first.
    fn call_next(&mut self, floor: usize, desk: &mut Scene<'_>) {
        let here = &mut self.floors[floor];
        while let Some(number) = here.idle.pop() {
            let is_here = |guest: &SubjectIndex| !self.expected.contains_key(guest);
            let next = here.booked.pop_front().or_else(|| {
                let first = here.waiting.iter().position(is_here)?;
                here.waiting.remove(first)
            });
            let Some(guest) = next else {
                here.idle.push(number);
                return;
            };
            // Guests who gave up are skipped.
            if desk.act_if(guest, &[Waiting, Booked], Act::Alert).is_none() {
                here.idle.push(number);
                continue;
            }
            here.alerted.push(guest);
            let place = Place { floor, desk: number };
            let (wait, event) = if self.behaviour.happens(self.shares.no_show) {
                (PATIENCE_OF_STAFF, Event::NotThere(place, guest))
            } else {
                (self.behaviour.skewed(WALK, 0.5), Event::AtDesk(place, guest))
            };
            self.events.put(after(self.now, wait), event);
        }
    }

    fn served(&mut self, place: Place, guest: SubjectIndex, desk: &mut Scene<'_>) {
        // The account may have completed the visit by itself (`auto_complete`).
        desk.act_if(guest, &[Serving], Act::Complete);
        let regulars = &mut self.floors[place.floor].regulars;
        if self.behaviour.happens(self.shares.deleted) {
            self.about(PATIENCE, Event::Delete(guest));
        } else if regulars.len() < REGULARS {
            regulars.push_back(guest);
        }
        self.free(place, desk);
    }

    /// Frees a desk, or begins the break that is due.
    fn free(&mut self, place: Place, desk: &mut Scene<'_>) {
        let floor = &mut self.floors[place.floor];
        if self.now >= floor.next_break[place.desk] {
            self.at(self.break_length, Event::BreakOver(place));
        } else {
            floor.idle.push(place.desk);
            self.call_next(place.floor, desk);
        }
    }
}

impl Traffic for Day {
    fn next(&self) -> Option<Timestamp> {
        self.events.next()
    }

    fn act(&mut self, desk: &mut Scene<'_>) {
        let Some((at, event)) = self.events.pop() else { return };
        self.now = at.max(self.now);
        desk.not_before(self.now);
        self.happen(event, desk);
    }

    fn mentions(&self) -> Option<BTreeSet<SubjectIndex>> {
        let to_come = self.events.entries().filter_map(|event| event.guest());
        let known = self.floors.iter().flat_map(Floor::mentions);
        Some(to_come.chain(known).chain(self.expected.keys().copied()).collect())
    }
}
