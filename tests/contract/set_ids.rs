//! A receiver that knows only its own locations, queues, events and so on is judged as any other.

use crate::all_ids::with_all_ids;
use crate::play::{keeps, whole_with};

#[tokio::test(flavor = "multi_thread")]
async fn a_correct_receiver_passes_the_whole_contract_with_every_id_set() {
    let run = whole_with(Default::default(), &with_all_ids(), 4).await;
    keeps(&run, "every id is set");
    let totals = run.totals();
    assert_eq!(totals.skipped + totals.passed_in_part, 0, "{totals:?}");
    assert!(totals.passed >= crate::SCENARIOS_AT_LEAST, "{totals:?}");
}
