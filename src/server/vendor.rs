//! The vendors' own APIs, as they are mounted: finds the account that a request is for, and hands
//! the request to its run.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use serde_json::Value as Json;

use super::account::{Account, ONLY};
use super::reply::status_of;
use super::state::Server;
use crate::clock::real_time;
use crate::model::Secret;
use crate::model::api_fault::Race;
use crate::run::credential;
use crate::vendors::api::{ApiAnswer, ApiBody, ApiRequest, CredentialKind, Method};
use crate::vendors::{Api, Vendor};

/// How long an answer waits for webhooks that are to be handled before it.
const HANDLED_WITHIN: Duration = Duration::from_secs(10);
/// How much later webhooks leave that are to follow their answer.
const AFTER: Duration = Duration::from_millis(50);

/// A vendor whose API is mounted.
#[derive(Clone, Copy)]
pub struct Mounted {
    vendor: &'static dyn Vendor,
    api: &'static Api,
}

/// The vendor whose API has a path, and the path below its mount.
pub fn mounted<'a>(server: &Server, path: &'a str) -> Option<(Mounted, &'a str)> {
    server.under_test.target.vendors.values().find_map(|target| {
        let api = target.vendor.api()?;
        let rest = path.strip_prefix(api.mount)?;
        let below = rest.is_empty() || rest.starts_with('/');
        below.then_some((Mounted { vendor: target.vendor, api }, rest))
    })
}

/// Answers a request to a vendor's API.
pub async fn answer(
    server: &Arc<Server>,
    of: Mounted,
    request: &HttpRequest,
    path: &str,
    body: Bytes,
) -> HttpResponse {
    let Some(method) = Method::of(request.method().as_str()) else {
        return written(&ApiAnswer::json(405, (of.api.error)(405, "there is no such method")));
    };
    let asked = ApiRequest {
        method,
        path: path.to_owned(),
        query: url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect(),
        headers: credentials(of.api, request),
        body,
        received: real_time(),
    };
    let Some(account) = account(server, of, &asked) else {
        let why = "this key belongs to no account";
        return written(&ApiAnswer::json(401, (of.api.error)(401, why)));
    };
    if let Ok((operation, _)) = of.api.find(method, path) {
        let mut calls = account.calls.lock().unwrap_or_else(PoisonError::into_inner);
        *calls.entry(operation.id.to_owned()).or_insert(0) += 1;
    }
    let live = &account.live;
    let gated = |answer: &ApiAnswer| answer.race == Race::After;
    match live.apply_gated(move |run| run.request(ONLY, &asked), gated).await {
        Ok((answer, gate)) => {
            if answer.race == Race::Before {
                // A receiver that never answers does not keep the caller waiting for ever.
                let _ = tokio::time::timeout(HANDLED_WITHIN, live.idle()).await;
            }
            rest(answer.delay).await;
            if let Some(gate) = gate {
                actix_web::rt::spawn(async move {
                    rest(AFTER).await;
                    drop(gate);
                });
            }
            written(&answer)
        }
        Err(error) => written(&ApiAnswer::json(503, (of.api.error)(503, &error.to_string()))),
    }
}

#[expect(clippy::disallowed_methods, reason = "faults make answers late in real time")]
async fn rest(length: Duration) {
    if length > Duration::ZERO {
        tokio::time::sleep(length).await;
    }
}

/// The headers of a request that may carry a credential.
fn credentials(api: &Api, request: &HttpRequest) -> Vec<(String, Secret)> {
    let named =
        |name: &str| api.credentials.iter().any(|one| one.header.eq_ignore_ascii_case(name));
    let headers = request.headers().iter().filter(|(name, _)| named(name.as_str()));
    headers
        .filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), Secret::new(value.to_str().ok()?)))
        })
        .collect()
}

/// The account that a request is for: the one whose credential it shows, else the one that its path
/// names, else the only one of the vendor.
fn account(server: &Server, of: Mounted, request: &ApiRequest) -> Option<Arc<Account>> {
    let name = of.vendor.catalogue().vendor;
    let mut accounts = server.accounts();
    accounts.retain(|account| account.vendor() == name);
    let key = credential(of.api, CredentialKind::Key, request);
    let token = credential(of.api, CredentialKind::Token, request);
    let client = of.api.client.and_then(|read| read(&request.body));
    let shows = |account: &Arc<Account>| {
        account.live.read(|run| {
            let keys = run.api_keys(ONLY);
            let tokens = run.sim().api_tokens(ONLY);
            key == Some(keys.key.reveal())
                || tokens.iter().any(|one| token == Some(one.secret.reveal()))
                || client.as_ref().is_some_and(|client| client.id == keys.client.id)
        })
    };
    let tenant = tenant(of.api, request);
    let is_named = |account: &Arc<Account>| {
        let named = tenant.as_deref();
        named == Some(&account.name) || named == Some(&account.live.read(|run| run.tenant(ONLY)))
    };
    let found = accounts.iter().find(|one| shows(one));
    let found = found.or_else(|| accounts.iter().find(|one| is_named(one)));
    let only = accounts.first().filter(|_| accounts.len() == 1);
    found.or(only).cloned()
}

/// The account that the path of a request names.
fn tenant(api: &Api, request: &ApiRequest) -> Option<String> {
    let wanted = api.tenant?;
    let (operation, values) = api.find(request.method, &request.path).ok()?;
    let place = operation.parameters().position(|name| name == wanted)?;
    values.into_iter().nth(place)
}

fn written(answer: &ApiAnswer) -> HttpResponse {
    let mut response = HttpResponse::build(status_of(answer.status));
    for (name, value) in &answer.headers {
        response.insert_header((*name, value.as_str()));
    }
    match &answer.body {
        ApiBody::Empty => response.finish(),
        ApiBody::Json(Json::Null) => response.content_type("application/json").body("null"),
        ApiBody::Json(json) => response.content_type("application/json").body(json.to_string()),
        ApiBody::Other(kind, text) => response.content_type(*kind).body(text.clone()),
    }
}
