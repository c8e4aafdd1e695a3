//! The headers that prove who sends, made at the moment of sending.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{Header, HeaderValue};
use crate::model::policy::{Signature, SignedPart};
use crate::model::{Authentication, Secret};

/// The credentials of a request with this URL and body.
pub fn credentials(authentication: &Authentication, url: &str, body: &[u8]) -> Vec<Header> {
    match authentication {
        Authentication::None => Vec::new(),
        Authentication::Headers(headers) => {
            headers.iter().map(|(name, secret)| header(name, secret.clone())).collect()
        }
        Authentication::Signature(signature) => {
            vec![header(&signature.header, Secret::new(signed(signature, url, body)))]
        }
    }
}

/// Whether there is anything by which a receiver could tell the vendor from anybody else.
pub fn has_credentials(authentication: &Authentication) -> bool {
    match authentication {
        Authentication::None => false,
        Authentication::Headers(headers) => !headers.is_empty(),
        Authentication::Signature(_) => true,
    }
}

/// Every secret by which a vendor proves itself.
pub fn secrets(authentication: &Authentication) -> Vec<&Secret> {
    match authentication {
        Authentication::None => Vec::new(),
        Authentication::Headers(headers) => headers.values().collect(),
        Authentication::Signature(signature) => vec![&signature.secret],
    }
}

fn header(name: &str, value: Secret) -> Header {
    Header { name: name.to_owned(), value: HeaderValue::Secret(value) }
}

fn signed(signature: &Signature, url: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(signature.secret.reveal().as_bytes())
        .unwrap_or_else(|_| panic!("HMAC takes a key of any length"));
    for part in &signature.over {
        mac.update(match part {
            SignedPart::Url => url.as_bytes(),
            SignedPart::Body => body,
        });
    }
    BASE64.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_base64_of_hmac_sha256() {
        // RFC 4231, test case 2: key "Jefe", data "what do ya want for nothing?".
        let signature = Signature {
            header: "X-Signature".to_owned(),
            secret: Secret::new("Jefe"),
            over: vec![SignedPart::Url, SignedPart::Body],
        };
        let value = signed(&signature, "what do ya want ", b"for nothing?");
        assert_eq!(value, "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
    }
}
