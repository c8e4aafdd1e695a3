//! Visits that a call creates: their values, their webhooks, and refusals.

use serde_json::{Value as Json, json};
use standin::vendors::api::Method::{Delete, Get, Post};

use super::desk::{Desk, body, text};

#[test]
fn what_is_written_of_a_new_visit_lands_in_it_and_in_its_webhook() {
    let mut desk = Desk::open(&[("data_fields", "2")]);
    let location = desk.location(1);
    let service = text(&desk.get(&format!("/services?locationId={location}"))["results"][1]["id"]);
    let resource =
        text(&desk.get(&format!("/resources?locationId={location}"))["results"][2]["id"]);
    let other = desk.waiting("Somebody Else");
    let fields = desk.get(&format!("/visits/{other}"))["dataFields"].clone();
    desk.news();
    let visit = desk.post(
        "/visits",
        json!({
            "locationId": location, "firstName": "Kim", "lastName": "Berg", "phone": "+12025550142",
            "email": "kim@example.test", "partySize": 7, "serviceIds": [service],
            "resourceIds": [resource], "externalCustomerId": "crm-1", "notes": "by the window",
            "tags": ["FLAGGED", "PRIORITIZED"],
            "dataFields": [{"id": fields[1]["id"], "values": ["a", "\"b\" \u{7}"]}],
        }),
    );
    for (key, wanted) in [
        ("locationId", json!(location)),
        ("state", json!("WAITING")),
        ("name", json!("Kim Berg")),
        ("phone", json!("+12025550142")),
        ("email", json!("kim@example.test")),
        ("partySize", json!(7)),
        ("serviceIds", json!([service])),
        ("services", json!({&service: 1})),
        ("resourceIds", json!([resource])),
        ("externalCustomerId", json!("crm-1")),
        ("notes", json!("by the window")),
        ("tags", json!(["FLAGGED", "PRIORITIZED"])),
        ("position", json!(1)),
        ("remoteIp", json!("")),
    ] {
        assert_eq!(visit[key], wanted, "{key}");
    }
    assert_eq!(visit["dataFields"][0]["values"], json!([]));
    assert_eq!(visit["dataFields"][1]["values"], json!(["a", "\"b\" \u{7}"]));
    let news = desk.news();
    let triggers: Vec<_> = news.iter().map(|webhook| webhook.trigger).collect();
    assert_eq!(triggers, ["visit.created", "message.created", "location-status.updated"]);
    let created = body(&news[0])["data"].clone();
    for (key, value) in visit.as_object().expect("an object") {
        // The created visit has no address, and no search index yet.
        if !["email", "ngrams"].contains(&key.as_str()) {
            assert_eq!(created[key], *value, "{key}");
        }
    }
    assert_eq!(body(&news[1])["data"]["recipient"], "+12025550142");
    let users = desk.get("/users")["results"].clone();
    let users = users.as_array().expect("users");
    assert_eq!(visit["createdBy"], users[users.len() - 1]["id"], "the key belongs to a user");
}

#[test]
fn a_visit_begins_in_any_state_but_the_last() {
    let mut desk = Desk::open(&[]);
    let location = desk.location(0);
    let date = "2031-03-05T10:30";
    for (state, dated, webhooks) in [
        ("WAITING", None, &["visit.created", "message.created", "location-status.updated"][..]),
        ("SERVING", None, &["visit.created", "location-status.updated"]),
        ("BOOKED", Some(date), &["visit.created", "message.created"]),
        ("DRAFT", Some(date), &["visit.created", "message.created"]),
        ("PENDING", Some(date), &["visit.created"]),
    ] {
        let mut write = json!({"locationId": location, "name": "Kim", "state": state,
            "email": "kim@example.test", "duration": null});
        if let Some(date) = dated {
            write["date"] = date.into();
            write["duration"] = 1800.into();
        }
        desk.news();
        let visit = desk.post("/visits", write);
        assert_eq!(visit["state"], state);
        assert_eq!(visit["date"], dated.map_or(Json::Null, Into::into), "{state}");
        assert_eq!(desk.triggers(), webhooks, "{state}");
        assert_eq!(desk.get(&format!("/visits/{}", text(&visit["id"]))), visit);
    }
    // A date alone makes it a booking. Somebody without an address gets no message.
    desk.news();
    let visit = desk.post("/visits", json!({"locationId": location, "date": "2031-03-06T09:00"}));
    assert_eq!((&visit["state"], &visit["name"]), (&json!("BOOKED"), &json!("")));
    assert_eq!(desk.triggers(), ["visit.created"]);
    // A hold expires like any other.
    desk.pass(std::time::Duration::from_secs(3600));
    assert!(desk.triggers().contains(&"visit.removed"));
}

