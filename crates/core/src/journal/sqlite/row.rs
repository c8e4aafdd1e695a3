//! The runs and the rows of a journal file.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use memchr::memmem;
use serde_json::{Value as Json, json};

use crate::journal::entry::{DeliveryId, EntryId};
use crate::journal::line::{Body, rendered};
use crate::journal::{Entry, EntryKind, Note, line};
use crate::model::{Attempt, Outcome};

/// The id of a row in its file. It grows over all runs of the file and is never reused.
pub type RowId = i64;

/// The id of a run in its file.
pub type RunId = i64;

/// What a file says about a run, besides its rows.
#[derive(Clone, Debug, PartialEq)]
pub struct RunInfo {
    /// The command that made it, for example `check`.
    pub command: String,
    /// Its name for people, for example that of the scenario.
    pub name: String,
    /// The vendor, if there is one.
    pub vendor: Option<String>,
    /// The seed that the user gave or was shown.
    pub seed: u64,
    /// When its virtual time began.
    pub start: Timestamp,
    /// When it was made, in real time (RFC 3339).
    pub created: String,
    /// What else is needed to replay it.
    pub meta: Json,
}

/// A run of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRun {
    /// Its id.
    pub id: RunId,
    /// What the file says about it.
    pub info: RunInfo,
}

/// A row of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its id in the file.
    pub id: RowId,
    /// The run that it belongs to.
    pub run: RunId,
    /// The number of the entry in its run; `None` for a note.
    pub entry: Option<EntryId>,
    /// The entry that caused it.
    pub cause: Option<EntryId>,
    /// Virtual time.
    pub at: Timestamp,
    /// The name of the entry's kind; `note` for a note.
    pub kind: String,
    /// The account.
    pub account: Option<String>,
    /// The delivery.
    pub delivery: Option<DeliveryId>,
    /// The number of the attempt.
    pub attempt: Option<u32>,
    /// The `seq` of the webhook.
    pub seq: Option<u64>,
    /// The trigger, if the entry caused a webhook.
    pub trigger: Option<String>,
    /// The name of the outcome of an attempt or a delivery.
    pub outcome: Option<String>,
    /// The line of the entry, with its newline.
    pub line: String,
    /// The exact bytes of a webhook, or of a request with its secrets masked.
    pub body: Option<Bytes>,
    /// The exact bytes of an answer with its secrets masked.
    pub answer: Option<Bytes>,
}

/// A row to write.
pub struct NewRow {
    pub entry: Option<EntryId>,
    pub cause: Option<EntryId>,
    pub at: Timestamp,
    pub kind: &'static str,
    pub account: Option<Arc<str>>,
    pub delivery: Option<DeliveryId>,
    pub attempt: Option<u32>,
    pub seq: Option<u64>,
    pub trigger: Option<&'static str>,
    pub outcome: Option<&'static str>,
    /// Without its newline.
    pub line: String,
    /// Where the line contains the bytes of the body, if it does.
    pub body_range: Option<Range<usize>>,
    /// The bytes of the body, if the line does not contain them.
    pub body: Option<Bytes>,
    pub answer: Option<Bytes>,
}

/// The columns of an entry, besides its line.
#[derive(Default)]
struct Columns {
    seq: Option<u64>,
    trigger: Option<&'static str>,
    outcome: Option<&'static str>,
    body: Option<Bytes>,
    answer: Option<Bytes>,
}

impl NewRow {
    /// The row of an entry.
    pub fn entry(entry: &Entry, is: Body) -> Self {
        let columns = columns(&entry.kind);
        let (line, body_range, body) = match is {
            Body::Any => {
                let mut line = line(entry);
                line.truncate(line.trim_end().len());
                let (range, body) = locate_body(&line, columns.body);
                (line, range, body)
            }
            Body::Rendered => {
                let (line, range) = rendered(entry);
                let body = columns.body.filter(|_| range.is_none());
                (line, range, body)
            }
        };
        Self {
            entry: Some(entry.id),
            cause: entry.cause,
            at: entry.at,
            kind: entry.kind.name(),
            account: entry.context.account.clone(),
            delivery: entry.context.delivery,
            attempt: entry.context.attempt,
            seq: columns.seq,
            trigger: columns.trigger,
            outcome: columns.outcome,
            answer: columns.answer,
            line,
            body_range,
            body,
        }
    }

    /// The row of a note.
    pub fn note(note: Note) -> Self {
        let line = json!({
            "entry": "note",
            "note": note.name,
            "cause": note.cause,
            "at": note.at,
            "data": note.data,
            "of": { "account": note.account.as_deref(), "delivery": note.delivery },
        })
        .to_string();
        let (body_range, body) = locate_body(&line, note.body);
        Self {
            entry: None,
            cause: note.cause,
            at: note.at,
            kind: "note",
            account: note.account,
            delivery: note.delivery,
            attempt: None,
            seq: None,
            trigger: None,
            outcome: None,
            line,
            body_range,
            body,
            answer: None,
        }
    }
}

fn columns(kind: &EntryKind) -> Columns {
    match kind {
        EntryKind::Caused(webhook) => Columns {
            seq: Some(webhook.seq),
            trigger: Some(webhook.trigger),
            body: Some(webhook.body.clone()),
            ..Columns::default()
        },
        EntryKind::Attempted {
            attempt: Attempt { delivery, outcome, body, answer, .. }, ..
        } => Columns {
            seq: Some(*delivery),
            outcome: Some(outcome.name()),
            body: Some(body.clone()),
            answer: answer.as_ref().map(|answer| answer.body.clone()),
            ..Columns::default()
        },
        EntryKind::Ended { seq, outcome, .. } => {
            Columns { seq: Some(*seq), outcome: Some(Outcome::name(outcome)), ..Columns::default() }
        }
        EntryKind::DeadLettered { seq } => Columns { seq: Some(*seq), ..Columns::default() },
        _ => Columns::default(),
    }
}

/// Where the line contains the bytes of the body, or else the bytes themselves. The line contains
/// compact JSON unchanged.
fn locate_body(line: &str, body: Option<Bytes>) -> (Option<Range<usize>>, Option<Bytes>) {
    let Some(body) = body else { return (None, None) };
    match memmem::find(line.as_bytes(), &body) {
        Some(start) => (Some(start..start + body.len()), None),
        None => (None, Some(body)),
    }
}
