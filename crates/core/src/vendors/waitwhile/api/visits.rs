//! Reads, lists, exports, creates, changes and deletes visits (W1 to W7 of the operations).

use serde_json::{Value as Json, json};

use super::body::Body;
use super::csv::export;
use super::find::state_of;
use super::moment::Span;
use super::page::Page;
use super::visit_body::VisitWrite;
use super::wrong::Wrong;
use super::{Asked, unplayed};
use crate::vendors::api::ApiAnswer;
use crate::vendors::emitter::Emitter;
use crate::vendors::waitwhile::account::WaitwhileAccount;
use crate::vendors::waitwhile::act::Act;
use crate::vendors::waitwhile::cause::Cause;
use crate::vendors::waitwhile::payload;
use crate::vendors::waitwhile::state::VisitState;
use crate::vendors::waitwhile::visit::{By, Visit, VisitNumber};

/// The columns of an export in CSV. H4 names them in capitals. These are the keys of the API.
const COLUMNS: &[&str] = &[
    "id",
    "locationId",
    "customerId",
    "state",
    "firstName",
    "lastName",
    "name",
    "phone",
    "email",
    "partySize",
    "resourceIds",
    "serviceIds",
    "tags",
    "notes",
    "source",
    "ticket",
    "position",
    "originalPosition",
    "created",
    "updated",
    "bookingTime",
    "date",
    "duration",
    "waitlistTime",
    "serveTime",
    "completedTime",
    "waitDuration",
];

impl WaitwhileAccount {
    pub(super) fn answer_visits(&mut self, asked: Asked<'_>) -> Result<ApiAnswer, Wrong> {
        let call = asked.call;
        match call.operation.id {
            "getVisits" => self.list_visits(&asked),
            "getVisitsExport" => self.export_visits(&asked),
            "getVisitsVisitid" => {
                let number = self.visit_of(call.parameter("visitId"))?;
                Ok(self.one_visit(number).about(self.visit(number).index))
            }
            "postVisits" => self.write_visit(asked),
            "postVisitsVisitid" => {
                let number = self.visit_of(call.parameter("visitId"))?;
                let body = Body::of(call)?;
                if body.text("id")?.is_some_and(|id| id != self.visit(number).id) {
                    return Err(Wrong::bad("id: another visit has this id"));
                }
                let write = VisitWrite::read(&body, self)?;
                self.change_visit(number, write, asked)?;
                Ok(self.one_visit(number))
            }
            "deleteVisitsVisitid" => {
                let number = self.visit_of(call.parameter("visitId"))?;
                let cause = &mut asked.cause(Act::Delete);
                self.begin(cause);
                self.delete(&[number], cause);
                Ok(ApiAnswer::json(200, json!({})))
            }
            _ => unplayed(call),
        }
    }

    /// Creates a visit, or changes the one whose id is in the body.
    fn write_visit(&mut self, asked: Asked<'_>) -> Result<ApiAnswer, Wrong> {
        let body = Body::of(asked.call)?;
        let id = body.text("id")?.filter(|id| !id.is_empty());
        let known = id.map(|id| self.visit_of(&id)).transpose()?;
        let write = VisitWrite::read(&body, self)?;
        let number = match known {
            Some(number) => {
                self.change_visit(number, write, asked)?;
                number
            }
            None => self.create_visit(write, asked)?,
        };
        Ok(self.one_visit(number))
    }

    fn one_visit(&self, number: VisitNumber) -> ApiAnswer {
        ApiAnswer::json(200, self.visit_read(number))
    }

    /// A visit as the API returns it.
    pub(super) fn visit_read(&self, number: VisitNumber) -> Json {
        let visit = self.visit(number);
        payload::visit_read(visit, self.around(visit))
    }

    fn list_visits(&mut self, asked: &Asked<'_>) -> Result<ApiAnswer, Wrong> {
        let call = asked.call;
        let page = Page::of(call)?;
        let location = self.location_asked(call)?;
        let state = call.query("state").filter(|state| !state.is_empty()).map(state_of);
        let state = state.transpose()?;
        let customer = call.query("customerId").filter(|id| !id.is_empty());
        let span = Span::of(call, &self.office.slots.zone, "fromDate", "toDate")?;
        let keep = |number| {
            let visit = self.visit(number);
            visit.state != VisitState::Removed
                && location.is_none_or(|location| location == visit.location)
                && state.is_none_or(|state| state == visit.state)
                && customer.is_none_or(|id| id == self.customer(visit.customer).id)
                && span.holds(takes_place(visit))
        };
        page.of_all(self.all_visits(), keep, |number| self.visit_read(number))
    }

    fn export_visits(&mut self, asked: &Asked<'_>) -> Result<ApiAnswer, Wrong> {
        let call = asked.call;
        let location = self.location_asked(call)?;
        let span = Span::of(call, &self.office.slots.zone, "fromTime", "toTime")?;
        let by: fn(&Visit) -> jiff::Timestamp = match call.query("dateRangeField") {
            None | Some("" | "created") => |visit| visit.created,
            Some("updated") => |visit| visit.updated,
            Some(_) => return Err(Wrong::bad("dateRangeField must be created or updated")),
        };
        let visits = self.all_visits().map(|(_, number)| number).filter(|number| {
            let visit = self.visit(*number);
            visit.state != VisitState::Removed
                && location.is_none_or(|location| location == visit.location)
                && span.holds(by(visit))
        });
        export(call, COLUMNS, visits.map(|number| self.visit_read(number)))
    }
}

impl<'a> Asked<'a> {
    /// The cause of a change by this call.
    pub(super) fn cause(self, act: Act) -> Cause<'a> {
        let emitter = Emitter { action: act.action(), at: self.now, outbox: self.outbox };
        Cause { by: By::Key, now: self.now, emitter }
    }
}

/// When a visit takes place: at its slot, or when it joined the waitlist (assumed).
fn takes_place(visit: &Visit) -> jiff::Timestamp {
    let slot = visit.booking.map(|booking| booking.start);
    slot.or(visit.waitlist_time).unwrap_or(visit.created)
}
