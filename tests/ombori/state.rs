//! What a webhook still carries of what an earlier one about the same position has shown.

use standin::model::Profile;

use crate::{Seen, for_any_walk, lives};

/// Whether bodies of this profile have the registration form, and a station outside feedback.
fn is_new(profile: &Profile) -> bool {
    !["2020-12", "2021-01"].contains(&profile.name)
}

#[test]
fn a_later_webhook_still_carries_what_an_earlier_one_has_shown() {
    for_any_walk(2_000, |seen, _, profile| {
        let mut cases = 0;
        for life in lives(seen) {
            for key in ["registrationData", "notification", "calledAt", "retryCount", "booking"] {
                let from = life.iter().position(|one| !one.field(key).is_null());
                let Some(from) = from else { continue };
                for one in &life[from..] {
                    assert!(!one.field(key).is_null(), "{key} {}: {:#}", one.trigger, one.body);
                    cases += 1;
                }
            }
            if is_new(profile) {
                // A booking whose slot has not begun has no label.
                let active = |one: &&&Seen| one.field("label") != "";
                for one in life.iter().filter(active) {
                    assert!(!one.field("registrationData").is_null(), "{:#}", one.body);
                }
            }
        }
        cases
    });
}

#[test]
fn a_guest_is_notified_in_all_webhooks_or_in_none() {
    for_any_walk(60, |seen, _, _| {
        let mut without = 0;
        for life in lives(seen) {
            let has = !life[0].field("notification").is_null();
            assert!(life.iter().all(|one| one.field("notification").is_null() != has));
            assert!(has || life[0].field("type") != "booking", "{:#}", life[0].body);
            without += usize::from(!has);
        }
        without
    });
}

#[test]
fn a_station_is_shown_from_the_call_on_until_the_ticket_is_back_in_the_queue() {
    for_any_walk(500, |seen, _, profile| {
        if !is_new(profile) {
            return 0;
        }
        let mut cases = 0;
        for life in lives(seen) {
            let mut desk = None;
            for one in life {
                let station = one.field("station").clone();
                match one.trigger {
                    "positionCalled" => desk = Some(station.clone()),
                    "positionRetry" => desk = None,
                    // Whoever checks in with a code was not called.
                    "positionFulfilled" => {
                        desk.get_or_insert_with(|| station.clone());
                    }
                    _ => {}
                }
                assert_eq!(
                    station,
                    desk.clone().unwrap_or_default(),
                    "{}: {:#}",
                    one.trigger,
                    one.body
                );
                cases += 1;
            }
        }
        cases
    });
}
