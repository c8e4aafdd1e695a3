//! A run of the contract for the terminal: features, failures in full, reasons for skips, and a
//! summary.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::located::cause;
use super::text::{BOLD, Colour, DIM, GREEN, RED, YELLOW, duration, one_line};
pub use super::verbose::Detail;
use super::wrap::fold;
use super::{Sources, failed, named, recurrence, tolerated, unset, verbose};
use crate::model::result::{FeatureResult, Run, ScenarioResult, StepState, Totals, Verdict};
use crate::text::counted;

/// The whole report, with a line break at the end. `sources` is the text of the feature files,
/// for the failures.
pub fn render(run: &Run, sources: &Sources, colour: Colour, detail: Detail) -> String {
    let mut blocks = Vec::new();
    if detail != Detail::Quiet {
        blocks.extend([header(run, colour), features(run, colour, detail)]);
    }
    blocks.extend(failed::in_full(run, sources, (colour, detail)));
    if detail != Detail::Quiet {
        blocks.extend(skipped(run, colour));
        blocks.extend(unjudged(run, colour));
        blocks.extend(tolerated::warned(run, &failed::said(run), colour));
        blocks.extend(tolerated::known(run, colour));
    }
    blocks.extend(failed::list(run, colour));
    blocks.push(summary(run, colour));
    blocks.extend(notes(run, colour, detail));
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n\n") + "\n"
}

fn header(run: &Run, colour: Colour) -> String {
    let target = colour.paint(BOLD, &one_line(&run.target));
    format!("Standin {} checks {target} with seed {}", one_line(run.version), run.seed)
}

fn features(run: &Run, colour: Colour, detail: Detail) -> String {
    // Features without a selected scenario are left out.
    let features = unset::others(run).filter(|feature| !feature.scenarios.is_empty());
    let features: Vec<_> = features.collect();
    let lines: Vec<String> = match detail {
        Detail::Brief => {
            let alike = |one: &&FeatureResult, next: &&FeatureResult| {
                left_out(one).is_some() && left_out(one) == left_out(next)
            };
            features.chunk_by(alike).map(|some| brief_of_all(some, colour)).collect()
        }
        _ => features.iter().map(|feature| expanded(feature, colour, detail)).collect(),
    };
    lines.join("\n")
}

/// Why a feature was skipped whole, if it was, and for one reason.
fn left_out(feature: &FeatureResult) -> Option<&str> {
    let mut reasons = feature.scenarios.iter().map(|one| match &one.verdict {
        Verdict::Skipped(reason) => Some(reason.as_str()),
        _ => None,
    });
    let first = reasons.next()??;
    reasons.all(|reason| reason == Some(first)).then_some(first)
}

/// One line for features that were skipped for the same reason.
fn brief_of_all(features: &[&FeatureResult], colour: Colour) -> String {
    let [first, rest @ ..] = features else { return String::new() };
    if rest.is_empty() {
        return brief(first, colour);
    }
    let skipped = features.iter().map(|one| one.scenarios.len()).sum::<usize>();
    let counts = colour.paint(DIM, &format!("{skipped} skipped"));
    let mark = colour.paint(YELLOW, "-");
    let more = counted(rest.len() as u64, "more feature");
    format!("{mark} {}, and {more}  {counts}", one_line(&first.name))
}

/// One line, `✓ Ombori duplicates  12 passed, 1 skipped`, and one for each failure.
fn brief(feature: &FeatureResult, colour: Colour) -> String {
    let totals = feature.totals();
    let mark = match totals {
        Totals { failed: 1.., .. } => colour.paint(RED, "✗"),
        Totals { warned: 1.., .. } => colour.paint(YELLOW, "!"),
        _ if totals.judged() > totals.known => colour.paint(GREEN, "✓"),
        _ => colour.paint(YELLOW, "-"),
    };
    let counts = colour.paint(DIM, &counts(&named(totals)));
    let mut lines = format!("{mark} {}  {counts}", one_line(&feature.name));
    let failures = feature.scenarios.iter();
    for one in failures.filter(|one| matches!(one.verdict, Verdict::Failed | Verdict::Warned)) {
        let _ = write!(lines, "\n  {}", line(one, colour));
    }
    lines
}

fn expanded(feature: &FeatureResult, colour: Colour, detail: Detail) -> String {
    let name = colour.paint(BOLD, &one_line(&feature.name));
    let mut lines = format!("{name}  {}", colour.paint(DIM, &one_line(&feature.file)));
    for scenario in &feature.scenarios {
        let _ = write!(lines, "\n  {}", line(scenario, colour));
        lines += &verbose::render(scenario, detail, colour);
    }
    lines
}

