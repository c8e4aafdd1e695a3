//! Runs plans and gives each scenario its verdict.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::Arc;

use futures::{FutureExt as _, Stream, StreamExt as _, future, stream};

use super::again::Again;
use super::batch::{Batch, Ground};
use super::cause::explain;
use super::evidence::Evidence;
use super::expiry::Awaited;
use super::meanwhile::{self, Meanwhile, Next, Stopped};
pub use super::options::{Limit, Options, Readings, WhenFailed, WhenHopeless};
use super::part::{Outcomes, Purpose, ScenarioOutcome};
use super::plan::{Key, Plan, ScenarioPlan, in_turn, played};
use super::probed::Shown;
use super::scenario::PlannedStep;
use super::shared_tokens::SharedTokens;
use super::turns::Turn;
use super::unjudged;
use super::verdict::{Counted, Listed};
use super::words::ParsedStep;
use crate::clock::{Stopwatch, wall_clock};
use crate::driver::api_router::ApiRouter;
use crate::model::result::{FeatureResult, Run, ScenarioResult, StepResult, StepState, Verdict};
use crate::probe::ProbeReading;
use crate::text::shell;
use crate::under_test::UnderTest;

/// Why a run ended before its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    Interrupted,
    OutOfTime,
    /// As many scenarios failed as were allowed.
    Failures,
    /// A bug in Standin ended it.
    Bug,
}

impl Ended {
    /// Why a scenario did not end.
    fn reason(self) -> &'static str {
        match self {
            Self::Interrupted => "the run was interrupted before this scenario ended",
            Self::OutOfTime => "the time limit of the run was reached before this scenario ended",
            Self::Failures => "the run ended before this scenario",
            Self::Bug => "a bug in Standin ended the run before this scenario ended",
        }
    }
}

/// The progress of a run.
pub struct Progress {
    /// Scenarios that have ended.
    pub done: usize,
    /// Scenarios that have failed.
    pub failed: usize,
    /// All scenarios that are run (skipped ones are not).
    pub all: usize,
    /// The name of the one that has just ended, or what is done now.
    pub name: String,
    /// What a user must know before the first one begins.
    pub notices: Vec<String>,
}

/// Runs the plans against the receiver. Ends early when `stop` resolves, or when it has taken as long as it
/// may, with the results so far.
pub async fn check(
    mut under_test: UnderTest,
    mut plans: Vec<Plan>,
    options: &Options,
    stop: impl Future<Output = ()>,
    mut progress: impl FnMut(&Progress),
) -> Run {
    let watch = Stopwatch::start();
    let started = wall_clock();
    let apis = under_test.apis.take().map(|calls| (Rc::new(ApiRouter::default()), calls));
    let router = apis.as_ref().map(|(router, _)| Rc::clone(router));
    let mut meanwhile =
        Meanwhile::new(apis, meanwhile::end(stop, options.longest.map(Limit::length)));
    let awaited = meanwhile.until(Awaited::request(&mut under_test, &mut plans)).await;
    let awaited = awaited.unwrap_or_default();
    let tokens = meanwhile.until(SharedTokens::request(&under_test.target, &plans)).await;
    let tokens = Arc::new(tokens.unwrap_or_default());
    let ground = Ground::new(under_test, router, options);
    let outcomes = Outcomes::default();
    let counted = Counted::new(&ground.under_test.tolerance, &started);
    let all = played(&plans).count();
    let mut state = Progress { done: 0, failed: 0, all, name: String::new(), notices: vec![] };
    state.notices.clone_from(&awaited.notices);
    progress(&state);
    state.notices.clear();
    let places = (&ground, &plans[..], &outcomes, &counted);
    let played =
        play(places, (options, &awaited, &tokens), &mut meanwhile, (&mut state, &mut progress));
    // What is known when a bug ends the run is reported all the same.
    let ended = AssertUnwindSafe(played).catch_unwind().await.unwrap_or(Some(Ended::Bug));
    let mut outcomes = outcomes.take();
    let gave_up = gave_up(&ground, &outcomes);
    let evidence = Evidence::of(outcomes.values().flat_map(|outcome| &outcome.exchanges));
    let listed = Listed::of(&plans);
    let shown = Shown::all(outcomes.values_mut().map(|outcome| &mut outcome.shown));
    let mut features: Vec<FeatureResult> = plans
        .iter()
        .enumerate()
        .map(|(place, plan)| feature(place, plan, (options, ended), &mut outcomes, &evidence))
        .collect();
    let target = &ground.under_test.target;
    let mut hints = causes(&ground, &mut features, &shown);
    counted.judge(&listed, &mut features);
    if ended.is_none() && options.failures == WhenFailed::TryAgain {
        let (ground, plans, jobs, evidence) = (&ground, &plans[..], options.jobs, &evidence);
        let again = Again { ground, plans, jobs, evidence };
        let named = |name| {
            state.name = name;
            progress(&state);
        };
        again.note(&mut features, &mut hints, &mut meanwhile, named).await;
    }
    hints.extend(said_of_end(ended, options, &state));
    let mut warnings = unjudged::warnings(judged_so_far(ended, &features));
    warnings.extend(counted.notes(options.scope, &listed, &features));
    Run {
        version: env!("CARGO_PKG_VERSION"),
        took: watch.elapsed(),
        target: target.url.clone(),
        seed: options.seed,
        repeat: options.repeat.clone(),
        interrupted: ended.is_some() || gave_up,
        bug: ended == Some(Ended::Bug),
        warnings,
        hints,
        features,
        started: started.clone(),
    }
}

