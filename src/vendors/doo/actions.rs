//! What each action changes in an order, and what an event's orders come to by it.

use jiff::Timestamp;

use super::account::{DooAccount, Known};
use super::act::Act;
use super::catalogue::CATALOGUE;
use super::order::{OrderNumber, Payment};
use super::payload;
use super::people::{Name, Person};
use super::state::{OrderState, TicketState};
use super::triggers::Trigger;
use crate::chance::Chance;
use crate::model::Call;
use crate::vendors::RefusalKind::{Illegal, Invalid};
use crate::vendors::emitter::Emitter;
use crate::vendors::{Outbox, Refusal, Touched};

impl DooAccount {
    /// Does what is asked, or says why not; what is refused changes nothing and draws nothing.
    pub(super) fn carry_out(
        &mut self,
        call: &Call,
        now: Timestamp,
        outbox: &mut Outbox,
    ) -> Result<Touched, Refusal> {
        let action = call.action;
        let mut emitter = Emitter { action, at: now, outbox };
        let Some(index) = call.subject() else {
            return match Act::of(action) {
                Act::CreateEvent => self.create(call, &mut emitter),
                _ => self.book(call, &mut emitter),
            };
        };
        match self.subjects[index.place()] {
            Known::Event(number) => return self.organize(call, number, &mut emitter),
            Known::Order(number) => {
                self.check_more(call, number)?;
                self.change(call, number, &mut emitter);
                self.forget(number);
            }
            Known::Ticket(number, place) => {
                self.check_in(number, place, &mut emitter);
                self.forget(number);
            }
            Known::Attendee(..) => panic!("no action acts on an attendee"),
        }
        Ok(Touched::only(index))
    }

    /// What stands against an action beside the status of its order.
    fn check_more(&self, call: &Call, number: OrderNumber) -> Result<(), Refusal> {
        let order = self.order(number);
        let refuse = |kind, reason: &str| {
            Err(Refusal::beside(kind, &CATALOGUE, call.action, order.status, reason))
        };
        match Act::of(call.action) {
            Act::Pay if order.paid.is_some() => refuse(Illegal, "it is paid already"),
            Act::Cancel if !self.event(order.event).is_free() => {
                refuse(Illegal, "bookers cancel orders for free events alone")
            }
            Act::Rename if call.text("name").is_none_or(|name| name.trim().is_empty()) => {
                refuse(Invalid, "whoever books has a name")
            }
            _ => Ok(()),
        }
    }

    /// Changes an order. It has been checked.
    fn change(&mut self, call: &Call, number: OrderNumber, emitter: &mut Emitter<'_>) {
        let now = emitter.at;
        match Act::of(call.action) {
            Act::Approve => {
                self.decide(number);
                self.order_mut(number).approved = Some(now);
                self.activate(number, Payment::Later, now);
                self.emit_order(number, Trigger::OrderUpdated, emitter);
                if self.order(number).is_admitted() {
                    self.emit_attendees(number, Trigger::AttendeeValidated, emitter);
                }
            }
            Act::Flag => {
                let order = self.order_mut(number);
                order.status = OrderState::PendingReview;
                order.comment = Some(comment(order.seed));
                self.emit_order(number, Trigger::OrderUpdated, emitter);
            }
            Act::Deny => {
                self.decide(number);
                let order = self.order_mut(number);
                order.status = OrderState::Denied;
                order.comment = Some(comment(order.seed));
                self.give_up(number, &[Trigger::OrderUpdated], emitter);
            }
            Act::Pay => {
                self.order_mut(number).pay(now);
                self.count_admitted(number);
                self.emit_order(number, Trigger::OrderUpdated, emitter);
                self.emit_attendees(number, Trigger::AttendeeValidated, emitter);
            }
            Act::Rename => self.rename(call, number, emitter),
            Act::CancelBooking => self.cancel(number, OrderState::CancelledByOrganizer, emitter),
            Act::Cancel => self.cancel(number, OrderState::CancelledByAttendee, emitter),
            Act::Remove => {
                if self.order(number).waits() {
                    self.decide(number);
                }
                let order = self.order_mut(number);
                order.removed = Some(now);
                order.status = OrderState::Removed;
                self.give_up(number, &[Trigger::OrderRemoved], emitter);
            }
            Act::CreateEvent
            | Act::Publish
            | Act::RenameEvent
            | Act::PostponeEvent
            | Act::CallOff
            | Act::DeleteEvent
            | Act::EndEvent
            | Act::Book
            | Act::BookByTransfer
            | Act::BookWith
            | Act::CheckIn
            | Act::UndoCheckIn => panic!("`{}` is not done to an order", call.action.call),
        }
    }

