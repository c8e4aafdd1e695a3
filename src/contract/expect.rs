//! What is expected, held against what came.
//!
//! Before anything is judged the run settles: everything that is to be sent has been sent, retries
//! included. Beliefs of the receiver are waited for; a failure shows each look.

use std::collections::BTreeMap;

use cucumber::gherkin::Step;
use serde_json::Value as Json;

use super::words::{Belief, Expectation, Welcome};
use super::world::{Stage, rows};
use super::{effects, tokens};
use crate::clock::Stopwatch;
use crate::engine::Delivery;
use crate::journal::Entry;
use crate::model::result::{Difference, ScenarioFailure};
use crate::model::{Failure, Outcome, Subject};
use crate::probe::{Poll, PollResult, Probe, ProbeReading, unchanged, until};

/// What came of holding an expectation.
pub type Held = Result<(), Box<ScenarioFailure>>;

/// The probe's field for the state: `status` if it has one, else `state`.
pub fn state_field(probe: &Probe) -> &'static str {
    if probe.fields.contains_key("state") && !probe.fields.contains_key("status") {
        "state"
    } else {
        "status"
    }
}

/// Holds an expectation against what came.
pub async fn hold(stage: &mut Stage, expectation: &Expectation, step: &Step) -> Held {
    stage.engine.settle().await;
    match expectation {
        Expectation::EveryAccepted => every_accepted(stage),
        Expectation::Last(welcome) => last(stage, *welcome),
        Expectation::NoServerError => no_server_error(stage),
        Expectation::InTime => in_time(stage),
        Expectation::Attempts(wanted) => attempts(stage, *wanted),
        Expectation::State { who, kind, state, belief } => {
            let field =
                probe(stage, who, Some(kind)).map_or("status", |(probe, _)| state_field(&probe));
            let wanted = [(field.to_owned(), Json::String(state.clone()))].into();
            fields(stage, who, kind, wanted, *belief).await
        }
        Expectation::Fields { who, kind } => {
            let wanted = rows(step)
                .unwrap_or_default()
                .into_iter()
                .map(|(field, value)| (field, Json::String(value)))
                .collect();
            fields(stage, who, kind, wanted, Belief::Eventually).await
        }
        Expectation::Truth { who, kind } => truth(stage, who, kind).await,
        Expectation::NotKnown { who, kind } => not_known(stage, who, kind).await,
        Expectation::NoteEffects(who) => {
            let count = effects::count(stage, who).await?;
            stage.noted.insert(who.clone(), count);
            Ok(())
        }
        Expectation::EffectsUnchanged(who) => effects::unchanged_since(stage, who).await,
        Expectation::EffectsEqual(who, whom) => effects::equal(stage, who, whom).await,
        Expectation::EndpointDeactivated => endpoint(stage, "deactivated"),
        Expectation::EndpointActive => endpoint(stage, "active"),
        Expectation::Tokens(of_tokens) => tokens::hold(stage, of_tokens, step),
        Expectation::NoWebhookSent => tokens::no_webhook_sent(stage),
        Expectation::LastIsDeadLetter => tokens::last_is_dead_letter(stage),
        Expectation::DeadLetters(wanted) => tokens::dead_letters(stage, *wanted),
    }
}

/// A failure that says so.
pub fn fail(message: impl Into<String>) -> ScenarioFailure {
    ScenarioFailure { message: message.into(), ..Default::default() }
}

fn every_accepted(stage: &Stage) -> Held {
    let broken = stage.engine.deliveries().iter().find(|delivery| {
        delivery
            .outcome()
            .is_some_and(|outcome| *outcome != Outcome::Accepted && outcome.is_the_receivers())
    });
    match broken {
        None => Ok(()),
        Some(delivery) => Err(Box::new(not_as_expected(stage, delivery, "accepted"))),
    }
}

