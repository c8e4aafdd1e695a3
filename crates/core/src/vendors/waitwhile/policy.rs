//! How Waitwhile delivers, as values (facts: WH and WR, older snapshots).
//!
//! Documented: any 2xx is a success and everything else, including a 3xx, is not; up to three
//! retries; an endpoint that fails for more than three days is deactivated; the signature, or a token
//! that an assertion brings (AU). Assumed: the waits between retries, the time-outs, that `Retry-After`
//! is not honoured, and no ordering.

use std::time::Duration;

use crate::model::policy::{Grant, Signature, SignedPart, TokenUse};
use crate::model::{Accepted, Authentication, OAuth, Ordering, Policy, Retries};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Waitwhile's delivery policy.
pub fn policy() -> Policy {
    Policy {
        authentication: Authentication::Signature(Signature {
            header: "X-Waitwhile-Signature".to_owned(),
            secret: None,
            over: vec![SignedPart::Url, SignedPart::Body],
            ..Signature::default()
        }),
        accepted: Accepted::Any2xx,
        connect_within: Duration::from_secs(2),
        answer_within: Duration::from_secs(5),
        retries: Retries { waits: vec![MINUTE, 10 * MINUTE, 60 * MINUTE], ..Retries::default() },
        ordering: Ordering::None,
        disable_after: Some(3 * DAY),
        dead_letters: false,
    }
}

/// The other login: a private key signs an assertion, which brings a token of the receiver for the
/// `Authorization` header (AU).
///
/// Assumed: the grant and the fields of the request (RFC 7523, section 2.1), the scheme `Bearer`, that a token is
/// kept until shortly before it expires, and that nothing is signed beside it.
pub fn with_tokens() -> Authentication {
    Authentication::Token(Box::new(OAuth {
        grant: Grant::JwtBearer,
        token_use: TokenUse::CACHED,
        ..OAuth::of("waitwhile")
    }))
}
