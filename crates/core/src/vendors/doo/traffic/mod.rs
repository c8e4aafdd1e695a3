//! A season. Events go on sale with a rush. Bookers come by the hour, pay at once, days later or
//! never, change their minds, and come to the door on the day. The organizer approves, denies,
//! cancels and creates the next event.
//!
//! A small discrete-event simulation on top of the account, which keeps the truth. The numbers that
//! users may want to change come from the catalogue's traffic settings.

mod doors;
mod edits;
mod hours;
mod next;
mod sale;
mod shares;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value as Json;

use super::act::Act;
use super::dates::{self, Dates};
use super::named::EVENTS;
use super::order::Payment;
use super::places::{first_events, ticket_at};
use super::state::EventState::{self, Draft, Live};
use super::state::OrderState::{
    Active, CancelledByAttendee, CancelledByOrganizer, Denied, PendingApproval, PendingReview,
};
use super::state::TicketState::{Checked, Pending, Valid};
use super::unknown;
use crate::chance::Chance;
use crate::clock::{after, between};
use crate::model::{Settings, SubjectIndex, Value};
use crate::vendors::agenda::Agenda;
use crate::vendors::arrivals::{Arrivals, OFFICE};
use crate::vendors::one_in::OneIn;
use crate::vendors::{Scene, Touched, Traffic};
use next::Next;
use sale::{Cost, Sale};
use shares::Shares;
use words::COUPONS;

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// How many tickets an order has: usually one.
const TICKETS: [i64; 12] = [1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 4];
/// The sum of these numbers: twelve times their mean.
const TICKETS_OF_TWELVE: u64 = 20;
/// How popular an event is: the median, and how far others differ. Some sell out, and some do not.
const POPULARITY: f64 = 0.35;
const POPULARITY_SPREAD: f64 = 0.9;
/// The days within which an organizer creates an event, if that happens once a week or less.
const CREATION_DAYS: u64 = 4;
/// The mean time from the draft of an event to its publication or deletion.
const DRAFTING: Duration = Duration::from_secs(3 * 3600);
/// The time after the opening of the first sales within which the other organizers begin.
const FIRST_EVENTS: Duration = Duration::from_secs(60);
/// One of so many drafts is deleted, and one of so many events is postponed or called off.
const DELETED: u64 = 8;
const POSTPONED: u64 = 8;
const CALLED_OFF: u64 = 10;
/// The share of events that are edited.
const EDITED: f64 = 0.4;
/// How long after the last day for a payment the organizer cancels the order.
const REMINDED: Duration = Duration::from_secs(24 * 3600);

/// The people around an organization.
pub struct Season {
    now: Timestamp,
    agenda: Agenda<Next>,
    sales: BTreeMap<SubjectIndex, Sale>,
    /// How many events have been on sale.
    opened: u64,
    traffic: Settings,
    zone: TimeZone,
    dates: Dates,
    shares: Shares,
    rush: f64,
    rush_lasts: Duration,
    new_event_every: Option<Duration>,
    pays_after: Duration,
    decides_after: Duration,
    deleted: OneIn,
    postponed: OneIn,
    called_off: OneIn,
    chance: Chance,
    behaviour: Chance,
}

impl Season {
    /// A population for an account with these settings, from this moment on.
    pub fn new(account: &Settings, traffic: &Settings, chance: Chance, start: Timestamp) -> Self {
        let mut season = Self {
            now: start,
            agenda: Agenda::default(),
            sales: BTreeMap::new(),
            opened: 0,
            traffic: traffic.clone(),
            zone: dates::zone(account),
            dates: Dates::of(account),
            shares: Shares::of(traffic),
            rush: traffic.share("rush"),
            rush_lasts: traffic.duration("rush_lasts").unwrap_or_default(),
            new_event_every: traffic.duration("new_event_every"),
            pays_after: traffic.duration("pays_after").unwrap_or_default(),
            decides_after: traffic.duration("decides_after").unwrap_or_default(),
            deleted: OneIn::new(DELETED),
            postponed: OneIn::new(POSTPONED),
            called_off: OneIn::new(CALLED_OFF),
            behaviour: chance.child("behaviour"),
            chance,
        };
        for event in first_events(account.distinct(EVENTS).len()) {
            season.agenda.put(start, Next::Opens(event));
        }
        // The first organizer has these events. Each of the others begins with a new one.
        let organizers = traffic.integer("organizers").unsigned_abs();
        for organizer in 0..organizers {
            if organizer > 0 {
                let wait = season.behaviour.exponential(FIRST_EVENTS);
                season.agenda.put(after(start, wait), Next::Plans);
            } else if let Some(every) = season.new_event_every {
                season.agenda.put(after(start, every), Next::Plans);
            }
        }
        season
    }

