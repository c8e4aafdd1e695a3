//! Whether the server is there, and ready.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::part::handler;
use crate::server::context::Context;
use crate::server::problem::{Problem, ProblemType};
use crate::server::reply::Reply;
use crate::server::route::{Answer, Answered, Method, Route};

/// That the server is there.
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
            "Say that the server is there",
            Answer::json::<Health>(200, "It is there"),
            handler!(health),
        ),
        Route::new(
            ("getReady", Method::Get, "/ready"),
            "Say whether the server can do its work: the journal can be written",
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

const HERE: Health = Health { status: "ok", version: env!("CARGO_PKG_VERSION") };

async fn health(_: Context) -> Answered {
    Ok(Reply::ok(HERE))
}

async fn ready(context: Context) -> Answered {
    match context.server.store.failed() {
        None => Ok(Reply::ok(HERE)),
        Some(error) => Err(Problem::new(ProblemType::Unavailable, error.to_string())),
    }
}

async fn openapi(context: Context) -> Answered {
    Ok(Reply::Json(200, context.server.document.clone()))
}
