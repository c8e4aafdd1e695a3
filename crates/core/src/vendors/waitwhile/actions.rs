//! What each action changes, and the order of the webhooks: the visit itself, those behind it in
//! line, other visits, messages, and last the counters of the location.

use jiff::Timestamp;

use super::account::{Known, WaitwhileAccount};
use super::act::{Act, GUESTS_OWN};
use super::catalogue::CATALOGUE;
use super::cause::Cause;
use super::due::Due;
use super::location::Count;
use super::message::Kind;
use super::people;
use super::state::VisitState;
use super::visit::{By, CustomerNumber, Original, Visit, VisitNumber};
use crate::clock::{after, between};
use crate::model::{Call, SubjectIndex, Value};
use crate::vendors::RefusalKind::{Full, Illegal};
use crate::vendors::emitter::Emitter;
use crate::vendors::{Outbox, Refusal, Touched};

impl WaitwhileAccount {
    /// Carries out a call, or refuses it. A refusal changes nothing and draws nothing.
    pub(super) fn carry_out(
        &mut self,
        call: &Call,
        now: Timestamp,
        outbox: &mut Outbox,
    ) -> Result<Touched, Refusal> {
        let action = call.action;
        let known = call.subject().map(|index| (index, self.subjects[index]));
        let by =
            if GUESTS_OWN.contains(&Act::of(action)) { self.guest_of(call) } else { By::Staff(0) };
        let emitter = Emitter { action, at: now, outbox };
        let mut cause = Cause { by, now, emitter };
        match known {
            None => self.make(call, &mut cause),
            Some((index, Known::Location(location))) => {
                self.begin(&mut cause);
                self.locations[usize::from(location)].toggle_open();
                self.emit_status(location, &mut cause);
                Ok(Touched::only(index))
            }
            Some((index, Known::Visit(number))) => {
                self.check_more(call, number, now)?;
                let made = self.change(call, number, &mut cause);
                Ok(Touched { subject: index, made: made.into_iter().collect() })
            }
            Some((index, Known::Message(number))) => {
                self.begin(&mut cause);
                self.end_message(number, &mut cause);
                Ok(Touched::only(index))
            }
        }
    }

    /// The guest who acts: the owner of the visit, the one who comes back, or a new one.
    fn guest_of(&self, call: &Call) -> By {
        let customer = match call.value("who") {
            Some(Value::Subject(index)) => match self.subjects[*index] {
                Known::Visit(number) => self.visit(number).customer,
                _ => CustomerNumber::FIRST,
            },
            _ => self.customers.next_number(),
        };
        By::Guest(customer)
    }

    /// Refuses an action that the state of its visit allows but something else prevents.
    fn check_more(&self, call: &Call, number: VisitNumber, now: Timestamp) -> Result<(), Refusal> {
        let action = call.action;
        let visit = self.visit(number);
        let refuse = |kind, reason: &str| {
            Err(Refusal::beside(kind, &CATALOGUE, action, visit.state, reason))
        };
        match Act::of(action) {
            Act::RestoreBooking => match visit.booking {
                None => refuse(Illegal, "only a booking can be restored as a booking"),
                Some(booking) if self.free(visit, booking.start).is_none() => {
                    refuse(Full, "the slot has been taken meanwhile")
                }
                Some(_) => Ok(()),
            },
            Act::Reschedule if self.free(visit, self.slot(call, now)).is_none() => {
                refuse(Full, "no resource is free for that slot")
            }
            Act::Alert if !self.is_reachable(number) => {
                refuse(Illegal, "its guest left no number or address")
            }
            Act::Transfer if self.location_said(call) == Some(visit.location) => {
                refuse(Illegal, "it is at that location already")
            }
            _ => Ok(()),
        }
    }

    /// Puts a visit at the end of the line.
    pub(super) fn enter_line(&mut self, number: VisitNumber, now: Timestamp) {
        let party = self.visit(number).party;
        let here = self.location_of(number);
        let position = here.line.join(number);
        let estimate = here.pace.estimate(position);
        here.count_waiting(party, Count::Up);
        let visit = self.visit_mut(number);
        visit.state = VisitState::Waiting;
        visit.waiting_since = now;
        visit.position = Some(position);
        visit.last_waiting_position = position;
        visit.estimate = Some(estimate);
        visit.waitlist_time.get_or_insert(now);
        visit.original.get_or_insert(Original { position, estimate });
        if let Some(wait) = self.rules.expires_after {
            self.due.put(after(now, wait), Due::Expires(number));
        }
    }

    pub(super) fn start_serving(&mut self, number: VisitNumber, now: Timestamp) {
        let capacity = self.rules.resource_capacity;
        let visit = self.visit(number);
        let (party, wished) = (visit.party, visit.resource);
        let here = self.location_of(number);
        // If nobody is free, staff serve all the same, and the visit names no resource.
        let resource = here.free(wished, capacity);
        here.count_serving(party, resource, Count::Up);
        let visit = self.visit_mut(number);
        visit.state = VisitState::Serving;
        visit.resource = resource;
        visit.serve_time = Some(now);
        visit.position = Some(1);
        visit.estimate = None;
        if let Some(wait) = self.rules.auto_complete {
            self.due.put(after(now, wait), Due::Completes(number));
        }
    }

