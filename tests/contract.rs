//! The contract is itself tested: the reference receiver keeps all of it, and every defect that it
//! can be told to have is caught by at least one scenario.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use standin::cli::settings::{self, Overrides};
use standin::cli::{errors, features};
use standin::contract::read::Source;
use standin::contract::run::Options;
use standin::contract::{Selection, check, read};
use standin::model::Secret;
use standin::model::result::{Run, Verdict};
use standin::receiver::{self, Defect, defects};
use standin::vendors::registry;

/// Long enough for a busy machine, short enough for the defect that never answers in time.
const ACK_WITHIN: &str = "ack_within: 800ms";

struct Outcome {
    run: Run,
}

/// Runs the shipped contract against a receiver with these defects.
async fn run(defects: BTreeSet<Defect>, seed: u64) -> Outcome {
    let options = receiver::Options { defects, ..receiver::Options::default() };
    run_with(options, &impatient(), seed).await
}

/// The built-in settings, with less time for the receiver.
fn impatient() -> String {
    settings::BUILT_IN
        .replace("ack_within: 5s", ACK_WITHIN)
        .replace("believes_within: 5s", "believes_within: 300ms")
}

/// Runs the shipped contract against a receiver with these options, under these settings.
async fn run_with(options: receiver::Options, text: &str, seed: u64) -> Outcome {
    run_features(&features::shipped(), options, text, seed, false).await
}

/// Runs these features, to the end or until the first failure.
async fn run_features(
    sources: &[Source],
    options: receiver::Options,
    text: &str,
    seed: u64,
    until_first_failure: bool,
) -> Outcome {
    let header = BTreeMap::from([("X-Api-Key".to_owned(), Secret::new("standin-demo-key"))]);
    let secret = Secret::new("standin-demo-secret");
    let waitwhile = Some(receiver::Signing { secret, url: None });
    let doo = Some(standin::cli::receiver::oauth());
    let options = receiver::Options { headers: header, waitwhile, doo, ..options };
    let running = receiver::start(options).await.expect("a free port");
    let overrides = Overrides { target: Some(running.url.clone()), ..Overrides::default() };
    let subject = settings::read(registry::shipped(), "standin.yaml", text, &overrides)
        .expect("built-in settings");
    let plans = read::read(sources, &Selection { seed, ..Selection::default() }, &subject)
        .unwrap_or_else(|problems| panic!("{}", problems[0]));
    let options = Options { seed, jobs: 16, repeat: String::new(), again: String::new() };
    let enough = Arc::new(tokio::sync::Notify::new());
    let stop = {
        let enough = Arc::clone(&enough);
        async move { enough.notified().await }
    };
    let run = check(subject, sources, plans, &options, stop, |progress| {
        if until_first_failure && progress.failed > 0 {
            enough.notify_one();
        }
    })
    .await;
    running.stop().await;
    Outcome { run }
}

