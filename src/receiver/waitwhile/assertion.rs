//! Waitwhile's other login: its token endpoint. Waitwhile asks with a signed assertion, as its page on
//! authenticating webhooks says (developers.waitwhile.com); what an assertion must say is in RFC 7523, section 3.
//!
//! Left out on purpose: fetching the key from a JWK Set, since Waitwhile's private key is given to it by hand.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey,
    VerificationAlgorithm,
};
use serde_json::{Value as Json, json};

use crate::clock;
use crate::model::Secret;
use crate::receiver::defects::Defect;
use crate::receiver::form::Form;
use crate::receiver::refusal::Refusal;
use crate::receiver::token_header::TokenHeader;
use crate::receiver::tokens::Tokens;
use crate::receiver::variation::Defects;

/// The grant that Waitwhile asks for (RFC 7523, section 2.1).
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// By how many seconds clocks may differ.
const LEEWAY_S: f64 = 60.0;
/// How many ids of used assertions are kept. Beyond it, nobody gets a token until some have expired.
const USED_MAX: usize = 100_000;

/// Who may get tokens for Waitwhile's webhooks.
#[derive(Clone, Debug)]
pub struct Assertions {
    /// The algorithm of the key: `RS256`, `ES256` or `EdDSA`.
    pub algorithm: &'static str,
    /// The public key: a PKCS#1 `RSAPublicKey` in DER, an uncompressed point, or 32 bytes.
    pub public_key: Vec<u8>,
    /// `iss`
    pub issuer: String,
    /// `sub`
    pub subject: String,
    /// `aud`
    pub audience: String,
    /// How long a token is valid, in real time.
    pub token_lifetime: Duration,
    /// An expired token.
    pub expired_token: Option<Secret>,
}

/// The token endpoint, and the check of the tokens that it has issued.
pub(super) struct AssertionEndpoint {
    wanted: Assertions,
    tokens: Tokens,
    header: TokenHeader,
    /// The ids of assertions that were used (`jti`), and when each expires.
    used: Mutex<BTreeMap<String, f64>>,
    defects: Defects,
}

impl AssertionEndpoint {
    pub(super) fn new(wanted: Assertions, defects: Defects) -> Self {
        let tokens = Tokens::new(wanted.token_lifetime, defects.clone());
        if let Some(token) = &wanted.expired_token {
            tokens.remember_expired(token, &wanted.issuer);
        }
        let header = TokenHeader::new("Authorization".to_owned(), "Bearer %ACCESS_TOKEN%");
        Self { wanted, tokens, header, used: Mutex::default(), defects }
    }

    fn has(&self, defect: Defect) -> bool {
        self.defects.contains(&defect)
    }

    /// Refuses a webhook without a token that was issued here and is valid.
    pub(super) fn admit(&self, request: &HttpRequest) -> Result<(), Refusal> {
        if self.has(Defect::AssertionTokenIgnored) {
            return Ok(());
        }
        match self.header.token(request.headers(), &self.defects)? {
            Some(token) => self.tokens.owner(&token).map(drop),
            None => Ok(()),
        }
    }

    /// Issues a token for a right assertion.
    pub(super) async fn token(&self, request: &HttpRequest, body: Payload) -> HttpResponse {
        let issued = async {
            let form = Form::of(request, body).await?;
            if form.one("grant_type")? != Some(GRANT) {
                return Err(Refusal::UnsupportedGrantType { wanted: GRANT });
            }
            let assertion = form.one("assertion")?;
            self.check(assertion.ok_or(Refusal::FormField { field: "assertion" })?)?;
            Ok(self.tokens.issue(&self.wanted.issuer))
        };
        let (status, answer) = match issued.await {
            Ok(token) => (
                actix_web::http::StatusCode::OK,
                json!({
                    "access_token": token,
                    "token_type": "Bearer",
                    "expires_in": self.tokens.lifetime().as_secs(),
                }),
            ),
            Err(refusal) => {
                // The codes of RFC 6749, section 5.2.
                let code = match refusal {
                    Refusal::Assertion(_) => "invalid_grant",
                    Refusal::UnsupportedGrantType { .. } => "unsupported_grant_type",
                    _ => "invalid_request",
                };
                let answer = json!({"error": code, "error_description": refusal.to_string()});
                (refusal.status(&self.defects), answer)
            }
        };
        HttpResponse::build(status).insert_header((CACHE_CONTROL, "no-store")).json(answer)
    }

