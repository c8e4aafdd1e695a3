//! What failed and does not fail the run, for the end of the terminal's report: warnings, and known
//! failures.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::located::{cause, place, scenarios};
use super::text::{Colour, DIM, YELLOW, one_line};
use crate::model::result::{Run, ScenarioResult, Verdict};

/// How many places are named for a reason.
const PLACES: usize = 3;

/// How many failures there are of rules that are only good practice, by their cause or rule, and where. Causes that
/// are said of other failures are left out.
pub(super) fn warned(run: &Run, said: &BTreeSet<usize>, colour: Colour) -> Option<String> {
    let mut reasons = BTreeMap::<String, Vec<String>>::new();
    let is_said = |one: &ScenarioResult| cause(one).is_some_and(|cause| said.contains(&cause));
    let warned = scenarios(run).filter(|(_, one)| one.verdict == Verdict::Warned);
    for (feature, one) in warned.filter(|(_, one)| !is_said(one)) {
        let message = || one.failure.as_ref().map_or("", |failure| &failure.message).to_owned();
        let reason = match (cause(one), feature.rule_of(one)) {
            (Some(hint), _) => run.hints.get(hint).cloned(),
            (None, Some(rule)) => Some(format!("{}: {}", rule.id, rule.title)),
            (None, None) => None,
        };
        let places = reasons.entry(reason.unwrap_or_else(message)).or_default();
        places.push(place(feature, one));
    }
    let mut lines = colour.paint(YELLOW, "Warned: good practice that no document demands");
    for (reason, places) in &reasons {
        let _ = write!(lines, "\n  {:>4}  {}", places.len(), one_line(reason));
        let _ = write!(lines, "\n        {}", shown(places, colour));
    }
    (!reasons.is_empty()).then_some(lines)
}

/// The first places of a reason, and how many more there are.
fn shown(places: &[String], colour: Colour) -> String {
    let more = places.len().saturating_sub(PLACES);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let first: Vec<&str> = places.iter().take(PLACES).map(String::as_str).collect();
    colour.paint(DIM, &(first.join(", ") + &more))
}

/// A known failure: the reason that the list gives for it, and how it fails now, unless the reason says so.
pub(super) fn in_words(reason: &str, scenario: &ScenarioResult) -> String {
    let now = now(reason, scenario);
    format!("{}{}", one_line(reason), now.map_or(String::new(), |now| format!("; now: {now}")))
}

fn now(reason: &str, scenario: &ScenarioResult) -> Option<String> {
    let now = one_line(&scenario.failure.as_ref()?.message);
    (!one_line(reason).contains(&now)).then_some(now)
}

/// How many failures are known, for which reason, how they fail now, and where.
pub(super) fn known(run: &Run, colour: Colour) -> Option<String> {
    let mut reasons = BTreeMap::<&str, BTreeMap<Option<String>, Vec<String>>>::new();
    for (feature, one) in scenarios(run) {
        if let Verdict::Known(reason) = &one.verdict {
            let ways = reasons.entry(reason).or_default();
            ways.entry(now(reason, one)).or_default().push(place(feature, one));
        }
    }
    let mut lines = colour.paint(YELLOW, "Known to fail");
    for (reason, ways) in &reasons {
        let count: usize = ways.values().map(Vec::len).sum();
        let _ = write!(lines, "\n  {count:>4}  {}", one_line(reason));
        for (now, places) in ways {
            if let Some(now) = now {
                let _ = write!(lines, "\n        now: {now}");
            }
            let _ = write!(lines, "\n        {}", shown(places, colour));
        }
    }
    (!reasons.is_empty()).then_some(lines)
}
