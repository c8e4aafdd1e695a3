//! Logins that a vendor does not document: fixed headers for Waitwhile and doo, tokens of a client with a secret for
//! Ombori and Waitwhile, and of a client that signs assertions for any. A gateway before the reference receiver checks them.

use std::collections::BTreeSet;

use standin::contract::Source;
use standin::model::result::{Run, ScenarioResult, Verdict};
use standin::receiver;

use crate::assertions::PRIVATE;
use crate::gateway::{CLIENT, Defect, EXPIRED, Gateway, HEADER, Login, OTHER_CLIENT, TENANT};
use crate::play::{against, failures, features_of, keeps, logins, receiver_with};

const SETTINGS: &str = include_str!("../../templates/standin.yaml");

/// The vendors and such logins.
pub const LOGINS: [(&str, Login); 7] = [
    ("ombori", Login::Token),
    ("waitwhile", Login::Header),
    ("waitwhile", Login::Token),
    ("doo", Login::Header),
    ("ombori", Login::Assertion),
    ("waitwhile", Login::Assertion),
    ("doo", Login::Assertion),
];

/// Settings in which a vendor has this login, and the features that are about it.
pub fn chosen((vendor, login): (&str, Login)) -> (String, Login, Vec<Source>) {
    let ((name, value), (other, tenant)) = (HEADER, TENANT);
    let headers = format!("    headers: {{ {name}: {value}, {other}: {tenant} }}\n");
    // The client of Ombori has its usual id.
    let id =
        if vendor == "ombori" { String::new() } else { format!("      client_id: {}\n", CLIENT.0) };
    let oauth = format!(
        "    oauth:\n      endpoint: /oauth/token\n{id}      client_secret: {}\n      expired_token: {EXPIRED}\n      \
         revoke: /oauth/revoke\n      other_client: {{ client_id: {}, client_secret: {} }}\n",
        CLIENT.1, OTHER_CLIENT.0, OTHER_CLIENT.1
    );
    let assertion = format!(
        "    oauth:\n      endpoint: /oauth/token\n      client_id: {}\n      request_with: private_key_jwt\n      \
         assertion: {{ private_key: \"{PRIVATE}\" }}\n",
        CLIENT.0
    );
    let instead = match login {
        Login::Header => headers,
        Login::Token => oauth,
        Login::Assertion => assertion,
    };
    let (from, to) = match vendor {
        "ombori" => ("    headers:", "    # secret:"),
        "waitwhile" => ("    secret:", "    # oauth:"),
        _ => ("    oauth:", "    # retries: [1m, 5m"),
    };
    let file = match (vendor, login) {
        (_, Login::Header) => "credentials",
        ("waitwhile", Login::Token) => "client-tokens",
        (_, Login::Token) => "tokens",
        (_, Login::Assertion) => "client-assertions",
    };
    let start = SETTINGS.find(&format!("\n  {vendor}:\n")).expect("its section");
    let (before, section) = SETTINGS.split_at(start);
    let (first, rest) = section.split_once(from).expect("its own login");
    let (_, last) = rest.split_once(to).expect("what comes after it");
    let text = format!("{before}{first}{instead}{to}{last}");
    let file = format!("features/{vendor}/{file}.feature");
    let sources = features_of(vendor).into_iter().filter(|source| source.file == file).collect();
    (text, login, sources)
}

/// A receiver that leaves the logins to its gateway.
fn behind_a_gateway() -> receiver::Options {
    let (_, waitwhile, doo) = logins();
    let defects = [receiver::Defect::SignatureIgnored, receiver::Defect::TokenIgnored].into();
    receiver::Options { waitwhile, doo, ..receiver_with(defects) }
}

/// These features against the reference receiver behind such a gateway.
pub async fn run((text, login, sources): &(String, Login, Vec<Source>), defect: Defect) -> Run {
    let running = receiver::start(behind_a_gateway()).await.expect("a free port");
    let url = Gateway::start(*login, defect, &running.url).await;
    let run = against(&url, text, sources, 0).await;
    running.stop().await;
    run
}

