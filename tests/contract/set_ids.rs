//! A receiver that knows only its own locations, queues, events and so on is judged as any other.

use standin::cli::settings::BUILT_IN;
use standin::model::result::{ScenarioResult, Verdict};
use standin::vendors::registry;

use crate::all_ids::all_ids;
use crate::play::{keeps, whole_with};

/// A receiver of one shop knows its own location only.
#[tokio::test(flavor = "multi_thread")]
async fn scenarios_about_another_location_are_skipped() {
    let begin = "\n  waitwhile:\n";
    let ids = "    ids: { location: { Downtown: P3HCgTiw7IjGhxM2qmjt } }\n";
    let text = BUILT_IN.replace(begin, &format!("{begin}{ids}"));
    let run = whole_with(Default::default(), &text, 4).await;
    keeps(&run, "one location has an id");
    let reason = |one: &ScenarioResult| match &one.verdict {
        Verdict::Skipped(why) => Some(why.clone()),
        _ => None,
    };
    let reasons: Vec<String> = run.scenarios().filter_map(reason).collect();
    let wanted = "standin.yaml sets ids of the kind `location`, and none for Uptown";
    assert!(reasons.len() >= 3 && reasons.iter().all(|why| *why == wanted), "{reasons:?}");
}

/// The built-in settings with all ids of all vendors set.
fn with_all_ids() -> String {
    let mut text = BUILT_IN.to_owned();
    for vendor in registry::shipped().vendors() {
        let begin = format!("\n  {}:\n", vendor.catalogue().vendor);
        let ids = serde_json::to_string(&all_ids(vendor)).expect("JSON");
        let (before, after) = text.split_once(&begin).expect("the vendor's section");
        text = format!("{before}{begin}    ids: {ids}\n{after}");
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correct_receiver_passes_the_whole_contract_with_every_id_set() {
    let run = whole_with(Default::default(), &with_all_ids(), 4).await;
    keeps(&run, "every id is set");
    let totals = run.totals();
    assert_eq!(totals.skipped + totals.passed_in_part, 0, "{totals:?}");
    assert!(totals.passed >= crate::SCENARIOS_AT_LEAST, "{totals:?}");
}