fn line(scenario: &ScenarioResult, colour: Colour) -> String {
    let (style, mark) = match scenario.verdict {
        Verdict::Passed => (GREEN, "✓"),
        Verdict::PassedInPart => (YELLOW, "✓"),
        Verdict::Failed => (RED, "✗"),
        Verdict::Warned => (YELLOW, "!"),
        Verdict::Known(_) => (YELLOW, "○"),
        Verdict::Skipped(_) => (YELLOW, "-"),
    };
    let more = match &scenario.verdict {
        Verdict::Skipped(reason) => one_line(reason),
        Verdict::Known(why) => format!("known to fail: {}", tolerated::in_words(why, scenario)),
        Verdict::PassedInPart => {
            let reasons = scenario.steps.iter().filter_map(|step| step.reason.as_deref());
            let reason = reasons.take(1).map(one_line).collect::<String>();
            format!("{}, in part: {reason}", duration(scenario.took))
        }
        _ => duration(scenario.took) + &recurrence::behind(scenario),
    };
    let (mark, more) = (colour.paint(style, mark), colour.paint(DIM, &format!("({more})")));
    format!("{mark} {} {more}", one_line(&scenario.name))
}

/// How many scenarios were skipped for which reason.
fn skipped(run: &Run, colour: Colour) -> Option<String> {
    let reasons = run.scenarios().filter_map(|scenario| match &scenario.verdict {
        Verdict::Skipped(reason) => Some(reason.as_str()),
        _ => None,
    });
    reasoned("Skipped, and so not judged", reasons, colour)
}

/// How many steps of other scenarios were not judged for which reason.
fn unjudged(run: &Run, colour: Colour) -> Option<String> {
    let steps = run.scenarios().flat_map(|scenario| &scenario.steps);
    let steps = steps.filter(|step| step.state == StepState::NotJudged);
    reasoned("Steps that were not judged", steps.filter_map(|step| step.reason.as_deref()), colour)
}

/// How often there is each reason, the most frequent first.
fn reasoned<'a>(title: &str, all: impl Iterator<Item = &'a str>, colour: Colour) -> Option<String> {
    let mut reasons = BTreeMap::<&str, usize>::new();
    all.for_each(|reason| *reasons.entry(reason).or_default() += 1);
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|&(_, times)| std::cmp::Reverse(times));
    let mut lines = colour.paint(YELLOW, title);
    for (reason, times) in &reasons {
        let _ = write!(lines, "\n  {times:>4}  {}", one_line(reason));
    }
    (!reasons.is_empty()).then_some(lines)
}

/// The width of the summary: that of the narrowest terminal that is usual.
const WIDTH: usize = 80;

fn summary(run: &Run, colour: Colour) -> String {
    let totals = run.totals();
    let mut rows = vec![
        ("Scenarios", coloured(totals, colour)),
        ("Steps", counts(&steps(run))),
        ("Requests", counts(&requests(run))),
        ("Took", format!("{:.2} s", run.took.as_secs_f64())),
        ("Seed", run.seed.to_string()),
    ];
    if totals.failed > 0 {
        rows.push(("Repeat", colour.paint(BOLD, &one_line(&run.repeat))));
    }
    let rows = rows.iter().map(|(name, value)| {
        let row = format!("{name:<9}  {value}");
        // A command is copied, so it stays whole.
        if *name == "Repeat" { row } else { fold(&row, Some(WIDTH)) }
    });
    let ended =
        run.interrupted.then(|| colour.paint(YELLOW, "Ended early: not everything was run"));
    ended.into_iter().chain(rows).collect::<Vec<_>>().join("\n")
}

