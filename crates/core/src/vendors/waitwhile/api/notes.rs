//! Notes about customers (W9). Only those keys of a note that calls write are documented.

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::body::Body;
use super::page::Page;
use super::state::{MOST_KEPT, Note};
use super::wrong::Wrong;
use super::{Asked, unplayed};
use crate::vendors::api::ApiAnswer;
use crate::vendors::waitwhile::account::WaitwhileAccount;
use crate::vendors::waitwhile::visit::CustomerNumber;
use crate::vendors::wire::Milliseconds;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NoteBody<'a> {
    id: &'a str,
    customer_id: &'a str,
    content: &'a str,
    location_id: Option<&'a str>,
    visit_id: Option<&'a str>,
    created: Milliseconds,
    created_by: &'a str,
    updated: Milliseconds,
    updated_by: &'a str,
}

impl WaitwhileAccount {
    pub(super) fn answer_notes(&mut self, asked: Asked<'_>) -> Result<ApiAnswer, Wrong> {
        let call = asked.call;
        let customer = self.customer_of(call.parameter("customerId"))?;
        match call.operation.id {
            "getCustomersCustomeridNotes" => {
                let notes = self.api.notes.iter().enumerate();
                let notes = notes.filter(|(_, note)| note.customer == customer);
                let notes: Vec<_> = notes.map(|(place, note)| (note.id.as_str(), place)).collect();
                let keep = |place: usize| !self.api.notes[place].removed;
                Page::of(call)?.of_all(notes.into_iter(), keep, |place| self.note_read(place))
            }
            "postCustomersCustomeridNotes" => {
                let note = self.note(customer, &Body::of(call)?, &asked)?;
                self.api.notes.push(note);
                Ok(self.one_note(self.api.notes.len() - 1))
            }
            "getCustomersCustomeridNotesCustomernoteid" => {
                Ok(self.one_note(self.note_of(customer, call.parameter("noteId"))?))
            }
            "postCustomersCustomeridNotesNoteid" => {
                let place = self.note_of(customer, call.parameter("noteId"))?;
                let body = Body::of(call)?;
                let content = body.filled("content")?;
                let (location, visit) = self.note_about(customer, &body)?;
                let note = &mut self.api.notes[place];
                note.content = content.unwrap_or_else(|| std::mem::take(&mut note.content));
                note.location = location.or(note.location.take());
                note.visit = visit.or(note.visit.take());
                note.updated = asked.now;
                Ok(self.one_note(place))
            }
            "deleteCustomersCustomeridNotesNoteid" => {
                let place = self.note_of(customer, call.parameter("noteId"))?;
                self.api.notes[place].removed = true;
                Ok(ApiAnswer::json(200, json!({})))
            }
            _ => unplayed(call),
        }
    }

    /// Creates a note from a call.
    fn note(
        &mut self,
        customer: CustomerNumber,
        body: &Body,
        asked: &Asked<'_>,
    ) -> Result<Note, Wrong> {
        let content = body.filled("content")?.ok_or_else(|| Wrong::bad("content is missing"))?;
        let (location, visit) = self.note_about(customer, body)?;
        if self.api.notes.len() >= MOST_KEPT {
            return Err(Wrong::bad(format!("at most {MOST_KEPT} notes are kept")));
        }
        let (created, updated) = (asked.now, asked.now);
        let id = self.api.id(20);
        Ok(Note { id, customer, content, location, visit, created, updated, removed: false })
    }

    /// `locationId` and `visitId`: a location and one of the customer's visits.
    fn note_about(
        &mut self,
        customer: CustomerNumber,
        body: &Body,
    ) -> Result<(Option<String>, Option<String>), Wrong> {
        let location = body.text("locationId")?.filter(|id| !id.is_empty());
        if let Some(id) = &location {
            self.location_named("locationId", id)?;
        }
        let visit = body.text("visitId")?.filter(|id| !id.is_empty());
        if let Some(id) = &visit {
            let number = self.visit_of(id).ok();
            if number.is_none_or(|number| self.visit(number).customer != customer) {
                return Err(Wrong::bad("visitId: this customer has no visit with this id"));
            }
        }
        Ok((location, visit))
    }

    fn note_of(&self, customer: CustomerNumber, id: &str) -> Result<usize, Wrong> {
        let same = |note: &Note| !note.removed && note.customer == customer && note.id == id;
        self.api.notes.iter().position(same).ok_or_else(|| Wrong::unknown("note"))
    }

    fn one_note(&self, place: usize) -> ApiAnswer {
        ApiAnswer::json(200, self.note_read(place))
    }

    fn note_read(&self, place: usize) -> Json {
        let note = &self.api.notes[place];
        let body = NoteBody {
            id: &note.id,
            customer_id: &self.customer(note.customer).id,
            content: &note.content,
            location_id: note.location.as_deref(),
            visit_id: note.visit.as_deref(),
            created: Milliseconds(note.created),
            created_by: &self.office.key_user,
            updated: Milliseconds(note.updated),
            updated_by: &self.office.key_user,
        };
        serde_json::to_value(body).unwrap_or_else(|error| panic!("a note is JSON: {error}"))
    }
}
