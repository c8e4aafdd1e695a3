//! What a vendor's API answers.

use std::time::Duration;

use serde_json::Value as Json;

use crate::model::api_fault::Race;
use crate::model::{Secret, SubjectIndex};

/// What a vendor's API answers.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiAnswer {
    /// The status.
    pub status: u16,
    /// Headers beside the content type.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: ApiBody,
    /// The one subject that was read, if it was one: its answer can be made stale.
    pub read: Option<SubjectIndex>,
    /// How much later it comes, in real time.
    pub delay: Duration,
    /// When the webhooks leave that the call has caused.
    pub race: Race,
    /// Secrets that stand in the body, such as a new token. They are masked in the journal.
    pub secrets: Vec<Secret>,
}

/// The body of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum ApiBody {
    /// None.
    Empty,
    /// JSON.
    Json(Json),
    /// Something else, with its content type.
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

    /// It is what was asked for about this subject.
    pub fn about(self, subject: SubjectIndex) -> Self {
        Self { read: Some(subject), ..self }
    }
}
