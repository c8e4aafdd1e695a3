//! A bug of ours does not cost what was judged until then.

use standin::cli::settings::{self, Overrides};
use standin::contract::run::Options;
use standin::contract::{Selection, check, plan};
use standin::model::result::Verdict;
use standin::receiver;

use crate::play::{features_of, speak_up};

#[tokio::test(flavor = "multi_thread")]
async fn a_bug_that_ends_a_run_leaves_what_was_judged() {
    let running = receiver::start(receiver::Options::default()).await.expect("a free port");
    let overrides = Overrides { target: Some(running.url.clone()), ..Overrides::default() };
    let registry = standin::vendors::registry::shipped();
    let subject = settings::read(registry, "standin.yaml", settings::BUILT_IN, &overrides)
        .expect("right settings");
    let plans = plan::read(&features_of("ombori"), &Selection::default(), &subject)
        .unwrap_or_else(|problems| panic!("{}", problems[0]));
    let run = check(subject, plans, &Options::new(0), std::future::pending(), |progress| {
        assert!(progress.done < 5, "the bug");
    })
    .await;
    speak_up();
    running.stop().await;
    assert!(run.bug && run.interrupted);
    assert!(run.hints.iter().any(|hint| hint.starts_with("A bug in Standin ended the run")));
    let judged = run.scenarios().filter(|one| !matches!(one.verdict, Verdict::Skipped(_)));
    assert!(judged.count() >= 5);
    let left = run.scenarios().filter(
        |one| matches!(&one.verdict, Verdict::Skipped(why) if why.starts_with("a bug in Standin")),
    );
    assert!(left.count() > 20);
}
