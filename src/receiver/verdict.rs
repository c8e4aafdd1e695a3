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
        let status = match self {
            Self::Queued => StatusCode::ACCEPTED,
            _ => StatusCode::OK,
        };
        HttpResponse::build(status).json(json!({"message": self.text()}))
    }

    /// In one word, for the sender.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Duplicate => "duplicate",
            Self::Stale => "stale",
            Self::Ignored => "ignored",
            Self::Queued => "queued",
        }
    }

    /// In a sentence, for the sender.
    pub(super) fn about(self) -> &'static str {
        match self {
            Self::Applied => "it was news, and is known now",
            Self::Duplicate => "it was known already",
            Self::Stale => "something newer is known",
            Self::Ignored => "it is of no use here",
            Self::Queued => "it is kept, and will be looked at soon",
        }
    }
}
