//! The world of one scenario for `cucumber`: its stage, its steps, and the failure that ended it.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;

use cucumber::step::{Collection, Context};
use futures::FutureExt as _;
use futures::future::{self, Either, LocalBoxFuture};
use regex::Regex;

use super::finding::{Finding, failure, is_unreachable};
use super::scenario::PlannedStep;
use super::stage::Stage;
use super::words::ParsedStep;
use super::{expect, failure_kind};
use crate::clock::Stopwatch;
use crate::model::result::ScenarioFailure;

/// The world of one scenario.
pub struct World {
    stage: Option<Stage>,
    steps: Arc<[PlannedStep]>,
    /// How many steps have begun.
    pub begun: usize,
    /// The expectations that are not judged, by the index of their step, and why.
    pub unjudged: BTreeMap<usize, String>,
    /// Why the scenario is not run, if it is not.
    pub given_up: Option<String>,
    /// Why the scenario failed, if it did.
    pub failure: Option<ScenarioFailure>,
    /// When it was created.
    pub watch: Stopwatch,
}

impl cucumber::World for World {
    type Error = std::convert::Infallible;

    async fn new() -> Result<Self, Self::Error> {
        let steps = Arc::new([]);
        let unjudged = BTreeMap::new();
        let watch = Stopwatch::start();
        let (failure, given_up) = (None, None);
        Ok(Self { stage: None, steps, begun: 0, unjudged, given_up, failure, watch })
    }
}

/// The payload of the panic that fails a step. `cucumber` learns of a failure only by a panic.
pub struct Broken;

impl World {
    /// Sets the stage for a scenario with these steps, some of which are not judged.
    pub fn set(
        &mut self,
        stage: Stage,
        steps: &Arc<[PlannedStep]>,
        unjudged: &BTreeMap<usize, String>,
    ) {
        self.stage = Some(stage);
        self.steps = Arc::clone(steps);
        self.unjudged.clone_from(unjudged);
    }

    /// The stage, once it is set.
    pub fn stage(&self) -> Option<&Stage> {
        self.stage.as_ref()
    }

    /// Runs the next step of the plan. `cucumber` calls this once per step, in order.
    async fn next_step(&mut self) {
        if self.given_up.is_some() {
            return;
        }
        let index = self.begun;
        self.begun += 1;
        let (Some(stage), Some(step)) = (&mut self.stage, self.steps.get(index)) else {
            panic!("step {index} is not in the plan");
        };
        // The scenario fails if the receiver falls silent to its vendor.
        let vendor = stage.account().ok().map(|(_, vendor)| vendor.catalogue().vendor);
        let watched = stage.lookout.clone().zip(vendor);
        let is_judged = !self.unjudged.contains_key(&index);
        let made = async {
            if is_judged {
                make(stage, step).await
            } else {
                // What follows happens as late as if it had been judged.
                expect::settle(stage).await
            }
        };
        let silence = async {
            match &watched {
                None => future::pending().await,
                Some((lookout, vendor)) => lookout.silence(vendor).await,
            }
        };
        let ended = match future::select(pin!(made), pin!(silence)).await {
            Either::Left((made, _)) => Ok(made),
            Either::Right((why, _)) => Err(why),
        };
        let made = ended.unwrap_or_else(|why| Err(unanswered(stage, why)));
        if let Err(failure) = made {
            if failure.not_judged {
                self.unjudged.insert(index, failure.message);
                return;
            }
            let kind = failure_kind::kind(stage, &failure);
            self.failure = Some(ScenarioFailure { step: index, kind, ..*failure });
            // Unlike `panic!`, this calls no hook and prints nothing.
            std::panic::resume_unwind(Box::new(Broken));
        }
    }
}

/// The failure of a scenario whose receiver has fallen silent.
fn unanswered(stage: &Stage, why: String) -> Box<ScenarioFailure> {
    let journal = stage.driver.journal();
    let last = journal.attempts().enumerate().last();
    Box::new(ScenarioFailure {
        exchange: last.map(|(index, _)| index),
        unreachable: last.is_some_and(|(_, one)| is_unreachable(Some(&one.outcome))),
        ..*failure(why)
    })
}

async fn make(stage: &mut Stage, step: &PlannedStep) -> Finding {
    match &step.parsed {
        ParsedStep::Account(account) => stage.open(account),
        ParsedStep::Do(instruction) => stage.perform(instruction, &step.text).await,
        ParsedStep::Expect(expectation) => expect::judge(stage, expectation).await,
    }
}

/// One step function for every step. The plan has the parsed steps.
pub fn steps() -> Collection<World> {
    fn any(world: &mut World, _: Context) -> LocalBoxFuture<'_, ()> {
        async move { world.next_step().await }.boxed_local()
    }
    let everything = || Regex::new("(?s)^.*$").unwrap_or_else(|error| panic!("{error}"));
    Collection::new().given(None, everything(), any).when(None, everything(), any).then(
        None,
        everything(),
        any,
    )
}
