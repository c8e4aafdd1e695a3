//! Calls of the vendor's own API, token requests, and which operations of the API are played.

use std::sync::PoisonError;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use super::part::{CURSOR, LIMIT, Page, USUAL_LIMIT, cursor, handler, place};
use crate::journal::sqlite::{Filter, RowId};
use crate::model::Provenance;
use crate::server::context::Context;
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
    let rows = |about| Answer::json::<Page<RowView>>(200, about);
    vec![
        Route::new(
            ("listCalls", Method::Get, "/accounts/{account}/calls"),
            "List the calls of the vendor's own API and their answers, in order",
            rows("The calls"),
            handler!(calls),
        )
        .query(&[LIMIT, CURSOR])
        .problems(&[404, 422, 503]),
        Route::new(
            ("listTokenRequests", Method::Get, "/accounts/{account}/token-requests"),
            "List the token requests and revocations that the vendor has sent to the receiver",
            rows("The requests"),
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
    rows(context, &["requested", "answered"], |_| true).await
}

async fn tokens(context: Context) -> Answered {
    rows(context, &["attempted"], |entry| entry["request"] != "webhook").await
}

/// One page of the rows of these kinds that match. It reads a limited number of rows, so a page may
/// be short or empty and still have a next one.
async fn rows(
    context: Context,
    kinds: &'static [&'static str],
    fits: fn(&Json) -> bool,
) -> Answered {
    let account = context.account()?;
    let limit = context.query.number("limit").unwrap_or(USUAL_LIMIT) as usize;
    let after = context.query.text("cursor").map(place).transpose()?.unwrap_or(0) as RowId;
    let filter = Filter { run: Some(account.run), ..Filter::default() };
    let page = read(&context.server, move |reader| {
        let rows = reader.rows_after(after, LOOKED_AT, &filter)?;
        let (whole, mut items, mut last) = (rows.len() == LOOKED_AT, Vec::new(), after);
        for row in rows {
            if items.len() == limit {
                return Ok(Page { items, next: Some(cursor(last as usize)) });
            }
            last = row.id;
            if !kinds.contains(&row.kind.as_str()) {
                continue;
            }
            let entry: Json = serde_json::from_str(&row.line).unwrap_or_default();
            if fits(&entry) {
                items.push(RowView { row: row.id, entry });
            }
        }
        Ok(Page { items, next: whole.then(|| cursor(last as usize)) })
    });
    Ok(Reply::ok(page.await?))
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
