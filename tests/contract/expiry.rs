//! Expired tokens without `expired_token` in standin.yaml: a short life is waited for, a long one is not
//! judged.

use std::collections::BTreeSet;
use std::time::Duration;

use standin::cli::settings::{self, Overrides};
use standin::contract::run::Options;
use standin::contract::{Selection, check, plan};
use standin::model::result::{Run, ScenarioResult, Verdict};
use standin::receiver::{self, Defect};

use crate::built_in::built_in;
use crate::play::{failures, features_of, keeps, speak_up};

const GIVEN: &str = "expired_token: \"${DOO_EXPIRED_TOKEN:-standin-demo-expired-token}\"";

/// What became of a run, and what was said while it went on.
struct Played {
    run: Run,
    notices: Vec<String>,
    ended: Vec<String>,
}

/// doo's webhooks with wrong tokens, one scenario at a time, against a receiver whose tokens live this
/// long.
async fn play(lives: Duration, defect: Option<Defect>, oauth: &str) -> Played {
    let doo = receiver::OAuth { token_lifetime: lives, ..standin::cli::receiver::oauth() };
    let options = receiver::Options {
        defects: defect.into_iter().collect::<BTreeSet<_>>(),
        doo: Some(doo),
        ..receiver::Options::default()
    };
    let running = receiver::start(options).await.expect("a free port");
    let overrides = Overrides { target: Some(running.url.clone()), ..Overrides::default() };
    let text = built_in(&[(GIVEN, oauth)]);
    let registry = standin::vendors::registry::shipped();
    let subject =
        settings::read(registry, "standin.yaml", &text, &overrides).expect("right settings");
    let mut sources = features_of("doo");
    sources.retain(|source| source.file.ends_with("token-refusals.feature"));
    let plans = plan::read(&sources, &Selection::default(), &subject).expect("no mistake");
    let options = Options { jobs: 1, ..Options::new(0) };
    let (mut notices, mut ended) = (Vec::new(), Vec::new());
    let run = check(subject, plans, &options, std::future::pending(), |progress| {
        notices.extend(progress.notices.clone());
        ended.push(progress.name.clone());
    })
    .await;
    speak_up();
    running.stop().await;
    Played { run, notices, ended }
}

fn about_expiry(run: &Run) -> Vec<&ScenarioResult> {
    let all = run.scenarios();
    let found: Vec<_> = all.filter(|one| one.name.contains("an expired token")).collect();
    assert_eq!(found.len(), 2);
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_lives_shortly_is_used_after_it_has_expired_and_nobody_waits_for_it() {
    let Played { run, notices, ended } = play(Duration::from_secs(1), None, "").await;
    keeps(&run, "a token that lives for a second");
    assert_eq!(run.totals().skipped, 0, "{:?}", run.totals());
    let said = "doo: a token of the receiver lives 1 s; 2 scenarios wait 2 s until one has expired, \
                while the others run";
    assert_eq!(notices, [said]);
    assert!(run.took >= Duration::from_secs(2), "{:?}", run.took);
    let wait = "waiting until a token has expired";
    let place = ended.iter().position(|name| name == wait).expect("it says that it waits");
    let late = &ended[place + 1..];
    assert_eq!(late.len(), about_expiry(&run).len(), "all others come first: {ended:?}");
    assert!(late.iter().all(|name| name.contains("an expired token")), "{late:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_accepts_expired_tokens_is_found_by_waiting() {
    let defect = Defect::ExpiredTokenAccepted;
    let Played { run, .. } = play(Duration::from_secs(1), Some(defect), "").await;
    for one in about_expiry(&run) {
        assert!(one.failure.is_some(), "{}: {:?}", one.name, one.verdict);
    }
    assert_eq!(failures(&run).len(), 2, "{:?}", failures(&run));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_lives_long_is_not_judged_and_says_what_to_configure() {
    let hour = Duration::from_secs(3600);
    for (lives, oauth, why) in [
        (
            hour,
            "",
            "the receiver's tokens live 3600 s, and at most 10 s are awaited; give \
             `oauth.expired_token`, shorten the life of tokens for the test, or raise \
             `oauth.await_expiry`",
        ),
        (
            Duration::from_secs(1),
            "await_expiry: 0s",
            "standin.yaml gives no `oauth.expired_token` for this vendor",
        ),
    ] {
        let Played { run, notices, .. } = play(lives, None, oauth).await;
        assert!(notices.is_empty(), "{notices:?}");
        for one in about_expiry(&run) {
            assert_eq!(one.verdict, Verdict::Skipped(why.to_owned()));
        }
    }
}
