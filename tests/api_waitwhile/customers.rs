//! Customers, their notes, and how a new visit finds its customer.

use serde_json::{Value as Json, json};
use standin::vendors::api::Method::{Delete, Get, Post};

use super::desk::{Desk, body, text};

#[test]
fn a_new_visit_finds_its_customer_by_id_then_elsewhere_then_by_address() {
    let mut desk = Desk::open(&[]);
    let location = desk.location(0);
    let mut visit = |more: Json| {
        let mut write = json!({"locationId": location});
        write.as_object_mut().expect("an object").extend(more.as_object().cloned().expect("keys"));
        let visit = desk.post("/visits", write);
        (text(&visit["customerId"]), visit["numVisits"].clone())
    };
    let anna = visit(json!({"name": "Anna", "phone": "+12025550101", "externalCustomerId": "a"}));
    let ben = visit(json!({"name": "Ben", "email": "ben@example.test"}));
    assert_ne!(anna.0, ben.0);
    assert_eq!(visit(json!({"phone": "+12025550101"})), (anna.0.clone(), json!(2)));
    assert_eq!(visit(json!({"email": "ben@example.test"})), (ben.0.clone(), json!(2)));
    let both = json!({"externalCustomerId": "a", "email": "ben@example.test"});
    assert_eq!(visit(both), (anna.0.clone(), json!(3)), "the id elsewhere comes first");
    let named = json!({"customerId": ben.0, "externalCustomerId": "a"});
    assert_eq!(visit(named), (ben.0.clone(), json!(3)), "the customer's id comes before that");
    let new = visit(json!({"name": "Anna"}));
    assert_eq!(new.1, json!(1), "a name alone is nobody that is known");
}

#[test]
fn a_customer_is_made_changed_found_and_deleted() {
    let mut desk = Desk::open(&[]);
    let location = desk.location(0);
    let made = desk.post(
        "/customers",
        json!({"name": "Kim Berg", "phone": "+12025550142", "externalId": "crm-9",
            "tags": ["vip"], "addTag": "new", "locationIds": [location]}),
    );
    assert_eq!(desk.triggers(), [""; 0], "no webhook is about customers");
    let path = format!("/customers/{}", text(&made["id"]));
    assert_eq!(desk.get(&path), made);
    assert_eq!(made["tags"], json!(["vip", "new"]));
    assert_eq!((&made["firstName"], &made["numVisits"]), (&json!("Kim"), &json!(0)));
    let changed = desk.post(&path, json!({"lastName": "Dahl", "removeTag": "vip"}));
    assert_eq!((&changed["name"], &changed["tags"]), (&json!("Kim Dahl"), &json!(["new"])));
    let again = desk.post("/customers", json!({"id": made["id"], "email": "kim@example.test"}));
    assert_eq!(again["id"], made["id"]);
    for query in ["q=kim", "q=DAHL", "q=%2B1", "q=kim@ex", "tag=new", "q="] {
        let query = query.replace("%2B", "+");
        let found = desk.get(&format!("/customers/search?{query}"));
        assert_eq!(found["results"], json!([again]), "{query}");
    }
    for query in ["q=berg", "tag=vip", "state=WAITING", "q=kim&page=2", "fromDate=2031-03-05T00:00"]
    {
        let found = desk.get(&format!("/customers/search?{query}"));
        assert_eq!(found["results"], json!([]), "{query}");
    }
    assert_eq!(desk.get("/customers/export?format=JSON"), again);
    assert!(text(&desk.get("/customers/export?format=CSV")).contains("Kim Dahl"));
    desk.delete(&path);
    for method in [Get, Post, Delete] {
        desk.refused(404, method, &path, &Json::Null);
    }
    assert_eq!(desk.get("/customers")["results"], json!([]));
    for (target, body) in [
        ("/customers", json!({"phone": "5"})),
        ("/customers", json!({"tags": "vip"})),
        ("/customers", json!({"locationIds": ["nowhere"]})),
        ("/customers", json!({"addTag": " "})),
        ("/customers", json!([1])),
    ] {
        desk.refused(400, Post, target, &body);
    }
    for query in ["state=GONE", "limit=0", "limit=101", "page=0", "page=x", "locationId=x"] {
        desk.refused(400, Get, &format!("/customers/search?{query}"), &Json::Null);
    }
}

