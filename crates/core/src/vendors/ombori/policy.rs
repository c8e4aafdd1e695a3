//! How Ombori delivers, as values.
//!
//! Nothing is documented about retries, time-outs, ordering or accepted answers (facts, section 4).
//! Only the POST and the configurable request headers are known. So everything but the headers is
//! assumed: one attempt at most, any 2xx accepted.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::{Accepted, Authentication, Ordering, Policy, Retries};

/// Ombori's delivery policy.
pub fn policy() -> Policy {
    Policy {
        authentication: Authentication::Headers(BTreeMap::new()),
        accepted: Accepted::Any2xx,
        connect_within: Duration::from_secs(2),
        answer_within: Duration::from_secs(5),
        retries: Retries::default(),
        ordering: Ordering::None,
        disable_after: None,
        dead_letters: false,
    }
}