    /// Changes an existing visit, after all checks. Returns the subjects that it also created.
    fn change(
        &mut self,
        call: &Call,
        number: VisitNumber,
        cause: &mut Cause<'_>,
    ) -> Option<SubjectIndex> {
        self.begin(cause);
        match Act::of(call.action) {
            Act::Reschedule => self.reschedule(call, number, cause),
            Act::Move => self.shift_to(call, number, cause),
            Act::Transfer => {
                let there = self.location_said(call).unwrap_or(0);
                return Some(self.transfer(there, number, cause));
            }
            Act::Resize => self.resize(call, number, cause),
            Act::Rename => self.rename(call, number, cause),
            act => return self.step(act, number, cause),
        }
        None
    }

    /// Changes a visit by an action that needs no other values. Returns the subjects that it also
    /// created.
    pub(super) fn step(
        &mut self,
        act: Act,
        number: VisitNumber,
        cause: &mut Cause<'_>,
    ) -> Option<SubjectIndex> {
        match act {
            Act::Submit => self.submit(number, cause),
            Act::Approve => {
                self.edit(number, cause, |visit| visit.state = VisitState::Booked);
                self.schedule_booking(number, cause.now);
                self.send(Kind::Confirmation, number, cause);
            }
            Act::Reject => self.end(number, None, None, cause),
            Act::Sync => self.sync(number, cause),
            Act::Serve => self.serve(number, cause),
            Act::Complete => self.complete(number, cause),
            Act::Cancel => self.end(number, Some("CANCELLED"), Some(Kind::Cancelled), cause),
            Act::NoShow => {
                let tag = self.rules.no_show_tag;
                self.end(number, Some(tag), Some(Kind::NoShow), cause);
            }
            Act::Remove => self.end(number, Some("REMOVED"), None, cause),
            Act::Restore | Act::RestoreBooking => self.restore(act, number, cause),
            Act::Alert => {
                self.tag(number, "ALERTED", cause);
                return self.send(Kind::Alert, number, cause);
            }
            Act::Arrive => self.tag(number, "ARRIVED", cause),
            Act::Confirm => self.tag(number, "CONFIRMED", cause),
            Act::Delay => self.tag(number, "DELAYED", cause),
            Act::Flag => self.tag(number, "FLAGGED", cause),
            Act::Prioritize => self.tag(number, "PRIORITIZED", cause),
            Act::Delete => self.delete(&[number], cause),
            Act::DeleteCustomer => {
                let customer = &self.customers[self.visit(number).customer];
                let others = customer.visits.iter().copied().filter(|other| *other != number);
                let visits: Vec<_> = [number].into_iter().chain(others).collect();
                self.delete(&visits, cause);
                let customer = self.visit(number).customer;
                self.customers[customer].card.listed = false;
            }
            Act::Reschedule
            | Act::Move
            | Act::Transfer
            | Act::Resize
            | Act::Rename
            | Act::HoldExpires
            | Act::SyncByItself
            | Act::CompleteByItself
            | Act::Expire
            | Act::Remind
            | Act::FollowUp
            | Act::Join
            | Act::Add
            | Act::CountIn
            | Act::Return
            | Act::Book
            | Act::Request
            | Act::Hold
            | Act::Close
            | Act::Open
            | Act::DeliverMessage
            | Act::FailMessage => panic!("`{}` is not an action on a visit alone", act.name()),
        }
        None
    }

    /// Changes the visit itself and nothing else.
    pub(super) fn edit(
        &mut self,
        number: VisitNumber,
        cause: &mut Cause<'_>,
        edit: impl FnOnce(&mut Visit),
    ) {
        self.before(number);
        edit(self.visit_mut(number));
        self.emit_updated(number, cause);
    }

    /// Sets a tag, unless the visit has it.
    fn tag(&mut self, number: VisitNumber, tag: &'static str, cause: &mut Cause<'_>) {
        if !self.visit(number).tags.contains(&tag) {
            self.edit(number, cause, |visit| visit.tags.push(tag));
        }
    }

    /// Changes the name of the customer. Later visits have the new name too.
    fn rename(&mut self, call: &Call, number: VisitNumber, cause: &mut Cause<'_>) {
        let (first, last) = people::apart(call.text("text").unwrap_or_default());
        let visit = self.visit(number);
        if (&visit.first_name, &visit.last_name) == (&first, &last) {
            return;
        }
        let customer = visit.customer;
        let guest = &mut self.customers[customer].guest;
        (guest.first_name, guest.last_name) = (first.clone(), last.clone());
        self.edit(number, cause, |visit| (visit.first_name, visit.last_name) = (first, last));
    }

