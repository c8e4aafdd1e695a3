//! Tries failures once more: alone, and what passes alone once more beside others. A failure that does
//! not come again stays a failure, and says so.
//!
//! It is the same story with other ids, since the receiver has met the first ones. It leaves out what
//! has a cause already, what is known, and what says nothing of the receiver.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::batch::{Batch, Ground};
use super::cause::tokens;
use super::evidence::Evidence;
use super::meanwhile::{Meanwhile, Next, Stopped};
use super::part::{Outcomes, Purpose, ScenarioOutcome};
use super::plan::{Key, Plan, in_turn, played};
use super::turns::Turn;
use crate::clock::Stopwatch;
use crate::model::Authentication;
use crate::model::result::{FeatureResult, Recurrence, ScenarioResult, Verdict};
use crate::text::counted;

/// How many failures are tried again, the first ones.
const MOST: usize = 20;
/// How long scenarios are tried alone, and then beside others. No more are begun after that.
const LONGEST: Duration = Duration::from_secs(20);

/// What failures are tried again on.
pub struct Again<'a> {
    /// Where the run was played.
    pub ground: &'a Ground,
    /// All its scenarios.
    pub plans: &'a [Plan],
    /// How many were played at the same time.
    pub jobs: usize,
    /// Where the receiver accepted honest requests.
    pub evidence: &'a Evidence,
}

impl Again<'_> {
    /// Tries the failures of a run again, and notes in each whether it came again. What is to be said of them joins
    /// the texts. `progress` gets the name of each scenario that has ended.
    pub async fn note(
        &self,
        features: &mut [FeatureResult],
        texts: &mut Vec<String>,
        meanwhile: &mut Meanwhile<impl Future<Output = Stopped>>,
        progress: impl FnMut(String),
    ) {
        let left_out = self.note_each(features, meanwhile, progress).await;
        self.of_shared_clients(features, texts);
        texts.extend(left_out);
    }

    /// Returns how many were left out, as a sentence. `None` if there are none, or if the run is to end.
    async fn note_each(
        &self,
        features: &mut [FeatureResult],
        meanwhile: &mut Meanwhile<impl Future<Output = Stopped>>,
        mut progress: impl FnMut(String),
    ) -> Option<String> {
        let failed = self.worth_it(features);
        let chosen: BTreeSet<Key> = failed.iter().take(MOST).copied().collect();
        let alone = self.play((chosen, 1, "again, alone"), meanwhile, &mut progress).await?;
        let came = |outcomes: &Outcomes, key: &Key, step: usize| {
            let outcomes = outcomes.borrow();
            let exchanges = outcomes.values().flat_map(|one| &one.exchanges);
            let evidence = self.evidence.clone().and(exchanges);
            outcomes.get(key).and_then(|one| came_again(one, step, &evidence))
        };
        let mut passed = BTreeSet::new();
        let tried = alone.borrow().len();
        for key in failed.iter().take(MOST) {
            let Some(step) = failing_step(self.plans, features, key) else { continue };
            let recurrence = match came(&alone, key, step) {
                None => continue,
                Some(true) => Recurrence::FailedAgain,
                // Until it has failed beside others again.
                Some(false) => {
                    passed.insert(*key);
                    Recurrence::Flaky
                }
            };
            mark(self.plans, features, key, recurrence);
        }
        let beside = (self.with_neighbours(&passed), self.jobs, "again, beside others");
        if self.jobs > 1 && beside.0.len() > 1 {
            let outcomes = self.play(beside, meanwhile, &mut progress).await?;
            for key in &passed {
                let step = failing_step(self.plans, features, key);
                if step.is_some_and(|step| came(&outcomes, key, step) == Some(true)) {
                    mark(self.plans, features, key, Recurrence::OnlyBesideOthers);
                }
            }
        }
        left_out(failed.len() - tried)
    }

    /// Notes the cause of failures of vendors with tokens that did not come again, and of which a webhook with a right
    /// token was refused: their scenarios share a client.
    fn of_shared_clients(&self, features: &mut [FeatureResult], texts: &mut Vec<String>) {
        for vendor in self.ground.under_test.target.vendors.values() {
            let Authentication::Token(oauth) = &vendor.policy.authentication else { continue };
            let catalogue = vendor.vendor.catalogue();
            let scenarios = features.iter_mut().flat_map(|feature| &mut feature.scenarios);
            let of_vendor = scenarios.filter(|one| one.vendor == Some(catalogue.vendor));
            let (mut known, mut passed_alone) = (None, Vec::new());
            for one in of_vendor {
                let refused =
                    one.exchanges.iter().any(|it| it.fault.is_none() && it.status == Some(401));
                let Some(failure) = &mut one.failure else { continue };
                let is_of_tokens = |cause: &usize| texts[*cause].contains(tokens::REFUSED);
                known = known.or(failure.cause.filter(is_of_tokens));
                let recurrence = failure.recurrence;
                if refused && recurrence.is_some_and(|it| it != Recurrence::FailedAgain) {
                    passed_alone.push(failure);
                }
            }
            if passed_alone.is_empty() {
                continue;
            }
            let cause = known.unwrap_or(texts.len());
            let failed = counted(passed_alone.len() as u64, "scenario");
            passed_alone.into_iter().for_each(|failure| failure.cause = Some(cause));
            if known.is_none() {
                texts.push(format!(
                    "{}: {failed} that passed alone had 401 for a token of the client {}, which all scenarios share. \
                     Does a new token void the one before? `--jobs 1` plays one scenario at a time",
                    catalogue.title, oauth.client.id
                ));
            }
        }
    }

    /// The failures that are worth another try, in the order of the files.
    fn worth_it(&self, features: &[FeatureResult]) -> Vec<Key> {
        // What the receiver knows of something whose id is set is newer by now.
        let beside = in_turn(self.plans, Turn::Beside);
        let all = scenarios(self.plans, features);
        let worth = all.filter(|(key, one)| {
            beside.contains(key)
                && matches!(one.verdict, Verdict::Failed | Verdict::Warned)
                && one.failure.as_ref().is_some_and(|failure| {
                    failure.cause.is_none() && !failure.unreachable && !failure.internal
                })
        });
        worth.map(|(key, _)| key).collect()
    }

    /// Plays these scenarios with ids for this purpose. `None`: the run is to end.
    async fn play(
        &self,
        (chosen, jobs, purpose): (BTreeSet<Key>, usize, &'static str),
        meanwhile: &mut Meanwhile<impl Future<Output = Stopped>>,
        progress: &mut impl FnMut(String),
    ) -> Option<Outcomes> {
        let outcomes = Outcomes::default();
        if chosen.is_empty() {
            return Some(outcomes);
        }
        let watch = Stopwatch::start();
        let batch = Batch {
            plans: self.plans,
            chosen,
            jobs,
            purpose: Purpose::Again(purpose),
            tokens: Arc::default(),
        };
        let mut names = Box::pin(self.ground.play(&batch, &outcomes));
        loop {
            match meanwhile.next(&mut names).await {
                Next::Item((_, name)) => progress(format!("{purpose}: {name}")),
                Next::Over => break,
                Next::Stopped(_) => return None,
            }
            if watch.elapsed() >= LONGEST {
                break;
            }
        }
        drop(names);
        Some(outcomes)
    }

    /// These scenarios, and those that are played with them if the order is that of the files: as many
    /// before and after each as are played at the same time.
    fn with_neighbours(&self, chosen: &BTreeSet<Key>) -> BTreeSet<Key> {
        let all: Vec<Key> = played(self.plans).collect();
        let places = all.iter().enumerate().filter(|(_, key)| chosen.contains(key));
        let ranges = places.map(|(place, _)| {
            place.saturating_sub(self.jobs)..all.len().min(place.saturating_add(self.jobs) + 1)
        });
        ranges.flat_map(|range| all[range].iter().copied()).collect()
    }
}