fn last(stage: &Stage, welcome: Welcome) -> Held {
    // What a fault kept from arriving was never the receiver's to judge.
    let judged = |delivery: &&Delivery| delivery.outcome().is_some_and(Outcome::is_the_receivers);
    let Some(delivery) = stage.engine.deliveries().iter().rfind(judged) else {
        return Err(Box::new(fail("no webhook has reached the receiver")));
    };
    let Some(outcome) = delivery.outcome() else { return Ok(()) };
    // Who acknowledges first cannot know yet that the body is damaged.
    let let_pass = stage.under_test.target.queues && delivery.is_damaged();
    let (held, wanted) = match welcome {
        Welcome::Accepted => (*outcome == Outcome::Accepted, "accepted"),
        Welcome::Refused => {
            let passed = let_pass && *outcome == Outcome::Accepted;
            (*outcome == Outcome::Refused || passed, "refused with a 4xx")
        }
        Welcome::Either => (
            matches!(outcome, Outcome::Accepted | Outcome::Refused),
            "accepted, or refused with a 4xx",
        ),
    };
    if held { Ok(()) } else { Err(Box::new(not_as_expected(stage, delivery, wanted))) }
}

/// A delivery that ended in another way than it should have.
fn not_as_expected(stage: &Stage, delivery: &Delivery, wanted: &str) -> ScenarioFailure {
    let exchange = super::exchange::last_of(stage, delivery.webhook.seq);
    let outcome = delivery.outcome().map_or("nothing was sent".to_owned(), ToString::to_string);
    let answer =
        exchange.and_then(|index| super::exchange::answer(stage, index)).unwrap_or(outcome);
    let who = delivery.webhook.name.as_ref().map_or(String::new(), |name| format!(" of {name}"));
    ScenarioFailure {
        message: format!("{}{who} should have been {wanted}", delivery.webhook.trigger),
        differences: vec![Difference {
            field: "answer".to_owned(),
            expected: wanted.to_owned(),
            actual: answer,
        }],
        exchange,
        unreachable: matches!(delivery.outcome(), Some(Outcome::Failed(Failure::Unreachable(_)))),
        ..Default::default()
    }
}

fn no_server_error(stage: &Stage) -> Held {
    let found = attempt_where(stage, |attempt| {
        attempt.answer.as_ref().is_some_and(|answer| (500..600).contains(&answer.status))
    });
    let Some(index) = found else { return Ok(()) };
    Err(Box::new(ScenarioFailure {
        differences: vec![Difference {
            field: "answer".to_owned(),
            expected: "anything but a 5xx".to_owned(),
            actual: super::exchange::answer(stage, index).unwrap_or_default(),
        }],
        exchange: Some(index),
        ..fail("the receiver failed instead of answering")
    }))
}

fn in_time(stage: &Stage) -> Held {
    let within = stage.under_test.target.ack_within;
    let late = |attempt: &crate::model::Attempt| {
        attempt.took > within || attempt.outcome == Outcome::Failed(Failure::TimedOut)
    };
    let Some(index) = attempt_where(stage, late) else { return Ok(()) };
    Err(Box::new(ScenarioFailure {
        differences: vec![Difference {
            field: "time to answer".to_owned(),
            expected: format!("at most {within:?}"),
            actual: super::exchange::answer(stage, index).unwrap_or_default(),
        }],
        exchange: Some(index),
        ..fail("an answer came too late")
    }))
}

fn attempt_where(stage: &Stage, test: impl Fn(&crate::model::Attempt) -> bool) -> Option<usize> {
    stage.engine.journal().attempts().position(test)
}

fn attempts(stage: &Stage, wanted: u32) -> Held {
    let Some(delivery) = stage.engine.deliveries().last() else {
        return Err(Box::new(fail("no webhook has reached the receiver")));
    };
    if delivery.attempts == wanted {
        return Ok(());
    }
    Err(Box::new(ScenarioFailure {
        differences: vec![Difference {
            field: "attempts".to_owned(),
            expected: wanted.to_string(),
            actual: delivery.attempts.to_string(),
        }],
        exchange: super::exchange::last_of(stage, delivery.webhook.seq),
        ..fail(format!("{} took another number of attempts", delivery.webhook.trigger))
    }))
}

