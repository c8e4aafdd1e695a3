//! What is expected of token requests and dead letters, held against what came.

use cucumber::gherkin::Step;

use super::expect::{Held, fail};
use super::words::{OfTokens, Welcome};
use super::world::{Stage, rows};
use crate::clock::between;
use crate::journal::Memory;
use crate::model::policy::TokenUse;
use crate::model::result::{Difference, ScenarioFailure};
use crate::model::{Attempt, Authentication, Failure, OAuth, Outcome, RequestKind};
use crate::run::Delivery;

/// Requests by their places among all those of the run.
type Requests<'a> = Vec<(usize, &'a Attempt)>;

/// Holds an expectation of token requests.
pub fn hold(stage: &Stage, expectation: &OfTokens, step: &Step) -> Held {
    let journal = stage.driver.journal();
    let all: Requests<'_> = requests(&journal, RequestKind::Token);
    let made: Requests<'_> =
        all.iter().copied().filter(|(_, one)| one.outcome != Outcome::NeverSent).collect();
    match expectation {
        OfTokens::Count(wanted) => {
            count(&made, made.len() == *wanted, &wanted.to_string(), "token requests")
        }
        OfTokens::AtMost(most) => {
            count(&made, made.len() <= *most, &format!("at most {most}"), "token requests")
        }
        OfTokens::EveryAccepted => {
            let judged = made.iter().filter(|(_, one)| one.outcome.is_the_receivers());
            if judged.clone().next().is_none() {
                return Err(Box::new(fail("no token request has reached the receiver")));
            }
            let broken = judged.copied().find(|(_, one)| one.outcome != Outcome::Accepted);
            broken.map_or(Ok(()), |broken| Err(not_as_expected(stage, broken, "accepted")))
        }
        OfTokens::Last(welcome) => last(stage, &made, *welcome),
        OfTokens::EveryHas => every_has(&made, step),
        OfTokens::Apart(wanted) => {
            let [.., (_, before), (index, last)] = made.as_slice() else {
                return Err(Box::new(fail("there were not two token requests")));
            };
            let apart = between(before.at, last.at);
            let differs =
                differing("time between them", format!("{wanted:?}"), format!("{apart:?}"));
            let message = "the last two token requests are not that far apart";
            if apart == *wanted { Ok(()) } else { Err(about(*index, message, differs)) }
        }
        OfTokens::NoneWithout => none_without(stage, &all),
    }
}

/// Holds that no request with a webhook left the vendor.
pub fn no_webhook_sent(stage: &Stage) -> Held {
    let journal = stage.driver.journal();
    let mut sent = requests(&journal, RequestKind::Webhook);
    sent.retain(|(_, one)| one.outcome != Outcome::NeverSent);
    count(&sent, sent.is_empty(), "none", "requests with a webhook")
}

/// Holds that the last webhook is a dead letter.
pub fn last_is_dead_letter(stage: &Stage) -> Held {
    let deliveries = stage.driver.deliveries();
    match deliveries.last() {
        Some(last) if last.is_dead_letter() => Ok(()),
        Some(last) => Err(Box::new(ScenarioFailure {
            differences: vec![differing("webhook", "a dead letter".into(), ending(last))],
            exchange: super::exchange::last_of(stage, last.webhook.seq),
            ..fail(format!("{} should have become a dead letter", last.webhook.trigger))
        })),
        None => Err(Box::new(fail("no webhook has been sent"))),
    }
}

/// Holds that so many webhooks are dead letters.
pub fn dead_letters(stage: &Stage, wanted: usize) -> Held {
    let deliveries = stage.driver.deliveries();
    let dead: Vec<&Delivery> = deliveries.iter().filter(|one| one.is_dead_letter()).collect();
    if dead.len() == wanted {
        return Ok(());
    }
    let names: Vec<&str> = dead.iter().map(|one| one.webhook.trigger).collect();
    let actual = format!("{} ({})", dead.len(), names.join(", "));
    Err(Box::new(ScenarioFailure {
        differences: vec![differing("dead letters", wanted.to_string(), actual)],
        exchange: dead.last().and_then(|one| super::exchange::last_of(stage, one.webhook.seq)),
        unreachable: dead.iter().any(|one| is_unreachable(one.outcome())),
        ..fail("there are not as many dead letters")
    }))
}

fn ending(delivery: &Delivery) -> String {
    let outcome = delivery.outcome().map_or("nothing was sent".to_owned(), ToString::to_string);
    format!("{outcome} after {} attempt(s)", delivery.attempts)
}

fn is_unreachable(outcome: Option<&Outcome>) -> bool {
    matches!(outcome, Some(Outcome::Failed(Failure::Unreachable(_))))
}

fn requests(journal: &Memory, kind: RequestKind) -> Requests<'_> {
    let attempts = journal.attempts().enumerate();
    attempts.filter(|(_, one)| one.request == kind).collect()
}

fn differing(field: &str, expected: String, actual: String) -> Difference {
    Difference { field: field.to_owned(), expected, actual }
}

