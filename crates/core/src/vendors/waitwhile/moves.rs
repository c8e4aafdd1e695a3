//! Moves of a visit in line and to another location, and changes of its party.

use super::account::WaitwhileAccount;
use super::cause::Cause;
use super::location::Count;
use super::message::Kind;
use super::newcomers::Whose;
use super::state::VisitState;
use super::visit::VisitNumber;
use crate::model::{Call, SubjectIndex};

impl WaitwhileAccount {
    /// Moves a visit to the position in a call.
    pub(super) fn shift_to(&mut self, call: &Call, number: VisitNumber, cause: &mut Cause<'_>) {
        let visit = self.visit(number);
        let (location, from) = (visit.location, visit.position.unwrap_or(1));
        let last = self.locations[usize::from(location)].line.len() as u32;
        let wanted = call.integer("place").unwrap_or(1) as u32;
        if wanted.clamp(1, last) != from {
            self.shift(number, wanted, cause);
        }
    }

    /// Moves a visit to this position, or to the end if the position is beyond it.
    pub(super) fn shift(&mut self, number: VisitNumber, wanted: u32, cause: &mut Cause<'_>) {
        let visit = self.visit(number);
        let (location, from) = (visit.location, visit.position.unwrap_or(1));
        let to = self.location_of(number).line.shift(from, wanted);
        let estimate = self.location_of(number).pace.estimate(to);
        self.edit(number, cause, |visit| visit.stand(to, estimate));
        // Everybody between the two positions has moved by one.
        let (first, last) = (from.min(to) as usize, from.max(to) as usize);
        self.advance(location, first - 1..last, cause);
    }

    /// Moves a visit to another location, where it is a new visit (H1).
    pub(super) fn transfer(
        &mut self,
        there: u16,
        number: VisitNumber,
        cause: &mut Cause<'_>,
    ) -> SubjectIndex {
        let visit = self.visit(number);
        let (customer, party) = (visit.customer, Some(visit.party.into()));
        let given = (visit.anonymous, visit.service, visit.answers.clone());
        let names = (visit.first_name.clone(), visit.last_name.clone());
        let noted = (visit.notes.clone(), visit.external_customer_id.clone());
        self.end(number, None, None, cause);
        let again = self.new_visit(Whose::Known(customer), there, party, cause);
        let visit = self.visit_mut(again);
        (visit.first_name, visit.last_name) = names;
        (visit.anonymous, visit.service, visit.answers) = given;
        (visit.notes, visit.external_customer_id) = noted;
        self.enter_line(again, cause.now);
        self.emit_created(again, cause);
        self.send(Kind::Confirmation, again, cause);
        self.emit_status(there, cause);
        self.visit(again).index
    }

    pub(super) fn resize(&mut self, call: &Call, number: VisitNumber, cause: &mut Cause<'_>) {
        let visit = self.visit(number);
        let (location, before) = (visit.location, visit.party);
        let party = call.integer("people").map_or(before, |people| people as u8);
        if party == before {
            return;
        }
        self.before(number);
        self.recount(number, party);
        self.emit_updated(number, cause);
        self.emit_status(location, cause);
    }

    /// Changes the number of people in a visit, and the counters.
    pub(super) fn recount(&mut self, number: VisitNumber, party: u8) {
        let visit = self.visit_mut(number);
        let before = std::mem::replace(&mut visit.party, party);
        let (state, resource) = (visit.state, visit.resource);
        let here = self.location_of(number);
        match state {
            VisitState::Waiting => {
                here.count_waiting(before, Count::Down);
                here.count_waiting(party, Count::Up);
            }
            VisitState::Serving => {
                here.count_serving(before, resource, Count::Down);
                here.count_serving(party, resource, Count::Up);
            }
            VisitState::Pending
            | VisitState::Draft
            | VisitState::Booked
            | VisitState::Complete
            | VisitState::Removed => {}
        }
    }
}
