//! The webhooks about changes: whole events, whole orders and, if the settings name their triggers,
//! attendees.

use super::account::DooAccount;
use super::event::EventNumber;
use super::order::OrderNumber;
use super::payload;
use super::places::attendee_at;
use super::state::EventState;
use super::triggers::Trigger;
use crate::vendors::emitter::Emitter;

impl DooAccount {
    /// Emits a webhook about an event in its current state.
    pub(super) fn emit_event(
        &mut self,
        number: EventNumber,
        trigger: Trigger,
        emitter: &mut Emitter<'_>,
    ) {
        let event = &self.events[number];
        payload::whole(event, &self.office, emitter.body());
        emitter.emit(trigger, event.index, None);
    }

    /// Emits a webhook about an order in its current state.
    pub(super) fn emit_order(
        &mut self,
        number: OrderNumber,
        trigger: Trigger,
        emitter: &mut Emitter<'_>,
    ) {
        self.prepare(number);
        self.write_order(number, emitter.body());
        emitter.emit(trigger, self.order(number).index, None);
    }

    /// Emits a webhook about each attendee of an order, if the settings name this trigger.
    pub(super) fn emit_attendees(
        &mut self,
        number: OrderNumber,
        trigger: Trigger,
        emitter: &mut Emitter<'_>,
    ) {
        if !self.rules.attendee_triggers.is_empty() {
            for place in 0..self.order(number).tickets.len() as u8 {
                self.emit_attendee(number, place, trigger, emitter);
            }
        }
    }

    /// Emits a webhook about one attendee, if the settings name this trigger.
    pub(super) fn emit_attendee(
        &mut self,
        number: OrderNumber,
        place: u8,
        trigger: Trigger,
        emitter: &mut Emitter<'_>,
    ) {
        if !self.rules.attendee_triggers.contains(&trigger) {
            return;
        }
        self.prepare(number);
        let order = &self.orders[number];
        let event = &self.events[order.event];
        payload::attendee(&order.form, (order, place), event, &self.office, emitter.body());
        let attendee = attendee_at(order.index, place);
        emitter.emit(trigger, attendee, Some(order.index));
    }

    /// Writes an order's whole body.
    pub(super) fn write_order(&self, number: OrderNumber, into: &mut Vec<u8>) {
        let order = self.order(number);
        let event = self.event(order.event);
        let anew;
        let form = if order.form.is_empty() {
            anew = payload::form(order, event, &self.office);
            &anew
        } else {
            &order.form
        };
        form.fill(into, |gap, into| payload::fill(gap, order, event, &self.office, into));
    }

    /// Frees the rendered parts of an order that is over. It will hardly be rendered again.
    pub(super) fn free_form(&mut self, number: OrderNumber) {
        let order = &mut self.orders[number];
        if order.is_final() || self.events[order.event].state == EventState::Done {
            order.form = Default::default();
        }
    }

    /// Renders the parts of an order and of its event that seldom change, unless they are rendered.
    fn prepare(&mut self, number: OrderNumber) {
        let order = &mut self.orders[number];
        let event = &mut self.events[order.event];
        if order.form.is_empty() {
            order.form = payload::form(order, event, &self.office);
        }
        if event.in_orders.is_empty() {
            let mut text = Vec::new();
            payload::in_orders(event, &self.office, &mut text);
            event.in_orders = text;
        }
    }
}
