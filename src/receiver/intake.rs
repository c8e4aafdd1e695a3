//! Takes in a request's body, of which every vendor's documents say the same: JSON, and not big.
//! Reads nothing in it.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Bytes, Payload};
use actix_web::{HttpMessage, HttpRequest};

use super::refusal::Refusal;

/// Larger than any webhook by far; what is larger still is none.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// The documents name no content type; JSON is UTF-8 (RFC 8259, section 8.1).
pub(super) fn check_content_type(request: &HttpRequest) -> Result<(), Refusal> {
    if let Ok(Some(mime)) = request.mime_type() {
        let utf8 = mime.get_param("charset").is_none_or(|charset| charset == "utf-8");
        if mime.essence_str() == "application/json" && utf8 {
            return Ok(());
        }
    }
    let found = request.headers().get(CONTENT_TYPE);
    let found = found.map_or("absent".into(), |value| format!("{value:?}"));
    Err(Refusal::ContentType { found })
}

/// The whole body, byte for byte as it came.
pub(super) async fn read(body: Payload) -> Result<Bytes, Refusal> {
    body.to_bytes_limited(BODY_BYTES_MAX)
        .await
        .map_err(|_| Refusal::TooLarge { limit_bytes: BODY_BYTES_MAX })?
        .map_err(|error| Refusal::Unread { cause: error.to_string() })
}
