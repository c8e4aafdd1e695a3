//! The event stream: rows of the journal as server-sent events.
//!
//! Rows come from the file, in order, as fast as the client reads them. A slow client does not slow
//! anything else, and misses no row.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::stream::{Stream, unfold};
use serde_json::{Value as Json, json};
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::problem::{Problem, ProblemType};
use super::state::Server;
use crate::journal::sqlite::{Filter, Reader, Row, RowId};

/// How many rows are read at a time.
const PAGE: usize = 200;
/// How often a quiet stream sends a comment, so that the connection stays open.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// A stream of events.
pub struct Events {
    reader: Option<Reader>,
    filter: Filter,
    /// The last row that was sent or skipped.
    after: RowId,
    /// The last row of the stream, if it has an end.
    until: Option<RowId>,
    latest: watch::Receiver<RowId>,
    stopping: watch::Receiver<bool>,
    /// Events to send before any row.
    first: VecDeque<String>,
    _permit: OwnedSemaphorePermit,
}

impl Events {
    /// A stream of the rows after this one that match the filter.
    ///
    /// # Errors
    /// If there are too many streams, or the journal cannot be read.
    pub fn open(
        server: &Arc<Server>,
        filter: Filter,
        after: RowId,
        until: Option<RowId>,
    ) -> Result<Self, Problem> {
        let permit = Arc::clone(&server.streams).try_acquire_owned().map_err(|_| {
            let detail = format!("{} streams are open: close one first", server.limits.streams);
            Problem::new(ProblemType::Unavailable, detail)
        })?;
        let unreadable = |error| Problem::new(ProblemType::Unavailable, format!("{error}"));
        let reader = server.store.reader().map_err(unreadable)?;
        let mut latest = server.latest.clone();
        let last = *latest.borrow_and_update();
        let mut first = VecDeque::new();
        let mut from = after;
        if after > last {
            // The client has seen rows that this journal does not have.
            first.push_back(gap(
                after,
                last,
                "the journal has no such row: it must be another file",
            ));
            from = last;
        }
        Ok(Self {
            reader: Some(reader),
            filter,
            after: from,
            until,
            latest,
            stopping: server.stopping.subscribe(),
            first,
            _permit: permit,
        })
    }

    /// The events as bytes of an HTTP body.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, std::io::Error>> {
        unfold(self, |mut events| async move {
            let bytes = events.next().await?;
            Some((bytes, events))
        })
    }

    /// The next part of the stream; `None` at its end.
    async fn next(&mut self) -> Option<Result<Bytes, std::io::Error>> {
        if let Some(first) = self.first.pop_front() {
            return Some(Ok(first.into()));
        }
        loop {
            let latest = *self.latest.borrow_and_update();
            let until = self.until.unwrap_or(RowId::MAX);
            if self.after < latest.min(until) {
                let rows = match self.read().await {
                    Ok(rows) => rows,
                    Err(error) => return Some(Err(std::io::Error::other(error))),
                };
                let full_page = rows.len() == PAGE;
                self.after = match rows.last() {
                    Some(last) if full_page => last.id,
                    // Rows that came after `latest` was read may be among these. They must not be
                    // read again.
                    Some(last) => last.id.max(latest),
                    None => latest,
                };
                let text: String = rows.iter().filter(|row| row.id <= until).map(event).collect();
                if !text.is_empty() {
                    return Some(Ok(text.into()));
                }
                continue;
            }
            if self.after >= until {
                return None;
            }
            let news = async {
                tokio::select! {
                    changed = self.latest.changed() => changed.is_ok(),
                    _ = self.stopping.wait_for(|stopping| *stopping) => false,
                }
            };
            match tokio::time::timeout(HEARTBEAT, news).await {
                Ok(true) => {}
                // The server is stopping.
                Ok(false) => return None,
                Err(_) => return Some(Ok(Bytes::from_static(b": still here\n\n"))),
            }
        }
    }

    async fn read(&mut self) -> Result<Vec<Row>, String> {
        let reader = self.reader.take().ok_or("the journal's reader has ended")?;
        let (filter, after) = (self.filter.clone(), self.after);
        let read = move || {
            let rows = reader.rows_after(after, PAGE, &filter);
            (reader, rows)
        };
        let done = tokio::task::spawn_blocking(read).await.map_err(|error| error.to_string())?;
        self.reader = Some(done.0);
        done.1.map_err(|error| error.to_string())
    }
}

/// A row as an event.
fn event(row: &Row) -> String {
    let line: Json = serde_json::from_str(&row.line).unwrap_or(Json::Null);
    let data = json!({ "run": row.run, "account": row.account, "entry": line });
    format!("id: {}\nevent: {}\ndata: {data}\n\n", row.id, row.kind)
}

/// The event that tells the client that rows are missing.
fn gap(after: RowId, next: RowId, why: &str) -> String {
    let data = json!({ "after": after, "continues_after": next, "why": why });
    format!("id: {next}\nevent: gap\ndata: {data}\n\n")
}