/// Warnings about the whole run, and hints if more than failures is shown. Those that are causes in the list of
/// failures have been said.
fn notes(run: &Run, colour: Colour, detail: Detail) -> Option<String> {
    let line = |kind, text: &String| format!("{}: {}", colour.paint(YELLOW, kind), one_line(text));
    let warnings = run.warnings.iter().map(|warning| line("warning", warning));
    let warned = run.scenarios().filter(|one| one.verdict == Verdict::Warned);
    let said: BTreeSet<usize> = warned.filter_map(cause).chain(failed::said(run)).collect();
    let hints = run.hints.iter().enumerate();
    let hints = hints.filter(|(place, _)| detail != Detail::Quiet && !said.contains(place));
    let lines: Vec<String> = warnings.chain(hints.map(|(_, hint)| line("hint", hint))).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn coloured(totals: Totals, colour: Colour) -> String {
    let styles = [GREEN, YELLOW, RED, YELLOW, YELLOW, YELLOW];
    let parts = named(totals).into_iter().zip(styles).filter(|((_, count), _)| *count > 0);
    let parts = parts.map(|((name, count), style)| colour.paint(style, &format!("{count} {name}")));
    or_none(parts.collect())
}

/// `41 passed, 1 failed`: the counts that are not zero, in the given order.
fn counts(named: &[(&str, usize)]) -> String {
    let parts = named.iter().filter(|(_, count)| *count > 0);
    or_none(parts.map(|(name, count)| format!("{count} {name}")).collect())
}

fn or_none(parts: Vec<String>) -> String {
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}

fn steps(run: &Run) -> [(&'static str, usize); 4] {
    let count = |state| {
        run.scenarios()
            .flat_map(|scenario| &scenario.steps)
            .filter(|one| one.state == state)
            .count()
    };
    [
        ("passed", count(StepState::Passed)),
        ("failed", count(StepState::Failed)),
        ("not judged", count(StepState::NotJudged)),
        ("not run", count(StepState::NotRun)),
    ]
}

/// How many requests had which outcome: accepted ones first, then by name.
fn requests(run: &Run) -> Vec<(&str, usize)> {
    let mut outcomes = BTreeMap::<&str, usize>::new();
    for exchange in run.scenarios().flat_map(|scenario| &scenario.exchanges) {
        *outcomes.entry(&exchange.outcome).or_default() += 1;
    }
    let accepted = outcomes.remove_entry("accepted");
    accepted.into_iter().chain(outcomes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_failure_explains_itself() {
        let mut run = sample::run();
        run.features.truncate(1);
        let report = render(&run, &sample::sources(), Colour::Off, Detail::Brief);
        insta::assert_snapshot!(report, @r#"
        Standin 0.1.0 checks http://127.0.0.1:8080 with seed 42

        ✗ duplicates  1 passed, 1 failed, 2 skipped
          ✗ a duplicate after a later state changes nothing (12 ms)

        ────────────────────────────────────────────────────────────────────────────────

        ✗ a duplicate after a later state changes nothing  features/ombori/duplicates.feature:7

        error: the receiver does not have Anna's position as the vendor does
          --> features/ombori/duplicates.feature:10:10
           |
        10 |     Then the receiver has Anna's position as "called"
           |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

          status    expected  called
                    actual    waiting
          calledAt  expected  2031-03-04T08:19:02.000Z
                    actual    null

          looked into the receiver:
             0 ms  404 not known (×3)
            75 ms  waiting
            1.2 s  waiting (×12)

          probe:   GET http://127.0.0.1:8080/positions/7d0a4c52-33f1-4c8c-9c7d-1f1c1b1a1918 -H 'authorization: ***'  (ombori.position)
          showed:  200 OK
            {"status":"waiting"}
            no `calledAt`: `$.called` matches nothing in it

          steps:
            ✓ When Anna takes a walk-in ticket
            ✓ And staff call Anna
            ✗ Then the receiver has Anna's position as "called"
            · And the receiver sent Anna 1 message

          requests:
            08:15:02  positionCreated  Anna  →  200 OK
            08:19:02  positionCalled   Anna  →  409 Conflict  (delivered twice)

          request: positionCalled of Anna, position 7d0a4c52-33f1-4c8c-9c7d-1f1c1b1a1918
                   at 2031-03-04T08:19:02Z, attempt 2, delivered twice
            curl -X POST http://127.0.0.1:8080/webhooks/ombori -H 'x-api-key: ***' -d '{}'
          answer:  409 Conflict, refused after < 1 ms
            {"error":"seen before"}

          rule:    duplicates (must): A webhook that arrives twice must not call a guest
                   twice.
                   more: standin explain duplicates

          repeat with: standin check features/ombori/duplicates.feature:7 --seed 42

        ────────────────────────────────────────────────────────────────────────────────

        Skipped, and so not judged
             2  no probe for ombori.position in standin.yaml

        Scenarios  1 passed, 1 failed, 2 skipped
        Steps      4 passed, 1 failed, 3 not run
        Requests   2 accepted, 1 refused
        Took       0.84 s
        Seed       42
        Repeat     standin check --target http://127.0.0.1:8080 --seed 42
        "#);
    }

    #[test]
    fn what_held_is_said_in_a_line() {
        let mut run = sample::green_run();
        run.features.truncate(1);
        let report = render(&run, &sample::sources(), Colour::Off, Detail::Brief);
        insta::assert_snapshot!(report, @r#"
        Standin 0.1.0 checks http://127.0.0.1:8080 with seed 42

        ✓ duplicates  1 passed, 2 skipped

        Skipped, and so not judged
             2  no probe for ombori.position in standin.yaml

        Scenarios  1 passed, 2 skipped
        Steps      2 passed, 2 not run
        Requests   1 accepted
        Took       0.84 s
        Seed       42
        "#);
    }

    #[test]
    fn every_scenario_has_a_line_if_asked() {
        let mut run = sample::green_run();
        run.interrupted = true;
        let report = render(&run, &sample::sources(), Colour::Off, Detail::Full);
        insta::assert_snapshot!(report, @r#"
        Standin 0.1.0 checks http://127.0.0.1:8080 with seed 42

        duplicates  features/ombori/duplicates.feature
          ✓ a ticket from print to call (12 ms)
          - a booking that is cancelled (no probe for ombori.position in standin.yaml)
          - a booking that is cancelled (no probe for ombori.position in standin.yaml)

        Skipped, and so not judged
             2  no probe for ombori.position in standin.yaml

        Ended early: not everything was run
        Scenarios  1 passed, 2 skipped
        Steps      2 passed, 2 not run
        Requests   1 accepted
        Took       0.84 s
        Seed       42
        "#);
    }

    #[test]
    fn nothing_that_a_receiver_says_steers_the_terminal() {
        let mut run = sample::run();
        run.features.remove(0);
        let report = render(&run, &sample::sources(), Colour::Off, Detail::Full);
        assert!(!report.contains(|c: char| c.is_control() && c != '\n'));
        insta::assert_snapshot!(report, @r#"
        Standin 0.1.0 checks http://127.0.0.1:8080 with seed 42

        </script><img src=x onerror=alert(1)> "]]>&amp; \u{1b}[31m\u{0} ::error::  features/own,er: 1.feature
          ✗ </script><img src=x onerror=alert(1)> "]]>&amp; \u{1b}[31m\u{0} ::error:: (12 ms)

        ────────────────────────────────────────────────────────────────────────────────

        ✗ </script><img src=x onerror=alert(1)> "]]>&amp; \u{1b}[31m\u{0} ::error::  features/own,er: 1.feature:2

        error: </script><img src=x onerror=alert(1)> "]]>&amp; \u{1b}[31m\u{0} ::error:: 100%\nsecond line
         --> features/own,er: 1.feature:3:10
          |
        3 |     Then </script><img src=x onerror=alert(1)> "]]>&amp; ␛[31m␀ ::error::
          |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

          name  expected  أنا 日本 👩‍🦽
                actual    </script><img src=x onerror=alert(1)> "]]>&amp; \u{1b}[31m\u{0} ::error::

          requests:
            08:15:02  positionCreated  </script><img src=x onerror=alert(1)> "]]>&amp; \u{1b}[31m\u{0} ::error::  →  closed early: </script><img src=x onerror=alert(1)> "]]>&amp; \u{1b}[31m\u{0} ::error::

          repeat with: standin check features/ombori/duplicates.feature:2 --seed 42

        ────────────────────────────────────────────────────────────────────────────────

        Scenarios  1 failed
        Steps      1 failed
        Requests   1 closed-early
        Took       0.84 s
        Seed       42
        Repeat     standin check --target http://127.0.0.1:8080 --seed 42
        "#);
    }

    #[test]
    fn failures_with_one_cause_are_shown_once_and_counted() {
        let mut run = sample::run();
        let duplicates = run.features[0].clone();
        run.features = vec![duplicates.clone(), duplicates.clone(), duplicates];
        run.hints = vec!["all 3 honest webhooks were answered with 404".to_owned()];
        for feature in &mut run.features[..2] {
            let failures = feature.scenarios.iter_mut().filter_map(|one| one.failure.as_mut());
            failures.for_each(|failure| failure.cause = Some(0));
        }
        let report = render(&run, &sample::sources(), Colour::Off, Detail::Brief);
        assert_eq!(report.matches("error: the receiver does not have").count(), 2, "{report}");
        let list = "Failed
     2  all 3 honest webhooks were answered with 404
     1  the receiver does not have Anna's position as the vendor does  features/ombori/duplicates.feature:7
";
        assert!(report.contains(list), "{report}");
    }

    #[test]
    fn of_a_rule_a_few_failures_are_shown_in_full_and_the_others_are_counted() {
        let mut run = sample::run();
        let duplicates = run.features[0].clone();
        run.features = vec![duplicates; 5];
        let report = |detail| render(&run, &sample::sources(), Colour::Off, detail);
        let brief = report(Detail::Brief);
        assert_eq!(brief.matches("error: the receiver does not have").count(), 3, "{brief}");
        let rest = "Not shown in full, since they break the same rules: 2 of ombori duplicates. `-v` shows all";
        assert!(brief.contains(rest), "{brief}");
        assert_eq!(brief.matches("     1  the receiver does not have").count(), 5, "{brief}");
        let full = report(Detail::Requests);
        assert_eq!(full.matches("error: the receiver does not have").count(), 5, "{full}");
        assert!(!full.contains("Not shown in full"), "{full}");
    }

    #[test]
    fn a_run_of_nothing_says_so() {
        let mut run = sample::run();
        run.features.clear();
        let report = render(&run, &sample::sources(), Colour::Off, Detail::Brief);
        assert!(report.contains("Scenarios  none\n"), "{report}");
    }
}
