//! Turns feature files into plans.
//!
//! It merges backgrounds into their scenarios, and selects scenarios by tags.
//! Then it reads and rehearses every step. A mistake is a [`Problem`] with its place.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use cucumber::gherkin::{Feature, LineCol, Scenario, Step};
use cucumber::tag::Ext as _;
use jiff::Timestamp;

use super::login;
use super::parallel;
use super::rehearse::rehearse;
use super::rule::{self, Levels};
use super::scenario::{PlannedStep, parse};
use super::source::{Origin, Place, Source};
use super::turns::{self, Turn};
use super::written;
use crate::chance::Chance;
use crate::model::rule::{Rule, rule_id};
use crate::model::{Problem, Subject};
use crate::scenario::rehearse::Mistake;
use crate::under_test::UnderTest;

/// Which scenarios are run.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// A tag expression: `@ombori and not @slow`.
    pub tags: Option<String>,
    /// The seed that the scenarios will run with.
    pub seed: u64,
}

/// Identifies a scenario: the index of its feature, and its index in the feature.
pub(super) type Key = (usize, usize);

/// The scenarios of a feature file, ready to run.
pub struct Plan {
    /// The file as the user knows it.
    pub file: String,
    /// The text after `Feature:`.
    pub name: String,
    /// The rules of its scenarios, in order.
    pub rules: Vec<Rule>,
    /// Its scenarios, in order.
    pub scenarios: Vec<ScenarioPlan>,
    pub(super) feature: Feature,
}

/// A scenario that will be run, or skipped.
pub struct ScenarioPlan {
    /// The text after `Scenario:`. Scenarios of the same name get a number.
    pub name: String,
    /// The line it begins on.
    pub line: usize,
    /// The line of its outline, if it is a row of one.
    pub outline: Option<usize>,
    /// Its tags and those of its rule and feature.
    pub tags: Vec<String>,
    /// Whether standin.yaml has a section for its vendor.
    pub set_up: bool,
    /// Why it cannot be judged against this receiver, if it cannot.
    pub skip: Option<String>,
    /// Its expectations that cannot be judged, by the index of their step, and why.
    pub unjudged: Arc<BTreeMap<usize, String>>,
    /// The vendor of its account.
    pub vendor: Option<&'static str>,
    /// The first subject of its webhooks whose id is its own, if there is one.
    pub first: Option<Subject>,
    /// When its virtual time begins.
    pub start: Timestamp,
    /// When it is played.
    pub(super) turn: Turn,
    /// When its virtual time ends.
    pub(super) ends: Timestamp,
    /// Its steps, those of its backgrounds first.
    pub steps: Arc<[PlannedStep]>,
    /// Its stream of chance. It does not depend on other scenarios or the order of running.
    pub chance: Chance,
    /// What that stream is for: it is the child of the seed's for this purpose.
    pub purpose: String,
    pub(super) scenario: Scenario,
}

impl ScenarioPlan {
    /// What identifies it, if it is in the feature of this index.
    pub(super) fn key(&self, feature: usize) -> Key {
        (feature, self.scenario.position.col)
    }
}

/// The scenarios that are played, in the order of the files.
pub(super) fn played(plans: &[Plan]) -> impl Iterator<Item = Key> {
    plans.iter().enumerate().flat_map(|(place, plan)| {
        let played = plan.scenarios.iter().filter(|one| one.skip.is_none());
        played.map(move |one| one.key(place))
    })
}

/// The scenarios that are played then.
pub(super) fn in_turn(plans: &[Plan], turn: Turn) -> BTreeSet<Key> {
    let keys = plans.iter().enumerate().flat_map(|(place, plan)| {
        let played = plan.scenarios.iter().filter(move |one| one.skip.is_none());
        played.filter(move |one| one.turn == turn).map(move |one| one.key(place))
    });
    keys.collect()
}

