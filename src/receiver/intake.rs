//! Receives a request's body, by the same rules for every vendor: JSON of limited size, or a form in
//! a token request. Does not parse it.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Bytes, Payload};
use actix_web::{HttpMessage, HttpRequest};

use super::refusal::Refusal;

/// Far larger than any webhook.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// Larger than any form with a few fields.
const FORM_BYTES_MAX: usize = 16 * 1024;

/// Refuses any content type but JSON. The vendors document none; JSON is UTF-8 (RFC 8259, section
/// 8.1).
pub(super) fn check_content_type(request: &HttpRequest) -> Result<(), Refusal> {
    check(request, "application/json")
}

/// Refuses any content type but a form, which is UTF-8 too (RFC 6749, appendix B).
pub(super) fn check_form_type(request: &HttpRequest) -> Result<(), Refusal> {
    check(request, "application/x-www-form-urlencoded")
}

fn check(request: &HttpRequest, wanted: &'static str) -> Result<(), Refusal> {
    if let Ok(Some(mime)) = request.mime_type() {
        let utf8 = mime.get_param("charset").is_none_or(|charset| charset == "utf-8");
        if mime.essence_str() == wanted && utf8 {
            return Ok(());
        }
    }
    let found = request.headers().get(CONTENT_TYPE);
    let found = found.map_or("absent".into(), |value| format!("{value:?}"));
    Err(Refusal::ContentType { wanted, found })
}

/// The whole body, byte for byte as it arrived.
pub(super) async fn read(body: Payload) -> Result<Bytes, Refusal> {
    read_up_to(body, BODY_BYTES_MAX).await
}

/// The whole form, byte for byte as it arrived.
pub(super) async fn read_form(body: Payload) -> Result<Bytes, Refusal> {
    read_up_to(body, FORM_BYTES_MAX).await
}

async fn read_up_to(body: Payload, limit_bytes: usize) -> Result<Bytes, Refusal> {
    body.to_bytes_limited(limit_bytes)
        .await
        .map_err(|_| Refusal::TooLarge { limit_bytes })?
        .map_err(|error| Refusal::Incomplete { cause: error.to_string() })
}
