//! The run as one self-contained HTML file: it loads no scripts, fonts or pictures.
//!
//! The template (`templates/report.html`) has all markup and escapes every value. This file prepares
//! the texts and cuts those that are too long.
//!
//! A run sends thousands of requests, and a page with all their bodies is too large for a browser.
//! So bodies are shown only for failed scenarios, and each body once. The JSON report has everything.

mod overview;

use askama::Template;
use jiff::Timestamp;

use overview::{Cause, Share, VendorView, feature_id, scenario_id, shares};

use super::text::{cut, duration, milliseconds, one_line, printable};
use super::{probed, status, unset};
use crate::model::probed::ProbeExchange;
use crate::model::result::{
    Difference, Exchange, FeatureResult, Reading, Run, ScenarioFailure, ScenarioResult, StepResult,
    StepState, Verdict,
};
use crate::model::rule::Rule;

/// The most characters of a body, an answer or a curl line that are shown.
const TEXT_CHARACTERS: usize = 20_000;

/// The run as an HTML document.
pub fn render(run: &Run) -> String {
    let features = unset::others(run).filter(|feature| !feature.scenarios.is_empty());
    let features: Vec<&FeatureResult> = features.collect();
    let page = Page {
        run,
        conclusion: Conclusion::of(run),
        shares: shares(run.totals()),
        began: time(&run.started) + " UTC",
        took: duration(run.took),
        vendors: overview::vendors(&features),
        causes: overview::causes(run, &features),
        features: features
            .iter()
            .enumerate()
            .map(|(number, one)| FeatureView::new(number, one))
            .collect(),
        unset: unset::reasons(run).into_iter().collect(),
    };
    printable(&page.render().expect("a template written to memory does not fail"))
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    run: &'a Run,
    conclusion: Conclusion,
    shares: Vec<Share>,
    began: String,
    took: String,
    vendors: Vec<VendorView>,
    causes: Vec<Cause<'a>>,
    features: Vec<FeatureView<'a>>,
    /// Reasons for which whole features were skipped, and of how many scenarios.
    unset: Vec<(&'a str, usize)>,
}

/// What the run says in one line.
struct Conclusion {
    text: String,
    verdict: &'static str,
}

struct FeatureView<'a> {
    /// Its id in the page.
    id: String,
    feature: &'a FeatureResult,
    shares: Vec<Share>,
    scenarios: Vec<ScenarioView<'a>>,
}

struct ScenarioView<'a> {
    /// Its id in the page.
    id: String,
    scenario: &'a ScenarioResult,
    verdict: &'static str,
    mark: &'static str,
    reason: Option<&'a str>,
    took: String,
    steps: Vec<StepView<'a>>,
    failure: Option<FailureView<'a>>,
    exchanges: Vec<ExchangeView<'a>>,
    /// The exchanges are shown without bodies.
    brief: bool,
}

struct StepView<'a> {
    step: &'a StepResult,
    state: &'static str,
    mark: &'static str,
}

struct FailureView<'a> {
    rule: Option<&'a Rule>,
    kind: &'static str,
    message: &'a str,
    /// What became of it when it was tried again, if that is worth a word.
    recurrence: Option<(&'static str, &'static str)>,
    differences: &'a [Difference],
    polls: Vec<PollView<'a>>,
    probe: Option<ProbeView<'a>>,
}

/// The last request of a probe.
struct ProbeView<'a> {
    exchange: &'a ProbeExchange,
    meaning: String,
    answer: Text,
    notes: Vec<String>,
}

struct PollView<'a> {
    poll: &'a Reading,
    after: String,
}

struct ExchangeView<'a> {
    exchange: &'a Exchange,
    /// The failure is about it.
    at_issue: bool,
    time: String,
    style: &'static str,
    status: String,
    took: String,
    wire: Option<WireView>,
}

/// What was on the wire.
struct WireView {
    /// The time of an earlier request with the same body, which is not shown again.
    same: Option<String>,
    body: Text,
    answer: Text,
    /// `None` if an earlier request has the same line.
    curl: Option<Text>,
}

