//! Desks in traffic: staff serve one guest at a time.

use std::collections::BTreeMap;

use crate::common::traffic;
use crate::{Seen, ombori};

/// How many seeds are tried, and how many webhooks of each.
const SEEDS: u64 = 20;
const WEBHOOKS: usize = 3_000;

#[test]
fn a_guest_is_called_to_a_desk_that_is_free() {
    let (vendor, catalogue) = ombori();
    let (mut calls, mut scans) = (0, 0);
    for seed in 0..SEEDS {
        // The guest at each desk.
        let mut desks = BTreeMap::<String, String>::new();
        for webhook in traffic(vendor, catalogue.default_profile(), seed, WEBHOOKS) {
            let seen = Seen::of(&webhook);
            let guest = seen.field("id").as_str().expect("an id").to_owned();
            match seen.trigger {
                "positionCalled" => {
                    let desk = seen.field("station")["id"].as_str().expect("a desk").to_owned();
                    let before = desks.insert(desk, guest);
                    assert_eq!(before, None, "seed {seed}: the desk is taken at {}", seen.at);
                    calls += 1;
                }
                "positionFulfilled" if webhook.action == "scan-code" => {
                    // Nobody has called the guest of this booking.
                    let desk = seen.field("station")["id"].as_str().expect("a desk").to_owned();
                    assert!(!desks.values().any(|one| *one == guest), "seed {seed}: {guest}");
                    let before = desks.insert(desk, guest);
                    assert_eq!(before, None, "seed {seed}: the desk is taken at {}", seen.at);
                    scans += 1;
                }
                "positionFulfilled" => {
                    assert!(desks.values().any(|one| *one == guest), "seed {seed}: {guest}");
                }
                "positionCompleted"
                | "positionRetry"
                | "positionRemoved"
                | "positionCancelled"
                | "positionCancelledByStaff" => desks.retain(|_, one| *one != guest),
                _ => {}
            }
        }
    }
    assert!(calls > 5_000, "only {calls} calls");
    assert!(scans > 50, "only {scans} scans");
}
