//! Plays chosen scenarios, so many at the same time: in parts, each on a thread.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;
use std::thread::available_parallelism;

use cucumber::gherkin::Feature;
use futures::{Stream, StreamExt as _};

use super::hopeless::Lookout;
use super::journal::About;
use super::options::{Options, Readings, WhenHopeless};
use super::part::{Outcomes, Part, Planned, Purpose};
use super::plan::{Key, Plan, ScenarioPlan};
use super::shared_tokens::{SharedTokens, may_share};
use super::threads;
use super::words::ParsedStep;
use crate::driver::api_router::ApiRouter;
use crate::journal::sqlite::Store;
use crate::model::fault::{Effect, WireForm};
use crate::scenario::words::Instruction;
use crate::under_test::UnderTest;

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
    pub lookout: Arc<Lookout>,
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
    /// The tokens that they share.
    pub tokens: Arc<SharedTokens>,
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
            lookout: Arc::default(),
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
        let mut parts = self.parts(batch);
        match parts.pop() {
            Some(whole) if parts.is_empty() => {
                let under_test = Rc::clone(&self.under_test);
                whole.play(under_test, self.router.clone(), outcomes).left_stream()
            }
            last => {
                let parts = parts.into_iter().chain(last);
                let parts = parts.map(|part| (part, self.under_test.on_another_thread()));
                threads::play(parts.collect(), Rc::clone(outcomes)).right_stream()
            }
        }
    }

    /// A batch in parts, each of which is played on a thread.
    fn parts(&self, batch: &Batch<'_>) -> Vec<Part> {
        let chosen = in_order(batch);
        let count = self.threads().min(batch.jobs).min(chosen.len()).max(1);
        let mut dealt = vec![Vec::new(); count];
        for (place, one) in chosen.into_iter().enumerate() {
            dealt[place % count].push(one);
        }
        let judges = batch.purpose == Purpose::Verdict;
        let part = |(place, chosen): (usize, Vec<Chosen<'_>>)| Part {
            features: features(batch.plans, &chosen),
            planned: planned(batch.plans, &chosen, self.seed),
            jobs: (batch.jobs + place) / count,
            purpose: batch.purpose,
            file: self.file.clone().filter(|_| judges),
            lookout: Arc::clone(&self.lookout),
            tokens: Arc::clone(&batch.tokens),
            stops: judges && self.when_hopeless == WhenHopeless::Stop,
            keeps: judges && self.readings == Readings::Kept,
        };
        dealt.into_iter().enumerate().map(part).collect()
    }

    /// How many threads play scenarios. Where calls of the vendors' APIs are answered, and where requests wait for
    /// each other, it is one.
    fn threads(&self) -> usize {
        let together = self.router.is_some() || self.under_test.target.sender.is_paced();
        if together { 1 } else { available_parallelism().map_or(1, usize::from) }
    }
}

/// A scenario that is played, and its key.
type Chosen<'a> = (Key, &'a ScenarioPlan);

/// The scenarios of a batch. What waits in real time begins first, so that the rest is played meanwhile.
fn in_order<'a>(batch: &Batch<'a>) -> Vec<Chosen<'a>> {
    let all = batch.plans.iter().enumerate().flat_map(|(place, plan)| {
        let scenarios = plan.scenarios.iter().filter(|one| one.skip.is_none());
        scenarios.map(move |one| (one.key(place), one))
    });
    let chosen = all.filter(|(key, _)| batch.chosen.contains(key));
    let (first, rest): (Vec<_>, Vec<_>) = chosen.partition(|(_, one)| takes_real_time(one));
    [first, rest].concat()
}

/// The features with these scenarios, in their order. The column of a feature identifies it, as in scenarios.
fn features(plans: &[Plan], chosen: &[Chosen<'_>]) -> Vec<Feature> {
    let of_one_feature = |(one, _): &Chosen<'_>, (other, _): &Chosen<'_>| one.0 == other.0;
    let feature = |chosen: &[Chosen<'_>]| {
        let ((place, _), _) = chosen[0];
        let mut feature = plans[place].feature.clone();
        feature.position.col = place;
        feature.path = Some(plans[place].file.clone().into());
        feature.scenarios = chosen.iter().map(|(_, one)| one.scenario.clone()).collect();
        feature
    };
    chosen.chunk_by(of_one_feature).map(feature).collect()
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

/// What is needed to run these scenarios.
fn planned(plans: &[Plan], chosen: &[Chosen<'_>], seed: u64) -> BTreeMap<Key, Planned> {
    let planned = |(key, one): &Chosen<'_>| Planned {
        chance: one.chance.clone(),
        start: one.start,
        steps: Arc::clone(&one.steps),
        unjudged: Arc::clone(&one.unjudged),
        shares_token: may_share(one),
        about: About::of(&plans[key.0].file, one, seed),
    };
    chosen.iter().map(|one| (one.0, planned(one))).collect()
}
