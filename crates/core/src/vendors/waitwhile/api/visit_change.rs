//! Changes a visit by a call (VU). A value that is the same as before changes nothing.
//!
//! One call is one `visit.updated` about the visit, whatever it changes. The effects on other
//! visits are the same as those of actions of staff.

use jiff::Timestamp;

use super::Asked;
use super::customer_write::Contact;
use super::find::is_live;
use super::visit_body::{EXPIRED, REMOVED, VisitWrite};
use super::wrong::Wrong;
use crate::vendors::waitwhile::account::WaitwhileAccount;
use crate::vendors::waitwhile::act::Act;
use crate::vendors::waitwhile::cause::Cause;
use crate::vendors::waitwhile::location::Count;
use crate::vendors::waitwhile::message::Kind;
use crate::vendors::waitwhile::state::VisitState;
use crate::vendors::waitwhile::visit::{Answers, Visit, VisitNumber};

/// The differences between a visit and a call.
#[derive(Default)]
struct Changes {
    names: Option<(String, String)>,
    contact: Option<Contact>,
    notes: Option<String>,
    answers: Option<Vec<Answers>>,
    party: Option<u8>,
    tags: Option<Vec<&'static str>>,
    service: Option<Option<u16>>,
    resource: Option<Option<u16>>,
    start: Option<Timestamp>,
    position: Option<u32>,
    /// Whether the tag ALERTED is new.
    alerts: Alert,
    step: Option<Step>,
}

/// Whether the guest is alerted.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Alert {
    #[default]
    No,
    Yes,
}

/// How the state changes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// By this action.
    By(Act),
    /// It ends, with this tag.
    Over(Act, &'static str),
}

impl Step {
    fn act(self) -> Act {
        match self {
            Self::By(act) | Self::Over(act, _) => act,
        }
    }
}

impl WaitwhileAccount {
    pub(super) fn change_visit(
        &mut self,
        number: VisitNumber,
        write: VisitWrite,
        asked: Asked<'_>,
    ) -> Result<(), Wrong> {
        let visit = self.visit(number);
        if write.customer.is_some_and(|customer| customer != visit.customer) {
            return Err(Wrong::bad("customerId: a visit stays with its customer"));
        }
        let elsewhere = write.location.filter(|location| *location != visit.location);
        let mut changes = self.changes(number, write)?;
        if let Some(there) = elsewhere {
            return self.move_visit(number, there, &changes, asked);
        }
        self.may_change(number, &changes, asked.now)?;
        let Some(act) = changes.act() else { return Ok(()) };
        let cause = &mut asked.cause(act);
        self.begin(cause);
        self.before(number);
        self.describe(number, &mut changes, cause);
        self.place(number, &changes, cause);
        match (changes.step, changes.position) {
            (Some(Step::By(act)), _) => {
                self.step(act, number, cause);
            }
            (Some(Step::Over(_, tag)), _) => self.end(number, Some(tag), None, cause),
            (None, Some(position)) => self.shift(number, position, cause),
            (None, None) => self.emit_updated(number, cause),
        }
        if changes.alerts == Alert::Yes {
            self.send(Kind::Alert, number, cause);
        }
        self.emit_status(self.visit(number).location, cause);
        Ok(())
    }

    /// Moves a visit to another location, where it is a new visit (H1).
    fn move_visit(
        &mut self,
        number: VisitNumber,
        there: u16,
        changes: &Changes,
        asked: Asked<'_>,
    ) -> Result<(), Wrong> {
        self.must_be_legal(number, Act::Transfer)?;
        if changes.act().is_some() {
            let why = "locationId: a call that moves a visit to another location must not change anything else";
            return Err(Wrong::bad(why));
        }
        let cause = &mut asked.cause(Act::Transfer);
        self.begin(cause);
        self.transfer(there, number, cause);
        Ok(())
    }

