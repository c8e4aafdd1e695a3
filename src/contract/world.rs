//! The world of one scenario: its engine, its account, and what has come of its steps so far.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use cucumber::gherkin::Step;
use cucumber::step::{Collection, Context};
use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use regex::Regex;

use super::UnderTest;
use super::expect::fail;
use super::words::{self, Said};
use crate::chance::Chance;
use crate::clock::Stopwatch;
use crate::engine::Engine;
use crate::model::SubjectIndex;
use crate::model::result::ScenarioFailure;
use crate::scenario::rehearse::Mistake;
use crate::scenario::run::perform;
use crate::scenario::words::Doing;
use crate::sim::AccountIndex;
use crate::vendors::Vendor;

/// The world of one scenario.
pub struct World {
    stage: Option<Stage>,
    /// How many steps have been begun.
    pub begun: usize,
    /// Why the scenario failed, if it did.
    pub failure: Option<ScenarioFailure>,
    /// Since it was made.
    pub watch: Stopwatch,
}

/// What a scenario plays on.
pub struct Stage {
    /// What the contract is held against.
    pub under_test: Rc<UnderTest>,
    /// The run.
    pub engine: Engine,
    /// The account, once it is opened.
    pub account: Option<(AccountIndex, &'static dyn Vendor)>,
    /// Counts of effects that were noted, by name.
    pub noted: BTreeMap<String, i64>,
}

impl cucumber::World for World {
    type Error = std::convert::Infallible;

    async fn new() -> Result<Self, Self::Error> {
        Ok(Self { stage: None, begun: 0, failure: None, watch: Stopwatch::start() })
    }
}

/// What a step fails with. It unwinds through the runner, which knows no other way.
pub struct Broken;

impl World {
    /// Sets the stage for a scenario.
    pub fn set(&mut self, under_test: &Rc<UnderTest>, chance: &Chance) {
        self.stage = Some(Stage {
            engine: under_test.target.engine(chance),
            under_test: Rc::clone(under_test),
            account: None,
            noted: BTreeMap::new(),
        });
    }

    /// The stage, once it is set.
    pub fn stage(&self) -> Option<&Stage> {
        self.stage.as_ref()
    }

    async fn step(&mut self, step: &Step) {
        self.begun += 1;
        let stage =
            self.stage.as_mut().unwrap_or_else(|| panic!("the stage is set before the first step"));
        if let Err(failure) = stage.step(step).await {
            self.failure = Some(ScenarioFailure { step: self.begun - 1, ..*failure });
            // Not a panic of ours: no hook is called and nothing is printed.
            std::panic::resume_unwind(Box::new(Broken));
        }
    }
}

impl Stage {
    async fn step(&mut self, step: &Step) -> Result<(), Box<ScenarioFailure>> {
        let catalogue = self.account.map(|(_, vendor)| vendor.catalogue());
        let said = words::read(&step.value, self.under_test.registry, catalogue)
            .unwrap_or_else(|wrong| panic!("`{}` was rehearsed: {wrong:?}", step.value));
        match said {
            Said::Account(vendor, profile) => {
                self.open(vendor, profile.as_deref(), step);
                Ok(())
            }
            Said::Do(doing) => self.perform(&doing, step).await,
            Said::Expect(expectation) => super::expect::hold(self, &expectation, step).await,
        }
    }

    async fn perform(&mut self, doing: &Doing, step: &Step) -> Result<(), Box<ScenarioFailure>> {
        let (account, _) = self.account.unwrap_or_else(|| panic!("an account was rehearsed"));
        let before = self.engine.deliveries().len();
        // It was rehearsed, so this is a bug of ours.
        perform(&mut self.engine, account, doing, &step.value).await.map_err(|impossible| {
            Box::new(ScenarioFailure {
                message: impossible.to_string(),
                internal: true,
                ..Default::default()
            })
        })?;
        // Which are dead hangs on the receiver's answers.
        if matches!(doing, Doing::DeadLetters(_)) && self.engine.deliveries().len() == before {
            return Err(Box::new(fail("there is no dead letter to send again")));
        }
        Ok(())
    }

    fn open(&mut self, vendor: &'static dyn Vendor, profile: Option<&str>, step: &Step) {
        let catalogue = vendor.catalogue();
        let under_test = Rc::clone(&self.under_test);
        let target = under_test
            .target
            .vendors
            .get(catalogue.vendor)
            .unwrap_or_else(|| panic!("{} was rehearsed", catalogue.vendor));
        let rows =
            rows(step).unwrap_or_else(|mistake| panic!("the table was rehearsed: {mistake:?}"));
        let over = rows.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let settings = target
            .settings_with(over)
            .unwrap_or_else(|problem| panic!("settings were rehearsed: {problem}"));
        let profile = profile.and_then(|name| catalogue.profile(name)).unwrap_or(target.profile);
        // A run has one account, so its vendor's name will do.
        let account = target.open(&mut self.engine, catalogue.vendor, profile, settings);
        self.account = Some((account, vendor));
    }

    /// The subject of this name and kind (any kind, if none is asked for), with its kind.
    pub fn named(&self, who: &str, kind: Option<&str>) -> Option<(&'static str, SubjectIndex)> {
        let (account, vendor) = self.account?;
        let kinds = vendor.catalogue().subjects.iter().map(|subject| subject.kind);
        kinds.filter(|one| kind.is_none_or(|kind| kind == *one)).find_map(|one| {
            self.engine.sim().named(account, one, who).map(|subject| (one, subject))
        })
    }
}

/// The rows of a table under a step, as pairs. A heading row is passed over.
///
/// # Errors
/// If a row is no pair.
pub fn rows(step: &Step) -> Result<Vec<(String, String)>, Mistake> {
    let rows = step.table.as_ref().map(|table| table.rows.as_slice()).unwrap_or_default();
    let mut pairs = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        match row.as_slice() {
            [name, value]
                if index == 0
                    && matches!((name.trim(), value.trim()), ("setting" | "field", "value")) => {}
            [name, value] => pairs.push((name.trim().to_owned(), value.trim().to_owned())),
            other => {
                let title =
                    format!("a row of the table has {} cells; it must have two", other.len());
                return Err(Mistake::here(title));
            }
        }
    }
    Ok(pairs)
}

/// One step function takes every step: the words are read by ourselves.
pub fn steps() -> Collection<World> {
    fn any<'a>(world: &'a mut World, context: Context) -> LocalBoxFuture<'a, ()> {
        async move { world.step(&context.step).await }.boxed_local()
    }
    let everything = || Regex::new("(?s)^.*$").unwrap_or_else(|error| panic!("{error}"));
    Collection::new().given(None, everything(), any).when(None, everything(), any).then(
        None,
        everything(),
        any,
    )
}

/// Results by the place that tells scenarios apart.
pub type Collected = Rc<RefCell<BTreeMap<(usize, usize), super::run::Came>>>;
