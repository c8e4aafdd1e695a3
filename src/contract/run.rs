//! Runs plans with `cucumber` and collects what came of them.

use std::rc::Rc;

use cucumber::event::{
    Cucumber, Feature as FeatureEvent, Scenario as ScenarioEvent, ScenarioFinished,
};
use cucumber::runner::{Basic, Runner as _, basic};
use futures::FutureExt as _;
use futures::{StreamExt as _, stream};

use super::read::{Plan, ScenarioPlan, Source, column, stream};
use super::world::{Broken, Collected, World, steps};
use super::{exchange, hint};
use crate::chance::Chance;
use crate::clock::{Stopwatch, wall_clock};
use crate::model::result::{
    Exchange, FeatureResult, Run, ScenarioFailure, ScenarioResult, StepResult, StepState, Verdict,
};
use crate::probe::ProbeReading;
use crate::under_test::UnderTest;

/// What came of a scenario.
pub struct Came {
    took: std::time::Duration,
    begun: usize,
    failure: Option<ScenarioFailure>,
    exchanges: Vec<Exchange>,
}

/// How a run is made.
pub struct Options {
    /// The seed.
    pub seed: u64,
    /// How many scenarios run at the same time.
    pub jobs: usize,
    /// The command that repeats the run.
    pub repeat: String,
    /// The arguments behind a command that repeats one scenario of it.
    pub again: String,
}

/// How far a run is.
pub struct Progress {
    /// Scenarios that are over.
    pub done: usize,
    /// Of them, those that failed.
    pub failed: usize,
    /// All scenarios that are run (skipped ones are not).
    pub all: usize,
    /// The name of the one that has just ended.
    pub name: String,
}

/// Runs the plans against the receiver. Ends early when `stop` resolves, with what was done.
pub async fn check(
    under_test: UnderTest,
    sources: &[Source],
    plans: Vec<Plan>,
    options: &Options,
    stop: impl Future<Output = ()>,
    mut progress: impl FnMut(&Progress),
) -> Run {
    let watch = Stopwatch::start();
    let started = wall_clock();
    let target = under_test.target.url.clone();
    let collected = Collected::default();
    let all =
        plans.iter().flat_map(|plan| &plan.scenarios).filter(|one| one.skip.is_none()).count();
    let under_test = Rc::new(under_test);
    let mut events = Box::pin(events(Rc::clone(&under_test), &plans, options, &collected));
    let mut stop = Box::pin(stop.fuse());
    let mut state = Progress { done: 0, failed: 0, all, name: String::new() };
    let interrupted = loop {
        let event = futures::select_biased! {
            () = stop => break true,
            event = events.next().fuse() => event,
        };
        let Some(event) = event else { break false };
        if let Some(name) = finished(event) {
            state.done += 1;
            state.failed =
                collected.borrow().values().filter(|came| came.failure.is_some()).count();
            state.name = name;
            progress(&state);
        }
    };
    drop(events);
    let mut collected = collected.borrow_mut();
    let features: Vec<FeatureResult> = plans
        .into_iter()
        .enumerate()
        .map(|(place, plan)| {
            feature(place, plan, sources, options, &mut |key| collected.remove(&key))
        })
        .collect();
    let vendors = under_test.target.vendors.values();
    Run {
        version: env!("CARGO_PKG_VERSION"),
        started,
        took: watch.elapsed(),
        target,
        seed: options.seed,
        repeat: options.repeat.clone(),
        interrupted,
        hints: vendors.filter_map(|vendor| hint::never_let_in(vendor, &features)).collect(),
        features,
    }
}

/// A subject of this run that the receiver knows before anything was sent: it has met this seed
/// before, and what it remembers will be in the way. Looks at one scenario only.
pub async fn seen_before(under_test: &UnderTest, plans: &[Plan]) -> Option<crate::model::Subject> {
    let scenarios = plans.iter().flat_map(|plan| &plan.scenarios).filter(|one| one.skip.is_none());
    let mut firsts = scenarios.filter_map(|one| {
        let (vendor, subject) = one.first.as_ref()?;
        Some((under_test.probe(vendor, subject.kind)?, subject))
    });
    let (probe, first) = firsts.next()?;
    match under_test.prober.look(probe, &first.id).await {
        ProbeReading::Known { .. } => Some(first.clone()),
        _ => None,
    }
}

fn events(
    under_test: Rc<UnderTest>,
    plans: &[Plan],
    options: &Options,
    collected: &Collected,
) -> impl futures::Stream<Item = cucumber::parser::Result<cucumber::Event<Cucumber<World>>>> + use<>
{
    let features: Vec<_> =
        plans.iter().enumerate().map(|(place, plan)| runnable(place, plan)).collect();
    let chance = Chance::from_seed(options.seed);
    let collected = Rc::clone(collected);
    Basic::<World>::default()
        .max_concurrent_scenarios(options.jobs)
        // A scenario that is run again meets what the receiver remembers of it.
        .retry_options(|_, _, _, _| None)
        .steps(steps())
        .before(move |feature, _, scenario, world: &mut World| {
            let file = feature.path.as_ref().map(|path| path.display().to_string());
            world.set(&under_test, &stream(&chance, &file.unwrap_or_default(), scenario));
            futures::future::ready(()).boxed_local()
        })
        .after(move |feature, _, scenario, ended, world| {
            let came = came(ended, world);
            collected.borrow_mut().insert((feature.position.col, scenario.position.col), came);
            futures::future::ready(()).boxed_local()
        })
        .run(stream::iter(features.into_iter().map(Ok)), basic::Cli::default())
}

