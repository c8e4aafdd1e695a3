//! A run made by hand for the tests of every format: a pass, a failure with all that one can
//! have, skips, and text that means harm.

use std::time::Duration;

use super::Sources;
use crate::model::probed::ProbeExchange;
use crate::model::result::{
    Difference, Exchange, FeatureResult, Reading, Run, ScenarioFailure, ScenarioResult, StepResult,
    StepState, Verdict,
};
use crate::model::rule::{Evidence, EvidenceKind, Level, Rule};

/// A feature and a scenario name that try to break out of every format.
pub const HOSTILE: &str =
    "</script><img src=x onerror=alert(1)> \"]]>&amp; \u{1b}[31m\u{0} ::error::";
const TICKETS: &str = "features/ombori/duplicates.feature";

/// The run; its failing scenario is the second of the first feature.
pub fn run() -> Run {
    Run {
        version: "0.1.0",
        started: "2026-01-05T09:00:00Z".into(),
        took: Duration::from_millis(843),
        target: "http://127.0.0.1:8080".into(),
        seed: 42,
        repeat: "standin check --target http://127.0.0.1:8080 --seed 42".into(),
        interrupted: false,
        bug: false,
        warnings: Vec::new(),
        hints: Vec::new(),
        features: vec![duplicates(), hostile()],
    }
}

/// The run's features without those scenarios that failed.
pub fn green_run() -> Run {
    let mut run = run();
    for feature in &mut run.features {
        feature.scenarios.retain(|scenario| scenario.verdict != Verdict::Failed);
    }
    run
}

/// The text of the first feature; the second has none.
pub fn sources() -> Sources {
    let text = "Feature: duplicates\n\n  Scenario: a ticket from print to call\n    \
        When Anna takes a walk-in ticket\n    Then every webhook is accepted\n\n  \
        Scenario: a duplicate after a later state changes nothing\n    \
        When Anna takes a walk-in ticket\n    And staff call Anna\n    \
        Then the receiver has Anna's position as \"called\"\n    \
        And the receiver sent Anna 1 message\n";
    Sources::from([(TICKETS.to_owned(), text.to_owned())])
}

fn duplicates() -> FeatureResult {
    let passed = ScenarioResult {
        exchanges: vec![exchange(1)],
        steps: vec![
            step("When", "Anna takes a walk-in ticket", 4, StepState::Passed),
            step("Then", "every webhook is accepted", 5, StepState::Passed),
        ],
        ..scenario("a ticket from print to call", 3, Verdict::Passed)
    };
    FeatureResult {
        name: "duplicates".into(),
        file: TICKETS.into(),
        rules: vec![rule()],
        scenarios: vec![passed, failed(), skipped(13), skipped(17)],
    }
}

/// The rule of the failing scenario.
pub fn rule() -> Rule {
    let document = Some("https://example.test/webhooks".to_owned());
    let evidence = |kind, text: &str, source| Evidence { kind, text: text.into(), source };
    Rule {
        id: "duplicates".into(),
        level: Level::Must,
        title: "A webhook that arrives twice has its effects once".into(),
        why: "A webhook that arrives twice must not call a guest twice. The receiver may accept or refuse it.".into(),
        evidence: vec![
            evidence(EvidenceKind::Documented, "a failed attempt is repeated.", document),
            evidence(EvidenceKind::Assumed, "a retry has the same bytes.", None),
        ],
        line: 4,
        explain: "standin explain duplicates".into(),
    }
}

fn failed() -> ScenarioResult {
    let again = Exchange {
        fault: Some("delivered twice".into()),
        attempt: 2,
        trigger: "positionCalled".into(),
        at: "2031-03-04T08:19:02Z".into(),
        outcome: "refused".into(),
        outcome_text: "refused".into(),
        status: Some(409),
        answer: "{\"error\":\"seen before\"}".into(),
        milliseconds: 0.4,
        ..exchange(1)
    };
    ScenarioResult {
        exchanges: vec![exchange(1), again],
        steps: vec![
            step("When", "Anna takes a walk-in ticket", 8, StepState::Passed),
            step("And", "staff call Anna", 9, StepState::Passed),
            step("Then", "the receiver has Anna's position as \"called\"", 10, StepState::Failed),
            step("And", "the receiver sent Anna 1 message", 11, StepState::NotRun),
        ],
        tags: vec!["ombori".into(), "rule:duplicates".into()],
        failure: Some(failure()),
        ..scenario("a duplicate after a later state changes nothing", 7, Verdict::Failed)
    }
}

