//! The webhooks about changes: a visit, a message or a location before and after the change.

use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;

use super::account::{Known, WaitwhileAccount};
use super::act::Act;
use super::cause::Cause;
use super::due::Due;
use super::message::{self, Kind, Message, MessageNumber};
use super::payload::{self, Form};
use super::state::{MessageState, VisitState};
use super::triggers::Trigger;
use super::visit::{Rendered, VisitNumber};
use crate::clock::after;
use crate::model::SubjectIndex;

/// The time from the creation of a message to its last change (seed 002).
const MESSAGE_LAG: Duration = Duration::from_millis(34);

/// How much of a visit has changed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// Any part of it.
    Visit,
    /// Only its position in line.
    Place,
}

impl WaitwhileAccount {
    /// Renders a visit before it changes, unless its last rendering still exists.
    pub(super) fn before(&mut self, number: VisitNumber) {
        if !self.visit(number).rendered.whole.is_empty() {
            return;
        }
        let visit = self.visit(number);
        let mut rendered = Rendered::default();
        payload::details(Form::Updated, visit, self.around(visit), &mut rendered.details);
        payload::whole(&rendered.details, visit, self.around(visit), &mut rendered.whole);
        self.visit_mut(number).rendered = rendered;
    }

    /// Emits the webhook about a new visit.
    pub(super) fn emit_created(&mut self, number: VisitNumber, cause: &mut Cause<'_>) {
        let body = self.snapshot(number, Form::Created, Trigger::Created);
        cause.emitter.emit(Trigger::Created, self.visit(number).index, None, body);
    }

    /// Emits the webhook about a deleted visit, with its last values. Call it before the visit
    /// changes.
    pub(super) fn emit_removed(&mut self, number: VisitNumber, cause: &mut Cause<'_>) {
        if self.is_silent(number) {
            return;
        }
        let body = self.snapshot(number, Form::Removed, Trigger::Removed);
        cause.emitter.emit(Trigger::Removed, self.visit(number).index, None, body);
    }

    fn snapshot(&mut self, number: VisitNumber, form: Form, trigger: Trigger) -> Bytes {
        let visit = self.visit(number);
        let (mut details, mut whole) = (Vec::new(), Vec::new());
        payload::details(form, visit, self.around(visit), &mut details);
        payload::whole(&details, visit, self.around(visit), &mut whole);
        self.envelopes.single(trigger, &whole)
    }

    /// Whether a visit sends no webhooks: a setting can keep holds silent.
    fn is_silent(&self, number: VisitNumber) -> bool {
        self.visit(number).state == VisitState::Pending && !self.rules.hold_fires
    }

    /// Emits the webhook about a visit that has changed since [`Self::before`].
    pub(super) fn emit_updated(&mut self, number: VisitNumber, cause: &mut Cause<'_>) {
        self.emit_change(number, Extent::Visit, cause);
    }

    fn emit_change(&mut self, number: VisitNumber, extent: Extent, cause: &mut Cause<'_>) {
        let visit = self.visit_mut(number);
        visit.updated = cause.now;
        visit.updated_by = cause.by;
        let Rendered { mut details, whole: before } = std::mem::take(&mut visit.rendered);
        if self.is_silent(number) {
            return;
        }
        let mut after = std::mem::take(&mut self.scratch);
        let visit = self.visit(number);
        if extent == Extent::Visit {
            payload::details(Form::Updated, visit, self.around(visit), &mut details);
        }
        payload::whole(&details, visit, self.around(visit), &mut after);
        let body = self.envelopes.pair(Trigger::Updated, &before, &after);
        cause.emitter.emit(Trigger::Updated, self.visit(number).index, None, body);
        self.scratch = before;
        // A visit that is over seldom changes again. Its text is not worth the memory.
        if self.visit(number).state != VisitState::Complete {
            self.visit_mut(number).rendered = Rendered { details, whole: after };
        }
    }

    /// Gives the visits at these indexes of a line their new positions, and emits a webhook about
    /// each that moved. The guest who becomes first in line also gets a message.
    pub(super) fn advance(&mut self, location: u16, places: Range<usize>, cause: &mut Cause<'_>) {
        let mut first = None;
        for place in places {
            let here = &self.locations[usize::from(location)];
            let (number, position) = (here.line.at(place), place as u32 + 1);
            let estimate = here.pace.estimate(position);
            let visit = self.visit(number);
            let moved = visit.position != Some(position);
            let alone = self.rules.estimates_always && visit.estimate != Some(estimate);
            if !(moved || alone) {
                continue;
            }
            self.before(number);
            self.visit_mut(number).stand(position, estimate);
            self.emit_change(number, Extent::Place, cause);
            first = first.or_else(|| (moved && position == 1).then_some(number));
        }
        if let Some(number) = first {
            self.send(Kind::NextInLine, number, cause);
        }
    }

