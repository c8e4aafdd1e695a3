//! The result of a run of the contract. `contract` fills it and `report` renders it.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use super::failure_kind::FailureKind;
use super::probed::ProbeExchange;
use super::rule::{Rule, rule_id};

/// A whole run of the contract.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Run {
    /// Standin's version.
    pub version: &'static str,
    /// When it began: RFC 3339, wall clock.
    pub started: String,
    /// How long it took, in seconds.
    #[serde(rename = "seconds", serialize_with = "seconds")]
    #[schemars(with = "f64")]
    pub took: Duration,
    /// The receiver's URL.
    pub target: String,
    /// The seed; the same seed repeats the run.
    pub seed: u64,
    /// The command that repeats the run.
    pub repeat: String,
    /// True if the run was ended early: by Ctrl-C, at its time limit, after the most failures that were
    /// allowed, or for a vendor whose honest requests all failed alike or a probe that never found anything.
    pub interrupted: bool,
    /// True if a bug in Standin ended it.
    pub bug: bool,
    /// What a reader must not take for judged, and what is wrong with the list of known failures: one
    /// or two sentences each.
    pub warnings: Vec<String>,
    /// Hints about the whole run: one or two sentences each.
    pub hints: Vec<String>,
    /// The features in the order of their files.
    pub features: Vec<FeatureResult>,
}

/// One Gherkin file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FeatureResult {
    /// The text behind `Feature:`.
    pub name: String,
    /// The file, as the user knows it.
    pub file: String,
    /// The rules of its scenarios.
    pub rules: Vec<Rule>,
    /// Its scenarios in the order of the file.
    pub scenarios: Vec<ScenarioResult>,
}

/// One scenario, or one row of a scenario outline.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ScenarioResult {
    /// The text behind `Scenario:`.
    pub name: String,
    /// The line it begins on, from 1.
    pub line: usize,
    /// Its tags and those of its rule and feature, without `@`. The tag `rule:ID` names its rule.
    pub tags: Vec<String>,
    /// How it ended.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// The vendor of its account, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vendor: Option<&'static str>,
    /// Whether standin.yaml has a section for its vendor.
    #[serde(skip)]
    pub set_up: bool,
    /// How long it took, in seconds.
    #[serde(rename = "seconds", serialize_with = "seconds")]
    #[schemars(with = "f64")]
    pub took: Duration,
    /// Its steps in order, background steps first.
    pub steps: Vec<StepResult>,
    /// The failure, if its verdict is `failed`, `warned` or `known`.
    pub failure: Option<ScenarioFailure>,
    /// Every request that it sent and what came back, in order.
    pub exchanges: Vec<Exchange>,
    /// What the probes read, if the run keeps it, each with the number of requests before it.
    #[serde(skip)]
    pub probes: Vec<(usize, ProbeExchange)>,
    /// The command that repeats this scenario alone, with this seed.
    pub repeat: String,
}

/// How a scenario ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "verdict", content = "reason")]
pub enum Verdict {
    /// Every step passed.
    Passed,
    /// What could be judged passed. At least one expectation was not judged.
    PassedInPart,
    /// The receiver broke the contract.
    Failed,
    /// It failed, and its rule is only good practice (level `should`). The run does not fail.
    Warned,
    /// It failed, and standin.yaml lists it as a known failure, for this reason. The run does not
    /// fail.
    Known(String),
    /// It could not be judged, for this reason. It does not count as passed.
    Skipped(String),
}

/// One step of a scenario.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StepResult {
    /// `Given`, `When`, `Then`, `And`, `But` as written.
    pub keyword: String,
    /// The text behind the keyword.
    pub text: String,
    /// Its line, from 1.
    pub line: usize,
    /// The column of the text, from 1.
    pub column: usize,
    /// `passed`, `failed`, `not-judged` or `not-run`.
    pub state: StepState,
    /// Why it was not judged, if it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether it expects the receiver to refuse a request.
    #[serde(skip)]
    pub expects_refusal: bool,
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StepState {
    /// It passed.
    Passed,
    /// It failed.
    Failed,
    /// It is an expectation that cannot be judged. It does not count as passed.
    NotJudged,
    /// An earlier step failed, or the scenario was skipped.
    NotRun,
}

/// Why a scenario failed.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct ScenarioFailure {
    /// Which of the scenario's steps failed, from 0.
    pub step: usize,
    /// In which way it failed. An entry of the known failures can name it.
    pub kind: FailureKind,
    /// What went wrong, in one sentence without a full stop.
    pub message: String,
    /// The expected and the actual value of each field.
    pub differences: Vec<Difference>,
    /// The readings of the probe, if the expectation polled the receiver.
    pub polls: Vec<Reading>,
    /// The last request of the probe and what came back, if the expectation polled the receiver.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probe: Option<ProbeExchange>,
    /// The exchange that the failure is about, as an index into the scenario's exchanges.
    pub exchange: Option<usize>,
    /// The receiver could not be reached, so the contract was not judged.
    pub unreachable: bool,
    /// A bug in Standin, or something that this machine lacks, and no fault of the receiver.
    pub internal: bool,
    /// It is no bug in Standin either: this machine lacks something.
    #[serde(skip)]
    pub is_of_machine: bool,
    /// The hint of the run that explains it, as an index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<usize>,
    /// Whether it came again, if it was tried again. It is a failure in any case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<Recurrence>,
    /// It is no failure: the answers prove nothing about what was expected.
    #[serde(skip)]
    pub not_judged: bool,
}