#[test]
fn a_new_visit_that_is_wrong_is_refused() {
    let mut desk = Desk::open(&[]);
    let location = desk.location(0);
    let elsewhere = text(&desk.get("/services")["results"][5]["id"]);
    for body in [
        json!({}),
        json!([]),
        json!("text"),
        json!({"locationId": "nowhere"}),
        json!({"locationId": 5}),
        json!({"locationId": location, "state": "CALLED"}),
        json!({"locationId": location, "state": "COMPLETE"}),
        json!({"locationId": location, "state": ""}),
        json!({"locationId": location, "state": "BOOKED"}),
        json!({"locationId": location, "state": "WAITING", "date": "2031-03-05T10:30"}),
        json!({"locationId": location, "date": "2031-03-05"}),
        json!({"locationId": location, "date": "2031-03-05T10:37"}),
        json!({"locationId": location, "date": "2031-03-05T10:30Z"}),
        json!({"locationId": location, "date": "2031-03-01T10:30"}),
        // New York, 9 March 2031: this hour does not exist.
        json!({"locationId": location, "date": "2031-03-09T02:30"}),
        json!({"locationId": location, "date": "9999-12-31T23:30"}),
        json!({"locationId": location, "date": "2031-03-05T10:30", "duration": 900}),
        json!({"locationId": location, "partySize": 0}),
        json!({"locationId": location, "partySize": 101}),
        json!({"locationId": location, "partySize": "2"}),
        json!({"locationId": location, "phone": "0170 1234"}),
        json!({"locationId": location, "email": "nobody"}),
        json!({"locationId": location, "name": "x".repeat(1001)}),
        json!({"locationId": location, "name": 5}),
        json!({"locationId": location, "serviceIds": ["nothing"]}),
        json!({"locationId": location, "serviceIds": [elsewhere]}),
        json!({"locationId": location, "serviceIds": ["a", "b"]}),
        json!({"locationId": location, "resourceIds": "a"}),
        json!({"locationId": location, "dataFields": {}}),
        json!({"locationId": location, "dataFields": [{"id": "none", "values": []}]}),
        json!({"locationId": location, "tags": ["VIP"]}),
        json!({"locationId": location, "tags": ["CANCELLED"]}),
        json!({"locationId": location, "tags": [{"name": "FLAGGED"}]}),
        json!({"locationId": location, "position": 1}),
        json!({"locationId": location, "customerId": "nobody"}),
    ] {
        desk.refused(400, Post, "/visits", &body);
    }
    let answer = desk.request(Post, "/visits", b"{\"locationId\": ");
    assert_eq!(answer.status, 400);
    desk.refused(404, Post, "/visits", &json!({"id": "nobody", "name": "Kim"}));
}

#[test]
fn what_is_refused_draws_nothing_and_what_is_read_neither() {
    let told = |disturbed: &str| {
        let mut desk = Desk::open(&[]);
        desk.populate();
        for hour in 0..8 {
            desk.pass(std::time::Duration::from_secs(3600));
            let location = desk.location(0);
            if disturbed == "refused" {
                for body in [json!({"locationId": location, "date": "2031-03-05T10:31"}), json!([])]
                {
                    desk.refused(400, Post, "/visits", &body);
                    desk.refused(400, Post, "/webhooks", &body);
                    desk.refused(400, Post, "/customers", &json!({"phone": "x"}));
                }
            }
            if disturbed == "read" {
                desk.get("/visits?limit=5");
                desk.get("/customers/search?q=a");
                desk.get("/public/visits/downtown/availability");
            }
            desk.post("/visits", json!({"locationId": location, "name": format!("Kim {hour}")}));
        }
        desk.news().iter().map(|webhook| webhook.body.clone()).collect::<Vec<_>>()
    };
    let undisturbed = told("");
    assert!(undisturbed.len() > 100, "{}", undisturbed.len());
    assert_eq!(told("refused"), undisturbed);
    assert_eq!(told("read"), undisturbed);
}