/// The scenarios that a run was to judge. One that ends after some failures is not to judge the rest.
fn judged_so_far(
    ended: Option<Ended>,
    features: &[FeatureResult],
) -> impl Iterator<Item = &ScenarioResult> {
    let all = features.iter().flat_map(|feature| &feature.scenarios);
    let is_rest = |one: &ScenarioResult| match &one.verdict {
        Verdict::Skipped(why) => *why == Ended::Failures.reason(),
        _ => false,
    };
    all.filter(move |one| ended != Some(Ended::Failures) || !is_rest(one))
}

/// What failures have in common, each said once. It is noted in them.
fn causes(ground: &Ground, features: &mut [FeatureResult], shown: &Shown) -> Vec<String> {
    let target = &ground.under_test.target;
    let mut texts = ground.lookout.fallen_silent(target, features);
    explain(&ground.under_test, features, shown, &mut texts);
    ground.lookout.never_heard(target, features, &mut texts);
    texts
}

/// Whether something was left out since it would have shown nothing new.
fn gave_up(ground: &Ground, outcomes: &BTreeMap<Key, ScenarioOutcome>) -> bool {
    outcomes.values().any(|outcome| outcome.given_up.is_some())
        || ground.lookout.left_something_out()
}

/// Plays everything once. Returns why it ended early, if it did.
async fn play(
    (ground, plans, outcomes, counted): (&Ground, &[Plan], &Outcomes, &Counted<'_>),
    (options, awaited, tokens): (&Options, &Awaited, &Arc<SharedTokens>),
    meanwhile: &mut Meanwhile<impl Future<Output = Stopped>>,
    (state, progress): (&mut Progress, &mut impl FnMut(&Progress)),
) -> Option<Ended> {
    let counts = counted.by_key(plans);
    let places = (ground, plans, outcomes);
    let mut events = Box::pin(all_in_turn(places, options.jobs, (awaited, tokens)));
    loop {
        let (key, name) = match meanwhile.next(&mut events).await {
            Next::Stopped(Stopped::Interrupted) => return Some(Ended::Interrupted),
            Next::Stopped(Stopped::OutOfTime) => return Some(Ended::OutOfTime),
            Next::Over => return None,
            Next::Item(Event::Ended(key, name)) => (key, name),
            Next::Item(Event::Waits) => {
                "waiting until a token has expired".clone_into(&mut state.name);
                progress(state);
                continue;
            }
        };
        state.done += 1;
        if let Some(outcome) = outcomes.borrow().get(&key) {
            // What is tolerated must not hide what is not.
            let failure = outcome.failure.as_ref().filter(|one| counts.fails(&key, one));
            ground.lookout.look(&outcome.shown, failure);
            state.failed += usize::from(failure.is_some());
        }
        state.name = name;
        progress(state);
        if options.most_failures.is_some_and(|most| state.failed >= most) {
            return Some(Ended::Failures);
        }
    }
}

/// What is said of a run that ended for this reason, where its scenarios alone do not say enough.
fn said_of_end(ended: Option<Ended>, options: &Options, state: &Progress) -> Option<String> {
    if ended == Some(Ended::Bug) {
        let said = "A bug in Standin ended the run: please report it with the command and the seed";
        return Some(said.to_owned());
    }
    let longest = options.longest.filter(|_| ended == Some(Ended::OutOfTime))?;
    let (length, done, all) = (longest.length(), state.done, state.all);
    let took = format!(
        "The run took {length:?}, which is its limit, and {done} of {all} scenarios had ended."
    );
    Some(match longest {
        Limit::Chosen(_) => format!(
            "{took} If your receiver is that slow, raise --time-limit, or run a part of the contract at a time \
             (--vendor, --tags)"
        ),
        Limit::OfSignatures(_) => format!(
            "{took} Later webhooks would be too old for the receiver. Let it answer faster, or run a part of the \
             contract at a time (--tags)"
        ),
    })
}

/// What happens while everything is played.
enum Event {
    /// This scenario has ended. It has this name.
    Ended(Key, String),
    /// Nothing is left to do but wait.
    Waits,
}

/// Plays the scenarios that wait for the expiry of a token behind all others, so that nobody waits for
/// them, and before them those that ask for tokens of a client whose token others share. Those about something
/// whose id is set come last, one by one.
fn all_in_turn<'a>(
    (ground, plans, outcomes): (&'a Ground, &'a [Plan], &'a Outcomes),
    jobs: usize,
    (awaited, tokens): (&'a Awaited, &'a Arc<SharedTokens>),
) -> impl Stream<Item = Event> + use<'a> {
    let batch_with = |tokens: &Arc<SharedTokens>, chosen, jobs| {
        let tokens = Arc::clone(tokens);
        let batch = Batch { plans, chosen, jobs, purpose: Purpose::Verdict, tokens };
        ground.play(&batch, outcomes).map(|(key, name)| Event::Ended(key, name))
    };
    let asking = tokens.asking(plans);
    let (late, others): (BTreeSet<Key>, BTreeSet<Key>) =
        in_turn(plans, Turn::Beside).into_iter().partition(|key| awaited.scenarios.contains(key));
    let (asking, others): (BTreeSet<Key>, BTreeSet<Key>) =
        others.into_iter().partition(|key| asking.contains(key));
    let [alone, last] = [Turn::Alone, Turn::Last].map(|turn| in_turn(plans, turn));
    let is_late = |key: &Key| awaited.scenarios.contains(key);
    let waits = !late.is_empty() || alone.iter().chain(&last).any(is_late);
    // What comes behind may void the shared tokens.
    let batch = |chosen, jobs| batch_with(&Arc::default(), chosen, jobs);
    let first = batch_with(tokens, others, jobs).chain(batch(asking, jobs));
    let last = batch(alone, 1).chain(batch(last, 1));
    if !waits {
        return first.chain(last).left_stream();
    }
    let says = stream::iter([Event::Waits]);
    let wait = stream::once(awaited.wait(|| ground.gives_up(&awaited.vendors)));
    let waits = says.chain(wait.filter_map(|()| future::ready(None)));
    first.chain(waits).chain(batch(late, jobs)).chain(last).right_stream()
}

