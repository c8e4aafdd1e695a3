//! Every login of every vendor is tried with each kind of credentials that are nearly right.

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

/// The logins, by the tag of the features about them, with how often each of them is tried at least, and with
/// what besides. Tokens are tried with webhooks and with token requests.
const LOGINS: [(&str, usize, &[&str]); 3] = [
    ("@login-headers", 1, &[FOR_SECRETS]),
    ("@login-signature", 1, &[FOR_SIGNATURES]),
    (
        "@login-token",
        2,
        &[FOR_SECRETS, FOR_TOKEN_REQUESTS[0], FOR_TOKEN_REQUESTS[1], FOR_TOKEN_REQUESTS[2]],
    ),
];

/// The login of a client with a secret, where the vendor documents tokens for an assertion.
const CLIENT: (&str, &str) = ("waitwhile", "@login-client");

/// What is asked for with an assertion has no secret and no client id, and the case of a signature's letters is
/// one more difference in a character.
const ASKED_WITH_ASSERTION: &str = "waitwhile";
const NOT_OF_ASSERTIONS: [&str; 3] =
    [FOR_SECRETS, FOR_TOKEN_REQUESTS[1], "with credentials in another case"];

#[test]
fn each_login_is_tried_with_all_that_is_nearly_right() {
    let mut missing = Vec::new();
    for vendor in registry::shipped().vendors() {
        let name = vendor.catalogue().vendor;
        let sources = features_of(name);
        let (of, login) = CLIENT;
        let of_client = (name == of).then_some((login, 2, LOGINS[2].2));
        for (login, least, more) in LOGINS.into_iter().chain(of_client) {
            let of_login = sources.iter().filter(|source| {
                let tags = source.text.lines().next().unwrap_or_default();
                tags.split(' ').any(|tag| tag == login)
            });
            let told: Vec<&str> = of_login.flat_map(|source| cells(&source.text)).collect();
            let times = |how: &str| told.iter().filter(|one| **one == how).count();
            let wanted = ALWAYS.map(|how| (how, least));
            let wanted = wanted.into_iter().chain(more.iter().map(|how| (*how, 1)));
            // Webhooks are tried with each token all the same.
            let asserted = |how: &&str| {
                login == "@login-token"
                    && name == ASKED_WITH_ASSERTION
                    && NOT_OF_ASSERTIONS.contains(how)
            };
            let wanted = wanted.map(|(how, least)| (how, least - usize::from(asserted(&how))));
            let too_few = wanted.filter(|(how, least)| times(how) < *least);
            missing.extend(too_few.map(|(how, _)| format!("{name} {login} {how}")));
        }
    }
    assert!(missing.is_empty(), "no scenario arrives:\n{}", missing.join("\n"));
}
