//! The outcome of a webhook that was not refused, and the answer to it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::json;

/// The outcome of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Applied,
    Duplicate,
    Stale,
    /// This receiver does not need it. That is not an error, and a retry would not help.
    Ignored,
    /// It is not processed yet: the receiver acknowledges first.
    Queued,
}

impl Verdict {
    /// The answer: always a 2xx, so that the vendor does not retry.
    pub(super) fn answer(self) -> HttpResponse {
        let status = match self {
            Self::Queued => StatusCode::ACCEPTED,
            _ => StatusCode::OK,
        };
        HttpResponse::build(status).json(json!({"message": self.text()}))
    }

    /// The outcome in one word, for the sender.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Duplicate => "duplicate",
            Self::Stale => "stale",
            Self::Ignored => "ignored",
            Self::Queued => "queued",
        }
    }

    /// The outcome in a sentence, for the sender.
    pub(super) fn about(self) -> &'static str {
        match self {
            Self::Applied => "the change was applied",
            Self::Duplicate => "the change was applied before",
            Self::Stale => "a newer change was applied before",
            Self::Ignored => "this receiver does not need it",
            Self::Queued => "it will be processed soon",
        }
    }
}
