//! Calls of the vendor's own API, token requests, and which operations of the API are played.

use std::sync::PoisonError;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use super::part::{CURSOR, LIMIT, Page, USUAL_LIMIT, cursor, handler, place};
use crate::journal::sqlite::{Filter, Reader, Row, RowId, RunId, StoreError};
use crate::model::{Provenance, RequestKind};
use crate::server::context::Context;
use crate::server::problem::Problem;
use crate::server::read::read;
use crate::server::reply::Reply;
use crate::server::route::{Answer, Answered, Method, Route};
use crate::vendors::api::{Operation, Played};

/// A row of the journal.
#[derive(Serialize, JsonSchema)]
pub struct RowView {
    /// Its row in the journal. It is also the id of its event.
    pub row: i64,
    /// The entry.
    pub entry: Json,
}

/// A request for a token.
#[derive(Serialize, JsonSchema)]
pub struct TokenRequestView {
    /// Its row in the journal: the id of its event.
    pub row: i64,
    /// `made`: the vendor has asked the receiver, or revoked a token there; `received`: the receiver has
    /// asked the vendor.
    pub direction: &'static str,
    /// The entry: of the attempt with its answer, or of the call.
    pub entry: Json,
    /// The entry of the answer that the vendor gave; null if the request was made, not received.
    pub answer: Json,
}

/// An operation of the vendor's own API.
#[derive(Serialize, JsonSchema)]
pub struct OperationView {
    /// Its name.
    pub id: &'static str,
    /// Its method.
    pub method: &'static str,
    /// Its path, below the URL of the API.
    pub path: &'static str,
    /// What it does.
    pub about: &'static str,
    /// `played`: as documented; `assumed`: inferred, since no document describes it; `absent`: it
    /// answers 501.
    pub coverage: &'static str,
    /// The document, or the reason why it is assumed or absent.
    pub source: &'static str,
    /// How often it was called at this account.
    pub calls: u64,
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(
            ("listCalls", Method::Get, "/accounts/{account}/calls"),
            "List the calls of the vendor's own API and their answers, in order",
            Answer::json::<Page<RowView>>(200, "The calls"),
            handler!(calls),
        )
        .query(&[LIMIT, CURSOR])
        .problems(&[404, 422, 503]),
        Route::new(
            ("listTokenRequests", Method::Get, "/accounts/{account}/token-requests"),
            "List the token requests, in order: those that the vendor has sent, with revocations, and those \
             that it has received",
            Answer::json::<Page<TokenRequestView>>(200, "The requests"),
            handler!(tokens),
        )
        .query(&[LIMIT, CURSOR])
        .problems(&[404, 422, 503]),
        Route::new(
            ("getCoverage", Method::Get, "/accounts/{account}/coverage"),
            "List each known operation of the vendor's own API: whether it is played, and how often it \
             was called",
            Answer::json::<Page<OperationView>>(200, "The operations"),
            handler!(coverage),
        )
        .problems(&[404]),
    ]
}

async fn calls(context: Context) -> Answered {
    let account = context.account()?;
    let page = rows(&context, account.run, |row| {
        let called = ["requested", "answered"].contains(&row.kind.as_str());
        called.then(|| RowView { row: row.id, entry: line(row) })
    });
    Ok(Reply::ok(page.await?))
}

async fn tokens(context: Context) -> Answered {
    let account = context.account()?;
    let oauth = account.target.vendor.api().and_then(|api| api.oauth.as_ref());
    let operations = oauth.map_or(&[][..], |oauth| oauth.operations);
    let page = rows(&context, account.run, |row| token_request(row, operations)).await?;
    let run = account.run;
    let page = read(&context.server, move |reader| {
        let Page { mut items, next } = page;
        for item in items.iter_mut().filter(|item| item.direction == "received") {
            item.answer = answer(reader, run, item)?;
        }
        Ok(Page { items, next })
    });
    Ok(Reply::ok(page.await?))
}

/// The request for a token that a row is, if it is one: one of the vendor's, or a call of one of
/// these operations.
fn token_request(row: &Row, operations: &[&str]) -> Option<TokenRequestView> {
    let of = |direction, entry| {
        Some(TokenRequestView { row: row.id, direction, entry, answer: Json::Null })
    };
    match row.kind.as_str() {
        "attempted" => {
            let entry = line(row);
            (entry["request"] != RequestKind::Webhook.name()).then_some(())?;
            of("made", entry)
        }
        "requested" => {
            let entry = line(row);
            operations.contains(&entry["operation"].as_str()?).then_some(())?;
            of("received", entry)
        }
        _ => None,
    }
}

/// The answer to a request that was received. It is recorded with it, so the next answer is its own.
fn answer(reader: &Reader, run: RunId, of: &TokenRequestView) -> Result<Json, StoreError> {
    let filter = Filter { run: Some(run), kinds: vec!["answered"], ..Filter::default() };
    let next = reader.rows_after(of.row, 1, &filter)?;
    Ok(next.first().map(line).unwrap_or_default())
}

/// The line of a row as JSON.
fn line(row: &Row) -> Json {
    serde_json::from_str(&row.line).unwrap_or_default()
}

/// One page of what the rows of a run give. It looks at so many rows at the most: a page may be short,
/// or empty, and have a next one.
async fn rows<T: Send + 'static>(
    context: &Context,
    run: RunId,
    view: impl Fn(&Row) -> Option<T> + Send + 'static,
) -> Result<Page<T>, Problem> {
    let limit = context.query.number("limit").unwrap_or(USUAL_LIMIT) as usize;
    let after = context.query.text("cursor").map(place).transpose()?.unwrap_or(0) as RowId;
    let filter = Filter { run: Some(run), ..Filter::default() };
    let page = read(&context.server, move |reader| {
        let rows = reader.rows_after(after, LOOKED_AT, &filter)?;
        let (whole, mut items, mut last) = (rows.len() == LOOKED_AT, Vec::new(), after);
        for row in rows {
            if items.len() == limit {
                return Ok(Page { items, next: Some(cursor(last as usize)) });
            }
            last = row.id;
            items.extend(view(&row));
        }
        Ok(Page { items, next: whole.then(|| cursor(last as usize)) })
    });
    page.await
}

/// How many rows are read for one page.
const LOOKED_AT: usize = 2000;

async fn coverage(context: Context) -> Answered {
    let account = context.account()?;
    let calls = account.calls.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let operations = account.target.vendor.api().map_or(&[][..], |api| api.operations);
    let view = |operation: &'static Operation| {
        let (coverage, source) = match (operation.played, &operation.provenance) {
            (Played::No(why), _) => ("absent", why),
            (Played::Yes, Provenance::Documented(source)) => ("played", *source),
            (Played::Yes, Provenance::Assumed(why)) => ("assumed", *why),
        };
        OperationView {
            id: operation.id,
            method: operation.method.name(),
            path: operation.path,
            about: operation.about,
            coverage,
            source,
            calls: calls.get(operation.id).copied().unwrap_or(0),
        }
    };
    Ok(Reply::ok(Page { items: operations.iter().map(view).collect(), next: None }))
}
