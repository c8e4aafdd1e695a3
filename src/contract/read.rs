//! Feature files into plans.
//!
//! Outlines are expanded, backgrounds and rules are folded into their scenarios, tags decide what
//! is left. Then every step is read; a mistake is a [`Problem`] with its place.

use std::collections::{BTreeMap, BTreeSet};

use cucumber::feature::Ext as _;
use cucumber::gherkin::{Feature, GherkinEnv, LineCol, Scenario, Step};
use cucumber::tag::Ext as _;

use super::UnderTest;
use super::rehearse::{self, Rehearsed};
use super::words::{self, Said};
use crate::chance::Chance;
use crate::model::Problem;
use crate::vendors::Registry;
use crate::vendors::phrase::Misspoken;

/// A feature file.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file as the user knows it.
    pub file: String,
    /// Its text.
    pub text: String,
    /// Only the scenarios on these lines, if any are given.
    pub lines: BTreeSet<usize>,
}

/// Which scenarios are run.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// A tag expression: `@ombori and not @slow`.
    pub tags: Option<String>,
    /// The seed that the scenarios will run with.
    pub seed: u64,
}

/// What a feature file comes to.
pub struct Plan {
    /// The file as the user knows it.
    pub file: String,
    /// The text behind `Feature:`.
    pub name: String,
    /// Its scenarios, in order.
    pub scenarios: Vec<ScenarioPlan>,
    pub(super) feature: Feature,
}