    /// What a call changes in a visit.
    fn changes(&self, number: VisitNumber, write: VisitWrite) -> Result<Changes, Wrong> {
        let visit = self.visit(number);
        let customer = self.customer(visit.customer);
        let mut names = (visit.first_name.clone(), visit.last_name.clone());
        write.contact.name(&mut names.0, &mut names.1);
        let renamed = (&names.0, &names.1) != (&visit.first_name, &visit.last_name);
        let known = write.contact.is_known(&customer.guest, &visit.external_customer_id);
        let service = self.service_named(visit.location, write.service)?;
        let resource = self.resource_named(visit.location, write.resource)?;
        let start = write.start;
        let mut changes = Changes {
            names: renamed.then_some(names),
            contact: (!known).then_some(write.contact),
            notes: write.notes.filter(|notes| *notes != visit.notes),
            answers: write.answers.filter(|answers| *answers != visit.answers),
            party: write.party.filter(|party| *party != visit.party),
            service: service.filter(|service| *service != visit.service),
            resource: resource.filter(|resource| *resource != visit.resource),
            start: start.filter(|start| visit.booking.map(|booking| booking.start) != Some(*start)),
            position: write.position.filter(|position| Some(*position) != visit.position),
            ..Changes::default()
        };
        let ending = self.tags_changed(visit, write.tags, &mut changes)?;
        changes.step = step(visit.state, write.state, ending, self.rules.no_show_tag)?;
        // A position beyond the end means the end.
        if visit.state == VisitState::Waiting {
            let last = self.locations[usize::from(visit.location)].line.len() as u32;
            let to = changes.position.map(|position| position.min(last));
            changes.position = to.filter(|to| Some(*to) != visit.position);
        }
        Ok(changes)
    }

