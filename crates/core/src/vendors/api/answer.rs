//! The answers of a vendor's API.

use std::time::Duration;

use serde_json::Value as Json;

use crate::model::api_fault::Race;
use crate::model::{Secret, SubjectIndex};

/// An answer of a vendor's API.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiAnswer {
    /// The status.
    pub status: u16,
    /// Its headers, except the content type.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: ApiBody,
    /// The one subject that was read, if there is one. A fault can make its answer stale.
    pub read: Option<SubjectIndex>,
    /// How much later the answer is sent, in real time.
    pub delay: Duration,
    /// When the webhooks of the call are sent.
    pub race: Race,
    /// The secrets in the body, such as a new token. They are masked in the journal.
    pub secrets: Vec<Secret>,
}

/// The body of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum ApiBody {
    /// None.
    Empty,
    /// A JSON value.
    Json(Json),
    /// Text of another content type.
    Other(&'static str, String),
}

impl ApiAnswer {
    /// An answer in JSON.
    pub fn json(status: u16, body: Json) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: ApiBody::Json(body),
            read: None,
            delay: Duration::ZERO,
            race: Race::With,
            secrets: Vec::new(),
        }
    }

    /// An answer without a body.
    pub fn empty(status: u16) -> Self {
        Self { body: ApiBody::Empty, ..Self::json(status, Json::Null) }
    }

    /// An answer that is text of another content type.
    pub fn other(status: u16, content_type: &'static str, text: String) -> Self {
        Self { body: ApiBody::Other(content_type, text), ..Self::json(status, Json::Null) }
    }

    /// Marks the answer as a read of this subject.
    pub fn about(self, subject: SubjectIndex) -> Self {
        Self { read: Some(subject), ..self }
    }
}
