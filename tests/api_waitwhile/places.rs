//! Locations, their status, services, resources, users, messages, and the calls without a key.

use serde_json::{Value as Json, json};
use standin::vendors::api::Method::{Get, Post};

use super::desk::{Desk, body, text};

#[test]
fn a_location_is_closed_opened_and_renamed() {
    let mut desk = Desk::open(&[("business", "Demo Desk")]);
    let id = desk.location(0);
    let (path, status) = (format!("/locations/{id}"), format!("/location-status/{id}"));
    let before = desk.get(&path);
    assert_eq!(
        (&before["businessName"], &before["name"]),
        (&json!("Demo Desk"), &json!("Downtown"))
    );
    let closed = desk.post(&path, json!({"isForceClosed": true}));
    assert_eq!(closed["isForceClosed"], true);
    let news = desk.news();
    assert_eq!(news.len(), 1);
    assert_eq!(body(&news[0])["after"], desk.get(&status));
    assert_eq!(desk.get(&status)["naEstWaitReason"], "LOCATION_CLOSED");
    // Staff can still add guests to a closed location.
    desk.waiting("Anna");
    desk.news();
    let opened = desk.post(&path, json!({"isForceOpen": true, "name": "Old Town", "email": "a@b"}));
    assert_eq!((&opened["isForceClosed"], &opened["isForceOpen"]), (&json!(false), &json!(true)));
    assert_eq!((&opened["name"], &opened["email"]), (&json!("Old Town"), &json!("a@b")));
    let news = desk.news();
    assert_eq!(news.len(), 1);
    assert_eq!(body(&news[0])["after"]["name"], "Old Town");
    assert_eq!(body(&news[0])["after"], desk.get(&status));
    desk.post(&path, json!({"isForceClosed": false, "locale": "de-DE", "name": "Old Town"}));
    assert_eq!(desk.triggers(), [""; 0]);
    // A phrase still finds it by its old name.
    desk.say("Ben joins the waitlist at Downtown");
    for write in [
        json!({"name": ""}),
        json!({"name": "Uptown"}),
        json!({"isForceClosed": "yes"}),
        json!({"isForceClosed": true, "isForceOpen": true}),
        json!({"isPublicBooking": false}),
        json!({"shortName": "x"}),
    ] {
        desk.refused(400, Post, &path, &write);
    }
    desk.refused(404, Post, "/locations/nowhere", &json!({}));
    desk.refused(404, Get, "/locations/nowhere", &Json::Null);
    desk.refused(404, Get, "/location-status/nowhere", &Json::Null);
}

#[test]
fn services_resources_and_users_have_the_ids_that_webhooks_carry() {
    let mut desk = Desk::open(&[("services", "Advice"), ("resources", "One, Two")]);
    let location = desk.location(2);
    let services = desk.get(&format!("/services?locationId={location}"))["results"].clone();
    let wanted = json!([{"id": services[0]["id"], "name": "Advice", "locationId": location,
        "isActive": true}]);
    assert_eq!(services, wanted);
    let resources = desk.get("/resources")["results"].clone();
    assert_eq!(resources.as_array().map(Vec::len), Some(6));
    let one = desk.get(&format!("/resources/{}", text(&resources[3]["id"])));
    assert_eq!(one, resources[3]);
    desk.refused(404, Get, "/resources/nothing", &Json::Null);
    desk.refused(400, Get, "/services?locationId=nowhere", &Json::Null);
    let users = desk.get("/users")["results"].clone();
    let ids: Vec<String> =
        users.as_array().expect("users").iter().map(|user| text(&user["id"])).collect();
    assert_eq!(ids.len(), 4, "three for two desks, and that of the key");
    desk.populate();
    desk.pass(std::time::Duration::from_secs(6 * 3600));
    let (mut by_staff, mut served) = (0, 0);
    for webhook in desk.news().iter().filter(|webhook| webhook.trigger == "visit.updated") {
        let after = body(webhook)["after"].clone();
        by_staff += usize::from(ids.contains(&text(&after["updatedBy"])));
        let known =
            |id: &Json| resources.as_array().expect("a list").iter().any(|one| one["id"] == *id);
        assert!(after["resourceIds"].as_array().expect("ids").iter().all(known));
        served += usize::from(after["resourceIds"] != json!([]));
    }
    assert!(by_staff > 20 && served > 20, "{by_staff} {served}");
}

