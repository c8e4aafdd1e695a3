//! Checks `X-Waitwhile-Signature`: base64 of HMAC-SHA256 over the URL and the raw body (Webhooks
//! Overview, developers.waitwhile.com). Does not parse the body.
//!
//! A signature proves who wrote the body and for which URL, but not when: Waitwhile signs no time.
//! So a replayed webhook has a valid signature, and the ledger must detect it.

use actix_web::http::header::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD as BASE64, STANDARD_NO_PAD as BASE64_UNPADDED};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use std::borrow::Cow;
use url::Url;

use crate::model::Secret;
use crate::receiver::defects::Defect;
use crate::receiver::refusal::Refusal;
use crate::receiver::variation::{Defects, Part};

const HEADER: &str = "X-Waitwhile-Signature";

/// What Waitwhile signs its webhooks with.
#[derive(Clone, Debug)]
pub struct Signing {
    /// The secret of the endpoint.
    pub secret: Secret,
    /// The endpoint's URL, exactly as it is registered with the vendor. `None` means
    /// `http://<the address it listens on>/webhooks/waitwhile`.
    pub url: Option<String>,
}

/// The signature in the request. `None` means that a defect skips the check.
///
/// There must be exactly one header line. With two, a proxy on the way could choose the one that is
/// checked. A list with a comma is not base64.
pub(super) fn sent_signature(
    headers: &HeaderMap,
    defects: &Defects,
) -> Result<Option<Vec<u8>>, Refusal> {
    let has = |defect| defects.contains(&defect);
    let mut values = headers.get_all(HEADER);
    let value = match (values.next(), values.next()) {
        _ if has(Defect::SignatureIgnored) => return Ok(None),
        (None, _) if has(Defect::UnsignedAccepted) => return Ok(None),
        (None, _) => return Err(Refusal::CredentialsMissing { header: HEADER.into() }),
        (Some(_), Some(_)) if has(Defect::TwoSignaturesCrash) => {
            return Err(Refusal::Crash("expected a string and found a list"));
        }
        (Some(_), Some(_)) => return Err(malformed()),
        (Some(value), None) => value,
    };
    if value.is_empty() && has(Defect::EmptySignatureAccepted) {
        return Ok(None);
    }
    match BASE64.decode(value.as_bytes()) {
        Ok(signature) => Ok(Some(signature)),
        Err(_) if has(Defect::MalformedSignatureCrashes) => {
            Err(Refusal::Crash("the signature cannot be decoded"))
        }
        Err(_) => Err(malformed()),
    }
}

fn malformed() -> Refusal {
    Refusal::CredentialsMalformed { header: HEADER.into(), wanted: "one signature in base64" }
}

/// Refuses a body that was not signed with the secret for this URL.
pub(super) fn check(
    signature: &[u8],
    secret: &Secret,
    url: &str,
    body: &[u8],
    defects: &Defects,
) -> Result<(), Refusal> {
    let has = |defect| defects.contains(&defect);
    let body = if has(Defect::BodyReserialised) { reserialised(body) } else { body.into() };
    let signed = |url: &str| is_signature(signature, secret, url, &body);
    let agrees = |part: Part| {
        let text = |bytes: &[u8]| BASE64_UNPADDED.encode(bytes);
        let right = mac(secret, url, &body).finalize().into_bytes();
        part.agrees(&text(signature), &text(&right))
    };
    let right = signed(url)
        || defects.part(Defect::SignatureIgnored).is_some_and(agrees)
        || has(Defect::SignedPathIgnored)
            && host_only(url).is_some_and(|host| signed(&host) || signed(&format!("{host}/")));
    right.then_some(()).ok_or_else(|| Refusal::CredentialsWrong { header: HEADER.into() })
}

/// Compares in constant time, so that the duration reveals nothing about the secret.
fn is_signature(signature: &[u8], secret: &Secret, url: &str, body: &[u8]) -> bool {
    mac(secret, url, body).verify_slice(signature).is_ok()
}

fn mac(secret: &Secret, url: &str, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes())
        .unwrap_or_else(|_| panic!("HMAC takes a key of any length"));
    mac.update(url.as_bytes());
    mac.update(body);
    mac
}

/// The body, parsed and serialised again. Only a defect checks the signature over it.
fn reserialised(body: &[u8]) -> Cow<'_, [u8]> {
    let json = serde_json::from_slice::<Value>(body).ok();
    json.and_then(|json| serde_json::to_vec(&json).ok()).map_or(body.into(), Cow::Owned)
}

/// Scheme, host and port.
fn host_only(url: &str) -> Option<String> {
    Url::parse(url).ok().map(|url| url.origin().ascii_serialization())
}
