//! When the webhooks of a call of a vendor's API leave: before its answer, with it, or after it.

use std::time::Duration;

use crate::model::api_fault::Race;
use crate::vendors::api::ApiAnswer;

/// How long an answer waits for webhooks that are to be handled before it.
const HANDLED_WITHIN: Duration = Duration::from_secs(10);
/// How much later webhooks leave that are to follow their answer.
const AFTER: Duration = Duration::from_millis(50);

/// Whether the webhooks of a call follow its answer.
pub fn follow(answer: &ApiAnswer) -> bool {
    answer.race == Race::After
}

/// Waits until an answer may be given: until the webhooks are handled, if they come before it, and
/// as long as it is late.
pub async fn until_answered(answer: &ApiAnswer, handled: impl Future) {
    if answer.race == Race::Before {
        // A receiver that never answers does not keep the caller waiting for ever.
        let _ = tokio::time::timeout(HANDLED_WITHIN, handled).await;
    }
    rest(answer.delay).await;
}

/// Waits until webhooks may leave that follow an answer which was just given.
pub async fn after_answer() {
    rest(AFTER).await;
}

#[expect(clippy::disallowed_methods, reason = "faults make answers and webhooks late in real time")]
async fn rest(length: Duration) {
    if length > Duration::ZERO {
        tokio::time::sleep(length).await;
    }
}
