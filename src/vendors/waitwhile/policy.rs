//! How Waitwhile delivers, as values (facts: WH and WR, older snapshots).
//!
//! Documented: any 2xx is a success and everything else, including a 3xx, is not; up to three
//! retries; an endpoint that fails for more than three days is deactivated; the signature. Assumed:
//! the waits between retries, the time-outs, that `Retry-After` is not honoured, and no ordering.

use std::time::Duration;

use crate::model::policy::{Signature, SignedPart};
use crate::model::{Accepted, Authentication, Ordering, Policy, Retries};

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
