//! Logins that a vendor does not document: fixed headers for Waitwhile and doo, tokens for Ombori. A gateway before the
//! reference receiver checks them.

use std::collections::BTreeSet;

use standin::contract::Source;
use standin::model::result::{Run, Verdict};
use standin::receiver;

use crate::gateway::{CLIENT, Defect, EXPIRED, Gateway, HEADER, Login, OTHER_CLIENT, TENANT};
use crate::play::{against, failures, features_of, keeps, logins, receiver_with};

const SETTINGS: &str = include_str!("../../templates/standin.yaml");

/// Settings in which a vendor has this login, and the features that are about it.
fn chosen(vendor: &str) -> (String, Login, Vec<Source>) {
    let ((name, value), (other, tenant)) = (HEADER, TENANT);
    let headers = format!("    headers: {{ {name}: {value}, {other}: {tenant} }}\n");
    let oauth = format!(
        "    oauth:\n      endpoint: /oauth/token\n      client_secret: {}\n      expired_token: {EXPIRED}\n      \
         revoke: /oauth/revoke\n      other_client: {{ client_id: {}, client_secret: {} }}\n",
        CLIENT.1, OTHER_CLIENT.0, OTHER_CLIENT.1
    );
    let (from, to, login, instead, file) = match vendor {
        "ombori" => ("    headers:", "    # secret:", Login::Token, oauth, "tokens"),
        "waitwhile" => ("    secret:", "    # oauth:", Login::Header, headers, "credentials"),
        _ => ("    oauth:", "    # retries: [1m, 5m", Login::Header, headers, "credentials"),
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
async fn run((text, login, sources): &(String, Login, Vec<Source>), defect: Defect) -> Run {
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
    for (vendor, least) in [("ombori", 45), ("waitwhile", 15), ("doo", 15)] {
        let chosen = chosen(vendor);
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
    for vendor in ["ombori", "waitwhile", "doo"] {
        let (text, login, _) = chosen(vendor);
        let mut sources = features_of(vendor);
        sources.retain(|source| {
            ["/duplicates.", "/changes.", "/retries."].iter().any(|one| source.file.contains(one))
        });
        keeps(&run(&(text, login, sources), Defect::None).await, vendor);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_usual_mistake_is_found_by_its_rule() {
    for (vendor, defect, rules) in [
        ("waitwhile", Defect::Open, "credentials"),
        ("waitwhile", Defect::LocksOut, "credentials"),
        ("doo", Defect::Open, "credentials"),
        ("doo", Defect::Beginning, "credentials"),
        ("doo", Defect::AnyCase, "credentials"),
        ("doo", Defect::FirstOnly, "credentials"),
        ("waitwhile", Defect::LastOnly, "credentials"),
        ("ombori", Defect::Open, "credentials"),
        ("ombori", Defect::NeverRevokes, "credentials"),
        ("ombori", Defect::AnyClient, "credentials"),
        ("ombori", Defect::AnySecret, "token-secret"),
        ("ombori", Defect::AnyGrant, "token-secret"),
        ("ombori", Defect::OneUse, "token-cache"),
    ] {
        let run = run(&chosen(vendor), defect).await;
        let found: Vec<String> = broken(&run).into_iter().collect();
        assert_eq!(found.join(" "), rules, "{vendor}, {defect:?}: {:?}", failures(&run));
    }
}

/// Scenarios that are played at the same time share a client, so others fail beside the rule that is about it.
#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_voids_the_token_before_is_found_by_the_rule_about_tokens() {
    let run = run(&chosen("ombori"), Defect::OneToken).await;
    assert!(broken(&run).contains("tokens"), "{:?}", failures(&run));
}

/// What standin.yaml does not choose is not played.
#[tokio::test(flavor = "multi_thread")]
async fn other_logins_are_not_played() {
    let running = receiver::start(receiver::Options::default()).await.expect("a free port");
    for vendor in ["ombori", "waitwhile", "doo"] {
        let (_, _, sources) = chosen(vendor);
        let run = against(&running.url, SETTINGS, &sources, 0).await;
        assert_eq!(run.scenarios().count(), 0, "{vendor}");
    }
    running.stop().await;
}
