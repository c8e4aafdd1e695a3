//! Whether the server is alive, and ready.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::part::handler;
use crate::server::context::Context;
use crate::server::problem::{Problem, ProblemType};
use crate::server::reply::Reply;
use crate::server::route::{Answer, Answered, Method, Route};

/// The health of the server.
#[derive(Serialize, JsonSchema)]
pub struct Health {
    /// `ok`.
    pub status: &'static str,
    /// The version of Standin.
    pub version: &'static str,
}

pub fn routes() -> Vec<Route> {
    let document = Answer::json::<Map<String, Json>>(200, "The document");
    vec![
        Route::new(
            ("getHealth", Method::Get, "/health"),
            "Check that the server is alive",
            Answer::json::<Health>(200, "It is alive"),
            handler!(health),
        ),
        Route::new(
            ("getReady", Method::Get, "/ready"),
            "Check that the server is ready: that the journal can be written",
            Answer::json::<Health>(200, "It is ready"),
            handler!(ready),
        )
        .problems(&[503]),
        Route::new(
            ("getOpenApi", Method::Get, "/openapi.json"),
            "This API as an OpenAPI 3.1 document",
            document,
            handler!(openapi),
        ),
    ]
}

const HEALTHY: Health = Health { status: "ok", version: env!("CARGO_PKG_VERSION") };

async fn health(_: Context) -> Answered {
    Ok(Reply::ok(HEALTHY))
}

async fn ready(context: Context) -> Answered {
    match context.server.store.failed() {
        None => Ok(Reply::ok(HEALTHY)),
        Some(error) => Err(Problem::new(ProblemType::Unavailable, error.to_string())),
    }
}

async fn openapi(context: Context) -> Answered {
    Ok(Reply::Json(200, context.server.document.clone()))
}
