//! An entry as a line of JSON.

use bytes::Bytes;
use serde_json::{Value as Json, json};

use super::Entry;
use crate::model::{Attempt, Webhook};

/// One line, with its newline.
pub fn line(entry: &Entry) -> String {
    let json = match entry {
        Entry::Opened { at, vendor, account, profile } => json!({
            "entry": "opened", "at": at, "vendor": vendor, "account": account, "profile": profile,
        }),
        Entry::Acted { at, said } => json!({ "entry": "acted", "at": at, "said": said }),
        Entry::Armed { at, said } => json!({ "entry": "armed", "at": at, "said": said }),
        Entry::Disarmed { at } => json!({ "entry": "disarmed", "at": at }),
        Entry::Deactivated { at, account, failing_since } => json!({
            "entry": "deactivated", "at": at, "account": account, "failing_since": failing_since,
        }),
        Entry::Reactivated { at, account } => {
            json!({ "entry": "reactivated", "at": at, "account": account })
        }
        Entry::Caused(webhook) => caused(webhook),
        Entry::Attempted(attempt) => attempted(attempt),
        Entry::DeadLettered { at, delivery } => {
            json!({ "entry": "dead-lettered", "at": at, "delivery": delivery })
        }
        Entry::Ended { at, delivery, outcome, attempts } => json!({
            "entry": "ended", "at": at, "delivery": delivery, "outcome": outcome.name(), "attempts": attempts,
        }),
    };
    format!("{json}\n")
}

fn caused(webhook: &Webhook) -> Json {
    json!({
        "entry": "caused",
        "seq": webhook.seq,
        "at": webhook.at,
        "vendor": webhook.vendor,
        "account": &*webhook.account,
        "trigger": webhook.trigger,
        "subject": { "kind": webhook.subject.kind, "id": webhook.subject.id },
        "name": webhook.name.as_deref(),
        "action": webhook.action,
        "body": body(&webhook.body),
    })
}

fn attempted(attempt: &Attempt) -> Json {
    json!({
        "entry": "attempted",
        "request": attempt.request.name(),
        "delivery": attempt.delivery,
        "number": attempt.number,
        "at": attempt.at,
        "url": attempt.url,
        "signed_url": attempt.signed_url,
        "headers": attempt.headers.iter().map(|(name, value)| json!([name, value])).collect::<Vec<_>>(),
        "body": body(&attempt.body),
        "fault": attempt.fault,
        "outcome": attempt.outcome.name(),
        "why": attempt.outcome.to_string(),
        "status": attempt.answer.as_ref().map(|answer| answer.status),
        "answer": attempt.answer.as_ref().map(|answer| String::from_utf8_lossy(&answer.body)),
        "milliseconds": attempt.took.as_secs_f64() * 1000.0,
    })
}

/// A body as JSON; one that is no JSON as text.
fn body(bytes: &Bytes) -> Json {
    serde_json::from_slice(bytes)
        .unwrap_or_else(|_| Json::String(String::from_utf8_lossy(bytes).into_owned()))
}