/// A feature with the scenarios that are run. Its column tells features apart, as the scenarios'
/// tell scenarios apart.
fn runnable(place: usize, plan: &Plan) -> cucumber::gherkin::Feature {
    let mut feature = plan.feature.clone();
    feature.position.col = place;
    feature.path = Some(plan.file.clone().into());
    feature.scenarios = plan
        .scenarios
        .iter()
        .filter(|one| one.skip.is_none())
        .map(|one| one.scenario.clone())
        .collect();
    feature
}

fn came(ended: &ScenarioFinished, world: Option<&mut World>) -> Came {
    let bug = match ended {
        ScenarioFinished::StepPassed | ScenarioFinished::StepSkipped => None,
        ScenarioFinished::BeforeHookFailed(info) => Some(payload(info)),
        ScenarioFinished::StepFailed(_, _, cucumber::event::StepError::Panic(info)) => {
            (!info.is::<Broken>()).then(|| payload(info))
        }
        ScenarioFinished::StepFailed(_, _, other) => Some(other.to_string()),
    };
    let begun = world.as_ref().map_or(0, |world| world.begun);
    let bug = bug.map(|message| ScenarioFailure {
        step: begun.saturating_sub(1),
        message,
        internal: true,
        ..Default::default()
    });
    let Some(world) = world else {
        return Came { took: Default::default(), begun, failure: bug, exchanges: Vec::new() };
    };
    Came {
        took: world.watch.elapsed(),
        begun,
        failure: bug.or_else(|| world.failure.take()),
        exchanges: world.stage().map(exchange::all).unwrap_or_default(),
    }
}

fn payload(info: &cucumber::event::Info) -> String {
    info.downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| info.downcast_ref::<&str>().copied())
        .unwrap_or("a step panicked")
        .to_owned()
}

/// The name of the scenario that an event ends.
fn finished(event: cucumber::parser::Result<cucumber::Event<Cucumber<World>>>) -> Option<String> {
    match event.ok()?.value {
        Cucumber::Feature(_, FeatureEvent::Scenario(scenario, event)) => {
            matches!(event.event, ScenarioEvent::Finished).then(|| scenario.name.clone())
        }
        _ => None,
    }
}

type Take<'a> = dyn FnMut((usize, usize)) -> Option<Came> + 'a;

fn feature(
    place: usize,
    plan: Plan,
    sources: &[Source],
    options: &Options,
    take: &mut Take<'_>,
) -> FeatureResult {
    let source = sources.iter().find(|source| source.file == plan.file);
    let scenarios = plan
        .scenarios
        .into_iter()
        .map(|one| {
            let came = take((place, one.scenario.position.col));
            scenario(&plan.file, source, one, came, options)
        })
        .collect();
    FeatureResult { name: plan.name, file: plan.file, scenarios }
}

fn scenario(
    file: &str,
    source: Option<&Source>,
    plan: ScenarioPlan,
    came: Option<Came>,
    options: &Options,
) -> ScenarioResult {
    let (begun, failed) = match &came {
        Some(came) => (came.begun, came.failure.as_ref().map(|failure| failure.step)),
        None => (0, None),
    };
    let verdict = match (&plan.skip, &came) {
        (Some(reason), _) => Verdict::Skipped(reason.clone()),
        (None, None) => Verdict::Skipped("the run was ended before it".to_owned()),
        (None, Some(came)) if came.failure.is_some() => Verdict::Failed,
        _ => Verdict::Passed,
    };
    let steps = plan.scenario.steps.iter().enumerate().map(|(index, step)| StepResult {
        keyword: step.keyword.trim().to_owned(),
        text: step.value.clone(),
        line: step.position.line,
        column: source.map_or(1, |source| column(source, step)),
        state: match failed {
            Some(failed) if failed == index => StepState::Failed,
            _ if index < begun => StepState::Passed,
            _ => StepState::NotRun,
        },
    });
    ScenarioResult {
        name: plan.name,
        line: plan.line,
        tags: plan.tags,
        verdict,
        took: came.as_ref().map(|came| came.took).unwrap_or_default(),
        steps: steps.collect(),
        repeat: format!(
            "standin check {file}:{}{} --seed {}",
            plan.line, options.again, options.seed
        ),
        failure: came.as_ref().and_then(|came| came.failure.clone()),
        exchanges: came.map(|came| came.exchanges).unwrap_or_default(),
    }
}