    /// Which tags change. Returns the new tag that ends the visit, if there is one.
    fn tags_changed(
        &self,
        visit: &Visit,
        tags: Option<Vec<&'static str>>,
        changes: &mut Changes,
    ) -> Result<Option<&'static str>, Wrong> {
        let Some(tags) = tags else { return Ok(None) };
        let new = |tag: &&'static str| !visit.tags.contains(tag);
        let over = visit.state == VisitState::Complete;
        let (ending, kept): (Vec<_>, Vec<_>) =
            tags.into_iter().partition(|tag| !over && new(tag) && self.ends(tag));
        if ending.len() > 1 {
            return Err(Wrong::bad("tags: only one tag can end a visit"));
        }
        for tag in kept.iter().filter(|tag| new(tag)) {
            self.must_be_taggable(visit, tag)?;
        }
        if kept.contains(&"ALERTED") && new(&"ALERTED") {
            changes.alerts = Alert::Yes;
        }
        changes.tags = Some(kept).filter(|kept| *kept != visit.tags);
        Ok(ending.first().copied())
    }

    fn must_be_taggable(&self, visit: &Visit, tag: &str) -> Result<(), Wrong> {
        let act = match tag {
            "ALERTED" => Act::Alert,
            "ARRIVED" => Act::Arrive,
            "CONFIRMED" => Act::Confirm,
            "DELAYED" => Act::Delay,
            "FLAGGED" => Act::Flag,
            "PRIORITIZED" => Act::Prioritize,
            _ => return Ok(()),
        };
        if act.action().from.contains(&visit.state.name()) {
            return Ok(());
        }
        Err(Wrong::bad(format!("tags: a visit that is {} does not become {tag}", visit.state)))
    }

    /// Refuses changes that are not legal now.
    fn may_change(
        &self,
        number: VisitNumber,
        changes: &Changes,
        now: Timestamp,
    ) -> Result<(), Wrong> {
        let visit = self.visit(number);
        let state = visit.state;
        if let Some(step) = changes.step {
            self.step_is_legal(number, step)?;
        }
        let restored = changes.step.is_some();
        if !is_live(state) && !restored && changes.act().is_some() {
            return Err(Wrong::bad(format!("a visit that is {state} can only be restored")));
        }
        if changes.alerts == Alert::Yes && !self.is_reachable(number) {
            return Err(Wrong::bad("tags: the guest left no number or address"));
        }
        if changes.position.is_some() && (state != VisitState::Waiting || changes.step.is_some()) {
            return Err(Wrong::bad("position: only a visit that is WAITING has a position"));
        }
        if !is_live(state) && (changes.service.is_some() || changes.resource.is_some()) {
            return Err(Wrong::bad(format!("a visit that is {state} keeps its service")));
        }
        self.slot_may_change(number, changes, now)
    }

    fn slot_may_change(
        &self,
        number: VisitNumber,
        changes: &Changes,
        now: Timestamp,
    ) -> Result<(), Wrong> {
        let visit = self.visit(number);
        let stays = matches!(changes.step, None | Some(Step::By(Act::Approve)));
        let movable = matches!(visit.state, VisitState::Draft | VisitState::Booked) && stays;
        match changes.start {
            Some(_) if !movable => {
                return Err(Wrong::bad("date: only a booking or a request has a slot to change"));
            }
            Some(start) if start < now => return Err(Wrong::bad("date lies in the past")),
            _ => {}
        }
        let service = changes.service.unwrap_or(visit.service);
        let asked_for = changes.resource.flatten();
        let served = changes.step == Some(Step::By(Act::Serve));
        if visit.state == VisitState::Serving || served {
            return self.must_be_free(visit.location, asked_for);
        }
        match visit.booking {
            Some(booking) if changes.needs_slot() && keeps_slot(visit.state) => {
                let start = changes.start.unwrap_or(booking.start);
                self.must_have_room(visit.location, start, service, asked_for, Some(number))
            }
            _ => Ok(()),
        }
    }

    fn step_is_legal(&self, number: VisitNumber, step: Step) -> Result<(), Wrong> {
        self.must_be_legal(number, step.act())?;
        let visit = self.visit(number);
        if step == Step::By(Act::RestoreBooking) {
            let booking = visit.booking;
            let booking =
                booking.ok_or_else(|| Wrong::bad("state: the visit was never a booking"))?;
            if self.free(visit, booking.start).is_none() {
                return Err(Wrong::bad("state: the slot has been taken meanwhile"));
            }
        }
        Ok(())
    }

    fn must_be_legal(&self, number: VisitNumber, act: Act) -> Result<(), Wrong> {
        let state = self.visit(number).state;
        if act.action().from.contains(&state.name()) {
            return Ok(());
        }
        Err(Wrong::bad(format!("a visit that is {state} cannot be changed like that")))
    }

    /// Writes the guest's data and the party. Emits nothing yet.
    fn describe(&mut self, number: VisitNumber, changes: &mut Changes, cause: &Cause<'_>) {
        let customer = self.visit(number).customer;
        let changed = changes.names.is_some() || changes.contact.is_some();
        let contact = changes.contact.take();
        let entry = self.customer_mut(customer);
        if changed {
            (entry.card.updated, entry.card.updated_by) = (cause.now, cause.by);
        }
        if let Some(contact) = &contact {
            contact.reach(&mut entry.guest);
            contact.external(&mut entry.card.external_id);
        }
        if let Some((first, last)) = &changes.names {
            (entry.guest.first_name, entry.guest.last_name) = (first.clone(), last.clone());
        }
        let visit = self.visit_mut(number);
        if let Some(contact) = &contact {
            contact.external(&mut visit.external_customer_id);
        }
        if let Some((first, last)) = changes.names.take() {
            (visit.first_name, visit.last_name) = (first, last);
        }
        visit.notes = changes.notes.take().unwrap_or_else(|| std::mem::take(&mut visit.notes));
        if let Some(answers) = changes.answers.take() {
            visit.answers = answers;
        }
        if let Some(tags) = changes.tags.take() {
            visit.tags = tags;
        }
        if let Some(party) = changes.party {
            self.recount(number, party);
        }
    }

    /// Writes the values that decide where and when the guest is served. Emits nothing yet.
    fn place(&mut self, number: VisitNumber, changes: &Changes, cause: &Cause<'_>) {
        if !changes.needs_slot() {
            return;
        }
        let visit = self.visit(number);
        let (state, before, booking) = (visit.state, visit.resource, visit.booking);
        let resource = changes.resource.unwrap_or(before);
        let held = booking.filter(|_| keeps_slot(state));
        if held.is_some() {
            self.release_slot(number);
        }
        if state == VisitState::Serving {
            let party = self.visit(number).party;
            let here = self.location_of(number);
            here.count_serving(party, before, Count::Down);
            here.count_serving(party, resource, Count::Up);
        }
        let visit = self.visit_mut(number);
        visit.resource = resource;
        visit.service = changes.service.unwrap_or(visit.service);
        let Some(booking) = held else { return };
        let start = changes.start.unwrap_or(booking.start);
        // A new slot takes any resource, unless the call names one.
        self.take_slot(number, start, cause.now);
        if start != booking.start {
            if state == VisitState::Booked {
                self.schedule_booking(number, cause.now);
            }
        } else if let Some(again) = &mut self.visit_mut(number).booking {
            again.reminded = booking.reminded;
        }
    }
}

