//! What failed and does not fail the run, for the end of the terminal's report: warnings, and known
//! failures.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::text::{Colour, DIM, YELLOW, one_line};
use crate::model::result::{FeatureResult, Run, ScenarioResult, Verdict};

/// How many places are named for a reason.
const PLACES: usize = 3;

/// A line for each failure of a rule that is only good practice.
pub(super) fn warned(run: &Run, colour: Colour) -> Option<String> {
    let all = scenarios(run).filter(|(_, one)| one.verdict == Verdict::Warned);
    let all: Vec<(&FeatureResult, &ScenarioResult)> = all.collect();
    let mut lines = colour.paint(YELLOW, "Warned: good practice that no document demands");
    for (feature, one) in &all {
        let why = one.failure.as_ref().map_or(String::new(), |failure| one_line(&failure.message));
        let rule = feature.rule_of(one).map_or(String::new(), |rule| one_line(&rule.id));
        let place = colour.paint(DIM, &format!("{}  {rule}", place(feature, one)));
        let _ = write!(lines, "\n     1  {why}  {place}");
    }
    (!all.is_empty()).then_some(lines)
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
            let more = places.len().saturating_sub(PLACES);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let shown: Vec<&str> = places.iter().take(PLACES).map(String::as_str).collect();
            let shown = colour.paint(DIM, &(shown.join(", ") + &more));
            let _ = write!(lines, "\n        {shown}");
        }
    }
    (!reasons.is_empty()).then_some(lines)
}

fn scenarios(run: &Run) -> impl Iterator<Item = (&FeatureResult, &ScenarioResult)> {
    run.features.iter().flat_map(|feature| feature.scenarios.iter().map(move |one| (feature, one)))
}

fn place(feature: &FeatureResult, scenario: &ScenarioResult) -> String {
    format!("{}:{}", one_line(&feature.file), scenario.line)
}
