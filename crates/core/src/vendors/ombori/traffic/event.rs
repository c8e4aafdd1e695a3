//! What will happen at a store.

use jiff::Timestamp;

use crate::model::SubjectIndex;

/// Something that will happen.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// Somebody comes in, or books from elsewhere.
    Arrival,
    /// A reserved slot, which begins at this time, is confirmed or given up.
    Confirm(SubjectIndex, Timestamp),
    /// The guest of a booking comes in.
    BookedArrival(SubjectIndex),
    /// A booking moves to another slot.
    Reschedule(SubjectIndex),
    /// Staff cancel a booking.
    StaffCancel(SubjectIndex),
    /// The guest cancels.
    GiveUp(SubjectIndex),
    /// Staff reject a guest whom they have not called.
    TurnAway(SubjectIndex),
    /// The guest comes to a desk.
    AtDesk(SubjectIndex, u32),
    /// The guest has not come to the desk, for the number of calls that is given.
    NotThere(SubjectIndex, u32, u8),
    /// The guest was served.
    Served(SubjectIndex, u32),
    /// A desk's break is over.
    BreakOver(u32),
    /// The guest says how it was.
    Feedback(SubjectIndex),
}

impl Event {
    /// The guest to whom it happens.
    pub fn guest(self) -> Option<SubjectIndex> {
        match self {
            Self::Confirm(guest, _)
            | Self::BookedArrival(guest)
            | Self::Reschedule(guest)
            | Self::StaffCancel(guest)
            | Self::GiveUp(guest)
            | Self::TurnAway(guest)
            | Self::AtDesk(guest, _)
            | Self::NotThere(guest, _, _)
            | Self::Served(guest, _)
            | Self::Feedback(guest) => Some(guest),
            Self::Arrival | Self::BreakOver(_) => None,
        }
    }

    /// The guest who is called to a desk now.
    pub fn called(self) -> Option<SubjectIndex> {
        match self {
            Self::AtDesk(guest, _) | Self::NotThere(guest, _, _) => Some(guest),
            _ => None,
        }
    }
}