/// A text, and a note if it was cut.
struct Text {
    shown: String,
    note: Option<String>,
}

impl Conclusion {
    fn of(run: &Run) -> Self {
        let totals = run.totals();
        let failed = || run.scenarios().filter(|scenario| scenario.verdict == Verdict::Failed);
        let failures = || failed().filter_map(|scenario| scenario.failure.as_ref());
        let (text, verdict) = if failures().any(|failure| failure.is_of_machine) {
            ("This machine lacked something", "failed")
        } else if failures().any(|failure| failure.internal) {
            ("Standin has a bug", "failed")
        } else if totals.failed > 0 && failures().all(|failure| failure.unreachable) {
            ("The receiver could not be reached", "failed")
        } else if totals.failed > 0 {
            ("The receiver breaks the contract", "failed")
        } else if totals.judged() == 0 {
            ("Nothing was judged", "skipped")
        } else if totals.warned + totals.known > 0 {
            ("The receiver keeps the contract, with exceptions", "warned")
        } else if totals.passed_in_part > 0 {
            ("What could be judged keeps the contract", "in-part")
        } else {
            ("The receiver keeps the contract", "passed")
        };
        Self { text: text.to_owned(), verdict }
    }
}

impl<'a> FeatureView<'a> {
    /// The view of the feature of this number in the page, from 0.
    fn new(number: usize, feature: &'a FeatureResult) -> Self {
        let scenarios = feature.scenarios.iter().enumerate().map(|(place, scenario)| {
            ScenarioView::new(scenario_id(number, place), scenario, feature.rule_of(scenario))
        });
        Self {
            id: feature_id(number),
            feature,
            shares: shares(feature.totals()),
            scenarios: scenarios.collect(),
        }
    }
}

impl<'a> ScenarioView<'a> {
    fn new(id: String, scenario: &'a ScenarioResult, rule: Option<&'a Rule>) -> Self {
        let (verdict, mark, reason) = match &scenario.verdict {
            Verdict::Passed => ("passed", "✓", None),
            Verdict::PassedInPart => ("in-part", "✓", None),
            Verdict::Failed => ("failed", "✗", None),
            Verdict::Warned => ("warned", "!", None),
            Verdict::Known(reason) => ("known", "○", Some(reason.as_str())),
            Verdict::Skipped(reason) => ("skipped", "–", Some(reason.as_str())),
        };
        let brief = !matches!(scenario.verdict, Verdict::Failed | Verdict::Warned);
        Self {
            id,
            scenario,
            verdict,
            mark,
            reason,
            took: duration(scenario.took),
            steps: scenario.steps.iter().map(StepView::new).collect(),
            failure: scenario.failure.as_ref().map(|failure| FailureView::new(failure, rule)),
            exchanges: if brief { in_brief(scenario) } else { in_full(scenario) },
            brief,
        }
    }
}

/// The exchanges of a scenario without bodies.
fn in_brief(scenario: &ScenarioResult) -> Vec<ExchangeView<'_>> {
    scenario.exchanges.iter().map(|exchange| ExchangeView::new(exchange, None)).collect()
}

/// The exchanges of a scenario with bodies. Retries and duplicates refer to the earlier exchange
/// that has the same body.
fn in_full(scenario: &ScenarioResult) -> Vec<ExchangeView<'_>> {
    let at_issue = scenario.failure.as_ref().and_then(|failure| failure.exchange);
    let mut views = Vec::with_capacity(scenario.exchanges.len());
    for (index, exchange) in scenario.exchanges.iter().enumerate() {
        let at_issue = at_issue == Some(index);
        let is_same = |other: &&Exchange| other.id == exchange.id && other.body == exchange.body;
        // The exchange that the failure is about is always shown in full.
        let earlier = scenario.exchanges[..index].iter().find(is_same).filter(|_| !at_issue);
        let wire = Some(WireView::new(exchange, earlier));
        views.push(ExchangeView { at_issue, ..ExchangeView::new(exchange, wire) });
    }
    views
}

