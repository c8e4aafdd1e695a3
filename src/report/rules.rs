//! Rules of the contract as text: in a line under a failure, in full, and as a list.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::text::{BOLD, Colour, DIM, YELLOW, one_line, pad};
use crate::model::result::{FeatureResult, ScenarioResult};
use crate::model::rule::{Level, Rule};
use crate::text::shell;

/// The widest line.
const WIDTH: usize = 80;

/// What is said of a rule under a failure: its id, the first sentence of its reason, and the command
/// that says more.
pub(super) fn brief(feature: &FeatureResult, scenario: &ScenarioResult) -> Option<String> {
    const LABEL: &str = "  rule:    ";
    let rule = feature.rule_of(scenario)?;
    let why = rule.why.split_inclusive(". ").next().unwrap_or_default().trim();
    let (id, level, explain) = (&rule.id, rule.level.name(), &rule.explain);
    let text = wrapped(&one_line(&format!("{id} ({level}): {why}")), LABEL.len(), WIDTH);
    Some(format!("{LABEL}{text}\n{:1$}more: {2}", "", LABEL.len(), one_line(explain)))
}

/// A rule with its reason and its evidence, without a line break at the end.
pub fn in_full(rule: &Rule, colour: Colour) -> String {
    format!("{}\n{}", heading(rule, colour), grounds(rule, colour))
}

fn heading(rule: &Rule, colour: Colour) -> String {
    let level = match rule.level {
        Level::Must => rule.level.name().to_owned(),
        Level::Should => colour.paint(YELLOW, rule.level.name()),
    };
    let id = colour.paint(BOLD, &one_line(&rule.id));
    // The title is wrapped as if there were no colours.
    let taken = 2 + "rule  ():".len() + rule.id.chars().count() + rule.level.name().len();
    let title = wrapped(&one_line(&rule.title), 2, (WIDTH + 2).saturating_sub(taken));
    format!("rule {id} ({level}): {title}")
}

/// The reason and the evidence.
fn grounds(rule: &Rule, colour: Colour) -> String {
    let mut lines = labelled("Why", &rule.why);
    for one in &rule.evidence {
        lines += "\n";
        lines += &labelled(one.kind.label(), &one.text);
        if let Some(source) = &one.source {
            let _ = write!(lines, "\n    {}", colour.paint(DIM, &one_line(source)));
        }
    }
    lines
}

fn labelled(label: &str, text: &str) -> String {
    format!("  {}", wrapped(&format!("{label}: {}", one_line(text)), 4, WIDTH))
}

/// The text on lines of at most this width, all but the first of them indented.
fn wrapped(text: &str, indent: usize, width: usize) -> String {
    let mut lines = String::new();
    let mut column = indent;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if !lines.is_empty() {
            if column + 1 + length > width {
                let _ = write!(lines, "\n{:indent$}", "");
                column = indent;
            } else {
                lines.push(' ');
                column += 1;
            }
        }
        lines.push_str(word);
        column += length;
    }
    lines
}

/// A rule in one feature file.
pub struct Place {
    /// The file.
    pub file: String,
    /// How many scenarios it has there.
    pub scenarios: usize,
    /// What it says there.
    pub rule: Rule,
}

/// Everything about one rule, with a line break at the end. Files in which it says the same are
/// named together.
///
/// `paths` are the files that were asked about; none for the shipped contract.
pub fn explained(places: &[Place], paths: &[String], colour: Colour) -> String {
    let Some(first) = places.first() else { return String::new() };
    let mut out = heading(&first.rule, colour) + "\n";
    let mut said = Vec::<(&Rule, Vec<&Place>)>::new();
    for place in places {
        let same =
            |one: &Rule| (&one.why, &one.evidence) == (&place.rule.why, &place.rule.evidence);
        match said.iter_mut().find(|(rule, _)| same(rule)) {
            Some((_, files)) => files.push(place),
            None => said.push((&place.rule, vec![place])),
        }
    }
    for (rule, files) in said {
        out += "\n";
        for Place { file, scenarios, rule } in files {
            let file = format!("{}:{}", one_line(file), rule.line);
            let _ = writeln!(out, "{}  {}", colour.paint(BOLD, &file), counted(*scenarios));
        }
        let _ = writeln!(out, "{}", grounds(rule, colour));
    }
    let paths: String =
        paths.iter().map(|path| format!(" {}", one_line(&shell::word(path)))).collect();
    let id = one_line(&first.rule.id);
    let _ = writeln!(out, "\nCheck it alone: standin check{paths} --tags @rule:{id}");
    out
}

fn counted(scenarios: usize) -> String {
    match scenarios {
        1 => "1 scenario".to_owned(),
        some => format!("{some} scenarios"),
    }
}

/// A line for each rule, by id, with a line break at the end.
pub fn listed(places: &[Place], colour: Colour) -> String {
    let mut rules = BTreeMap::<&str, (&Rule, usize)>::new();
    for place in places {
        rules.entry(&place.rule.id).or_insert((&place.rule, 0)).1 += place.scenarios;
    }
    let width = rules.keys().map(|id| id.chars().count()).max().unwrap_or_default();
    let mut out = String::new();
    for (id, (rule, _)) in &rules {
        let id = colour.paint(BOLD, &pad(&one_line(id), width));
        let level = format!("{:6}", rule.level.name());
        let title = wrapped(&one_line(&rule.title), width + 2 + 6 + 2, WIDTH);
        let _ = writeln!(out, "{id}  {level}  {title}");
    }
    let scenarios = counted(rules.values().map(|(_, scenarios)| scenarios).sum());
    let of = |level| rules.values().filter(|(rule, _)| rule.level == level).count();
    let (musts, shoulds) = (of(Level::Must), of(Level::Should));
    let _ = writeln!(out, "\n{musts} must, {shoulds} should; {scenarios}");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn long_lines_are_broken_between_words() {
        let text = "one two three four five six";
        assert_eq!(wrapped(text, 2, 12), "one two\n  three four\n  five six");
        assert_eq!(wrapped("https://example.test/a-long-address", 2, 8).lines().count(), 1);
    }

    #[test]
    fn a_rule_is_explained_with_its_evidence() {
        let rule = sample::rule();
        let place = |file: &str| Place { file: file.into(), scenarios: 3, rule: rule.clone() };
        let other = Rule { why: "Another vendor has another reason.".into(), ..rule.clone() };
        let places = [place("a.feature"), place("b.feature"), Place { rule: other, ..place("c") }];
        insta::assert_snapshot!(explained(&places, &[], Colour::Off), @"
        rule duplicates (must): A webhook that arrives twice has its effects once

        a.feature:4  3 scenarios
        b.feature:4  3 scenarios
          Why: A webhook that arrives twice must not call a guest twice. The receiver
            may accept or refuse it.
          Documented: a failed attempt is repeated.
            https://example.test/webhooks
          Assumed: a retry has the same bytes.

        c:4  3 scenarios
          Why: Another vendor has another reason.
          Documented: a failed attempt is repeated.
            https://example.test/webhooks
          Assumed: a retry has the same bytes.

        Check it alone: standin check --tags @rule:duplicates
        ");
        insta::assert_snapshot!(listed(&places, Colour::Off), @"
        duplicates  must    A webhook that arrives twice has its effects once

        1 must, 0 should; 9 scenarios
        ");
    }
}
