//! Reads the lines of a journal.

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value as Json;

use super::JournalError;
use super::entry::{EntryId, EntryKind, IssuedToken, NamedCall, RequestedCall, TicketId};
use crate::model::policy::TokenUse;
use crate::model::{Answer, Outcome, PolicyChange, Release};

/// One line.
#[derive(Debug)]
pub struct Line {
    /// The number of its entry.
    pub id: EntryId,
    /// Virtual time.
    pub at: Timestamp,
    /// The account that it is about.
    pub account: Option<String>,
    /// Its kind.
    pub kind: LineKind,
    /// The line itself, with its newline.
    pub text: String,
}

/// The kind of a line.
#[derive(Debug)]
pub enum LineKind {
    /// An input of the run.
    Input(EntryKind),
    /// The result of a ticket.
    Result(TicketId, Returned),
    /// An effect of the entries before it.
    Effect,
}

/// The result of one request, as the journal records it.
#[derive(Clone, Debug)]
pub struct Returned {
    /// The outcome, as the vendor saw it.
    pub outcome: Outcome,
    /// The answer, with its secrets masked.
    pub answer: Option<Answer>,
    /// How long it took, in real time.
    pub took: Duration,
    /// Says that the answer issued a token.
    pub issued_token: Option<IssuedToken>,
}

/// Reads a line.
///
/// # Errors
/// If it is not a line of a journal.
pub fn read(text: &str) -> Result<Line, JournalError> {
    let wrong = |why: &str| JournalError::Unreadable { why: why.to_owned(), line: cut(text) };
    let json: Json = serde_json::from_str(text).map_err(|error| wrong(&error.to_string()))?;
    let kind = kind(&json).ok_or_else(|| wrong("a key is missing or has an invalid value"))?;
    let at = json["at"].as_str().and_then(|at| at.parse().ok());
    Ok(Line {
        id: json["id"].as_u64().ok_or_else(|| wrong("it has no `id`"))?,
        at: at.ok_or_else(|| wrong("it has no time `at`"))?,
        account: json["of"]["account"].as_str().map(str::to_owned),
        kind,
        text: format!("{}\n", text.trim_end_matches('\n')),
    })
}

/// The beginning of a line, for a message.
fn cut(text: &str) -> String {
    text.chars().take(80).collect()
}

fn kind(json: &Json) -> Option<LineKind> {
    let text = |key: &str| json[key].as_str().map(str::to_owned);
    Some(LineKind::Input(match json["entry"].as_str()? {
        "opened" => EntryKind::Opened {
            vendor: text("vendor")?,
            profile: text("profile")?,
            settings: given(&json["settings"])?,
        },
        "populated" => EntryKind::Populated(given(&json["settings"])?),
        "acted" => EntryKind::Acted(text("said")?),
        "passed" => EntryKind::Passed,
        "armed" => EntryKind::Armed(text("said")?),
        "disarmed" => EntryKind::Disarmed,
        "held-back" => EntryKind::HeldBack,
        "released" => {
            let order = text("order")?;
            EntryKind::Released(Release::ALL.into_iter().find(|one| one.name() == order)?)
        }
        "repeated" => EntryKind::Repeated(json["of"]["delivery"].as_u64()?),
        "edited" => EntryKind::Edited {
            delivery: json["of"]["delivery"].as_u64()?,
            body: text("body")?,
            fault: text("fault"),
        },
        "traffic-stopped" => EntryKind::TrafficStopped,
        "fault-removed" => EntryKind::FaultRemoved(text("said")?),
        "nothing-overtakes" => EntryKind::NothingOvertakes,
        "reactivated" => EntryKind::Reactivated,
        "policy-changed" => EntryKind::PolicyChanged(policy(json)?),
        "token-held" => EntryKind::TokenHeld(issued_token(json)),
        "dead-letters-sent" => EntryKind::DeadLettersSent(text("name")),
        "asked" => EntryKind::Asked {
            kind: json["subject"]["kind"].as_str()?.to_owned(),
            id: json["subject"]["id"].as_str()?.to_owned(),
        },
        "called" => EntryKind::Called(NamedCall {
            action: text("action")?,
            values: serde_json::from_value(json["values"].clone()).ok()?,
        }),
        "requested" => EntryKind::Requested(RequestedCall {
            operation: text("operation"),
            method: text("method")?,
            path: text("path")?,
            query: serde_json::from_value(json["query"].clone()).ok()?,
            body: text("body")?,
            login: serde_json::from_value(json["login"].clone()).ok()?,
            received: text("received")?.parse().ok()?,
        }),
        "polled" => EntryKind::Polled(json["until"].as_str()?.parse().ok()?),
        "told-time" => EntryKind::ToldTime(json["now"].as_str()?.parse().ok()?),
        "resumed" => EntryKind::Resumed,
        "forgot" => EntryKind::Forgot {
            deliveries: usize::try_from(json["deliveries"].as_u64()?).ok()?,
            subjects: json.get("subjects").map(Deserialize::deserialize).transpose().ok()?,
        },
        "attempted" => match json["ticket"].as_u64() {
            Some(ticket) => return Some(LineKind::Result(ticket, returned(json)?)),
            None => return Some(LineKind::Effect),
        },
        "answered" | "caused" | "intended" | "deactivated" | "dead-lettered" | "ended" => {
            return Some(LineKind::Effect);
        }
        _ => return None,
    }))
}

fn given(json: &Json) -> Option<Vec<(String, String)>> {
    let pairs = json.as_object()?.iter();
    pairs.map(|(name, text)| Some((name.clone(), text.as_str()?.to_owned()))).collect()
}

fn policy(json: &Json) -> Option<PolicyChange> {
    if let Some(times) = json["retries"].as_u64() {
        let apart = Duration::from_millis(json["apart_ms"].as_u64()?);
        return Some(PolicyChange::Retries { times: times.try_into().ok()?, apart });
    }
    Some(PolicyChange::TokenUse(match json["token_use"].as_str()? {
        "per-attempt" => TokenUse::PerAttempt,
        "cached" => TokenUse::Cached { margin: Duration::from_millis(json["margin_ms"].as_u64()?) },
        _ => return None,
    }))
}

fn issued_token(json: &Json) -> IssuedToken {
    IssuedToken { lives: json["lives_ms"].as_u64().map(Duration::from_millis) }
}

fn returned(json: &Json) -> Option<Returned> {
    let status = json["status"].as_u64().and_then(|status| u16::try_from(status).ok());
    let answer = status.map(|status| Answer {
        status,
        retry_after: json["retry_after_s"].as_u64().map(Duration::from_secs),
        body: json["answer"].as_str().unwrap_or_default().to_owned().into(),
        // It decides nothing of what follows, so a journal does not have it.
        granted: None,
    });
    let issued = &json["gave_token"];
    Some(Returned {
        outcome: Outcome::read(json["outcome"].as_str()?, json["detail"].as_str())?,
        answer,
        took: Duration::from_micros((json["milliseconds"].as_f64()? * 1000.0).round() as u64),
        issued_token: issued.is_object().then(|| issued_token(issued)),
    })
}
