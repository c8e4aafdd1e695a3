//! Plays chosen scenarios with `cucumber`, so many at the same time, and keeps the outcome of each.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use cucumber::event::{
    Cucumber, Feature as FeatureEvent, Scenario as ScenarioEvent, ScenarioFinished,
};
use cucumber::gherkin::{Feature, Scenario};
use cucumber::runner::{Basic, Runner as _, basic};
use futures::FutureExt as _;
use futures::{Stream, StreamExt as _, stream};
use jiff::Timestamp;

use super::finding::of_machine;
use super::hopeless::Lookout;
use super::journal::About;
use super::options::{Options, Readings, WhenHopeless};
use super::plan::{Key, Plan, ScenarioPlan};
use super::probed::Shown;
use super::scenario::PlannedStep;
use super::stage::Stage;
use super::words::ParsedStep;
use super::world::{Broken, World, steps};
use super::{exchange, journal};
use crate::chance::Chance;
use crate::driver::api_router::ApiRouter;
use crate::journal::sqlite::Store;
use crate::journal::{EntryKind, Memory};
use crate::model::fault::{Effect, WireForm};
use crate::model::probed::ProbeExchange;
use crate::model::result::{Exchange, ScenarioFailure};
use crate::model::{Failure, Outcome};
use crate::run::Run;
use crate::scenario::words::Instruction;
use crate::under_test::UnderTest;

/// The outcome of a scenario.
pub struct ScenarioOutcome {
    pub took: std::time::Duration,
    pub begun: usize,
    pub unjudged: BTreeMap<usize, String>,
    pub failure: Option<ScenarioFailure>,
    pub exchanges: Vec<Exchange>,
    pub shown: Shown,
    /// What the probes read, if that is kept.
    pub probes: Vec<(usize, ProbeExchange)>,
    /// Why it was not run, if it was not.
    pub given_up: Option<String>,
}

/// Outcomes so far.
pub type Outcomes = Rc<RefCell<BTreeMap<Key, ScenarioOutcome>>>;

/// Where scenarios are played.
pub struct Ground {
    /// The receiver.
    pub under_test: Rc<UnderTest>,
    /// Where calls of the vendors' APIs are answered, if they are served.
    pub router: Option<Rc<ApiRouter>>,
    seed: u64,
    file: Option<Store>,
    readings: Readings,
    when_hopeless: WhenHopeless,
    /// What the run has learnt about each vendor so far.
    pub lookout: Rc<Lookout>,
}

/// Which scenarios are played, and how.
pub struct Batch<'a> {
    /// All scenarios.
    pub plans: &'a [Plan],
    /// Those that are played.
    pub chosen: BTreeSet<Key>,
    /// How many at the same time.
    pub jobs: usize,
    /// What they are played for.
    pub purpose: Purpose,
}

/// What scenarios are played for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To judge the receiver.
    Verdict,
    /// To see whether failures come again. Their subjects have ids of their own, drawn for this
    /// purpose, since the receiver has met the others.
    Again(&'static str),
}

impl Ground {
    /// Where the scenarios of a run with these options are played.
    pub fn new(under_test: UnderTest, router: Option<Rc<ApiRouter>>, options: &Options) -> Self {
        Self {
            under_test: Rc::new(under_test),
            router,
            seed: options.seed,
            file: options.journal.clone(),
            readings: options.readings,
            when_hopeless: options.hopeless,
            lookout: Rc::default(),
        }
    }

    /// Whether further scenarios of these vendors would show nothing new, so that none is played.
    pub fn gives_up(&self, vendors: &[&str]) -> bool {
        self.when_hopeless == WhenHopeless::Stop
            && vendors.iter().all(|vendor| self.lookout.reason(vendor).is_some())
    }

    /// Plays a batch. The outcome of a scenario is there before it comes from the stream, with its name.
    pub fn play(
        &self,
        batch: &Batch<'_>,
        outcomes: &Outcomes,
    ) -> impl Stream<Item = (Key, String)> + use<> {
        let features = features(batch);
        let planned = planned(batch, self.seed);
        let (outcomes, router) = (Rc::clone(outcomes), self.router.clone());
        let under_test = Rc::clone(&self.under_test);
        let judges = batch.purpose == Purpose::Verdict;
        let stops = judges && self.when_hopeless == WhenHopeless::Stop;
        let keeps = judges && self.readings == Readings::Kept;
        let file = self.file.clone().filter(|_| judges);
        let (purpose, lookout) = (batch.purpose, Rc::clone(&self.lookout));
        let so_far = Rc::clone(&lookout);
        Basic::<World>::default()
            .max_concurrent_scenarios(batch.jobs)
            // The receiver keeps state, so a scenario with the same ids cannot run twice.
            .retry_options(|_, _, _, _| None)
            .steps(steps())
            .before(move |feature, _, scenario, world: &mut World| {
                let planned = planned.get(&key(feature, scenario));
                let given_up = planned.and_then(|one| lookout.reason(one.about.vendor?));
                if let Some(why) = given_up.filter(|_| stops) {
                    world.given_up = Some(why);
                } else if let Some(planned) = planned {
                    let journal = journal::begin(file.as_ref(), &planned.about, &under_test.target);
                    let stage = stage(&under_test, planned, purpose, journal);
                    let mut stage = stage.with_router(router.as_ref());
                    if keeps {
                        stage.read.replace(Some(Vec::new()));
                    }
                    if let Some(vendor) = planned.about.vendor.filter(|_| stops) {
                        listen(&lookout, vendor, &mut stage);
                        world.give_up_with(&lookout, vendor);
                    }
                    world.set(stage, &planned.steps, &planned.unjudged);
                }
                futures::future::ready(()).boxed_local()
            })
            .after(move |feature, _, scenario, ended, world| {
                let outcome = outcome(ended, world);
                if judges {
                    so_far.note(&outcome.exchanges, outcome.failure.as_ref());
                }
                outcomes.borrow_mut().insert(key(feature, scenario), outcome);
                futures::future::ready(()).boxed_local()
            })
            .run(stream::iter(features.into_iter().map(Ok)), basic::Cli::default())
            .filter_map(|event| futures::future::ready(finished(event)))
    }
}

