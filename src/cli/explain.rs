//! `standin explain` and `standin show`: the rules and the scenarios of the contract, as text.

use std::fmt::Write as _;
use std::ops::RangeInclusive;

use clap::Args;

use super::common::{self, COLOUR};
use super::errors::{CliError, PASSED};
use super::features;
use crate::contract::{Source, contents};
use crate::model::rule::{RULE_TAG, Rule};
use crate::report::printable;
use crate::report::rules::{self, Place};
use crate::suggest::did_you_mean;

/// Say why a rule of the contract matters, or list all rules
#[derive(Args)]
#[command(
    after_help = "Examples:\n  standin explain                       all rules of the shipped contract\n  standin explain duplicates            one rule\n  standin explain one-effect mine.feature\n                                        a rule of your own"
)]
pub struct Explain {
    /// The id of the rule
    rule: Option<String>,
    /// Your own feature files or folders [default: the shipped contract]
    features: Vec<String>,
}

impl Explain {
    /// Prints it.
    pub fn run(self) -> Result<u8, CliError> {
        let mut places = Vec::new();
        let sources = match &self.features[..] {
            [] => features::all(),
            own => features::find(own)?,
        };
        for source in sources {
            places.extend(rules_of(&source)?);
        }
        let Some(wanted) = &self.rule else {
            common::print(&rules::listed(&places, COLOUR));
            return Ok(PASSED);
        };
        // Reports show the tag.
        let wanted = wanted.trim_start_matches('@').trim_start_matches(RULE_TAG);
        if wanted.contains('/') || wanted.ends_with(".feature") {
            return Err(CliError::Usage(format!(
                "`{wanted}` is no rule: the rule comes first, and then the features, as in `standin \
                 explain duplicates mine.feature`"
            )));
        }
        let ids = places.iter().map(|place| place.rule.id.as_str());
        if !ids.clone().any(|id| id == wanted) {
            let near = did_you_mean(wanted, ids).map(|near| format!(": {near}"));
            return Err(CliError::Usage(format!(
                "there is no rule `{wanted}`, `standin explain` lists them{}",
                near.unwrap_or_default()
            )));
        }
        places.retain(|place| place.rule.id == wanted);
        common::print(&rules::explained(&places, &self.features, COLOUR));
        Ok(PASSED)
    }
}

fn rules_of(source: &Source) -> Result<Vec<Place>, CliError> {
    let contents = contents(source)?;
    let place = |rule: Rule| {
        let own = contents.scenarios.iter().filter(|one| one.rule.as_ref() == Some(&rule.id));
        let scenarios = own.map(|one| one.count).sum();
        Place { file: source.file.clone(), scenarios, rule }
    };
    Ok(contents.rules.iter().cloned().map(place).collect())
}

/// Print a scenario with its rule
#[derive(Args)]
#[command(
    after_help = "Examples:\n  standin show features/ombori/duplicates.feature:40   a shipped scenario\n  standin show mine.feature:12                         one of your own"
)]
pub struct Show {
    /// The scenario: its file and one of its lines
    #[arg(value_name = "FILE:LINE")]
    scenario: String,
}

impl Show {
    /// Prints it.
    pub fn run(self) -> Result<u8, CliError> {
        let mut out = String::new();
        for source in features::find(std::slice::from_ref(&self.scenario))? {
            if source.lines.is_empty() {
                return Err(CliError::Usage(format!(
                    "`{}` names no line: give FILE:LINE; `standin check --list` lists the scenarios",
                    self.scenario
                )));
            }
            for line in &source.lines {
                shown(&source, *line, &mut out)?;
            }
        }
        common::print(&out);
        Ok(PASSED)
    }
}

fn shown(source: &Source, line: usize, out: &mut String) -> Result<(), CliError> {
    let contents = contents(source)?;
    let Some(one) = contents.scenarios.iter().find(|one| one.lines.contains(&line)) else {
        let distance = |begin: &usize| begin.abs_diff(line);
        let begins = contents.scenarios.iter().map(|one| *one.lines.start());
        let near = begins
            .min_by_key(distance)
            .map_or(String::new(), |near| format!("; the nearest begins on line {near}"));
        let file = &source.file;
        return Err(CliError::Usage(format!("no scenario is on line {line} of {file}{near}")));
    };
    let _ = writeln!(out, "{}:{}", source.file, one.lines.start());
    let rule = contents.rules.iter().find(|rule| one.rule.as_ref() == Some(&rule.id));
    if let Some(rule) = rule {
        let _ = writeln!(out, "\n{}", rules::in_full(rule, COLOUR));
    }
    for part in [&contents.background, &one.background].into_iter().flatten() {
        let _ = writeln!(out, "\n{}", part_of(&source.text, part));
    }
    let tags: Vec<String> = one.tags.iter().map(|tag| format!("@{tag}")).collect();
    let tags = if tags.is_empty() { String::new() } else { printable(&tags.join(" ")) + "\n" };
    let _ = writeln!(out, "\n{tags}{}", part_of(&source.text, &one.lines));
    Ok(())
}

/// These lines of a text, without the indent that they share.
fn part_of(text: &str, lines: &RangeInclusive<usize>) -> String {
    let lines: Vec<&str> =
        text.lines().skip(lines.start() - 1).take(lines.clone().count()).collect();
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let written = lines.iter().filter(|line| !line.trim().is_empty());
    let shared = written.map(indent).min().unwrap_or_default();
    let lines = lines.iter().map(|line| line.get(shared..).unwrap_or_default());
    printable(&lines.collect::<Vec<_>>().join("\n"))
}