impl Changes {
    /// The action that corresponds best to the change. `None` if nothing changes.
    fn act(&self) -> Option<Act> {
        if let Some(step) = self.step {
            return Some(step.act());
        }
        // Anything else corrects the guest's data (seed 002).
        let described = self.names.is_some()
            || self.contact.is_some()
            || self.notes.is_some()
            || self.answers.is_some()
            || self.service.is_some()
            || self.resource.is_some();
        let acts = [
            self.start.map(|_| Act::Reschedule),
            self.position.map(|_| Act::Move),
            (self.alerts == Alert::Yes).then_some(Act::Alert),
            self.party.map(|_| Act::Resize),
            self.tags.as_ref().map(|_| Act::Flag),
            described.then_some(Act::Rename),
        ];
        acts.into_iter().flatten().next()
    }

    /// Whether the visit needs another slot or another resource.
    fn needs_slot(&self) -> bool {
        self.start.is_some() || self.service.is_some() || self.resource.is_some()
    }
}

/// Whether a booking in this state must hold the slot that its service and resource need. On the
/// waitlist and at the desk, the slot stays as it is.
fn keeps_slot(state: VisitState) -> bool {
    match state {
        VisitState::Pending | VisitState::Draft | VisitState::Booked => true,
        VisitState::Waiting | VisitState::Serving | VisitState::Complete | VisitState::Removed => {
            false
        }
    }
}

/// The step from one state to another.
fn step(
    from: VisitState,
    to: Option<VisitState>,
    ending: Option<&'static str>,
    no_show: &'static str,
) -> Result<Option<Step>, Wrong> {
    use VisitState::{Booked, Complete, Draft, Pending, Serving, Waiting};
    if let Some(tag) = ending {
        if to.is_some_and(|to| to != Complete && to != from) {
            return Err(Wrong::bad(format!("state: a visit that is {tag} is COMPLETE")));
        }
        return Ok(Some(match tag {
            EXPIRED => Step::Over(Act::Expire, EXPIRED),
            REMOVED => Step::Over(Act::Remove, REMOVED),
            tag if tag == no_show => Step::By(Act::NoShow),
            _ => Step::By(Act::Cancel),
        }));
    }
    let Some(to) = to.filter(|to| *to != from) else { return Ok(None) };
    let act = match (from, to) {
        (Pending, Booked) => Act::Submit,
        (Draft, Booked) => Act::Approve,
        (Draft, Complete) => Act::Reject,
        (Booked, Waiting) => Act::Sync,
        (Booked | Waiting, Serving) => Act::Serve,
        (Serving, Complete) => Act::Complete,
        (Waiting, Complete) => Act::Remove,
        (Complete, Waiting) => Act::Restore,
        (Complete, Booked) => Act::RestoreBooking,
        _ => return Err(Wrong::bad(format!("state: a visit that is {from} does not become {to}"))),
    };
    Ok(Some(Step::By(act)))
}
