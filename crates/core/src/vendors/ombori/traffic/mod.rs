//! A day at a store. Guests arrive by the hour, book, reserve, wait, give up, are called, do not show
//! up, scan the code of their booking, are served and give feedback. Staff turn some guests away,
//! reset a queue now and then, take breaks, and serve the rest of the line after closing time.
//!
//! A small discrete-event simulation on top of the account, which keeps the truth. All numbers come
//! from the catalogue's traffic settings.

mod event;
mod shares;
mod store;

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use self::event::Event;
use self::shares::Shares;
use self::store::Store;
use super::act::Act;
use super::state::State;
use crate::chance::Chance;
use crate::clock::{after, between};
use crate::model::{Settings, SubjectIndex, Value};
use crate::vendors::agenda::Agenda;
use crate::vendors::arrivals::{Arrivals, SHOP};
use crate::vendors::{Scene, Traffic, slots};

/// How long staff wait for a called guest.
const PATIENCE_OF_STAFF: Duration = Duration::from_secs(150);
/// The mean wait of a guest who gives up.
const PATIENCE_OF_GUESTS: Duration = Duration::from_secs(9 * 60);
/// The median wait after which a guest has left when called at last.
const PATIENCE_IN_LINE: Duration = Duration::from_secs(50 * 60);
/// How long a guest who has missed a call still waits.
const PATIENCE_AFTER_CALL: Duration = Duration::from_secs(20 * 60);
/// The median time from the call to the desk.
const WALK: Duration = Duration::from_secs(35);
/// The median time from being served to giving feedback.
const FEEDBACK_AFTER: Duration = Duration::from_secs(11 * 60);
/// The share of guests who missed their first call and miss the second one too.
const NO_SHOW_AGAIN: f64 = 0.6;
/// The soonest slot that a guest books.
const SOONEST: Duration = Duration::from_secs(1800);
/// The mean time from the beginning of a slot until its guest is there.
const LATE: Duration = Duration::from_secs(120);
/// By this much the slot has begun for certain.
const A_MOMENT: Duration = Duration::from_secs(1);
/// How many slots a guest thinks of before taking one of the next two days, and in all.
const DRAWS_OF_TODAY: u32 = 2;
const MOST_DRAWS: u32 = 32;
const TWO_DAYS: Duration = Duration::from_secs(2 * 24 * 3600);
/// A guest who misses this many calls is rejected.
const MOST_CALLS: u8 = 3;
/// The share of bookings that begin as a reservation, and the share of reservations that are
/// confirmed. The others are cancelled: none is cleaned up by itself (REST page on reservations).
const RESERVED: f64 = 0.1;
const CONFIRMED: f64 = 0.8;
/// The mean time until a reservation is confirmed or cancelled.
const THINKS: Duration = Duration::from_secs(180);
/// The share of guests with a booking who check in with its code as they come in, if a desk is free.
const SCANS: f64 = 0.25;
/// The share of tickets issued by staff that have a high priority.
const URGENT: f64 = 0.1;
/// The share of walk-ins whom staff turn away if they still wait, and the mean time until then.
const TURNED_AWAY: f64 = 0.03;
const LOOKS: Duration = Duration::from_secs(120);
/// The mean time between two resets of a queue in which somebody waits.
const RESET_EVERY: Duration = Duration::from_secs(2 * 24 * 3600);

/// A guest in the line.
struct Waiting {
    guest: SubjectIndex,
    /// The number of calls that the guest has missed.
    missed: u8,
    /// When the guest leaves, who tells nobody.
    leaves: Timestamp,
}

/// The population of a store.
pub struct StoreDay {
    now: Timestamp,
    events: Agenda<Event>,
    arrivals: Arrivals,
    /// The length of a slot, and the time zone in which slots begin at multiples of it.
    slot: Duration,
    zone: TimeZone,
    shares: Shares,
    service: Duration,
    break_every: Option<Duration>,
    break_length: Duration,
    /// Waiting guests. Bookings come first.
    booked: VecDeque<Waiting>,
    waiting: VecDeque<Waiting>,
    /// Desks that are free.
    idle: Vec<u32>,
    /// When each desk's next break is due.
    next_break: Vec<Timestamp>,
    /// When the next queue is reset, as soon as somebody waits in one.
    next_reset: Timestamp,
    behaviour: Chance,
}

