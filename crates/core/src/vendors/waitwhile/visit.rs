//! A visit: a guest's place on a waitlist, or a booking. Also the customer that it belongs to. Its
//! transitions are in the catalogue.

use std::borrow::Cow;

use jiff::Timestamp;

use super::guest::{Channel, Guest};
use super::state::VisitState;
use crate::model::Number;
use crate::model::SubjectIndex;

/// Identifies a visit of an account.
pub type VisitNumber = Number<Visit>;
/// Identifies a customer of an account.
pub type CustomerNumber = Number<Customer>;

/// Somebody in the customer database.
#[derive(Debug)]
pub struct Customer {
    /// 22 characters.
    pub id: String,
    /// The customer's user id: 28 characters.
    pub user: String,
    /// The guest: how to reach them, and what the browser sent.
    pub guest: Guest,
    /// The customer's visits, without deleted ones.
    pub visits: Vec<VisitNumber>,
    /// How many visits there have been.
    pub number: u32,
    /// The data that only the customer database has.
    pub card: Card,
}

/// The data of a customer that no visit shows.
#[derive(Debug)]
pub struct Card {
    /// When the entry was created.
    pub created: Timestamp,
    /// Who created the entry.
    pub created_by: By,
    /// When the entry last changed.
    pub updated: Timestamp,
    /// Who changed it last.
    pub updated_by: By,
    /// The id in another system. Empty if there is none.
    pub external_id: String,
    /// The customer's tags, as given.
    pub tags: Vec<String>,
    /// Locations of the customer in addition to those of the visits.
    pub locations: Vec<u16>,
    /// Whether calls can find the customer: not deleted, and not only counted in.
    pub listed: bool,
}

impl Card {
    /// The data of a new customer.
    pub fn new(now: Timestamp, by: By) -> Self {
        Self {
            created: now,
            created_by: by,
            updated: now,
            updated_by: by,
            external_id: String::new(),
            tags: Vec::new(),
            locations: Vec::new(),
            listed: true,
        }
    }
}

/// The answers to one question of the form.
pub type Answers = Vec<Cow<'static, str>>;

/// Who created or changed something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A guest.
    Guest(CustomerNumber),
    /// A member of staff.
    Staff(u16),
    /// Nobody: it happened by itself.
    System,
    /// The user that the API key belongs to.
    Key,
}

/// A booked slot.
#[derive(Clone, Copy, Debug)]
pub struct Booking {
    /// When the booking was made.
    pub made: Timestamp,
    /// When the slot begins.
    pub start: Timestamp,
    /// When and how the guest was reminded of this slot.
    pub reminded: Option<(Channel, Timestamp)>,
}

/// The place of a visit when it first joined the waitlist. It never changes.
#[derive(Clone, Copy, Debug)]
pub struct Original {
    /// `originalPosition`
    pub position: u32,
    /// `originalEstWaitDuration`, in seconds.
    pub estimate: u64,
}

/// One visit.
#[derive(Debug)]
pub struct Visit {
    /// Its index among the account's subjects.
    pub index: SubjectIndex,
    /// 20 characters. The first six are the public id.
    pub id: String,
    /// The index of its location.
    pub location: u16,
    /// Its customer.
    pub customer: CustomerNumber,
    /// Its state.
    pub state: VisitState,
    /// Since when it has waited. A restored visit starts again.
    pub waiting_since: Timestamp,
    /// Given name on the visit. Staff may correct it.
    pub first_name: String,
    /// Family name on the visit.
    pub last_name: String,
    /// Whether the guest was only counted in. Then no name is known.
    pub anonymous: bool,
    /// `partySize`, 1 to 100.
    pub party: u8,
    /// The resource that serves it, or that the guest prefers.
    pub resource: Option<u16>,
    /// Its service.
    pub service: Option<u16>,
    /// The answers in the form, one entry per question.
    pub answers: Vec<Answers>,
    /// The index of its `source` in the settings.
    pub source: u16,
    /// `notes`: of staff, or set through the API.
    pub notes: String,
    /// `externalCustomerId`, which only the API sets.
    pub external_customer_id: String,
    /// In the order in which they were set.
    pub tags: Vec<&'static str>,
    /// When it was created.
    pub created: Timestamp,
    /// Who created it.
    pub created_by: By,
    /// When it last changed.
    pub updated: Timestamp,
    /// Who changed it last.
    pub updated_by: By,
    /// When a held slot expires.
    pub hold_expires: Option<Timestamp>,
    /// The slot, if it is a booking.
    pub booking: Option<Booking>,
    /// When it joined the waitlist.
    pub waitlist_time: Option<Timestamp>,
    /// When it was served.
    pub serve_time: Option<Timestamp>,
    /// When it was completed.
    pub completed_time: Option<Timestamp>,
    /// Its position in line, from 1. It is 1 while the visit is served, and `None` when it is over.
    pub position: Option<u32>,
    /// Its last position while it waited.
    pub last_waiting_position: u32,
    /// The estimated wait in seconds, while it waits.
    pub estimate: Option<u64>,
    /// Its place when it first joined the waitlist.
    pub original: Option<Original>,
    /// `A001`
    pub ticket: String,
    /// `numVisits`: the number of the customer's visits at that time, including this one.
    pub number: u32,
    /// When and how the follow-up was sent.
    pub followed_up: Option<(Channel, Timestamp)>,
    /// The last rendering.
    pub rendered: Rendered,
}

/// The last rendering of an object: the next webhook's `before`. It is freed when the object is
/// unlikely to change again, and rendered again if it does.
#[derive(Debug, Default)]
pub struct Rendered {
    /// The part that the line changes. The object stays open.
    pub standing: Vec<u8>,
    /// The rest of the object, from a comma to its closing brace.
    pub details: Vec<u8>,
}

impl Rendered {
    /// Writes the whole object.
    pub fn write(&self, into: &mut Vec<u8>) {
        into.extend_from_slice(&self.standing);
        into.extend_from_slice(&self.details);
    }
}

impl Visit {
    /// `waitDuration`: whole seconds from joining the waitlist to being served (seed 002).
    pub fn waited(&self) -> Option<u64> {
        let (from, to) = self.waitlist_time.zip(self.serve_time)?;
        Some(crate::clock::between(from, to).as_secs())
    }

    /// Given and family name.
    pub fn full_name(&self) -> String {
        if self.last_name.is_empty() {
            return self.first_name.clone();
        }
        format!("{} {}", self.first_name, self.last_name)
    }

    /// Removes the tags of an ended visit.
    pub fn untag(&mut self, tags: &[&str]) {
        self.tags.retain(|tag| !tags.contains(tag));
    }

    /// Takes a new position in line with this estimated wait. The estimate never grows on a move
    /// forward, and never shrinks on a move back.
    pub fn stand(&mut self, position: u32, estimate: u64) {
        let estimate = match (self.position, self.estimate) {
            (Some(before), Some(last)) if position < before => estimate.min(last),
            (Some(before), Some(last)) if position > before => estimate.max(last),
            _ => estimate,
        };
        self.position = Some(position);
        self.last_waiting_position = position;
        self.estimate = Some(estimate);
    }
}
