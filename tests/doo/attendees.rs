//! The triggers of attendees: assumed, and off unless the setting names them.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::for_any_run;
use crate::seen::{list, replay, text};

/// The trigger for a status of a ticket, derived from the names.
fn trigger_of(status: &str) -> &'static str {
    match status {
        "pending" => "attendee_pending",
        "valid" => "attendee_validated",
        "cancelled" => "attendee_cancelled",
        "checked" => "attendee_checkin",
        other => panic!("no status of a ticket: {other}"),
    }
}

#[test]
fn triggers_of_attendees_come_only_where_the_setting_names_them() {
    for_any_run(500, |run| {
        let mut cases = 0;
        let named = run.settings.list("attendee_triggers");
        for one in run.seen.iter().filter(|one| one.is_attendee()) {
            cases += 1;
            assert!(named.iter().any(|name| name == one.trigger), "{} {named:?}", one.trigger);
            assert_eq!(trigger_of(text(&one.body["ticket"], "status")), one.trigger);
        }
        cases
    });
}

#[test]
fn an_attendee_is_told_as_in_the_order() {
    for_any_run(300, |run| {
        let mut cases = 0;
        // With other settings, the order also reports the check-in.
        if run.settings.text("checkin_fires") == "nothing" {
            return 0;
        }
        replay(&run.seen, |known, one| {
            if !one.is_attendee() {
                return;
            }
            cases += 1;
            let order = known.order(&one.event_id(), text(&one.body, "order_id"));
            let order = order.expect("it was told before");
            let mut all = list(order.order(), "attendees").iter();
            let attendee = all.find(|attendee| attendee["id"] == one.body["id"]);
            let mut alone = one.body.clone();
            let object = alone.as_object_mut().expect("it is one");
            object.retain(|key, _| key != "order_id" && key != "event_id");
            assert_eq!(Some(&alone), attendee, "{}", one.here());
        });
        cases
    });
}

/// Every change of a ticket's status in an order is reported once for its attendee, and nothing
/// else is.
#[test]
fn each_change_of_a_ticket_is_told_once() {
    for_any_run(300, |run| {
        if run.settings.text("checkin_fires") == "nothing" {
            return 0;
        }
        let named = run.settings.list("attendee_triggers");
        let mut by_orders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut told: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut last: BTreeMap<&str, &Json> = BTreeMap::new();
        for one in &run.seen {
            if one.is_attendee() {
                told.entry(text(&one.body, "id")).or_default().push(one.trigger);
            } else if one.is_order() {
                for attendee in list(one.order(), "attendees") {
                    let (id, status) = (text(attendee, "id"), &attendee["ticket"]["status"]);
                    let trigger = trigger_of(status.as_str().expect("a status"));
                    let changed = last.insert(id, status) != Some(status);
                    if changed && named.iter().any(|name| name == trigger) {
                        by_orders.entry(id).or_default().push(trigger);
                    }
                }
            }
        }
        assert_eq!(told, by_orders);
        told.values().map(Vec::len).sum()
    });
}
