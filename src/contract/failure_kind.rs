//! In which way a scenario failed.

use super::stage::Stage;
use crate::model::failure_kind::FailureKind;
use crate::model::result::ScenarioFailure;
use crate::model::{Attempt, Failure, Outcome};

/// In which way a scenario failed. A receiver that answers 5xx, or not at all, does not get as far as to
/// believe anything: so the request comes first.
pub fn kind(stage: &Stage, failure: &ScenarioFailure) -> FailureKind {
    let journal = stage.driver.journal();
    let request = failure.exchange.and_then(|index| journal.attempts().nth(index));
    let within = stage.under_test.target.ack_within;
    let of_request = request.and_then(|attempt| of_request(attempt, within));
    let is_broken_probe = || {
        let status = failure.probe.as_ref().and_then(|probe| probe.status);
        status.is_some_and(|status| status >= 500)
    };
    let is_of_effects = || failure.differences.iter().all(|one| one.field == "effects");
    match of_request {
        Some(kind) => kind,
        None if is_broken_probe() => FailureKind::ServerError,
        None if failure.polls.is_empty() => FailureKind::Answer,
        None if is_of_effects() => FailureKind::Effects,
        None => FailureKind::Belief,
    }
}

fn of_request(attempt: &Attempt, within: std::time::Duration) -> Option<FailureKind> {
    match &attempt.outcome {
        Outcome::Failed(Failure::ServerError) => Some(FailureKind::ServerError),
        Outcome::Failed(
            Failure::Unreachable(_)
            | Failure::TimedOut
            | Failure::ClosedEarly(_)
            | Failure::Malformed(_)
            | Failure::AnswerTooLarge,
        ) => Some(FailureKind::NoAnswer),
        _ if attempt.took > within => Some(FailureKind::NoAnswer),
        _ => None,
    }
}
