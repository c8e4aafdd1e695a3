//! Judges expectations of token requests, and of the tokens that webhooks carry.

use std::ops::RangeInclusive;

use super::answers::{TOO_MANY, duplicate_was_refused, is_refused_duplicate, too_many};
use crate::clock::between;
use crate::contract::exchange;
use crate::contract::expectation::{ExpectedAnswer, TokenExpectation};
use crate::contract::finding::{Finding, difference, differs, failure, is_unreachable};
use crate::contract::stage::Stage;
use crate::journal::Memory;
use crate::model::policy::TokenUse;
use crate::model::result::ScenarioFailure;
use crate::model::{Attempt, Authentication, OAuth, Outcome, RequestKind};

/// Requests, each with its index among all requests of the run.
type Requests<'a> = Vec<(usize, &'a Attempt)>;

/// The fields of a token request that can be expected. Those of [`SECRET_FIELDS`] are always shown as `***`.
pub const FIELDS: &[&str] =
    &["method", "content-type", "client_id", "client_secret", "assertion", "grant_type"];

/// The fields that are never shown.
pub const SECRET_FIELDS: &[&str] = &["client_secret", "assertion"];

/// Judges an expectation of token requests.
pub fn judge(stage: &Stage, expectation: &TokenExpectation) -> Finding {
    let journal = stage.driver.journal();
    let made = sent(&journal, RequestKind::Token);
    let finding = match expectation {
        TokenExpectation::Count(wanted) => count(&made, *wanted..=*wanted, "token requests"),
        TokenExpectation::AtMost(most) => count(&made, 0..=*most, "token requests"),
        TokenExpectation::EveryAccepted => every_accepted(stage, &made),
        TokenExpectation::Last(expected) => last(stage, &made, *expected),
        TokenExpectation::EveryHas(fields) => every_has(&made, fields),
        TokenExpectation::Apart(wanted) => apart(&made, *wanted),
        TokenExpectation::NoneWithout => none_without(stage),
    };
    let counts = matches!(
        expectation,
        TokenExpectation::Count(_) | TokenExpectation::AtMost(_) | TokenExpectation::Apart(_)
    );
    let deliveries = stage.driver.deliveries();
    if counts && finding.is_err() && deliveries.iter().any(|one| is_refused_duplicate(stage, one)) {
        return Err(duplicate_was_refused());
    }
    finding
}

/// The vendor sent no request with a webhook.
pub fn no_webhook_sent(stage: &Stage) -> Finding {
    let journal = stage.driver.journal();
    let sent = sent(&journal, RequestKind::Webhook);
    count(&sent, 0..=0, "requests with a webhook")
}

fn requests(journal: &Memory, kind: RequestKind) -> Requests<'_> {
    let attempts = journal.attempts().enumerate();
    attempts.filter(|(_, one)| one.request == kind).collect()
}

/// The requests that the vendor sent.
fn sent(journal: &Memory, kind: RequestKind) -> Requests<'_> {
    let mut sent = requests(journal, kind);
    sent.retain(|(_, one)| one.outcome != Outcome::NeverSent);
    sent
}

/// The number of requests is the expected one.
fn count(requests: &Requests<'_>, wanted: RangeInclusive<usize>, what: &str) -> Finding {
    if wanted.contains(&requests.len()) {
        return Ok(());
    }
    let wanted = match wanted.into_inner() {
        (least, most) if least < most => format!("at most {most}"),
        (_, 0) => "none".to_owned(),
        (_, most) => most.to_string(),
    };
    let difference = difference(what, wanted, requests.len().to_string());
    let last = requests.last().map(|(index, _)| *index);
    Err(Box::new(ScenarioFailure {
        unreachable: requests.iter().any(|(_, one)| is_unreachable(Some(&one.outcome))),
        ..*differs(format!("wrong number of {what}"), difference, last)
    }))
}

fn every_accepted(stage: &Stage, made: &Requests<'_>) -> Finding {
    let mut judged = made.iter().filter(|(_, one)| one.outcome.is_the_receivers()).peekable();
    if judged.peek().is_none() {
        return Err(failure("no token request has reached the receiver"));
    }
    let broken = judged.find(|(_, one)| one.outcome != Outcome::Accepted);
    broken.map_or(Ok(()), |one| Err(unexpected_answer(stage, *one, ExpectedAnswer::Accepted)))
}