/// Whether a failure at this step came again. `None`: this try says nothing about it.
fn came_again(outcome: &ScenarioOutcome, step: usize, evidence: &Evidence) -> Option<bool> {
    match &outcome.failure {
        Some(failure) if failure.unreachable || failure.internal => None,
        Some(_) => Some(true),
        None if outcome.unjudged.contains_key(&step) => None,
        None if evidence.lacks(&outcome.exchanges).is_some() => None,
        None => Some(false),
    }
}

fn scenarios<'a>(
    plans: &'a [Plan],
    features: &'a [FeatureResult],
) -> impl Iterator<Item = (Key, &'a ScenarioResult)> {
    plans.iter().zip(features).enumerate().flat_map(|(place, (plan, feature))| {
        let keys = plan.scenarios.iter().map(move |one| one.key(place));
        keys.zip(&feature.scenarios)
    })
}

fn failing_step(plans: &[Plan], features: &[FeatureResult], key: &Key) -> Option<usize> {
    let (_, scenario) = scenarios(plans, features).find(|(one, _)| one == key)?;
    scenario.failure.as_ref().map(|failure| failure.step)
}

fn mark(plans: &[Plan], features: &mut [FeatureResult], key: &Key, recurrence: Recurrence) {
    let Some(feature) = features.get_mut(key.0) else { return };
    let plan = plans.get(key.0).into_iter().flat_map(|plan| &plan.scenarios);
    let both = plan.zip(&mut feature.scenarios);
    let failures = both.filter(|(one, _)| one.key(key.0) == *key);
    for failure in failures.filter_map(|(_, scenario)| scenario.failure.as_mut()) {
        failure.recurrence = Some(recurrence);
    }
}

/// What is said of failures that were not tried again.
fn left_out(count: usize) -> Option<String> {
    let were = if count == 1 { "failure was" } else { "failures were" };
    (count > 0).then(|| {
        format!(
            "{count} {were} not tried again alone: that ends after {MOST} failures or {} s",
            LONGEST.as_secs()
        )
    })
}
