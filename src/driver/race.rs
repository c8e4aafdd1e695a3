//! When the webhooks of an API call are sent: before its answer, with it, or after it.

use std::time::Duration;

use crate::model::api_fault::Race;
use crate::vendors::api::ApiAnswer;

/// How long an answer waits until the receiver has handled the webhooks that come before it.
const HANDLING_TIMEOUT: Duration = Duration::from_secs(10);
/// How long after the answer its webhooks are sent.
const DELAY_AFTER_ANSWER: Duration = Duration::from_millis(50);

/// Whether the webhooks of a call are sent after its answer.
pub fn follows_answer(answer: &ApiAnswer) -> bool {
    answer.race == Race::After
}

/// Waits until an answer may be given: until the webhooks are handled, if they come before it, and
/// then as long as a fault delays it.
pub async fn until_answered(answer: &ApiAnswer, handling: impl Future) {
    if answer.race == Race::Before {
        // The limit protects the caller from a receiver that never answers.
        let _ = tokio::time::timeout(HANDLING_TIMEOUT, handling).await;
    }
    pause(answer.delay).await;
}

/// Waits until the webhooks that follow an answer may be sent.
pub async fn after_answer() {
    pause(DELAY_AFTER_ANSWER).await;
}

#[expect(clippy::disallowed_methods, reason = "faults make answers and webhooks late in real time")]
async fn pause(length: Duration) {
    if length > Duration::ZERO {
        tokio::time::sleep(length).await;
    }
}
