//! Runs plans with `cucumber` and collects the outcome of each scenario.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use cucumber::event::{
    Cucumber, Feature as FeatureEvent, Scenario as ScenarioEvent, ScenarioFinished,
};
use cucumber::gherkin::{Feature, Scenario};
use cucumber::runner::{Basic, Runner as _, basic};
use futures::FutureExt as _;
use futures::{StreamExt as _, stream};

use super::cause::{Hopeless, explain};
use super::evidence::Evidence;
use super::journal::About;
use super::plan::{Key, Plan, ScenarioPlan};
use super::probed::Shown;
use super::scenario::PlannedStep;
use super::stage::Stage;
use super::verdict::{Counted, Listed, Scope};
use super::words::ParsedStep;
use super::world::{Broken, World, steps};
use super::{exchange, journal, unjudged};
use crate::chance::Chance;
use crate::clock::{Stopwatch, wall_clock};
use crate::driver::api_router::{ApiCalls, ApiRouter};
use crate::journal::sqlite::Store;
use crate::model::result::{
    Exchange, FeatureResult, Run, ScenarioFailure, ScenarioResult, StepResult, StepState, Verdict,
};
use crate::probe::ProbeReading;
use crate::text::shell;
use crate::under_test::UnderTest;

/// The outcome of a scenario.
struct ScenarioOutcome {
    took: std::time::Duration,
    begun: usize,
    unjudged: BTreeMap<usize, String>,
    failure: Option<ScenarioFailure>,
    exchanges: Vec<Exchange>,
    shown: Shown,
    /// Why it was not run, if it was not.
    given_up: Option<String>,
}

/// Outcomes so far.
type Outcomes = Rc<RefCell<BTreeMap<Key, ScenarioOutcome>>>;

/// The options of a run.
pub struct Options {
    /// The seed.
    pub seed: u64,
    /// How many scenarios run at the same time.
    pub jobs: usize,
    /// The command that repeats the run.
    pub repeat: String,
    /// The arguments after the path in a command that repeats one scenario.
    pub again: String,
    /// The file in which every scenario has a journal, if they are kept.
    pub journal: Option<Store>,
    /// After how many failed scenarios the run ends; `None`: it goes on.
    pub most_failures: Option<usize>,
    /// What becomes of the other scenarios of a vendor whose first honest requests all fail alike.
    pub hopeless: WhenHopeless,
    /// How much of the contract it is about.
    pub scope: Scope,
}

impl Options {
    /// A run with this seed from its beginning to its end, of which only the result is kept.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            jobs: 16,
            repeat: String::new(),
            again: String::new(),
            journal: None,
            most_failures: None,
            hopeless: WhenHopeless::GoOn,
            scope: Scope::Whole,
        }
    }
}

/// What becomes of the other scenarios of a vendor whose first honest requests all fail alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenHopeless {
    /// They are not run.
    Stop,
    /// They are run.
    GoOn,
}

/// The progress of a run.
pub struct Progress {
    /// Scenarios that have ended.
    pub done: usize,
    /// Scenarios that have failed.
    pub failed: usize,
    /// All scenarios that are run (skipped ones are not).
    pub all: usize,
    /// The name of the one that has just ended.
    pub name: String,
}

