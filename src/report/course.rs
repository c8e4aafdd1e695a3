//! What came before a failure, as text: the steps of its scenario, with a mark at the one that failed,
//! and the requests, a line for each.

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
    let shown = &until[hidden..];
    let triggers: Vec<String> = shown.iter().map(|one| one_line(&what(one))).collect();
    let width = triggers.iter().map(|one| one.chars().count()).max()?;
    let days: Vec<String> = shown.iter().map(|one| at(one, "%Y-%m-%d")).collect();
    let is_one_day = days.iter().all(|day| *day == days[0]);
    let form = if is_one_day { "%H:%M:%S" } else { "%Y-%m-%d %H:%M:%S" };
    let mut lines = vec!["  requests:".to_owned()];
    lines.extend((hidden > 0).then(|| format!("    … {hidden} earlier")));
    lines.extend(
        shown.iter().zip(&triggers).map(|(one, trigger)| {
            format!("    {}", aligned(one, &pad(trigger, width), form, colour))
        }),
    );
    Some(lines.join("\n"))
}

/// A request in one line.
pub(super) fn line(exchange: &Exchange, colour: Colour) -> String {
    aligned(exchange, &one_line(&what(exchange)), "%Y-%m-%d %H:%M:%S", colour)
}

fn aligned(exchange: &Exchange, trigger: &str, form: &str, colour: Colour) -> String {
    let who = exchange.name.clone().unwrap_or_else(|| format!("{} {}", exchange.kind, exchange.id));
    let fault = exchange.fault.as_ref().map(|fault| format!("  ({fault})")).unwrap_or_default();
    let time = colour.paint(DIM, &at(exchange, form));
    let rest = format!("{trigger}  {who}  →  {}{fault}", answer(exchange));
    format!("{time}  {}", one_line(&rest))
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
