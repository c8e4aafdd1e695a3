//! The bodies of one event give one consistent history, and orders name the event as its webhooks
//! do.

use crate::for_any_run;
use crate::seen::{Seen, list, lives, replay, text, whole, written};

fn next(status: &str) -> &'static [&'static str] {
    match status {
        "draft" => &["live", "deleted"],
        "live" => &["cancelled", "done"],
        "cancelled" | "done" | "deleted" => &[],
        other => panic!("no status of an event: {other}"),
    }
}

#[test]
fn an_event_is_created_as_a_draft_once_and_first_and_removed_last() {
    for_any_run(700, |run| {
        let mut cases = 0;
        for life in lives(&run.seen, "event_") {
            for (place, one) in life.iter().enumerate() {
                cases += 1;
                match one.trigger {
                    "event_created" => assert_eq!((place, text(&one.body, "status")), (0, "draft")),
                    "event_removed" => {
                        assert_eq!(place, life.len() - 1);
                        assert_eq!(one.body["status"], "deleted");
                    }
                    _ => assert_ne!(one.body["status"], "deleted"),
                }
            }
            // An event from the start was never created. It is live.
            if life[0].trigger == "event_updated" {
                assert_ne!(life[0].body["status"], "draft", "{}", life[0].here());
            }
        }
        cases
    });
}

#[test]
fn an_event_changes_its_status_as_the_documents_allow() {
    for_any_run(200, |run| {
        let mut cases = 0;
        for life in lives(&run.seen, "event_") {
            for pair in life.windows(2) {
                let (from, to) = (text(&pair[0].body, "status"), text(&pair[1].body, "status"));
                cases += usize::from(from != to);
                // An event that is over can still be edited.
                let edited = from == "done" && pair[1].action == "rename-event";
                let stays = from == to && (edited || !next(from).is_empty());
                let legal = stays || next(from).contains(&to);
                assert!(legal, "{from} to {to}: {}", pair[1].here());
            }
        }
        cases
    });
}

#[test]
fn every_event_body_is_dated_by_its_change_and_dates_stay() {
    for_any_run(200, |run| {
        let mut cases = 0;
        for life in lives(&run.seen, "event_") {
            for (place, one) in life.iter().enumerate() {
                let now = written(one.at, &run.settings);
                assert_eq!(text(&one.body, "update_date"), now, "{}", one.here());
                assert_eq!(one.body["draft_date"], one.body["created_date"]);
                for key in ["live_date", "cancelled_date", "deletion_date"] {
                    let before = place.checked_sub(1).and_then(|before| life[before].body.get(key));
                    cases += usize::from(before.is_some());
                    match (before, one.body.get(key)) {
                        (Some(before), date) => assert_eq!(date, Some(before), "{}", one.here()),
                        (None, Some(date)) if told_at_once(&life) || place > 0 => {
                            assert_eq!(*date, now, "{}", one.here());
                        }
                        _ => {}
                    }
                }
            }
            if told_at_once(&life) {
                assert_eq!(life[0].body["created_date"], written(life[0].at, &run.settings));
            }
        }
        cases
    });
}

/// An event from the start is an exception: its first body may be any update.
fn told_at_once(life: &[&Seen]) -> bool {
    life[0].trigger == "event_created"
}

#[test]
fn an_event_begins_before_it_ends() {
    for_any_run(700, |run| {
        let mut cases = 0;
        for one in run.seen.iter().filter(|one| one.is_event()) {
            cases += 1;
            assert!(text(&one.body, "start_date") <= text(&one.body, "end_date"), "{}", one.here());
        }
        cases
    });
}

#[test]
fn an_order_names_its_event_as_it_was_told_last() {
    for_any_run(2_000, |run| {
        let mut cases = 0;
        replay(&run.seen, |known, one| {
            let Some(event) = known.events.get(&one.event_id()).filter(|_| one.is_order()) else {
                return;
            };
            cases += 1;
            let mine = &one.body["event"];
            for key in ["title", "start_date", "end_date", "event_type", "booking_approval"] {
                assert_eq!(mine[key], event[key], "{key} of {}", one.here());
            }
            assert_eq!(whole(&mine["vat_option"]), whole(&event["vat_option"]));
            // A setting can keep the end of an event silent.
            let ended = mine["status"] == "done" && run.settings.text("done_fires") == "nothing";
            assert!(ended || mine["status"] == event["status"], "{}", one.here());
        });
        cases
    });
}

#[test]
fn tickets_are_bought_for_what_is_on_sale() {
    for_any_run(800, |run| {
        let mut cases = 0;
        for one in run.seen.iter().filter(|one| one.trigger == "order_created") {
            cases += 1;
            assert_eq!(one.body["event"]["status"], "live", "{}", one.here());
            let count = list(one.order(), "attendees").len();
            assert!((1..=10).contains(&count), "{count} tickets: {}", one.here());
        }
        cases
    });
}