impl Outcome {
    fn failures(&self) -> Vec<String> {
        self.run
            .scenarios()
            .filter_map(|scenario| {
                let failure = scenario.failure.as_ref()?;
                Some(format!("{}: {} ({failure:?})", scenario.name, failure.message))
            })
            .collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_receiver_keeps_the_whole_contract() {
    for seed in [1, 2, 3] {
        let outcome = run(BTreeSet::new(), seed).await;
        let failures = outcome.failures();
        assert!(failures.is_empty(), "seed {seed}:\n{}", failures.join("\n"));
        let totals = outcome.run.totals();
        assert_eq!(totals.skipped, 0, "nothing is skipped against the reference receiver");
        assert!(totals.passed > 100, "{totals:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_queues_keeps_the_whole_contract() {
    let text = settings::BUILT_IN.replace("# queues: true", "queues: true\n  quiet_for: 400ms\n #");
    let queues = Some(std::time::Duration::from_millis(40));
    let options = receiver::Options { queues, ..receiver::Options::default() };
    let outcome = run_with(options, &text, 5).await;
    let failures = outcome.failures();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let judged_first = outcome
        .run
        .scenarios()
        .filter(|scenario| scenario.tags.iter().any(|tag| tag == "validates-first"));
    let skipped = outcome.run.totals().skipped;
    assert_eq!(skipped, judged_first.count(), "only what hangs on a refusal cannot be judged");
    assert!(skipped > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_holds_under_the_delivery_rules_of_other_senders() {
    for preset in ["standard-webhooks", "svix"] {
        let rules = format!("  policy: {preset}\n    deliver:");
        let text = settings::BUILT_IN.replace("  deliver:", &rules);
        let outcome = run_with(receiver::Options::default(), &text, 6).await;
        let failures = outcome.failures();
        assert!(failures.is_empty(), "{preset}:\n{}", failures.join("\n"));
    }
}

/// Settings that decide what is not known of a vendor, or that change what happens by itself: under
/// each a right receiver is right, and what cannot be asked then is skipped.
const OF_WAITWHILE: &[&[&str]] = &[
    &["disable_after: 7d", "waitlist_sync: 15m", "failed_state: UNDELIVERED"],
    &["disable_after: 1d", "hold_fires: nothing", "message_takes: 1h"],
    &["disable_after: off", "hold_expiry_fires: nothing", "message_takes: off"],
    &["retries: []", "time_zone: Asia/Kathmandu", "no_show_tag: NO-SHOW"],
    &["retries: [1d, 1d, 1d]", "expires_after: 10m", "messages: none"],
    &["auto_complete: 1m", "hold: 1m", "undelivered: 100%"],
    &["estimates_fire: always", "slot: 2h", "profile: \"2024\""],
];
const OF_DOO: &[&[&str]] = &[
    &["done_fires: event_updated", "time_zone: Asia/Kathmandu", "date_format: ISO 8601"],
    &["cancellation_fires: order_updated", "prices: net", "questions: booker"],
    &["cancellation_fires: \"order_updated, order_cancelled\"", "checkin_fires: nothing"],
    &["retries: []", "attendee_triggers: \"attendee_pending, attendee_checkin\""],
    &["retries: [1d, 1d, 1d]", "retry_jitter: 0.5", "dead_letters: false"],
    &["prices: free", "approval: \"on\"", "external_user_id: none"],
    &["capacity: 1", "coupon_euros: 1000", "fee_cents: 0", "starts_in: 1h"],
    &["ordering: global", "prefilled: 100%"],
];

/// The built-in settings with these lines at the beginning of a vendor's section.
fn set(vendor: &str, some: &[&str]) -> String {
    let begin = format!("\n  {vendor}:\n");
    let (before, after) = settings::BUILT_IN.split_once(&begin).expect("the vendor's section");
    format!("{before}{begin}    {}\n{after}", some.join("\n    "))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_receiver_is_right_whatever_the_vendor_is_set_to() {
    let mut wrong = Vec::new();
    for (vendor, settings) in [("waitwhile", OF_WAITWHILE), ("doo", OF_DOO)] {
        let mut sources = features::shipped();
        sources.retain(|source| source.file.starts_with(&format!("features/{vendor}/")));
        for some in settings {
            let text = set(vendor, some);
            let outcome = run_features(&sources, Default::default(), &text, 9, false).await;
            wrong.extend(outcome.failures().into_iter().map(|why| format!("{some:?}: {why}")));
            let totals = outcome.run.totals();
            assert!(totals.passed > 40, "{some:?}: {totals:?}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_receiver_is_right_however_its_tokens_are_used() {
    let mut sources = features::shipped();
    sources.retain(|source| source.file.starts_with("features/doo/"));
    for usage in ["token_use: cached", "token_use: cached\n      margin: 2h"] {
        let oauth = format!("oauth:\n      {usage}\n      # ");
        let text = settings::BUILT_IN.replace("oauth: ", &oauth);
        assert!(text.contains(usage));
        let outcome = run_features(&sources, Default::default(), &text, 9, false).await;
        let failures = outcome.failures();
        assert!(failures.is_empty(), "{usage}:\n{}", failures.join("\n"));
        assert_eq!(outcome.run.totals().skipped, 0, "{usage}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_takes_only_some_webhooks_is_held_to_those() {
    let some =
        "deliver: { visit.created: /webhooks/waitwhile, visit.updated: /webhooks/waitwhile }";
    let text = settings::BUILT_IN.replace("deliver: /webhooks/waitwhile", &format!("{some} #"));
    let outcome = run_with(receiver::Options::default(), &text, 9).await;
    let failures = outcome.failures();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let totals = outcome.run.totals();
    assert!(totals.passed > 300 && totals.skipped > 10, "{totals:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn scenarios_never_meet() {
    let outcome = run(BTreeSet::new(), 8).await;
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for scenario in outcome.run.scenarios() {
        for exchange in &scenario.exchanges {
            let owner = owners.entry(exchange.id.clone()).or_insert_with(|| scenario.name.clone());
            assert_eq!(*owner, scenario.name, "two scenarios share {}", exchange.id);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_defect_is_caught_by_some_scenario() {
    let mut missed = Vec::new();
    for defect in defects() {
        let folder = format!("features/{}/", defect.vendor());
        let mut sources = features::shipped();
        sources.retain(|source| source.file.starts_with(&folder));
        let defects = BTreeSet::from([*defect]);
        let options = receiver::Options { defects, ..receiver::Options::default() };
        let outcome = run_features(&sources, options, &impatient(), 7, true).await;
        let caught = outcome.run.scenarios().any(|scenario| {
            scenario.verdict == Verdict::Failed
                && scenario
                    .failure
                    .as_ref()
                    .is_some_and(|failure| !failure.internal && !failure.unreachable)
        });
        if !caught {
            missed.push(defect.name());
        }
    }
    assert!(missed.is_empty(), "no scenario catches {missed:?}");
    for vendor in registry::shipped().names() {
        let known = defects().iter().filter(|defect| defect.vendor() == vendor).count();
        assert!(known >= 12, "only {known} defects for {vendor}");
    }
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
    let one = run(BTreeSet::new(), 42).await;
    let other = run(BTreeSet::new(), 42).await;
    let another = run(BTreeSet::new(), 43).await;
    assert_eq!(bodies(&one.run), bodies(&other.run));
    assert_ne!(bodies(&one.run), bodies(&another.run));
}

#[test]
fn no_secret_reaches_a_report() {
    assert_eq!(errors::USAGE, 2);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let outcome = runtime.block_on(run(BTreeSet::from([defects()[0]]), 7));
    let reports = [
        standin::report::json::render(&outcome.run),
        standin::report::html::render(&outcome.run),
        standin::report::junit::render(&outcome.run, &BTreeMap::new()),
        format!("{:?}", outcome.run),
    ];
    for report in reports {
        for secret in ["key", "secret", "client-secret", "partner-secret", "expired-token"] {
            let secret = format!("standin-demo-{secret}");
            assert!(!report.contains(&secret), "{secret} is in a report");
        }
        assert!(report.contains("token request"), "tokens were asked for");
        assert!(report.contains("***"));
    }
}
