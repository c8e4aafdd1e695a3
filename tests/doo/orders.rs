//! The bodies of one order give one consistent history: its creation comes first and once, statuses
//! change legally and fit together, and dates are those of the changes.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::for_any_run;
use crate::seen::{Seen, list, lives, text, whole, written};

const APPROVAL: &str = "pending_organizer_approval";
const REVIEW: &str = "pending_organizer_review";
const BY_ORGANIZER: &str = "organizer_accepted_cancellation";
const BY_BOOKER: &str = "attendee_accepted_cancellation";

/// The statuses that may follow a status (docs/vendors/doo.md), without the status itself.
fn orders_next(status: &str) -> &'static [&'static str] {
    match status {
        APPROVAL => &[REVIEW, "active", "denied", "removed"],
        REVIEW => &["active", "denied", "removed"],
        "active" => &[BY_ORGANIZER, BY_BOOKER, "removed"],
        "denied" | BY_ORGANIZER | BY_BOOKER => &["removed"],
        "removed" => &[],
        other => panic!("no status of an order: {other}"),
    }
}

fn attendees_next(status: &str) -> &'static [&'static str] {
    match status {
        "inactive" => &["active"],
        "active" => &["inactive"],
        other => panic!("no status of an attendee: {other}"),
    }
}

fn tickets_next(status: &str) -> &'static [&'static str] {
    match status {
        "pending" => &["valid", "cancelled"],
        "valid" => &["checked", "cancelled"],
        "checked" => &["valid", "cancelled"],
        "cancelled" => &[],
        other => panic!("no status of a ticket: {other}"),
    }
}

fn legal(from: &Json, to: &Json, next: impl Fn(&str) -> &'static [&'static str], one: &Seen) {
    let (from, to) = (from.as_str().expect("a status"), to.as_str().expect("a status"));
    next(to);
    assert!(from == to || next(from).contains(&to), "{from} to {to}: {}", one.here());
}

#[test]
fn an_order_is_created_once_and_first_and_removed_last() {
    for_any_run(90, |run| {
        let mut cases = 0;
        for life in lives(&run.seen, "order_") {
            let count = |trigger| life.iter().filter(|one| one.trigger == trigger).count();
            assert_eq!((count("order_created"), life[0].trigger), (1, "order_created"));
            let removed = life.iter().position(|one| one.trigger == "order_removed");
            cases += usize::from(removed.is_some());
            assert!(removed.is_none_or(|at| at == life.len() - 1), "something comes after it");
        }
        cases
    });
}

#[test]
fn every_status_changes_as_the_documents_allow() {
    for_any_run(400, |run| {
        let mut cases = 0;
        for life in lives(&run.seen, "order_") {
            for pair in life.windows(2) {
                let (from, to, one) = (pair[0].order(), pair[1].order(), pair[1]);
                cases += usize::from(from["status"] != to["status"]);
                legal(&from["status"], &to["status"], orders_next, one);
                for (from, to) in list(from, "attendees").iter().zip(list(to, "attendees")) {
                    legal(&from["status"], &to["status"], attendees_next, one);
                    let tickets = (&from["ticket"]["status"], &to["ticket"]["status"]);
                    legal(tickets.0, tickets.1, tickets_next, one);
                }
            }
        }
        cases
    });
}

#[test]
fn the_trigger_fits_the_status() {
    for_any_run(2_000, |run| {
        let mut cases = 0;
        let both = run.settings.list("cancellation_fires");
        for one in run.seen.iter().filter(|one| one.is_order()) {
            cases += 1;
            let status = text(one.order(), "status");
            let cancelled = [BY_ORGANIZER, BY_BOOKER].contains(&status);
            let fits = match one.trigger {
                "order_created" => ["active", APPROVAL].contains(&status),
                "order_cancelled" => cancelled && both.iter().any(|one| one == "order_cancelled"),
                "order_removed" => status == "removed",
                _ if cancelled => both.iter().any(|one| one == "order_updated"),
                _ => status != "removed",
            };
            assert!(fits, "{}", one.here());
        }
        cases
    });
}

