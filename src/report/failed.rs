//! The failures of a run for the terminal: some in full, and all in a list.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::located::{cause, place, scenarios};
use super::text::{Colour, DIM, RED, one_line};
use super::verbose::Detail;
use super::{Sources, failure, recurrence};
use crate::model::result::{FeatureResult, Run, ScenarioResult, Verdict};

/// How many failures of a rule are shown in full, unless every scenario is asked for.
const MOST_OF_A_RULE: usize = 3;

/// Failed scenarios in full, with lines between them. Of those that a hint explains, only the first, and
/// of those of a rule, only the first few: the others look much the same.
pub(super) fn in_full(
    run: &Run,
    sources: &Sources,
    (colour, detail): (Colour, Detail),
) -> Vec<String> {
    let line = colour.paint(DIM, &"─".repeat(80));
    let most = match detail {
        Detail::Quiet | Detail::Brief => MOST_OF_A_RULE,
        Detail::Full | Detail::Requests | Detail::Wire => usize::MAX,
    };
    let (mut blocks, mut explained) = (Vec::new(), BTreeSet::new());
    let mut shown = BTreeMap::<(Option<&str>, &str), usize>::new();
    for (feature, scenario) in scenarios(run) {
        if !matches!(scenario.verdict, Verdict::Failed | Verdict::Warned)
            || cause(scenario).is_some_and(|cause| !explained.insert(cause))
        {
            continue;
        }
        // A cause is shown, whatever its rule.
        if let (None, Some(rule)) = (cause(scenario), feature.rule_of(scenario)) {
            let count = shown.entry((scenario.vendor, &rule.id)).or_default();
            *count += 1;
            if *count > most {
                continue;
            }
        }
        let source = sources.get(&feature.file).map(String::as_str);
        blocks.extend([line.clone(), failure::render(feature, scenario, source, colour)]);
    }
    if !blocks.is_empty() {
        blocks.push(line);
    }
    blocks.extend(left_out(&shown, most));
    blocks
}

/// Which failures are not shown in full, by their rules.
fn left_out(shown: &BTreeMap<(Option<&str>, &str), usize>, most: usize) -> Option<String> {
    let more = shown.iter().filter(|(_, count)| **count > most);
    let more = more.map(|((vendor, rule), count)| {
        let vendor = vendor.map(|vendor| format!("{vendor} ")).unwrap_or_default();
        format!("{} of {vendor}{}", count - most, one_line(rule))
    });
    let more: Vec<String> = more.collect();
    (!more.is_empty()).then(|| {
        format!(
            "Not shown in full, since they break the same rules: {}. `-v` shows all",
            more.join(", ")
        )
    })
}

/// A line for each hint that explains failures, and for each other failure. A single failure needs
/// no list.
pub(super) fn list(run: &Run, colour: Colour) -> Option<String> {
    let mut lines = colour.paint(RED, "Failed");
    let all = failed(run);
    for (index, hint) in run.hints.iter().enumerate() {
        let with_cause = |verdict: &Verdict| {
            let all = scenarios(run).filter(|(_, one)| one.verdict == *verdict);
            all.filter(|(_, one)| cause(one) == Some(index)).count()
        };
        let times = with_cause(&Verdict::Failed);
        if times == 0 {
            continue;
        }
        let _ = write!(lines, "\n  {times:>4}  {}", one_line(hint));
        let more = match with_cause(&Verdict::Warned) {
            0 => continue,
            1 => "and 1 warning".to_owned(),
            count => format!("and {count} warnings"),
        };
        let _ = write!(lines, "\n        {}", colour.paint(DIM, &more));
    }
    for (feature, one) in all.iter().filter(|(_, one)| cause(one).is_none()) {
        let why = one.failure.as_ref().map_or(String::new(), |failure| one_line(&failure.message));
        let place = colour.paint(DIM, &place(feature, one));
        let label = recurrence::before(one, colour);
        let _ = write!(lines, "\n     1  {label}{why}  {place}");
    }
    (all.len() > 1).then_some(lines)
}

/// The hints that the list of failures says, as indices.
pub(super) fn said(run: &Run) -> BTreeSet<usize> {
    let all = failed(run);
    let listed = all.iter().filter(|_| all.len() > 1);
    listed.filter_map(|(_, one)| cause(one)).collect()
}

fn failed(run: &Run) -> Vec<(&FeatureResult, &ScenarioResult)> {
    scenarios(run).filter(|(_, one)| one.verdict == Verdict::Failed).collect()
}
