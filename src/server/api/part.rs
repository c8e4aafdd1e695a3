//! What the groups of operations share: pages of lists, and the type of handlers.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Number;

use crate::driver::Driven;
use crate::server::problem::{Problem, ProblemType};
use crate::server::query::{Parameter, ParameterKind};

/// One page of a list.
#[derive(Serialize, JsonSchema)]
pub struct Page<T> {
    /// The items, in a stable order. A page may have fewer items than its limit, or none, and still
    /// have a next one.
    pub items: Vec<T>,
    /// The `cursor` of the next page; null on the last one.
    pub next: Option<String>,
}

/// How many items a page has by default.
pub const USUAL_LIMIT: u64 = 50;

/// How many items a page has.
pub const LIMIT: Parameter = Parameter {
    name: "limit",
    kind: ParameterKind::Integer(1, 500),
    about: "How many items a page has; 50 by default",
};

/// Where a page begins.
pub const CURSOR: Parameter = Parameter {
    name: "cursor",
    kind: ParameterKind::Text,
    about: "Where the page begins: the `next` of the previous page",
};

/// Reads a whole number that is not negative, or null. In JSON Schema `2.0` is a whole number too.
///
/// # Errors
/// If it is something else.
pub fn whole_number<'de, D: Deserializer<'de>>(value: D) -> Result<Option<u64>, D::Error> {
    let Some(number) = Option::<Number>::deserialize(value)? else { return Ok(None) };
    let whole = number.as_f64().filter(|one| one.fract() == 0.0 && (0.0..MOST).contains(one));
    let number = number.as_u64().or_else(|| whole.map(|whole| whole as u64));
    number.map(Some).ok_or_else(|| D::Error::custom("it takes a whole number that is not negative"))
}

/// Reads a whole number that is not negative.
///
/// # Errors
/// If it is something else.
pub fn required_whole_number<'de, D: Deserializer<'de>>(value: D) -> Result<u64, D::Error> {
    whole_number(value)?.ok_or_else(|| D::Error::custom("it takes a whole number, not null"))
}

/// One more than the largest whole number of 64 bits.
const MOST: f64 = 18_446_744_073_709_551_616.0;

/// Waits for something, but no longer than a request may take. After that it continues by itself.
///
/// # Errors
/// If the journal cannot be written.
pub async fn wait_for(what: impl Future<Output = Driven>) -> Result<(), Problem> {
    let waited = tokio::time::timeout(LONGEST_WAIT, what).await;
    Ok(waited.unwrap_or(Ok(()))?)
}

/// How long a request may wait for something that it has started.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// A handler in the form that a route needs.
macro_rules! handler {
    ($handler:path) => {
        |context| Box::pin($handler(context))
    };
}
pub(super) use handler;

/// A place in a list as a cursor.
pub fn cursor(place: usize) -> String {
    URL_SAFE_NO_PAD.encode(place.to_string())
}

/// The place in a list that a cursor refers to.
///
/// # Errors
/// If it did not come from this API.
pub fn place(cursor: &str) -> Result<usize, Problem> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    text.and_then(|text| text.parse().ok()).ok_or_else(|| {
        let detail = "`cursor` must be the `next` of the previous page";
        Problem::new(ProblemType::Unprocessable, detail)
    })
}
