//! `check.strict` and `check.known` of standin.yaml: which failures do not fail a run.

use jiff::civil::Date;
use serde_saphyr::{Location, Spanned};

use super::keys::{CheckSection, KnownSection};
use super::source::{Source, keep, suggestion};
use crate::model::Problem;
use crate::model::failure_kind::FailureKind;
use crate::model::tolerance::{Known, KnownScenarios, Strictness, Tolerance};

/// Reads what is tolerated. Adds each mistake to the list.
pub fn read(source: &Source<'_>, written: &CheckSection, problems: &mut Vec<Problem>) -> Tolerance {
    let known = written.known.iter().filter_map(|entry| one(source, entry, problems));
    let should = if written.strict { Strictness::Fails } else { Strictness::Warns };
    Tolerance { should, known: known.collect() }
}

/// A known failure. `None` if it is wrong: each mistake joins the others.
fn one(
    source: &Source<'_>,
    entry: &Spanned<KnownSection>,
    problems: &mut Vec<Problem>,
) -> Option<Known> {
    let (at, entry) = (entry.referenced, &entry.value);
    let which = keep(which(source, at, entry), problems);
    let vendor =
        entry.vendor.as_ref().map(|vendor| source.vendor(&vendor.value, vendor.referenced));
    let vendor = keep(vendor.transpose(), problems);
    let failure = entry.failure.as_ref().map(|failure| {
        let names = FailureKind::ALL.iter().map(|kind| kind.name());
        FailureKind::of(&failure.value).ok_or_else(|| {
            let title = format!("there is no kind of failure `{}`", failure.value);
            source.problem(failure.referenced, title, &[suggestion(&failure.value, names)])
        })
    });
    let failure = keep(failure.transpose(), problems);
    if let Some(reason) = entry.reason.as_ref().filter(|reason| reason.value.trim().is_empty()) {
        problems.push(source.problem(reason.referenced, "this gives no reason", &[]));
    }
    let until = entry.until.as_ref().map(|until| {
        until.value.parse::<Date>().map_err(|_| {
            let title = format!("`{}` is no date", until.value);
            source.problem(until.referenced, title, &["write it like `2031-03-04`".to_owned()])
        })
    });
    let until = keep(until.transpose(), problems);
    Some(Known {
        which: which?,
        vendor: vendor?.map(|vendor| vendor.catalogue().vendor.to_owned()),
        failure: failure?,
        reason: entry.reason.clone().map_or_else(String::new, |reason| reason.value),
        until: until?,
        place: (source.file.to_owned(), at.line() as usize),
    })
}

/// The scenarios that an entry names.
fn which(
    source: &Source<'_>,
    at: Location,
    entry: &KnownSection,
) -> Result<KnownScenarios, Problem> {
    let wrong = |title: &str, help: &str| Err(source.problem(at, title, &[help.to_owned()]));
    match (&entry.rule, &entry.scenario) {
        (Some(rule), None) if rule.value.trim().is_empty() => {
            let title = "this names no rule";
            let help = "`standin check --list` has their ids".to_owned();
            Err(source.problem(rule.referenced, title, &[help]))
        }
        (Some(rule), None) => Ok(KnownScenarios::Rule(rule.value.clone())),
        (None, Some(scenario)) => Ok(KnownScenarios::of_scenario(&scenario.value)),
        (None, None) => {
            let help = "write `rule: ID`, or `scenario:` with FILE:LINE or a name";
            wrong("this names neither a rule nor a scenario", help)
        }
        (Some(_), Some(_)) => wrong("this names a rule and a scenario", "make two entries of it"),
    }
}
