//! Where doo's subjects stand among those of their account: the one place that computes with them.
//! An order is followed by its attendees, each of them by its ticket.

use crate::model::SubjectIndex;

/// The event with which the account began, by its place in the setting.
pub fn event_at(place: usize) -> SubjectIndex {
    SubjectIndex::at(place)
}

/// An attendee of an order, by the place of their ticket in it.
pub fn attendee_of(order: SubjectIndex, place: u8) -> SubjectIndex {
    SubjectIndex::at(order.place() + 1 + 2 * usize::from(place))
}

/// The first ticket of an order.
pub fn ticket_of(order: SubjectIndex) -> SubjectIndex {
    SubjectIndex::at(order.place() + 2)
}

/// A ticket of an order, by its place in it.
pub fn ticket_at(order: SubjectIndex, place: u8) -> SubjectIndex {
    SubjectIndex::at(order.place() + 2 + 2 * usize::from(place))
}

/// All that follow an order with so many tickets.
pub fn followers_of(order: SubjectIndex, tickets: u64) -> impl Iterator<Item = SubjectIndex> {
    let first = order.place() + 1;
    (first..first + 2 * tickets as usize).map(SubjectIndex::at)
}