    /// Schedules an event after this wait.
    fn after(&mut self, wait: Duration, next: Next) {
        self.agenda.put(after(self.now, wait), next);
    }

    /// Schedules an event after a random wait with this mean.
    fn about(&mut self, mean: Duration, next: Next) {
        let wait = self.behaviour.exponential(mean);
        self.after(wait, next);
    }

    /// Schedules an event after this wait, in working hours.
    fn at_work(&mut self, wait: Duration, next: Next) {
        let at = hours::working(after(self.now, wait), &self.zone, &mut self.behaviour);
        self.agenda.put(at, next);
    }

    fn happen(&mut self, next: Next, desk: &mut Scene<'_>) {
        match next {
            Next::Opens(event) => self.open(event, desk),
            Next::Rush(event) => {
                self.book(event, desk);
                self.expect_rush(event);
            }
            Next::Booker(event) => {
                self.book(event, desk);
                self.expect_booker(event);
            }
            Next::Plans => self.plan(),
            Next::Creates => self.create(desk),
            Next::Publishes(event) => self.publish(event, desk),
            Next::Edits(event) => self.edit(event, desk),
            Next::Postpones(event) => {
                let days = u32::try_from(self.behaviour.between(1, 14)).unwrap_or(1);
                let length = Value::Duration(DAY * days);
                self.organize(event, Act::PostponeEvent, Some(("length", length)), desk);
            }
            Next::CallsOff(event) => self.organize(event, Act::CallOff, None, desk),
            Next::LooksBack(event) => self.look_back(event, desk),
            Next::Decides(order) => self.decide(order, desk),
            Next::Flags(order) => {
                desk.act_if(order, &[PendingApproval], Act::Flag);
            }
            Next::Pays(order) => {
                if desk.is(ticket_at(order, 0), &[Pending]) {
                    desk.act_if(order, &[Active], Act::Pay);
                }
            }
            Next::NotPaid(order) => {
                if desk.is(ticket_at(order, 0), &[Pending])
                    && desk.act_if(order, &[Active], Act::CancelBooking).is_some()
                {
                    self.perhaps_removed(order);
                }
            }
            Next::Renames(order) => self.rename(order, desk),
            Next::Cancels(order, cost) => {
                let call = if cost == Cost::Free { Act::Cancel } else { Act::CancelBooking };
                if desk.act_if(order, &[Active], call).is_some() {
                    self.perhaps_removed(order);
                }
            }
            Next::Removes(order) => {
                let over = [Denied, CancelledByOrganizer, CancelledByAttendee];
                desk.act_if(order, &over, Act::Remove);
            }
            Next::Doors(event) => self.open_doors(event, desk),
            Next::Enters(ticket) => {
                if desk.act_if(ticket, &[Valid], Act::CheckIn).is_some()
                    && self.behaviour.happens(self.shares.undone)
                {
                    self.about(MINUTE, Next::Undoes(ticket));
                }
            }
            Next::Undoes(ticket) => {
                if desk.act_if(ticket, &[Checked], Act::UndoCheckIn).is_some() {
                    self.about(MINUTE, Next::EntersAgain(ticket));
                }
            }
            Next::EntersAgain(ticket) => {
                desk.act_if(ticket, &[Valid], Act::CheckIn);
            }
        }
    }

    /// Expects an event of this organizer, and the one after it.
    fn plan(&mut self) {
        let Some(every) = self.new_event_every else {
            return self.after(Duration::ZERO, Next::Creates);
        };
        self.after(every, Next::Plans);
        if every < 7 * DAY {
            return self.after(Duration::ZERO, Next::Creates);
        }
        let days = u32::try_from(self.behaviour.between(0, CREATION_DAYS)).unwrap_or_default();
        let wait = DAY * days + DAY.mul_f64(self.behaviour.unit());
        self.at_work(wait, Next::Creates);
    }

