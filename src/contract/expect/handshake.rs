//! Judges what a receiver answers to a handshake.

use serde_json::Value as Json;
use url::form_urlencoded;

use crate::contract::expectation::ExpectedLeave;
use crate::contract::finding::{Finding, difference, differs, failure};
use crate::contract::stage::Stage;
use crate::model::address::Method;
use crate::model::{Granted, RequestKind};
use crate::policy::senders::ORIGIN;

/// The answer to the last webhook repeats the challenge in its body, as plain text, in a form or in JSON (Slack API,
/// url_verification).
pub fn challenge_repeated(stage: &Stage) -> Finding {
    let journal = stage.driver.journal();
    let attempts = journal.attempts().enumerate();
    let webhooks = attempts.filter(|(_, one)| one.request == RequestKind::Webhook);
    let Some((index, attempt)) = webhooks.last() else {
        return Err(failure("no webhook was sent"));
    };
    let body: Json = serde_json::from_slice(&attempt.body).unwrap_or_default();
    let Some(challenge) = body["challenge"].as_str() else {
        return Err(failure("the last webhook has no `challenge`"));
    };
    let answer = attempt.answer.as_ref().map(|answer| answer.body.as_ref()).unwrap_or_default();
    let text = String::from_utf8_lossy(answer);
    let in_json = serde_json::from_slice::<Json>(answer).is_ok_and(|json| {
        json["challenge"].as_str() == Some(challenge) || json.as_str() == Some(challenge)
    });
    let in_form = || {
        let mut fields = form_urlencoded::parse(answer);
        fields.any(|(name, value)| name == "challenge" && value == challenge)
    };
    if text.trim() == challenge || in_json || in_form() {
        return Ok(());
    }
    let found = if text.trim().is_empty() { "nothing".to_owned() } else { text.into_owned() };
    let difference = difference("answer", challenge, found);
    Err(differs("the answer does not repeat the challenge", difference, Some(index)))
}

/// The headers with which leave is given, and the one that says which methods are allowed.
const ALLOWED_ORIGIN: &str = "WebHook-Allowed-Origin";
const ALLOWED_RATE: &str = "WebHook-Allowed-Rate";
const ALLOW: &str = "Allow";

/// Stands for all origins, and for any rate.
const ANY: &str = "*";

/// The answer to the last request for leave to send is as expected.
pub fn leave(stage: &Stage, expected: ExpectedLeave) -> Finding {
    let journal = stage.driver.journal();
    let attempts = journal.attempts().enumerate();
    let asking = attempts.filter(|(_, one)| one.method == Method::Options);
    let Some((index, attempt)) = asking.last() else {
        return Err(failure("no sender has asked for leave to send"));
    };
    let origin = attempt.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(ORIGIN));
    let origin = origin.map_or("", |(_, value)| value.as_str());
    let granted = attempt.answer.as_ref().and_then(|answer| answer.granted.as_deref());
    let Some(granted) = granted else {
        return Err(failure("the last handshake was not answered"));
    };
    let wrong = match expected {
        ExpectedLeave::Given => not_given(granted, origin),
        ExpectedLeave::GivenWholeOrNot if granted.origin.is_none() => None,
        ExpectedLeave::GivenWholeOrNot => {
            not_given(granted, origin).or_else(|| without_rate(granted))
        }
        ExpectedLeave::OfPost => without_post(granted),
    };
    match wrong {
        None => Ok(()),
        Some((what, header, wanted, found)) => {
            let found = found.as_deref().unwrap_or("no such header");
            Err(differs(what, difference(header, wanted, found), Some(index)))
        }
    }
}

/// What is wrong, the header that it is in, what that should be, and what it is.
type Wrong<'a> = (&'static str, &'static str, String, &'a Option<String>);

fn not_given<'a>(granted: &'a Granted, origin: &str) -> Option<Wrong<'a>> {
    let is_right = |found: &str| found.trim() == ANY || found.trim().eq_ignore_ascii_case(origin);
    let is_given = granted.origin.as_deref().is_some_and(is_right);
    let wanted = || format!("{origin}, or {ANY}");
    let what = "the answer gives the origin that asks no leave to send";
    (!is_given).then(|| (what, ALLOWED_ORIGIN, wanted(), &granted.origin))
}

fn without_rate(granted: &Granted) -> Option<Wrong<'_>> {
    let is_number = |text: &str| {
        text.bytes().all(|byte| byte.is_ascii_digit()) && text.bytes().any(|byte| byte != b'0')
    };
    let is_right = |found: &str| found.trim() == ANY || is_number(found.trim());
    let wanted = || format!("a number of requests per minute above zero, or {ANY}");
    let what = "the answer gives leave to send, and does not say how many requests";
    (!granted.rate.as_deref().is_some_and(is_right))
        .then(|| (what, ALLOWED_RATE, wanted(), &granted.rate))
}

fn without_post(granted: &Granted) -> Option<Wrong<'_>> {
    let lists_post = |found: &str| found.split(',').any(|one| one.trim() == "POST");
    let what = "the answer does not say that POST is allowed";
    (!granted.methods.as_deref().is_some_and(lists_post))
        .then(|| (what, ALLOW, "POST".to_owned(), &granted.methods))
}
