//! How doo delivers, as values (facts: AU, CO, RS, RQ).
//!
//! Documented: only 200 is a success, for tokens as for webhooks; after ten fails a webhook goes to
//! the dead letter queue; the token, its header, and the client id `doo`. Assumed: a token for each
//! attempt (the literal reading), the waits between attempts, the time-outs, and no ordering.

use std::time::Duration;

use crate::model::{Accepted, Authentication, OAuth, Ordering, Policy, Retries};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// doo's delivery policy.
pub fn policy() -> Policy {
    let waits = vec![
        MINUTE,
        5 * MINUTE,
        15 * MINUTE,
        30 * MINUTE,
        HOUR,
        2 * HOUR,
        4 * HOUR,
        8 * HOUR,
        12 * HOUR,
    ];
    Policy {
        authentication: Authentication::Token(Box::new(OAuth::of("doo"))),
        accepted: Accepted::Exactly200,
        connect_within: Duration::from_secs(2),
        answer_within: Duration::from_secs(5),
        retries: Retries { waits, ..Retries::default() },
        ordering: Ordering::None,
        disable_after: None,
        dead_letters: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_ten_fails_it_is_a_dead_letter() {
        assert_eq!(policy().retries.attempts(), 10);
    }
}
