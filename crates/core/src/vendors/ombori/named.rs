//! What a store has from the start, by name, and what its ids look like. The user can set them.

use crate::model::{IdForm, IdKind, Settings};

/// The kinds whose ids can be set.
pub const IDS: &[IdKind] =
    &[IdKind { kind: QUEUE, form: IdForm::Uuid }, IdKind { kind: STATION, form: IdForm::Uuid }];

/// A queue, by its name.
pub const QUEUE: &str = "queue";
/// A desk, by its label.
pub const STATION: &str = "station";

/// What an account with these settings has of a kind from the start, by name.
pub fn names(kind: &str, settings: &Settings) -> Vec<Vec<String>> {
    let all = match kind {
        QUEUE => settings.list("queues").to_vec(),
        STATION => station_labels(settings),
        _ => Vec::new(),
    };
    all.into_iter().map(|name| vec![name]).collect()
}

/// The labels of the desks.
pub fn station_labels(settings: &Settings) -> Vec<String> {
    (0..settings.integer("stations")).map(station_label).collect()
}

/// `C1` to `C9`, then `D1` …, as in seed 000. Tickets begin with A, and bookings with B.
fn station_label(number: i64) -> String {
    let letter = char::from(b'C' + (number / 9 % 24) as u8);
    format!("{letter}{}", number % 9 + 1)
}