/// Runs the plans against the receiver. Ends early when `stop` resolves, with the results so far.
pub async fn check(
    mut under_test: UnderTest,
    plans: Vec<Plan>,
    options: &Options,
    stop: impl Future<Output = ()>,
    mut progress: impl FnMut(&Progress),
) -> Run {
    let watch = Stopwatch::start();
    let started = wall_clock();
    let outcomes = Outcomes::default();
    let all =
        plans.iter().flat_map(|plan| &plan.scenarios).filter(|one| one.skip.is_none()).count();
    let apis = under_test.apis.take().map(|calls| (Rc::new(ApiRouter::default()), calls));
    let router = apis.as_ref().map(|(router, _)| Rc::clone(router));
    let under_test = Rc::new(under_test);
    let mut events = Box::pin(events((&under_test, router), &plans, options, &outcomes));
    let mut answering = Box::pin(answer(apis).fuse());
    let mut stop = Box::pin(stop.fuse());
    let mut state = Progress { done: 0, failed: 0, all, name: String::new() };
    let counted = Counted::new(&under_test.tolerance, &started);
    let counts = counted.by_key(&plans);
    let ended = loop {
        let event = futures::select_biased! {
            () = stop => break Some("the run was interrupted before this scenario ended"),
            () = answering => continue,
            event = events.next().fuse() => event,
        };
        let Some(event) = event else { break None };
        if let Some((key, name)) = finished(event) {
            state.done += 1;
            state.name = name;
            let outcomes = outcomes.borrow();
            let failure = outcomes.get(&key).and_then(|outcome| outcome.failure.as_ref());
            let is_failed = failure.is_some_and(|failure| counts.fails(&key, failure));
            state.failed += usize::from(is_failed);
            progress(&state);
            if options.most_failures.is_some_and(|most| state.failed >= most) {
                break Some("the run ended before this scenario");
            }
        }
    };
    drop((events, answering, counts));
    let mut outcomes = outcomes.borrow_mut();
    let given_up = outcomes.values().any(|outcome| outcome.given_up.is_some());
    let evidence = Evidence::of(outcomes.values().flat_map(|outcome| &outcome.exchanges));
    let listed = Listed::of(&plans);
    let shown = Shown::all(outcomes.values_mut().map(|outcome| &mut outcome.shown));
    let mut features: Vec<FeatureResult> = plans
        .into_iter()
        .enumerate()
        .map(|(place, plan)| feature(place, plan, (options, ended), &mut outcomes, &evidence))
        .collect();
    let hints = explain(&under_test.target, &mut features, &shown);
    counted.judge(&listed, &mut features);
    let mut warnings = unjudged::warnings(features.iter().flat_map(|feature| &feature.scenarios));
    warnings.extend(counted.notes(options.scope, &listed, &features));
    Run {
        version: env!("CARGO_PKG_VERSION"),
        started,
        took: watch.elapsed(),
        target: under_test.target.url.clone(),
        seed: options.seed,
        repeat: options.repeat.clone(),
        interrupted: ended.is_some() || given_up,
        warnings,
        hints,
        features,
    }
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

/// Answers what the receiver asks the vendors' APIs, until nobody can ask any more.
async fn answer(apis: Option<(Rc<ApiRouter>, ApiCalls)>) {
    if let Some((router, calls)) = apis {
        router.serve(calls).await;
    }
}

fn events(
    (under_test, router): (&Rc<UnderTest>, Option<Rc<ApiRouter>>),
    plans: &[Plan],
    options: &Options,
    outcomes: &Outcomes,
) -> impl futures::Stream<Item = cucumber::parser::Result<cucumber::Event<Cucumber<World>>>> + use<>
{
    let features: Vec<_> =
        plans.iter().enumerate().map(|(place, plan)| runnable(place, plan)).collect();
    let planned = planned(plans, options.seed);
    let (outcomes, file) = (Rc::clone(outcomes), options.journal.clone());
    let under_test = Rc::clone(under_test);
    let (when_hopeless, hopeless) = (options.hopeless, Rc::new(RefCell::new(Hopeless::default())));
    let so_far = Rc::clone(&hopeless);
    Basic::<World>::default()
        .max_concurrent_scenarios(options.jobs)
        // The receiver keeps state, so a scenario cannot run twice.
        .retry_options(|_, _, _, _| None)
        .steps(steps())
        .before(move |feature, _, scenario, world: &mut World| {
            let planned = planned.get(&key(feature, scenario));
            let given_up = planned.and_then(|one| hopeless.borrow().reason(one.about.vendor?));
            if let Some(why) = given_up.filter(|_| when_hopeless == WhenHopeless::Stop) {
                world.given_up = Some(why);
            } else if let Some(planned) = planned {
                let journal = journal::begin(file.as_ref(), &planned.about, &under_test.target);
                let stage =
                    Stage::new(&under_test, &planned.chance, journal).with_router(router.as_ref());
                world.set(stage, &planned.steps, &planned.unjudged);
            }
            futures::future::ready(()).boxed_local()
        })
        .after(move |feature, _, scenario, ended, world| {
            let outcome = outcome(ended, world);
            so_far.borrow_mut().note(&outcome.exchanges, outcome.failure.as_ref());
            outcomes.borrow_mut().insert(key(feature, scenario), outcome);
            futures::future::ready(()).boxed_local()
        })
        .run(stream::iter(features.into_iter().map(Ok)), basic::Cli::default())
}

/// What is needed to run a scenario.
struct Planned {
    chance: Chance,
    steps: Rc<[PlannedStep]>,
    unjudged: Rc<BTreeMap<usize, String>>,
    about: About,
}

fn planned(plans: &[Plan], seed: u64) -> BTreeMap<Key, Planned> {
    let scenarios = plans.iter().enumerate().flat_map(|(place, plan)| {
        plan.scenarios.iter().map(move |one| {
            let about = About::of(&plan.file, one, seed);
            let (chance, steps) = (one.chance.clone(), Rc::clone(&one.steps));
            let unjudged = Rc::clone(&one.unjudged);
            ((place, one.scenario.position.col), Planned { chance, steps, unjudged, about })
        })
    });
    scenarios.collect()
}

fn key(feature: &Feature, scenario: &Scenario) -> Key {
    (feature.position.col, scenario.position.col)
}

/// A feature with the scenarios to run. Its column identifies it, as in scenarios.
fn runnable(place: usize, plan: &Plan) -> Feature {
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

fn outcome(ended: &ScenarioFinished, world: Option<&mut World>) -> ScenarioOutcome {
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
        let took = std::time::Duration::ZERO;
        let (unjudged, exchanges, shown) = (BTreeMap::new(), Vec::new(), Shown::default());
        let (failure, given_up) = (bug, None);
        return ScenarioOutcome { took, begun, unjudged, failure, exchanges, shown, given_up };
    };
    let failure = bug.or_else(|| world.failure.take());
    let mut exchanges = world.stage().map(exchange::all).unwrap_or_default();
    if failure.is_some() {
        world.stage().into_iter().for_each(|stage| exchange::add_curl(stage, &mut exchanges));
    }
    ScenarioOutcome {
        took: world.watch.elapsed(),
        begun,
        unjudged: std::mem::take(&mut world.unjudged),
        failure,
        exchanges,
        shown: world.stage().map(|stage| stage.shown.take()).unwrap_or_default(),
        given_up: world.given_up.take(),
    }
}

fn payload(info: &cucumber::event::Info) -> String {
    info.downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| info.downcast_ref::<&str>().copied())
        .unwrap_or("a step panicked")
        .to_owned()
}

