//! The world of one scenario: its engine, its account, and what has come of its steps so far.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use cucumber::gherkin::Step;
use cucumber::step::{Collection, Context};
use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use regex::Regex;

use super::Subject;
use super::words::{self, Said};
use crate::chance::Chance;
use crate::clock::Stopwatch;
use crate::engine::Engine;
use crate::model::SubjectIndex;
use crate::model::result::ScenarioFailure;
use crate::scenario::run::perform;
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
    pub subject: Rc<Subject>,
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
    pub fn set(&mut self, subject: &Rc<Subject>, chance: &Chance) {
        self.stage = Some(Stage {
            engine: subject.target.engine(chance),
            subject: Rc::clone(subject),
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
        let said = words::read(&step.value, catalogue)
            .unwrap_or_else(|wrong| panic!("`{}` was rehearsed: {wrong:?}", step.value));
        match said {
            Said::Account(vendor, profile) => {
                self.open(vendor, profile.as_deref(), step);
                Ok(())
            }
            Said::Do(doing) => {
                let (account, _) =
                    self.account.unwrap_or_else(|| panic!("an account was rehearsed"));
                // What is legal may depend on the draw of the seed; then it is no fault of the receiver.
                perform(&mut self.engine, account, &doing, &step.value).await.map_err(
                    |impossible| {
                        Box::new(ScenarioFailure {
                            message: impossible.to_string(),
                            internal: true,
                            ..Default::default()
                        })
                    },
                )
            }
            Said::Expect(expectation) => super::expect::hold(self, &expectation, step).await,
        }
    }

    fn open(&mut self, vendor: &'static dyn Vendor, profile: Option<&str>, step: &Step) {
        let catalogue = vendor.catalogue();
        let subject = Rc::clone(&self.subject);
        let target = subject
            .target
            .vendors
            .get(catalogue.vendor)
            .unwrap_or_else(|| panic!("{} was rehearsed", catalogue.vendor));
        let rows = rows(step);
        let over = rows.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let settings = target
            .settings_with(over)
            .unwrap_or_else(|problem| panic!("settings were rehearsed: {problem}"));
        let profile = profile.and_then(|name| catalogue.profile(name)).unwrap_or(target.profile);
        let name = settings_name(&settings, catalogue.vendor);
        self.account = Some((target.open(&mut self.engine, &name, profile, settings), vendor));
    }

    /// The subject of this name, with its kind.
    pub fn named(&self, who: &str) -> Option<(&'static str, SubjectIndex)> {
        let (account, vendor) = self.account?;
        vendor.catalogue().subjects.iter().find_map(|kind| {
            self.engine.sim().named(account, kind.kind, who).map(|subject| (kind.kind, subject))
        })
    }
}

/// A run has one account, so its vendor's name will do.
fn settings_name(_settings: &crate::model::Settings, vendor: &str) -> String {
    vendor.to_owned()
}

/// The rows of a table under a step, as pairs. A heading row is passed over.
pub fn rows(step: &Step) -> Vec<(String, String)> {
    let rows = step.table.as_ref().map(|table| table.rows.as_slice()).unwrap_or_default();
    rows.iter()
        .filter_map(|row| match row.as_slice() {
            [name, value] => Some((name.trim().to_owned(), value.trim().to_owned())),
            _ => None,
        })
        .filter(|(name, value)| {
            !matches!((name.as_str(), value.as_str()), ("setting" | "field", "value"))
        })
        .collect()
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
