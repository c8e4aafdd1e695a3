//! What a business has from the start, by name, and what its ids look like. The user can set them.

use crate::model::set_ids::names_of_parts;
use crate::model::{IdForm, IdKind, Settings};

/// How many letters and digits an id has.
pub const LENGTH: usize = 20;

/// The kinds whose ids can be set.
pub const IDS: &[IdKind] = &[
    IdKind { kind: LOCATION, form: FORM },
    IdKind { kind: RESOURCE, form: FORM },
    IdKind { kind: SERVICE, form: FORM },
    IdKind { kind: QUESTION, form: FORM },
];

const FORM: IdForm = IdForm::Alphanumeric(LENGTH);

/// A location.
pub const LOCATION: &str = "location";
/// A resource of a location.
pub const RESOURCE: &str = "resource";
/// A service of a location.
pub const SERVICE: &str = "service";
/// The setting with the names of the locations.
pub const LOCATIONS: &str = "locations";
/// A question in the form.
pub const QUESTION: &str = "question";

/// What an account with these settings has of a kind from the start, each with all its names.
pub fn names(kind: &str, settings: &Settings) -> Vec<Vec<String>> {
    let alone = |name: String| vec![name];
    let parts = |names| names_of_parts(&settings.distinct(LOCATIONS), settings.list(names));
    match kind {
        LOCATION => settings.distinct(LOCATIONS).into_iter().cloned().map(alone).collect(),
        RESOURCE => parts("resources"),
        SERVICE => parts("services"),
        QUESTION => question_names(settings).map(alone).collect(),
        _ => Vec::new(),
    }
}

/// Questions have no names of their own: `Question 1`, `Question 2` …
pub fn question_names(settings: &Settings) -> impl Iterator<Item = String> + use<> {
    (1..=settings.integer("data_fields")).map(|number| format!("Question {number}"))
}
