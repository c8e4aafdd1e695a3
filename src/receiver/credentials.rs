//! Checks the headers that prove who is calling. Looks at nothing else of a request.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::header::HeaderMap;

use super::defects::Defect;
use super::refusal::Refusal;
use crate::model::Secret;

/// Refuses a request that lacks one of the wanted headers or carries another value.
pub(super) fn check(
    sent: &HeaderMap,
    wanted: &BTreeMap<String, Secret>,
    defects: &BTreeSet<Defect>,
) -> Result<(), Refusal> {
    if defects.contains(&Defect::CredentialsIgnored) {
        return Ok(());
    }
    for (name, secret) in wanted {
        let Some(value) = sent.get(name) else {
            return Err(Refusal::CredentialsMissing { header: name.clone() });
        };
        let right = same(value.as_bytes(), secret.reveal().as_bytes());
        if !right && !defects.contains(&Defect::AnyCredentialAccepted) {
            return Err(Refusal::CredentialsWrong { header: name.clone() });
        }
    }
    Ok(())
}

/// Compares without stopping at the first difference, so that time tells nothing about the secret.
pub(super) fn same(left: &[u8], right: &[u8]) -> bool {
    let differences = left.iter().zip(right).fold(0, |bits, (l, r)| bits | (l ^ r));
    left.len() == right.len() && differences == 0
}
