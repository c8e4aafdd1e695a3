//! A day at a business with several locations: guests join, book, run late, give up, are alerted,
//! served, moved, restored, and now and then deleted.
//!
//! One small simulation by events on top of the account, which keeps the truth. All numbers come
//! from the catalogue's traffic settings.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::calendar::Slots;
use super::catalogue::{BOOKED, CATALOGUE, COMPLETE, DRAFT, PENDING, SERVING, WAITING};
use crate::chance::Chance;
use crate::clock::{after, between};
use crate::model::{ArgumentKind, Call, Settings, SubjectIndex, Value};
use crate::vendors::agenda::Agenda;
use crate::vendors::arrivals::Arrivals;
use crate::vendors::{Account, Outbox, Touched, Traffic};

/// How long a guest who will give up waits, on average.
const PATIENCE: Duration = Duration::from_secs(12 * 60);
/// The median time from the alert to the desk.
const WALK: Duration = Duration::from_secs(30);
/// How long a desk waits for an alerted guest.
const PATIENCE_OF_STAFF: Duration = Duration::from_secs(120);
/// How long staff take to look at a request, on average.
const APPROVAL: Duration = Duration::from_secs(20 * 60);
/// The share of requests that are approved.
const APPROVED: f64 = 0.85;
/// The share of held slots whose form is submitted.
const SUBMITTED: f64 = 0.75;
/// How long it takes to fill in the form, on average.
const FORM: Duration = Duration::from_secs(180);

/// How many guests a location remembers.
const REGULARS: usize = 100;

/// Something that will happen.
#[derive(Clone, Copy, Debug)]
enum Event {
    Arrival(usize),
    Submit(SubjectIndex),
    Decide(SubjectIndex),
    Reschedule(SubjectIndex),
    GiveUp(SubjectIndex),
    Edit(SubjectIndex),
    Shift(usize, SubjectIndex),
    /// A booking's guest comes in.
    BookedArrival(usize, SubjectIndex),
    AtDesk(usize, SubjectIndex),
    NotThere(usize, SubjectIndex),
    Served(usize, SubjectIndex),
    Back(usize, SubjectIndex),
    Delete(SubjectIndex),
}

/// A location as its staff see it.
struct Floor {
    arrivals: Arrivals,
    /// Where it stands among the account's subjects.
    location: SubjectIndex,
    /// Bookings that have come in, then those who wait.
    booked: VecDeque<SubjectIndex>,
    waiting: VecDeque<SubjectIndex>,
    idle: u32,
    /// The last guests who were served, and may come back.
    regulars: VecDeque<SubjectIndex>,
}

/// The population of a business.
pub struct Day {
    now: Timestamp,
    events: Agenda<Event>,
    floors: Vec<Floor>,
    shares: Shares,
    service: Duration,
    slots: Slots,
    behaviour: Chance,
}

struct Shares {
    bookings: f64,
    requests: f64,
    holds: f64,
    reschedules: f64,
    synced: f64,
    staff_added: f64,
    returns: f64,
    cancels: f64,
    no_show: f64,
    restored: f64,
    moved: f64,
    edits: f64,
    deleted: f64,
}

impl Day {
    /// A population for an account with these settings, from this moment on.
    pub fn new(account: &Settings, traffic: &Settings, chance: Chance, start: Timestamp) -> Self {
        let zone = account.text("time_zone");
        let zone = TimeZone::get(zone).unwrap_or_else(|_| panic!("{zone} was checked"));
        let desks = account.list("resources").len() as u32;
        let mut names = account.list("locations").to_vec();
        names.dedup();
        let floors = (0..names.len()).map(|number| Floor {
            arrivals: Arrivals::new(
                traffic,
                1.0,
                zone.clone(),
                chance.child(&format!("arrivals {number}")),
                start,
            ),
            location: number as SubjectIndex,
            booked: VecDeque::new(),
            waiting: VecDeque::new(),
            idle: desks * account.integer("resource_capacity") as u32,
            regulars: VecDeque::new(),
        });
        let mut day = Self {
            now: start,
            events: Agenda::default(),
            floors: floors.collect(),
            shares: Shares::of(traffic),
            service: traffic.duration("service").unwrap_or_default(),
            slots: Slots::new(zone, account.duration("slot").unwrap_or_default(), (1, 1)),
            behaviour: chance.child("behaviour"),
        };
        for floor in 0..day.floors.len() {
            day.expect_arrival(floor);
        }
        day
    }