#[test]
fn messages_are_found_by_visit_customer_and_location() {
    let mut desk = Desk::open(&[]);
    desk.say("Anna joins the waitlist");
    desk.say("Ben joins the waitlist at Uptown");
    let visits = desk.get("/visits")["results"].clone();
    let messages = desk.get("/messages")["results"].clone();
    assert_eq!(messages.as_array().map(Vec::len), Some(2));
    assert_eq!(desk.get(&format!("/messages/{}", text(&messages[0]["id"]))), messages[0]);
    for query in [
        format!("visitId={}", text(&visits[1]["id"])),
        format!("customerId={}", text(&visits[1]["customerId"])),
        format!("locationId={}", text(&visits[1]["locationId"])),
    ] {
        assert_eq!(desk.get(&format!("/messages?{query}"))["results"], json!([messages[1]]));
    }
    desk.refused(404, Get, "/messages/nothing", &Json::Null);
}

#[test]
fn anybody_can_ask_for_a_location_and_its_slots() {
    let mut desk = Desk::open(&[("resources", "One, Two"), ("services", "Advice, Pickup")]);
    let id = desk.location(0);
    let service = text(&desk.get(&format!("/services?locationId={id}"))["results"][0]["id"]);
    let resource = text(&desk.get(&format!("/resources?locationId={id}"))["results"][0]["id"]);
    let write = json!({"locationId": id, "date": "2031-03-05T10:00", "serviceIds": [service],
        "resourceIds": [resource]});
    desk.post("/visits", write);
    desk.headers.clear();
    let public = desk.get("/public/locations/downtown");
    assert_eq!(
        (&public["name"], &public["timeZone"]),
        (&json!("Downtown"), &json!("America/New_York"))
    );
    assert_eq!(public["servicesById"][&service]["name"], "Advice");
    let slots = desk.get(
        "/public/visits/downtown/availability?fromDate=2031-03-05T09:30&toDate=2031-03-05T11:00",
    );
    let dates: Vec<String> =
        slots.as_array().expect("slots").iter().map(|slot| text(&slot["date"])).collect();
    assert_eq!(dates, ["2031-03-05T09:30", "2031-03-05T10:00", "2031-03-05T10:30"]);
    let spots = |slot: &Json| {
        ["numSpots", "numBookedSpots", "numAvailableSpots"].map(|key| slot[key].clone())
    };
    assert_eq!(spots(&slots[0]), [2, 0, 2]);
    assert_eq!(spots(&slots[1]), [2, 1, 1]);
    assert_eq!(slots[1]["numAvailableSpotsByServiceId"][&service], 1);
    let day = desk.get(&format!("/public/visits/{id}/availability"));
    assert_eq!(day.as_array().map(Vec::len), Some(48));
    let span = "fromDate=2031-03-05T10:00&toDate=2031-03-06T10:00";
    let first = "/public/visits/downtown/first-available-slots";
    let found = desk.get(&format!("{first}?{span}&maxNumSlots=2&partySize=3&serviceIds={service}"));
    assert_eq!(found, json!([{"date": "2031-03-05T10:00"}, {"date": "2031-03-05T10:30"}]));
    let named = desk.get(&format!("{first}?{span}&maxNumSlots=1&resourceIds={resource}"));
    assert_eq!(named, json!([{"date": "2031-03-05T10:30"}]));
    assert_eq!(desk.get(&format!("{first}?{span}&serviceDuration=3600")), json!([]));
    for query in
        ["maxNumSlots=0", "partySize=101", "serviceIds=x", "fromDate=noon", "serviceDuration=x"]
    {
        desk.refused(400, Get, &format!("{first}?{query}"), &Json::Null);
    }
    let far = "/public/visits/downtown/availability?toDate=2040-01-01T00:00";
    desk.refused(400, Get, far, &Json::Null);
    desk.refused(404, Get, "/public/locations/nowhere", &Json::Null);
    desk.refused(404, Get, "/public/visits/nowhere/availability", &Json::Null);
    desk.refused(404, Get, "/public/visits/nowhere/first-available-slots", &Json::Null);
}
