//! Why a request is refused, and with which status. The text tells the sender what was wrong.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::json;
use thiserror::Error;

use super::defects::Defect;
use super::variation::Defects;
use crate::model::unreadable;

/// The answer of a receiver that did not foresee a case. A correct receiver never gives it.
const CRASHED: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;

/// A refusal. Every status is a 4xx, because the same request would be refused again: a 5xx would
/// only make the vendor retry.
#[derive(Debug, Error)]
pub(super) enum Refusal {
    #[error("the header {header} is missing")]
    CredentialsMissing { header: String },
    #[error("the header {header} has the wrong value")]
    CredentialsWrong { header: String },
    #[error("the header {header} is not {wanted}")]
    CredentialsMalformed { header: String, wanted: &'static str },
    #[error("the token {0}")]
    TokenRefused(&'static str),
    #[error("the client {0} may not send these webhooks")]
    NotAllowed(String),
    #[error("client_id or client_secret is wrong")]
    ClientUnknown,
    #[error("the token belongs to another client")]
    ForeignToken,
    #[error("grant_type must be {wanted}")]
    UnsupportedGrantType { wanted: &'static str },
    #[error("the assertion {0}")]
    Assertion(&'static str),
    #[error("the form must have {field} exactly once")]
    FormField { field: &'static str },
    #[error("the content type must be {wanted} in UTF-8, not {found}")]
    ContentType { wanted: &'static str, found: String },
    #[error("the body is larger than {limit_bytes} bytes")]
    TooLarge { limit_bytes: usize },
    #[error("the body ended early: {cause}")]
    Incomplete { cause: String },
    #[error("the body {why}", why = unreadable::json(.0))]
    NotJson(#[from] serde_json::Error),
    #[error("{path} is missing; {wanted} is needed")]
    Missing { path: String, wanted: &'static str },
    #[error("{path} is {found}; {wanted} is needed")]
    Mistyped { path: String, found: String, wanted: &'static str },
    #[error("the queue is full")]
    QueueFull,
    /// Only a defect refuses this: a correct receiver learns about an unknown subject from the payload.
    #[error("the {0} is unknown")]
    NotKnown(&'static str),
    /// Only a defect refuses this: a correct receiver accepts a duplicate.
    #[error("the webhook is a duplicate")]
    Duplicate,
    /// Only a defect refuses this: a correct receiver learns about the completion from the feedback.
    #[error("the position is not completed yet")]
    TooEarly,
    /// A crash on an unforeseen case. Only a defect answers this.
    #[error("internal error: {0}")]
    Crash(&'static str),
}

impl Refusal {
    /// The HTTP response.
    pub(super) fn answer(&self, defects: &Defects) -> HttpResponse {
        HttpResponse::build(self.status(defects)).json(json!({"error": self.to_string()}))
    }

    /// The HTTP status.
    pub(super) fn status(&self, defects: &Defects) -> StatusCode {
        let path = match self {
            Self::Missing { path, .. } | Self::Mistyped { path, .. } => path.as_str(),
            _ => "",
        };
        let field = path.rsplit('.').next().unwrap_or(path);
        let has = |defect| defects.contains(&defect) || defects.strikes_in(field, defect);
        let invalid =
            matches!(self, Self::NotJson(_) | Self::Missing { .. } | Self::Mistyped { .. });
        match self {
            _ if invalid && has(Defect::ServerErrorOnRefusal) => CRASHED,
            _ if invalid && has(Defect::RefusalCrashes) => CRASHED,
            _ if invalid && has(Defect::OrderRefusalCrashes) => CRASHED,
            Self::Missing { .. } if has(Defect::MissingFieldCrashes) => CRASHED,
            Self::Mistyped { .. } if has(Defect::MistypedFieldCrashes) => CRASHED,
            Self::CredentialsMissing { .. }
            | Self::CredentialsWrong { .. }
            | Self::CredentialsMalformed { .. }
            | Self::TokenRefused(_)
            | Self::ClientUnknown => StatusCode::UNAUTHORIZED,
            Self::NotAllowed(_) => StatusCode::FORBIDDEN,
            Self::ContentType { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Incomplete { .. }
            | Self::NotJson(_)
            | Self::ForeignToken
            | Self::UnsupportedGrantType { .. }
            | Self::Assertion(_)
            | Self::FormField { .. } => StatusCode::BAD_REQUEST,
            Self::Missing { .. } | Self::Mistyped { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::QueueFull => StatusCode::TOO_MANY_REQUESTS,
            Self::NotKnown(_) => StatusCode::NOT_FOUND,
            Self::TooEarly | Self::Duplicate => StatusCode::CONFLICT,
            Self::Crash(_) => CRASHED,
        }
    }
}
