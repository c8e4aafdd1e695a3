//! Places: no more are taken than exist, and an event counts what its orders said.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::for_any_run;
use crate::seen::{Known, Seen, list, replay, text, whole};

/// How many tickets of each category take a place.
fn held_of_each(known: &Known, event: &str) -> BTreeMap<i64, i64> {
    let mut held = BTreeMap::new();
    for ticket in known.held(event) {
        *held.entry(whole(&ticket["event_ticket_id"])).or_default() += 1;
    }
    held
}

#[test]
fn no_event_and_no_category_is_ever_oversold() {
    for_any_run(800, |run| {
        let mut cases = 0;
        let capacity = run.settings.integer("capacity");
        let mut rooms: BTreeMap<i64, i64> = BTreeMap::new();
        for one in run.seen.iter().filter(|one| one.is_event()) {
            for category in list(&one.body, "ticket_categories") {
                rooms.insert(whole(&category["id"]), whole(&category["amount"]));
            }
        }
        replay(&run.seen, |known, one| {
            // The places taken before the order, and those that it takes itself.
            if one.trigger != "order_created" {
                return;
            }
            cases += 1;
            let mut held = held_of_each(known, &one.event_id());
            for attendee in list(one.order(), "attendees") {
                *held.entry(whole(&attendee["ticket"]["event_ticket_id"])).or_default() += 1;
            }
            let all: i64 = held.values().sum();
            assert!(all <= capacity, "{all} of {capacity}: {}", one.here());
            for (category, held) in held {
                let room = rooms.get(&category);
                assert!(
                    room.is_none_or(|room| held <= *room),
                    "{held} of {room:?}: {}",
                    one.here()
                );
            }
        });
        cases
    });
}

#[test]
fn an_event_counts_what_its_orders_said() {
    for_any_run(700, |run| {
        let mut cases = 0;
        replay(&run.seen, |known, one| {
            if one.is_event() {
                cases += 1;
                categories(known, one);
                totals(known, one, run.settings.integer("capacity"));
            }
        });
        cases
    });
}

fn categories(known: &Known, one: &Seen) {
    let held = held_of_each(known, &one.id());
    for category in list(&one.body, "ticket_categories") {
        let taken = held.get(&whole(&category["id"])).copied().unwrap_or_default();
        let left = whole(&category["amount"]) - taken;
        for (key, right) in [
            ("taken_amount", taken),
            ("available_amount", left),
            ("max_available_amount", left.min(whole(&category["max"]))),
            ("min_available_amount", left.min(whole(&category["min"]))),
        ] {
            assert_eq!(whole(&category[key]), right, "{key}: {}", one.here());
        }
    }
}

fn totals(known: &Known, one: &Seen, capacity: i64) {
    let sum = |key: &str| -> i64 {
        list(&one.body, "ticket_categories").iter().map(|category| whole(&category[key])).sum()
    };
    let is_active = |attendee: &&Json| attendee["status"] == "active";
    let orders = known.orders_of(&one.id());
    let attendees = orders.iter().flat_map(|order| list(order.order(), "attendees"));
    let active = attendees.filter(is_active).count() as i64;
    for (key, right) in [
        ("total_event_capacity", capacity),
        ("total_amount", sum("amount")),
        ("amount", sum("taken_amount")),
        ("participants_count", active),
    ] {
        assert_eq!(whole(&one.body[key]), right, "{key}: {}", one.here());
    }
    assert_eq!(sum("amount"), capacity, "{}", one.here());
    let waits =
        orders.iter().any(|order| text(order.order(), "status").starts_with("pending_organizer_"));
    assert_eq!(one.body["has_order_with_booking_approval"], waits, "{}", one.here());
}