/// The features to run. What waits in real time begins first, so that the rest is played meanwhile.
fn features(batch: &Batch<'_>) -> Vec<Feature> {
    let mut features = Vec::new();
    for waits in [true, false] {
        for (place, plan) in batch.plans.iter().enumerate() {
            let is_played_now = |one: &ScenarioPlan| {
                batch.chosen.contains(&one.key(place)) && takes_real_time(one) == waits
            };
            features.extend(runnable(place, plan, is_played_now));
        }
    }
    features
}

/// Whether a scenario has a fault that takes real time.
fn takes_real_time(plan: &ScenarioPlan) -> bool {
    plan.steps.iter().any(|step| match &step.parsed {
        ParsedStep::Do(Instruction::Fault(fault)) => {
            let waits = Effect::Form(WireForm::Expecting);
            matches!(fault.effect, Effect::Slow(_) | Effect::HangUp(_)) || fault.effect == waits
        }
        _ => false,
    })
}

fn stage(
    under_test: &Rc<UnderTest>,
    planned: &Planned,
    purpose: Purpose,
    journal: Memory,
) -> Stage {
    let run = Run::new(&planned.chance, planned.start);
    let run = match purpose {
        Purpose::Verdict => run,
        Purpose::Again(purpose) => run.with_ids(planned.chance.child(purpose)),
    };
    Stage::new(under_test, run, journal)
}

/// Lets the lookout hear of each request at once.
fn listen(lookout: &Rc<Lookout>, vendor: &'static str, stage: &mut Stage) {
    let lookout = Rc::clone(lookout);
    stage.driver.listen(Box::new(move |entry| {
        if let EntryKind::Attempted { attempt, .. } = &entry.kind {
            lookout.hear(vendor, attempt);
        }
    }));
}

/// What is needed to run a scenario.
struct Planned {
    chance: Chance,
    start: Timestamp,
    steps: Rc<[PlannedStep]>,
    unjudged: Rc<BTreeMap<usize, String>>,
    about: About,
}

fn planned(batch: &Batch<'_>, seed: u64) -> BTreeMap<Key, Planned> {
    let scenarios = batch.plans.iter().enumerate().flat_map(|(place, plan)| {
        let chosen =
            plan.scenarios.iter().filter(move |one| batch.chosen.contains(&one.key(place)));
        chosen.map(move |one| {
            let about = About::of(&plan.file, one, seed);
            let (chance, steps) = (one.chance.clone(), Rc::clone(&one.steps));
            let unjudged = Rc::clone(&one.unjudged);
            (one.key(place), Planned { chance, start: one.start, steps, unjudged, about })
        })
    });
    scenarios.collect()
}

fn key(feature: &Feature, scenario: &Scenario) -> Key {
    (feature.position.col, scenario.position.col)
}

/// A feature with these scenarios, if there are any. Its column identifies it, as in scenarios.
fn runnable(place: usize, plan: &Plan, chosen: impl Fn(&ScenarioPlan) -> bool) -> Option<Feature> {
    let scenarios = plan.scenarios.iter().filter(|one| one.skip.is_none() && chosen(one));
    let scenarios: Vec<Scenario> = scenarios.map(|one| one.scenario.clone()).collect();
    if scenarios.is_empty() {
        return None;
    }
    let mut feature = plan.feature.clone();
    feature.position.col = place;
    feature.path = Some(plan.file.clone().into());
    feature.scenarios = scenarios;
    Some(feature)
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
        let (failure, given_up, probes) = (bug, None, Vec::new());
        return ScenarioOutcome {
            took,
            begun,
            unjudged,
            failure,
            exchanges,
            shown,
            probes,
            given_up,
        };
    };
    let failure = bug.or_else(|| world.failure.take()).map(|failure| unless_local(failure, world));
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
        probes: world.stage().and_then(|stage| stage.read.take()).unwrap_or_default(),
        given_up: world.given_up.take(),
    }
}

/// The failure, or what this machine lacked: then nothing is known of the receiver.
fn unless_local(failure: ScenarioFailure, world: &World) -> ScenarioFailure {
    let journal = world.stage().map(|stage| stage.driver.journal());
    let lacked = journal.and_then(|journal| {
        journal.attempts().find_map(|attempt| match &attempt.outcome {
            Outcome::Failed(Failure::Local(why)) => Some(why.clone()),
            _ => None,
        })
    });
    let Some(message) = lacked else { return failure };
    ScenarioFailure { step: failure.step, ..*of_machine(message) }
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
