//! What a feature file contains, read without a rehearsal: its rules, and where its scenarios stand.

use std::ops::RangeInclusive;

use cucumber::gherkin::{Examples, Scenario, Span};

use super::plan::{distinguish, flatten};
use super::source::Source;
use super::{rule, written};
use crate::model::Problem;
use crate::model::rule::{Level, Rule, rule_id};
use crate::model::tolerance::Named;

/// What a feature file contains.
pub struct Contents {
    /// Its rules, in order.
    pub rules: Vec<Rule>,
    /// Its scenarios, in order. An outline is one.
    pub scenarios: Vec<Located>,
    /// The lines of its background.
    pub background: Option<RangeInclusive<usize>>,
}

/// A scenario or an outline, and where it stands.
pub struct Located {
    /// The text behind `Scenario:`.
    pub name: String,
    /// Its own tags.
    pub tags: Vec<String>,
    /// The id of its rule.
    pub rule: Option<String>,
    /// How many scenarios it is: for an outline, the rows of its examples.
    pub count: usize,
    /// Its lines, from its title to the end of its examples.
    pub lines: RangeInclusive<usize>,
    /// The lines of the background of its rule.
    pub background: Option<RangeInclusive<usize>>,
}

/// Reads what a feature file contains.
///
/// # Errors
/// If it is no Gherkin, or a rule is malformed. Steps are not read.
pub fn contents(source: &Source) -> Result<Contents, Vec<Problem>> {
    let feature = written::read(source).map_err(|problem| vec![problem])?;
    // Examples are expanded so that a mistake in them is found.
    let expanded = written::with_rows(source, feature.clone()).map_err(|problem| vec![problem])?;
    let rules = rule::read(source, &expanded)?;
    let text = &source.text;
    let lines = |span, line| lines(text, span, line);
    let located = |one: &Scenario, rule: Option<&str>, background: &Option<_>| Located {
        name: one.name.clone(),
        tags: one.tags.clone(),
        rule: rule.map(str::to_owned),
        count: one
            .examples
            .iter()
            .map(rows)
            .sum::<usize>()
            .max(usize::from(one.examples.is_empty())),
        lines: lines(one.span, one.position.line),
        background: background.clone(),
    };
    let mut scenarios: Vec<Located> =
        feature.scenarios.iter().map(|one| located(one, None, &None)).collect();
    for rule in &feature.rules {
        let own = rule.background.as_ref().map(|own| lines(own.span, own.position.line));
        let id = rule_id(&rule.tags);
        scenarios.extend(rule.scenarios.iter().map(|one| located(one, id, &own)));
    }
    let background = feature.background.as_ref().map(|own| lines(own.span, own.position.line));
    Ok(Contents { rules, scenarios, background })
}

/// A scenario, or a row of an outline, as a list of known failures can name it.
pub struct Expanded {
    name: String,
    lines: (usize, Option<usize>),
    rule: Option<String>,
}

impl Expanded {
    /// Its names and places in this file.
    pub fn named<'a>(&'a self, file: &'a str) -> Named<'a> {
        let (name, rule) = (self.name.as_str(), self.rule.as_deref());
        Named { file, lines: self.lines, name, vendor: None, rule, level: Level::Must }
    }
}

/// The scenarios of a feature file, with a scenario for each row of an outline.
///
/// # Errors
/// If it is no Gherkin. Steps are not read.
pub fn expanded(source: &Source) -> Result<Vec<Expanded>, Problem> {
    let feature = written::read(source)?;
    let outlines = written::outline_lines(&feature);
    let mut scenarios = flatten(written::with_rows(source, feature)?);
    distinguish(&mut scenarios);
    let one = |one: Scenario| Expanded {
        rule: rule_id(&one.tags).map(str::to_owned),
        lines: (one.position.line, outlines.get(&one.position.line).copied()),
        name: one.name,
    };
    Ok(scenarios.into_iter().map(one).collect())
}

fn rows(examples: &Examples) -> usize {
    examples.table.as_ref().map_or(0, |table| table.rows.len().saturating_sub(1))
}

/// The lines of a part of the text that begins on this line, without comments at its end: they belong
/// to what follows.
fn lines(text: &str, span: Span, line: usize) -> RangeInclusive<usize> {
    let part = text.get(span.start..span.end).unwrap_or_default().trim_start();
    let says = |text: &str| !text.trim().is_empty() && !text.trim_start().starts_with('#');
    let last = part.lines().enumerate().filter(|(_, text)| says(text)).last();
    line..=line + last.map_or(0, |(index, _)| index)
}
