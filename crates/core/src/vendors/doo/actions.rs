//! What each action changes in an order, and in the totals of its event.

use jiff::Timestamp;

use super::account::{DooAccount, Known};
use super::act::Act;
use super::catalogue::CATALOGUE;
use super::order::{Comment, OrderNumber, Payment};
use super::people::{Name, Person};
use super::state::{OrderState, TicketState};
use super::triggers::Trigger;
use crate::chance::Chance;
use crate::model::Call;
use crate::vendors::RefusalKind::{Illegal, Invalid};
use crate::vendors::emitter::Emitter;
use crate::vendors::{Outbox, Refusal, Touched};

impl DooAccount {
    /// Carries out a call, or refuses it. A refusal changes nothing and draws nothing.
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
        match self.subjects[index] {
            Known::Event(number) => return self.organize(call, number, &mut emitter),
            Known::Order(number) => {
                self.check_more(call, number)?;
                self.change(call, number, &mut emitter);
                self.free_form(number);
            }
            Known::Ticket(number, place) => {
                self.check_in(number, place, &mut emitter);
                self.free_form(number);
            }
            Known::Attendee(..) => panic!("no action acts on an attendee"),
        }
        Ok(Touched::only(index))
    }

    /// Refuses an action that the status of its order allows but something else prevents.
    fn check_more(&self, call: &Call, number: OrderNumber) -> Result<(), Refusal> {
        let order = self.order(number);
        let refuse = |kind, reason: &str| {
            Err(Refusal::beside(kind, &CATALOGUE, call.action, order.status, reason))
        };
        match Act::of(call.action) {
            Act::Pay if order.paid.is_some() => refuse(Illegal, "it is paid already"),
            Act::Cancel if !self.event(order.event).is_free() => {
                refuse(Illegal, "bookers can cancel only orders for free events")
            }
            Act::Rename if call.text("name").is_none_or(|name| name.trim().is_empty()) => {
                refuse(Invalid, "a booker needs a name")
            }
            _ => Ok(()),
        }
    }

    /// Changes an order, after all checks.
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
                order.comment = Some(Comment::Flagged);
                self.emit_order(number, Trigger::OrderUpdated, emitter);
            }
            Act::Deny => {
                self.decide(number);
                let order = self.order_mut(number);
                order.status = OrderState::Denied;
                order.comment = Some(Comment::Denied);
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
            | Act::UndoCheckIn => panic!("`{}` is not an action on an order", call.action.call),
        }
    }

    /// Makes an order active.
    pub(super) fn activate(&mut self, number: OrderNumber, payment: Payment, now: Timestamp) {
        self.order_mut(number).activate(now, payment);
        if self.order(number).is_admitted() {
            self.count_admitted(number);
        }
    }

    /// Takes places for its tickets.
    pub(super) fn take_places(&mut self, number: OrderNumber) {
        let order = &self.orders[number];
        let categories = &mut self.events[order.event].categories;
        for ticket in &order.tickets {
            categories[usize::from(ticket.category)].taken += 1;
        }
    }

    /// Ends its wait for the organizer.
    fn decide(&mut self, number: OrderNumber) {
        let event = self.order(number).event;
        self.event_mut(event).tally.waiting -= 1;
    }

    /// Counts its attendees as active, and its payment as revenue.
    fn count_admitted(&mut self, number: OrderNumber) {
        let order = &self.orders[number];
        let (attendees, amount) = (order.tickets.len() as u64, order.amount);
        let tally = &mut self.events[order.event].tally;
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

    /// Cancels its tickets, unless they are cancelled already, and frees their places.
    fn give_up(&mut self, number: OrderNumber, triggers: &[Trigger], emitter: &mut Emitter<'_>) {
        let order = &mut self.orders[number];
        let event = &mut self.events[order.event];
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

    /// Corrects the name of the booker, who is also the first attendee.
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

    /// Checks a ticket in, or undoes that.
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
