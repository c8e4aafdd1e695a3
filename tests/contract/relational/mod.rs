//! A receiver of another style, which is right too: rows in a database, its own words for states,
//! numbers as JSON numbers, times in UTC, a search as its probe, 410 for what it does not have, and 409 for a webhook that
//! it has had.
//!
//! It shares nothing with the reference receiver. Whatever the contract demands, it demands of both.

mod doo;
mod ombori;
mod waitwhile;

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use actix_web::web::{self, Data};
use actix_web::{App, HttpResponse, HttpServer};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use serde_json::{Map, Value as Json, json};

use super::play::{against, features_of, keeps};
use standin::model::result::Totals;

/// How Standin reaches it.
const SETTINGS: &str = include_str!("standin.yaml");

/// What the vendors send as credentials.
const KEY: &str = "relational-key";
const SECRET: &str = "relational-secret";

/// The database, and the base URL that the vendors know.
struct Receiver {
    rows: Mutex<Connection>,
    url: String,
}

/// What becomes of a webhook. A refusal says why.
type Answer = Result<(), (u16, String)>;

fn refused<T>(status: u16, why: impl Into<String>) -> Result<T, (u16, String)> {
    Err((status, why.into()))
}

impl Receiver {
    /// Does this in a transaction. What fails in it leaves nothing behind.
    fn write(&self, change: impl FnOnce(&Connection) -> Answer) -> HttpResponse {
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = rows.transaction().expect("a transaction");
        match change(&transaction) {
            Ok(()) => {
                transaction.commit().expect("it is in memory");
                HttpResponse::NoContent().finish()
            }
            Err((status, why)) => {
                let status = actix_web::http::StatusCode::from_u16(status).expect("a status");
                HttpResponse::build(status).body(why)
            }
        }
    }

    /// The rows that a statement finds for an id, as objects.
    fn find(&self, statement: &str, id: &str) -> Vec<Json> {
        let rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        let mut statement = rows.prepare_cached(statement).expect("SQL");
        let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let object = |row: &Row<'_>| {
            let members = names.iter().enumerate();
            members.map(|(place, name)| Ok((name.clone(), json_of(row.get_ref(place)?)))).collect()
        };
        let found = statement.query_map([id], object).expect("SQL");
        found.map(|row: rusqlite::Result<Map<String, Json>>| row.expect("a row").into()).collect()
    }
}

fn json_of(value: ValueRef<'_>) -> Json {
    match value {
        ValueRef::Integer(number) => json!(number),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        _ => Json::Null,
    }
}

/// A body as JSON. Whatever it is not is refused.
fn parsed(body: &[u8]) -> Result<Json, (u16, String)> {
    serde_json::from_slice(body).or_else(|error| refused(400, error.to_string()))
}

/// A text that a webhook must have.
fn text<'a>(of: &'a Json, name: &str) -> Result<&'a str, (u16, String)> {
    of[name].as_str().map_or_else(|| refused(422, format!("{name} is no text")), Ok)
}

/// A time in milliseconds since 1970.
fn moment(text: &str) -> Result<i64, (u16, String)> {
    let read = text.parse::<jiff::Timestamp>();
    read.map(|at| at.as_millisecond()).or_else(|_| refused(422, format!("`{text}` is no time")))
}

/// Notes that a webhook has come. One that has come before is refused.
fn only_once(rows: &Connection, webhook: &[u8]) -> Answer {
    match rows.execute("INSERT OR IGNORE INTO seen VALUES (?)", [webhook]) {
        Ok(1) => Ok(()),
        _ => refused(409, "it has been here already"),
    }
}

fn done(written: rusqlite::Result<usize>) -> Answer {
    written.map(|_| ()).or_else(|error| refused(500, error.to_string()))
}

async fn start() -> (String, actix_web::dev::ServerHandle) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let rows = Connection::open_in_memory().expect("memory");
    rows.execute_batch(include_str!("schema.sql")).expect("SQL");
    let receiver = Data::new(Receiver { rows: Mutex::new(rows), url: url.clone() });
    let app = move || {
        App::new()
            .app_data(Data::clone(&receiver))
            .app_data(web::PayloadConfig::new(1 << 20))
            .configure(doo::routes)
            .configure(ombori::routes)
            .configure(waitwhile::routes)
    };
    let server = HttpServer::new(app).workers(1).disable_signals();
    let server = server.listen(listener).expect("it listens").run();
    let handle = server.handle();
    tokio::spawn(server);
    (url, handle)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_receiver_of_another_style_passes_all_that_it_can_be_asked() {
    let (url, server) = start().await;
    let sources = ["doo", "ombori", "waitwhile"].map(features_of).concat();
    for seed in [1, 2, 3] {
        let run = against(&url, SETTINGS, &sources, seed).await;
        keeps(&run, &format!("seed {seed}"));
        let Totals { passed, skipped, .. } = run.totals();
        assert!(passed > 600 && skipped == 0, "{:?}", run.totals());
    }
    server.stop(false).await;
}

/// What is said of the failures of a vendor's features, if this of the settings is another.
async fn said_with(from: &str, to: &str, vendor: &str) -> BTreeSet<String> {
    let (url, server) = start().await;
    assert!(SETTINGS.contains(from), "{from} is not in the settings");
    let run = against(&url, &SETTINGS.replace(from, to), &features_of(vendor), 1).await;
    server.stop(false).await;
    let failures = run.scenarios().filter_map(|scenario| scenario.failure.as_ref());
    let said: BTreeSet<String> = failures
        .map(|failure| match failure.cause {
            Some(cause) => run.hints[cause].split_once(", `").expect("a sentence").1.to_owned(),
            None => failure.message.clone(),
        })
        .collect();
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_are_not_translated_are_said_together_with_what_to_write() {
    let said = said_with("[DRAFT, PENDING, BOOKED, WAITING]", "WAITING", "waitwhile").await;
    let text = "state` of the probe `waitwhile.visit` is `expected` where the vendor has BOOKED, DRAFT or PENDING. If these \
                words mean the same, write `expected: [WAITING, BOOKED, DRAFT, PENDING]` for `state` under `translate`. If \
                not, the receiver has not stored what the webhook says";
    assert_eq!(said, [text.to_owned()].into());
    let state = "{ expected: [DRAFT, PENDING, BOOKED, WAITING], at_desk: SERVING, over: COMPLETE }";
    let said = said_with(&format!("    translate:\n      state: {state}\n"), "", "waitwhile").await;
    let told = |word: &str| said.iter().any(|one| one.contains(word));
    assert!(told("over: COMPLETE") && told("at_desk: SERVING, expected: ["), "{said:?}");
}