fn endpoint(stage: &Stage, wanted: &str) -> Held {
    let (account, _) = stage.account.unwrap_or_else(|| panic!("an account was rehearsed"));
    let is = if stage.engine.is_deactivated(account) { "deactivated" } else { "active" };
    if is == wanted {
        return Ok(());
    }
    Err(Box::new(ScenarioFailure {
        differences: vec![Difference {
            field: "endpoint".to_owned(),
            expected: wanted.to_owned(),
            actual: is.to_owned(),
        }],
        exchange: stage.engine.journal().attempts().count().checked_sub(1),
        ..fail(format!("the endpoint should be {wanted}"))
    }))
}

/// The probe for a subject by its name, and the subject.
pub fn probe(stage: &Stage, who: &str, kind: Option<&str>) -> Option<(Probe, Subject)> {
    let (account, vendor) = stage.account?;
    let (kind, index) = stage.named(who, kind)?;
    let probe = stage.under_test.probe(vendor.catalogue().vendor, kind)?.clone();
    Some((probe, stage.engine.sim().subject(account, index)))
}

fn must_probe(stage: &Stage, who: &str, kind: Option<&str>) -> (Probe, Subject) {
    probe(stage, who, kind).unwrap_or_else(|| panic!("the probe for {who} was rehearsed"))
}

async fn fields(
    stage: &Stage,
    who: &str,
    kind: &str,
    wanted: BTreeMap<String, Json>,
    belief: Belief,
) -> Held {
    let (probe, subject) = must_probe(stage, who, Some(kind));
    let test = |look: &ProbeReading| match look {
        ProbeReading::Known { .. } => differences(look, &wanted).is_empty(),
        ProbeReading::Unknown | ProbeReading::Gone => belief == Belief::OrUnknown,
        ProbeReading::Unreachable(_) | ProbeReading::Trouble(_) => false,
    };
    let show = |look: &ProbeReading| look.show_fields(wanted.keys());
    let poll =
        Poll { prober: &stage.under_test.prober, probe: &probe, id: &subject.id, show: &show };
    let within = stage.under_test.believes_within;
    let waited = if belief == Belief::Eventually {
        until(&poll, within, |look| test(look).then_some(true)).await
    } else {
        settled(stage, &poll, test).await
    };
    if waited.passed {
        return Ok(());
    }
    let message = match &waited.last {
        ProbeReading::Unknown | ProbeReading::Gone => {
            format!("the receiver does not know {who}'s {}", subject.kind)
        }
        ProbeReading::Unreachable(_) | ProbeReading::Trouble(_) => {
            format!("the receiver cannot be asked about {who}'s {}", subject.kind)
        }
        ProbeReading::Known { .. } => {
            format!("the receiver believes something else of {who}'s {}", subject.kind)
        }
    };
    Err(Box::new(disbelief(stage, &subject, message, differences(&waited.last, &wanted), waited)))
}

/// Looks until the test holds and goes on holding. A receiver that queues may hold it at first, of
/// something older, and come back to it.
async fn settled(
    stage: &Stage,
    poll: &Poll<'_>,
    test: impl Fn(&ProbeReading) -> bool,
) -> PollResult {
    let (within, quiet) = (stage.under_test.believes_within, stage.under_test.quiet_for);
    let watch = Stopwatch::start();
    loop {
        let left = within.saturating_sub(watch.elapsed());
        let mut waited = until(poll, left, |look| test(look).then_some(true)).await;
        if waited.passed {
            waited = unchanged(poll, quiet, &test).await;
        }
        if waited.passed || watch.elapsed() >= within {
            return waited;
        }
    }
}