    /// An order has become valid.
    pub(super) fn activate(&mut self, number: OrderNumber, payment: Payment, now: Timestamp) {
        self.order_mut(number).activate(now, payment);
        if self.order(number).is_admitted() {
            self.count_admitted(number);
        }
    }

    /// Its tickets hold their places from now on.
    pub(super) fn take_places(&mut self, number: OrderNumber) {
        let order = &self.orders[number.place()];
        let categories = &mut self.events[order.event.place()].categories;
        for ticket in &order.tickets {
            categories[usize::from(ticket.category)].taken += 1;
        }
    }

    /// It does not wait for the organizer any more.
    fn decide(&mut self, number: OrderNumber) {
        let event = self.order(number).event;
        self.event_mut(event).tally.waiting -= 1;
    }

    /// Its attendees are active from now on, and its money is there.
    fn count_admitted(&mut self, number: OrderNumber) {
        let order = &self.orders[number.place()];
        let (attendees, amount) = (order.tickets.len() as u64, order.amount);
        let tally = &mut self.events[order.event.place()].tally;
        tally.participants += attendees;
        tally.revenue += amount;
    }

    fn cancel(&mut self, number: OrderNumber, status: OrderState, emitter: &mut Emitter<'_>) {
        let order = self.order_mut(number);
        order.status = status;
        order.cancelled = Some(emitter.at);
        let triggers = self.rules.cancellation_fires.clone();
        self.give_up(number, &triggers, emitter);
    }

    /// Its tickets are cancelled, unless they are already, and their places free again.
    fn give_up(&mut self, number: OrderNumber, triggers: &[Trigger], emitter: &mut Emitter<'_>) {
        let order = &mut self.orders[number.place()];
        let event = &mut self.events[order.event.place()];
        let held = order.holds_places();
        if order.is_admitted() {
            event.tally.participants -= order.tickets.len() as u64;
            event.tally.revenue -= order.amount;
        }
        if held {
            for ticket in &order.tickets {
                event.categories[usize::from(ticket.category)].taken -= 1;
            }
        }
        order.set_tickets(TicketState::Cancelled);
        for trigger in triggers {
            self.emit_order(number, *trigger, emitter);
        }
        if held {
            self.emit_attendees(number, Trigger::AttendeeCancelled, emitter);
        }
    }

    /// The booker's name is corrected, who is the first attendee too.
    fn rename(&mut self, call: &Call, number: OrderNumber, emitter: &mut Emitter<'_>) {
        let order = self.order_mut(number);
        let names = order.names.get_or_insert_default();
        let before = match &names.corrected {
            Some(corrected) => corrected.clone(),
            None => {
                let mut chance = Chance::from_seed(order.seed);
                Person::booker(&mut chance, names.booker.as_deref()).name
            }
        };
        let name = Name::parse(call.text("name").unwrap_or_default(), &before.last);
        if name == before {
            return;
        }
        names.corrected = Some(name);
        order.form = Default::default();
        if order.is_admitted() {
            order.corrected = Some(emitter.at);
        }
        self.emit_order(number, Trigger::OrderUpdated, emitter);
    }

    /// Lets somebody in, or takes that back.
    fn check_in(&mut self, number: OrderNumber, place: u8, emitter: &mut Emitter<'_>) {
        let entering = Act::of(emitter.action) == Act::CheckIn;
        let ticket = &mut self.order_mut(number).tickets[usize::from(place)];
        ticket.status = if entering { TicketState::Checked } else { TicketState::Valid };
        if self.rules.checkin_fires {
            self.emit_order(number, Trigger::OrderUpdated, emitter);
        }
        let trigger = if entering { Trigger::AttendeeCheckin } else { Trigger::AttendeeValidated };
        self.emit_attendee(number, place, trigger, emitter);
    }
}

/// What the organizer notes about an order, by its place among the comments.
fn comment(seed: u64) -> u8 {
    (seed % payload::COMMENTS.len() as u64) as u8
}
