//! Annotations for GitHub Actions: one `::error` line for each failed scenario, which GitHub
//! shows at the step in the pull request, a `::warning` line for each that only warns, and a
//! `::notice` line for each that is known. Where no file can be pointed at, failures with the same
//! cause have one line.
//!
//! The form and its escapes are GitHub's "workflow commands": a property may hold no `%`, line
//! break, `:` or `,`, a message no `%` or line break.

use std::collections::BTreeSet;

use super::text::printable;
use crate::model::result::{FeatureResult, Run, ScenarioFailure, ScenarioResult, Verdict};

/// A line for each scenario that failed, or for each cause, each with a line break; empty if none did. A file that
/// the user does not have, as of a shipped feature, is no place to point at.
pub fn render(run: &Run, is_theirs: impl Fn(&str) -> bool) -> String {
    let mut lines = String::new();
    for warning in &run.warnings {
        lines += &format!("::warning title=Standin::{}\n", data(warning));
    }
    // GitHub shows ten of them, so a cause is said once, unless it is in files of the user's.
    let mut said = BTreeSet::new();
    for feature in &run.features {
        for scenario in &feature.scenarios {
            let Some(failure) = &scenario.failure else { continue };
            let place = is_theirs(&feature.file).then_some(feature.file.as_str());
            // A known failure has a reason of its own.
            let is_known = matches!(scenario.verdict, Verdict::Known(_));
            let cause = failure.cause.filter(|_| !is_known);
            let is_new = cause.is_none_or(|cause| said.insert((kind(scenario), cause)));
            let cause = cause.and_then(|cause| run.hints.get(cause));
            if is_new || place.is_some() {
                lines += &annotation((feature, place), scenario, failure, cause);
            }
        }
    }
    lines
}

/// How GitHub shows a scenario that has failed.
fn kind(scenario: &ScenarioResult) -> &'static str {
    match scenario.verdict {
        Verdict::Warned => "warning",
        Verdict::Known(_) => "notice",
        _ => "error",
    }
}

fn annotation(
    (feature, file): (&FeatureResult, Option<&str>),
    scenario: &ScenarioResult,
    failure: &ScenarioFailure,
    cause: Option<&String>,
) -> String {
    let kind = kind(scenario);
    let line = scenario.steps.get(failure.step).map_or(scenario.line, |step| step.line);
    let place = file.map(|file| format!("file={},line={line},", property(file)));
    let (place, title) = (place.unwrap_or_default(), property(&scenario.name));
    format!("::{kind} {place}title={title}::{}\n", message(feature, scenario, failure, cause))
}

fn message(
    feature: &FeatureResult,
    scenario: &ScenarioResult,
    failure: &ScenarioFailure,
    cause: Option<&String>,
) -> String {
    let known = match &scenario.verdict {
        Verdict::Known(reason) => Some(format!("known failure: {reason}")),
        _ => None,
    };
    let mut lines = Vec::from_iter(known);
    lines.extend(cause.cloned());
    lines.push(failure.message.clone());
    let recurrence = failure.recurrence.and_then(|it| Some((it.name(), it.note()?)));
    lines.extend(recurrence.map(|(name, note)| format!("{name}: {note}")));
    lines.extend(failure.differences.iter().map(|difference| {
        let (expected, actual) = (&difference.expected, &difference.actual);
        format!("{}: expected {expected}, actual {actual}", difference.field)
    }));
    lines.extend(
        feature
            .rule_of(scenario)
            .map(|rule| format!("rule {} ({}): {}", rule.id, rule.level.name(), rule.why)),
    );
    lines.push(format!("repeat with: {}", scenario.repeat));
    data(&lines.join("\n"))
}

fn data(text: &str) -> String {
    // `%` comes first, since the other escapes contain it.
    printable(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn each_failed_scenario_is_one_escaped_line() {
        insta::assert_snapshot!(render(&sample::run(), |_| true), @r#"
        ::error file=features/ombori/duplicates.feature,line=10,title=a duplicate after a later state changes nothing::the receiver does not have Anna's position as the vendor does%0Astatus: expected called, actual waiting%0AcalledAt: expected 2031-03-04T08:19:02.000Z, actual null%0Arule duplicates (must): A webhook that arrives twice must not call a guest twice. The receiver may accept or refuse it.%0Arepeat with: standin check features/ombori/duplicates.feature:7 --seed 42
        ::error file=features/own%2Cer%3A 1.feature,line=3,title=</script><img src=x onerror=alert(1)> "]]>&amp; \u{1b}[31m\u{0} %3A%3Aerror%3A%3A::</script><img src=x onerror=alert(1)> "]]>&amp; \u{1b}[31m\u{0} ::error:: 100%25%0Asecond line%0Aname: expected أنا 日本 👩‍🦽, actual </script><img src=x onerror=alert(1)> "]]>&amp; \u{1b}[31m\u{0} ::error::%0Arepeat with: standin check features/ombori/duplicates.feature:2 --seed 42
        "#);
        assert_eq!(render(&sample::green_run(), |_| true), "");
    }

    #[test]
    fn a_file_that_the_user_does_not_have_is_not_named_as_the_place() {
        let lines = render(&sample::run(), |file| !file.starts_with("features/ombori"));
        let (shipped, own) = lines.split_once('\n').expect("two lines");
        assert!(shipped.starts_with("::error title=a duplicate after"), "{shipped}");
        assert!(
            shipped.contains("standin check features/ombori/duplicates.feature:7"),
            "{shipped}"
        );
        assert!(own.starts_with("::error file=features/own"), "{own}");
    }
    #[test]
    fn a_cause_is_one_annotation_where_no_file_can_be_pointed_at() {
        let mut run = sample::run();
        run.hints = vec!["all honest webhooks were answered with 404".to_owned()];
        let scenarios = run.features.iter_mut().flat_map(|feature| &mut feature.scenarios);
        let failures = scenarios.filter_map(|scenario| scenario.failure.as_mut());
        failures.for_each(|failure| failure.cause = Some(0));
        let said =
            |lines: &str| lines.matches("::all honest webhooks were answered with 404%0A").count();
        let shipped = render(&run, |_| false);
        assert_eq!((shipped.lines().count(), said(&shipped)), (1, 1), "{shipped}");
        let own = render(&run, |_| true);
        assert_eq!((own.lines().count(), said(&own)), (2, 2), "{own}");
    }
}
