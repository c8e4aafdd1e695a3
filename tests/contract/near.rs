//! Every login of every vendor is tried with each kind of credentials that are nearly right.

use standin::model::Authentication;
use standin::vendors::registry;

use crate::play::features_of;

/// Credentials that are nearly right, whatever the login.
const ALWAYS: [&str; 6] = [
    "with credentials that differ in the first character",
    "with credentials that differ in the middle",
    "with credentials that differ in the last character",
    "with credentials in another case",
    "with the first half of the credentials",
    "with more than the credentials",
];
/// A receiver may decode base64 before it compares, so this says nothing about a signature or a token.
const FOR_SECRETS: &str = "with credentials with more padding";
const FOR_SIGNATURES: &str = "with the signature of another body";
const FOR_TOKEN_REQUESTS: [&str; 3] =
    ["with another grant type", "with an unknown client id", "with its secret in another field"];

/// The cells of all tables of a text.
fn cells(text: &str) -> Vec<&str> {
    let rows = text.lines().map(str::trim).filter(|line| line.starts_with('|'));
    rows.flat_map(|row| row.split('|').map(str::trim)).collect()
}

#[test]
fn each_login_is_tried_with_all_that_is_nearly_right() {
    for vendor in registry::shipped().vendors() {
        let name = vendor.catalogue().vendor;
        let sources = features_of(name);
        let told: Vec<&str> = sources.iter().flat_map(|source| cells(&source.text)).collect();
        let times = |how: &str| told.iter().filter(|one| **one == how).count();
        // Of a token the webhooks and the token requests.
        let (least, more) = match vendor.policy().authentication {
            Authentication::None => continue,
            Authentication::Headers(_) => (1, vec![FOR_SECRETS]),
            Authentication::Signature(_) => (1, vec![FOR_SIGNATURES]),
            Authentication::Token(_) => (2, Vec::new()),
        };
        for how in ALWAYS.iter().chain(&more) {
            assert!(times(how) >= least, "{name}: no scenario arrives {how}");
        }
        if least == 2 {
            for how in FOR_TOKEN_REQUESTS.iter().chain([&FOR_SECRETS]) {
                assert!(times(how) >= 1, "{name}: no token request arrives {how}");
            }
        }
    }
}
