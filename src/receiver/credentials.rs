//! Checks the headers that authenticate a request, and nothing else.

use std::collections::BTreeMap;

use actix_web::http::header::HeaderMap;

use super::defects::Defect;
use super::refusal::Refusal;
use super::variation::Defects;
use crate::model::Secret;

/// Refuses a request that lacks a required header or has another value in it.
pub(super) fn check(
    sent: &HeaderMap,
    wanted: &BTreeMap<String, Secret>,
    defects: &Defects,
) -> Result<(), Refusal> {
    if defects.contains(&Defect::CredentialsIgnored) {
        return Ok(());
    }
    for (name, secret) in wanted {
        let Some(value) = sent.get(name) else {
            return Err(Refusal::CredentialsMissing { header: name.clone() });
        };
        let secret = secret.reveal();
        let right = constant_time_eq(value.as_bytes(), secret.as_bytes());
        let text = value.to_str().unwrap_or_default();
        if !right && !defects.accept(Defect::AnyCredentialAccepted, text, secret) {
            return Err(Refusal::CredentialsWrong { header: name.clone() });
        }
    }
    Ok(())
}

/// Compares in constant time, so that the duration reveals nothing about the secret.
pub(super) fn constant_time_eq(left: &[u8], right: &[u8]) -> bool {
    let differences = left.iter().zip(right).fold(0, |bits, (l, r)| bits | (l ^ r));
    left.len() == right.len() && differences == 0
}
