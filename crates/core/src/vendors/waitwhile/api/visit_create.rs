//! Creates a visit by a call (VC): staff add it to the waitlist, book it, or serve it at once.

use jiff::Timestamp;

use super::Asked;
use super::customer_write::Contact;
use super::visit_body::VisitWrite;
use super::wrong::Wrong;
use crate::vendors::waitwhile::account::WaitwhileAccount;
use crate::vendors::waitwhile::act::Act;
use crate::vendors::waitwhile::calendar::Wanted;
use crate::vendors::waitwhile::cause::Cause;
use crate::vendors::waitwhile::message::Kind;
use crate::vendors::waitwhile::newcomers::NewVisit;
use crate::vendors::waitwhile::state::VisitState;
use crate::vendors::waitwhile::visit::{Answers, CustomerNumber, VisitNumber};

/// Where a new visit begins.
enum Begins {
    /// On the waitlist.
    InLine,
    /// At the desk.
    AtDesk,
    /// In a slot, in this state.
    InSlot(VisitState, Timestamp),
}

impl WaitwhileAccount {
    pub(super) fn create_visit(
        &mut self,
        write: VisitWrite,
        asked: Asked<'_>,
    ) -> Result<VisitNumber, Wrong> {
        let location = write.location.ok_or_else(|| Wrong::bad("locationId is missing"))?;
        let (act, begins) = begins(&write, asked.now)?;
        if write.position.is_some() {
            return Err(Wrong::bad("position: a new visit joins the end of the line"));
        }
        let tags = write.tags.unwrap_or_default();
        if tags.iter().any(|tag| self.ends(tag)) {
            return Err(Wrong::bad("tags: a new visit cannot have ended"));
        }
        let service = self.service_named(location, write.service)?.flatten();
        let resource = self.resource_named(location, write.resource)?.flatten();
        match begins {
            Begins::InLine => {}
            Begins::AtDesk => self.must_be_free(location, resource)?,
            Begins::InSlot(_, start) => {
                self.must_have_room(location, start, service, resource, None)?;
            }
        }
        let cause = &mut asked.cause(act);
        self.begin(cause);
        let customer = self.customer_for(write.customer, &write.contact, cause);
        let id = self.api.id(20);
        let questions = self.office.questions.len();
        let answers = write.answers.unwrap_or_else(|| vec![Answers::new(); questions]);
        let party = write.party.unwrap_or(1);
        let new = NewVisit { id, location, customer, party, service, answers };
        let number = self.put_visit(new, cause);
        let visit = self.visit_mut(number);
        visit.resource = resource;
        visit.tags = tags;
        visit.notes = write.notes.unwrap_or_default();
        write.contact.name(&mut visit.first_name, &mut visit.last_name);
        match begins {
            Begins::InLine => self.settle_in_line(number, cause),
            Begins::AtDesk => {
                self.start_serving(number, cause.now);
                self.emit_created(number, cause);
                self.send(Kind::Serving, number, cause);
                self.emit_status(location, cause);
            }
            Begins::InSlot(state, start) => self.settle_in_slot(number, state, start, cause),
        }
        Ok(number)
    }

    /// The customer of a new visit: the one with the given id, else the one with the given id in
    /// another system, else the one with this address or number, else a new one (VC, VU).
    fn customer_for(
        &mut self,
        named: Option<CustomerNumber>,
        contact: &Contact,
        cause: &Cause<'_>,
    ) -> CustomerNumber {
        let Some(number) = named.or_else(|| self.customer_like(contact)) else {
            return self.add_customer(contact, cause.now);
        };
        let customer = self.customer_mut(number);
        contact.reach(&mut customer.guest);
        contact.external(&mut customer.card.external_id);
        number
    }

    /// Whether a tag ends a visit.
    pub(super) fn ends(&self, tag: &str) -> bool {
        ["CANCELLED", "EXPIRED", "REMOVED", self.rules.no_show_tag].contains(&tag)
    }

    pub(super) fn service_named(
        &self,
        location: u16,
        id: Option<Option<String>>,
    ) -> Result<Option<Option<u16>>, Wrong> {
        placed("serviceIds", &self.locations[usize::from(location)].services, id)
    }

    pub(super) fn resource_named(
        &self,
        location: u16,
        id: Option<Option<String>>,
    ) -> Result<Option<Option<u16>>, Wrong> {
        placed("resourceIds", &self.locations[usize::from(location)].resources, id)
    }

    /// Refuses a call if the resource that it names is busy.
    pub(super) fn must_be_free(&self, location: u16, resource: Option<u16>) -> Result<(), Wrong> {
        let here = &self.locations[usize::from(location)];
        let free = here.free(resource, self.rules.resource_capacity);
        if resource.is_some() && free != resource {
            return Err(Wrong::bad("resourceIds: this resource is busy"));
        }
        Ok(())
    }

    /// Refuses a call if the slot has no room for this service with this resource.
    pub(super) fn must_have_room(
        &self,
        location: u16,
        start: Timestamp,
        service: Option<u16>,
        resource: Option<u16>,
        itself: Option<VisitNumber>,
    ) -> Result<(), Wrong> {
        let here = &self.locations[usize::from(location)];
        let resources = here.resources.len() as u16;
        let wanted = Wanted { service, preferred: resource, resources };
        let free = here.calendar.free_beside(&self.office.slots, start, wanted, itself);
        if free.is_none() || resource.is_some_and(|wished| free != Some(wished)) {
            let date = self.office.slots.date(start);
            return Err(Wrong::bad(format!("the slot at {date} is full")));
        }
        Ok(())
    }
}

/// Where a new visit begins, and the action that does it.
fn begins(write: &VisitWrite, now: Timestamp) -> Result<(Act, Begins), Wrong> {
    let usual = if write.start.is_some() { VisitState::Booked } else { VisitState::Waiting };
    let state = write.state.unwrap_or(usual);
    let act = match state {
        VisitState::Waiting | VisitState::Serving => Act::Add,
        VisitState::Booked => Act::Book,
        VisitState::Draft => Act::Request,
        VisitState::Pending => Act::Hold,
        VisitState::Complete | VisitState::Removed => {
            return Err(Wrong::bad("state: a new visit cannot be COMPLETE"));
        }
    };
    let begins = match (state, write.start) {
        (VisitState::Waiting, None) => Begins::InLine,
        (VisitState::Serving, None) => Begins::AtDesk,
        (VisitState::Waiting | VisitState::Serving, Some(_)) => {
            return Err(Wrong::bad("date: only a booking has a slot"));
        }
        (_, None) => return Err(Wrong::bad("date is missing: a booking has a slot")),
        (_, Some(start)) if start < now => return Err(Wrong::bad("date lies in the past")),
        (_, Some(start)) => Begins::InSlot(state, start),
    };
    Ok((act, begins))
}

/// The index of an id among those of a location.
fn placed(
    name: &str,
    ids: &[String],
    id: Option<Option<String>>,
) -> Result<Option<Option<u16>>, Wrong> {
    let Some(Some(id)) = id else { return Ok(id.map(|_| None)) };
    let place = ids.iter().position(|known| *known == id);
    let place = place.ok_or_else(|| Wrong::bad(format!("{name}: not at this location: {id}")))?;
    Ok(Some(Some(place as u16)))
}
