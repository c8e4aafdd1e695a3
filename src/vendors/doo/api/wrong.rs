//! What is wrong with a call, and how the API says so: CommonStatusResponse (SW).
//!
//! Of errors only that model is documented, and 401, 403 and 405 at tickets. Which status means what
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

/// What every answer of this model says first.
#[derive(Serialize)]
pub struct Status {
    response_status: u16,
    developer_message: &'static str,
    user_message: &'static str,
}

impl Status {
    /// All went well.
    pub const SUCCESS: Self =
        Self { response_status: 200, developer_message: "Success", user_message: "Success" };
}

impl Wrong {
    /// The call is wrong.
    pub fn bad(why: impl Into<String>) -> Self {
        Self { status: 400, why: why.into() }
    }

    /// The token or the client is not good.
    pub fn token(why: &str) -> Self {
        Self { status: 401, why: why.to_owned() }
    }

    /// The key is not good.
    pub fn key(why: &str) -> Self {
        Self { status: 403, why: why.to_owned() }
    }

    /// There is no such thing.
    pub fn unknown(what: &str) -> Self {
        Self { status: 404, why: format!("this {what} does not exist") }
    }

    /// It is not possible now.
    pub fn illegal(why: String) -> Self {
        Self { status: 405, why }
    }

    /// It was called too often.
    pub fn too_often(why: &str) -> Self {
        Self { status: 429, why: why.to_owned() }
    }

    /// The vendor can do it, and it is not played.
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
