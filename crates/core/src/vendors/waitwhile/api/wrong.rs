//! The errors of the API.
//!
//! Errors are described only for version 1 of the API (V1): `type`, `code`, `message`. Version 2 is
//! assumed to be the same. The spelling of the types is ours.

use serde_json::{Value as Json, json};

use crate::vendors::api::ApiAnswer;

/// What is wrong with a call.
#[derive(Debug)]
pub struct Wrong {
    status: u16,
    why: String,
    /// After how many seconds the call may be repeated.
    retry_after: Option<i64>,
}

impl Wrong {
    /// The call is invalid, or not possible now.
    pub fn bad(why: impl Into<String>) -> Self {
        Self { status: 400, why: why.into(), retry_after: None }
    }

    /// The object does not exist.
    pub fn unknown(what: &str) -> Self {
        Self { status: 404, why: format!("this {what} does not exist"), retry_after: None }
    }

    /// The caller has not proved who it is.
    pub fn stranger(why: &str) -> Self {
        Self { status: 401, why: why.to_owned(), retry_after: None }
    }

    /// There were too many calls.
    pub fn too_often(retry_after: i64) -> Self {
        let why = "too many calls in this minute".to_owned();
        Self { status: 429, why, retry_after: Some(retry_after) }
    }

    /// The answer to the call.
    pub fn answer(self) -> ApiAnswer {
        let mut answer = ApiAnswer::json(self.status, error(self.status, &self.why));
        if let Some(seconds) = self.retry_after {
            answer.headers.push(("retry-after", seconds.to_string()));
        }
        answer
    }
}

/// The body of an error.
pub fn error(status: u16, why: &str) -> Json {
    let kind = match status {
        400 => "BAD_REQUEST",
        401 => "UNAUTHORIZED",
        404 => "NOT_FOUND",
        405 => "METHOD_NOT_ALLOWED",
        429 => "TOO_MANY_REQUESTS",
        501 => "NOT_IMPLEMENTED",
        _ => "ERROR",
    };
    json!({ "type": kind, "code": status, "message": why })
}
