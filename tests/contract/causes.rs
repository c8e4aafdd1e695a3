//! Failures that have something in common have one cause, which is said once.

use standin::cli::settings::BUILT_IN;
use standin::contract::Source;
use standin::model::result::Run;
use standin::receiver;

use crate::chosen_logins::{LOGINS, chosen, run};
use crate::gateway;
use crate::play::{self, features_of};

/// Features of Waitwhile before a gateway with this defect.
async fn waitwhile(defect: gateway::Defect, files: &[&str]) -> Run {
    let (text, login, _) = chosen(LOGINS[1]);
    let is_one = |source: &Source| files.iter().any(|file| source.file.contains(file));
    let sources = features_of("waitwhile").into_iter().filter(is_one).collect();
    run(&(text, login, sources), defect).await
}

/// What is said of the failures, and those of which nothing is said.
fn causes(run: &Run) -> (Vec<&str>, Vec<&str>) {
    let (mut said, mut alone) = (Vec::new(), Vec::new());
    for scenario in run.scenarios() {
        let Some(failure) = &scenario.failure else { continue };
        match failure.cause {
            Some(cause) => said.push(run.hints[cause].as_str()),
            None => alone.push(scenario.name.as_str()),
        }
    }
    (said, alone)
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_under_harmless_faults_have_the_cause_of_the_honest_ones() {
    let files = ["/acknowledgement.", "/request-forms.", "/corrupt-bodies."];
    let run = waitwhile(gateway::Defect::NotFound, &files).await;
    let (said, alone) = causes(&run);
    assert!(said.len() > 5 && said.iter().all(|one| one.contains("were answered with 404. Check")));
    assert!(alone.is_empty(), "{alone:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_keeps_some_locations_only_is_asked_for_their_ids() {
    let files = ["/lifecycles-waitlist.", "/lifecycles-booking.", "/fields."];
    let run = waitwhile(gateway::Defect::SomeLocations, &files).await;
    let (said, alone) = causes(&run);
    let asked = "Does it keep only what is about its own `location`, ";
    assert!(said.iter().filter(|one| one.contains(asked)).count() > 9, "{said:?} {alone:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_that_is_missed_after_the_same_webhook_is_one_cause() {
    let defects = [receiver::Defect::AcknowledgedAndForgotten].into();
    let text = BUILT_IN.replace("believes_within: 5s", "believes_within: 1s");
    let run = play::some(&features_of("ombori"), play::receiver_with(defects), &text, 5).await;
    let (said, alone) = causes(&run);
    let text = "after `positionCompleted`, which the receiver accepted, `status` of the probe `ombori.position` was not \
                completed in ";
    assert!(said.len() > 10 && said.iter().all(|one| one.starts_with(text)), "{said:?}");
    assert!(alone.len() < 5, "{alone:?}");
}
