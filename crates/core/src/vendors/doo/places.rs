//! The order of doo's subjects in their account. The events that exist from the start come first. An
//! order is followed by its attendees, and each attendee by its ticket.

use crate::model::{SubjectIndex, Subjects};

/// The first events of an account, this many.
pub fn first_events(count: usize) -> Subjects {
    Subjects::first(count)
}

/// The attendees and tickets of an order with this many tickets.
pub fn followers_of(order: SubjectIndex, tickets: u64) -> impl Iterator<Item = SubjectIndex> {
    order.following().take(2 * tickets as usize)
}

/// The attendee of an order who has the ticket with this index.
pub fn attendee_at(order: SubjectIndex, ticket: u8) -> SubjectIndex {
    follower(order, 2 * usize::from(ticket))
}

/// The ticket of an order with this index.
pub fn ticket_at(order: SubjectIndex, ticket: u8) -> SubjectIndex {
    follower(order, 2 * usize::from(ticket) + 1)
}

fn follower(order: SubjectIndex, skipped: usize) -> SubjectIndex {
    order.following().nth(skipped).unwrap_or_else(|| panic!("an account has fewer subjects"))
}
