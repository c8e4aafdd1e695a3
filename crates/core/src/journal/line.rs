//! An entry as a line of JSON.

use std::ops::Range;

use bytes::Bytes;
use serde_json::{Map, Value as Json, json};

use super::entry::{Context, Entry, EntryKind, GivenSettings, IssuedToken};
use crate::model::address::Method;
use crate::model::policy::TokenUse;
use crate::model::{Attempt, PolicyChange, Webhook};

/// What is known of the body of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// Nothing: it may be any bytes.
    Any,
    /// It is as a vendor has rendered it: compact JSON, which is in the line unchanged.
    Rendered,
}

/// One line, with its newline.
pub fn line(entry: &Entry) -> String {
    format!("{}\n", json(entry, Body::Any))
}

/// The same line, without its newline, of an entry whose body is rendered, and where the body is in it. It
/// is neither parsed nor searched for.
pub fn rendered(entry: &Entry) -> (String, Option<Range<usize>>) {
    let mut line = json(entry, Body::Rendered).to_string();
    let body = match &entry.kind {
        EntryKind::Caused(webhook) => &webhook.body,
        EntryKind::Attempted { attempt, .. } => &attempt.body,
        _ => return (line, None),
    };
    // In a text, the quotes would be escaped.
    let place = line.find(NO_BODY).map(|place| place + NO_BODY.len() - NULL.len());
    let (Some(place), Ok(text)) = (place, std::str::from_utf8(body)) else { return (line, None) };
    line.replace_range(place..place + NULL.len(), text);
    (line, Some(place..place + body.len()))
}

const NULL: &str = "null";
/// Where a rendered body will be.
const NO_BODY: &str = "\"body\":null";

fn json(entry: &Entry, is: Body) -> Json {
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
    if let Json::Object(own_keys) = own_keys(&entry.kind, is) {
        json.extend(own_keys);
    }
    json.insert("of".to_owned(), context(&entry.context));
    Json::Object(json)
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
fn own_keys(kind: &EntryKind, is: Body) -> Json {
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
        EntryKind::TokenHeld(token) => lives(*token),
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
        EntryKind::ToldTime(now) => json!({ "now": now }),
        EntryKind::Caused(webhook) => caused(webhook, is),
        EntryKind::Intended { ticket, request, copies } => {
            json!({ "ticket": ticket, "request": request.name(), "copies": copies })
        }
        EntryKind::Attempted { ticket, issued_token, attempt } => {
            let mut json = attempted(attempt, is);
            json["ticket"] = json!(ticket);
            json["gave_token"] = issued_token.map_or(Json::Null, lives);
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

fn lives(token: IssuedToken) -> Json {
    json!({ "lives_ms": token.lives.map(|lives| lives.as_millis() as u64) })
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

fn caused(webhook: &Webhook, is: Body) -> Json {
    json!({
        "seq": webhook.seq,
        "vendor": webhook.vendor,
        "account": &*webhook.account,
        "trigger": webhook.trigger,
        "subject": { "kind": webhook.subject.kind, "id": webhook.subject.id },
        "name": webhook.name.as_deref(),
        "action": webhook.action,
        "body": body(&webhook.body, is),
    })
}

fn attempted(attempt: &Attempt, is: Body) -> Json {
    let mut json = json!({
        "request": attempt.request.name(),
        "delivery": attempt.delivery,
        "number": attempt.number,
        "url": attempt.url,
        "signed_url": attempt.signed_url,
        "headers": attempt.headers.iter().map(|(name, value)| json!([name, value])).collect::<Vec<_>>(),
        "body": body(&attempt.body, is),
        "fault": attempt.fault,
        "outcome": attempt.outcome.name(),
        "why": attempt.outcome.to_string(),
        "detail": attempt.outcome.detail(),
        "status": attempt.answer.as_ref().map(|answer| answer.status),
        "retry_after_s": attempt.answer.as_ref().and_then(|answer| answer.retry_after).map(|it| it.as_secs()),
        "answer": attempt.answer.as_ref().map(|answer| String::from_utf8_lossy(&answer.body)),
        "milliseconds": attempt.took.as_micros() as f64 / 1000.0,
    });
    if attempt.method != Method::Post {
        json["method"] = attempt.method.name().into();
    }
    json
}

/// A body as JSON, or as text if it is not JSON. One that is rendered is put into the line later.
fn body(bytes: &Bytes, is: Body) -> Json {
    if is == Body::Rendered {
        return Json::Null;
    }
    serde_json::from_slice(bytes)
        .unwrap_or_else(|_| Json::String(String::from_utf8_lossy(bytes).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    use crate::model::Subject;

    #[test]
    fn a_rendered_body_gives_the_same_line_and_is_where_it_is_said_to_be() {
        let bodies = [
            r#"{"id":"1","note":"\"body\":null é","cost":0.00055,"body":null,"list":[1,{"a":[]}]}"#,
            "{}",
            "[]",
        ];
        for text in bodies {
            let webhook = Webhook {
                seq: 3,
                at: Timestamp::UNIX_EPOCH,
                vendor: "waitwhile",
                account: "\"body\":null".into(),
                trigger: "visit.created",
                subject: Subject { kind: "visit", id: "\"body\":null".to_owned() },
                name: Some("\"body\":null".into()),
                action: "come",
                body: Bytes::from_static(text.as_bytes()),
            };
            let (at, context, kind) =
                (Timestamp::UNIX_EPOCH, Context::default(), EntryKind::Caused(webhook));
            let entry = Entry { id: 1, cause: None, at, context, kind };
            let (found, place) = rendered(&entry);
            assert_eq!(found.clone() + "\n", line(&entry));
            assert_eq!(&found[place.expect("a body")], text);
        }
    }
}
