//! An event: its ticket categories with their prices and places, and the totals of its orders.

use jiff::Timestamp;

use super::money::{Cents, Price, Pricing};
pub use super::numbers::EventNumber;
use super::numbers::OrderNumber;
use super::state::EventState;
use super::venue::Venue;
use crate::model::SubjectIndex;
use crate::vendors::people::{Tongue, in_ascii};

/// VAT on tickets, in per cent (assumed).
pub const VAT_PERCENT: u64 = 19;

/// The first letter beyond those of Latin languages.
const BEYOND: char = '\u{250}';

/// An event.
#[derive(Debug)]
pub struct Event {
    pub index: SubjectIndex,
    pub number: EventNumber,
    /// Below 2^31.
    pub id: u32,
    pub venue: &'static Venue,
    pub title: String,
    pub short_name: String,
    pub state: EventState,
    pub pricing: Pricing,
    /// `event_type`.
    pub event_type: String,
    /// `image_shape_type`.
    pub image_shape: String,
    /// Whether the organizer approves each booking.
    pub approval: bool,
    /// Whether only the booker answers questions.
    pub booker_alone: bool,
    pub categories: Vec<Category>,
    pub start: Timestamp,
    pub end: Timestamp,
    pub created: Timestamp,
    /// When the organizer last changed it, or when it ended.
    pub updated: Timestamp,
    pub live_since: Option<Timestamp>,
    pub cancelled: Option<Timestamp>,
    pub deleted: Option<Timestamp>,
    pub postponed: bool,
    pub tally: Tally,
    /// Its orders whose rendered parts are kept.
    pub orders: Vec<OrderNumber>,
    /// Its rendering in the bodies of its orders. Empty until it is needed.
    pub in_orders: Vec<u8>,
}

/// A ticket category.
#[derive(Debug)]
pub struct Category {
    pub id: u32,
    pub name: String,
    /// The price that the organizer has set.
    pub euros: u64,
    pub vat_percent: u64,
    pub price: Price,
    pub capacity: u64,
    /// Tickets that are pending, valid or checked.
    pub taken: u64,
    /// Whether only people with an access code can see it.
    pub hidden: bool,
}

/// The totals of the orders of an event.
#[derive(Debug, Default)]
pub struct Tally {
    /// Attendees who are active.
    pub participants: u64,
    /// Orders that await the organizer.
    pub waiting: u64,
    /// The amounts of orders that are active and paid.
    pub revenue: Cents,
}

impl Category {
    /// The places that are left.
    pub fn available(&self) -> u64 {
        self.capacity.saturating_sub(self.taken)
    }
}

impl Event {
    /// Whether its tickets are free.
    pub fn is_free(&self) -> bool {
        self.pricing == Pricing::Free
    }

    /// Whether it will no longer take place.
    pub fn is_over(&self) -> bool {
        matches!(self.state, EventState::Done | EventState::Cancelled)
    }

    /// The places that are left in all categories.
    pub fn available(&self) -> u64 {
        self.categories.iter().map(Category::available).sum()
    }

    /// Records a change that bodies show.
    pub fn touch(&mut self, now: Timestamp) {
        self.updated = now;
        self.in_orders.clear();
    }
}

/// Shares out this many places over this many categories. The cheapest gets half. The others share
/// the rest equally, and the cheapest also gets the remainder.
pub fn share_out(capacity: u64, categories: u64) -> Vec<u64> {
    let others = categories.saturating_sub(1);
    let each = (capacity / 2).checked_div(others).unwrap_or(0);
    let mut shares = vec![each; categories as usize];
    if let Some(first) = shares.first_mut() {
        *first = capacity - each * others;
    }
    shares
}

/// The title in links, where umlauts are written as Germans do. If it has no letters that links can have, `event-<id>`.
pub fn slug(title: &str, id: u32) -> String {
    let plain = |letter: char| if letter < BEYOND { in_ascii(Tongue::German, letter) } else { " " };
    let title: String = title.chars().map(plain).collect();
    let words = title.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    if words.is_empty() { format!("event-{id}") } else { words.join("-").to_ascii_lowercase() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_places_are_shared_out() {
        for (capacity, categories) in [(300, 3), (1, 5), (7, 1), (100_000, 4)] {
            let shares = share_out(capacity, categories);
            assert_eq!(shares.iter().sum::<u64>(), capacity);
            assert_eq!(shares.len() as u64, categories);
        }
        assert_eq!(share_out(300, 3), [150, 75, 75]);
    }

    #[test]
    fn a_title_without_letters_is_known_by_its_id() {
        assert_eq!(slug("Harbour Day 7!", 3), "harbour-day-7");
        assert_eq!(slug("Schweißen für alle", 3), "schweissen-fuer-alle");
        assert_eq!(slug("Founders’ Pier", 3), "founders-pier");
        assert_eq!(slug("ندوة", 3), "event-3");
    }
}
