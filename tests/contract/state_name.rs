//! `state` and `status` are the same field.

use standin::receiver;

use crate::built_in::built_in;
use crate::play::{features_of, keeps, some};

/// Vendors call the state by one of two names, and a probe by the other.
#[tokio::test(flavor = "multi_thread")]
async fn a_probe_may_call_the_state_by_either_name() {
    let text = built_in(&[
        ("status: $.status\n      label", "state: $.status\n      label"),
        ("state: $.state\n      name", "status: $.state\n      name"),
    ]);
    for vendor in ["ombori", "waitwhile"] {
        let run = some(&features_of(vendor), receiver::Options::default(), &text, 0).await;
        keeps(&run, vendor);
        assert_eq!(run.totals().skipped, 0, "{vendor}");
    }
}
