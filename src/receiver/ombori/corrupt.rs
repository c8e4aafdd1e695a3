//! The defect `corrupt-body-applied`: guesses a webhook from a body that is not JSON, as
//! hand-written "tolerant" parsers do. A correct receiver has no such code.

use std::borrow::Cow;

use uuid::Uuid;

use super::position::{Position, Status};
use super::webhook::Webhook;

/// The first id and the first status in the text, if it has both.
pub(super) fn guess(body: &[u8]) -> Option<Webhook> {
    let text: Cow<str> = String::from_utf8_lossy(body);
    let id: Uuid = values(&text, "id").find_map(|value| value.parse().ok())?;
    let status = values(&text, "status").find_map(Status::from_name)?;
    let position = Position {
        id,
        status,
        label: String::new(),
        queue: String::new(),
        locale: String::new(),
        location: None,
        people: None,
        booking: None,
        called_at: None,
        retry_count: None,
        feedback: None,
        phone: None,
        guest: None,
    };
    Some(Webhook { trigger: String::new(), position })
}

fn values<'a>(text: &'a str, key: &str) -> impl Iterator<Item = &'a str> {
    let marker = format!("\"{key}\"");
    let after: Vec<&str> = text.split(marker.as_str()).skip(1).collect();
    after.into_iter().filter_map(|rest| rest.split('"').nth(1))
}
