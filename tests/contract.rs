//! Tests the contract itself: the reference receiver passes all of it, and every defect is caught by
//! an assertion about it.
//!
//! `FULL=1` plays every scenario against every defect, as CI does; by default the table of defects
//! says which are played.

#[path = "common/all_ids.rs"]
mod all_ids;
#[path = "contract/assertions.rs"]
mod assertions;
#[path = "contract/basic.rs"]
mod basic;
#[path = "contract/bug.rs"]
mod bug;
#[path = "common/built_in.rs"]
mod built_in;
#[path = "contract/causes.rs"]
mod causes;
#[path = "contract/chosen_logins.rs"]
mod chosen_logins;
#[path = "contract/connections.rs"]
mod connections;
#[path = "contract/defects.rs"]
mod defects;
#[path = "contract/expiry.rs"]
mod expiry;
#[path = "contract/gateway.rs"]
mod gateway;
#[path = "contract/near.rs"]
mod near;
#[path = "contract/play.rs"]
mod play;
#[path = "contract/relational/mod.rs"]
mod relational;
#[path = "contract/rules.rs"]
mod rules;
#[path = "contract/set.rs"]
mod set;
#[path = "contract/set_ids.rs"]
mod set_ids;
#[path = "contract/starts.rs"]
mod starts;
#[path = "contract/state_name.rs"]
mod state_name;
#[path = "contract/table.rs"]
mod table;
#[path = "contract/variations.rs"]
mod variations;

use std::collections::{BTreeMap, BTreeSet};

use built_in::built_in;
use play::{keeps, whole, whole_with};
use standin::cli::features;
use standin::model::result::Run;
use standin::receiver::{self, Defect};
use tokio::sync::OnceCell;

/// The least number of shipped scenarios.
const SCENARIOS_AT_LEAST: usize = 300;

/// Whether to run everything, as CI does.
fn full() -> bool {
    std::env::var_os("FULL").is_some_and(|value| value == "1")
}

/// Whether to rewrite generated files.
fn update() -> bool {
    std::env::var_os("UPDATE").is_some_and(|value| value == "1")
}

/// The whole contract with this seed, played once for all tests.
async fn played(seed: usize) -> &'static Run {
    static RUNS: [OnceCell<Run>; 3] = [const { OnceCell::const_new() }; 3];
    RUNS[seed - 1].get_or_init(|| whole(seed as u64)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_receiver_passes_the_whole_contract() {
    for seed in [1, 2, 3] {
        let run = played(seed).await;
        keeps(run, &format!("seed {seed}"));
        let totals = run.totals();
        assert_eq!(totals.skipped, 0, "nothing is skipped against the reference receiver");
        assert!(totals.passed >= SCENARIOS_AT_LEAST, "{totals:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_queues_passes_the_whole_contract() {
    let text = built_in(&[("# queues: true", "queues: true\n  quiet_for: 400ms\n #")]);
    let queues = Some(std::time::Duration::from_millis(40));
    let options = receiver::Options { queues, ..receiver::Options::default() };
    let run = whole_with(options, &text, 5).await;
    keeps(&run, "a receiver that queues");
    let judged_first =
        run.scenarios().filter(|scenario| scenario.tags.iter().any(|tag| tag == "validates-first"));
    let skipped = run.totals().skipped;
    assert_eq!(skipped, judged_first.count(), "only what hangs on a refusal cannot be judged");
    assert!(skipped > 0 && run.totals().passed > 200, "{:?}", run.totals());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_holds_under_the_delivery_rules_of_other_senders() {
    for preset in ["standard-webhooks", "svix"] {
        let text = built_in(&[("  deliver:", &format!("  policy: {preset}\n    deliver:"))]);
        let run = whole_with(receiver::Options::default(), &text, 6).await;
        keeps(&run, preset);
        assert!(run.totals().passed > 200, "{preset}: {:?}", run.totals());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_of_some_triggers_is_checked_with_those() {
    let some =
        "deliver: { visit.created: /webhooks/waitwhile, visit.updated: /webhooks/waitwhile }";
    let text = built_in(&[("deliver: /webhooks/waitwhile", &format!("{some} #"))]);
    let run = whole_with(receiver::Options::default(), &text, 9).await;
    keeps(&run, some);
    let totals = run.totals();
    assert!(totals.passed > 300 && totals.skipped > 10, "{totals:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn scenarios_never_meet() {
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for scenario in played(1).await.scenarios() {
        for exchange in &scenario.exchanges {
            let owner = owners.entry(exchange.id.clone()).or_insert_with(|| scenario.name.clone());
            assert_eq!(*owner, scenario.name, "two scenarios share {}", exchange.id);
        }
    }
    assert!(owners.len() > SCENARIOS_AT_LEAST, "only {} subjects", owners.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_sends_the_same_bytes() {
    let bodies = |run: &Run| -> Vec<(String, Vec<String>)> {
        run.scenarios()
            .map(|scenario| {
                let bodies = scenario.exchanges.iter().map(|exchange| exchange.body.clone());
                (scenario.name.clone(), bodies.collect())
            })
            .collect()
    };
    let one = bodies(played(1).await);
    assert!(one.len() >= SCENARIOS_AT_LEAST, "only {} scenarios", one.len());
    let sent: usize = one.iter().map(|(_, bodies)| bodies.len()).sum();
    assert!(sent > 2 * one.len(), "only {sent} requests");
    assert_eq!(one, bodies(&whole(1).await));
    assert_ne!(one, bodies(played(2).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_reaches_a_report() {
    // One defect of each vendor, so that a report has failures of each.
    let broken = [Defect::CredentialsIgnored, Defect::SignatureIgnored, Defect::TokenIgnored];
    let options = play::receiver_with(BTreeSet::from(broken));
    let mut sources = features::shipped();
    sources.retain(|source| {
        ["credentials", "signatures", "token"].iter().any(|part| source.file.contains(part))
    });
    let run = play::some(&sources, options, standin::cli::settings::BUILT_IN, 7).await;
    assert!(run.totals().failed > 2, "{:?}", run.totals());
    let runs = [played(1).await, &run];
    for report in runs.into_iter().flat_map(reports) {
        for secret in ["key", "secret", "client-secret", "partner-secret", "expired-token"] {
            let secret = format!("standin-demo-{secret}");
            assert!(!report.contains(&secret), "{secret} is in a report");
        }
    }
    for report in reports(&run) {
        assert!(report.contains("token request"), "tokens were asked for");
        assert!(report.contains("***"));
    }
}

/// A run in every form in which it is reported.
fn reports(run: &Run) -> [String; 4] {
    [
        standin::report::json::render(run),
        standin::report::html::render(run),
        standin::report::junit::render(run, &BTreeMap::new()),
        format!("{run:?}"),
    ]
}
