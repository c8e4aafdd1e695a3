//! Waitwhile's other login, and a client that signs an assertion in place of its secret.

use standin::model::result::{ScenarioResult, Verdict};
use standin::policy::assertion::public_key;
use standin::receiver::{self, Defect};

use crate::built_in::built_in;
use crate::play::{failures, features_of, keeps, receiver_with, some};

/// A private key, as it is written in YAML.
pub const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----\\n\
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg6scNZ9XZf355tl6G\\n\
ETodHMMgrkTKfHtrppaDN5jYVEahRANCAASneyjTRpGyZCjRiMx7Zo1ZSo4wkqhb\\n\
BcCZMbulxcLojo1e23fw7wi21yWDOsZ3dZOALJVRFHt/LiR3O3KvWohw\\n\
-----END PRIVATE KEY-----";
const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\n\
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEp3so00aRsmQo0YjMe2aNWUqOMJKo\n\
WwXAmTG7pcXC6I6NXtt38O8IttclgzrGd3WTgCyVURR7fy4kdztyr1qIcA==\n\
-----END PUBLIC KEY-----";

/// What the reference receiver wants of an assertion.
pub fn wanted() -> receiver::Assertions {
    standin::cli::receiver::assertions(public_key(PUBLIC).expect("a public key"))
}

/// These settings with Waitwhile's other login.
pub fn with_assertions(text: &str) -> String {
    const DELIVER: &str = "deliver: /webhooks/waitwhile ";
    const SECRET: &str = "secret: \"${WAITWHILE_SECRET:-standin-demo-secret}\"";
    assert!(text.contains(DELIVER) && text.contains(SECRET));
    let oauth = format!(
        "oauth:\n      endpoint: /waitwhile/oauth/token\n      expired_token: standin-demo-expired-token\n      \
         assertion:\n        private_key: \"{PRIVATE}\"\n        iss: waitwhile\n        sub: standin-demo\n        \
         aud: standin-receiver\n   "
    );
    text.replace(DELIVER, "deliver: /webhooks/waitwhile-with-token ").replace(SECRET, &oauth)
}

/// The settings under which a defect can be met.
pub fn fit(defect: Defect, text: &str) -> String {
    if defect.is_of_assertions() { with_assertions(text) } else { text.to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_receiver_passes_all_of_waitwhile_with_tokens_for_assertions() {
    let text = with_assertions(&built_in(&[]));
    let run = some(&features_of("waitwhile"), receiver::Options::default(), &text, 0).await;
    keeps(&run, "tokens for assertions");
    let files: Vec<&str> = run.features.iter().map(|one| one.file.as_str()).collect();
    assert!(files.contains(&"features/waitwhile/tokens.feature"), "{files:?}");
    assert!(!files.contains(&"features/waitwhile/signatures.feature"), "{files:?}");
    assert!(run.scenarios().all(|one| one.verdict == Verdict::Passed), "none is left out");
}

/// Waitwhile keeps its tokens. Some scenarios take longer than a token lives, and ask for another.
#[tokio::test(flavor = "multi_thread")]
async fn one_token_does_for_all_scenarios_that_say_nothing_of_tokens() {
    let text = with_assertions(&built_in(&[]));
    let mut sources = features_of("waitwhile");
    sources.retain(|source| source.file.ends_with("/line.feature"));
    let run = some(&sources, receiver::Options::default(), &text, 0).await;
    keeps(&run, "a token for all");
    let asks = |one: &&ScenarioResult| {
        let told = one.steps.iter().any(|step| step.text.contains("token"));
        !told && one.exchanges.iter().any(|exchange| exchange.request == "token request")
    };
    let (asking, all) = (run.scenarios().filter(asks).count(), run.scenarios().count());
    assert!(asking * 4 < all, "{asking} of {all} scenarios asked for a token");
}

#[tokio::test(flavor = "multi_thread")]
async fn scenarios_about_tokens_are_not_played_if_waitwhile_signs() {
    let sources: Vec<_> = features_of("waitwhile")
        .into_iter()
        .filter(|source| source.file.ends_with("/tokens.feature"))
        .collect();
    assert_eq!(sources.len(), 1);
    let run = some(&sources, receiver::Options::default(), &built_in(&[]), 0).await;
    assert_eq!(run.scenarios().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_knows_no_assertions_fails_once_with_the_cause() {
    let text = with_assertions(&built_in(&[])).replace("iss: waitwhile", "iss: somebody");
    let mut sources = features_of("waitwhile");
    sources.retain(|source| source.file.ends_with("/tokens.feature"));
    let run = some(&sources, receiver::Options::default(), &text, 0).await;
    let failures = failures(&run);
    assert!(!failures.is_empty());
    let hints = run.hints.join("\n");
    assert!(hints.contains("the issuer `somebody`"), "{hints}: {failures:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_with_a_defect_is_found_by_the_rule_that_it_breaks() {
    let text = with_assertions(&built_in(&[]));
    let mut sources = features_of("waitwhile");
    sources.retain(|source| source.file.ends_with("/tokens.feature"));
    for (defect, line) in [
        (Defect::UnsignedAssertionAccepted, "with an unsigned assertion"),
        (Defect::AssertionAudienceIgnored, "with an assertion for another audience"),
        (Defect::AssertionIssuerIgnored, "with an assertion of another issuer"),
        (Defect::AssertionSubjectIgnored, "with an assertion about another subject"),
        (Defect::AssertionExpiryIgnored, "with an expired assertion"),
        (Defect::EndlessAssertionAccepted, "with an assertion that never expires"),
        (Defect::UsedAssertionAccepted, "with an assertion that was used before"),
    ] {
        let run = some(&sources, receiver_with([defect].into()), &text, 0).await;
        let failures = failures(&run);
        assert_eq!(failures.len(), 1, "{}: {failures:?}", defect.name());
        assert!(failures[0].contains(line), "{}: {failures:?}", defect.name());
    }
}