    /// Lets something happen after this wait.
    fn at(&mut self, wait: Duration, event: Event) {
        self.events.put(after(self.now, wait), event);
    }

    /// Lets something happen at about this time from now.
    fn about(&mut self, mean: Duration, event: Event) {
        let wait = self.behaviour.exponential(mean);
        self.at(wait, event);
    }

    fn expect_arrival(&mut self, floor: usize) {
        if let Some(at) = self.floors[floor].arrivals.next() {
            self.events.put(at, Event::Arrival(floor));
        }
    }

    fn happen(&mut self, event: Event, desk: &mut Desk<'_>) {
        match event {
            Event::Arrival(floor) => {
                self.arrive(floor, desk);
                self.expect_arrival(floor);
                self.call_next(floor, desk);
            }
            Event::Submit(guest) => drop(desk.act_if(guest, &[PENDING], "submit")),
            Event::Decide(guest) => {
                let call = if self.behaviour.happens(APPROVED) { "approve" } else { "reject" };
                desk.act_if(guest, &[DRAFT], call);
            }
            Event::Reschedule(guest) => {
                let ahead = Value::Duration(self.slot_ahead());
                // If that slot is taken, the guest keeps the old one.
                desk.try_with(guest, &[BOOKED, DRAFT], "reschedule", &[("ahead", ahead)]);
            }
            Event::GiveUp(guest) => {
                desk.act_if(guest, &[WAITING, BOOKED, DRAFT], "cancel");
            }
            Event::Edit(guest) => self.edit(guest, desk),
            Event::Shift(floor, guest) => self.shift(floor, guest, desk),
            Event::BookedArrival(floor, guest) => self.booked_arrival(floor, guest, desk),
            Event::AtDesk(floor, guest) => {
                if desk.act_if(guest, &[WAITING, BOOKED], "serve").is_some() {
                    let service = self.behaviour.skewed(self.service, 0.5);
                    self.at(service, Event::Served(floor, guest));
                } else {
                    self.free(floor, desk);
                }
            }
            Event::NotThere(floor, guest) => {
                let gone = desk.act_if(guest, &[WAITING, BOOKED], "no-show").is_some();
                if gone && self.behaviour.happens(self.shares.restored) {
                    self.about(PATIENCE_OF_STAFF, Event::Back(floor, guest));
                }
                self.free(floor, desk);
            }
            Event::Served(floor, guest) => self.served(floor, guest, desk),
            Event::Back(floor, guest) => {
                if desk.act_if(guest, &[COMPLETE], "restore").is_some() {
                    self.floors[floor].waiting.push_back(guest);
                    self.call_next(floor, desk);
                }
            }
            Event::Delete(guest) => {
                let alone = self.behaviour.happens(0.7);
                let call = if alone { "delete" } else { "delete-customer" };
                desk.act_if(guest, &[COMPLETE], call);
            }
        }
    }