impl StoreDay {
    /// A population for an account with these settings, from this moment on.
    pub fn new(account: &Settings, traffic: &Settings, chance: Chance, start: Timestamp) -> Self {
        let stores = traffic.integer("stores");
        let desks = (account.integer("stations") * stores) as u32;
        let zone = account.text("time_zone");
        let zone = TimeZone::get(zone).unwrap_or_else(|_| panic!("{zone} was checked"));
        let break_every = traffic.duration("break_every");
        let mut behaviour = chance.child("behaviour");
        let next_break = (0..desks)
            .map(|_| {
                break_every.map_or(Timestamp::MAX, |every| {
                    after(start, every.mul_f64(0.5 + behaviour.unit()))
                })
            })
            .collect();
        let mut day = Self {
            now: start,
            events: Agenda::default(),
            arrivals: Arrivals::new(
                traffic,
                (stores as f64, SHOP),
                zone.clone(),
                chance.child("arrivals"),
                start,
            ),
            slot: account.duration("slot").unwrap_or_default(),
            zone,
            shares: Shares::of(traffic),
            service: traffic.duration("service").unwrap_or_default(),
            break_every,
            break_length: traffic.duration("break").unwrap_or_default(),
            booked: VecDeque::new(),
            waiting: VecDeque::new(),
            idle: (0..desks).rev().collect(),
            next_break,
            next_reset: after(start, RESET_EVERY.mul_f64(0.5 + behaviour.unit())),
            behaviour,
        };
        day.expect_arrival();
        day
    }

    /// Schedules an event after this wait.
    fn at(&mut self, wait: Duration, event: Event) {
        self.events.put(after(self.now, wait), event);
    }

    fn expect_arrival(&mut self) {
        if let Some(at) = self.arrivals.next() {
            self.events.put(at, Event::Arrival);
        }
    }

    fn happen(&mut self, event: Event, store: &mut Store<'_, '_>) {
        match event {
            Event::Arrival => {
                self.arrive(store);
                self.expect_arrival();
            }
            Event::Confirm(guest, start) => self.confirm(guest, start, store),
            Event::BookedArrival(guest) => {
                if store.is(guest, State::Pending) {
                    self.come_in(guest, store);
                }
            }
            Event::Reschedule(guest) => {
                if store.is(guest, State::Draft)
                    && let Some((ahead, start)) = self.slot_ahead()
                {
                    store.act(Act::Reschedule, vec![Value::Subject(guest), Value::Duration(ahead)]);
                    self.expect(guest, start);
                }
            }
            Event::StaffCancel(guest) => store.act_if(guest, State::Draft, Act::CancelBooking),
            Event::GiveUp(guest) => {
                store.act_if(guest, State::Pending, Act::Cancel);
                store.act_if(guest, State::Draft, Act::Cancel);
            }
            Event::TurnAway(guest) => store.act_if(guest, State::Pending, Act::Reject),
            Event::AtDesk(guest, desk) => {
                if store.is(guest, State::Notified) {
                    self.serve(Act::CheckIn, guest, desk, store);
                } else {
                    self.free(desk);
                }
            }
            Event::NotThere(guest, desk, calls) => self.not_there(guest, desk, calls, store),
            Event::Served(guest, desk) => {
                // The account may have checked the guest out by itself (`auto_checkout`).
                store.act_if(guest, State::Fulfilled, Act::CheckOut);
                if self.behaviour.happens(self.shares.feedback) {
                    let wait = self.behaviour.skewed(FEEDBACK_AFTER, 1.0);
                    self.at(wait, Event::Feedback(guest));
                }
                self.free(desk);
            }
            Event::BreakOver(desk) => {
                if let Some(every) = self.break_every {
                    self.next_break[desk as usize] = after(self.now, every);
                }
                self.idle.push(desk);
            }
            Event::Feedback(guest) => {
                if store.is(guest, State::Completed) {
                    let rating = store.wait(guest).rating(&mut self.behaviour);
                    store.act(
                        Act::GiveFeedback,
                        vec![Value::Subject(guest), Value::Integer(rating), Value::Absent],
                    );
                }
            }
        }
        self.call_next(store);
        if self.now >= self.next_reset && matches!(event, Event::Arrival) {
            self.reset(store);
        }
    }

