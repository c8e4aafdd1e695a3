//! Answers of the control API.

use actix_web::http::StatusCode;
use serde::Serialize;
use serde_json::Value as Json;

use super::problem::Problem;
use super::stream::Events;

/// An answer.
pub enum Reply {
    /// A status and JSON.
    Json(u16, Json),
    /// A status without a body.
    Empty(u16),
    /// A stream of server-sent events.
    Events(Box<Events>),
}

impl Reply {
    /// 200 with JSON.
    pub fn ok(body: impl Serialize) -> Self {
        Self::with(200, body)
    }

    /// A status with JSON.
    pub fn with(status: u16, body: impl Serialize) -> Self {
        let json = serde_json::to_value(body);
        Self::Json(status, json.unwrap_or_else(|error| panic!("an answer is JSON: {error}")))
    }

    /// The name in it, if it has one.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Json(_, body) => body["name"].as_str(),
            Self::Empty(_) | Self::Events(_) => None,
        }
    }

    /// A problem as its status and its JSON.
    pub fn problem(problem: &Problem) -> (u16, Json) {
        let json = serde_json::to_value(problem);
        (problem.status, json.unwrap_or_else(|error| panic!("a problem is JSON: {error}")))
    }
}

/// A status as an HTTP status code.
pub fn status_of(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