fn failure() -> ScenarioFailure {
    let poll =
        |ms, times, saw: &str| Reading { after: Duration::from_millis(ms), times, saw: saw.into() };
    let difference = |field: &str, expected: &str, actual: &str| Difference {
        hint: None,
        field: field.into(),
        expected: expected.into(),
        actual: actual.into(),
    };
    ScenarioFailure {
        step: 2,
        message: "the receiver does not have Anna's position as the vendor does".into(),
        differences: vec![
            difference("status", "called", "waiting"),
            difference("calledAt", "2031-03-04T08:19:02.000Z", "null"),
        ],
        polls: vec![
            poll(0, 3, "404 not known"),
            poll(75, 1, "waiting"),
            poll(1_250, 12, "waiting"),
        ],
        exchange: Some(1),
        probe: Some(ProbeExchange {
            probe: "ombori.position".into(),
            method: "GET",
            url: "http://127.0.0.1:8080/positions/7d0a4c52-33f1-4c8c-9c7d-1f1c1b1a1918".into(),
            headers: vec![("authorization".into(), "***".into())],
            status: Some(200),
            location: None,
            answer: "{\"status\":\"waiting\"}".into(),
            is_known: true,
            reading: "status \"waiting\", calledAt null".into(),
            unmatched: vec![("calledAt".into(), "$.called".into())],
            advice: None,
        }),
        ..ScenarioFailure::default()
    }
}

fn skipped(line: usize) -> ScenarioResult {
    let why = Verdict::Skipped("no probe for ombori.position in standin.yaml".into());
    ScenarioResult {
        steps: vec![step("When", "Anna books", line + 1, StepState::NotRun)],
        took: Duration::ZERO,
        ..scenario("a booking that is cancelled", line, why)
    }
}

fn hostile() -> FeatureResult {
    let failure = ScenarioFailure {
        message: format!("{HOSTILE} 100%\nsecond line"),
        differences: vec![Difference {
            hint: None,
            field: "name".into(),
            expected: "أنا 日本 👩‍🦽".into(),
            actual: HOSTILE.into(),
        }],
        ..ScenarioFailure::default()
    };
    let exchange = Exchange {
        body: HOSTILE.into(),
        answer: HOSTILE.into(),
        curl: HOSTILE.into(),
        name: Some(HOSTILE.into()),
        outcome: "closed-early".into(),
        outcome_text: format!("closed early: {HOSTILE}"),
        status: None,
        ..exchange(1)
    };
    let scenario = ScenarioResult {
        steps: vec![step("Then", HOSTILE, 3, StepState::Failed)],
        failure: Some(failure),
        exchanges: vec![exchange],
        ..scenario(HOSTILE, 2, Verdict::Failed)
    };
    let file = "features/own,er: 1.feature".into();
    FeatureResult { name: HOSTILE.into(), file, rules: Vec::new(), scenarios: vec![scenario] }
}

fn scenario(name: &str, line: usize, verdict: Verdict) -> ScenarioResult {
    ScenarioResult {
        name: name.into(),
        line,
        tags: vec!["ombori".into()],
        verdict,
        vendor: Some("ombori"),
        set_up: true,
        took: Duration::from_millis(12),
        steps: vec![],
        failure: None,
        exchanges: vec![],
        probes: vec![],
        repeat: format!("standin check {TICKETS}:{line} --seed 42"),
    }
}

fn step(keyword: &str, text: &str, line: usize, state: StepState) -> StepResult {
    let column = 6 + keyword.len();
    StepResult {
        keyword: keyword.into(),
        text: text.into(),
        line,
        column,
        state,
        reason: None,
        expects_refusal: false,
    }
}

fn exchange(attempt: u32) -> Exchange {
    Exchange {
        request: "webhook".into(),
        at: "2031-03-04T08:15:02.114Z".into(),
        vendor: "ombori".into(),
        trigger: "positionCreated".into(),
        kind: "position".into(),
        id: "7d0a4c52-33f1-4c8c-9c7d-1f1c1b1a1918".into(),
        name: Some("Anna".into()),
        attempt,
        fault: None,
        method: None,
        url: "http://127.0.0.1:8080/webhooks/ombori".into(),
        signed_url: None,
        headers: vec![
            ("content-type".into(), "application/json".into()),
            ("x-api-key".into(), "***".into()),
        ],
        body: "{\"event\":\"positionCreated\",\"position\":{\"status\":\"waiting\"}}".into(),
        outcome: "accepted".into(),
        outcome_text: "accepted".into(),
        status: Some(200),
        location: None,
        answer: "{\"ok\":true}".into(),
        milliseconds: 4.2,
        same_body_as: None,
        curl: "curl -X POST http://127.0.0.1:8080/webhooks/ombori -H 'x-api-key: ***' -d '{}'"
            .into(),
    }
}