/// The scenario that an event ends, and its name.
fn finished(
    event: cucumber::parser::Result<cucumber::Event<Cucumber<World>>>,
) -> Option<(Key, String)> {
    match event.ok()?.value {
        Cucumber::Feature(feature, FeatureEvent::Scenario(scenario, event)) => {
            let is_finished = matches!(event.event, ScenarioEvent::Finished);
            is_finished.then(|| (key(&feature, &scenario), scenario.name.clone()))
        }
        _ => None,
    }
}

fn feature(
    place: usize,
    plan: Plan,
    how: (&Options, Option<&str>),
    outcomes: &mut BTreeMap<Key, ScenarioOutcome>,
    evidence: &Evidence,
) -> FeatureResult {
    let scenarios = plan
        .scenarios
        .into_iter()
        .map(|one| {
            let mut outcome = outcomes.remove(&(place, one.scenario.position.col));
            if let Some(outcome) = &mut outcome
                && let Some(why) = evidence.lacks(&outcome.exchanges)
            {
                leave_out_all(&one.steps, &mut outcome.unjudged, &why);
            }
            scenario(&plan.file, one, outcome, how)
        })
        .collect();
    FeatureResult { name: plan.name, file: plan.file, rules: plan.rules, scenarios }
}

fn scenario(
    file: &str,
    plan: ScenarioPlan,
    outcome: Option<ScenarioOutcome>,
    (options, ended): (&Options, Option<&str>),
) -> ScenarioResult {
    let verdict = match (&plan.skip, &outcome) {
        (Some(reason), _) => Verdict::Skipped(reason.clone()),
        (None, None) => Verdict::Skipped(ended.unwrap_or("it did not run").to_owned()),
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
        repeat: format!(
            "standin check {}{} --seed {}",
            shell::word(&format!("{file}:{}", plan.line)),
            options.again,
            options.seed
        ),
        failure: outcome.as_ref().and_then(|outcome| outcome.failure.clone()),
        exchanges: outcome.map(|outcome| outcome.exchanges).unwrap_or_default(),
        name: plan.name,
        line: plan.line,
        tags: plan.tags,
    }
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
