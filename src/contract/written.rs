//! A feature file as Gherkin: read, and its outlines expanded.
//!
//! What its steps mean is read elsewhere.

use std::collections::BTreeMap;

use cucumber::feature::Ext as _;
use cucumber::gherkin::{Examples, Feature, GherkinEnv, Scenario};

use super::source::{Place, Source};
use crate::model::Problem;
use crate::scenario::rehearse::Mistake;
use crate::suggest::{mistyped, question};

/// The most lines of a feature file. For each place, the parser searches all lines before it.
const MOST_LINES: usize = 50_000;

/// Reads a feature as it is written.
///
/// # Errors
/// If it is not Gherkin, or too long.
pub fn read(source: &Source) -> Result<Feature, Problem> {
    if source.text.count() > MOST_LINES {
        let title = format!("a feature file has at most {MOST_LINES} lines");
        let help = "divide it into several files; a folder of them is checked as well";
        let place = Place { line: MOST_LINES + 1, column: 1, length: 1 };
        return Err(source.problem(place, Mistake::here(title).help(help)));
    }
    Feature::parse(&*source.text, GherkinEnv::default()).map_err(|error| {
        let text = error.to_string();
        let (line, column) = place_in(&text).unwrap_or((1, 1));
        // The parser's message lists the tokens of its own grammar, which do not help the user.
        if text.contains("inconsistent table row sizes") {
            let why =
                "this is not Gherkin: every row of a table must have as many cells as the first";
            // The parser reports the line after the wrong one.
            return at(source, line.saturating_sub(1).max(1), column, why.to_owned());
        }
        let mut problem = at(
            source,
            line,
            column,
            "this is not Gherkin: it cannot be read from here on".to_owned(),
        );
        problem.help.extend(keyword(source.text.line(line)));
        problem
    })
}

/// The feature with a scenario for each row of an outline.
///
/// # Errors
/// If an outline names a column that its examples lack.
pub fn with_rows(source: &Source, feature: Feature) -> Result<Feature, Problem> {
    in_pieces(feature).expand_examples().map_err(|error| {
        let title = format!("the examples have no column `{}`", error.name);
        at(source, error.pos.line, error.pos.col, title)
    })
}

fn at(source: &Source, line: usize, column: usize, title: String) -> Problem {
    source.problem(Place { line, column, length: 1 }, Mistake::here(title))
}

/// The most rows of an outline that are expanded together. Each row takes a copy of all of them.
const ROWS: usize = 50;

/// The feature with long outlines in several pieces, which have the same scenarios.
fn in_pieces(mut feature: Feature) -> Feature {
    let lists = feature.rules.iter_mut().map(|rule| &mut rule.scenarios);
    for list in lists.chain([&mut feature.scenarios]) {
        *list = std::mem::take(list).into_iter().flat_map(pieces).collect();
    }
    feature
}

fn pieces(mut scenario: Scenario) -> Vec<Scenario> {
    let rows = |examples: &Examples| examples.table.as_ref().map_or(0, |table| table.rows.len());
    if scenario.examples.iter().map(rows).sum::<usize>() <= ROWS {
        return vec![scenario];
    }
    let all = std::mem::take(&mut scenario.examples);
    let mut pieces = Vec::new();
    for mut examples in all {
        let Some(mut table) = examples.table.take().filter(|table| !table.rows.is_empty()) else {
            continue;
        };
        let rows = table.rows.split_off(1);
        for (place, some) in rows.chunks(ROWS).enumerate() {
            let mut piece = Examples { table: Some(table.clone()), ..examples.clone() };
            // The line of a row is counted from that of the keyword.
            piece.position.line += place * ROWS;
            piece.table.iter_mut().for_each(|table| table.rows.extend_from_slice(some));
            pieces.push(Scenario { examples: vec![piece], ..scenario.clone() });
        }
    }
    pieces
}

/// The words with which a line of Gherkin may begin.
const KEYWORDS: &[&str] = &[
    "Feature",
    "Rule",
    "Background",
    "Scenario",
    "Outline",
    "Examples",
    "Given",
    "When",
    "Then",
    "And",
    "But",
];

/// What the word that begins a line was probably meant to be.
fn keyword(line: &str) -> Option<String> {
    let word = line.split_whitespace().next()?;
    let word = word.trim_end_matches(':');
    mistyped(word, KEYWORDS.iter().copied()).filter(|near| *near != word).map(question)
}

/// The line and column in a message of the parser: its first two numbers.
fn place_in(message: &str) -> Option<(usize, usize)> {
    let mut numbers =
        message.split(|letter: char| !letter.is_ascii_digit()).filter_map(|part| part.parse().ok());
    Some((numbers.next()?, numbers.next()?))
}

/// For each line of a row of examples, the line of its outline.
pub fn outline_lines(feature: &Feature) -> BTreeMap<usize, usize> {
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::contract::Origin;

    #[test]
    fn a_file_of_more_lines_than_the_parser_can_search_is_refused_at_once() {
        let scenario = "  Scenario: s\n    Given a doo account\n";
        let source = |lines: usize| Source {
            file: "f.feature".to_owned(),
            text: format!("Feature: f\n{}", scenario.repeat(lines / 2)).into(),
            lines: BTreeSet::new(),
            origin: Origin::Own,
        };
        assert_eq!(read(&source(1000)).map(|feature| feature.scenarios.len()), Ok(500));
        let problem = read(&source(MOST_LINES)).expect_err("too long");
        assert_eq!(problem.title, "a feature file has at most 50000 lines");
        assert_eq!(problem.line, MOST_LINES + 1);
    }
}