fn last(stage: &Stage, made: &Requests<'_>, expected: ExpectedAnswer) -> Finding {
    let last = made.iter().rfind(|(_, one)| one.outcome.is_the_receivers());
    let last = *last.ok_or_else(|| failure("no token request has reached the receiver"))?;
    let status = last.1.answer.as_ref().map(|answer| answer.status);
    if status == Some(TOO_MANY) && expected != ExpectedAnswer::Accepted {
        return Err(too_many());
    }
    if expected.is(&last.1.outcome) {
        return Ok(());
    }
    Err(unexpected_answer(stage, last, expected))
}

fn unexpected_answer(
    stage: &Stage,
    (index, request): (usize, &Attempt),
    expected: ExpectedAnswer,
) -> Box<ScenarioFailure> {
    let expected = expected.in_words();
    let answer = exchange::answer(stage, index).unwrap_or_default();
    let message = format!("the token request should have been {expected}");
    Box::new(ScenarioFailure {
        unreachable: is_unreachable(Some(&request.outcome)),
        ..*differs(message, difference("answer", expected, answer), Some(index))
    })
}

fn apart(made: &Requests<'_>, wanted: std::time::Duration) -> Finding {
    let [.., (_, before), (index, last)] = made.as_slice() else {
        return Err(failure("there were not two token requests"));
    };
    let actual = between(before.at, last.at);
    if actual == wanted {
        return Ok(());
    }
    let difference = difference("time between them", format!("{wanted:?}"), format!("{actual:?}"));
    let message = "wrong time between the last two token requests";
    Err(differs(message, difference, Some(*index)))
}

/// Each request that no fault has struck has these fields.
fn every_has(made: &Requests<'_>, fields: &[(String, String)]) -> Finding {
    let honest: Requests<'_> =
        made.iter().copied().filter(|(_, one)| one.fault.is_none()).collect();
    if honest.is_empty() {
        return Err(failure("no token request was made"));
    }
    for (index, request) in honest {
        let form: Vec<(String, String)> =
            url::form_urlencoded::parse(&request.body).into_owned().collect();
        for (field, value) in fields {
            let actual = field_of(request, &form, field);
            if actual.as_deref() != Some(value) {
                let actual = actual.unwrap_or_else(|| "nothing".to_owned());
                let message = "a token request has a wrong value";
                let difference = difference(field, value.as_str(), actual);
                return Err(differs(message, difference, Some(index)));
            }
        }
    }
    Ok(())
}

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

/// Each webhook carried a token that was issued before: for the same attempt, or at any time if the
/// vendor keeps its tokens.
fn none_without(stage: &Stage) -> Finding {
    let Some(oauth) = oauth(stage) else { return Ok(()) };
    let journal = stage.driver.journal();
    let tokens = requests(&journal, RequestKind::Token);
    let keeps = oauth.token_use != TokenUse::PerAttempt;
    for (index, webhook) in sent(&journal, RequestKind::Webhook) {
        let carried = webhook.headers.iter().any(|(name, _)| *name == oauth.header);
        let given = tokens.iter().any(|(asked, token)| {
            let attempt = |one: &Attempt| (one.delivery, one.number, one.at);
            let same_attempt = attempt(token) == attempt(webhook);
            *asked < index && (keeps || same_attempt) && gave_token(token)
        });
        if !carried || !given {
            let actual = if carried { "one that was never issued" } else { "missing" };
            let difference = difference("token", "one that was issued before", actual);
            return Err(differs("a webhook was sent without a token", difference, Some(index)));
        }
    }
    Ok(())
}

/// Whether the vendor had a token from this request, even if a gateway made it up.
fn gave_token(request: &Attempt) -> bool {
    matches!(request.outcome, Outcome::Accepted | Outcome::ByGateway(200))
}

fn oauth(stage: &Stage) -> Option<OAuth> {
    let (account, _) = stage.account().ok()?;
    match &stage.driver.route(account).policy.authentication {
        Authentication::Token(oauth) => Some(OAuth::clone(oauth)),
        _ => None,
    }
}
