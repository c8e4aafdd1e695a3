//! Judges expectations of deliveries, attempts and answers.

use crate::contract::evidence::is_before_any_handler;
use crate::contract::exchange;
use crate::contract::expectation::{EndpointState, ExpectedAnswer, Which};
use crate::contract::finding::{Finding, difference, differs, failure, is_unreachable, not_judged};
use crate::contract::stage::Stage;
use crate::journal::Memory;
use crate::model::result::{Difference, ScenarioFailure};
use crate::model::{Attempt, Failure, Outcome, RequestKind};
use crate::run::Delivery;

/// Every delivery that reached the receiver was accepted in the end.
pub fn every_accepted(stage: &Stage) -> Finding {
    let deliveries = stage.driver.deliveries();
    let is_broken = |delivery: &&Delivery| {
        let outcome = delivery.outcome().filter(|outcome| outcome.is_the_receivers());
        outcome.is_some_and(|outcome| *outcome != Outcome::Accepted)
            && !is_refused_duplicate(stage, delivery)
    };
    let broken = deliveries.iter().find(is_broken);
    match broken {
        None => Ok(()),
        Some(delivery) => Err(unexpected_answer(stage, delivery, ExpectedAnswer::Accepted)),
    }
}

/// The last of these deliveries that reached the receiver was answered as expected.
pub fn answered(stage: &Stage, which: &Which, expected: ExpectedAnswer) -> Finding {
    // The receiver is not to blame for a request that a fault kept from arriving.
    let judged = |delivery: &&Delivery| {
        which.is(&delivery.webhook) && delivery.outcome().is_some_and(Outcome::is_the_receivers)
    };
    let deliveries = stage.driver.deliveries();
    let Some(delivery) = deliveries.iter().rfind(judged) else {
        return Err(failure(match which {
            Which::Last => "no webhook has reached the receiver".to_owned(),
            Which::Of { trigger, who } => format!("no {trigger} of {who} has reached the receiver"),
        }));
    };
    let Some(outcome) = delivery.outcome() else { return Ok(()) };
    if status(stage, delivery) == Some(TOO_MANY) && expected != ExpectedAnswer::Accepted {
        return Err(too_many());
    }
    // A receiver that acknowledges first cannot know yet that the body is damaged.
    let may_pass = expected == ExpectedAnswer::Refused
        && stage.under_test.target.queues
        && delivery.is_damaged();
    let is_duplicate =
        || expected == ExpectedAnswer::Accepted && is_refused_duplicate(stage, delivery);
    if expected.is(outcome) || (may_pass && *outcome == Outcome::Accepted) || is_duplicate() {
        return Ok(());
    }
    Err(unexpected_answer(stage, delivery, expected))
}

/// The status of an answer to too many requests.
pub const TOO_MANY: u16 = 429;

/// A limiter refuses any request, so its answer says nothing about this one.
pub fn too_many() -> Box<ScenarioFailure> {
    not_judged("429 says that too many requests came, and nothing about this one")
}

/// Whether the receiver refused a request, after or while it accepted one with the same body. It may:
/// it has the webhook.
pub fn is_refused_duplicate(stage: &Stage, delivery: &Delivery) -> bool {
    if delivery.outcome() != Some(&Outcome::Refused) {
        return false;
    }
    let is_refusal = |one: &&Attempt| {
        let status = one.answer.as_ref().map(|answer| answer.status);
        // A login, or a check of the content type, has not looked at the body either.
        let is_before_the_body = matches!(status, Some(401 | 403 | 415));
        one.outcome == Outcome::Refused && !is_before_the_body && !is_before_any_handler(status)
    };
    let journal = stage.driver.journal();
    of_last_attempt(&journal, delivery).find(is_refusal).is_some_and(|refused| {
        let mut all = journal.attempts().filter(|one| is_of(delivery, one));
        all.any(|one| one.is_accepted_by_the_receiver() && one.body == refused.body)
    })
}

/// The requests with a webhook that the last attempt of a delivery made: several if it was sent in copies.
pub fn of_last_attempt<'a>(
    journal: &'a Memory,
    delivery: &'a Delivery,
) -> impl Iterator<Item = &'a Attempt> {
    let mut all = journal.attempts().filter(|one| one.delivery == delivery.webhook.seq);
    // If it got no token, it sent no webhook.
    let last = all.next_back().map(|one| one.number);
    journal.attempts().filter(move |one| Some(one.number) == last && is_of(delivery, one))
}

/// Whether a request has this delivery's webhook.
fn is_of(delivery: &Delivery, attempt: &Attempt) -> bool {
    attempt.delivery == delivery.webhook.seq && attempt.request == RequestKind::Webhook
}

/// The vendor tries again what the receiver refuses, so nothing can be said about what follows.
pub fn duplicate_was_refused() -> Box<ScenarioFailure> {
    not_judged("the receiver refused a duplicate, and so the vendor went on to send it")
}

/// The status of the last answer to a delivery.
fn status(stage: &Stage, delivery: &Delivery) -> Option<u16> {
    let journal = stage.driver.journal();
    let mut attempts = journal.attempts().filter(|one| one.delivery == delivery.webhook.seq);
    attempts.next_back()?.answer.as_ref().map(|answer| answer.status)
}

