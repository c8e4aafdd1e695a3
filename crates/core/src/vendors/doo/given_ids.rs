//! The ids of events, categories and questions: numbers from the beginning of the account's range, or
//! those that the user has set.

use super::named::{CATEGORY, EVENT, QUESTION};
use super::questions::{OF_ATTENDEES, OF_BOOKERS};
use crate::model::Settings;
use crate::vendors::set_ids::IdsOfKind;

/// How far an id moves if the user has set it for something else. It has no divisor in common with
/// the number of ids, so every id is reached.
const STEP: u32 = 1_000_003;

/// The largest id.
const LARGEST: u32 = i32::MAX.unsigned_abs();

/// The ids that the user has set, while they are given away.
#[derive(Debug)]
pub struct GivenIds {
    events: IdsOfKind<u32>,
    categories: IdsOfKind<u32>,
}

/// The ids of the questions in addition to the usual ones. Their answers have the same ids (assumed).
#[derive(Clone, Debug)]
pub struct QuestionIds {
    /// Those for bookers, in the order of `OF_BOOKERS`.
    pub of_bookers: Vec<u32>,
    /// Those for attendees, in the order of `OF_ATTENDEES`.
    pub of_attendees: Vec<u32>,
}

impl GivenIds {
    /// Those of these settings.
    pub fn of(settings: &Settings) -> Self {
        Self {
            events: IdsOfKind::of(settings, EVENT),
            categories: IdsOfKind::of(settings, CATEGORY),
        }
    }

    /// The id of an event with this title. Only the first one with it has the set id.
    pub fn event(&mut self, title: &str, drawn: u32) -> u32 {
        self.events.take(title).unwrap_or_else(|| self.events.free(drawn, other))
    }

    /// The id of a category of the event with this place and title.
    pub fn category(&mut self, event: (usize, &str), name: &str, drawn: u32) -> u32 {
        let set = self.categories.take_part(event, name);
        set.unwrap_or_else(|| self.categories.free(drawn, other))
    }
}

impl QuestionIds {
    /// The ids of an account with these settings, whose range begins with this one.
    pub fn of(settings: &Settings, first: u32) -> Self {
        let mut set = IdsOfKind::<u32>::of(settings, QUESTION);
        let mut all = OF_BOOKERS
            .iter()
            .chain(OF_ATTENDEES)
            .zip(first..)
            .map(|(it, drawn)| set.take(it.label).unwrap_or_else(|| set.free(drawn, other)));
        let of_bookers = all.by_ref().take(OF_BOOKERS.len()).collect();
        Self { of_bookers, of_attendees: all.collect() }
    }
}

/// The id that is tried next.
fn other(id: &u32) -> u32 {
    if *id > STEP { id - STEP } else { id + (LARGEST - STEP) }
}