impl<'a> StepView<'a> {
    fn new(step: &'a StepResult) -> Self {
        let (state, mark) = match step.state {
            StepState::Passed => ("passed", "✓"),
            StepState::Failed => ("failed", "✗"),
            StepState::NotJudged => ("not-judged", "–"),
            StepState::NotRun => ("not-run", "·"),
        };
        Self { step, state, mark }
    }
}

impl<'a> FailureView<'a> {
    fn new(failure: &'a ScenarioFailure, rule: Option<&'a Rule>) -> Self {
        let kind = match failure {
            ScenarioFailure { is_of_machine: true, .. } => "A fault of this machine",
            ScenarioFailure { internal: true, .. } => "A bug in Standin",
            ScenarioFailure { unreachable: true, .. } => "The receiver could not be reached",
            _ => "",
        };
        let polls = failure.polls.iter().map(|poll| PollView { poll, after: duration(poll.after) });
        Self {
            rule,
            kind,
            message: &failure.message,
            recurrence: failure.recurrence.and_then(|it| Some((it.name(), it.note()?))),
            differences: &failure.differences,
            polls: polls.collect(),
            probe: failure.probe.as_ref().map(ProbeView::new),
        }
    }
}

impl<'a> ProbeView<'a> {
    fn new(exchange: &'a ProbeExchange) -> Self {
        Self {
            exchange,
            meaning: probed::meaning(exchange),
            answer: Text::new(&pretty(&exchange.answer)),
            notes: probed::notes(exchange),
        }
    }
}

impl<'a> ExchangeView<'a> {
    fn new(exchange: &'a Exchange, wire: Option<WireView>) -> Self {
        Self {
            exchange,
            at_issue: false,
            time: time(&exchange.at),
            style: style(&exchange.outcome),
            status: exchange.status.map(status::in_words).unwrap_or_default(),
            took: milliseconds(exchange.milliseconds),
            wire,
        }
    }
}

impl WireView {
    fn new(exchange: &Exchange, earlier: Option<&Exchange>) -> Self {
        let curl = earlier.is_none_or(|earlier| earlier.curl != exchange.curl);
        Self {
            same: earlier.filter(|_| !exchange.body.is_empty()).map(|earlier| time(&earlier.at)),
            body: Text::new(&earlier.map_or_else(|| pretty(&exchange.body), |_| String::new())),
            answer: Text::new(&pretty(&exchange.answer)),
            curl: curl.then(|| Text::new(&exchange.curl)),
        }
    }
}

impl Text {
    fn new(text: &str) -> Self {
        let (start, all) = cut(text, TEXT_CHARACTERS);
        let note = all.map(|all| format!("Cut: the first {TEXT_CHARACTERS} of {all} characters."));
        Self { shown: printable(start), note }
    }
}

/// The class that colours an outcome, so that the style sheet need not know every outcome.
fn style(outcome: &str) -> &'static str {
    match outcome {
        "accepted" => "passed",
        "refused" => "skipped",
        "never-sent"
        | "acknowledgement-lost"
        | "cut-off"
        | "by-gateway"
        | "timed-out-on-its-way" => "not-run",
        _ => "failed",
    }
}

/// A time in UTC without `T` and `Z`. A text that is no time stays as it is.
fn time(at: &str) -> String {
    let time = at.parse::<Timestamp>().map(|at| at.strftime("%Y-%m-%d %H:%M:%S").to_string());
    time.unwrap_or_else(|_| one_line(at))
}

/// Indented JSON. A body that is not JSON, as many scenarios send on purpose, stays as it is.
fn pretty(text: &str) -> String {
    let json = serde_json::from_str::<serde_json::Value>(text).ok();
    json.and_then(|json| serde_json::to_string_pretty(&json).ok())
        .unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests;
