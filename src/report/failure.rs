//! One failed scenario as text, for the terminal and for JUnit: the failed step, expected and actual
//! values, the request that it is about, and the command that repeats it.

use super::course;
use super::probed;
use super::snippet::{Diagnostic, Place};
use super::text::{
    BOLD, Colour, DIM, GREEN, RED, YELLOW, cut, duration, milliseconds, one_line, own_lines, pad,
};
use super::{recurrence, rules, status};
use crate::model::result::{
    Difference, Exchange, FeatureResult, Reading, ScenarioFailure, ScenarioResult, StepResult,
    Verdict,
};

/// The most characters of a value that are shown.
const VALUE_CHARACTERS: usize = 400;
/// The width of a line with a caret and what is shown behind it: that of the narrowest terminal that is usual.
const WIDTH: usize = 80;
/// The most characters that stand before a line of a file.
const MARGIN: usize = 7;
/// The most characters of an answer that are shown.
const ANSWER_CHARACTERS: usize = 2_000;
/// The most characters of a curl line that are shown: with what follows it, three lines of 80.
const CURL_CHARACTERS: usize = 160;
/// The most readings that are shown. The last ones are kept.
const POLLS_SHOWN: usize = 12;

/// The failure of `scenario` as lines of text, without a line break at the end. `source` is the
/// text of the feature's file. Of a scenario without a failure only the place is shown.
pub(super) fn render(
    feature: &FeatureResult,
    scenario: &ScenarioResult,
    source: Option<&str>,
    colour: Colour,
) -> String {
    let mut blocks = vec![heading(feature, scenario, colour)];
    if let Some(failure) = &scenario.failure {
        blocks.push(place(feature, scenario, failure, source, colour));
        blocks.extend(recurrence::line(failure, colour));
        blocks.extend(differences(&failure.differences, colour));
        blocks.extend(polls(&failure.polls, colour));
        blocks.extend(failure.probe.as_ref().map(|probe| probed::render(probe, colour)));
        blocks.extend(course::steps(scenario, colour));
        blocks.extend(course::requests(scenario, failure, colour));
        let exchange = failure.exchange.and_then(|index| scenario.exchanges.get(index));
        blocks.extend(exchange.map(|exchange| self::exchange(exchange, colour)));
        blocks.extend(rules::brief(feature, scenario));
    }
    let repeat = colour.paint(BOLD, &one_line(&scenario.repeat));
    blocks.push(format!("  repeat with: {repeat}"));
    blocks.join("\n\n")
}

fn heading(feature: &FeatureResult, scenario: &ScenarioResult, colour: Colour) -> String {
    let name = colour.paint(BOLD, &one_line(&scenario.name));
    let place = colour.paint(DIM, &format!("{}:{}", one_line(&feature.file), scenario.line));
    let mark = match scenario.verdict {
        Verdict::Warned => colour.paint(YELLOW, "!"),
        _ => colour.paint(RED, "✗"),
    };
    format!("{mark} {name}  {place}")
}

/// The message at the step that failed.
fn place(
    feature: &FeatureResult,
    scenario: &ScenarioResult,
    failure: &ScenarioFailure,
    source: Option<&str>,
    colour: Colour,
) -> String {
    let message = title(failure);
    let Some(step) = scenario.steps.get(failure.step) else {
        return format!("{}: {}", colour.paint(RED, "error"), one_line(&message));
    };
    // The file's own text: in an outline it differs from the step's.
    let own = source.map_or_else(|| alone(step), str::to_owned);
    let place = Place { line: step.line, column: step.column, length: Place::TO_THE_END };
    let (label, file) = (&label(&failure.differences, step), &feature.file);
    Diagnostic { title: &message, file, source: &own, place, label, notes: &[] }.render(colour)
}

/// The message. It says so if the bug is Standin's and not the receiver's.
fn title(failure: &ScenarioFailure) -> String {
    match failure {
        ScenarioFailure { is_of_machine: true, message, .. } => {
            format!("not judged, by a fault of this machine: {message}")
        }
        ScenarioFailure { internal: true, message, .. } => format!("a bug in Standin: {message}"),
        ScenarioFailure { message, .. } => message.clone(),
    }
}

/// A single difference, if it fits behind the caret.
fn label(differences: &[Difference], step: &StepResult) -> String {
    let [Difference { field, expected, actual, .. }] = differences else { return String::new() };
    let label = format!("{field}: expected {expected}, got {actual}");
    let before = step.column + step.text.chars().count() + MARGIN;
    let fits = before + label.chars().count() <= WIDTH;
    if fits { label } else { String::new() }
}

