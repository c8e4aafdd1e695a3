//! What came before a failure, as text: the steps of its scenario, with a mark at the one that failed,
//! and the requests, a line for each.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::status;
use super::text::{Colour, DIM, GREEN, RED, YELLOW, cut, one_line, pad};
use crate::model::result::{Exchange, ScenarioFailure, ScenarioResult, StepState};

/// The most requests that are shown. The last ones are kept.
const REQUESTS_SHOWN: usize = 10;
/// The most characters of a step.
const STEP_CHARACTERS: usize = 100;

/// The steps, each with how it ended.
pub(super) fn steps(scenario: &ScenarioResult, colour: Colour) -> Option<String> {
    let lines = scenario.steps.iter().map(|step| {
        let (style, mark) = match step.state {
            StepState::Passed => (GREEN, "✓"),
            StepState::Failed => (RED, "✗"),
            StepState::NotJudged => (YELLOW, "–"),
            StepState::NotRun => (DIM, "·"),
        };
        let text = format!("{} {}", step.keyword.trim(), step.text);
        let (start, all) = cut(&text, STEP_CHARACTERS);
        let rest = if all.is_some() { "…" } else { "" };
        format!("    {} {}{rest}", colour.paint(style, mark), one_line(start))
    });
    let lines: Vec<String> = lines.collect();
    (lines.len() > 1).then(|| format!("  steps:\n{}", lines.join("\n")))
}

/// The requests up to the one that the failure is about, or all if it is about none. A single request
/// needs no list if it is shown anyway.
pub(super) fn requests(
    scenario: &ScenarioResult,
    failure: &ScenarioFailure,
    colour: Colour,
) -> Option<String> {
    let all = &scenario.exchanges;
    let end = failure.exchange.map_or(all.len(), |at| all.len().min(at + 1));
    let until = &all[..end];
    if until.is_empty() || (until.len() == 1 && failure.exchange.is_some()) {
        return None;
    }
    let hidden = until.len().saturating_sub(REQUESTS_SHOWN);
    let mut lines = vec!["  requests:".to_owned()];
    lines.extend((hidden > 0).then(|| format!("    … {hidden} earlier")));
    lines.extend(aligned(&until[hidden..], colour).map(|line| format!("    {line}")));
    Some(lines.join("\n"))
}

/// Requests of a scenario, a line for each, in columns. The day is shown if there are several.
pub(super) fn aligned(
    requests: &[Exchange],
    colour: Colour,
) -> impl Iterator<Item = String> + use<'_> {
    let days = requests.iter().map(|one| at(one, "%Y-%m-%d")).collect::<BTreeSet<_>>();
    let form = if days.len() > 1 { "%Y-%m-%d %H:%M:%S" } else { "%H:%M:%S" };
    let [triggers, subjects] = [what, who].map(|shown| {
        let texts: Vec<String> = requests.iter().map(|one| one_line(&shown(one))).collect();
        let width = texts.iter().map(|text| text.chars().count()).max().unwrap_or_default();
        texts.into_iter().map(move |text| pad(&text, width)).collect::<Vec<_>>()
    });
    let rows = requests.iter().zip(triggers).zip(subjects);
    rows.map(move |((one, trigger), subject)| {
        let fault = one.fault.as_ref().map(|fault| format!("  ({fault})")).unwrap_or_default();
        let time = colour.paint(DIM, &at(one, form));
        let rest = one_line(&format!("→  {}{fault}", answer(one)));
        format!("{time}  {trigger}  {subject}  {rest}")
    })
}

fn who(exchange: &Exchange) -> String {
    let named = || format!("{} {}", exchange.kind, exchange.id);
    exchange.name.clone().unwrap_or_else(named)
}

fn what(exchange: &Exchange) -> String {
    match exchange.request.as_str() {
        "webhook" => exchange.trigger.clone(),
        request => format!("{request} for {}", exchange.trigger),
    }
}

fn answer(exchange: &Exchange) -> String {
    match (exchange.status, exchange.outcome.as_str()) {
        (Some(status), "accepted" | "refused" | "server-error") => status::in_words(status),
        (Some(status), _) => format!("{}, {}", status::in_words(status), exchange.outcome_text),
        (None, _) => exchange.outcome_text.clone(),
    }
}

fn at(exchange: &Exchange, form: &str) -> String {
    let at = exchange.at.parse::<Timestamp>().map(|at| at.strftime(form).to_string());
    at.unwrap_or_else(|_| one_line(&exchange.at))
}