/// A subject of this run that the receiver already knows before anything is sent. If there is one,
/// the receiver has kept state from an earlier run with this seed. Checks one scenario only.
pub async fn seen_before(under_test: &UnderTest, plans: &[Plan]) -> Option<crate::model::Subject> {
    let scenarios = plans.iter().flat_map(|plan| &plan.scenarios).filter(|one| one.skip.is_none());
    let mut firsts = scenarios.filter_map(|one| {
        let subject = one.first.as_ref()?;
        Some((under_test.probe(one.vendor?, subject.kind)?, subject))
    });
    let (probe, first) = firsts.next()?;
    match under_test.prober.look(probe, &first.id).await {
        ProbeReading::Known { .. } => Some(first.clone()),
        _ => None,
    }
}

fn feature(
    place: usize,
    plan: &Plan,
    how: (&Options, Option<Ended>),
    outcomes: &mut BTreeMap<Key, ScenarioOutcome>,
    evidence: &Evidence,
) -> FeatureResult {
    let scenarios = plan
        .scenarios
        .iter()
        .map(|one| {
            let mut outcome = outcomes.remove(&one.key(place));
            if let Some(outcome) = &mut outcome
                && let Some(why) = evidence.lacks(&outcome.exchanges)
            {
                leave_out_all(&one.steps, &mut outcome.unjudged, &why);
            }
            scenario(&plan.file, one, outcome, how)
        })
        .collect();
    let (name, file) = (plan.name.clone(), plan.file.clone());
    FeatureResult { name, file, rules: plan.rules.clone(), scenarios }
}

