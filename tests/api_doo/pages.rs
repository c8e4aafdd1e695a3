//! Lists: the values in their pages, and that following the links gives every object exactly once.

use serde_json::Value as Json;

use crate::client::{Client, assert_error, number, text};

/// Follows the links of a list. Returns its items.
fn walked(client: &mut Client, path: &str, name: &str) -> Vec<Json> {
    let mut items = Vec::new();
    let mut next = Some(path.to_owned());
    let mut page = 0;
    while let Some(path) = next {
        page += 1;
        let list = client.read(&path);
        let here = list["_embedded"][name].as_array().expect("a list").clone();
        let size = number(&list["page_size"]);
        let total = number(&list["total_items"]);
        assert_eq!(number(&list["page"]), page);
        assert_eq!(number(&list["page_count"]), total.div_ceil(size).max(1));
        assert!(here.len() as u64 <= size);
        let link = |name: &str| list["_links"].get(name).map(|link| text(&link["href"]));
        assert!(link("self").is_some() && link("first").is_some() && link("last").is_some());
        assert_eq!(link("prev").is_some(), page > 1);
        assert_eq!(link("next").is_some(), page < number(&list["page_count"]));
        next = link("next").map(|href| {
            href.strip_prefix("https://doo.example.test/v1").expect("a path").to_owned()
        });
        items.extend(here);
        assert_eq!(next.is_none(), items.len() as u64 == total, "{path}");
    }
    items
}

#[track_caller]
fn assert_each_once(items: &[Json], pointer: &str, count: usize) {
    let ids: std::collections::BTreeSet<String> =
        items.iter().map(|item| item.pointer(pointer).expect("an id").to_string()).collect();
    assert_eq!((items.len(), ids.len()), (count, count));
}

#[test]
fn walking_over_pages_meets_every_object_exactly_once() {
    let mut client = Client::unlimited();
    for one in 0..57 {
        client.say(&format!("Guest{one} books {} tickets", 1 + one % 3));
    }
    for one in 0..52 {
        client.say(&format!("the organizer creates the event Event{one}"));
    }
    let event = client.event();
    for size in ["", "?page_size=1", "?page_size=7", "?page_size=100"] {
        let orders = walked(&mut client, &format!("/events/{event}/orders{size}"), "orders");
        assert_each_once(&orders, "/order/id", 57);
        let path = format!("/events/{event}/attendees{size}");
        let attendees = walked(&mut client, &path, "attendees");
        assert_each_once(&attendees, "/attendee_id", 114);
        let events = walked(&mut client, &format!("/events{size}"), "events");
        assert_each_once(&events, "/id", 53);
    }
}

#[test]
fn events_are_chosen_by_their_status() {
    let mut client = Client::unlimited();
    for one in ["A", "B", "C", "D"] {
        client.say(&format!("the organizer creates the event {one}"));
    }
    client.say("the organizer publishes A");
    client.say("the organizer publishes B");
    client.say("the organizer calls off B");
    client.say("the organizer deletes C");
    let mut count = |status: &str| walked(&mut client, &format!("/events{status}"), "events").len();
    assert_eq!(count(""), 4);
    assert_eq!(count("?status=live"), 2);
    assert_eq!(count("?status=live,draft,done"), 3);
    assert_eq!(count("?status=cancelled&page_size=1"), 1);
    assert_eq!(count("?status=deleted"), 1);
    assert_eq!(count("?status=live,draft,cancelled,deleted&page_size=2"), 5);
    assert_error(&client.get("/events?status=nothing"), 400);
    assert_error(&client.get("/events?status="), 400);
}

#[test]
fn a_page_that_is_no_page_is_refused_and_one_beyond_the_last_is_empty() {
    let mut client = Client::unlimited();
    let event = client.event();
    let team = client.team();
    for list in [
        "/events".to_owned(),
        format!("/events/{event}/orders"),
        format!("/events/{event}/attendees"),
        format!("/team/{team}/webhooks"),
    ] {
        for wrong in ["page=0", "page=-1", "page=x", "page=", "page=99999999999999999999"] {
            assert_error(&client.get(&format!("{list}?{wrong}")), 400);
        }
        for wrong in ["page_size=0", "page_size=101", "page_size=1e3"] {
            assert_error(&client.get(&format!("{list}?{wrong}")), 400);
        }
        let beyond = client.read(&format!("{list}?page=4294967295&page_size=100"));
        let embedded = beyond["_embedded"].as_object().expect("an object");
        assert!(embedded.values().all(|items| items.as_array().is_some_and(Vec::is_empty)));
        assert_eq!(beyond["_links"].get("next"), None);
    }
}