#[test]
fn a_full_slot_is_refused_and_draws_nothing() {
    let mut desk = Desk::open(&[("resources", "One, Two"), ("service_capacity", "1")]);
    let location = desk.location(0);
    let services = desk.get(&format!("/services?locationId={location}"))["results"].clone();
    let resources = desk.get(&format!("/resources?locationId={location}"))["results"].clone();
    let booking = |service: usize, resource: usize| {
        json!({"locationId": location, "date": "2031-03-05T10:30",
            "serviceIds": [services[service]["id"]], "resourceIds": [resources[resource]["id"]]})
    };
    let first = desk.post("/visits", booking(0, 1));
    assert_eq!(first["resourceIds"], json!([resources[1]["id"]]));
    desk.refused(400, Post, "/visits", &booking(1, 1));
    desk.refused(400, Post, "/visits", &booking(0, 0));
    desk.post("/visits", booking(1, 0));
    desk.refused(400, Post, "/visits", &booking(2, 0));
    let any = json!({"locationId": location, "date": "2031-03-05T10:30"});
    desk.refused(400, Post, "/visits", &any);
    let slots = desk.get(&format!(
        "/public/visits/{location}/availability?fromDate=2031-03-05T10:30&toDate=2031-03-05T11:00"
    ));
    assert_eq!(slots[0]["numAvailableSpots"], 0);
    desk.delete(&format!("/visits/{}", text(&first["id"])));
    desk.post("/visits", any);
    // A busy resource serves nobody else.
    let served = json!({"locationId": location, "state": "SERVING",
        "resourceIds": [resources[0]["id"]]});
    desk.post("/visits", served.clone());
    desk.refused(400, Post, "/visits", &served);
}

#[test]
fn a_deleted_visit_is_gone_with_one_webhook_and_the_line_moves_up() {
    let mut desk = Desk::open(&[]);
    let [first, second] = ["Anna", "Ben"].map(|name| desk.waiting(name));
    desk.news();
    desk.delete(&format!("/visits/{first}"));
    assert_eq!(desk.triggers(), ["visit.removed", "visit.updated", "location-status.updated"]);
    assert_eq!(desk.get(&format!("/visits/{second}"))["position"], 1);
    for method in [Get, Delete, Post] {
        desk.refused(404, method, &format!("/visits/{first}"), &Json::Null);
    }
    desk.refused(404, Post, "/visits", &json!({"id": first, "name": "Kim"}));
    assert_eq!(desk.get("/visits")["results"].as_array().map(Vec::len), Some(1));
}

#[test]
fn an_export_is_an_array_or_the_one_object_or_a_table() {
    let mut desk = Desk::open(&[]);
    assert_eq!(desk.get("/visits/export"), json!([]));
    let first = desk.waiting("Anna \"A\", Berg");
    let one = desk.get("/visits/export?format=JSON");
    assert_eq!(one["id"], *first);
    desk.pass(std::time::Duration::from_secs(3600));
    let second = desk.waiting("Ben");
    let both = desk.get("/visits/export?format=JSON&dateRangeField=created");
    let ids: Vec<_> =
        both.as_array().expect("an array").iter().map(|one| text(&one["id"])).collect();
    assert_eq!(ids, [first.clone(), second.clone()]);
    for (from, wanted) in
        [("2031-03-04T08:30:00+0000", &second), ("2031-03-04T08:30:00 0000", &second)]
    {
        let later = desk.get(&format!("/visits/export?fromTime={from}"));
        assert_eq!(later["id"], **wanted, "{from}");
    }
    let earlier = desk.get("/visits/export?toTime=2031-03-04T08:30:00Z&dateRangeField=updated");
    assert_eq!(earlier["id"], *first);
    let table = text(&desk.get("/visits/export?format=CSV"));
    let rows: Vec<&str> = table.split("\r\n").collect();
    assert_eq!(rows.len(), 4, "{table}");
    assert!(rows[1].contains("\"Anna \"\"A\"\", Berg\""), "{}", rows[1]);
    for wrong in ["format=XML", "dateRangeField=deleted", "fromTime=soon", "locationId=x"] {
        desk.refused(400, Get, &format!("/visits/export?{wrong}"), &Json::Null);
    }
}
