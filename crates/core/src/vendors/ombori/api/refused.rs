//! Why a call is refused. The vendor documents no error: statuses and bodies are assumed.

use serde_json::{Value as Json, json};

use crate::vendors::api::ApiAnswer;
use crate::vendors::{Refusal, RefusalKind};

/// A status and a message.
#[derive(Debug)]
pub struct Refused {
    status: u16,
    message: String,
}

impl Refused {
    /// The caller has not proved who it is.
    pub fn unproved(message: &str) -> Self {
        Self { status: 401, message: message.to_owned() }
    }

    /// A value is missing or wrong.
    pub fn bad(message: impl Into<String>) -> Self {
        Self { status: 400, message: message.into() }
    }

    /// What the path names does not exist.
    pub fn unknown(message: impl Into<String>) -> Self {
        Self { status: 404, message: message.into() }
    }

    /// The action is not legal in the state of the position.
    pub fn illegal(message: impl Into<String>) -> Self {
        Self { status: 409, message: message.into() }
    }

    /// The answer to a refused call.
    pub fn answer(self) -> ApiAnswer {
        ApiAnswer::json(self.status, body(self.status, &self.message))
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        match refusal.kind {
            RefusalKind::Unknown => Self::unknown(refusal.reason),
            RefusalKind::Illegal | RefusalKind::Full => Self::illegal(refusal.reason),
            RefusalKind::Invalid => Self::bad(refusal.reason),
        }
    }
}

/// The body of an error, in the form that the gateway of the older addresses (azure-api.net) uses.
pub fn body(status: u16, message: &str) -> Json {
    json!({ "statusCode": status, "message": message })
}