/// A scenario that is going to be run, or skipped.
pub struct ScenarioPlan {
    /// The text behind `Scenario:`; the row's values behind it for an outline whose name lacks them.
    pub name: String,
    /// The line it begins on.
    pub line: usize,
    /// Its tags and its feature's.
    pub tags: Vec<String>,
    /// Why it cannot be judged against this receiver, if it cannot.
    pub skip: Option<String>,
    /// The vendor and subject of its first webhook, if it causes any.
    pub first: Option<(&'static str, crate::model::Subject)>,
    pub(super) scenario: Scenario,
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
    for source in sources {
        match plan(source, selection, under_test) {
            Ok(plan) if plan.scenarios.is_empty() => {}
            Ok(plan) => plans.push(plan),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(plans) } else { Err(problems) }
}

fn plan(
    source: &Source,
    selection: &Selection,
    under_test: &UnderTest,
) -> Result<Plan, Vec<Problem>> {
    let feature = parse(source).map_err(|problem| vec![problem])?;
    let mut plan = Plan {
        file: source.file.clone(),
        name: feature.name.clone(),
        scenarios: Vec::new(),
        feature: Feature {
            scenarios: Vec::new(),
            rules: Vec::new(),
            background: None,
            ..feature.clone()
        },
    };
    let mut problems = Vec::new();
    let mut scenarios = flatten(feature);
    distinguish(&mut scenarios);
    let outline = outline_lines(source);
    let chance = Chance::from_seed(selection.seed);
    for scenario in scenarios.into_iter().filter(|one| is_chosen(one, source, selection, &outline))
    {
        match rehearse::rehearse(
            source,
            &scenario,
            under_test,
            &stream(&chance, &source.file, &scenario),
        ) {
            Ok(Rehearsed { skip, first }) => plan.scenarios.push(ScenarioPlan {
                name: scenario.name.clone(),
                line: scenario.position.line,
                tags: scenario.tags.clone(),
                skip,
                first,
                scenario,
            }),
            // A mistake in a background is in every scenario behind it.
            Err(problem) if problems.contains(&problem) => {}
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(plan) } else { Err(problems) }
}

fn parse(source: &Source) -> Result<Feature, Problem> {
    let at = |line: usize, column: usize, title: String| Problem {
        file: source.file.clone(),
        source: source.text.clone(),
        line,
        column,
        length: 1,
        title,
        label: "here".to_owned(),
        help: Vec::new(),
    };
    let feature = Feature::parse(&source.text, GherkinEnv::default()).map_err(|error| {
        let text = error.to_string();
        let (line, column) = place_in(&text).unwrap_or((1, 1));
        // What the parser would have taken instead is a heap of its own words, in any order.
        if text.contains("inconsistent table row sizes") {
            let why = "this is not Gherkin: the rows of a table have as many cells as its first";
            // It notices behind the row.
            return at(line.saturating_sub(1).max(1), column, why.to_owned());
        }
        at(line, column, "this is not Gherkin: it cannot be read from here on".to_owned())
    })?;
    feature.expand_examples().map_err(|error| {
        let title = format!("the examples have no column `{}`", error.name);
        at(error.pos.line, error.pos.col, title)
    })
}

/// The line and column that a parser's message speaks of: the first two numbers in it.
fn place_in(message: &str) -> Option<(usize, usize)> {
    let mut numbers =
        message.split(|letter: char| !letter.is_ascii_digit()).filter_map(|part| part.parse().ok());
    Some((numbers.next()?, numbers.next()?))
}

/// All scenarios, with the steps of their backgrounds before their own and all tags that apply.
fn flatten(feature: Feature) -> Vec<Scenario> {
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

/// The stream of chance of a scenario: other scenarios, and the order of running, do not matter.
pub(super) fn stream(chance: &Chance, file: &str, scenario: &Scenario) -> Chance {
    let file = file.trim_start_matches("./");
    chance.child(&format!("scenario {file} {}", scenario.position.line))
}

/// For each line of a row of examples, the line of its outline.
fn outline_lines(source: &Source) -> BTreeMap<usize, usize> {
    let Ok(feature) = Feature::parse(&source.text, GherkinEnv::default()) else {
        return BTreeMap::new();
    };
    let rules = feature.rules.iter().flat_map(|rule| &rule.scenarios);
    let mut lines = BTreeMap::new();
    for scenario in feature.scenarios.iter().chain(rules) {
        for table in scenario.examples.iter().filter_map(|examples| examples.table.as_ref()) {
            for row in 0..table.rows.len() {
                lines.insert(table.position.line + row, scenario.position.line);
            }
        }
    }
    lines
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
    let lines = || {
        let last = scenario.steps.last().map_or(scenario.position.line, |step| step.position.line);
        scenario.position.line..=last.max(scenario.position.line)
    };
    let outline = outlines.get(&scenario.position.line);
    let named = |line: usize| match outline {
        Some(outline) => line == scenario.position.line || line == *outline,
        None => lines().contains(&line),
    };
    tags && (source.lines.is_empty() || source.lines.iter().any(|line| named(*line)))
}

/// The longest tag expression.
const LONGEST_TAGS: usize = 1000;

/// Checks a tag expression.
///
/// # Errors
/// What would be right.
pub fn check_tags(expression: &str) -> Result<(), String> {
    // The parser goes as deep as the brackets do.
    if expression.len() > LONGEST_TAGS {
        return Err(format!("a tag expression has at most {LONGEST_TAGS} bytes"));
    }
    expression.parse::<cucumber::gherkin::tagexpr::TagOperation>().map(|_| ()).map_err(|_| {
        format!("`{expression}` is not a tag expression; write it like `@ombori and not @slow`")
    })
}

/// Gives each scenario a place of its own, by which the runner's events tell them apart, and rows
/// of the same name a number.
fn distinguish(scenarios: &mut [Scenario]) {
    let names: Vec<String> = scenarios.iter().map(|scenario| scenario.name.clone()).collect();
    for (index, scenario) in scenarios.iter_mut().enumerate() {
        let same = |list: &[String]| list.iter().filter(|name| **name == names[index]).count();
        if same(&names) > 1 {
            scenario.name = format!("{} #{}", names[index], same(&names[..index]) + 1);
        }
        scenario.position = LineCol { line: scenario.position.line, col: index };
    }
}

/// Reads a step that is about to be rehearsed or run.
///
/// # Errors
/// What is wrong, and what would be right.
pub(super) fn step(
    source: &Source,
    step: &Step,
    registry: Registry,
    catalogue: Option<&'static crate::model::Catalogue>,
) -> Result<Said, Problem> {
    words::read(&step.value, registry, catalogue).map_err(|wrong| match wrong {
        Misspoken::Unknown(near) => {
            let help = [
                near.map_or_else(String::new, |near| format!("did you mean `{near}`?")),
                "`standin vendors --steps` lists every phrase".to_owned(),
            ];
            problem(
                source,
                step,
                format!("no step says `{}`", step.value),
                "not a known phrase",
                &help,
            )
        }
        Misspoken::Value(message) => problem(source, step, message, "here", &[]),
    })
}

/// A mistake in a step.
pub(super) fn problem(
    source: &Source,
    step: &Step,
    title: String,
    label: &str,
    help: &[String],
) -> Problem {
    Problem {
        file: source.file.clone(),
        source: source.text.clone(),
        line: step.position.line,
        column: column(source, step),
        length: step.value.chars().count(),
        title,
        label: label.to_owned(),
        help: help.iter().filter(|help| !help.is_empty()).cloned().collect(),
    }
}

/// The column of a step's text: behind its keyword.
pub(super) fn column(source: &Source, step: &Step) -> usize {
    let line = source.text.lines().nth(step.position.line.saturating_sub(1)).unwrap_or_default();
    let indent = line.chars().take_while(|letter| letter.is_whitespace()).count();
    let keyword = step.keyword.trim_end().chars().count();
    let gap =
        line.chars().skip(indent + keyword).take_while(|letter| letter.is_whitespace()).count();
    indent + keyword + gap + 1
}
