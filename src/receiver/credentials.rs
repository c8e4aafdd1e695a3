//! Checks the headers that authenticate a request, and nothing else.

use std::collections::BTreeMap;

use actix_web::http::header::HeaderMap;

use super::defects::Defect;
use super::refusal::Refusal;
use super::variation::Defects;
use crate::model::Secret;

/// How many characters a receiver compares that compares too few.
pub(super) const COMPARED: usize = 4;

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
        let (value, secret) = (value.as_bytes(), secret.reveal().as_bytes());
        let has = |defect| defects.contains(&defect);
        let begins = |text: &[u8]| text.get(..COMPARED).map(<[u8]>::to_owned);
        let right = constant_time_eq(value, secret)
            || has(Defect::KeyBeginningCompared) && begins(value) == begins(secret)
            || has(Defect::KeyCaseIgnored) && value.eq_ignore_ascii_case(secret);
        if !right && !has(Defect::AnyCredentialAccepted) {
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