    fn arrive(&mut self, store: &mut Store<'_, '_>) {
        if self.behaviour.happens(self.shares.bookings)
            && let Some((ahead, start)) = self.slot_ahead()
        {
            return self.book(ahead, start, store);
        }
        let issued = self.behaviour.happens(self.shares.staff_issued);
        let urgent = issued && self.behaviour.happens(URGENT);
        let action = match (urgent, issued) {
            (true, _) => Act::IssueUrgentTicket,
            (false, true) => Act::IssueTicket,
            (false, false) => Act::TakeTicket,
        };
        let guest = store.act(action, vec![Value::Absent]);
        let waiting = self.in_line(guest);
        if urgent {
            self.waiting.push_front(waiting);
        } else {
            self.waiting.push_back(waiting);
        }
        if self.behaviour.happens(self.shares.cancels) {
            let patience = self.behaviour.exponential(PATIENCE_OF_GUESTS);
            self.at(patience, Event::GiveUp(guest));
        }
        if self.behaviour.happens(TURNED_AWAY) {
            let wait = self.behaviour.exponential(LOOKS);
            self.at(wait, Event::TurnAway(guest));
        }
    }

    /// A guest who begins to wait.
    fn in_line(&mut self, guest: SubjectIndex) -> Waiting {
        let leaves = after(self.now, self.behaviour.skewed(PATIENCE_IN_LINE, 0.5));
        Waiting { guest, missed: 0, leaves }
    }

    fn book(&mut self, ahead: Duration, start: Timestamp, store: &mut Store<'_, '_>) {
        let people = *self.behaviour.pick(&[1, 1, 1, 2, 2, 3, 4]);
        let reserves = self.behaviour.happens(RESERVED);
        let action = if reserves { Act::Reserve } else { Act::Book };
        let values = vec![Value::Absent, Value::Duration(ahead), Value::Integer(people)];
        let guest = store.act(action, values);
        if reserves {
            let wait = self.behaviour.exponential(THINKS);
            self.at(wait, Event::Confirm(guest, start));
        } else {
            self.plan(guest, start);
        }
    }

    /// A reservation becomes a booking, or is cancelled.
    fn confirm(&mut self, guest: SubjectIndex, start: Timestamp, store: &mut Store<'_, '_>) {
        if self.behaviour.happens(CONFIRMED) && store.is(guest, State::Reserved) {
            store.act(Act::Confirm, vec![Value::Subject(guest)]);
            self.plan(guest, start);
        } else {
            store.act_if(guest, State::Reserved, Act::Cancel);
        }
    }

    /// What happens to a booking until its slot begins.
    fn plan(&mut self, guest: SubjectIndex, start: Timestamp) {
        self.expect(guest, start);
        let ahead = between(self.now, start);
        let halfway = ahead.mul_f64(0.2 + 0.6 * self.behaviour.unit());
        let draw = self.behaviour.unit();
        let shares = &self.shares;
        if draw < shares.reschedules {
            self.at(halfway, Event::Reschedule(guest));
        } else if draw < shares.reschedules + shares.staff_cancels {
            self.at(halfway, Event::StaffCancel(guest));
        } else if draw < shares.reschedules + shares.staff_cancels + shares.cancels {
            self.at(halfway, Event::GiveUp(guest));
        }
    }

    /// The guest of a booking comes in soon after the slot has begun.
    fn expect(&mut self, guest: SubjectIndex, start: Timestamp) {
        let late = self.behaviour.exponential(LATE);
        self.events.put(after(start, A_MOMENT + late), Event::BookedArrival(guest));
    }

    /// The guest of a booking is there: checks in with its code at a free desk, or waits.
    fn come_in(&mut self, guest: SubjectIndex, store: &mut Store<'_, '_>) {
        let scans = self.behaviour.happens(SCANS);
        match self.idle.pop_if(|_| scans) {
            Some(desk) => self.serve(Act::ScanCode, guest, desk, store),
            None => {
                let waiting = self.in_line(guest);
                self.booked.push_back(waiting);
            }
        }
    }

    /// Checks a guest in, who is then served at this desk.
    fn serve(&mut self, act: Act, guest: SubjectIndex, desk: u32, store: &mut Store<'_, '_>) {
        store.act(act, vec![Value::Subject(guest)]);
        let service = self.behaviour.skewed(self.service, 0.55);
        self.at(service, Event::Served(guest, desk));
    }

