//! How changes are told: whole events, whole orders, and, where the settings name their triggers,
//! attendees.

use bytes::Bytes;
use jiff::Timestamp;

use super::account::DooAccount;
use super::catalogue::DONE;
use super::event::EventNumber;
use super::order::OrderNumber;
use super::payload;
use crate::model::SubjectIndex;
use crate::vendors::{Caused, Outbox};

/// Why webhooks are told and when, and where they go.
pub struct Cause<'a> {
    pub(super) action: &'static str,
    pub(super) at: Timestamp,
    pub(super) outbox: &'a mut Outbox,
}

impl Cause<'_> {
    /// A webhook about a subject leaves.
    fn push(
        &mut self,
        trigger: &'static str,
        subject: SubjectIndex,
        belongs_to: Option<SubjectIndex>,
        body: Bytes,
    ) {
        let (at, action) = (self.at, self.action);
        self.outbox.caused.push(Caused { at, trigger, subject, belongs_to, action, body });
    }
}

impl DooAccount {
    /// Tells an event as it is.
    pub(super) fn tell_event(
        &mut self,
        number: EventNumber,
        trigger: &'static str,
        cause: &mut Cause<'_>,
    ) {
        self.scratch.clear();
        let event = &self.events[number as usize];
        payload::whole(event, &self.office, &mut self.scratch);
        let body = Bytes::copy_from_slice(&self.scratch);
        cause.push(trigger, event.index, None, body);
    }

    /// Tells an order as it is.
    pub(super) fn tell_order(
        &mut self,
        number: OrderNumber,
        trigger: &'static str,
        cause: &mut Cause<'_>,
    ) {
        self.prepare(number);
        let mut body = std::mem::take(&mut self.scratch);
        body.clear();
        self.write_order(number, &mut body);
        // The copy is as long as the body; the scratch keeps its room.
        cause.push(trigger, self.order(number).index, None, Bytes::copy_from_slice(&body));
        self.scratch = body;
    }

    /// Tells all attendees of an order, if anybody is to hear of this trigger.
    pub(super) fn tell_attendees(
        &mut self,
        number: OrderNumber,
        trigger: &'static str,
        cause: &mut Cause<'_>,
    ) {
        if !self.rules.attendee_triggers.is_empty() {
            for place in 0..self.order(number).tickets.len() as u8 {
                self.tell_attendee(number, place, trigger, cause);
            }
        }
    }

    /// Tells one attendee.
    pub(super) fn tell_attendee(
        &mut self,
        number: OrderNumber,
        place: u8,
        trigger: &'static str,
        cause: &mut Cause<'_>,
    ) {
        if !self.rules.attendee_triggers.iter().any(|wanted| wanted == trigger) {
            return;
        }
        self.prepare(number);
        let order = &self.orders[number as usize];
        let event = &self.events[order.event as usize];
        self.scratch.clear();
        payload::attendee(&order.form, (order, place), event, &self.office, &mut self.scratch);
        let body = Bytes::copy_from_slice(&self.scratch);
        let attendee = order.index + 1 + 2 * SubjectIndex::from(place);
        cause.push(trigger, attendee, Some(order.index), body);
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

    /// Gives back what was written of an order whose event is over: hardly anything follows.
    pub(super) fn forget(&mut self, number: OrderNumber) {
        let order = &mut self.orders[number as usize];
        if order.is_final() || self.events[order.event as usize].state == DONE {
            order.form = Default::default();
        }
    }

    /// Writes what of an order, and of its event in it, is the same for a while, unless it is there.
    fn prepare(&mut self, number: OrderNumber) {
        let order = &mut self.orders[number as usize];
        let event = &mut self.events[order.event as usize];
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
