//! What the agenda of a season has.

use super::sale::Cost;
use crate::model::SubjectIndex;

/// Something that will happen.
#[derive(Clone, Copy, Debug)]
pub(super) enum Next {
    /// The sale of an event begins.
    Opens(SubjectIndex),
    Rush(SubjectIndex),
    Booker(SubjectIndex),
    /// An organizer plans another event.
    Plans,
    /// An organizer creates an event.
    Creates,
    Publishes(SubjectIndex),
    Edits(SubjectIndex),
    Postpones(SubjectIndex),
    CallsOff(SubjectIndex),
    /// The organizer edits an event that is over.
    LooksBack(SubjectIndex),
    Decides(SubjectIndex),
    Flags(SubjectIndex),
    Pays(SubjectIndex),
    NotPaid(SubjectIndex),
    Renames(SubjectIndex),
    Cancels(SubjectIndex, Cost),
    Removes(SubjectIndex),
    Doors(SubjectIndex),
    Enters(SubjectIndex),
    EntersAgain(SubjectIndex),
    Undoes(SubjectIndex),
}

impl Next {
    /// Whom or what it happens to, if that exists already.
    pub(super) fn subject(&self) -> Option<SubjectIndex> {
        match *self {
            Self::Plans | Self::Creates => None,
            Self::Opens(subject)
            | Self::Rush(subject)
            | Self::Booker(subject)
            | Self::Publishes(subject)
            | Self::Edits(subject)
            | Self::Postpones(subject)
            | Self::CallsOff(subject)
            | Self::LooksBack(subject)
            | Self::Decides(subject)
            | Self::Flags(subject)
            | Self::Pays(subject)
            | Self::NotPaid(subject)
            | Self::Renames(subject)
            | Self::Cancels(subject, _)
            | Self::Removes(subject)
            | Self::Doors(subject)
            | Self::Enters(subject)
            | Self::EntersAgain(subject)
            | Self::Undoes(subject) => Some(subject),
        }
    }
}