    /// Closes all open tickets of a queue in which somebody waits (settings page), if there is one.
    fn reset(&mut self, store: &mut Store<'_, '_>) {
        let waiting = self.booked.iter().chain(&self.waiting).map(|one| one.guest);
        let waiting: Vec<_> = waiting.filter(|guest| store.is(*guest, State::Pending)).collect();
        let Some(queue) = waiting.first().and_then(|first| store.queue(*first)) else { return };
        let called = self.events.entries().filter_map(|event| event.called());
        let called = called.filter(|guest| store.is(*guest, State::Notified));
        let open: BTreeSet<SubjectIndex> = waiting.into_iter().chain(called).collect();
        for guest in open {
            if store.queue(guest).as_ref() == Some(&queue) {
                store.act(Act::Reset, vec![Value::Subject(guest)]);
            }
        }
        self.next_reset = after(self.now, RESET_EVERY.mul_f64(0.5 + self.behaviour.unit()));
    }

    /// How far ahead a slot is booked, and when it begins: later today if the store is open then,
    /// or else within two days. `None` if the store is hardly ever open for a whole slot.
    fn slot_ahead(&mut self) -> Option<(Duration, Timestamp)> {
        (0..MOST_DRAWS).find_map(|draw| {
            let ahead = if draw < DRAWS_OF_TODAY {
                self.behaviour.skewed(Duration::from_secs(3 * 3600), 0.9)
            } else {
                TWO_DAYS.mul_f64(self.behaviour.unit())
            };
            let ahead = ahead + SOONEST;
            let start = slots::at_or_after(after(self.now, ahead), self.slot, &self.zone);
            let last = after(start, self.slot.saturating_sub(A_MOMENT));
            let open = self.arrivals.is_open(start) && self.arrivals.is_open(last);
            open.then_some((between(self.now, start), start))
        })
    }

    /// Free desks call those who wait. A desk whose break is due takes the break first.
    fn call_next(&mut self, store: &mut Store<'_, '_>) {
        while let Some(desk) = self.idle.pop() {
            let Some((guest, missed)) = self.next_guest(store) else {
                self.idle.push(desk);
                return;
            };
            store.act(Act::Call, vec![Value::Subject(guest)]);
            let share = if missed == 0 { self.shares.no_show } else { NO_SHOW_AGAIN };
            if self.behaviour.happens(share) {
                self.at(PATIENCE_OF_STAFF, Event::NotThere(guest, desk, missed + 1));
            } else {
                let walk = self.behaviour.skewed(WALK, 0.5);
                self.at(walk, Event::AtDesk(guest, desk));
            }
        }
    }

    /// The next guest who is still waiting. Who gave up is skipped, and who has left by now cancels.
    fn next_guest(&mut self, store: &mut Store<'_, '_>) -> Option<(SubjectIndex, u8)> {
        loop {
            let next = self.booked.pop_front().or_else(|| self.waiting.pop_front())?;
            if !store.is(next.guest, State::Pending) {
                continue;
            }
            if self.now < next.leaves {
                return Some((next.guest, next.missed));
            }
            store.act(Act::Cancel, vec![Value::Subject(next.guest)]);
        }
    }

    fn not_there(&mut self, guest: SubjectIndex, desk: u32, calls: u8, store: &mut Store<'_, '_>) {
        if store.is(guest, State::Notified) {
            if calls >= MOST_CALLS {
                store.act(Act::Reject, vec![Value::Subject(guest)]);
            } else {
                store.act(Act::Retry, vec![Value::Subject(guest)]);
                // The guest goes back in the queue, behind the next two.
                let place = self.waiting.len().min(2);
                let leaves = after(self.now, PATIENCE_AFTER_CALL);
                self.waiting.insert(place, Waiting { guest, missed: calls, leaves });
            }
        }
        self.free(desk);
    }

    fn free(&mut self, desk: u32) {
        if self.now >= self.next_break[desk as usize] {
            self.at(self.break_length, Event::BreakOver(desk));
        } else {
            self.idle.push(desk);
        }
    }
}

impl Traffic for StoreDay {
    fn next(&self) -> Option<Timestamp> {
        self.events.next()
    }

    fn act(&mut self, scene: &mut Scene<'_>) {
        let Some((at, event)) = self.events.pop() else { return };
        self.now = at.max(self.now);
        scene.not_before(self.now);
        self.happen(event, &mut Store { scene });
    }

    fn mentions(&self) -> Option<BTreeSet<SubjectIndex>> {
        let to_come = self.events.entries().filter_map(|event| event.guest());
        let here = self.booked.iter().chain(&self.waiting).map(|one| one.guest);
        Some(to_come.chain(here).collect())
    }
}
