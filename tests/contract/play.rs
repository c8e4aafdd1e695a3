//! Plays shipped features against a reference receiver of its own, as `standin check` does.

use std::collections::{BTreeMap, BTreeSet};

use standin::cli::features;
use standin::cli::settings::{self, Overrides};
use standin::contract::Source;
use standin::contract::run::Options;
use standin::contract::{Selection, check, plan};
use standin::model::Secret;
use standin::model::result::Run;
use standin::model::tolerance::Tolerance;
use standin::receiver::{self, Defect};

use crate::assertions;

/// A receiver with these defects.
pub fn receiver_with(defects: BTreeSet<Defect>) -> receiver::Options {
    receiver::Options { defects, ..receiver::Options::default() }
}

/// The shipped features of a vendor.
pub fn features_of(vendor: &str) -> Vec<Source> {
    let folder = format!("features/{vendor}/");
    let mut sources = features::shipped();
    sources.retain(|source| source.file.starts_with(&folder));
    assert!(!sources.is_empty(), "no shipped feature of {vendor}");
    sources
}

/// The whole contract with the built-in settings, against a receiver without a defect.
pub async fn whole(seed: u64) -> Run {
    whole_with(receiver::Options::default(), settings::BUILT_IN, seed).await
}

/// The whole contract against a receiver with these options, under these settings.
pub async fn whole_with(options: receiver::Options, text: &str, seed: u64) -> Run {
    some(&features::shipped(), options, text, seed).await
}

/// These features against a receiver with these options, under these settings.
pub async fn some(sources: &[Source], options: receiver::Options, text: &str, seed: u64) -> Run {
    some_from(sources, options, text, (seed, Overrides::default())).await
}

/// The same, with arguments of the command line.
pub async fn some_from(
    sources: &[Source],
    options: receiver::Options,
    text: &str,
    (seed, overrides): (u64, Overrides),
) -> Run {
    let (headers, waitwhile, doo) = logins();
    let waitwhile_assertions = Some(assertions::wanted());
    let options = receiver::Options { headers, waitwhile, waitwhile_assertions, doo, ..options };
    let running = receiver::start(options).await.expect("a free port");
    let overrides = Overrides { target: Some(running.url.clone()), ..overrides };
    let run = play(sources, text, (seed, overrides)).await;
    running.stop().await;
    run
}

/// How the vendors of the built-in settings log in.
pub fn logins() -> (BTreeMap<String, Secret>, Option<receiver::Signing>, Option<receiver::OAuth>) {
    let headers = BTreeMap::from([("X-Api-Key".to_owned(), Secret::new("standin-demo-key"))]);
    let secret = Secret::new("standin-demo-secret");
    let waitwhile = Some(receiver::Signing { secret, url: None });
    (headers, waitwhile, Some(standin::cli::receiver::oauth()))
}

/// These features against a receiver at this URL, under these settings.
pub async fn against(url: &str, text: &str, sources: &[Source], seed: u64) -> Run {
    let overrides = Overrides { target: Some(url.to_owned()), ..Overrides::default() };
    play(sources, text, (seed, overrides)).await
}

async fn play(sources: &[Source], text: &str, (seed, overrides): (u64, Overrides)) -> Run {
    let mut subject =
        settings::read(standin::vendors::registry::shipped(), "standin.yaml", text, &overrides)
            .expect("right settings");
    // A rule that is only good practice counts here, too.
    subject.tolerance = Tolerance::none();
    let plans = plan::read(sources, &Selection { seed, ..Selection::default() }, &subject)
        .unwrap_or_else(|problems| panic!("{}", problems[0]));
    let options = Options::new(seed);
    let run = check(subject, plans, &options, std::future::pending(), |_| {}).await;
    speak_up();
    run
}

/// Shows panics again. The runner silences them while it runs, and of two runs at the same time the
/// later one leaves them silenced.
pub fn speak_up() {
    drop(std::panic::take_hook());
}

/// What failed, and why.
pub fn failures(run: &Run) -> Vec<String> {
    run.scenarios()
        .filter_map(|scenario| {
            let failure = scenario.failure.as_ref()?;
            Some(format!("{}: {} ({failure:?})", scenario.name, failure.message))
        })
        .collect()
}

/// Asserts that nothing failed.
#[track_caller]
pub fn keeps(run: &Run, under: &str) {
    let failures = failures(run);
    speak_up();
    assert!(failures.is_empty(), "{under}:\n{}", failures.join("\n"));
}
