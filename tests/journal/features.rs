//! Every shipped scenario, played without a Gherkin runner: its journal gives the same run again,
//! whole and cut.

use std::rc::Rc;

use futures::{StreamExt, stream};
use standin::cli::settings::{self, Overrides};
use standin::cli::{features, receiver as reference};
use standin::contract::stage::Stage;
use standin::contract::words::ParsedStep;
use standin::contract::{ScenarioPlan, Selection, expect, plan};
use standin::receiver;
use standin::run::Run;
use standin::run::resume::Reopen;
use standin::under_test::UnderTest;
use standin::vendors::registry;

use super::built_in::built_in;
use super::crash::crash;
use super::digest::digest;

/// How many scenarios are played at the same time.
const AT_ONCE: usize = 16;

#[tokio::test]
async fn the_journal_of_every_scenario_gives_its_run_again() {
    let options = reference::options(([127, 0, 0, 1], 0).into(), Default::default());
    let running = receiver::start(options).await.expect("a free port");
    let overrides = Overrides { target: Some(running.url.clone()), ..Overrides::default() };
    let quiet = "believes_within: 5s\n  quiet_for: 5ms";
    let text = built_in(&[("believes_within: 5s", quiet)]);
    let under_test = settings::read(registry::shipped(), "standin.yaml", &text, &overrides);
    let under_test = under_test.unwrap_or_else(|_| panic!("right settings"));
    let plans = plan::read(&features::shipped(), &Selection::default(), &under_test);
    let plans = plans.unwrap_or_else(|problems| panic!("{}", problems[0]));
    let under_test = Rc::new(under_test);
    let scenarios = plans.iter().flat_map(|plan| &plan.scenarios);
    // Most of the time is spent waiting for real time to pass. Nothing is computed meanwhile: an
    // answer that is in time must not wait for it.
    let played: Vec<Played> = stream::iter(scenarios)
        .map(async |scenario| {
            assert_eq!(scenario.skip, None, "{}", scenario.name);
            play(&under_test, scenario).await
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    running.stop().await;
    let mut entries = 0;
    let mut failures = Vec::new();
    for played in &played {
        entries += read_back(&under_test, played);
        failures.extend(played.failure.as_deref());
    }
    let scenarios = played.len();
    assert!(scenarios > 600 && entries > 15_000, "{scenarios} scenarios, {entries} entries");
    // A busy machine may be late once in a while.
    assert!(failures.len() < 10, "{}", failures.join("\n"));
}

/// A scenario that was played.
struct Played<'a> {
    scenario: &'a ScenarioPlan,
    journal: String,
    /// The state that the run had in the end, as text.
    state: String,
    /// What was wrong, if anything was. Its journal ends there.
    failure: Option<String>,
}

async fn play<'a>(under_test: &Rc<UnderTest>, scenario: &'a ScenarioPlan) -> Played<'a> {
    let mut stage = Stage::new(under_test, &scenario.chance);
    let mut failure = None;
    for step in scenario.steps.iter() {
        let finding = match &step.parsed {
            ParsedStep::Account(account) => stage.open(account),
            ParsedStep::Do(instruction) => stage.perform(instruction, &step.text).await,
            ParsedStep::Expect(expectation) => expect::judge(&mut stage, expectation).await,
        };
        if let Err(found) = finding {
            failure =
                Some(format!("{}, line {}: {}", scenario.name, step.place.line, found.message));
            break;
        }
    }
    let journal = stage.driver.journal().to_json_lines();
    let state = digest(&stage.driver.run());
    Played { scenario, journal, state, failure }
}

/// Reads the journal back, whole and cut: in three places, and with `FULL=1` before every entry.
/// Gives back how many entries it has.
fn read_back(under_test: &UnderTest, played: &Played) -> usize {
    let scenario = played.scenario;
    let lines: Vec<String> = played.journal.lines().map(|line| format!("{line}\n")).collect();
    let route = |vendor: &str, _: &str| Some(under_test.target.vendors.get(vendor)?.route());
    let reopen = Reopen { vendor: &|name| registry::shipped().find(name), route: &route };
    let replay = |lines: &[String]| {
        let run = Run::new(&scenario.chance, under_test.target.start);
        run.replay(lines.iter().map(String::as_str), &reopen)
    };
    let vendor = scenario.first.as_ref().map_or("", |(vendor, _)| *vendor);
    let name = format!("{vendor}: {}, line {}", scenario.name, scenario.line);
    let again = replay(&lines).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(digest(&again), played.state, "{name}");
    let step = if super::full() { 1 } else { (lines.len() / 4).max(1) };
    for cut in (1..lines.len()).step_by(step) {
        crash(&lines, cut, replay, &format!("{name}, cut at {cut}"));
    }
    lines.len()
}
