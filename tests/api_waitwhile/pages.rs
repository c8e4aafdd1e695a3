//! Pages of lists: every item is in one page, even if items are added and deleted between pages.

use std::time::Duration;

use serde_json::{Value as Json, json};
use standin::vendors::api::Method::Get;

use super::desk::{Desk, text};

/// The ids of a list, read page by page.
fn ids(desk: &mut Desk, list: &str, limit: usize, more: &str) -> Vec<String> {
    let (mut ids, mut after) = (Vec::new(), String::new());
    loop {
        let page = desk.get(&format!("{list}?limit={limit}&startAfter={after}{more}"));
        let results = page["results"].as_array().expect("results");
        let found: Vec<String> = results.iter().map(|one| text(&one["id"])).collect();
        assert!(found.len() <= limit);
        assert_eq!(page["limit"], limit);
        assert_eq!(page["startAt"], found.first().cloned().unwrap_or_default());
        ids.extend(found);
        after = text(&page["endAt"]);
        if after.is_empty() {
            return ids;
        }
        assert_eq!(ids.last(), Some(&after));
    }
}

#[test]
fn a_walk_over_the_pages_of_any_list_sees_every_item_once() {
    let mut desk = Desk::open(&[]);
    desk.populate();
    desk.pass(Duration::from_secs(8 * 3600));
    for number in 0..23 {
        let email = format!("guest{number}@example.test");
        desk.post("/invites", json!({ "email": email }));
        desk.post("/webhooks", json!({"url": "https://receiver.example.test/"}));
    }
    let mut walks = 0;
    for list in [
        "/visits",
        "/customers",
        "/messages",
        "/locations",
        "/location-status",
        "/services",
        "/resources",
        "/users",
        "/invites",
        "/webhooks",
    ] {
        let all = ids(&mut desk, list, 100, "");
        let mut once = all.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), all.len(), "{list}");
        assert!(all.len() >= 3, "{list} has {}", all.len());
        for limit in [1, 2, 7, 50] {
            assert_eq!(ids(&mut desk, list, limit, ""), all, "{list} by {limit}");
            let mut back = ids(&mut desk, list, limit, "&desc=true");
            back.reverse();
            assert_eq!(back, all, "{list} by {limit}, newest first");
            walks += 2;
        }
    }
    assert!(walks >= 80, "{walks}");
    let visits = ids(&mut desk, "/visits", 100, "");
    assert!(visits.len() > 100, "{} visits", visits.len());
}

#[test]
fn a_walk_goes_on_where_the_last_item_was_deleted_meanwhile() {
    let mut desk = Desk::open(&[]);
    let all: Vec<String> = (0..9).map(|number| desk.waiting(&format!("N{number}"))).collect();
    let page = desk.get("/visits?limit=3");
    assert_eq!(page["endAt"], *all[2]);
    desk.delete(&format!("/visits/{}", all[2]));
    desk.delete(&format!("/visits/{}", all[4]));
    let new = desk.waiting("New");
    let next = desk.get(&format!("/visits?limit=10&startAfter={}", all[2]));
    let found: Vec<Json> =
        next["results"].as_array().expect("results").iter().map(|one| one["id"].clone()).collect();
    assert_eq!(json!(found), json!([all[3], all[5], all[6], all[7], all[8], new]));
    assert_eq!(next["endAt"], "");
}

#[test]
fn filters_narrow_a_list_and_wrong_ones_are_refused() {
    let mut desk = Desk::open(&[]);
    let (first, second) = (desk.waiting("Anna"), desk.waiting("Ben"));
    let booked = desk.booked("Cleo", 3);
    let elsewhere = desk.location(1);
    desk.post(&format!("/visits/{first}"), json!({"state": "SERVING"}));
    let customer = text(&desk.get(&format!("/visits/{second}"))["customerId"]);
    for (query, wanted) in [
        ("&state=WAITING".to_owned(), vec![&second]),
        ("&state=SERVING".to_owned(), vec![&first]),
        (format!("&customerId={customer}"), vec![&second]),
        (format!("&locationId={elsewhere}"), vec![]),
        ("&fromDate=2031-03-07T00:00".to_owned(), vec![&booked]),
        ("&toDate=2031-03-07T00:00".to_owned(), vec![&first, &second]),
        ("&fromDate=2031-03-07T10:00&toDate=2031-03-07T10:00".to_owned(), vec![&booked]),
    ] {
        let found = ids(&mut desk, "/visits", 1, &query);
        assert_eq!(found.iter().collect::<Vec<_>>(), wanted, "{query}");
    }
    for query in [
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=x",
        "limit=99999999999999999999999",
        "startAfter=nothing",
        "desc=yes",
        "state=CALLED",
        "locationId=nowhere",
        "fromDate=today",
    ] {
        desk.refused(400, Get, &format!("/visits?{query}"), &Json::Null);
    }
    let usual = desk.get("/visits?limit=&startAfter=&desc=&state=&locationId=");
    assert_eq!(usual["limit"], 20);
}
