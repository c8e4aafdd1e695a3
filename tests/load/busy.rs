//! Defects that strike only under load: a check sends too little to meet them, a load finds them.

use std::collections::BTreeMap;

use standin::receiver::{self, BUSY, Defect, Running, Variation};

use super::{Loaded, beside, count};

/// Twice as many webhooks as make the receiver busy.
const LOAD: &str = "--rate 1000/s --count 6000 --seed 1 --retries off";

/// A sample of most subjects: the first ones may be over before the receiver is busy.
const MOST: &str = "--sample 1000 |--fail-if|'wrong > 0";

/// A receiver with a defect that strikes under load, or always.
async fn receiver_that(defect: Defect) -> Running {
    let options = standin::cli::receiver::options(([127, 0, 0, 1], 0).into(), [defect].into());
    let varied = BTreeMap::from([(defect, Variation::UnderLoad)]);
    receiver::start(receiver::Options { varied, ..options }).await.expect("a free port")
}

async fn loaded(defect: Defect, vendor: &str, more: &str) -> Loaded {
    assert_eq!(2 * BUSY, 6000, "LOAD is written for this");
    let running = receiver_that(defect).await;
    let arguments: &'static str = format!("{LOAD} --vendor {vendor} {more}").leak();
    const SOON: &[(&str, &str)] = &[("believes_within: 5s", "believes_within: 1s")];
    let loaded = beside(&running.url, SOON, arguments).await;
    running.stop().await;
    loaded
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_change_under_load_are_counted_and_those_before_it_are_right() {
    let Loaded { code, said, report } =
        loaded(Defect::PositionRequired, "waitwhile", "--sample 0 |--fail-if|'failed > 0").await;
    assert_eq!(code, 1, "{said}");
    assert!(count(&report, "/webhooks/failed") > 0, "{said}");
    assert!(count(&report, "/webhooks/accepted") >= BUSY as u64 - 1, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_forgotten_under_load_is_seen_in_the_end() {
    let Loaded { code, said, report } =
        loaded(Defect::AcknowledgedAndForgotten, "ombori", MOST).await;
    assert_eq!(code, 1, "{said}");
    assert!(count(&report, "/effects/wrong") > 0, "{said}");
    assert_eq!(count(&report, "/webhooks/accepted"), 6000, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_are_not_checked_under_load_are_seen_in_the_row_of_the_fault() {
    let fault = "--sample 0 |--faults|'20% of webhooks arrives with wrong credentials";
    let Loaded { said, report, .. } = loaded(Defect::CredentialsIgnored, "ombori", fault).await;
    let (struck, accepted) =
        (count(&report, "/faults/0/struck"), count(&report, "/faults/0/accepted"));
    assert!(accepted > 100 && accepted < struck, "{said}");
}