fn scenario(
    file: &str,
    plan: &ScenarioPlan,
    mut outcome: Option<ScenarioOutcome>,
    (options, ended): (&Options, Option<Ended>),
) -> ScenarioResult {
    let verdict = match (&plan.skip, &outcome) {
        (Some(reason), _) => Verdict::Skipped(reason.clone()),
        (None, None) => Verdict::Skipped(ended.map_or("it did not run", Ended::reason).to_owned()),
        (None, Some(outcome)) if outcome.failure.is_some() => Verdict::Failed,
        (None, Some(ScenarioOutcome { given_up: Some(why), .. })) => Verdict::Skipped(why.clone()),
        (None, Some(outcome)) => match how_much(&plan.steps, &outcome.unjudged) {
            Unjudged::Nothing => Verdict::Passed,
            Unjudged::Some => Verdict::PassedInPart,
            Unjudged::All(why) => Verdict::Skipped(why),
        },
    };
    ScenarioResult {
        verdict,
        vendor: plan.vendor,
        set_up: plan.set_up,
        took: outcome.as_ref().map(|outcome| outcome.took).unwrap_or_default(),
        steps: step_results(&plan.steps, outcome.as_ref()),
        repeat: repeat(file, plan, options),
        failure: outcome.as_ref().and_then(|outcome| outcome.failure.clone()),
        probes: outcome.as_mut().map(|one| std::mem::take(&mut one.probes)).unwrap_or_default(),
        exchanges: outcome.map(|outcome| outcome.exchanges).unwrap_or_default(),
        name: plan.name.clone(),
        line: plan.line,
        tags: plan.tags.clone(),
    }
}

/// The command that plays a scenario alone. One that had a start of its own needs it again.
fn repeat(file: &str, plan: &ScenarioPlan, options: &Options) -> String {
    let named = shell::word(&format!("{file}:{}", plan.line));
    let start = if plan.turn == Turn::Beside || options.again.contains(" --start ") {
        String::new()
    } else {
        format!(" --start {}", plan.start)
    };
    format!("standin check {named}{}{start} --seed {}", options.again, options.seed)
}

/// Leaves out every expectation of a scenario.
fn leave_out_all(steps: &[PlannedStep], unjudged: &mut BTreeMap<usize, String>, why: &str) {
    for (index, step) in steps.iter().enumerate() {
        if matches!(step.parsed, ParsedStep::Expect(_)) {
            unjudged.insert(index, why.to_owned());
        }
    }
}

/// How much of a scenario was not judged.
enum Unjudged {
    Nothing,
    Some,
    /// And this is the first reason.
    All(String),
}

fn how_much(steps: &[PlannedStep], unjudged: &BTreeMap<usize, String>) -> Unjudged {
    let mut steps = steps.iter().enumerate();
    let judged = steps.any(|(index, step)| {
        matches!(step.parsed, ParsedStep::Expect(_)) && !unjudged.contains_key(&index)
    });
    match unjudged.values().next() {
        None => Unjudged::Nothing,
        Some(_) if judged => Unjudged::Some,
        Some(why) => Unjudged::All(why.clone()),
    }
}

fn step_results(steps: &[PlannedStep], outcome: Option<&ScenarioOutcome>) -> Vec<StepResult> {
    let begun = outcome.map_or(0, |outcome| outcome.begun);
    let failed = outcome.and_then(|outcome| outcome.failure.as_ref()).map(|failure| failure.step);
    let unjudged = |index: usize| outcome.and_then(|outcome| outcome.unjudged.get(&index));
    let results = steps.iter().enumerate().map(|(index, step)| StepResult {
        keyword: step.keyword.clone(),
        text: step.text.clone(),
        line: step.place.line,
        column: step.place.column,
        state: match failed {
            Some(failed) if failed == index => StepState::Failed,
            _ if index >= begun => StepState::NotRun,
            _ if unjudged(index).is_some() => StepState::NotJudged,
            _ => StepState::Passed,
        },
        reason: unjudged(index).cloned(),
        expects_refusal: matches!(&step.parsed, ParsedStep::Expect(one) if one.is_of_refusal()),
    });
    results.collect()
}
