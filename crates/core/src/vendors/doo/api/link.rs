//! Links and answers as objects.

use serde::Serialize;
use serde_json::Value as Json;

use crate::vendors::api::ApiAnswer;

/// The links of an answer.
#[derive(Serialize)]
pub struct Links {
    /// To the answer itself.
    #[serde(rename = "self")]
    pub own: Href,
    /// To the first page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<Href>,
    /// To the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Href>,
    /// To the previous page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prev: Option<Href>,
    /// To the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Href>,
}

/// One link.
#[derive(Serialize)]
pub struct Href {
    href: String,
}

impl From<String> for Href {
    fn from(href: String) -> Self {
        Self { href }
    }
}

impl Links {
    /// Only the link to the answer itself.
    pub fn own(href: String) -> Self {
        Self { own: href.into(), first: None, last: None, prev: None, next: None }
    }
}

/// A URL of this host's API.
pub fn url(host: &str, path: &str) -> String {
    format!("https://{host}/v1{path}")
}

/// An object as JSON.
pub fn json(object: &impl Serialize) -> Json {
    serde_json::to_value(object).unwrap_or_else(|error| panic!("an answer is JSON: {error}"))
}

/// An answer that consists of this object.
pub fn answer(object: &impl Serialize) -> ApiAnswer {
    ApiAnswer::json(200, json(object))
}
