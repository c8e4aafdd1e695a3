//! When an optional key is present: each has a rule that follows from the history.

use serde_json::Value as Json;

use crate::for_any_run;
use crate::seen::{Seen, list, lives, text, whole};

/// Checks that a key is present exactly if it should be.
fn iff(object: &Json, key: &str, wanted: bool, one: &Seen) {
    let there = object.get(key).is_some();
    assert_eq!(there, wanted, "{key}, by {}", one.here());
}

#[test]
fn an_order_has_what_its_history_gave_it() {
    for_any_run(100, |run| {
        let mut cases = 0;
        for life in lives(&run.seen, "order_") {
            let (mut active, mut commented) = (false, false);
            for one in &life {
                let order = one.order();
                let status = text(order, "status");
                active |= status == "active";
                commented |= ["flag", "deny"].contains(&one.action);
                iff(order, "organizer_comment", commented, one);
                iff(order, "removed_date", status == "removed", one);
                let ended = status.ends_with("_accepted_cancellation");
                assert!(!ended || order.get("cancellation_date").is_some(), "{}", one.here());
                let costs = order["payment"]["amount"] != "0.00";
                let invoice = active && costs;
                iff(&order["payment"], "invoice_file_url", invoice, one);
                let cancelled = order.get("cancellation_date").is_some();
                let reversed = invoice && cancelled;
                cases += usize::from(reversed);
                iff(order, "cancellation_invoice_id", reversed, one);
                iff(&order["payment"], "cancellation_invoice_link", reversed, one);
                iff(&one.body, "cancellation_invoice", reversed, one);
            }
        }
        cases
    });
}

#[test]
fn a_corrected_name_asks_for_new_tickets_once_there_are_some() {
    for_any_run(100, |run| {
        let mut cases = 0;
        for life in lives(&run.seen, "order_") {
            let mut asked = false;
            for one in &life {
                let had_tickets = list(one.order(), "attendees")[0]["status"] == "active";
                asked |= one.action == "rename" && had_tickets;
                cases += usize::from(asked);
                iff(one.order(), "regenerate_requested_date", asked, one);
            }
        }
        cases
    });
}

#[test]
fn an_order_is_approved_iff_it_waited_and_then_stood() {
    for_any_run(500, |run| {
        let mut cases = 0;
        for life in lives(&run.seen, "order_") {
            let waited = life[0].order()["status"] == "pending_organizer_approval";
            let mut active = false;
            for one in &life {
                active |= one.order()["status"] == "active";
                cases += usize::from(waited && active);
                iff(one.order(), "booking_approval_date", waited && active, one);
            }
        }
        cases
    });
}

#[test]
fn known_bookers_have_both_ids_and_hidden_categories_want_a_code() {
    for_any_run(400, |run| {
        let mut cases = 0;
        for one in run.seen.iter().filter(|one| one.is_order()) {
            let order = one.order();
            let known = one.body.get("external_customer_id").is_some();
            iff(order, "member_id", known, one);
            let all = list(&one.body["event"], "ticket_categories");
            let hidden =
                all.last().filter(|_| all.len() > 1).map(|category| whole(&category["id"]));
            let of = |attendee: &Json| whole(&attendee["ticket"]["event_ticket_id"]);
            let coded = list(order, "attendees").iter().any(|one| Some(of(one)) == hidden);
            cases += usize::from(known && coded);
            iff(order, "access_code", coded, one);
        }
        cases
    });
}

#[test]
fn the_first_attendee_is_the_booker_and_the_others_give_a_name_and_an_address() {
    const BOOKERS: &[&str] = &["company_name", "street", "house_num", "zip", "city", "country"];
    for_any_run(5_000, |run| {
        let mut cases = 0;
        for one in run.seen.iter().filter(|one| one.is_order()) {
            let order = one.order();
            let asked = list(order, "attendees").iter().enumerate();
            for (place, attendee) in asked.filter(|(_, one)| one.get("answers").is_some()) {
                cases += 1;
                let first = place == 0;
                for key in BOOKERS.iter().chain(&["salutation", "title", "member_id"]) {
                    let wanted = first && order.get(*key).is_some();
                    iff(attendee, key, wanted, one);
                    assert!(!first || attendee.get(*key) == order.get(*key), "{}", one.here());
                }
            }
        }
        cases
    });
}

#[test]
fn links_are_there_for_the_tickets_that_let_somebody_in() {
    for_any_run(4_000, |run| {
        let mut cases = 0;
        for one in run.seen.iter().filter(|one| one.is_order()) {
            let mut passes = Vec::new();
            let mut named = false;
            for attendee in list(one.order(), "attendees") {
                let ticket = &attendee["ticket"];
                let valid = ["valid", "checked"].contains(&text(ticket, "status"));
                cases += usize::from(valid);
                iff(ticket, "passbook_link", valid, one);
                named = attendee.get("answers").is_some();
                iff(ticket, "name_tag_link", named, one);
                passes.extend(ticket.get("passbook_link").cloned());
            }
            let original = &one.order()["payment"]["original_tickets"];
            assert_eq!(original["passbook_link"], Json::Array(passes), "{}", one.here());
            iff(original, "nametags_archive_url", named, one);
        }
        cases
    });
}

#[test]
fn an_event_has_what_its_history_gave_it() {
    for_any_run(700, |run| {
        let mut cases = 0;
        for life in lives(&run.seen, "event_") {
            let from_the_start = life[0].trigger != "event_created";
            let mut postponed = false;
            for one in &life {
                cases += 1;
                let event = &one.body;
                let status = text(event, "status");
                let published = !["draft", "deleted"].contains(&status);
                for key in ["live_date", "description", "short_description"] {
                    iff(event, key, published, one);
                }
                for category in list(event, "ticket_categories") {
                    iff(category, "start_date", published, one);
                }
                let costs = list(event, "ticket_categories")
                    .iter()
                    .any(|category| whole(&category["price"]) > 0);
                for key in [
                    "email_attachment_id",
                    "email_attachments",
                    "image_cover_id",
                    "vat_option_text",
                ] {
                    iff(event, key, costs, one);
                }
                assert_eq!(event["image_cover"] == "", !costs);
                iff(event, "cancelled_date", status == "cancelled", one);
                iff(event, "deletion_date", status == "deleted", one);
                let deleted = if status == "deleted" { "1" } else { "0" };
                assert_eq!(event["is_deleted"], deleted);
                postponed |= one.action == "postpone-event";
                if !from_the_start {
                    iff(event, "comment", postponed, one);
                }
                let unbound = run.settings.text("external_user_id") == "none";
                iff(event, "external_user_id", !unbound, one);
            }
        }
        cases
    });
}