    /// Moves up everybody behind a gap in the line. If a new estimate alone sends a webhook, the
    /// whole line is checked.
    pub(super) fn close_gap(&mut self, location: u16, gap: Option<usize>, cause: &mut Cause<'_>) {
        let end = self.locations[usize::from(location)].line.len();
        let from = if self.rules.estimates_always { 0 } else { gap.unwrap_or(end) };
        self.advance(location, from..end, cause);
    }

    /// Sends a message about a visit and emits its webhook, if messages of its kind are sent.
    pub(super) fn send(
        &mut self,
        kind: Kind,
        number: VisitNumber,
        cause: &mut Cause<'_>,
    ) -> Option<SubjectIndex> {
        // Some guests have left no address.
        if !self.rules.sends(kind) || !self.is_reachable(number) {
            return None;
        }
        let message = self.write(kind, number, cause);
        let (index, written) = (message.index, self.messages.next_number());
        if let Some(takes) = self.rules.message_takes {
            let takes = takes.max(Duration::from_millis(1));
            self.due.put(after(message.updated, takes), Due::Deliver(written));
        }
        let body = self.envelopes.single(Trigger::MessageCreated, &message.rendered);
        let visit = self.visit(message.visit).index;
        cause.emitter.emit(Trigger::MessageCreated, index, Some(visit), body);
        self.messages.push(message);
        Some(index)
    }

    /// Whether the guest can be reached. Guests who were only counted in left no address.
    pub(super) fn is_reachable(&self, number: VisitNumber) -> bool {
        let visit = self.visit(number);
        let guest = &self.customers[visit.customer].guest;
        !visit.anonymous && !guest.recipient().is_empty()
    }

    fn write(&mut self, kind: Kind, number: VisitNumber, cause: &Cause<'_>) -> Message {
        let index = self.know(Known::Message(self.messages.next_number()));
        let id = self.ids.alphanumeric(20);
        let visit = self.visit(number);
        let around = self.around(visit);
        let channel = around.customer.guest.channel;
        let short_name = &around.location.short_name;
        let link = format!("https://{}/l/{short_name}/{}", self.office.host, &visit.id[..6]);
        let business = &self.office.business;
        let (subject, body) = message::text(kind, channel, &visit.first_name, business, &link);
        let mut message = Message {
            index,
            id,
            visit: number,
            kind,
            booking: visit.booking.is_some(),
            channel,
            state: MessageState::Pending,
            recipient_name: visit.full_name(),
            recipient: around.customer.guest.recipient().to_owned(),
            body,
            subject,
            created: cause.now,
            created_by: cause.by,
            updated: after(cause.now, MESSAGE_LAG),
            rendered: Vec::new(),
        };
        let mut rendered = Vec::new();
        payload::message(&message, visit, around, &mut rendered);
        message.rendered = rendered;
        message
    }

    /// Records that a message was delivered, or that it failed.
    pub(super) fn end_message(&mut self, number: MessageNumber, cause: &mut Cause<'_>) {
        let message = &mut self.messages[number];
        let failed = Act::of(cause.emitter.action) == Act::FailMessage;
        message.state = if failed { MessageState::Failed } else { MessageState::Delivered };
        message.updated = cause.now;
        let before = std::mem::take(&mut message.rendered);
        let message = &self.messages[number];
        let visit = self.visit(message.visit);
        let (subject, belongs_to) = (message.index, Some(visit.index));
        let mut after = Vec::with_capacity(before.len() + 8);
        payload::message(message, visit, self.around(visit), &mut after);
        let body = self.envelopes.pair(Trigger::MessageUpdated, &before, &after);
        cause.emitter.emit(Trigger::MessageUpdated, subject, belongs_to, body);
    }

    /// Emits the webhook about a location's counters, if they have changed.
    pub(super) fn emit_status(&mut self, location: u16, cause: &mut Cause<'_>) {
        let capacity = self.rules.resource_capacity;
        let here = &mut self.locations[usize::from(location)];
        if !std::mem::take(&mut here.changed) {
            return;
        }
        here.refresh(capacity, cause.now);
        let mut after = std::mem::take(&mut self.scratch);
        payload::status(here, &mut after);
        let before = std::mem::replace(&mut here.rendered, after);
        let body = self.envelopes.pair(Trigger::StatusUpdated, &before, &here.rendered);
        cause.emitter.emit(Trigger::StatusUpdated, here.index, None, body);
        self.scratch = before;
    }
}
