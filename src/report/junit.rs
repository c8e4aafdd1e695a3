//! The run as JUnit XML for continuous integration: a suite for each feature, a case for each
//! scenario. Warnings about the whole run are the output of a suite without cases.
//!
//! If the receiver could not be reached or Standin has a bug, the case is an `error` and not a
//! `failure`. A case that passed in part says so in a property, and why in its output. So does a case
//! that only warns, and one that is known to fail; that one counts as skipped.

use std::collections::BTreeMap;

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use super::text::{Colour, printable};
use super::{Sources, failure, rules, tolerated, unset};
use crate::model::result::{FeatureResult, Run, ScenarioFailure, ScenarioResult, Verdict};

/// The run as an XML document. `sources` is the text of the feature files, for the failures.
pub fn render(run: &Run, sources: &Sources) -> String {
    let mut report = Report::new("standin");
    report.set_time(run.took);
    report.add_test_suites(unset::others(run).map(|feature| {
        let source = sources.get(&feature.file).map(String::as_str);
        suite(run, feature, source)
    }));
    let unset = unset::reasons(run);
    if !unset.is_empty() {
        report.add_test_suite(not_set_up(&unset));
    }
    if !run.warnings.is_empty() {
        let mut suite = TestSuite::new("warnings");
        suite.set_system_out(printable(&run.warnings.join("\n")));
        report.add_test_suite(suite);
    }
    report.to_string().expect("XML written to memory does not fail")
}

fn suite(run: &Run, feature: &FeatureResult, source: Option<&str>) -> TestSuite {
    let mut suite = TestSuite::new(printable(&feature.name));
    suite.set_time(feature.scenarios.iter().map(|scenario| scenario.took).sum());
    suite.add_properties([
        Property::new("seed", run.seed.to_string()),
        Property::new("target", printable(&run.target)),
    ]);
    suite.add_test_cases(feature.scenarios.iter().map(|scenario| {
        let mut case = TestCase::new(printable(&scenario.name), status(feature, scenario, source));
        case.set_classname(printable(&feature.file)).set_time(scenario.took);
        let tolerated = || told(feature, scenario, source);
        match scenario.verdict {
            Verdict::PassedInPart => {
                case.add_property(Property::new("verdict", "passed in part"));
                case.set_system_out(unjudged(scenario));
            }
            Verdict::Warned => {
                case.add_property(Property::new("verdict", "warned"));
                case.set_system_out(tolerated());
            }
            Verdict::Known(_) => {
                case.add_property(Property::new("verdict", "known to fail"));
                case.set_system_out(tolerated());
            }
            Verdict::Passed | Verdict::Failed | Verdict::Skipped(_) => {}
        }
        case
    }));
    suite
}

/// A skipped case for each vendor that is not set up, in place of its scenarios.
fn not_set_up(reasons: &BTreeMap<&str, usize>) -> TestSuite {
    let mut suite = TestSuite::new("vendors that are not set up");
    suite.add_test_cases(reasons.iter().map(|(reason, count)| {
        let mut status = TestCaseStatus::skipped();
        status.set_message(format!("{} ({count} scenarios)", printable(reason)));
        TestCase::new(printable(reason), status)
    }));
    suite
}

fn status(
    feature: &FeatureResult,
    scenario: &ScenarioResult,
    source: Option<&str>,
) -> TestCaseStatus {
    match &scenario.verdict {
        Verdict::Passed | Verdict::PassedInPart | Verdict::Warned => TestCaseStatus::success(),
        Verdict::Known(reason) => {
            let mut status = TestCaseStatus::skipped();
            let known = tolerated::in_words(reason, scenario);
            status.set_message(printable(&format!("known failure: {known}")));
            status
        }
        Verdict::Skipped(reason) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(printable(reason));
            status
        }
        Verdict::Failed => {
            let (kind, name) = kind(scenario.failure.as_ref());
            let mut status = TestCaseStatus::non_success(kind);
            let message = scenario.failure.as_ref().map(|failure| failure.message.as_str());
            status.set_type(name).set_message(printable(message.unwrap_or_default()));
            status.set_description(told(feature, scenario, source));
            status
        }
    }
}