    fn check(&self, assertion: &str) -> Result<(), Refusal> {
        let malformed = || Refusal::Assertion("is no signed JWT");
        let (text, signature) = assertion.rsplit_once('.').ok_or_else(malformed)?;
        let (header, claims) = text.split_once('.').ok_or_else(malformed)?;
        let header = json_of(header).ok_or_else(malformed)?;
        let claims = json_of(claims).ok_or_else(malformed)?;
        self.check_signature(&header, text, signature)?;
        self.check_claims(&claims)
    }

    /// The receiver decides which algorithm is right, not the header.
    fn check_signature(&self, header: &Json, text: &str, signature: &str) -> Result<(), Refusal> {
        let named = header["alg"].as_str().unwrap_or_default();
        if named == "none" && self.has(Defect::UnsignedAssertionAccepted) {
            return Ok(());
        }
        if named != self.wanted.algorithm {
            return Err(Refusal::Assertion("has another algorithm"));
        }
        let algorithm: &dyn VerificationAlgorithm = match self.wanted.algorithm {
            "ES256" => &ECDSA_P256_SHA256_FIXED,
            "EdDSA" => &ED25519,
            _ => &RSA_PKCS1_2048_8192_SHA256,
        };
        let key = UnparsedPublicKey::new(algorithm, &self.wanted.public_key);
        let signature = BASE64URL.decode(signature).unwrap_or_default();
        match key.verify(text.as_bytes(), &signature) {
            Err(_) if !self.has(Defect::AssertionUnverified) => {
                Err(Refusal::Assertion("has a wrong signature"))
            }
            _ => Ok(()),
        }
    }

    fn check_claims(&self, claims: &Json) -> Result<(), Refusal> {
        let wanted = &self.wanted;
        for (claim, right, ignored, why) in [
            ("iss", &wanted.issuer, Defect::AssertionIssuerIgnored, "has another issuer"),
            ("sub", &wanted.subject, Defect::AssertionSubjectIgnored, "is about another subject"),
            ("aud", &wanted.audience, Defect::AssertionAudienceIgnored, "is for another audience"),
        ] {
            if !says(&claims[claim], right) && !self.has(ignored) {
                return Err(Refusal::Assertion(why));
            }
        }
        let now = clock::real_time().as_millisecond() as f64 / 1000.0;
        let expires = match claims["exp"].as_f64() {
            Some(expires) if self.has(Defect::AssertionExpiryIgnored) => expires.max(now),
            Some(expires) => expires,
            None if self.has(Defect::EndlessAssertionAccepted) => now,
            None => return Err(Refusal::Assertion("never expires")),
        };
        if expires + LEEWAY_S <= now {
            return Err(Refusal::Assertion("has expired"));
        }
        let id = claims["jti"].as_str().ok_or(Refusal::Assertion("has no id"))?;
        self.use_up(id, expires + LEEWAY_S, now)
    }

    /// An assertion counts once, so that nobody can use one that was overheard or logged.
    fn use_up(&self, id: &str, until: f64, now: f64) -> Result<(), Refusal> {
        // No write can end half-way, so it is consistent even after a panic.
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() >= USED_MAX {
            used.retain(|_, until| *until > now);
        }
        if used.len() >= USED_MAX {
            return Err(Refusal::QueueFull);
        }
        match used.insert(id.to_owned(), until) {
            Some(_) if !self.has(Defect::UsedAssertionAccepted) => {
                Err(Refusal::Assertion("was used before"))
            }
            _ => Ok(()),
        }
    }
}

/// A part of a JWT.
fn json_of(part: &str) -> Option<Json> {
    serde_json::from_slice(&BASE64URL.decode(part).ok()?).ok()
}

/// Whether a claim has this value, or a list with it (RFC 7519, section 4.1.3).
fn says(claim: &Json, right: &str) -> bool {
    claim.as_str() == Some(right)
        || claim.as_array().is_some_and(|all| all.iter().any(|one| one.as_str() == Some(right)))
}