/// The table in docs/vendors/doo.md: order, attendee, ticket, and whether it is paid.
#[test]
fn the_statuses_of_order_attendees_tickets_and_payment_go_together() {
    for_any_run(2_000, |run| {
        let mut cases = 0;
        for one in run.seen.iter().filter(|one| one.is_order()) {
            cases += 1;
            let order = one.order();
            let paid = order["payment"]["status"] == "paid";
            let (attendee, tickets): (_, &[&str]) = match text(order, "status") {
                "active" if paid => ("active", &["valid", "checked"]),
                "active" | APPROVAL | REVIEW => ("inactive", &["pending"]),
                _ => ("inactive", &["cancelled"]),
            };
            if [APPROVAL, REVIEW, "denied"].contains(&text(order, "status")) {
                assert!(!paid, "nobody pays before the approval: {}", one.here());
            }
            for each in list(order, "attendees") {
                let ticket = text(&each["ticket"], "status");
                let fits = each["status"] == attendee && tickets.contains(&ticket);
                assert!(fits, "{}", one.here());
            }
            if order["status"] == BY_BOOKER {
                assert!(free(one), "bookers cancel free bookings alone: {}", one.here());
            }
        }
        cases
    });
}

fn free(one: &Seen) -> bool {
    list(&one.body["event"], "ticket_categories")
        .iter()
        .all(|category| whole(&category["price"]) == 0)
}

#[test]
fn an_order_is_approved_denied_or_flagged_only_where_the_event_wants_approval() {
    for_any_run(200, |run| {
        let mut cases = 0;
        for life in lives(&run.seen, "order_") {
            let asked = life[0].body["event"]["booking_approval"] == "1";
            let waits = life[0].order()["status"] == APPROVAL;
            cases += usize::from(asked);
            assert_eq!(asked, waits, "{}", life[0].here());
            let approved = |one: &&&Seen| one.order().get("booking_approval_date").is_some();
            if let Some(one) = life.iter().find(approved) {
                assert!(waits, "{}", one.here());
            }
        }
        cases
    });
}

/// Each date is set once, at the moment of a webhook, and never changes.
#[test]
fn dates_are_those_of_what_happened_and_stay() {
    for_any_run(300, |run| {
        let mut cases = 0;
        for life in lives(&run.seen, "order_") {
            let booked = text(&life[0].order()["payment"], "booking_date");
            assert_eq!(booked, written(life[0].at, &run.settings), "{}", life[0].here());
            let mut told: BTreeMap<&str, &Json> = BTreeMap::new();
            for one in &life {
                for key in ["cancellation_date", "removed_date", "booking_approval_date"] {
                    let date = one.order().get(key);
                    match (told.get(key), date) {
                        (Some(before), _) => assert_eq!(date, Some(*before), "{}", one.here()),
                        (None, Some(date)) => {
                            cases += 1;
                            assert_eq!(*date, written(one.at, &run.settings), "{}", one.here());
                            told.insert(key, date);
                        }
                        (None, None) => {}
                    }
                }
            }
        }
        cases
    });
}

#[test]
fn an_order_is_paid_once_and_dated_then() {
    for_any_run(600, |run| {
        let mut cases = 0;
        for life in lives(&run.seen, "order_") {
            let mut paid: Option<&Json> = None;
            for one in &life {
                let payment = &one.order()["payment"];
                match (paid, text(payment, "status")) {
                    (None, "open") => {
                        assert_eq!(payment["payment_date"], payment["booking_date"]);
                    }
                    (None, "paid") => {
                        cases += 1;
                        let now = written(one.at, &run.settings);
                        let nothing = payment["amount"] == "0.00";
                        let fits = payment["payment_date"] == now
                            || (nothing && payment["payment_date"] == payment["booking_date"]);
                        assert!(fits, "{now}: {}", one.here());
                        paid = Some(&payment["payment_date"]);
                    }
                    (Some(date), "paid") => assert_eq!(payment["payment_date"], *date),
                    (_, other) => panic!("payment {other}: {}", one.here()),
                }
            }
        }
        cases
    });
}

#[test]
fn names_change_by_a_correction_alone_and_the_first_attendee_with_them() {
    for_any_run(80, |run| {
        let mut cases = 0;
        for life in lives(&run.seen, "order_") {
            for pair in life.windows(2) {
                let names = |one: &Seen| {
                    let order = one.order();
                    let first = &list(order, "attendees")[0];
                    if first.get("first_name").is_some() {
                        assert_eq!(first["first_name"], order["first_name"], "{}", one.here());
                        assert_eq!(first["last_name"], order["last_name"], "{}", one.here());
                    }
                    (text(order, "first_name").to_owned(), text(order, "last_name").to_owned())
                };
                if names(pair[0]) != names(pair[1]) {
                    cases += 1;
                    assert_eq!(pair[1].action, "rename", "{}", pair[1].here());
                }
            }
        }
        cases
    });
}
