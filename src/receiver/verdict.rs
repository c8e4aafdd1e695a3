//! What came of a webhook that was not refused, and how that is answered.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::json;

/// What came of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Applied,
    Duplicate,
    Stale,
    /// Not for this receiver. That is nobody's mistake, so trying again would not help.
    Ignored,
    /// It is not known yet: the receiver acknowledges first.
    Queued,
}

impl Verdict {
    /// The answer to give: always a 2xx, since the vendor has done its part.
    pub(super) fn answer(self) -> HttpResponse {
        let (status, text) = match self {
            Self::Applied => (StatusCode::OK, "applied"),
            Self::Duplicate => (StatusCode::OK, "duplicate"),
            Self::Stale => (StatusCode::OK, "stale"),
            Self::Ignored => (StatusCode::OK, "ignored"),
            Self::Queued => (StatusCode::ACCEPTED, "queued"),
        };
        HttpResponse::build(status).json(json!({"message": text}))
    }
}