    fn arrive(&mut self, floor: usize, desk: &mut Desk<'_>) {
        if self.behaviour.happens(self.shares.bookings) && self.book(floor, desk) {
            return;
        }
        let regular = self.regular(floor, desk);
        let place = ("where", Value::Subject(self.floors[floor].location));
        let joined = match regular {
            Some(before) => desk.act("return", &[("who", Value::Subject(before))]),
            None if self.behaviour.happens(self.shares.staff_added) => desk.act("add", &[place]),
            None => desk.act("join", &[place]),
        };
        // The account's own settings may keep guests out.
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

    /// Somebody who was here before, if one of the last ones comes back.
    fn regular(&mut self, floor: usize, desk: &Desk<'_>) -> Option<SubjectIndex> {
        if !self.behaviour.happens(self.shares.returns) {
            return None;
        }
        self.floors[floor].regulars.pop_front().filter(|guest| desk.is(*guest, &[COMPLETE]))
    }

    /// Books a slot at a location, if one is free there then.
    fn book(&mut self, floor: usize, desk: &mut Desk<'_>) -> bool {
        let ahead = self.slot_ahead();
        let draw = self.behaviour.unit();
        let (requests, holds) = (self.shares.requests, self.shares.holds);
        let location = Value::Subject(self.floors[floor].location);
        let call = match draw {
            draw if draw < requests => "request",
            draw if draw < requests + holds => "hold",
            _ => "book",
        };
        let values = [("ahead", Value::Duration(ahead)), ("where", location)];
        let Some(Touched { subject: guest, .. }) = desk.act(call, &values) else { return false };
        match call {
            "request" => self.about(APPROVAL, Event::Decide(guest)),
            "hold" if self.behaviour.happens(SUBMITTED) => self.about(FORM, Event::Submit(guest)),
            _ => {}
        }
        let start = self.slots.at_or_after(after(self.now, ahead));
        let late = self.behaviour.exponential(FORM);
        self.at(between(self.now, start) + late, Event::BookedArrival(floor, guest));
        let halfway = ahead.mul_f64(0.2 + 0.6 * self.behaviour.unit());
        let draw = self.behaviour.unit();
        if draw < self.shares.reschedules {
            self.at(halfway, Event::Reschedule(guest));
        } else if draw < self.shares.reschedules + self.shares.cancels {
            self.at(halfway, Event::GiveUp(guest));
        }
        true
    }

    /// How far ahead a slot is booked: later today or tomorrow, when guests come.
    fn slot_ahead(&mut self) -> Duration {
        let mut ahead = Duration::ZERO;
        for _ in 0..8 {
            ahead = self.behaviour.skewed(Duration::from_secs(4 * 3600), 0.9)
                + Duration::from_secs(1800);
            let moment = after(self.now, ahead);
            if self.floors.first().is_some_and(|floor| floor.arrivals.is_open(moment)) {
                break;
            }
        }
        ahead
    }

    fn edit(&mut self, guest: SubjectIndex, desk: &mut Desk<'_>) {
        match self.behaviour.below(5) {
            0 => desk.act_if(guest, &[WAITING, BOOKED], "arrive"),
            1 => desk.act_if(guest, &[WAITING, BOOKED], "delay"),
            2 => desk.act_if(guest, &[WAITING, BOOKED], "confirm"),
            3 => desk.act_if(guest, &[WAITING, BOOKED, SERVING], "flag"),
            _ => {
                let people = Value::Integer(self.behaviour.between(1, 6) as i64);
                desk.try_with(guest, &[WAITING, BOOKED], "resize", &[("people", people)])
            }
        };
    }

    /// Staff move somebody in line, to another location, or off the list.
    fn shift(&mut self, floor: usize, guest: SubjectIndex, desk: &mut Desk<'_>) {
        let draw = self.behaviour.unit();
        let others = self.floors.len() as u64 - 1;
        if draw < 0.3 && others > 0 {
            let there = (floor as u64 + 1 + self.behaviour.below(others)) % (others + 1);
            let place = ("where", Value::Subject(self.floors[there as usize].location));
            let moved = desk.try_with(guest, &[WAITING], "transfer", &[place]);
            if let Some(again) = moved.and_then(|touched| touched.made.first().copied()) {
                self.floors[there as usize].waiting.push_back(again);
                self.call_next(there as usize, desk);
            }
        } else if draw < 0.5 {
            desk.act_if(guest, &[WAITING], "remove");
        } else {
            let waiting = self.floors[floor].waiting.len() as u64;
            let place = self.behaviour.between(1, waiting + 1) as i64;
            desk.try_with(guest, &[WAITING], "move", &[("place", Value::Integer(place))]);
        }
    }

    fn booked_arrival(&mut self, floor: usize, guest: SubjectIndex, desk: &mut Desk<'_>) {
        if self.behaviour.happens(self.shares.no_show) {
            desk.act_if(guest, &[BOOKED, WAITING], "no-show");
        } else if self.behaviour.happens(self.shares.synced) {
            if desk.act_if(guest, &[BOOKED], "sync").is_some() {
                self.floors[floor].waiting.push_back(guest);
            }
        } else if desk.act_if(guest, &[BOOKED], "arrive").is_some() {
            self.floors[floor].booked.push_back(guest);
        }
        self.call_next(floor, desk);
    }

    /// Idle desks alert those who are next: bookings first.
    fn call_next(&mut self, floor: usize, desk: &mut Desk<'_>) {
        while self.floors[floor].idle > 0 {
            let here = &mut self.floors[floor];
            let next = here.booked.pop_front().or_else(|| here.waiting.pop_front());
            let Some(guest) = next else { return };
            // Those who gave up are passed over.
            if desk.act_if(guest, &[WAITING, BOOKED], "alert").is_none() {
                continue;
            }
            self.floors[floor].idle -= 1;
            if self.behaviour.happens(self.shares.no_show) {
                self.at(PATIENCE_OF_STAFF, Event::NotThere(floor, guest));
            } else {
                let walk = self.behaviour.skewed(WALK, 0.5);
                self.at(walk, Event::AtDesk(floor, guest));
            }
        }
    }

    fn served(&mut self, floor: usize, guest: SubjectIndex, desk: &mut Desk<'_>) {
        // The account may have completed the visit by itself (`auto_complete`).
        desk.act_if(guest, &[SERVING], "complete");
        if self.behaviour.happens(self.shares.deleted) {
            self.about(PATIENCE, Event::Delete(guest));
        } else if self.floors[floor].regulars.len() < REGULARS {
            self.floors[floor].regulars.push_back(guest);
        }
        self.free(floor, desk);
    }

    fn free(&mut self, floor: usize, desk: &mut Desk<'_>) {
        self.floors[floor].idle += 1;
        self.call_next(floor, desk);
    }
}

impl Traffic for Day {
    fn next(&self) -> Option<Timestamp> {
        self.events.next()
    }

