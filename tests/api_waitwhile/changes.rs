//! Visits that a call changes: each transition, each field, and what is illegal.

use std::time::Duration;

use serde_json::{Value as Json, json};
use standin::vendors::api::Method::Post;

use super::desk::{Desk, body, text};

const MINUTE: Duration = Duration::from_secs(60);

/// Changes a visit. Returns it, and the types of the webhooks that followed.
#[track_caller]
fn change(desk: &mut Desk, id: &str, write: Json) -> (Json, Vec<&'static str>) {
    desk.pass(MINUTE);
    desk.news();
    let visit = desk.post(&format!("/visits/{id}"), write);
    (visit, desk.triggers())
}

#[test]
fn one_write_of_many_fields_is_one_update() {
    let mut desk = Desk::open(&[("data_fields", "1")]);
    let id = desk.waiting("Anna Berg");
    let before = desk.get(&format!("/visits/{id}"));
    let location = text(&before["locationId"]);
    let service = text(&desk.get(&format!("/services?locationId={location}"))["results"][0]["id"]);
    desk.pass(MINUTE);
    desk.news();
    let after = desk.post(
        &format!("/visits/{id}"),
        json!({"firstName": "Anja", "phone": "+12025550111", "partySize": 5, "notes": "late",
            "serviceIds": [service], "tags": ["DELAYED", "FLAGGED"], "externalCustomerId": "e1",
            "dataFields": [{"id": before["dataFields"][0]["id"], "values": ["yes"]}]}),
    );
    let news = desk.news();
    let triggers: Vec<_> = news.iter().map(|webhook| webhook.trigger).collect();
    assert_eq!(triggers, ["visit.updated", "location-status.updated"]);
    let told = body(&news[0]);
    assert_eq!(told["before"]["name"], "Anna Berg");
    for (key, wanted) in [
        ("name", json!("Anja Berg")),
        ("partySize", json!(5)),
        ("notes", json!("late")),
        ("serviceIds", json!([service])),
        ("tags", json!(["DELAYED", "FLAGGED"])),
        ("externalCustomerId", json!("e1")),
        ("updatedBy", after["updatedBy"].clone()),
    ] {
        assert_eq!((&told["after"][key], &after[key]), (&wanted, &wanted), "{key}");
    }
    assert_eq!(after["phone"], "+12025550111");
    assert_eq!(body(&news[1])["after"]["numWaitingGuests"], 5);
    // The same write again changes nothing and sends nothing, also with the id in the body.
    let whole = after.clone();
    assert_eq!(change(&mut desk, &id, whole), (after.clone(), vec![]));
    desk.post("/visits", json!({"id": id, "notes": "later"}));
    assert_eq!(desk.triggers(), ["visit.updated"]);
}

