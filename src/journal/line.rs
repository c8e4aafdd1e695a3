//! An entry as a line of JSON.

use bytes::Bytes;
use serde_json::{Map, Value as Json, json};

use super::entry::{Context, Entry, EntryKind, GivenSettings};
use crate::model::policy::TokenUse;
use crate::model::{Attempt, PolicyChange, Webhook};

/// One line, with its newline.
pub fn line(entry: &Entry) -> String {
    let mut json = Map::new();
    json.insert("entry".to_owned(), entry.kind.name().into());
    json.insert("id".to_owned(), entry.id.into());
    json.insert("cause".to_owned(), json!(entry.cause));
    json.insert("at".to_owned(), json!(entry.at));
    if matches!(
        entry.kind,
        EntryKind::Opened { .. } | EntryKind::Deactivated { .. } | EntryKind::Reactivated
    ) {
        json.insert("account".to_owned(), json!(entry.context.account.as_deref()));
    }
    if let Json::Object(own_keys) = own_keys(&entry.kind) {
        json.extend(own_keys);
    }
    json.insert("of".to_owned(), context(&entry.context));
    format!("{}\n", Json::Object(json))
}

fn context(context: &Context) -> Json {
    json!({
        "account": context.account.as_deref(),
        "action": context.action,
        "delivery": context.delivery,
        "attempt": context.attempt,
    })
}

/// The keys of this kind of entry, besides those that every entry has.
fn own_keys(kind: &EntryKind) -> Json {
    match kind {
        EntryKind::Opened { vendor, profile, settings } => {
            json!({ "vendor": vendor, "profile": profile, "settings": given(settings) })
        }
        EntryKind::Populated(settings) => json!({ "settings": given(settings) }),
        EntryKind::Edited { body, fault, .. } => json!({ "body": body, "fault": fault }),
        EntryKind::Acted(text) | EntryKind::Armed(text) | EntryKind::FaultRemoved(text) => {
            json!({ "said": text })
        }
        EntryKind::Released(order) => json!({ "order": order.name() }),
        EntryKind::PolicyChanged(change) => policy(*change),
        EntryKind::DeadLettersSent(name) => json!({ "name": name }),
        EntryKind::Asked { kind, id } => json!({ "subject": { "kind": kind, "id": id } }),
        EntryKind::Called(call) => json!({ "action": call.action, "values": call.values }),
        EntryKind::Requested(call) => json!({
            "operation": call.operation,
            "method": call.method,
            "path": call.path,
            "query": call.query,
            "body": call.body,
            "login": call.login,
            "received": call.received,
        }),
        EntryKind::Answered { status, body } => json!({ "status": status, "body": body }),
        EntryKind::Polled(until) => json!({ "until": until }),
        EntryKind::Caused(webhook) => caused(webhook),
        EntryKind::Intended { ticket, request, copies } => {
            json!({ "ticket": ticket, "request": request.name(), "copies": copies })
        }
        EntryKind::Attempted { ticket, issued_token, attempt } => {
            let mut json = attempted(attempt);
            json["ticket"] = json!(ticket);
            json["gave_token"] = issued_token.map_or(
                Json::Null,
                |token| json!({ "lives_ms": token.lives.map(|lives| lives.as_millis() as u64) }),
            );
            json
        }
        EntryKind::Deactivated { failing_since } => json!({ "failing_since": failing_since }),
        EntryKind::DeadLettered { seq } => json!({ "delivery": seq }),
        EntryKind::Ended { seq, outcome, attempts } => json!({
            "delivery": seq, "outcome": outcome.name(), "attempts": attempts,
        }),
        EntryKind::Forgot { deliveries, subjects: None } => json!({ "deliveries": deliveries }),
        EntryKind::Forgot { deliveries, subjects } => {
            json!({ "deliveries": deliveries, "subjects": subjects })
        }
        EntryKind::Passed
        | EntryKind::Disarmed
        | EntryKind::HeldBack
        | EntryKind::NothingOvertakes
        | EntryKind::TrafficStopped
        | EntryKind::Reactivated
        | EntryKind::Repeated(_)
        | EntryKind::Resumed => json!({}),
    }
}

fn given(settings: &GivenSettings) -> Json {
    let pairs = settings.iter().map(|(name, text)| (name.clone(), Json::from(text.as_str())));
    Json::Object(pairs.collect())
}

fn policy(change: PolicyChange) -> Json {
    match change {
        PolicyChange::Retries { times, apart } => {
            json!({ "retries": times, "apart_ms": apart.as_millis() as u64 })
        }
        PolicyChange::TokenUse(token_use) => json!({
            "token_use": token_use.name(),
            "margin_ms": match token_use {
                TokenUse::PerAttempt => None,
                TokenUse::Cached { margin } => Some(margin.as_millis() as u64),
            },
        }),
    }
}

fn caused(webhook: &Webhook) -> Json {
    json!({
        "seq": webhook.seq,
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
        "request": attempt.request.name(),
        "delivery": attempt.delivery,
        "number": attempt.number,
        "url": attempt.url,
        "signed_url": attempt.signed_url,
        "headers": attempt.headers.iter().map(|(name, value)| json!([name, value])).collect::<Vec<_>>(),
        "body": body(&attempt.body),
        "fault": attempt.fault,
        "outcome": attempt.outcome.name(),
        "why": attempt.outcome.to_string(),
        "detail": attempt.outcome.detail(),
        "status": attempt.answer.as_ref().map(|answer| answer.status),
        "retry_after_s": attempt.answer.as_ref().and_then(|answer| answer.retry_after).map(|it| it.as_secs()),
        "answer": attempt.answer.as_ref().map(|answer| String::from_utf8_lossy(&answer.body)),
        "milliseconds": attempt.took.as_micros() as f64 / 1000.0,
    })
}

/// A body as JSON, or as text if it is not JSON.
fn body(bytes: &Bytes) -> Json {
    serde_json::from_slice(bytes)
        .unwrap_or_else(|_| Json::String(String::from_utf8_lossy(bytes).into_owned()))
}
