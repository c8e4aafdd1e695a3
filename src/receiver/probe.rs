//! The answer to a probe: what the receiver has stored.

use actix_web::HttpResponse;
use serde::Serialize;
use serde_json::json;

/// The answer to a probe of this kind of subject: the stored subject, or a 404.
pub(super) fn answer(kind: &str, found: Option<impl Serialize>) -> HttpResponse {
    match found {
        Some(found) => HttpResponse::Ok().json(found),
        None => {
            let error = format!("the {kind} is unknown");
            HttpResponse::NotFound().json(json!({"error": error}))
        }
    }
}