#[test]
fn every_transition_goes_as_the_action_does() {
    let mut desk = Desk::open(&[("messages", "serving, completed, cancelled, no-show")]);
    let id = desk.waiting("Anna");
    let behind = desk.waiting("Ben");
    for id in [&id, &behind] {
        desk.post(&format!("/visits/{id}"), json!({"email": "guest@example.test"}));
    }
    let moved = ["visit.updated", "visit.updated", "message.created", "location-status.updated"];
    let alone = ["visit.updated", "message.created", "location-status.updated"];
    let silent = ["visit.updated", "location-status.updated"];
    for (write, state, webhooks) in [
        (json!({"state": "SERVING"}), "SERVING", &moved[..]),
        (json!({"state": "COMPLETE"}), "COMPLETE", &alone),
        (json!({"state": "WAITING"}), "WAITING", &silent),
        (json!({"tags": ["CANCELLED"]}), "COMPLETE", &alone),
        (json!({"state": "WAITING", "tags": []}), "WAITING", &silent),
        (json!({"state": "COMPLETE", "tags": ["NO-SHOW"]}), "COMPLETE", &alone),
        (json!({"state": "WAITING"}), "WAITING", &silent),
        (json!({"tags": ["REMOVED"]}), "COMPLETE", &silent),
        (json!({"state": "WAITING"}), "WAITING", &silent),
        (json!({"tags": ["FLAGGED", "EXPIRED"]}), "COMPLETE", &silent),
        (json!({"state": "WAITING"}), "WAITING", &silent),
        (json!({"state": "COMPLETE"}), "COMPLETE", &silent),
    ] {
        let (visit, triggers) = change(&mut desk, &id, write.clone());
        assert_eq!((visit["state"].as_str(), &triggers[..]), (Some(state), webhooks), "{write}");
    }
    let booked = desk.booked("Cleo", 1);
    let location = desk.location(0);
    let mut make = |state: &str| {
        let date = "2031-03-06T11:00";
        let write = json!({"locationId": location, "state": state, "date": date});
        text(&desk.post("/visits", write)["id"])
    };
    let (draft, pending, rejected) = (make("DRAFT"), make("PENDING"), make("DRAFT"));
    for (id, write, state) in [
        (&draft, json!({"state": "BOOKED"}), "BOOKED"),
        (&pending, json!({"state": "BOOKED"}), "BOOKED"),
        (&rejected, json!({"state": "COMPLETE"}), "COMPLETE"),
        (&booked, json!({"tags": ["CANCELLED"]}), "COMPLETE"),
        (&booked, json!({"state": "BOOKED"}), "BOOKED"),
        (&booked, json!({"state": "WAITING"}), "WAITING"),
        (&draft, json!({"state": "SERVING"}), "SERVING"),
    ] {
        let (visit, triggers) = change(&mut desk, id, write.clone());
        assert_eq!(visit["state"], state, "{write}");
        let updates = triggers.iter().filter(|trigger| **trigger == "visit.updated").count();
        assert_eq!(updates, 1, "{write}: {triggers:?}");
    }
}

#[test]
fn the_no_show_is_spelled_as_the_setting_says() {
    for spelling in ["NOSHOW", "NO-SHOW"] {
        for said in ["NOSHOW", "NO-SHOW"] {
            let mut desk = Desk::open(&[("no_show_tag", spelling)]);
            let id = desk.waiting("Anna");
            let (visit, _) = change(&mut desk, &id, json!({"tags": [said]}));
            assert_eq!(visit["tags"], json!([spelling]));
        }
    }
}

#[test]
fn a_place_in_line_moves_everybody_between() {
    let mut desk = Desk::open(&[]);
    let line: Vec<String> = ["A", "B", "C", "D"].map(|name| desk.waiting(name)).to_vec();
    let (visit, triggers) = change(&mut desk, &line[3], json!({"position": 2}));
    assert_eq!(visit["position"], 2);
    assert_eq!(triggers, ["visit.updated"; 3]);
    let (visit, triggers) = change(&mut desk, &line[0], json!({"position": 9999}));
    assert_eq!((&visit["position"], triggers.len()), (&json!(4), 4));
    let (_, triggers) = change(&mut desk, &line[0], json!({"position": 500}));
    assert_eq!(triggers, [""; 0], "it is last already");
}

#[test]
fn a_booking_takes_another_slot_service_and_resource() {
    let mut desk = Desk::open(&[("resources", "One, Two"), ("service_capacity", "1")]);
    let (first, second) = (desk.booked("Anna", 1), desk.booked("Ben", 1));
    let location = desk.location(0);
    let services = desk.get(&format!("/services?locationId={location}"))["results"].clone();
    let resources = desk.get(&format!("/resources?locationId={location}"))["results"].clone();
    let taken = desk.get(&format!("/visits/{second}"))["resourceIds"].clone();
    let path = format!("/visits/{first}");
    desk.refused(400, Post, &path, &json!({"resourceIds": taken}));
    desk.post(&format!("/visits/{second}"), json!({"serviceIds": [services[0]["id"]]}));
    desk.refused(400, Post, &path, &json!({"serviceIds": [services[0]["id"]]}));
    let (visit, _) = change(&mut desk, &first, json!({"serviceIds": [services[1]["id"]]}));
    assert_eq!(visit["serviceIds"], json!([services[1]["id"]]));
    let write = json!({"date": "2031-03-07T10:00", "resourceIds": [resources[1]["id"]]});
    let (visit, triggers) = change(&mut desk, &first, write);
    assert_eq!(visit["date"], "2031-03-07T10:00");
    assert_eq!(visit["resourceIds"], json!([resources[1]["id"]]));
    assert_eq!(triggers, ["visit.updated"]);
    // Its old slot is free again.
    desk.booked("Cleo", 1);
}