/// Why a right receiver may accept a damaged body, and what tells Standin so.
const QUEUE_HINT: &str =
    "`queues: true` in standin.yaml says that the receiver acknowledges a body before it reads it";

/// The failure of a delivery that did not end as expected.
fn unexpected_answer(
    stage: &Stage,
    delivery: &Delivery,
    expected: ExpectedAnswer,
) -> Box<ScenarioFailure> {
    let last = exchange::last_of(stage, delivery.webhook.seq);
    if let Some(not_revoked) = last.and_then(|index| not_revoked(stage, delivery, index)) {
        return not_revoked;
    }
    let acknowledged = delivery.outcome() == Some(&Outcome::Accepted);
    let may_queue = expected == ExpectedAnswer::Refused && acknowledged && delivery.is_damaged();
    let hint = may_queue.then(|| QUEUE_HINT.to_owned());
    let expected = expected.in_words();
    let answer = last.and_then(|index| exchange::answer(stage, index)).unwrap_or_else(|| {
        delivery.outcome().map_or("nothing was sent".to_owned(), ToString::to_string)
    });
    let who = delivery.webhook.name.as_ref().map_or(String::new(), |name| format!(" of {name}"));
    let message = format!("{}{who} should have been {expected}", delivery.webhook.trigger);
    let difference = Difference { hint, ..difference("answer", expected, answer) };
    let unreachable = is_unreachable(delivery.outcome());
    Box::new(ScenarioFailure { unreachable, ..*differs(message, difference, last) })
}

/// The failure of a webhook that was not sent, since the receiver did not revoke its token.
fn not_revoked(stage: &Stage, delivery: &Delivery, index: usize) -> Option<Box<ScenarioFailure>> {
    let journal = stage.driver.journal();
    let request = journal.attempts().nth(index)?;
    if request.request != RequestKind::Revocation {
        return None;
    }
    let refused = request.outcome == Outcome::Refused;
    let unreachable = is_unreachable(Some(&request.outcome));
    let answer = exchange::answer(stage, index).unwrap_or_default();
    let hint = "`oauth.revoke` says where tokens are revoked, and `oauth.revoke_with` how the client \
                shows its credentials there";
    let difference = Difference {
        hint: refused.then(|| hint.to_owned()),
        ..difference("revocation", "accepted", answer)
    };
    let trigger = delivery.webhook.trigger;
    let message = format!("the token for {trigger} could not be revoked, so it was not sent");
    let failure = *differs(message, difference, Some(index));
    Some(Box::new(ScenarioFailure { unreachable, ..failure }))
}

/// No answer was a 5xx.
pub fn no_server_error(stage: &Stage) -> Finding {
    let is_server_error = |attempt: &Attempt| {
        attempt.answer.as_ref().is_some_and(|answer| (500..600).contains(&answer.status))
    };
    no_attempt(stage, is_server_error, |answer| {
        let difference = difference("answer", "anything but a 5xx", answer);
        ("the receiver failed instead of answering", difference)
    })
}

/// Every answer came within `ack_within`.
pub fn in_time(stage: &Stage) -> Finding {
    let within = stage.under_test.target.ack_within;
    let is_late = |attempt: &Attempt| {
        attempt.took > within || attempt.outcome == Outcome::Failed(Failure::TimedOut)
    };
    no_attempt(stage, is_late, |answer| {
        let difference = difference("time to answer", format!("at most {within:?}"), answer);
        ("an answer came too late", difference)
    })
}

/// No attempt is like this. If one is, the failure shows its answer.
fn no_attempt(
    stage: &Stage,
    is_wrong: impl Fn(&Attempt) -> bool,
    failure: impl Fn(String) -> (&'static str, crate::model::result::Difference),
) -> Finding {
    let wrong = stage.driver.journal().attempts().position(is_wrong);
    let Some(index) = wrong else { return Ok(()) };
    let (message, difference) = failure(exchange::answer(stage, index).unwrap_or_default());
    Err(differs(message, difference, Some(index)))
}

/// The last delivery took this many attempts.
pub fn attempts(stage: &Stage, wanted: u32) -> Finding {
    let deliveries = stage.driver.deliveries();
    let Some(delivery) = deliveries.last() else {
        return Err(failure("no webhook has reached the receiver"));
    };
    if delivery.attempts == wanted {
        return Ok(());
    }
    if is_refused_duplicate(stage, delivery) {
        return Err(duplicate_was_refused());
    }
    let difference = difference("attempts", wanted.to_string(), delivery.attempts.to_string());
    let last = exchange::last_of(stage, delivery.webhook.seq);
    let message = format!("wrong number of attempts for {}", delivery.webhook.trigger);
    Err(differs(message, difference, last))
}

/// The endpoint is in this state.
pub fn endpoint(stage: &Stage, expected: EndpointState) -> Finding {
    let (account, _) = stage.account()?;
    let actual = if stage.driver.run().is_deactivated(account) {
        EndpointState::Deactivated
    } else {
        EndpointState::Active
    };
    if actual == expected {
        return Ok(());
    }
    let in_words = |state| match state {
        EndpointState::Active => "active",
        EndpointState::Deactivated => "deactivated",
    };
    let message = format!("the endpoint should be {}", in_words(expected));
    let difference = difference("endpoint", in_words(expected), in_words(actual));
    let last = stage.driver.journal().attempts().count().checked_sub(1);
    Err(differs(message, difference, last))
}
