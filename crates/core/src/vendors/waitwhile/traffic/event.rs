//! What will happen at a business.

use crate::model::SubjectIndex;

/// Something that will happen.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// Somebody comes to a location.
    Arrival(usize),
    /// The form of a held slot is submitted.
    Submit(SubjectIndex),
    /// Staff approve or reject a request.
    Decide(SubjectIndex),
    /// A booking moves to another slot.
    Reschedule(usize, SubjectIndex),
    /// The guest cancels.
    GiveUp(SubjectIndex),
    /// Something about the visit changes.
    Edit(SubjectIndex),
    /// Staff move the visit.
    Shift(usize, SubjectIndex),
    /// A booking has moved to the waitlist by itself.
    Synced(usize, SubjectIndex),
    /// The guest of a booking comes in.
    BookedArrival(usize, SubjectIndex),
    /// The guest comes to the desk.
    AtDesk(Place, SubjectIndex),
    /// The guest has not come to the desk.
    NotThere(Place, SubjectIndex),
    /// The guest was served.
    Served(Place, SubjectIndex),
    /// A desk's break is over.
    BreakOver(Place),
    /// A guest who was not there comes back.
    Back(usize, SubjectIndex),
    /// The guest of a cancelled booking wants it back.
    Regrets(SubjectIndex),
    /// Staff open a location that they have closed.
    Opens(usize),
    /// Staff delete the visit or the customer.
    Delete(SubjectIndex),
}

impl Event {
    /// The guest to whom it happens.
    pub fn guest(self) -> Option<SubjectIndex> {
        match self {
            Self::Submit(guest)
            | Self::Decide(guest)
            | Self::Reschedule(_, guest)
            | Self::GiveUp(guest)
            | Self::Edit(guest)
            | Self::Shift(_, guest)
            | Self::Synced(_, guest)
            | Self::BookedArrival(_, guest)
            | Self::AtDesk(_, guest)
            | Self::NotThere(_, guest)
            | Self::Served(_, guest)
            | Self::Back(_, guest)
            | Self::Regrets(guest)
            | Self::Delete(guest) => Some(guest),
            Self::Arrival(_) | Self::BreakOver(_) | Self::Opens(_) => None,
        }
    }
}

/// A desk at a location.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The location.
    pub floor: usize,
    /// The desk there.
    pub desk: usize,
}
