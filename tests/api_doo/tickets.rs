//! Tickets by their hash: read, check in and reset.

use serde_json::json;
use standin::vendors::api::Method;

use crate::client::{Client, assert_error, json_of};

#[test]
fn a_check_in_and_its_undoing_cause_the_webhooks_of_the_actions() {
    let mut client = Client::unlimited();
    client.say("Anna books 2 tickets");
    let hash = client.hash();
    for (call, status) in [("checkin", "checked"), ("reset", "valid"), ("checkin", "checked")] {
        let (code, caused) = client.caused_by(Method::Post, &format!("/qrcodes/{hash}/{call}"), "");
        assert_eq!(code, 200);
        assert_eq!(caused.len(), 1);
        assert_eq!(caused[0].trigger, "order_updated");
        let body: serde_json::Value = serde_json::from_slice(&caused[0].body).expect("JSON");
        let attendees = &body["order_details"]["attendees"];
        assert_eq!(attendees[0]["ticket"]["status"], status);
        assert_eq!(attendees[1]["ticket"]["status"], "valid");
        let read = client.read(&format!("/qrcodes/{hash}"));
        assert_eq!(read["response_status"], 200);
        assert_eq!(read["data"]["status"], status);
        assert_eq!(read["data"]["item"]["status"], status);
    }
}

#[test]
fn a_ticket_is_read_in_the_documented_form() {
    let mut client = Client::unlimited();
    client.say("Anna books a ticket");
    let hash = client.hash();
    let read = client.read(&format!("/qrcodes/{hash}"));
    let item = &read["data"]["item"];
    assert!(item["id"].is_u64() && item["event_ticket_id"].is_u64(), "{item}");
    assert!(read["data"]["type"].is_string());
    for link in ["checkin_link", "pdf_link", "name_tag_link", "passbook_link"] {
        assert!(item[link].is_string(), "{link}: {item}");
    }
    assert_eq!(item.get("custom_price"), None);
}

#[test]
fn what_is_not_possible_now_answers_405_and_changes_nothing() {
    let mut client = Client::unlimited();
    client.say("Anna books a ticket by bank transfer");
    let hash = client.hash();
    let before = client.read(&format!("/qrcodes/{hash}"));
    for call in ["checkin", "reset"] {
        let entries = client.entries.len();
        let answer = client.post(&format!("/qrcodes/{hash}/{call}"), &json!({}));
        assert_error(&answer, 405);
        assert!(client.caused_since(entries).is_empty());
    }
    assert_eq!(client.read(&format!("/qrcodes/{hash}")), before);
    client.say("the payment of Anna arrives");
    assert_error(&client.post(&format!("/qrcodes/{hash}/reset"), &json!({})), 405);
    assert_eq!(client.post(&format!("/qrcodes/{hash}/checkin"), &json!({})).status, 200);
    assert_error(&client.post(&format!("/qrcodes/{hash}/checkin"), &json!({})), 405);
    client.say("the organizer cancels the booking of Anna");
    assert_error(&client.post(&format!("/qrcodes/{hash}/reset"), &json!({})), 405);
}

#[test]
fn a_hash_that_is_not_exactly_right_is_unknown() {
    let mut client = Client::unlimited();
    client.say("Anna books 3 tickets");
    let hash = client.hash();
    let mut wrong = vec!["x".to_owned(), "%2F".to_owned(), "00000000".to_owned()];
    wrong.push("ÿÿÿÿÿÿÿÿ".to_owned());
    wrong.push(hash[..39].to_owned());
    wrong.push(format!("{hash}0"));
    wrong.push(format!("ffffffff{}", &hash[8..]));
    wrong.push(format!("{}{}", &hash[..8], "0".repeat(32)));
    wrong.push(hash.to_uppercase());
    for wrong in wrong.iter().filter(|wrong| **wrong != hash) {
        assert_error(&client.get(&format!("/qrcodes/{wrong}")), 404);
        assert_error(&client.post(&format!("/qrcodes/{wrong}/checkin"), &json!({})), 404);
        assert_error(&client.post(&format!("/qrcodes/{wrong}/reset"), &json!({})), 404);
    }
}

#[test]
fn every_ticket_has_a_hash_of_its_own_that_finds_it() {
    let mut client = Client::unlimited();
    client.say("Anna books 3 tickets");
    client.say("Ben books 10 tickets");
    client.say("Kim books a ticket");
    let event = client.event();
    let list = client.read(&format!("/events/{event}/attendees"));
    let attendees = list["_embedded"]["attendees"].as_array().expect("a list").clone();
    assert_eq!(attendees.len(), 14);
    let mut ids = std::collections::BTreeSet::new();
    for attendee in &attendees {
        let hash = attendee["ticket_hash"].as_str().expect("a hash");
        let answer = client.get(&format!("/qrcodes/{hash}"));
        assert!(answer.read.is_some());
        let read = json_of(&answer);
        let order = client.read(&format!("/orders/{}", attendee["order_id"]));
        let of_order = order["order_details"]["attendees"].as_array().expect("a list").clone();
        let own = of_order.iter().find(|one| one["id"] == attendee["attendee_id"]).expect("it");
        let id = own["ticket"]["id"].as_str().expect("digits");
        assert_eq!(read["data"]["item"]["id"].to_string(), id);
        assert!(ids.insert(id.to_owned()));
    }
}
