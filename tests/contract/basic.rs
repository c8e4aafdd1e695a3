//! A client that shows its credentials to the token endpoint by HTTP Basic is held to the same contract.

use standin::model::result::Verdict;
use standin::receiver::{self, Defect};

use crate::built_in::built_in;
use crate::play::{failures, features_of, keeps, receiver_with, some};

const GIVEN: &str = "expired_token: \"${DOO_EXPIRED_TOKEN:-standin-demo-expired-token}\"";
const BASIC: &str = "request_with: basic\n      scope: webhooks\n      expired_token: \"${DOO_EXPIRED_TOKEN:-standin-demo-expired-token}\"";

#[tokio::test(flavor = "multi_thread")]
async fn a_right_receiver_passes_but_for_the_form_that_is_not_sent() {
    let text = built_in(&[(GIVEN, BASIC)]);
    let run = some(&features_of("doo"), receiver::Options::default(), &text, 0).await;
    keeps(&run, "credentials by HTTP Basic");
    let in_part: Vec<&str> = run
        .scenarios()
        .filter(|one| one.verdict == Verdict::PassedInPart)
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(in_part, ["a token request is a form with the secret in the body"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_ignores_the_secret_is_found() {
    let text = built_in(&[(GIVEN, BASIC)]);
    let mut sources = features_of("doo");
    sources.retain(|source| source.file.ends_with("token-secret.feature"));
    let run = some(&sources, receiver_with([Defect::SecretIgnored].into()), &text, 0).await;
    assert!(!failures(&run).is_empty());
}
