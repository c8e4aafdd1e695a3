//! Plays a part of a batch with `cucumber` on one thread, and keeps the outcome of each scenario.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

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
use super::plan::Key;
use super::probed::Shown;
use super::scenario::PlannedStep;
use super::shared_tokens::SharedTokens;
use super::stage::Stage;
use super::world::{Broken, World, steps};
use super::{exchange, journal};
use crate::chance::Chance;
use crate::driver::api_router::ApiRouter;
use crate::journal::sqlite::Store;
use crate::journal::{EntryKind, Memory};
use crate::model::probed::ProbeExchange;
use crate::model::result::{Exchange, ScenarioFailure};
use crate::model::{Failure, Outcome};
use crate::run::Run;
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

/// What scenarios are played for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To judge the receiver.
    Verdict,
    /// To see whether failures come again. Their subjects have ids of their own, drawn for this
    /// purpose, since the receiver has met the others.
    Again(&'static str),
}

/// A part of a batch: all that is needed to play it on some thread.
pub struct Part {
    /// The features with its scenarios.
    pub features: Vec<Feature>,
    /// What is needed to run each of them.
    pub planned: BTreeMap<Key, Planned>,
    /// How many at the same time.
    pub jobs: usize,
    /// What they are played for.
    pub purpose: Purpose,
    /// The file in which each has a journal, if one is kept.
    pub file: Option<Store>,
    /// What the run has learnt about each vendor so far.
    pub lookout: Arc<Lookout>,
    /// The tokens that scenarios share.
    pub tokens: Arc<SharedTokens>,
    /// Whether it stops when the rest would show nothing new.
    pub stops: bool,
    /// Whether it keeps what probes read.
    pub keeps: bool,
}

impl Part {
    /// Plays it. The outcome of a scenario is there before it comes from the stream, with its name.
    pub fn play(
        self,
        under_test: Rc<UnderTest>,
        router: Option<Rc<ApiRouter>>,
        outcomes: &Outcomes,
    ) -> impl Stream<Item = (Key, String)> + use<> {
        let Self { features, planned, jobs, purpose, file, lookout, tokens, stops, keeps } = self;
        let (outcomes, so_far) = (Rc::clone(outcomes), Arc::clone(&lookout));
        Basic::<World>::default()
            .max_concurrent_scenarios(jobs)
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
                    let vendor = planned.about.vendor.filter(|_| planned.shares_token);
                    stage.held = vendor.and_then(|vendor| tokens.of(vendor)).cloned();
                    let held = stage.held.iter();
                    // So that it stays among those that no text shows.
                    held.for_each(|one| under_test.target.sender.secrets().issued(&one.secret));
                    if keeps {
                        stage.read.replace(Some(Vec::new()));
                    }
                    stage.lookout = stops.then(|| Arc::clone(&lookout));
                    if let Some(vendor) = planned.about.vendor.filter(|_| stops) {
                        listen(&lookout, vendor, &mut stage);
                    }
                    world.set(stage, &planned.steps, &planned.unjudged);
                }
                futures::future::ready(()).boxed_local()
            })
            .after(move |feature, _, scenario, ended, world| {
                let outcome = outcome(ended, world);
                if purpose == Purpose::Verdict {
                    so_far.note(&outcome.exchanges, outcome.failure.as_ref());
                }
                outcomes.borrow_mut().insert(key(feature, scenario), outcome);
                futures::future::ready(()).boxed_local()
            })
            .run(stream::iter(features.into_iter().map(Ok)), basic::Cli::default())
            .filter_map(|event| futures::future::ready(finished(event)))
    }
}

/// What is needed to run a scenario.
pub struct Planned {
    /// Its stream of chance.
    pub chance: Chance,
    /// When its virtual time begins.
    pub start: Timestamp,
    /// Its steps.
    pub steps: Arc<[PlannedStep]>,
    /// Its expectations that are not judged, by the index of their step, and why.
    pub unjudged: Arc<BTreeMap<usize, String>>,
    /// Whether it may use a token that others use, too.
    pub shares_token: bool,
    /// What a journal says of it.
    pub about: About,
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
fn listen(lookout: &Arc<Lookout>, vendor: &'static str, stage: &mut Stage) {
    let lookout = Arc::clone(lookout);
    stage.driver.listen(Box::new(move |entry| {
        if let EntryKind::Attempted { attempt, .. } = &entry.kind {
            lookout.hear(vendor, attempt);
        }
    }));
}

fn key(feature: &Feature, scenario: &Scenario) -> Key {
    (feature.position.col, scenario.position.col)
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