/// Whether a failure came again when its scenario was tried again: the same story with other ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Recurrence {
    /// It failed again, alone.
    FailedAgain,
    /// It passed alone, and failed again while others ran.
    OnlyBesideOthers,
    /// It passed alone, and did not fail again while others ran either.
    Flaky,
}

impl Recurrence {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::FailedAgain => "failed again",
            Self::OnlyBesideOthers => "only beside others",
            Self::Flaky => "flaky",
        }
    }

    /// What a reader must know of it, in a sentence without a full stop. Nothing if it came again.
    pub fn note(self) -> Option<&'static str> {
        match self {
            Self::FailedAgain => None,
            Self::OnlyBesideOthers => Some("it passed alone, and failed again while others ran"),
            Self::Flaky => Some("tried again, it passed"),
        }
    }
}

/// One field that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Difference {
    /// The field, in the vendor's words.
    pub field: String,
    /// What it should be.
    pub expected: String,
    /// What it is.
    pub actual: String,
    /// The setting that would make the two equal, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// What a probe read from the receiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Poll")]
pub struct Reading {
    /// How long after the first reading, in seconds.
    #[serde(rename = "seconds", serialize_with = "seconds")]
    #[schemars(with = "f64")]
    pub after: Duration,
    /// How many readings in a row were the same.
    pub times: u32,
    /// What was read.
    pub saw: String,
}

/// One request and its answer, in readable form. Secrets are `***`.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Exchange {
    /// What the request is for: `webhook`, `token request` or `revocation`.
    pub request: String,
    /// Virtual time: RFC 3339.
    pub at: String,
    /// The vendor.
    pub vendor: String,
    /// The vendor's name of the webhook's type.
    pub trigger: String,
    /// Kind of the subject.
    pub kind: String,
    /// Id of the subject.
    pub id: String,
    /// The name that the scenario gave the subject, if it gave one.
    pub name: Option<String>,
    /// Number of the attempt, from 1.
    pub attempt: u32,
    /// What a fault did to it.
    pub fault: Option<String>,
    /// Its method, if it is no POST.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Where it went.
    pub url: String,
    /// The URL that was signed, if it is another one.
    pub signed_url: Option<String>,
    /// Its headers.
    pub headers: Vec<(String, String)>,
    /// Its body, as text (cut if very long).
    pub body: String,
    /// The earlier exchange of the scenario, as an index, that has the same body. Then `body` is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same_body_as: Option<usize>,
    /// `accepted`, `refused`, `timed-out` …
    pub outcome: String,
    /// The outcome in words.
    pub outcome_text: String,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// Where the answer leads, if it is a redirect that says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The start of the answer's body.
    pub answer: String,
    /// Latency in milliseconds (real time).
    pub milliseconds: f64,
    /// The request as a line to paste into a shell. Empty if the scenario has no failure, or if it is the line of the
    /// exchange that has the body.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub curl: String,
}

/// How many scenarios ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Totals {
    /// Every step passed.
    pub passed: usize,
    /// What could be judged passed, and some expectations were not judged.
    pub passed_in_part: usize,
    /// The receiver broke the contract.
    pub failed: usize,
    /// Failed, and their rules are only good practice.
    pub warned: usize,
    /// Failed, and standin.yaml lists them as known failures.
    pub known: usize,
    /// Could not be judged.
    pub skipped: usize,
}

impl Totals {
    /// How many were judged at least in part.
    pub fn judged(self) -> usize {
        self.passed + self.passed_in_part + self.failed + self.warned + self.known
    }

    /// How many of these scenarios ended in which way.
    pub fn of<'a>(scenarios: impl Iterator<Item = &'a ScenarioResult>) -> Self {
        let mut totals = Self::default();
        for scenario in scenarios {
            match scenario.verdict {
                Verdict::Passed => totals.passed += 1,
                Verdict::PassedInPart => totals.passed_in_part += 1,
                Verdict::Failed => totals.failed += 1,
                Verdict::Warned => totals.warned += 1,
                Verdict::Known(_) => totals.known += 1,
                Verdict::Skipped(_) => totals.skipped += 1,
            }
        }
        totals
    }
}

impl FeatureResult {
    /// The rule that one of its scenarios belongs to, if there is one.
    pub fn rule_of(&self, scenario: &ScenarioResult) -> Option<&Rule> {
        let id = rule_id(&scenario.tags)?;
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// How many of its scenarios ended in which way.
    pub fn totals(&self) -> Totals {
        Totals::of(self.scenarios.iter())
    }
}

impl Run {
    /// How many scenarios ended in which way.
    pub fn totals(&self) -> Totals {
        Totals::of(self.scenarios())
    }

    /// All scenarios, in the order of their files.
    pub fn scenarios(&self) -> impl Iterator<Item = &ScenarioResult> {
        self.features.iter().flat_map(|feature| &feature.scenarios)
    }
}

fn seconds<S: serde::Serializer>(took: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((took.as_secs_f64() * 1e6).round() / 1e6)
}
