//! The HTML report of samples.

use super::*;
use crate::report::sample;

#[test]
fn every_scenario_is_there_and_only_failed_ones_are_open() {
    let html = render(&sample::run());
    assert_eq!(html.matches("<details class=\"scenario").count(), 5);
    assert_eq!(html.matches("<details class=\"scenario failed\"").count(), 2);
    assert!(html.contains("The receiver breaks the contract"));
    let green = render(&sample::green_run());
    assert!(green.contains("The receiver keeps the contract"));
    assert!(!green.contains(" open>"));
}

#[test]
fn hostile_text_stays_text() {
    let html = render(&sample::run());
    assert_eq!(html.matches("<img").count(), 0);
    assert_eq!(html.matches("</script>").count(), html.matches("<script>").count());
    assert!(html.contains("&#60;/script&#62;&#60;img src=x onerror=alert(1)&#62; &#34;"));
}

#[test]
fn nothing_comes_from_elsewhere() {
    let mut run = sample::green_run();
    run.target = "***".into();
    for scenario in run.features.iter_mut().flat_map(|feature| &mut feature.scenarios) {
        scenario.exchanges.clear();
    }
    run.repeat.clear();
    let html = render(&run);
    for outside in ["http:", "https:", "src=", "@import", "url(", "<link"] {
        assert!(!html.contains(outside), "{outside}");
    }
}

#[test]
fn a_very_long_body_is_cut_and_says_so() {
    let mut run = sample::run();
    run.features[0].scenarios[1].exchanges[0].body = "日".repeat(30_000);
    let html = render(&run);
    assert!(html.contains("Cut: the first 20000 of 30000 characters."));
    assert_eq!(html.matches('日').count(), 20_000 + 1);
}

#[test]
fn bodies_are_shown_once_and_of_failed_scenarios_only() {
    let mut run = sample::run();
    run.features[0].scenarios[1].failure = None;
    let html = render(&run);
    // The failed scenario has the body twice, the passed one once; the third is hostile.
    assert_eq!(html.matches("aria-label=\"Body of the request\"").count(), 2);
    assert_eq!(html.matches("The body of the request at 2031-03-04 08:15:02.").count(), 1);
    assert_eq!(html.matches("aria-label=\"curl command\"").count(), 2);
    let green = render(&sample::green_run());
    assert!(green.contains("positionCreated") && green.contains("200 OK"));
    assert!(!green.contains("curl -X POST") && !green.contains("&#34;event&#34;"));
    assert!(green.contains("a JSON report (<code>--json</code>) has them all"));
}

#[test]
fn json_is_indented_and_a_corrupt_body_is_left_alone() {
    assert_eq!(pretty("{\"b\":1,\"a\":[]}"), "{\n  \"b\": 1,\n  \"a\": []\n}");
    assert_eq!(pretty("{\"b\":1,"), "{\"b\":1,");
}

/// A run with three failures. A hint explains the last two.
fn three_failures() -> Run {
    let mut run = sample::run();
    let mut more = run.features[1].clone();
    more.scenarios[0].vendor = Some("doo");
    run.features.push(more);
    run.hints = vec!["no cause".to_owned(), "all <b>late</b>".to_owned()];
    for feature in &mut run.features[1..] {
        feature.scenarios[0].failure.as_mut().expect("a failure").cause = Some(1);
    }
    run
}

#[test]
fn failures_with_one_cause_are_listed_under_it() {
    let html = render(&three_failures());
    let start = html.find("What failed, by cause").expect("a list");
    let list = &html[start..html.find("<form").expect("a filter")];
    let counts: Vec<&str> = list.split("<b class=\"own\">").skip(1).map(|one| &one[..1]).collect();
    assert_eq!(counts, ["2", "1"]);
    assert!(
        list.contains("all &#60;b&#62;late&#60;/b&#62;") && !list.contains("no cause"),
        "{list}"
    );
    // Each link leads to a scenario of the page.
    let links: Vec<&str> =
        list.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(links, ["scenario-2-1", "scenario-3-1", "scenario-1-2"]);
    for id in links {
        assert_eq!(html.matches(&format!("id=\"{id}\"")).count(), 1, "{id}");
    }
    let mut single = sample::run();
    single.features.truncate(1);
    assert!(!render(&single).contains("What failed, by cause"));
}

#[test]
fn each_vendor_has_its_totals() {
    let html = render(&three_failures());
    let mut rows = html.split("<tr>").filter_map(|row| row.split("</tr>").next());
    let row = rows.find(|row| row.contains("href=\"#feature-3\">doo</a>"));
    let row = row.expect("a row of doo");
    assert!(row.contains("<b>1</b> failed") && !row.contains("passed"), "{row}");
    assert!(html.contains("href=\"#feature-1\">ombori</a>"));
    assert!(!render(&sample::run()).contains("<h2>Vendors</h2>"), "one vendor needs none");
}
