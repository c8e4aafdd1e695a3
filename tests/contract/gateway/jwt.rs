//! The assertion of a client (RFC 7523, section 3), as a token endpoint checks it.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::Value as Json;

use super::Defect;

/// The public half of `assertions::PRIVATE`: the two coordinates.
const PUBLIC_KEY: &str =
    "BKd7KNNGkbJkKNGIzHtmjVlKjjCSqFsFwJkxu6XFwuiOjV7bd_DvCLbXJYM6xnd1k4AslVEUe38uJHc7cq9aiHA";

/// Whether an assertion proves this client to the token endpoint with this URL.
pub fn proves(
    assertion: &str,
    (client, endpoint): (&str, &str),
    defect: Defect,
    seen: &mut BTreeSet<String>,
) -> bool {
    let Some((signed, signature)) = assertion.rsplit_once('.') else { return false };
    let Some((head, claims)) = signed.split_once('.') else { return false };
    let (Some(head), Some(claims)) = (json(head), json(claims)) else { return false };
    let is_signed = match head["alg"].as_str() {
        Some("ES256") => {
            let (key, signature) = (decoded(PUBLIC_KEY), decoded(signature));
            let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.expect("base64"));
            signature.is_some_and(|one| key.verify(signed.as_bytes(), &one).is_ok())
        }
        Some("none") => defect == Defect::Unsigned,
        _ => false,
    };
    let now = standin::clock::real_time().as_second().unsigned_abs();
    let lives = match claims["exp"].as_u64() {
        Some(end) => now < end || defect == Defect::AnyExpiry,
        None => defect == Defect::Endless,
    };
    let id = claims["jti"].as_str().unwrap_or_default().to_owned();
    is_signed
        && lives
        && (claims["iss"] == client || defect == Defect::AnyIssuer)
        && (claims["sub"] == client || defect == Defect::AnySubject)
        && (claims["aud"] == endpoint || defect == Defect::AnyAudience)
        && (seen.insert(id) || defect == Defect::AnyUse)
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

fn json(part: &str) -> Option<Json> {
    serde_json::from_slice(&decoded(part)?).ok()
}
