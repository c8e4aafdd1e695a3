//! Why a request is refused, and with which status. The text says what was wrong, for the sender.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::json;
use thiserror::Error;

use super::defects::Defect;

/// What a receiver answers that did not foresee a case. A good one never does.
const CRASHED: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;

/// A refusal. The same request would be refused again, so every status is a 4xx: a 5xx would only
/// make the vendor try again.
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
    NotYourToken,
    #[error("grant_type must be client_credentials")]
    GrantType,
    #[error("the form has {field} {times}; once is needed")]
    Form { field: &'static str, times: &'static str },
    #[error("the content type must be {wanted} in UTF-8, not {found}")]
    ContentType { wanted: &'static str, found: String },
    #[error("the body is larger than {limit_bytes} bytes")]
    TooLarge { limit_bytes: usize },
    #[error("the body ended early: {cause}")]
    Unread { cause: String },
    #[error("the body is not JSON: {0}")]
    NotJson(#[from] serde_json::Error),
    #[error("{path} is missing; {wanted} is needed")]
    Missing { path: String, wanted: &'static str },
    #[error("{path} is {found}; {wanted} is needed")]
    Mistyped { path: String, found: String, wanted: &'static str },
    #[error("too many webhooks are waiting")]
    QueueFull,
    /// Only a defect refuses so: a good receiver takes what it does not know from the payload.
    #[error("the {0} is not known here")]
    NotKnown(&'static str),
    /// Only a defect refuses so: to a good receiver a duplicate is a webhook that arrived.
    #[error("the webhook has been here before")]
    HadBefore,
    /// Only a defect refuses so: a good receiver learns of the completion from the feedback.
    #[error("the position is not completed yet")]
    TooEarly,
    /// A crash on something unforeseen. Only a defect refuses so.
    #[error("internal error: {0}")]
    Crash(&'static str),
}

impl Refusal {
    /// The answer to give.
    pub(super) fn answer(&self, defects: &BTreeSet<Defect>) -> HttpResponse {
        HttpResponse::build(self.status(defects)).json(json!({"error": self.to_string()}))
    }

    /// The status to answer with.
    pub(super) fn status(&self, defects: &BTreeSet<Defect>) -> StatusCode {
        let has = |defect| defects.contains(&defect);
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
            Self::Unread { .. }
            | Self::NotJson(_)
            | Self::NotYourToken
            | Self::GrantType
            | Self::Form { .. } => StatusCode::BAD_REQUEST,
            Self::Missing { .. } | Self::Mistyped { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::QueueFull => StatusCode::TOO_MANY_REQUESTS,
            Self::NotKnown(_) => StatusCode::NOT_FOUND,
            Self::TooEarly | Self::HadBefore => StatusCode::CONFLICT,
            Self::Crash(_) => CRASHED,
        }
    }
}
