//! A visit: a guest's place on a waitlist or a booking, and the customer that it belongs to. Its
//! transitions are in the catalogue.

use std::borrow::Cow;

use jiff::Timestamp;

use super::guest::{Channel, Guest};
use super::state::VisitState;
use crate::model::SubjectIndex;
use crate::vendors::number::number;

number! {
    /// Which visit of an account.
    VisitNumber
}
number! {
    /// Which customer of an account.
    CustomerNumber
}

/// Somebody in the customer database.
#[derive(Debug)]
pub struct Customer {
    /// 22 characters.
    pub id: String,
    /// The id of the account that the guest acts with: 28 characters.
    pub user: String,
    /// How the guest can be reached, and what the browser sent.
    pub guest: Guest,
    /// The customer's visits, deleted ones left out.
    pub visits: Vec<VisitNumber>,
    /// How many visits there have been.
    pub number: u32,
    /// What only the customer database holds.
    pub card: Card,
}

/// What the customer database holds of somebody, and no visit shows.
#[derive(Debug)]
pub struct Card {
    /// When the customer became known.
    pub created: Timestamp,
    /// Who made the entry.
    pub created_by: By,
    /// When the entry last changed.
    pub updated: Timestamp,
    /// Who changed it last.
    pub updated_by: By,
    /// The id in another system; empty if it has none.
    pub external_id: String,
    /// Tags of the customer, as they were given.
    pub tags: Vec<String>,
    /// Locations that were named for the customer beside those of the visits.
    pub locations: Vec<u16>,
    /// It can be found: it was not deleted, and is of more than somebody who was counted in.
    pub listed: bool,
}

impl Card {
    /// Of somebody who is known from now on.
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

/// Who made a visit or changed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A guest.
    Guest(CustomerNumber),
    /// A member of staff.
    Staff(u16),
    /// Nobody: it happened by itself.
    System,
    /// The user to whom the key of the API belongs.
    Key,
}

/// A booked slot.
#[derive(Clone, Copy, Debug)]
pub struct Booking {
    /// When the booking was made.
    pub made: Timestamp,
    /// When the slot begins.
    pub start: Timestamp,
    /// The guest was reminded of this slot.
    pub reminded: Option<(Channel, Timestamp)>,
}

/// Where a visit was when it first came to the waitlist; it never changes.
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
    /// Where it stands among the account's subjects.
    pub index: SubjectIndex,
    /// 20 characters; the first six are the public id.
    pub id: String,
    /// Which location.
    pub location: u16,
    /// Whose.
    pub customer: CustomerNumber,
    /// Its state.
    pub state: VisitState,
    /// Since when it has waited; a restored visit starts again.
    pub waiting_since: Timestamp,
    /// Given name on the visit; staff may correct it.
    pub first_name: String,
    /// Family name on the visit.
    pub last_name: String,
    /// The guest was only counted in; no name is known.
    pub anonymous: bool,
    /// `partySize`, 1 to 100.
    pub party: u8,
    /// The resource that serves it, or that the guest asked for.
    pub resource: Option<u16>,
    /// What it is for.
    pub service: Option<u16>,
    /// The answers on the form, for each of its questions.
    pub answers: Vec<Answers>,
    /// `notes`, which only the API sets.
    pub notes: String,
    /// `externalCustomerId`, which only the API sets.
    pub external_customer_id: String,
    /// In the order in which they were set.
    pub tags: Vec<&'static str>,
    /// When it was made, and by whom.
    pub created: Timestamp,
    /// Who made it.
    pub created_by: By,
    /// When it last changed.
    pub updated: Timestamp,
    /// Who changed it last.
    pub updated_by: By,
    /// Until when a held slot is kept.
    pub hold_expires: Option<Timestamp>,
    /// The slot, if it is a booking.
    pub booking: Option<Booking>,
    /// When it joined the waitlist.
    pub waitlist_time: Option<Timestamp>,
    /// When it was served.
    pub serve_time: Option<Timestamp>,
    /// When it was completed.
    pub completed_time: Option<Timestamp>,
    /// Its place in line, from 1; 1 while it is served; none when it is over.
    pub position: Option<u32>,
    /// Its last place while it waited.
    pub last_waiting_position: u32,
    /// The estimated wait in seconds, while it waits.
    pub estimate: Option<u64>,
    /// Where it was first.
    pub original: Option<Original>,
    /// `A001`
    pub ticket: String,
    /// `numVisits`: how many visits the customer had made, this one included.
    pub number: u32,
    /// When and how it was followed up.
    pub followed_up: Option<(Channel, Timestamp)>,
    /// What was rendered of it last.
    pub rendered: Rendered,
}

/// What was rendered of an object last: the next webhook's `before`. Emptied once the object is
/// unlikely to change again, and made anew if it does.
#[derive(Debug, Default)]
pub struct Rendered {
    /// The part that the line does not change, without braces.
    pub details: Vec<u8>,
    /// The whole object.
    pub whole: Vec<u8>,
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

    /// Takes off a tag that an ended visit carries.
    pub fn untag(&mut self, tags: &[&str]) {
        self.tags.retain(|tag| !tags.contains(tag));
    }

    /// Takes a new position in line with this estimated wait. The estimate never grows on a move
    /// ahead, and never shrinks on a move back.
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
