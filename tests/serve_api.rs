//! The control API over HTTP: each status that its document names for an operation is given by a server
//! process, or by a test that is named here; then what dead letters, faults and limits do.

#[path = "serve_api/document.rs"]
mod document;
#[path = "serve_api/failures.rs"]
mod failures;
#[path = "serve_api/forgotten.rs"]
mod forgotten;
#[path = "common/hooks.rs"]
mod hooks;
#[path = "serve_api/keys.rs"]
mod keys;
#[path = "serve_api/limits.rs"]
mod limits;
#[path = "serve_api/requests.rs"]
mod requests;
#[path = "serve_api/secrets.rs"]
mod secrets;
#[path = "common/served.rs"]
mod served;
#[path = "serve_api/statuses.rs"]
mod statuses;
#[path = "serve_api/tokens.rs"]
mod tokens;

use serde_json::{Value as Json, json};
use served::{Answer, Served, request};

/// A request to the control API, with JSON if there is some.
fn ask(server: &Served, method: &str, path: &str, body: Option<Json>) -> Answer {
    server.call(method, &format!("/api/v1{path}"), body)
}

/// The same with a phrase, and the answer in JSON once everything is delivered that is due.
fn say(server: &Served, account: &str, phrase: &str) -> Json {
    let path = format!("/accounts/{account}/actions?wait=delivered");
    ask(server, "POST", &path, Some(json!({ "phrase": phrase }))).expect(200).json()
}

/// What a path below an account shows.
fn read(server: &Served, path: &str) -> Json {
    ask(server, "GET", &format!("/accounts/{path}"), None).expect(200).json()
}

/// What a request below an account does, which is answered with this status.
fn tell(server: &Served, status: u16, (method, path): (&str, &str), body: Option<Json>) -> Answer {
    ask(server, method, &format!("/accounts/{path}"), body).expect(status)
}
