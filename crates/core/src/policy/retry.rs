//! The wait between one attempt and the next.

use std::time::Duration;

use crate::chance::Chance;
use crate::model::{Outcome, Retries};

/// A longer `Retry-After` counts as this.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(24 * 3600);

/// The wait before the next attempt. `None` if there is no next attempt.
///
/// `number` is the number of the last attempt, from 1.
pub fn wait(
    retries: &Retries,
    number: u32,
    outcome: &Outcome,
    retry_after: Option<Duration>,
    chance: &mut Chance,
) -> Option<Duration> {
    if *outcome == Outcome::Accepted {
        return None;
    }
    let wait = *retries.waits.get(number as usize - 1)?;
    let wait = if retries.jitter > 0.0 {
        wait.mul_f64(1.0 + retries.jitter.min(1.0) * (2.0 * chance.unit() - 1.0))
    } else {
        wait
    };
    let requested = retry_after.filter(|_| retries.honour_retry_after).unwrap_or_default();
    Some(wait.max(requested.min(LONGEST_RETRY_AFTER)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Failure;

    const FAILED: Outcome = Outcome::Failed(Failure::ServerError);

    fn retries() -> Retries {
        Retries {
            waits: vec![Duration::from_secs(60), Duration::from_secs(600)],
            jitter: 0.0,
            honour_retry_after: true,
        }
    }

    #[test]
    fn there_is_one_more_attempt_than_waits() {
        let mut chance = Chance::from_seed(1);
        let waits: Vec<_> =
            (1..=3).map(|number| wait(&retries(), number, &FAILED, None, &mut chance)).collect();
        assert_eq!(waits, [Some(Duration::from_secs(60)), Some(Duration::from_secs(600)), None]);
        assert_eq!(retries().attempts(), 3);
    }

    #[test]
    fn an_accepted_webhook_is_not_retried() {
        let mut chance = Chance::from_seed(1);
        assert_eq!(wait(&retries(), 1, &Outcome::Accepted, None, &mut chance), None);
    }

    #[test]
    fn retry_after_prolongs_a_wait_and_never_shortens_it() {
        let mut chance = Chance::from_seed(1);
        let hour = Some(Duration::from_secs(3600));
        assert_eq!(wait(&retries(), 1, &FAILED, hour, &mut chance), hour);
        let second = Some(Duration::from_secs(1));
        let waited = wait(&retries(), 1, &FAILED, second, &mut chance);
        assert_eq!(waited, Some(Duration::from_secs(60)));
    }

    #[test]
    fn jitter_stays_within_its_share() {
        let jittered = Retries { jitter: 0.2, ..retries() };
        let mut chance = Chance::from_seed(1);
        for _ in 0..1000 {
            let waited = wait(&jittered, 1, &FAILED, None, &mut chance).expect("a next attempt");
            assert!((48.0..=72.0).contains(&waited.as_secs_f64()), "{waited:?}");
        }
    }
}
