//! The requests of a journal, each with the webhook that it is about.

use serde_json::Value as Json;

use super::selection::Selection;
use crate::cli::errors::CliError;
use crate::journal::sqlite::{Reader, Row, RowId};
use crate::model::address::Method;
use crate::report::recorded::Recorded;

/// How many rows are read at a time.
const PAGE: usize = 100;

/// A request with the row that it comes from.
pub struct Request {
    /// Its row.
    pub row: Row,
    /// What the formats show.
    pub recorded: Recorded,
}

/// Every selected request that was really sent, in order.
pub fn each(
    reader: &Reader,
    selection: &Selection,
    mut visit: impl FnMut(Request) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let filter = selection.filter(reader, &["attempted"])?;
    reader.each(&filter, |row| request(reader, row)?.map_or(Ok(()), &mut visit))
}

/// The requests among the next rows after this one, and the last of these rows.
pub fn page(
    reader: &Reader,
    selection: &Selection,
    after: RowId,
) -> Result<Option<(Vec<Request>, RowId)>, CliError> {
    let filter = selection.filter(reader, &["attempted"])?;
    let rows = reader.rows_after(after, PAGE, &filter)?;
    let Some(last) = rows.last().map(|row| row.id) else { return Ok(None) };
    let requests = rows.into_iter().filter_map(|row| request(reader, row).transpose());
    Ok(Some((requests.collect::<Result<_, _>>()?, last)))
}

fn request(reader: &Reader, row: Row) -> Result<Option<Request>, CliError> {
    let json: Json = serde_json::from_str(&row.line).unwrap_or_default();
    // A request without a ticket was stopped by a fault.
    if json["ticket"].is_null() {
        return Ok(None);
    }
    let caused = match row.seq {
        Some(seq) => reader.webhook(row.run, seq)?,
        None => None,
    };
    let webhook = caused.and_then(|row| serde_json::from_str(&row.line).ok());
    let recorded = recorded(&row, &json, &webhook.unwrap_or_default());
    Ok(Some(Request { row, recorded }))
}

fn recorded(row: &Row, json: &Json, webhook: &Json) -> Recorded {
    let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
    let headers = json["headers"].as_array().into_iter().flatten();
    Recorded {
        request: text(&json["request"]),
        run: row.run.to_string(),
        account: row.account.clone().unwrap_or_default(),
        vendor: text(&webhook["vendor"]),
        trigger: text(&webhook["trigger"]),
        kind: text(&webhook["subject"]["kind"]),
        id: text(&webhook["subject"]["id"]),
        name: webhook["name"].as_str().map(str::to_owned),
        at: row.at.to_string(),
        number: row.attempt.unwrap_or(1),
        method: json["method"].as_str().unwrap_or(Method::Post.name()).to_owned(),
        url: text(&json["url"]),
        headers: headers.map(|pair| (text(&pair[0]), text(&pair[1]))).collect(),
        body: row.body.clone().unwrap_or_default(),
        fault: json["fault"].as_str().map(str::to_owned),
        outcome: text(&json["outcome"]),
        why: text(&json["why"]),
        status: json["status"].as_u64().and_then(|status| status.try_into().ok()),
        answer: row.answer.clone().unwrap_or_default(),
        milliseconds: json["milliseconds"].as_f64().unwrap_or(0.0),
    }
}