/// A failure with its rule in full.
fn told(feature: &FeatureResult, scenario: &ScenarioResult, source: Option<&str>) -> String {
    let rule = feature.rule_of(scenario).map(|rule| rules::in_full(rule, Colour::Off));
    let told = failure::render(feature, scenario, source, Colour::Off);
    told + &rule.map_or(String::new(), |rule| format!("\n\n{rule}"))
}

/// A line for each step that was not judged.
fn unjudged(scenario: &ScenarioResult) -> String {
    let lines = scenario.steps.iter().filter_map(|step| {
        let reason = step.reason.as_deref()?;
        let text = format!("not judged: {} {}: {reason}\n", step.keyword, step.text);
        Some(printable(&text))
    });
    lines.collect()
}

fn kind(failure: Option<&ScenarioFailure>) -> (NonSuccessKind, &'static str) {
    match failure {
        Some(ScenarioFailure { internal: true, .. }) => (NonSuccessKind::Error, "internal"),
        Some(ScenarioFailure { unreachable: true, .. }) => (NonSuccessKind::Error, "unreachable"),
        _ => (NonSuccessKind::Failure, "contract"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn every_scenario_is_a_case_and_the_failed_one_tells_all() {
        let mut run = sample::run();
        run.features.truncate(1);
        insta::assert_snapshot!(render(&run, &sample::sources()), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="standin" tests="4" skipped="2" failures="1" errors="0" time="0.843">
            <testsuite name="duplicates" tests="4" skipped="2" errors="0" failures="1" time="0.024">
                <properties>
                    <property name="seed" value="42"/>
                    <property name="target" value="http://127.0.0.1:8080"/>
                </properties>
                <testcase name="a ticket from print to call" classname="features/ombori/duplicates.feature" time="0.012"/>
                <testcase name="a duplicate after a later state changes nothing" classname="features/ombori/duplicates.feature" time="0.012">
                    <failure message="the receiver does not have Anna&apos;s position as the vendor does" type="contract">✗ a duplicate after a later state changes nothing  features/ombori/duplicates.feature:7

        error: the receiver does not have Anna&apos;s position as the vendor does
          --&gt; features/ombori/duplicates.feature:10:10
           |
        10 |     Then the receiver has Anna&apos;s position as &quot;called&quot;
           |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

          status    expected  called
                    actual    waiting
          calledAt  expected  2031-03-04T08:19:02.000Z
                    actual    null

          looked into the receiver:
             0 ms  404 not known (×3)
            75 ms  waiting
            1.2 s  waiting (×12)

          probe:   GET http://127.0.0.1:8080/positions/7d0a4c52-33f1-4c8c-9c7d-1f1c1b1a1918 -H &apos;authorization: ***&apos;  (ombori.position)
          showed:  200 OK
            {&quot;status&quot;:&quot;waiting&quot;}
            no `calledAt`: `$.called` matches nothing in it

          steps:
            ✓ When Anna takes a walk-in ticket
            ✓ And staff call Anna
            ✗ Then the receiver has Anna&apos;s position as &quot;called&quot;
            · And the receiver sent Anna 1 message

          requests:
            08:15:02  positionCreated  Anna  →  200 OK
            08:19:02  positionCalled   Anna  →  409 Conflict  (delivered twice)

          request: positionCalled of Anna, position 7d0a4c52-33f1-4c8c-9c7d-1f1c1b1a1918
                   at 2031-03-04T08:19:02Z, attempt 2, delivered twice
            curl -X POST http://127.0.0.1:8080/webhooks/ombori -H &apos;x-api-key: ***&apos; -d &apos;{}&apos;
          answer:  409 Conflict, refused after &lt; 1 ms
            {&quot;error&quot;:&quot;seen before&quot;}

          rule:    duplicates (must): A webhook that arrives twice must not call a guest
                   twice.
                   more: standin explain duplicates

          repeat with: standin check features/ombori/duplicates.feature:7 --seed 42

        rule duplicates (must): A webhook that arrives twice has its effects once
          Why: A webhook that arrives twice must not call a guest twice. The receiver
            may accept or refuse it.
          Documented: a failed attempt is repeated.
            https://example.test/webhooks
          Assumed: a retry has the same bytes.</failure>
                </testcase>
                <testcase name="a booking that is cancelled" classname="features/ombori/duplicates.feature" time="0.000">
                    <skipped message="no probe for ombori.position in standin.yaml"/>
                </testcase>
                <testcase name="a booking that is cancelled" classname="features/ombori/duplicates.feature" time="0.000">
                    <skipped message="no probe for ombori.position in standin.yaml"/>
                </testcase>
            </testsuite>
        </testsuites>
        "#);
    }

    #[test]
    fn hostile_text_stays_text() {
        let mut run = sample::run();
        run.features.remove(0);
        insta::assert_snapshot!(render(&run, &sample::sources()), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="standin" tests="1" skipped="0" failures="1" errors="0" time="0.843">
            <testsuite name="&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt; &quot;]]&gt;&amp;amp; \u{1b}[31m\u{0} ::error::" tests="1" skipped="0" errors="0" failures="1" time="0.012">
                <properties>
                    <property name="seed" value="42"/>
                    <property name="target" value="http://127.0.0.1:8080"/>
                </properties>
                <testcase name="&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt; &quot;]]&gt;&amp;amp; \u{1b}[31m\u{0} ::error::" classname="features/own,er: 1.feature" time="0.012">
                    <failure message="&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt; &quot;]]&gt;&amp;amp; \u{1b}[31m\u{0} ::error:: 100%
        second line" type="contract">✗ &lt;/script&gt;&lt;img src=x onerror=alert(1)&gt; &quot;]]&gt;&amp;amp; \u{1b}[31m\u{0} ::error::  features/own,er: 1.feature:2

        error: &lt;/script&gt;&lt;img src=x onerror=alert(1)&gt; &quot;]]&gt;&amp;amp; \u{1b}[31m\u{0} ::error:: 100%\nsecond line
         --&gt; features/own,er: 1.feature:3:10
          |
        3 |     Then &lt;/script&gt;&lt;img src=x onerror=alert(1)&gt; &quot;]]&gt;&amp;amp; ␛[31m␀ ::error::
          |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

          name  expected  أنا 日本 👩‍🦽
                actual    &lt;/script&gt;&lt;img src=x onerror=alert(1)&gt; &quot;]]&gt;&amp;amp; \u{1b}[31m\u{0} ::error::

          requests:
            08:15:02  positionCreated  &lt;/script&gt;&lt;img src=x onerror=alert(1)&gt; &quot;]]&gt;&amp;amp; \u{1b}[31m\u{0} ::error::  →  closed early: &lt;/script&gt;&lt;img src=x onerror=alert(1)&gt; &quot;]]&gt;&amp;amp; \u{1b}[31m\u{0} ::error::

          repeat with: standin check features/ombori/duplicates.feature:2 --seed 42</failure>
                </testcase>
            </testsuite>
        </testsuites>
        "#);
    }

    #[test]
    fn a_receiver_that_is_down_is_an_error_not_a_failure() {
        let mut run = sample::run();
        for scenario in run.features.iter_mut().flat_map(|feature| &mut feature.scenarios) {
            scenario.failure.iter_mut().for_each(|failure| failure.unreachable = true);
        }
        let xml = render(&run, &sample::sources());
        assert!(xml.contains("tests=\"5\" skipped=\"2\" failures=\"0\" errors=\"2\""), "{xml}");
    }

    #[test]
    fn no_character_makes_the_document_invalid() {
        let every = (0..=0x10ffff).filter_map(char::from_u32).collect::<String>();
        let mut run = sample::green_run();
        run.features[0].scenarios[0].name = every;
        let xml = render(&run, &sample::sources());
        // XML 1.0, section 2.2: what a document may hold.
        let allowed = |c: char| {
            matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}')
                || c >= '\u{10000}'
        };
        assert_eq!(xml.chars().find(|&c| !allowed(c)), None);
    }
}