    fn create(&mut self, desk: &mut Scene<'_>) {
        if let Some(Touched { subject: event, .. }) = desk.act(Act::CreateEvent, &[]) {
            if self.behaviour.happens(EDITED) {
                self.about(DRAFTING / 3, Next::Edits(event));
            }
            self.about(DRAFTING, Next::Publishes(event));
        }
    }

    /// Publishes a draft, or deletes it.
    fn publish(&mut self, event: SubjectIndex, desk: &mut Scene<'_>) {
        if !desk.is(event, &[Draft]) {
            return;
        }
        let deleted = self.deleted.deal(&mut self.behaviour);
        let call = if deleted { Act::DeleteEvent } else { Act::Publish };
        let done = desk.act(call, &[("event", Value::Subject(event))]).is_some();
        if done && !deleted {
            self.open(event, desk);
        }
    }

    /// Does an action to an event that is not over.
    fn organize(
        &mut self,
        event: SubjectIndex,
        call: Act,
        value: Option<(&str, Value)>,
        desk: &mut Scene<'_>,
    ) {
        let states: &[EventState] = if call == Act::CallOff { &[Live] } else { &[Draft, Live] };
        if desk.is(event, states) {
            let subject = ("event", Value::Subject(event));
            let values: Vec<_> = [subject].into_iter().chain(value).collect();
            desk.act(call, &values);
        }
    }

    /// Begins the sale of an event.
    fn open(&mut self, event: SubjectIndex, desk: &mut Scene<'_>) {
        if !desk.is(event, &[Live]) {
            return;
        }
        let truth = desk.truth(event);
        let Some(start) = self.date_of(&truth, "start_date") else { return };
        let cost = if truth["show_bank_transfer"] == false { Cost::Free } else { Cost::Paid };
        let capacity = truth["total_amount"].as_u64().unwrap_or(0) as f64;
        let chance = self.chance.child(&format!("sale {}", self.opened));
        let popular = chance.child("popularity").skewed(DAY, POPULARITY_SPREAD);
        let popular = popular.as_secs_f64() / DAY.as_secs_f64() * POPULARITY;
        let rush = (capacity * self.rush * popular.min(1.0)) as u64 * 12 / TICKETS_OF_TWELVE;
        self.opened += 1;
        let demand = (popular, OFFICE);
        let arrivals = Arrivals::new(&self.traffic, demand, self.zone.clone(), chance, self.now);
        self.sales.insert(event, Sale::open(cost, rush, start, arrivals));
        self.expect_rush(event);
        self.expect_booker(event);
        let ahead = between(self.now, start);
        self.expect_doors(event, start);
        for (happens, from, next) in [
            (self.behaviour.happens(EDITED), 0.1, Next::Edits(event)),
            (self.postponed.deal(&mut self.behaviour), 0.5, Next::Postpones(event)),
            (self.called_off.deal(&mut self.behaviour), 0.6, Next::CallsOff(event)),
        ] {
            let place = self.behaviour.unit();
            if happens {
                let at = after(self.now, ahead.mul_f64(from + (0.9 - from) * place));
                let working = hours::working(at, &self.zone, &mut self.behaviour);
                // An event that begins soon is changed at any hour.
                self.agenda.put(if working < start { working } else { at }, next);
            }
        }
    }

    /// A date of an event: `start_date` or `end_date`.
    fn date_of(&self, truth: &Json, name: &str) -> Option<Timestamp> {
        self.dates.read(truth[name].as_str()?)
    }

    fn expect_rush(&mut self, event: SubjectIndex) {
        let Some(sale) = self.sales.get_mut(&event) else { return };
        let next = sale.next_in_rush(self.rush_lasts, self.now, &mut self.behaviour);
        if let Some(at) = next {
            self.agenda.put(at, Next::Rush(event));
        }
    }

    fn expect_booker(&mut self, event: SubjectIndex) {
        if let Some(at) = self.sales.get_mut(&event).and_then(Sale::next) {
            self.agenda.put(at, Next::Booker(event));
        }
    }