#[test]
fn a_guest_is_alerted_by_the_tag_if_anybody_can_reach_them() {
    let mut desk = Desk::open(&[]);
    let id = desk.waiting("Anna");
    desk.refused(400, Post, &format!("/visits/{id}"), &json!({"tags": ["ALERTED"]}));
    change(&mut desk, &id, json!({"phone": "+12025550101"}));
    let (visit, triggers) = change(&mut desk, &id, json!({"tags": ["ALERTED"]}));
    assert_eq!(visit["tags"], json!(["ALERTED"]));
    assert_eq!(triggers, ["visit.updated", "message.created"]);
    let (_, triggers) = change(&mut desk, &id, json!({"tags": ["ALERTED", "ARRIVED"]}));
    assert_eq!(triggers, ["visit.updated"]);
}

#[test]
fn a_move_to_another_location_makes_a_new_visit_there() {
    let mut desk = Desk::open(&[]);
    let id = desk.waiting("Anna");
    let there = desk.location(1);
    change(&mut desk, &id, json!({"notes": "a note"}));
    desk.refused(400, Post, &format!("/visits/{id}"), &json!({"locationId": there, "name": "Ben"}));
    let (visit, triggers) = change(&mut desk, &id, json!({"locationId": there}));
    assert_eq!(visit["state"], "COMPLETE");
    assert!(triggers.contains(&"visit.created"), "{triggers:?}");
    let found = desk.get(&format!("/visits?locationId={there}"))["results"][0].clone();
    assert_eq!(found["customerId"], visit["customerId"]);
    assert_eq!((&found["notes"], &found["state"]), (&json!("a note"), &json!("WAITING")));
}

#[test]
fn what_is_illegal_now_is_refused_and_changes_nothing() {
    let mut desk = Desk::open(&[]);
    let (waiting, booked) = (desk.waiting("Anna"), desk.booked("Ben", 1));
    let (served, over) = (desk.waiting("Cleo"), desk.waiting("Dora"));
    change(&mut desk, &served, json!({"state": "SERVING"}));
    change(&mut desk, &over, json!({"tags": ["CANCELLED"]}));
    desk.waiting("Ella");
    let other = text(&desk.get(&format!("/visits/{booked}"))["customerId"]);
    for (id, writes) in [
        (
            &waiting,
            vec![
                json!({"state": "BOOKED"}),
                json!({"state": "DRAFT"}),
                json!({"state": "PENDING"}),
                json!({"state": "SERVING", "tags": ["CANCELLED"]}),
                json!({"state": "SERVING", "position": 2}),
                json!({"tags": ["CANCELLED", "EXPIRED"]}),
                json!({"date": "2031-03-05T10:30"}),
                json!({"customerId": other}),
                json!({"id": booked}),
                json!({"position": 0}),
            ],
        ),
        (
            &booked,
            vec![
                json!({"state": "COMPLETE"}),
                json!({"state": "PENDING"}),
                json!({"position": 1}),
                json!({"tags": ["REMOVED"]}),
                json!({"date": "2031-03-03T10:30"}),
                json!({"date": "2031-03-08T10:30", "state": "SERVING"}),
                json!({"locationId": "nowhere"}),
            ],
        ),
        (
            &served,
            vec![
                json!({"state": "WAITING"}),
                json!({"state": "BOOKED"}),
                json!({"tags": ["CANCELLED"]}),
                json!({"tags": ["ARRIVED"]}),
                json!({"position": 3}),
            ],
        ),
        (
            &over,
            vec![
                json!({"state": "SERVING"}),
                json!({"state": "BOOKED"}),
                json!({"name": "Nobody"}),
                json!({"tags": []}),
                json!({"partySize": 9}),
                json!({"state": "WAITING", "serviceIds": []  , "resourceIds": ["x"]}),
            ],
        ),
    ] {
        for write in writes {
            desk.refused(400, Post, &format!("/visits/{id}"), &write);
        }
    }
    desk.refused(404, Post, "/visits/nobody", &json!({"name": "Kim"}));
}