/// Expected and actual value of each field, one below the other to be easy to compare.
fn differences(differences: &[Difference], colour: Colour) -> Option<String> {
    let fields: Vec<String> = differences.iter().map(|one| one_line(&one.field)).collect();
    let width = fields.iter().map(|field| field.chars().count()).max()?;
    let lines = differences.iter().zip(&fields).map(|(one, field)| {
        let expected = colour.paint(GREEN, &value(&one.expected));
        let actual = colour.paint(RED, &value(&one.actual));
        let (field, below) = (pad(field, width), pad("", width));
        let hint = one.hint.as_deref().map(one_line).unwrap_or_default();
        let hint = if hint.is_empty() { hint } else { format!("\n  {below}  hint      {hint}") };
        format!("  {field}  expected  {expected}\n  {below}  actual    {actual}{hint}")
    });
    Some(lines.collect::<Vec<_>>().join("\n"))
}

fn value(text: &str) -> String {
    let (start, all) = cut(text, VALUE_CHARACTERS);
    let rest = all.map(|all| format!("… ({all} characters)")).unwrap_or_default();
    one_line(start) + &rest
}

/// What the probe read, and when.
fn polls(polls: &[Reading], colour: Colour) -> Option<String> {
    if polls.is_empty() {
        return None;
    }
    let hidden = polls.len().saturating_sub(POLLS_SHOWN);
    let shown = &polls[hidden..];
    let times: Vec<String> = shown.iter().map(|poll| duration(poll.after)).collect();
    let width = times.iter().map(|time| time.chars().count()).max()?;
    let mut lines = vec!["  looked into the receiver:".to_owned()];
    lines.extend((hidden > 0).then(|| format!("    … {hidden} earlier")));
    lines.extend(shown.iter().zip(times).map(|(poll, time)| {
        let times = if poll.times > 1 { format!(" (×{})", poll.times) } else { String::new() };
        let (time, times) =
            (colour.paint(DIM, &format!("{time:>width$}")), colour.paint(DIM, &times));
        format!("    {time}  {}{times}", value(&poll.saw))
    }));
    Some(lines.join("\n"))
}

/// The request as a curl command, and its outcome.
fn exchange(exchange: &Exchange, colour: Colour) -> String {
    let mut about = vec![format!("at {}", exchange.at)];
    about.extend((exchange.attempt > 1).then(|| format!("attempt {}", exchange.attempt)));
    about.extend(exchange.fault.clone());
    about.extend(exchange.signed_url.as_ref().map(|url| format!("signed for {url}")));
    let about = colour.paint(DIM, &one_line(&about.join(", ")));
    let what = match exchange.request.as_str() {
        "webhook" => String::new(),
        request => format!("{request} for "),
    };
    let what = one_line(&format!("{what}{} of {}", exchange.trigger, subject(exchange)));
    let (curl, answer) = (curl(&exchange.curl), excerpt(&exchange.answer));
    let result = result(exchange);
    format!("  request: {what}\n           {about}{curl}\n  answer:  {result}{answer}")
}

fn subject(exchange: &Exchange) -> String {
    let name = exchange.name.as_ref().map(|name| format!("{name}, ")).unwrap_or_default();
    format!("{name}{} {}", exchange.kind, exchange.id)
}

/// Status, outcome and latency.
fn result(exchange: &Exchange) -> String {
    let status = exchange.status.map(|status| format!("{}, ", status::in_words(status)));
    let (status, took) = (status.unwrap_or_default(), milliseconds(exchange.milliseconds));
    one_line(&format!("{status}{} after {took}", exchange.outcome_text))
}

/// The start of a curl line, and where the whole is.
fn curl(line: &str) -> String {
    if line.is_empty() {
        return String::new();
    }
    match cut(line, CURL_CHARACTERS) {
        (all, None) => format!("\n    {}", one_line(all)),
        (start, Some(_)) => {
            format!(
                "\n    {}…\n    (whole in the JSON and HTML reports, and from the JSON by `standin curl`)",
                one_line(start)
            )
        }
    }
}

/// Text on its own indented lines. Nothing for an empty text.
fn excerpt(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let (start, all) = cut(text, ANSWER_CHARACTERS);
    let rest =
        all.map(|all| format!("\n    … cut: {all} characters in all, more in the JSON report"));
    format!("\n    {}{}", own_lines(start).replace('\n', "\n    "), rest.unwrap_or_default())
}

/// A text with this step alone, at its line and column, for a file whose text is missing.
fn alone(step: &StepResult) -> String {
    let keyword = format!("{} ", step.keyword);
    let before = step.column.saturating_sub(1).saturating_sub(keyword.chars().count());
    let lines = "\n".repeat(step.line.saturating_sub(1));
    format!("{lines}{}{keyword}{}", " ".repeat(before), step.text)
}