    fn submit(&mut self, number: VisitNumber, cause: &mut Cause<'_>) {
        let now = cause.now;
        let submit = |visit: &mut Visit| {
            visit.state = VisitState::Booked;
            visit.hold_expires = None;
        };
        if self.rules.hold_fires {
            self.edit(number, cause, submit);
        } else {
            // Nobody has been told of this visit before.
            let visit = self.visit_mut(number);
            submit(visit);
            visit.updated = now;
            self.emit_created(number, cause);
        }
        self.schedule_booking(number, now);
        self.send(Kind::Confirmation, number, cause);
    }

    fn reschedule(&mut self, call: &Call, number: VisitNumber, cause: &mut Cause<'_>) {
        let start = self.slot(call, cause.emitter.at);
        if self.visit(number).booking.is_some_and(|booking| booking.start == start) {
            return;
        }
        self.before(number);
        self.release_slot(number);
        self.take_slot(number, start, cause.now);
        if self.visit(number).state == VisitState::Booked {
            self.schedule_booking(number, cause.now);
        }
        self.emit_updated(number, cause);
    }

    pub(super) fn sync(&mut self, number: VisitNumber, cause: &mut Cause<'_>) {
        self.before(number);
        self.enter_line(number, cause.now);
        self.emit_updated(number, cause);
        self.emit_status(self.visit(number).location, cause);
    }

    fn serve(&mut self, number: VisitNumber, cause: &mut Cause<'_>) {
        self.before(number);
        let gap = self.leave(number);
        self.start_serving(number, cause.now);
        self.emit_updated(number, cause);
        let location = self.visit(number).location;
        self.close_gap(location, gap, cause);
        self.send(Kind::Serving, number, cause);
        self.emit_status(location, cause);
    }

    pub(super) fn complete(&mut self, number: VisitNumber, cause: &mut Cause<'_>) {
        if let Some(since) = self.visit(number).serve_time {
            let served = between(since, cause.now);
            self.location_of(number).pace.remember(served);
        }
        self.end(number, None, Some(Kind::Completed), cause);
        if let Some(wait) = self.rules.follow_up_after {
            self.due.put(after(cause.now, wait), Due::FollowUp(number));
        }
    }

    /// Ends a visit, for this reason.
    pub(super) fn end(
        &mut self,
        number: VisitNumber,
        tag: Option<&'static str>,
        message: Option<Kind>,
        cause: &mut Cause<'_>,
    ) {
        self.before(number);
        let gap = self.leave(number);
        let visit = self.visit_mut(number);
        visit.state = VisitState::Complete;
        visit.completed_time = Some(cause.now);
        visit.position = None;
        visit.estimate = None;
        visit.tags.extend(tag);
        self.release_slot(number);
        self.emit_updated(number, cause);
        let location = self.visit(number).location;
        self.close_gap(location, gap, cause);
        if let Some(kind) = message {
            self.send(kind, number, cause);
        }
        self.emit_status(location, cause);
    }

    fn restore(&mut self, act: Act, number: VisitNumber, cause: &mut Cause<'_>) {
        self.before(number);
        let visit = self.visit_mut(number);
        visit.serve_time = None;
        visit.completed_time = None;
        visit.untag(&["CANCELLED", "NOSHOW", "NO-SHOW", "EXPIRED", "REMOVED"]);
        match visit.booking {
            Some(booking) if act == Act::RestoreBooking => {
                visit.state = VisitState::Booked;
                self.take_slot(number, booking.start, cause.now);
                self.schedule_booking(number, cause.now);
            }
            _ => self.enter_line(number, cause.now),
        }
        self.emit_updated(number, cause);
        self.emit_status(self.visit(number).location, cause);
    }

    /// Deletes visits. Those behind each of them move up.
    pub(super) fn delete(&mut self, visits: &[VisitNumber], cause: &mut Cause<'_>) {
        for (place, number) in visits.iter().copied().enumerate() {
            if place > 0 {
                self.begin(cause);
            }
            self.emit_removed(number, cause);
            self.forget(number);
            let gap = self.leave(number);
            self.release_slot(number);
            self.visit_mut(number).state = VisitState::Removed;
            let location = self.visit(number).location;
            self.close_gap(location, gap, cause);
            self.emit_status(location, cause);
        }
    }

    /// Removes a visit from its customer, and frees what was rendered of it.
    pub(super) fn forget(&mut self, number: VisitNumber) {
        let customer = self.visit(number).customer;
        self.customers[customer].visits.retain(|other| *other != number);
        let rendered = std::mem::take(&mut self.visit_mut(number).rendered);
        self.put_away(rendered);
    }

    pub(super) fn location_said(&self, call: &Call) -> Option<u16> {
        match call.value("where") {
            Some(Value::Subject(index)) => match self.subjects[*index] {
                Known::Location(number) => Some(number),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn visit_said(&self, call: &Call, name: &str) -> &Visit {
        match call.value(name) {
            Some(Value::Subject(index)) => match self.subjects[*index] {
                Known::Visit(number) => self.visit(number),
                other => panic!("{name} is not a visit: {other:?}"),
            },
            other => panic!("{name} is not a visit: {other:?}"),
        }
    }
}
