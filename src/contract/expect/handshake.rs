//! Judges what a receiver answers to a handshake.

use serde_json::Value as Json;
use url::form_urlencoded;

use crate::contract::finding::{Finding, difference, differs, failure};
use crate::contract::stage::Stage;
use crate::model::RequestKind;

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
