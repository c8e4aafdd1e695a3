//! What an organization has from the start, by name, and what its ids look like. The user can set them.

use super::questions::{OF_ATTENDEES, OF_BOOKERS};
use crate::model::set_ids::names_of_parts;
use crate::model::{IdForm, IdKind, Settings};

/// The kinds whose ids can be set.
pub const IDS: &[IdKind] = &[
    IdKind { kind: EVENT, form: IdForm::Number },
    IdKind { kind: CATEGORY, form: IdForm::Number },
    IdKind { kind: QUESTION, form: IdForm::Number },
];

/// An event, by its title.
pub const EVENT: &str = "event";
/// The setting with the titles of the first events.
pub const EVENTS: &str = "events";
/// A ticket category of an event.
pub const CATEGORY: &str = "category";
/// A question, by its text.
pub const QUESTION: &str = "question";

/// What an account with these settings has of a kind from the start, each with all its names.
pub fn names(kind: &str, settings: &Settings) -> Vec<Vec<String>> {
    let alone = |name: String| vec![name];
    match kind {
        EVENT => settings.distinct(EVENTS).into_iter().cloned().map(alone).collect(),
        CATEGORY => names_of_parts(&settings.distinct(EVENTS), settings.list("categories")),
        QUESTION => labels().map(str::to_owned).map(alone).collect(),
        _ => Vec::new(),
    }
}

fn labels() -> impl Iterator<Item = &'static str> {
    OF_BOOKERS.iter().chain(OF_ATTENDEES).map(|question| question.label)
}
