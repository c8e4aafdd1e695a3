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

/// The most mistyped keywords of a file that are told.
const MOST_MISTYPED: usize = 20;

/// Reads a feature as it is written.
///
/// # Errors
/// If it is not Gherkin, or too long: the first mistake.
pub fn read(source: &Source) -> Result<Feature, Problem> {
    let (feature, problems) = read_mended(source);
    match (feature, problems.into_iter().next()) {
        (_, Some(problem)) => Err(problem),
        (Some(feature), None) => Ok(feature),
        (None, None) => panic!("{}: no feature and no mistake", source.file),
    }
}

/// Reads a feature as if no keyword were mistyped, so that other mistakes are found, too. Returns the mistakes in
/// Gherkin.
pub fn read_mended(source: &Source) -> (Option<Feature>, Vec<Problem>) {
    if source.text.count() > MOST_LINES {
        let title = format!("a feature file has at most {MOST_LINES} lines");
        let help = "divide it into several files; a folder of them is checked as well";
        let place = Place { line: MOST_LINES + 1, column: 1, length: 1 };
        return (None, vec![source.problem(place, Mistake::here(title).help(help))]);
    }
    let (mut mended, mut problems) = (None::<String>, Vec::new());
    loop {
        let text = mended.as_deref().unwrap_or(&source.text);
        match Feature::parse(text, GherkinEnv::default()) {
            Ok(feature) => match swallowed(source, text, &feature) {
                Some((problem, text)) if problems.len() < MOST_MISTYPED => {
                    problems.push(problem);
                    mended = Some(text);
                }
                _ => return (Some(feature), problems),
            },
            Err(error) => {
                let wrong = problem(source, text, &error.to_string());
                problems.push(wrong.problem);
                match wrong.mended {
                    Some(text) if problems.len() < MOST_MISTYPED => mended = Some(text),
                    _ => return (None, problems),
                }
            }
        }
    }
}

/// A mistake in Gherkin, and the text without it if that is known.
struct Wrong {
    problem: Problem,
    mended: Option<String>,
}

/// What the parser's message about this text means.
fn problem(source: &Source, text: &str, message: &str) -> Wrong {
    let (line, column) = place_in(message).unwrap_or((1, 1));
    // The parser's message lists the tokens of its own grammar, which do not help the user.
    if message.contains("inconsistent table row sizes") {
        let why = "this is not Gherkin: every row of a table must have as many cells as the first";
        // The parser reports the line after the wrong one.
        let problem = at(source, line.saturating_sub(1).max(1), column, why.to_owned());
        return Wrong { problem, mended: None };
    }
    // A line that begins nothing may be read as the text of the one before, and only the next one is wrong.
    let until: Vec<&str> = text.lines().take(line).collect();
    let last = until.iter().enumerate().rev().filter(|(_, one)| !one.trim().is_empty()).take(2);
    // Of the one before, only a title: its words may be a description.
    let suspects = last.filter(|(place, one)| place + 1 == line || one.contains(':'));
    let mut found =
        suspects.filter_map(|(place, one)| Some((place + 1, *one, mistyped_keyword(one)?)));
    let Some((line, written, (word, keyword))) = found.next() else {
        let title = "this is not Gherkin: it cannot be read from here on".to_owned();
        return Wrong { problem: at(source, line, column, title), mended: None };
    };
    let (problem, text) = mistyped_in(source, text, (line, written), (word, keyword));
    Wrong { problem, mended: Some(text) }
}

/// The first step of a scenario that the parser took for its description, since its keyword is mistyped. Also the text
/// without this mistake.
fn swallowed(source: &Source, text: &str, feature: &Feature) -> Option<(Problem, String)> {
    let of_rules = feature.rules.iter().filter(|rule| rule.background.is_none());
    let of_rules = of_rules.flat_map(|rule| &rule.scenarios);
    // One that gives something can be understood, whatever its description says.
    let gives =
        |scenario: &&Scenario| scenario.steps.iter().any(|one| one.keyword.trim() == "Given");
    let all = feature.scenarios.iter().chain(of_rules).filter(|_| feature.background.is_none());
    let mut suspects = all.filter(|one| one.description.is_some() && !gives(one));
    let found = |scenario: &Scenario| {
        let described = scenario.description.as_deref().unwrap_or_default().lines();
        let described: Vec<&str> = described.map(str::trim).collect();
        let end = scenario.steps.first().map_or(usize::MAX, |step| step.position.line);
        let lines = text.lines().enumerate().map(|(place, one)| (place + 1, one));
        let mut lines = lines.skip(scenario.position.line).take_while(|(line, _)| *line < end);
        lines.find_map(|(line, written)| {
            let (word, keyword) = mistyped_keyword(written)?;
            let is_step =
                word != "The" && !written.contains(':') && described.contains(&written.trim());
            is_step.then(|| mistyped_in(source, text, (line, written), (word, keyword)))
        })
    };
    suspects.find_map(found)
}

/// The mistake that a word in this line should be a keyword, and the text without it.
fn mistyped_in(
    source: &Source,
    text: &str,
    (line, written): (usize, &str),
    (word, keyword): (&str, &str),
) -> (Problem, String) {
    let margin = written.len() - written.trim_start().len();
    let column = written[..margin].chars().count() + 1;
    let place = Place { line, column, length: word.chars().count() };
    let title = format!("`{word}` is no keyword of Gherkin");
    let problem = source.problem(place, Mistake::here(title).help(question(keyword)));
    let lines = text.lines().enumerate().map(|(number, one)| match number + 1 == line {
        true => format!("{}{}\n", &one[..margin], one[margin..].replacen(word, keyword, 1)),
        false => format!("{one}\n"),
    });
    (problem, lines.collect())
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

/// The words with which a line of Gherkin may begin that has a colon behind them.
const TITLES: &[&str] = &["Feature", "Rule", "Background", "Scenario", "Examples"];

/// The words with which a step may begin.
const STEPS: &[&str] = &["Given", "When", "Then", "And", "But"];

/// The word that begins a line, and the keyword that it was probably meant to be.
fn mistyped_keyword(line: &str) -> Option<(&str, &'static str)> {
    let first = line.split_whitespace().next()?;
    let (word, known) = match first.strip_suffix(':') {
        Some(word) => (word, TITLES),
        None => (first, STEPS),
    };
    let near = mistyped(word, known.iter().copied()).filter(|near| *near != word)?;
    Some((word, near))
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