    fn act(&mut self, account: &mut dyn Account, outbox: &mut Outbox) {
        let Some((at, event)) = self.events.pop() else { return };
        self.now = at.max(self.now);
        let mut desk = Desk { account, now: self.now, outbox };
        self.happen(event, &mut desk);
    }
}

/// The account at this moment.
struct Desk<'a> {
    account: &'a mut dyn Account,
    now: Timestamp,
    outbox: &'a mut Outbox,
}

impl Desk<'_> {
    fn is(&self, guest: SubjectIndex, states: &[&str]) -> bool {
        states.contains(&self.account.state(guest))
    }

    /// Does it if the guest is in one of these states.
    fn act_if(&mut self, guest: SubjectIndex, states: &[&str], call: &str) -> Option<Touched> {
        self.try_with(guest, states, call, &[])
    }

    fn try_with(
        &mut self,
        guest: SubjectIndex,
        states: &[&str],
        call: &str,
        values: &[(&str, Value)],
    ) -> Option<Touched> {
        if !self.is(guest, states) {
            return None;
        }
        let who = ("who", Value::Subject(guest));
        let values: Vec<_> = [who].into_iter().chain(values.iter().cloned()).collect();
        self.act(call, &values)
    }

    /// Does it, unless the account refuses: a slot may be taken, a location closed.
    fn act(&mut self, call: &str, values: &[(&str, Value)]) -> Option<Touched> {
        let action =
            CATALOGUE.action(call).unwrap_or_else(|| panic!("the catalogue has no action {call}"));
        let said = |name: &str| values.iter().find(|(known, _)| *known == name);
        let new = |kind| matches!(kind, ArgumentKind::New(_));
        let values = action.arguments.iter().map(|argument| match said(argument.name) {
            Some((_, value)) if !new(argument.kind) => value.clone(),
            _ => Value::Absent,
        });
        let call = Call { action, values: values.collect() };
        self.account.act(&call, self.now, self.outbox).ok()
    }
}

impl Shares {
    fn of(settings: &Settings) -> Self {
        Self {
            bookings: settings.share("bookings"),
            requests: settings.share("requests"),
            holds: settings.share("holds"),
            reschedules: settings.share("reschedules"),
            synced: settings.share("synced"),
            staff_added: settings.share("staff_added"),
            returns: settings.share("returns"),
            cancels: settings.share("cancels"),
            no_show: settings.share("no_show"),
            restored: settings.share("restored"),
            moved: settings.share("moved"),
            edits: settings.share("edits"),
            deleted: settings.share("deleted"),
        }
    }
}
