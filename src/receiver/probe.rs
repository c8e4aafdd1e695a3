//! How probes are answered: with what the receiver believes.

use actix_web::HttpResponse;
use serde::Serialize;
use serde_json::json;

/// The answer to a probe of something of this kind: what was found, if it is known.
pub(super) fn shown(what: &str, found: Option<impl Serialize>) -> HttpResponse {
    match found {
        Some(found) => HttpResponse::Ok().json(found),
        None => {
            let error = format!("the {what} is not known here");
            HttpResponse::NotFound().json(json!({"error": error}))
        }
    }
}