/// Reads and rehearses features.
///
/// # Errors
/// All the mistakes that were found, in the order of the files.
pub fn read(
    sources: &[Source],
    selection: &Selection,
    under_test: &UnderTest,
) -> Result<Vec<Plan>, Vec<Problem>> {
    let mut plans = Vec::new();
    let mut problems = Vec::new();
    let mut levels = Levels::default();
    let read = parallel::each(sources, |source| plan(source, selection, under_test));
    for (source, read) in sources.iter().zip(read) {
        match read {
            Ok(plan) if plan.scenarios.is_empty() => {}
            Ok(plan) => {
                problems.extend(levels.contradicted(source, &plan.rules));
                plans.push((source, plan));
            }
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty()
        && let Err(problem) = take_turns(&mut plans, under_test)
    {
        problems.push(problem);
    }
    let plans = plans.into_iter().map(|(_, plan)| plan).collect();
    if problems.is_empty() { Ok(plans) } else { Err(problems) }
}

/// Gives the scenarios that judge something whose id is set a start each, and rehearses them from there.
fn take_turns(plans: &mut [(&Source, Plan)], under_test: &UnderTest) -> Result<(), Problem> {
    let all = plans.iter().flat_map(|(_, plan)| &plan.scenarios);
    let first = all.filter(|one| one.skip.is_none() && one.turn == Turn::Beside);
    let mut ended = first.map(|one| one.ends).max();
    let places = 0..plans.len();
    let turns = [Turn::Alone, Turn::Last].into_iter();
    for (turn, place) in turns.flat_map(|turn| places.clone().map(move |place| (turn, place))) {
        let (source, plan) = &mut plans[place];
        let played = |one: &&mut ScenarioPlan| one.skip.is_none() && one.turn == turn;
        for one in plan.scenarios.iter_mut().filter(played) {
            one.start = turns::next(under_test.target.start, ended);
            let parsed = parse(source, &one.scenario, under_test.registry)
                .unwrap_or_else(|_| panic!("{}: it was read before", one.name));
            let from = (under_test, one.start);
            let rehearsed = rehearse(source, &parsed, from, &one.chance)?;
            one.skip = rehearsed.skip;
            one.unjudged = Arc::new(rehearsed.unjudged);
            one.first = rehearsed.first;
            ended = ended.max(Some(rehearsed.ends));
        }
    }
    Ok(())
}

fn plan(
    source: &Source,
    selection: &Selection,
    under_test: &UnderTest,
) -> Result<Plan, Vec<Problem>> {
    let (feature, mut problems) = written::read_mended(source);
    let plan = match feature {
        None => return Err(problems),
        Some(feature) => of_feature(source, feature, selection, under_test),
    };
    match plan {
        Ok(plan) if problems.is_empty() => Ok(plan),
        Ok(_) => Err(problems),
        Err(more) => {
            problems.extend(more);
            Err(problems)
        }
    }
}

fn of_feature(
    source: &Source,
    feature: Feature,
    selection: &Selection,
    under_test: &UnderTest,
) -> Result<Plan, Vec<Problem>> {
    let outlines = written::outline_lines(&feature);
    let feature = written::with_rows(source, feature).map_err(|problem| vec![problem])?;
    let rules = rule::read(source, &feature)?;
    let mut plan = Plan {
        file: source.file.clone(),
        name: feature.name.clone(),
        rules,
        scenarios: Vec::new(),
        feature: Feature {
            scenarios: Vec::new(),
            rules: Vec::new(),
            background: None,
            ..feature.clone()
        },
    };
    let (mut problems, mut places) = (Vec::new(), BTreeSet::new());
    let mut scenarios = flatten(feature);
    distinguish(&mut scenarios);
    let lost = |line: &&usize| !scenarios.iter().any(|one| has_line(one, **line, &outlines));
    // With a single line, no scenario is left, which is said elsewhere.
    if let Some(line) = source.lines.iter().filter(|_| source.lines.len() > 1).find(lost) {
        return Err(vec![no_scenario(source, *line)]);
    }
    let chance = Chance::from_seed(selection.seed);
    let is_chosen = |one: &Scenario| {
        is_chosen(one, source, selection, &outlines) && login::is_played(&one.tags, under_test)
    };
    for scenario in scenarios.into_iter().filter(is_chosen) {
        let outline = outlines.get(&scenario.position.line).copied();
        match planned(source, scenario, under_test, &chance) {
            Ok(None) => {}
            Ok(Some(planned)) => plan.scenarios.push(ScenarioPlan { outline, ..planned }),
            Err(found) => {
                // A mistake in a background repeats in every scenario of the feature.
                let is_new =
                    |one: &Problem| places.insert((one.line, one.column, one.title.clone()));
                problems.extend(found.into_iter().filter(is_new));
            }
        }
    }
    let is_used = |rule: &Rule| {
        let mut scenarios = plan.scenarios.iter();
        scenarios.any(|one| rule_id(&one.tags) == Some(rule.id.as_str()))
    };
    let rules = std::mem::take(&mut plan.rules).into_iter();
    plan.rules = rules.filter(is_used).collect();
    if problems.is_empty() { Ok(plan) } else { Err(problems) }
}

/// The plan of a scenario. None if it is shipped and not about the login of its vendor.
fn planned(
    source: &Source,
    scenario: Scenario,
    under_test: &UnderTest,
    chance: &Chance,
) -> Result<Option<ScenarioPlan>, Vec<Problem>> {
    let parsed = parse(source, &scenario, under_test.registry)?;
    if source.origin == Origin::Shipped && !login::fits(&parsed, under_test) {
        return Ok(None);
    }
    let file = source.file.trim_start_matches("./");
    let purpose = format!("scenario {file} {}", parsed.line);
    let chance = chance.child(&purpose);
    let start = under_test.target.start;
    let rehearsed =
        rehearse(source, &parsed, (under_test, start), &chance).map_err(|problem| vec![problem])?;
    Ok(Some(ScenarioPlan {
        name: parsed.name,
        line: parsed.line,
        outline: None,
        tags: parsed.tags,
        set_up: rehearsed.set_up,
        skip: rehearsed.skip,
        unjudged: Arc::new(rehearsed.unjudged),
        vendor: rehearsed.vendor,
        first: rehearsed.first,
        start,
        turn: rehearsed.turn,
        ends: rehearsed.ends,
        steps: parsed.steps,
        chance,
        purpose,
        scenario,
    }))
}

/// All scenarios, each with the steps of its backgrounds first and all tags that apply.
pub(super) fn flatten(feature: Feature) -> Vec<Scenario> {
    let before: Vec<Step> =
        feature.background.map(|background| background.steps).unwrap_or_default();
    let mut scenarios = Vec::new();
    for scenario in feature.scenarios {
        scenarios.push(prepare(scenario, &before, &feature.tags));
    }
    for rule in feature.rules {
        let mut before = before.clone();
        before.extend(rule.background.map(|background| background.steps).unwrap_or_default());
        let tags: Vec<String> = feature.tags.iter().chain(&rule.tags).cloned().collect();
        for scenario in rule.scenarios {
            scenarios.push(prepare(scenario, &before, &tags));
        }
    }
    scenarios
}

fn prepare(mut scenario: Scenario, before: &[Step], tags: &[String]) -> Scenario {
    scenario.steps.splice(0..0, before.iter().cloned());
    let mut all: Vec<String> = tags.to_vec();
    all.extend(scenario.tags.iter().filter(|tag| !tags.contains(tag)).cloned());
    scenario.tags = all;
    scenario.examples.clear();
    scenario
}

/// `FILE:LINE` names the scenario that the line is in; the line of an outline names all its rows.
fn is_chosen(
    scenario: &Scenario,
    source: &Source,
    selection: &Selection,
    outlines: &BTreeMap<usize, usize>,
) -> bool {
    let tags = selection.tags.as_ref().is_none_or(|expression| {
        expression
            .parse::<cucumber::gherkin::tagexpr::TagOperation>()
            .is_ok_and(|operation| operation.eval(&scenario.tags))
    });
    let has_line = |line: &usize| has_line(scenario, *line, outlines);
    tags && (source.lines.is_empty() || source.lines.iter().any(has_line))
}

/// Whether a scenario is on this line, or its outline.
fn has_line(scenario: &Scenario, line: usize, outlines: &BTreeMap<usize, usize>) -> bool {
    let first = scenario.position.line;
    match outlines.get(&first) {
        Some(outline) => line == first || line == *outline,
        None => {
            let last = scenario.steps.last().map_or(first, |step| step.position.line);
            (first..=last.max(first)).contains(&line)
        }
    }
}

fn no_scenario(source: &Source, line: usize) -> Problem {
    let place = Place { line: line.clamp(1, source.text.count().max(1)), column: 1, length: 1 };
    let title = format!("no scenario is on line {line}, which was named");
    let help = "`standin check --list` lists the scenarios with their lines".to_owned();
    source.problem(place, Mistake { title, label: "", help: vec![help] })
}

/// The longest tag expression.
const LONGEST_TAGS: usize = 1000;

/// Checks a tag expression.
///
/// # Errors
/// A message that says what would be right.
pub fn check_tags(expression: &str) -> Result<(), String> {
    // The parser recurses for each bracket, so a long expression could overflow the stack.
    if expression.len() > LONGEST_TAGS {
        return Err(format!("a tag expression has at most {LONGEST_TAGS} bytes"));
    }
    expression.parse::<cucumber::gherkin::tagexpr::TagOperation>().map(|_| ()).map_err(|_| {
        format!("`{expression}` is not a tag expression; write it like `@ombori and not @slow`")
    })
}

/// Gives each scenario its own column, by which the runner's events identify it.
/// Scenarios of the same name get a number.
pub(super) fn distinguish(scenarios: &mut [Scenario]) {
    // Of each name: how many scenarios have it, and how many of them were met.
    let mut names = HashMap::<String, (usize, usize)>::new();
    for scenario in scenarios.iter() {
        names.entry(scenario.name.clone()).or_default().0 += 1;
    }
    for (index, scenario) in scenarios.iter_mut().enumerate() {
        if let Some((2.., met)) = names.get_mut(&scenario.name) {
            *met += 1;
            scenario.name = format!("{} #{met}", scenario.name);
        }
        scenario.position = LineCol { line: scenario.position.line, col: index };
    }
}
