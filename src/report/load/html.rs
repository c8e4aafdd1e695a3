//! The results of a load as one self-contained HTML file: it loads no scripts, fonts or pictures.
//!
//! The template (`templates/load.html`) has all markup and escapes every value.

use askama::Template;

use super::plots;
use super::tables::{self, Table};
use crate::model::load::LoadReport;
use crate::report::plot::Plot;
use crate::report::text::{one_line, percent};
use crate::text::clean;

/// The results as an HTML document.
pub fn render(report: &LoadReport) -> String {
    let examples = report.effects.iter().flat_map(|one| &one.examples);
    let page = Page {
        version: one_line(&report.version),
        conclusion: conclusion(report),
        facts: tables::facts(report),
        verdicts: tables::verdicts(report),
        plots: plots::plots(report),
        results: tables::results(report),
        examples: examples.map(|one| one_line(one)).collect(),
        seconds: tables::seconds(report),
    };
    clean::printable(&page.render().expect("a template written to memory does not fail"))
}

#[derive(Template)]
#[template(path = "load.html")]
struct Page {
    version: String,
    conclusion: Conclusion,
    facts: Vec<(&'static str, String)>,
    verdicts: Vec<Table>,
    plots: Vec<Plot>,
    results: Vec<Table>,
    examples: Vec<String>,
    seconds: Table,
}

/// What the run says in one line.
struct Conclusion {
    text: String,
    verdict: &'static str,
}

fn conclusion(report: &LoadReport) -> Conclusion {
    let say = |text: &str, verdict| Conclusion { text: text.to_owned(), verdict };
    if report.unanswered() {
        return say("The receiver could not be reached", "failed");
    }
    let crossed = report.thresholds.iter().filter(|one| !one.passed).count();
    let worse = report.baseline.iter().flat_map(|one| &one.rows).filter(|row| row.worse).count();
    let failed = [
        (crossed, "threshold is crossed", "thresholds are crossed"),
        (worse, "value is worse than before", "values are worse than before"),
    ];
    let failed = failed.into_iter().filter(|(count, ..)| *count > 0);
    let aborted = report.aborted.iter().map(|_| "Ended early".to_owned());
    let failed =
        failed.map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }));
    let failed: Vec<String> = aborted.chain(failed).collect();
    match (failed.as_slice(), report.thresholds.is_empty(), report.baseline.is_none()) {
        ([], true, true) => {
            let share = percent(report.webhooks.accepted, report.webhooks.sent);
            say(&format!("{share} of {} webhooks accepted", report.webhooks.sent), "")
        }
        ([], true, false) => say("No value is worse than before", "passed"),
        ([], false, _) => say("Every threshold holds", "passed"),
        (failed, ..) => say(&failed.join(", "), "failed"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::load::sample;

    #[test]
    fn everything_is_there() {
        let html = render(&sample::report());
        let wanted = [
            "1 threshold is crossed, 3 values are worse than before",
            "location-status.updated",
            "io_uring_setup: Operation not permitted",
            "409 Conflict",
            "no answer: timed-out",
            "refused &#62; 0.1%",
            "&#60; 0.1 %",
            "from zero",
            "<td><bdi>right</bdi></td><td class=\"number\"><bdi>98</bdi></td>",
        ];
        for wanted in wanted {
            assert!(html.contains(wanted), "{wanted}");
        }
        assert_eq!(html.matches("<figure").count(), 5);
        assert_eq!(html.matches("d=\"M").count(), 10 + 10, "a line, and its sample in the legend");
    }

    #[test]
    fn a_run_without_answers_is_a_page_too() {
        let mut report = sample::report();
        report.answers = 0;
        report.seconds.clear();
        (report.corrected, report.raw) = Default::default();
        report.followed = None;
        let html = render(&report);
        assert!(html.contains("The receiver could not be reached"));
        assert_eq!(html.matches("<figure").count(), 0);
    }

    #[test]
    fn hostile_text_stays_text() {
        let mut report = sample::report();
        report.target = sample::HOSTILE.to_owned();
        report.engine_reason = sample::HOSTILE.to_owned();
        report.pace = sample::HOSTILE.to_owned();
        report.thresholds[0].text = sample::HOSTILE.to_owned();
        if let Some(compared) = &mut report.baseline {
            compared.file = sample::HOSTILE.to_owned();
            compared.version = sample::HOSTILE.to_owned();
            compared.started = sample::HOSTILE.to_owned();
        }
        let html = render(&report);
        assert_eq!(html.matches("<img").count() + html.matches("</script>").count(), 0);
        assert!(!html.contains(['\u{1b}', '\u{0}']));
    }

    #[test]
    fn nothing_comes_from_elsewhere() {
        let mut report = sample::report();
        report.target.clear();
        if let Some(found) = &mut report.effects {
            found.examples.clear();
        }
        if let Some(found) = &mut report.followed {
            found.errors.clear();
        }
        let html = render(&report);
        for outside in ["http:", "https:", "src=", "@import", "url(", "<link", "<script"] {
            assert!(!html.contains(outside), "{outside}");
        }
    }
}