    /// Somebody books, if there are places left.
    fn book(&mut self, event: SubjectIndex, desk: &mut Scene<'_>) {
        let Some(sale) = self.sales.get(&event) else { return };
        let cost = sale.cost;
        if !desk.is(event, &[Live]) {
            // The event was called off, so nobody comes any more.
            self.sales.remove(&event);
            return;
        }
        let tickets = Value::Integer(*self.behaviour.pick(&TICKETS));
        let transfer = self.behaviour.happens(self.shares.bank_transfers) && cost == Cost::Paid;
        let coupon = self.behaviour.happens(self.shares.coupons) && cost == Cost::Paid && !transfer;
        let mut values = vec![("event", Value::Subject(event)), ("tickets", tickets)];
        if coupon {
            let code = (*self.behaviour.pick(&COUPONS)).to_owned();
            values.push(("coupon", Value::Text(code)));
        }
        let call = if transfer { Act::BookByTransfer } else { Act::Book };
        let booked = desk.act(call, &values);
        let Some(sale) = self.sales.get_mut(&event) else { return };
        let Some(Touched { subject: order, made }) = booked else {
            sale.turn_away(self.now);
            return;
        };
        // Attendees and their tickets alternate.
        sale.tickets.extend(made.iter().skip(1).step_by(2));
        let payment = if transfer { Payment::Later } else { Payment::Made };
        self.go_on(order, payment, cost, desk);
    }

    /// Schedules what happens next to an order.
    fn go_on(&mut self, order: SubjectIndex, payment: Payment, cost: Cost, desk: &Scene<'_>) {
        if desk.is(order, &[PendingApproval]) {
            if self.behaviour.happens(self.shares.flagged) {
                let wait = self.behaviour.exponential(self.decides_after / 3);
                self.at_work(wait, Next::Flags(order));
            }
            let wait = self.behaviour.skewed(self.decides_after, 0.8);
            self.at_work(wait, Next::Decides(order));
        } else if payment == Payment::Later {
            self.expect_payment(order);
        }
        if self.behaviour.happens(self.shares.edits) {
            self.about(DAY, Next::Renames(order));
        }
        if self.behaviour.happens(self.shares.cancels) {
            let wait = self.behaviour.exponential(5 * DAY);
            match cost {
                Cost::Free => self.after(wait, Next::Cancels(order, cost)),
                // The organizer does it.
                Cost::Paid => self.at_work(wait, Next::Cancels(order, cost)),
            }
        }
    }

    fn expect_payment(&mut self, order: SubjectIndex) {
        if self.behaviour.happens(self.shares.never_pays) {
            let days = u32::try_from(unknown::BANK_TRANSFER_DAYS).unwrap_or(u32::MAX);
            self.at_work(DAY * days + REMINDED, Next::NotPaid(order));
        } else {
            let wait = self.behaviour.skewed(self.pays_after, 0.6);
            self.at_work(wait, Next::Pays(order));
        }
    }

    fn decide(&mut self, order: SubjectIndex, desk: &mut Scene<'_>) {
        let waiting = [PendingApproval, PendingReview];
        if self.behaviour.happens(self.shares.denied) {
            if desk.act_if(order, &waiting, Act::Deny).is_some() {
                self.perhaps_removed(order);
            }
        } else if desk.act_if(order, &waiting, Act::Approve).is_some()
            && desk.is(ticket_at(order, 0), &[Pending])
        {
            // What is paid after the approval is paid by bank transfer, as the body says.
            self.expect_payment(order);
        }
    }

    fn perhaps_removed(&mut self, order: SubjectIndex) {
        if self.behaviour.happens(self.shares.removed) {
            let wait = self.behaviour.exponential(2 * DAY);
            self.at_work(wait, Next::Removes(order));
        }
    }
}

impl Traffic for Season {
    fn next(&self) -> Option<Timestamp> {
        self.agenda.next()
    }

    fn act(&mut self, desk: &mut Scene<'_>) {
        let Some((at, next)) = self.agenda.pop() else { return };
        self.now = at.max(self.now);
        desk.not_before(self.now);
        self.happen(next, desk);
    }

    fn mentions(&self) -> Option<BTreeSet<SubjectIndex>> {
        let to_come = self.agenda.entries().filter_map(Next::subject);
        let tickets = self.sales.values().flat_map(|sale| &sale.tickets);
        Some(to_come.chain(self.sales.keys().chain(tickets).copied()).collect())
    }
}
