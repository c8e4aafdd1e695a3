//! Keys as they are often misread, and other algorithms.

use crate::model::Secret;
use crate::model::signature::{Algorithm, KeyForm, Signature};
use crate::policy::key::{CheckingKey, SigningKey, decode};

/// The keys that a mistake would make of these, each with what would be right about it. A pair of keys
/// has none.
pub fn keys(signature: &Signature) -> Vec<(Option<String>, CheckingKey)> {
    let algorithm = signature.algorithm;
    if !algorithm.is_symmetric() {
        return Vec::new();
    }
    signature.keys().flat_map(|secret| of(signature, secret.reveal())).collect()
}

fn of(signature: &Signature, secret: &str) -> Vec<(Option<String>, CheckingKey)> {
    let algorithm = signature.algorithm;
    let bare = secret.strip_prefix("whsec_");
    let read = |form| match SigningKey::read(algorithm, form, &Secret::new(secret)) {
        Ok(SigningKey::Hash(_, bytes)) => Some(bytes),
        _ => None,
    };
    let text = |text: &str| Some(text.as_bytes().to_vec());
    let right = read(signature.key);
    let mut found: Vec<(&str, Option<Vec<u8>>)> = vec![
        ("with the key as text", text(secret)),
        ("with the key as text, without its `whsec_`", bare.and_then(text)),
        ("with the key decoded from base64", read(KeyForm::Base64)),
        ("with the key decoded from base64, without its `whsec_`", read(KeyForm::Whsec)),
        (
            "with the key decoded from hexadecimal digits",
            decode(crate::model::signature::Encoding::Hex, &secret.to_ascii_lowercase()),
        ),
        ("with a line break at the end of the key", text(&format!("{secret}\n"))),
        ("with an empty key", Some(Vec::new())),
    ];
    found.retain(|(_, bytes)| bytes.is_some() && *bytes != right);
    let mut keys: Vec<(Option<String>, CheckingKey)> = found
        .into_iter()
        .filter_map(|(change, bytes)| Some((change.to_owned(), bytes?)))
        .map(|(change, bytes)| (Some(change), hashing(algorithm, bytes)))
        .collect();
    let others = Algorithm::ALL.into_iter().filter(|one| one.is_symmetric() && *one != algorithm);
    keys.extend(others.filter_map(|other| {
        let change = format!("as {} instead of {}", other.name(), algorithm.name());
        Some((Some(change), hashing(other, right.clone()?)))
    }));
    keys
}

fn hashing(algorithm: Algorithm, bytes: Vec<u8>) -> CheckingKey {
    CheckingKey::Signing(SigningKey::Hash(algorithm, bytes))
}