#[test]
fn a_customers_new_name_is_told_of_each_visit_that_is_not_over() {
    let mut desk = Desk::open(&[]);
    let visit = desk.waiting("Anna Berg");
    let customer = text(&desk.get(&format!("/visits/{visit}"))["customerId"]);
    let location = desk.location(0);
    let write = json!({"locationId": location, "customerId": customer, "date": "2031-03-05T10:00"});
    let booked = text(&desk.post("/visits", write)["id"]);
    let over = json!({"locationId": location, "customerId": customer});
    let over = text(&desk.post("/visits", over)["id"]);
    desk.post(&format!("/visits/{over}"), json!({"state": "COMPLETE"}));
    desk.news();
    desk.post(&format!("/customers/{customer}"), json!({"name": "Anja Dahl", "externalId": "x"}));
    let news = desk.news();
    let told: Vec<String> = news.iter().map(|webhook| webhook.subject.id.clone()).collect();
    assert_eq!(told, [visit, booked]);
    for webhook in &news {
        let after = &body(webhook)["after"];
        assert_eq!(
            (&after["name"], &after["externalCustomerId"]),
            (&json!("Anja Dahl"), &json!("x"))
        );
    }
    desk.post(&format!("/customers/{customer}"), json!({"name": "Anja Dahl", "addTag": "t"}));
    assert_eq!(desk.triggers(), [""; 0], "the visits show none of that");
    desk.delete(&format!("/customers/{customer}"));
    let triggers = desk.triggers();
    assert_eq!(triggers.iter().filter(|trigger| **trigger == "visit.removed").count(), 3);
    desk.refused(404, Get, &format!("/visits/{over}"), &Json::Null);
}

#[test]
fn who_was_deleted_by_staff_or_only_counted_in_is_no_customer() {
    let mut desk = Desk::open(&[]);
    desk.say("Anna joins the waitlist");
    desk.say("staff count in Ben");
    let listed = desk.get("/customers")["results"].clone();
    assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed}");
    assert_eq!(listed[0]["firstName"], "Anna");
    desk.say("staff delete the customer Anna");
    assert_eq!(desk.get("/customers")["results"], json!([]));
}

#[test]
fn notes_belong_to_their_customer() {
    let mut desk = Desk::open(&[]);
    let visit = desk.waiting("Anna");
    let customer = text(&desk.get(&format!("/visits/{visit}"))["customerId"]);
    let other = text(&desk.post("/customers", json!({"name": "Ben"}))["id"]);
    let notes = format!("/customers/{customer}/notes");
    let note = desk.post(&notes, json!({"content": "likes tea", "visitId": visit}));
    assert_eq!((&note["customerId"], &note["visitId"]), (&json!(customer), &json!(visit)));
    let path = format!("{notes}/{}", text(&note["id"]));
    assert_eq!(desk.get(&path), note);
    let changed = desk.post(&path, json!({"content": "likes coffee"}));
    assert_eq!((&changed["content"], &changed["visitId"]), (&json!("likes coffee"), &json!(visit)));
    assert_eq!(desk.get(&notes)["results"], json!([changed]));
    assert_eq!(desk.get(&format!("/customers/{other}/notes"))["results"], json!([]));
    for body in [
        json!({}),
        json!({"content": ""}),
        json!({"content": "x", "locationId": "nowhere"}),
        json!({"content": "x", "visitId": "nobody"}),
    ] {
        desk.refused(400, Post, &notes, &body);
    }
    let strange = format!("/customers/{other}/notes/{}", text(&note["id"]));
    for method in [Get, Post, Delete] {
        desk.refused(404, method, &strange, &json!({"content": "x"}));
        desk.refused(404, method, &format!("{notes}/nothing"), &json!({"content": "x"}));
    }
    desk.delete(&path);
    desk.refused(404, Get, &path, &Json::Null);
    desk.refused(404, Get, "/customers/nobody/notes", &Json::Null);
    assert_eq!(desk.get(&notes)["results"], json!([]));
}

#[test]
fn an_invite_is_kept_and_sent_again() {
    let mut desk = Desk::open(&[]);
    let (first, second) = (desk.location(0), desk.location(1));
    let resource = desk.get("/resources")["results"][0]["id"].clone();
    let write = json!({"name": "Kim", "email": "kim@example.test", "roles": ["ADMIN"],
        "defaultLocationId": first, "locationIds": [first], "resourceId": resource});
    let invite = desk.post("/invites", write);
    let path = format!("/invites/{}", text(&invite["id"]));
    assert_eq!(desk.get(&path), invite);
    assert_eq!(invite["roles"], json!(["ADMIN"]));
    assert_eq!(desk.get(&format!("/invites?locationId={first}"))["results"], json!([invite]));
    assert_eq!(desk.get(&format!("/invites?locationId={second}"))["results"], json!([]));
    desk.pass(std::time::Duration::from_secs(60));
    let again = desk.post(&format!("{path}/resend"), Json::Null);
    assert_ne!(again["updated"], invite["updated"]);
    for body in [
        json!({}),
        json!({"email": "kim"}),
        json!({"email": "kim@example.test", "phone": "1"}),
        json!({"email": "kim@example.test", "locationIds": ["nowhere"]}),
        json!({"email": "kim@example.test", "defaultLocationId": "nowhere"}),
        json!({"email": "kim@example.test", "resourceId": "nothing"}),
        json!({"email": "kim@example.test", "roles": [1]}),
    ] {
        desk.refused(400, Post, "/invites", &body);
    }
    desk.delete(&path);
    desk.refused(404, Get, &path, &Json::Null);
    desk.refused(404, Post, &format!("{path}/resend"), &Json::Null);
    desk.refused(404, Delete, &path, &Json::Null);
    assert_eq!(desk.triggers(), [""; 0]);
}