fn about(index: usize, message: &str, difference: Difference) -> Box<ScenarioFailure> {
    Box::new(ScenarioFailure {
        differences: vec![difference],
        exchange: Some(index),
        ..fail(message)
    })
}

fn count(requests: &Requests<'_>, held: bool, wanted: &str, what: &str) -> Held {
    if held {
        return Ok(());
    }
    Err(Box::new(ScenarioFailure {
        differences: vec![differing(what, wanted.to_owned(), requests.len().to_string())],
        exchange: requests.last().map(|(index, _)| *index),
        unreachable: requests.iter().any(|(_, one)| is_unreachable(Some(&one.outcome))),
        ..fail(format!("there was another number of {what}"))
    }))
}

fn last(stage: &Stage, made: &Requests<'_>, welcome: Welcome) -> Held {
    let judged = |one: &&(usize, &Attempt)| one.1.outcome.is_the_receivers();
    let Some(last) = made.iter().rfind(judged).copied() else {
        return Err(Box::new(fail("no token request has reached the receiver")));
    };
    let (held, wanted) = match welcome {
        Welcome::Accepted => (last.1.outcome == Outcome::Accepted, "accepted"),
        Welcome::Refused => (last.1.outcome == Outcome::Refused, "refused with a 4xx"),
        Welcome::Either => (
            matches!(last.1.outcome, Outcome::Accepted | Outcome::Refused),
            "accepted, or refused with a 4xx",
        ),
    };
    if held { Ok(()) } else { Err(not_as_expected(stage, last, wanted)) }
}

fn not_as_expected(
    stage: &Stage,
    (index, request): (usize, &Attempt),
    wanted: &str,
) -> Box<ScenarioFailure> {
    let answer = super::exchange::answer(stage, index).unwrap_or_default();
    let message = format!("the token request should have been {wanted}");
    Box::new(ScenarioFailure {
        unreachable: is_unreachable(Some(&request.outcome)),
        ..*about(index, &message, differing("answer", wanted.to_owned(), answer))
    })
}

/// Holds the fields of the table against each request that no fault has struck.
fn every_has(made: &Requests<'_>, step: &Step) -> Held {
    let wanted = rows(step).unwrap_or_default();
    let honest: Requests<'_> =
        made.iter().copied().filter(|(_, one)| one.fault.is_none()).collect();
    if honest.is_empty() {
        return Err(Box::new(fail("no token request was made")));
    }
    for (index, request) in honest {
        let form: Vec<(String, String)> =
            url::form_urlencoded::parse(&request.body).into_owned().collect();
        for (field, value) in &wanted {
            let actual = field_of(request, &form, field);
            if actual.as_deref() != Some(value) {
                let actual = actual.unwrap_or_else(|| "nothing".to_owned());
                let difference = differing(field, value.clone(), actual);
                return Err(about(
                    index,
                    "a token request was made with something else",
                    difference,
                ));
            }
        }
    }
    Ok(())
}

/// The fields of a token request that can be expected. Its client secret is only ever `***`.
pub const FIELDS: &[&str] = &["method", "content-type", "client_id", "client_secret", "grant_type"];

fn field_of(request: &Attempt, form: &[(String, String)], field: &str) -> Option<String> {
    match field {
        "method" => Some("POST".to_owned()),
        "content-type" => {
            let mut headers = request.headers.iter();
            headers.find(|(name, _)| name == field).map(|(_, value)| value.clone())
        }
        _ => form.iter().find(|(name, _)| name == field).map(|(_, value)| value.clone()),
    }
}

/// Holds that each webhook carried a token, and that a token had been given out before: in the same attempt, or at some time if the vendor keeps its tokens.
fn none_without(stage: &Stage, tokens: &Requests<'_>) -> Held {
    let Some(oauth) = oauth(stage) else { return Ok(()) };
    let keeps = oauth.token_use != TokenUse::PerAttempt;
    for (index, webhook) in requests(&stage.driver.journal(), RequestKind::Webhook) {
        if webhook.outcome == Outcome::NeverSent {
            continue;
        }
        let carried = webhook.headers.iter().any(|(name, _)| *name == oauth.header);
        let given = tokens.iter().any(|(asked, token)| {
            let key = |one: &Attempt| (one.delivery, one.number, one.at);
            let of_it = key(token) == key(webhook);
            *asked < index && (keeps || of_it) && gave(token)
        });
        if !carried || !given {
            let actual = if carried { "one that nobody gave out" } else { "none" };
            let wanted = "one that was asked for before".to_owned();
            let difference = differing("token", wanted, actual.to_owned());
            return Err(about(index, "a webhook left without a token", difference));
        }
    }
    Ok(())
}

/// Whether the vendor had a token from this request: also one that a gateway has made up.
fn gave(request: &Attempt) -> bool {
    matches!(request.outcome, Outcome::Accepted | Outcome::ByGateway(200))
}

fn oauth(stage: &Stage) -> Option<OAuth> {
    let (account, _) = stage.account?;
    match &stage.driver.route(account).policy.authentication {
        Authentication::Token(oauth) => Some(OAuth::clone(oauth)),
        _ => None,
    }
}