/// The rules that were broken.
fn broken(run: &Run) -> BTreeSet<String> {
    let failed = run.scenarios().filter(|one| one.failure.is_some());
    let tags = failed.flat_map(|one| &one.tags);
    tags.filter_map(|tag| Some(tag.strip_prefix("rule:")?.to_owned())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_gateway_passes_all_that_is_about_its_login() {
    for (of, least) in LOGINS.into_iter().zip([45, 15, 45, 15, 8, 8, 8]) {
        let (vendor, chosen) = (of.0, chosen(of));
        let run = run(&chosen, Defect::None).await;
        keeps(&run, vendor);
        assert!(
            run.scenarios().all(|one| one.verdict == Verdict::Passed),
            "{vendor}: one was skipped"
        );
        assert!(run.scenarios().count() >= least, "{vendor}: {}", run.scenarios().count());
    }
}

/// Nothing in the rest of the contract is about the vendor's own login.
#[tokio::test(flavor = "multi_thread")]
async fn the_rest_of_the_contract_holds_with_any_login() {
    for of in LOGINS {
        let (vendor, (text, login, _)) = (of.0, chosen(of));
        let mut sources = features_of(vendor);
        sources.retain(|source| {
            ["/duplicates.", "/changes.", "/retries."].iter().any(|one| source.file.contains(one))
        });
        keeps(&run(&(text, login, sources), Defect::None).await, vendor);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_usual_mistake_is_found_by_its_rule() {
    let [ombori, headers, tokens, doo, assertion, ..] = LOGINS;
    for (of, defect, rules) in [
        (headers, Defect::Open, "credentials"),
        (headers, Defect::LocksOut, "credentials"),
        (doo, Defect::Open, "credentials"),
        (doo, Defect::Beginning, "credentials"),
        (doo, Defect::AnyCase, "credentials"),
        (doo, Defect::FirstOnly, "credentials"),
        (headers, Defect::LastOnly, "credentials"),
        (ombori, Defect::Open, "credentials"),
        (ombori, Defect::NeverRevokes, "credentials"),
        (ombori, Defect::AnyClient, "credentials"),
        (ombori, Defect::AnySecret, "token-secret"),
        (ombori, Defect::AnyGrant, "token-secret"),
        (ombori, Defect::OneUse, "token-cache"),
        (tokens, Defect::Open, "credentials"),
        (tokens, Defect::NeverRevokes, "credentials"),
        (tokens, Defect::AnyClient, "credentials"),
        (tokens, Defect::AnySecret, "token-secret"),
        (tokens, Defect::AnyGrant, "token-secret"),
        (tokens, Defect::OneUse, "token-cache"),
        (assertion, Defect::Unsigned, "client-assertion"),
        (assertion, Defect::AnyIssuer, "client-assertion"),
        (assertion, Defect::AnySubject, "client-assertion"),
        (assertion, Defect::AnyAudience, "client-assertion"),
        (assertion, Defect::AnyExpiry, "client-assertion"),
        (assertion, Defect::Endless, "client-assertion-strict"),
        (assertion, Defect::AnyUse, "client-assertion-strict"),
    ] {
        let run = run(&chosen(of), defect).await;
        let found: Vec<String> = broken(&run).into_iter().collect();
        assert_eq!(found.join(" "), rules, "{of:?}, {defect:?}: {:?}", failures(&run));
    }
}

/// Scenarios that are played at the same time share a client, so others fail beside the rule that is about it.
#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_voids_the_token_before_is_found_by_the_rule_about_tokens() {
    for of in [LOGINS[0], LOGINS[2]] {
        let run = run(&chosen(of), Defect::OneToken).await;
        assert!(broken(&run).contains("tokens"), "{of:?}: {:?}", failures(&run));
    }
}

/// Scenarios that are shorter than the life of the token that they share are played before anybody asks for another one.
#[tokio::test(flavor = "multi_thread")]
async fn a_voided_token_disturbs_no_scenario_that_it_outlives() {
    for of in [LOGINS[0], LOGINS[2]] {
        let (text, login, _) = chosen(of);
        let mut sources = features_of(of.0);
        sources.retain(|source| {
            ["/duplicates.", "/retries."].iter().any(|one| source.file.contains(one))
        });
        let run = run(&(text, login, sources), Defect::OneToken).await;
        let lets_time_pass =
            |one: &&ScenarioResult| one.steps.iter().any(|step| step.text.contains(" pass"));
        let (long, short): (Vec<_>, Vec<_>) = run.scenarios().partition(lets_time_pass);
        assert!(long.len() > 2 && short.len() > 10, "{of:?}: {}, {}", long.len(), short.len());
        let disturbed: Vec<&str> = short
            .into_iter()
            .filter(|one| one.failure.is_some())
            .map(|one| one.name.as_str())
            .collect();
        assert!(disturbed.is_empty(), "{of:?}: {disturbed:?}");
    }
}

/// What standin.yaml does not choose is not played.
#[tokio::test(flavor = "multi_thread")]
async fn other_logins_are_not_played() {
    let running = receiver::start(receiver::Options::default()).await.expect("a free port");
    for of in LOGINS {
        let (_, _, sources) = chosen(of);
        let run = against(&running.url, SETTINGS, &sources, 0).await;
        assert_eq!(run.scenarios().count(), 0, "{of:?}");
    }
    running.stop().await;
}
