//! The summary as one self-contained HTML file: it loads no scripts, fonts or pictures.
//!
//! The template (`templates/generated.html`) has all markup and escapes every value.

use askama::Template;

use super::drawings::{Drawing, drawings};
use super::{facts, heading};
use crate::model::summary::Summary;
use crate::report::text::one_line;
use crate::text::clean;

/// The summary as an HTML document.
pub fn render(summary: &Summary) -> String {
    let page = Page {
        version: one_line(&summary.version),
        heading: heading(summary),
        facts: facts(summary),
        drawings: drawings(summary),
    };
    clean::printable(&page.render().expect("a template written to memory does not fail"))
}

#[derive(Template)]
#[template(path = "generated.html")]
struct Page {
    version: String,
    heading: String,
    facts: Vec<(&'static str, String)>,
    drawings: Vec<Drawing>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::generated::sample;

    #[test]
    fn everything_is_there() {
        let html = render(&sample::summary());
        let wanted = [
            "<h1>Acme: 1,234 webhooks</h1>",
            "<dd><bdi>local (Europe/Berlin)</bdi></dd>",
            "Monday to Friday (48)",
            "told: half within 1.0 min, 90 % within 2.0 min (2)",
            "<span class=\"count\">1,230 (99.68 %)</span>",
        ];
        for wanted in wanted {
            assert!(html.contains(wanted), "{wanted}");
        }
        assert_eq!(html.matches("<figure").count(), 4);
    }

    #[test]
    fn what_was_not_counted_is_not_drawn() {
        let mut summary = sample::summary();
        summary.figures = sample::nothing();
        assert_eq!(render(&summary).matches("<figure").count(), 1);
    }

    #[test]
    fn hostile_text_stays_text() {
        let html = render(&sample::hostile());
        assert_eq!(html.matches("<img").count() + html.matches("</script>").count(), 0);
        assert!(!html.contains(['\u{1b}', '\u{0}']));
    }

    #[test]
    fn nothing_comes_from_elsewhere() {
        let html = render(&sample::summary());
        for outside in ["http:", "https:", "src=", "@import", "url(", "<link", "<script"] {
            assert!(!html.contains(outside), "{outside}");
        }
    }
}
