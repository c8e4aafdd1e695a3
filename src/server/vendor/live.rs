//! The vendors' own APIs for the accounts of the server: finds the account that a request is for,
//! and lets its run answer.

use std::sync::{Arc, PoisonError};

use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;

use super::mounted::{Mounted, to_response};
use crate::driver::race;
use crate::run::Claim;
use crate::server::account::{Account, ONLY};
use crate::server::state::Server;
use crate::vendors::api::ApiRequest;

/// The vendor whose API serves a path, and the rest of the path below its mount.
pub fn find_mounted<'a>(server: &Server, path: &'a str) -> Option<(Mounted, &'a str)> {
    Mounted::find(server.under_test.target.vendors.values().map(|target| target.vendor), path)
}

/// Answers a request to a vendor's API.
pub async fn answer(
    server: &Arc<Server>,
    mounted: Mounted,
    request: &HttpRequest,
    path: &str,
    body: Bytes,
) -> HttpResponse {
    let Some(api_request) = mounted.api_request(request, path, body) else {
        return mounted.unknown_method();
    };
    let Some(account) = account(server, mounted, &api_request) else {
        return mounted.error(401, "no account has this key");
    };
    if let Ok((operation, _)) = mounted.api.find(api_request.method, path) {
        let mut calls = account.calls.lock().unwrap_or_else(PoisonError::into_inner);
        *calls.entry(operation.id.to_owned()).or_insert(0) += 1;
    }
    let live = &account.live;
    match live.apply_gated(move |run| run.request(ONLY, &api_request), race::follows_answer).await {
        Ok((answer, gate)) => {
            race::until_answered(&answer, live.idle()).await;
            if let Some(gate) = gate {
                actix_web::rt::spawn(async move {
                    race::after_answer().await;
                    drop(gate);
                });
            }
            to_response(&answer)
        }
        Err(error) => mounted.error(503, &error.to_string()),
    }
}

/// The account that a request is for: the one whose credential it has, else the one that its path
/// names, else the only one of the vendor.
fn account(server: &Server, mounted: Mounted, request: &ApiRequest) -> Option<Arc<Account>> {
    let name = mounted.vendor.catalogue().vendor;
    let mut accounts = server.accounts();
    accounts.retain(|account| account.vendor() == name);
    let claim = Claim::of(mounted.api, request);
    let has_credential =
        |account: &Arc<Account>| account.live.read(|run| claim.has_credential_of(run, ONLY));
    let is_named = |account: &Arc<Account>| {
        let named = claim.tenant.as_deref();
        named == Some(&account.name) || named == Some(&account.live.read(|run| run.tenant(ONLY)))
    };
    let found = accounts.iter().find(|one| has_credential(one));
    let found = found.or_else(|| accounts.iter().find(|one| is_named(one)));
    let only = accounts.first().filter(|_| accounts.len() == 1);
    found.or(only).cloned()
}
