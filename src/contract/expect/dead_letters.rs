//! Judges expectations of dead letters.

use super::answers::{duplicate_was_refused, is_refused_duplicate};
use crate::contract::exchange;
use crate::contract::finding::{Finding, difference, differs, failure, is_unreachable};
use crate::contract::stage::Stage;
use crate::model::result::ScenarioFailure;
use crate::run::Delivery;

/// The last webhook is a dead letter.
pub fn last(stage: &Stage) -> Finding {
    let deliveries = stage.driver.deliveries();
    match deliveries.last() {
        Some(last) if last.is_dead_letter() => Ok(()),
        Some(last) => {
            let message = format!("{} should have become a dead letter", last.webhook.trigger);
            let difference = difference("webhook", "a dead letter", ending(last));
            Err(differs(message, difference, exchange::last_of(stage, last.webhook.seq)))
        }
        None => Err(failure("no webhook has been sent")),
    }
}

fn ending(delivery: &Delivery) -> String {
    let outcome = delivery.outcome().map_or("nothing was sent".to_owned(), ToString::to_string);
    format!("{outcome} after {} attempt(s)", delivery.attempts)
}

/// This many webhooks are dead letters.
pub fn count(stage: &Stage, wanted: usize) -> Finding {
    let deliveries = stage.driver.deliveries();
    let dead: Vec<&Delivery> = deliveries.iter().filter(|one| one.is_dead_letter()).collect();
    if dead.len() == wanted {
        return Ok(());
    }
    if dead.iter().any(|one| is_refused_duplicate(stage, one)) {
        return Err(duplicate_was_refused());
    }
    let names: Vec<&str> = dead.iter().map(|one| one.webhook.trigger).collect();
    let actual = format!("{} ({})", dead.len(), names.join(", "));
    let difference = difference("dead letters", wanted.to_string(), actual);
    let last = dead.last().and_then(|one| exchange::last_of(stage, one.webhook.seq));
    Err(Box::new(ScenarioFailure {
        unreachable: dead.iter().any(|one| is_unreachable(one.outcome())),
        ..*differs("wrong number of dead letters", difference, last)
    }))
}
