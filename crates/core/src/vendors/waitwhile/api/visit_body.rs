//! Reads and checks the keys of a visit in a call (VC, VU).
//!
//! `services`, `resources` and `fields` are deprecated (VU). They are ignored, as are unknown keys.
//! Here a visit has at most one service and one resource, and a booking takes one slot.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::body::{Body, texts};
use super::customer_write::Contact;
use super::find::state_of;
use super::moment::local;
use super::wrong::Wrong;
use crate::clock::END;
use crate::vendors::waitwhile::account::WaitwhileAccount;
use crate::vendors::waitwhile::state::VisitState;
use crate::vendors::waitwhile::visit::{Answers, CustomerNumber};

/// The most tags of a visit (VU).
const MOST_TAGS: usize = 10;

/// The tags that end a visit, as this vendor spells them.
pub const CANCELLED: &str = "CANCELLED";
/// A rule ended the visit.
pub const EXPIRED: &str = "EXPIRED";
/// Staff took the visit off the list.
pub const REMOVED: &str = "REMOVED";

/// The values of a visit in a call.
pub struct VisitWrite {
    /// `locationId`
    pub location: Option<u16>,
    /// `customerId`
    pub customer: Option<CustomerNumber>,
    /// Names, number, address, `externalCustomerId`.
    pub contact: Contact,
    /// `notes`
    pub notes: Option<String>,
    /// `serviceIds`: at most one.
    pub service: Option<Option<String>>,
    /// `resourceIds`: at most one.
    pub resource: Option<Option<String>>,
    /// `dataFields`: the answers to each question.
    pub answers: Option<Vec<Answers>>,
    /// `partySize`
    pub party: Option<u8>,
    /// `position`
    pub position: Option<u32>,
    /// `state`
    pub state: Option<VisitState>,
    /// `tags`
    pub tags: Option<Vec<&'static str>>,
    /// `date`: when the slot begins.
    pub start: Option<Timestamp>,
}

impl VisitWrite {
    /// Reads the body of a call.
    pub fn read(body: &Body, account: &mut WaitwhileAccount) -> Result<Self, Wrong> {
        let id = body.text("locationId")?.filter(|id| !id.is_empty());
        let location = id.map(|id| account.location_named("locationId", &id)).transpose()?;
        let id = body.text("customerId")?.filter(|id| !id.is_empty());
        let customer = id.map(|id| account.customer_of(&id)).transpose();
        let customer =
            customer.map_err(|_| Wrong::bad("customerId: there is no customer with this id"))?;
        let state = body.filled("state")?.map(|state| state_of(&state)).transpose()?;
        let party = body.number("partySize", 1..=100)?;
        Ok(Self {
            location,
            customer,
            contact: Contact::read(body, "externalCustomerId")?,
            notes: body.text("notes")?,
            service: one_of(body, "serviceIds")?,
            resource: one_of(body, "resourceIds")?,
            answers: answers(body, &account.office.questions)?,
            party: party.map(|party| party as u8),
            position: body.number("position", 1..=10_000)?,
            state,
            tags: tags(body, account.rules.no_show_tag)?,
            start: start(body, account)?,
        })
    }
}

fn one_of(body: &Body, name: &str) -> Result<Option<Option<String>>, Wrong> {
    let Some(mut ids) = body.texts(name)? else { return Ok(None) };
    let first = ids.pop();
    if ids.is_empty() {
        Ok(Some(first))
    } else {
        Err(Wrong::bad(format!("{name} can have only one id")))
    }
}

/// `dataFields`: `[{id, values}]`. A question that is not named stays open.
fn answers(body: &Body, questions: &[String]) -> Result<Option<Vec<Answers>>, Wrong> {
    let Some(value) = body.json("dataFields") else { return Ok(None) };
    let mut answers = vec![Answers::new(); questions.len()];
    let fields = match value {
        Json::Null => &[][..],
        Json::Array(fields) => fields.as_slice(),
        _ => return Err(Wrong::bad("dataFields must be a list of objects with id and values")),
    };
    for field in fields {
        let id = field["id"].as_str().unwrap_or_default();
        let place = questions.iter().position(|question| question == id);
        let place = place.ok_or_else(|| Wrong::bad("dataFields: there is no such field"))?;
        let values = texts("dataFields: values", &field["values"])?;
        answers[place] = values.into_iter().map(Into::into).collect();
    }
    Ok(Some(answers))
}

/// `tags`, which must be some of those that PD lists. Both spellings of a no-show become the one in
/// the settings.
fn tags(body: &Body, no_show: &'static str) -> Result<Option<Vec<&'static str>>, Wrong> {
    let Some(named) = body.texts("tags")? else { return Ok(None) };
    let mut tags = Vec::new();
    for name in named {
        let tag = match name.as_str() {
            "NO-SHOW" | "NOSHOW" => no_show,
            "CANCELLED" => CANCELLED,
            "EXPIRED" => EXPIRED,
            "REMOVED" => REMOVED,
            "ALERTED" => "ALERTED",
            "ARRIVED" => "ARRIVED",
            "DELAYED" => "DELAYED",
            "CONFIRMED" => "CONFIRMED",
            "FLAGGED" => "FLAGGED",
            "IMPORTED" => "IMPORTED",
            "PRIORITIZED" => "PRIORITIZED",
            "CAPACITY" => "CAPACITY",
            _ => return Err(Wrong::bad(format!("tags: {name} is not a tag"))),
        };
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    if tags.len() > MOST_TAGS {
        return Err(Wrong::bad(format!("a visit has at most {MOST_TAGS} tags")));
    }
    Ok(Some(tags))
}

/// `date`: the local time at which a slot begins. `duration` can only be the length of a slot.
fn start(body: &Body, account: &WaitwhileAccount) -> Result<Option<Timestamp>, Wrong> {
    let slots = &account.office.slots;
    let length = slots.length.as_secs() as u32;
    if body.number("duration", 0..=u32::MAX)?.is_some_and(|duration| duration != length) {
        return Err(Wrong::bad(format!("duration must be {length}: a booking takes one slot")));
    }
    let Some(text) = body.text("date")?.filter(|text| !text.is_empty()) else { return Ok(None) };
    let start = local(&slots.zone, &text).filter(|start| *start < END);
    let start = start.filter(|start| slots.date(*start) == text);
    let start = start.ok_or_else(|| {
        Wrong::bad("date must be a local time that exists, such as 2031-03-05T10:30")
    })?;
    if slots.at_or_after(start) != start {
        return Err(Wrong::bad("date must be the beginning of a slot"));
    }
    Ok(Some(start))
}
