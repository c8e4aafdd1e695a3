//! The webhooks about changes: a visit, a message or a location before and after the change.

use std::ops::Range;
use std::time::Duration;

use super::account::{Known, WaitwhileAccount};
use super::act::Act;
use super::cause::Cause;
use super::due::Due;
use super::envelope::{AFTER, BEFORE, DATA};
use super::message::{self, Kind, Message, MessageNumber};
use super::parts::segments;
use super::payload::{self, Form};
use super::state::{MessageState, VisitState};
use super::texts::{Told, moment, text};
use super::triggers::Trigger;
use super::visit::{Rendered, VisitNumber};
use crate::clock::after;
use crate::model::SubjectIndex;
use crate::vendors::people::Tongue;

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
        if !self.visit(number).rendered.standing.is_empty() {
            return;
        }
        let (mut standing, mut details) = (self.spare.take(), self.spare.take());
        let visit = self.visit(number);
        payload::standing(visit, self.around(visit), &mut standing);
        payload::details(Form::Updated, visit, self.around(visit), &mut details);
        self.visit_mut(number).rendered = Rendered { standing, details };
    }

    /// Emits the webhook about a new visit.
    pub(super) fn emit_created(&mut self, number: VisitNumber, cause: &mut Cause<'_>) {
        self.emit_snapshot(number, Form::Created, Trigger::Created, cause);
    }

    /// Emits the webhook about a deleted visit, with its last values. Call it before the visit
    /// changes.
    pub(super) fn emit_removed(&mut self, number: VisitNumber, cause: &mut Cause<'_>) {
        if self.is_silent(number) {
            return;
        }
        self.emit_snapshot(number, Form::Removed, Trigger::Removed, cause);
    }

    fn emit_snapshot(
        &mut self,
        number: VisitNumber,
        form: Form,
        trigger: Trigger,
        cause: &mut Cause<'_>,
    ) {
        let body = cause.emitter.body();
        self.envelopes.open(trigger, DATA, body);
        let visit = self.visit(number);
        payload::standing(visit, self.around(visit), body);
        payload::details(form, visit, self.around(visit), body);
        body.push(b'}');
        cause.emitter.emit(trigger, visit.index, None);
    }

    /// Frees what was rendered of a visit.
    pub(super) fn put_away(&mut self, rendered: Rendered) {
        self.spare.put(rendered.standing);
        self.spare.put(rendered.details);
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
        let mut rendered = std::mem::take(&mut visit.rendered);
        if self.is_silent(number) {
            return self.put_away(rendered);
        }
        let body = cause.emitter.body();
        self.envelopes.open(Trigger::Updated, BEFORE, body);
        rendered.write(body);
        let visit = self.visit(number);
        rendered.standing.clear();
        payload::standing(visit, self.around(visit), &mut rendered.standing);
        if extent == Extent::Visit {
            rendered.details.clear();
            payload::details(Form::Updated, visit, self.around(visit), &mut rendered.details);
        }
        body.extend_from_slice(AFTER);
        rendered.write(body);
        body.push(b'}');
        cause.emitter.emit(Trigger::Updated, visit.index, None);
        // A visit that is over seldom changes again. Its text is not worth the memory.
        if visit.state == VisitState::Complete {
            self.put_away(rendered);
        } else {
            self.visit_mut(number).rendered = rendered;
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
        let body = cause.emitter.body();
        self.envelopes.open(Trigger::MessageCreated, DATA, body);
        body.extend_from_slice(&message.rendered.text);
        body.push(b'}');
        let visit = self.visit(message.visit).index;
        cause.emitter.emit(Trigger::MessageCreated, index, Some(visit));
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
        let locale = around.customer.guest.locale.map(usize::from);
        let locale = locale.and_then(|place| self.office.locales.get(place));
        let tongue = Tongue::of(locale.map_or("en", String::as_str));
        let when = visit.booking.map(|booking| {
            let slot = booking.start.to_zoned(self.office.slots.zone.clone());
            slot.strftime(moment(tongue)).to_string()
        });
        let (subject, body) = text(&Told {
            kind,
            channel,
            tongue,
            name: &visit.first_name,
            business: &self.office.business,
            place: &around.location.name,
            when: when.as_deref(),
            link: &link,
        });
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
            segments: segments(channel, &body),
            body,
            subject,
            created: cause.now,
            created_by: cause.by,
            updated: after(cause.now, MESSAGE_LAG),
            rendered: message::Rendered::default(),
        };
        let mut text = self.spare.take();
        let visit = self.visit(number);
        let standing = payload::message(&message, visit, self.around(visit), &mut text);
        message.rendered = message::Rendered { text, standing };
        message
    }

    /// Records that a message was delivered, or that it failed.
    pub(super) fn end_message(&mut self, number: MessageNumber, cause: &mut Cause<'_>) {
        let message = &mut self.messages[number];
        let failed = Act::of(cause.emitter.action) == Act::FailMessage;
        message.state = if failed { MessageState::Failed } else { MessageState::Delivered };
        message.updated = cause.now;
        let message::Rendered { text, standing } = std::mem::take(&mut message.rendered);
        let body = cause.emitter.body();
        self.envelopes.open(Trigger::MessageUpdated, BEFORE, body);
        body.extend_from_slice(&text);
        body.extend_from_slice(AFTER);
        body.extend_from_slice(&text[..standing.start]);
        let message = &self.messages[number];
        payload::message_standing(message, &self.office, body);
        body.extend_from_slice(&text[standing.end..]);
        body.push(b'}');
        let belongs_to = Some(self.visit(message.visit).index);
        cause.emitter.emit(Trigger::MessageUpdated, message.index, belongs_to);
        self.spare.put(text);
    }

    /// Emits the webhook about a location's counters, if they have changed.
    pub(super) fn emit_status(&mut self, location: u16, cause: &mut Cause<'_>) {
        let capacity = self.rules.resource_capacity;
        let here = &mut self.locations[usize::from(location)];
        if !std::mem::take(&mut here.changed) {
            return;
        }
        here.refresh(capacity, cause.now);
        let body = cause.emitter.body();
        self.envelopes.open(Trigger::StatusUpdated, BEFORE, body);
        let mut rendered = std::mem::take(&mut here.rendered);
        body.extend_from_slice(&rendered);
        rendered.clear();
        payload::status(here, &mut rendered);
        body.extend_from_slice(AFTER);
        body.extend_from_slice(&rendered);
        here.rendered = rendered;
        body.push(b'}');
        cause.emitter.emit(Trigger::StatusUpdated, here.index, None);
    }
}
