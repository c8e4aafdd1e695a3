//! The verdict on a load as JUnit XML for continuous integration: a case for each threshold, for each
//! value that is compared with an older run, and for whether the receiver answered at all.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use super::values;
use crate::model::load::LoadReport;
use crate::report::text::printable;

/// The verdict as an XML document.
pub fn render(report: &LoadReport) -> String {
    let took = Duration::try_from_secs_f64(report.took_s).unwrap_or_default();
    let mut suite = TestSuite::new("load");
    suite.set_time(took);
    suite.add_properties([
        Property::new("seed", report.seed.to_string()),
        Property::new("target", printable(&report.target)),
        Property::new("pace", printable(&report.pace)),
    ]);
    suite.add_test_cases(cases(report));
    let mut document = Report::new("standin");
    document.set_time(took);
    document.add_test_suite(suite);
    document.to_string().expect("XML written to memory does not fail")
}

fn cases(report: &LoadReport) -> Vec<TestCase> {
    let mut cases = vec![case("receiver", "the receiver answered", answered(report))];
    cases.extend(report.aborted.iter().map(|one| {
        let status = judged("aborted", Some(values::aborted(one)));
        case("aborted", "the load was not ended early", status)
    }));
    cases.extend(report.thresholds.iter().map(|one| {
        let wrong = (!one.passed).then(|| format!("the value is {}", one.value));
        let status = judged("threshold", wrong);
        case("thresholds", &format!("not {}", one.text), status)
    }));
    if let Some(compared) = &report.baseline {
        cases.extend(compared.rows.iter().map(|row| {
            let wrong = row.worse.then(|| {
                let (old, new) = (values::of(row.old, row.unit), values::of(row.new, row.unit));
                let (change, chance) = (values::change(row), values::chance(row.chance));
                format!("{old} before, {new} now: {change}, {chance} by chance")
            });
            let status = judged("baseline", wrong);
            case("baseline", &format!("{} is not worse", row.name), status)
        }));
    }
    cases
}

fn case(class: &str, name: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(printable(name), status);
    case.set_classname(format!("load.{class}"));
    case
}

fn answered(report: &LoadReport) -> TestCaseStatus {
    if !report.unanswered() {
        return TestCaseStatus::success();
    }
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_type("unreachable").set_message("no webhook was answered");
    status
}

/// A failure of this kind, if something is wrong.
fn judged(kind: &str, wrong: Option<String>) -> TestCaseStatus {
    let Some(wrong) = wrong else { return TestCaseStatus::success() };
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(kind).set_message(printable(&wrong));
    status
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::load::sample;

    #[test]
    fn each_threshold_and_each_compared_value_is_a_case() {
        insta::assert_snapshot!(render(&sample::report()), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="standin" tests="7" skipped="0" failures="4" errors="0" time="5.998">
            <testsuite name="load" tests="7" skipped="0" errors="0" failures="4" time="5.998">
                <properties>
                    <property name="seed" value="42"/>
                    <property name="target" value="http://127.0.0.1:8080"/>
                    <property name="pace" value="1000/s for 6s"/>
                </properties>
                <testcase name="the receiver answered" classname="load.receiver"/>
                <testcase name="not p99 &gt; 200ms" classname="load.thresholds"/>
                <testcase name="not refused &gt; 0.1%" classname="load.thresholds">
                    <failure message="the value is 9" type="threshold"/>
                </testcase>
                <testcase name="p50 is not worse" classname="load.baseline"/>
                <testcase name="p99 is not worse" classname="load.baseline">
                    <failure message="20.00 ms before, 29.00 ms now: +45.0 %, &lt; 0.1 % by chance" type="baseline"/>
                </testcase>
                <testcase name="refused is not worse" classname="load.baseline">
                    <failure message="0.00 % before, 0.15 % now: from zero, 0.2 % by chance" type="baseline"/>
                </testcase>
                <testcase name="drained is not worse" classname="load.baseline">
                    <failure message="0.40 s before, not known now: –, – by chance" type="baseline"/>
                </testcase>
            </testsuite>
        </testsuites>
        "#);
    }

    #[test]
    fn a_run_without_thresholds_has_one_case_and_one_without_answers_an_error() {
        let mut report = sample::report();
        (report.thresholds, report.baseline) = (Vec::new(), None);
        let xml = render(&report);
        assert!(xml.contains("tests=\"1\" skipped=\"0\" failures=\"0\" errors=\"0\""), "{xml}");
        assert!(xml.contains("name=\"the receiver answered\""), "{xml}");
        report.answers = 0;
        let xml = render(&report);
        assert!(xml.contains("failures=\"0\" errors=\"1\""), "{xml}");
    }

    #[test]
    fn hostile_text_stays_text() {
        let mut report = sample::report();
        report.target = "\u{1b}[31m\u{0}]]>\"<x>".to_owned();
        let xml = render(&report);
        assert!(xml.contains(r"\u{1b}[31m\u{0}]]&gt;&quot;&lt;x&gt;"), "{xml}");
    }
}
