//! The errors of the API, in the form of CommonStatusResponse (SW).
//!
//! The documents have only this model, and 401, 403 and 405 for tickets. The meaning of each status
//! is assumed: 403 for the key, 401 for the token, 404 for an id, 429 beyond the limits.

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::vendors::api::ApiAnswer;

/// What is wrong with a call.
#[derive(Debug)]
pub struct Wrong {
    status: u16,
    why: String,
}

/// The members that every answer of this model begins with.
#[derive(Serialize)]
pub struct Status {
    response_status: u16,
    developer_message: &'static str,
    user_message: &'static str,
}

impl Status {
    /// The call succeeded.
    pub const SUCCESS: Self =
        Self { response_status: 200, developer_message: "Success", user_message: "Success" };
}

impl Wrong {
    /// The call is invalid.
    pub fn bad(why: impl Into<String>) -> Self {
        Self { status: 400, why: why.into() }
    }

    /// The token or the client is not valid.
    pub fn token(why: &str) -> Self {
        Self { status: 401, why: why.to_owned() }
    }

    /// The key is not valid.
    pub fn key(why: &str) -> Self {
        Self { status: 403, why: why.to_owned() }
    }

    /// The object does not exist.
    pub fn unknown(what: &str) -> Self {
        Self { status: 404, why: format!("this {what} does not exist") }
    }

    /// The call is not possible now.
    pub fn illegal(why: String) -> Self {
        Self { status: 405, why }
    }

    /// There were too many calls.
    pub fn too_often(why: &str) -> Self {
        Self { status: 429, why: why.to_owned() }
    }

    /// The vendor offers it, but Standin does not play it.
    pub fn not_played(why: &str) -> Self {
        Self { status: 501, why: why.to_owned() }
    }

    /// The answer to the call.
    pub fn answer(self) -> ApiAnswer {
        ApiAnswer::json(self.status, error(self.status, &self.why))
    }
}

/// The body of an error.
pub fn error(status: u16, why: &str) -> Json {
    json!({ "response_status": status, "developer_message": why, "user_message": why })
}