/// What the receiver believes is not what it should: with each look into it.
pub fn disbelief(
    stage: &Stage,
    subject: &Subject,
    message: String,
    differences: Vec<Difference>,
    waited: PollResult,
) -> ScenarioFailure {
    ScenarioFailure {
        message,
        differences,
        polls: waited.readings,
        exchange: last_about(stage, subject),
        unreachable: matches!(waited.last, ProbeReading::Unreachable(_)),
        ..Default::default()
    }
}

/// The last request about a subject; where none was, the last one.
fn last_about(stage: &Stage, subject: &Subject) -> Option<usize> {
    let about = |attempt: &crate::model::Attempt| {
        let webhook = stage.engine.journal().entries().iter().find_map(|entry| match entry {
            Entry::Caused(webhook) if webhook.seq == attempt.delivery => Some(webhook),
            _ => None,
        });
        webhook.is_some_and(|webhook| webhook.subject == *subject)
    };
    let attempts: Vec<_> = stage.engine.journal().attempts().collect();
    attempts.iter().rposition(|attempt| about(attempt)).or_else(|| attempts.len().checked_sub(1))
}

/// The fields in which a look differs from what is wanted.
fn differences(look: &ProbeReading, wanted: &BTreeMap<String, Json>) -> Vec<Difference> {
    let known = match look {
        ProbeReading::Known { fields, .. } => Some(fields),
        _ => None,
    };
    wanted
        .iter()
        .filter_map(|(field, expected)| {
            let actual = known.and_then(|fields| fields.get(field));
            if actual.is_some_and(|actual| same(expected, actual)) {
                return None;
            }
            Some(Difference {
                field: field.clone(),
                expected: shown(expected),
                actual: actual.map_or_else(|| look.to_string(), shown),
            })
        })
        .collect()
}

/// Values are the same if they are equal, or one is the text of the other: a table holds only text.
/// Times are the same if they are the same moment.
pub fn same(expected: &Json, actual: &Json) -> bool {
    expected == actual
        || shown(expected) == shown(actual)
        || moment(expected).is_some_and(|at| moment(actual) == Some(at))
}

fn moment(value: &Json) -> Option<jiff::Timestamp> {
    value.as_str()?.parse().ok()
}

fn shown(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

async fn truth(stage: &Stage, who: &str, kind: &str) -> Held {
    let (probe, _) = must_probe(stage, who, Some(kind));
    let (account, _) = stage.account.unwrap_or_else(|| panic!("an account was rehearsed"));
    let (_, index) = stage.named(who, Some(kind)).unwrap_or_else(|| panic!("{who} was rehearsed"));
    let truth = stage.engine.sim().truth(account, index);
    let wanted = probe.fields.keys().map(|field| (field.clone(), at_path(&truth, field))).collect();
    fields(stage, who, kind, wanted, Belief::Eventually).await
}

/// The value at a dotted path of the vendor's truth; null if there is none.
pub fn at_path(truth: &Json, path: &str) -> Json {
    let found = path.split('.').try_fold(truth, |json, key| json.get(key));
    found.cloned().unwrap_or(Json::Null)
}

async fn not_known(stage: &Stage, who: &str, kind: &str) -> Held {
    let (probe, subject) = must_probe(stage, who, Some(kind));
    let show = |look: &ProbeReading| look.to_string();
    let poll =
        Poll { prober: &stage.under_test.prober, probe: &probe, id: &subject.id, show: &show };
    let unknown = |look: &ProbeReading| matches!(look, ProbeReading::Unknown | ProbeReading::Gone);
    let waited = settled(stage, &poll, unknown).await;
    if waited.passed {
        return Ok(());
    }
    let message = format!("the receiver should not know {who}'s {}", subject.kind);
    let difference = Difference {
        field: subject.kind.to_owned(),
        expected: "404, not known".to_owned(),
        actual: waited.last.to_string(),
    };
    Err(Box::new(disbelief(stage, &subject, message, vec![difference], waited)))
}
