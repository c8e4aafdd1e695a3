//! The vendors' own APIs of the server: finds the account that a request is for, and hands the
//! request to its run.

use std::sync::{Arc, PoisonError};

use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;

use super::mounted::{Mounted, written};
use crate::driver::race;
use crate::run::Claim;
use crate::server::account::{Account, ONLY};
use crate::server::state::Server;
use crate::vendors::api::ApiRequest;

/// The vendor whose API has a path, and the path below its mount.
pub fn mounted<'a>(server: &Server, path: &'a str) -> Option<(Mounted, &'a str)> {
    Mounted::find(server.under_test.target.vendors.values().map(|target| target.vendor), path)
}

/// Answers a request to a vendor's API.
pub async fn answer(
    server: &Arc<Server>,
    of: Mounted,
    request: &HttpRequest,
    path: &str,
    body: Bytes,
) -> HttpResponse {
    let Some(asked) = of.asked(request, path, body) else { return of.no_method() };
    let Some(account) = account(server, of, &asked) else {
        return of.error(401, "this key belongs to no account");
    };
    if let Ok((operation, _)) = of.api.find(asked.method, path) {
        let mut calls = account.calls.lock().unwrap_or_else(PoisonError::into_inner);
        *calls.entry(operation.id.to_owned()).or_insert(0) += 1;
    }
    let live = &account.live;
    match live.apply_gated(move |run| run.request(ONLY, &asked), race::follows_answer).await {
        Ok((answer, gate)) => {
            race::until_answered(&answer, live.idle()).await;
            if let Some(gate) = gate {
                actix_web::rt::spawn(async move {
                    race::after_answer().await;
                    drop(gate);
                });
            }
            written(&answer)
        }
        Err(error) => of.error(503, &error.to_string()),
    }
}

/// The account that a request is for: the one whose credential it shows, else the one that its path
/// names, else the only one of the vendor.
fn account(server: &Server, of: Mounted, request: &ApiRequest) -> Option<Arc<Account>> {
    let name = of.vendor.catalogue().vendor;
    let mut accounts = server.accounts();
    accounts.retain(|account| account.vendor() == name);
    let claim = Claim::of(of.api, request);
    let shows =
        |account: &Arc<Account>| account.live.read(|run| claim.has_credential_of(run, ONLY));
    let is_named = |account: &Arc<Account>| {
        let named = claim.tenant.as_deref();
        named == Some(&account.name) || named == Some(&account.live.read(|run| run.tenant(ONLY)))
    };
    let found = accounts.iter().find(|one| shows(one));
    let found = found.or_else(|| accounts.iter().find(|one| is_named(one)));
    let only = accounts.first().filter(|_| accounts.len() == 1);
    found.or(only).cloned()
}
