//! The shipped contract, played without a Gherkin runner.

use std::rc::Rc;

use futures::{StreamExt, stream};
use standin::cli::settings::{self, Overrides};
use standin::cli::{features, receiver as reference};
use standin::contract::stage::Stage;
use standin::contract::words::ParsedStep;
use standin::contract::{Plan, ScenarioPlan, Selection, expect, plan};
use standin::journal::{JournalError, Memory};
use standin::receiver;
use standin::run::Run;
use standin::run::replay::ReplaySetup;
use standin::under_test::UnderTest;
use standin::vendors::registry;

use super::built_in::built_in;
use super::digest::digest;

/// How many scenarios are played at the same time.
const AT_ONCE: usize = 16;

/// The shipped contract and a receiver of its own.
pub struct Contract {
    under_test: Rc<UnderTest>,
    plans: Vec<Plan>,
    _running: receiver::Running,
}

/// A scenario that was played.
pub struct Played<'a> {
    /// Its plan.
    pub scenario: &'a ScenarioPlan,
    /// Its journal as JSON lines.
    pub journal: String,
    /// The state that the run had in the end, as text.
    pub state: String,
    /// What was wrong, if anything was. Its journal ends there.
    pub failure: Option<String>,
}

impl Played<'_> {
    /// What to call it in a message.
    pub fn name(&self) -> String {
        let vendor = self.scenario.vendor.unwrap_or_default();
        format!("{vendor}: {}, line {}", self.scenario.name, self.scenario.line)
    }
}

impl Contract {
    /// Reads the contract and starts the receiver.
    pub async fn start() -> Self {
        let options = reference::options(([127, 0, 0, 1], 0).into(), Default::default());
        let running = receiver::start(options).await.expect("a free port");
        let overrides = Overrides { target: Some(running.url.clone()), ..Overrides::default() };
        let quiet = "believes_within: 5s\n  quiet_for: 5ms";
        let text = built_in(&[("believes_within: 5s", quiet)]);
        let under_test = settings::read(registry::shipped(), "standin.yaml", &text, &overrides);
        let under_test = under_test.unwrap_or_else(|_| panic!("right settings"));
        let plans = plan::read(&features::shipped(), &Selection::default(), &under_test);
        let plans = plans.unwrap_or_else(|problems| panic!("{}", problems[0]));
        Self { under_test: Rc::new(under_test), plans, _running: running }
    }

    /// Plays all scenarios, each with its own journal.
    pub async fn play(&self, journal: impl Fn(&ScenarioPlan) -> Memory) -> Vec<Played<'_>> {
        let scenarios = self.plans.iter().flat_map(|plan| &plan.scenarios);
        // Most of the time is spent waiting for real time to pass. Nothing is computed meanwhile: an
        // answer that is in time must not wait for it.
        stream::iter(scenarios)
            .map(async |scenario| {
                assert_eq!(scenario.skip, None, "{}", scenario.name);
                self.play_one(scenario, journal(scenario)).await
            })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await
    }

    async fn play_one<'a>(&'a self, scenario: &'a ScenarioPlan, journal: Memory) -> Played<'a> {
        let run = Run::new(&scenario.chance, scenario.start);
        let mut stage = Stage::new(&self.under_test, run, journal);
        let mut failure = None;
        for step in scenario.steps.iter() {
            let finding = match &step.parsed {
                ParsedStep::Account(account) => stage.open(account),
                ParsedStep::Do(instruction) => stage.perform(instruction, &step.text).await,
                ParsedStep::Expect(expectation) => expect::judge(&mut stage, expectation).await,
            };
            if let Err(found) = finding {
                let (name, line) = (&scenario.name, step.place.line);
                failure = Some(format!("{name}, line {line}: {}", found.message));
                break;
            }
        }
        let journal = stage.driver.journal().to_json_lines();
        let state = digest(&stage.driver.run());
        Played { scenario, journal, state, failure }
    }

    /// The run of a scenario, made again from these lines.
    pub fn again(&self, scenario: &ScenarioPlan, lines: &[String]) -> Result<Run, JournalError> {
        let vendors = &self.under_test.target.vendors;
        let route = |vendor: &str, _: &str| Some(vendors.get(vendor)?.route());
        let reopen = ReplaySetup { vendor: &|name| registry::shipped().find(name), route: &route };
        let run = Run::new(&scenario.chance, self.under_test.target.start);
        run.replay(lines.iter().map(String::as_str), &reopen)
    }
}
