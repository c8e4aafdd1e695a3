//! What passes although a limiter kept webhooks from the receiver: it proves nothing.

use super::answers::{TOO_MANY, of_last_attempt};
use crate::contract::expectation::Expectation;
use crate::contract::finding::{Finding, not_judged};
use crate::contract::stage::Stage;
use crate::run::Delivery;

/// Whether what an expectation that passed is about has reached the receiver.
///
/// # Errors
/// If a limiter refused some of it to the end. Then nothing is judged.
pub fn reached(stage: &Stage, passed: &Expectation) -> Finding {
    let names: Option<Vec<&str>> = match passed {
        Expectation::NoServerError | Expectation::InTime => None,
        Expectation::State { who, .. }
        | Expectation::Fields { who, .. }
        | Expectation::Truth { who, .. }
        | Expectation::NotKnown { who, .. }
        | Expectation::EffectsUnchanged(who) => Some(vec![who]),
        Expectation::EffectsEqual(who, whom) => Some(vec![who, whom]),
        _ => return Ok(()),
    };
    let is_about = |delivery: &&Delivery| {
        let name = delivery.webhook.name.as_deref();
        names.as_ref().is_none_or(|names| name.is_some_and(|name| names.contains(&name)))
    };
    let deliveries = stage.driver.deliveries();
    let mut about = deliveries.iter().filter(is_about);
    match about.find(|delivery| is_limited(stage, delivery)) {
        None => Ok(()),
        Some(delivery) => Err(not_judged(unproven(delivery))),
    }
}

/// Whether a limiter refused the last attempt of a delivery, or one of the copies that came with it.
fn is_limited(stage: &Stage, delivery: &Delivery) -> bool {
    let journal = stage.driver.journal();
    of_last_attempt(&journal, delivery)
        .any(|one| one.answer.as_ref().is_some_and(|answer| answer.status == TOO_MANY))
}

/// The name of the subject is not said, so that the same reason is the same text.
fn unproven(delivery: &Delivery) -> String {
    format!(
        "429: a limiter kept {} from the receiver, so this proves nothing",
        delivery.webhook.trigger
    )
}
