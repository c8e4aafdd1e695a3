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
/// A ticket category of an event.
pub const CATEGORY: &str = "category";
/// A question, by its text.
pub const QUESTION: &str = "question";

/// What an account with these settings has of a kind from the start, each with all its names.
pub fn names(kind: &str, settings: &Settings) -> Vec<Vec<String>> {
    let alone = |name: String| vec![name];
    match kind {
        EVENT => event_titles(settings).into_iter().cloned().map(alone).collect(),
        CATEGORY => names_of_parts(&event_titles(settings), settings.list("categories")),
        QUESTION => labels().map(str::to_owned).map(alone).collect(),
        _ => Vec::new(),
    }
}

fn labels() -> impl Iterator<Item = &'static str> {
    OF_BOOKERS.iter().chain(OF_ATTENDEES).map(|question| question.label)
}

/// The titles of the first events, without duplicates, since a title must identify an event.
pub fn event_titles(settings: &Settings) -> Vec<&String> {
    let mut titles: Vec<&String> = Vec::new();
    for title in settings.list("events") {
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    titles
}
