//! Webhooks that a receiver registers: which are sent there, how they are signed, and what is
//! hidden.

use base64::Engine as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value as Json, json};
use sha2::Sha256;
use standin::vendors::api::Method::{Delete, Get, Post};

use super::desk::{Desk, text};

const URL: &str = "http://receiver.example.test/hooks?a=b";

/// The requests that are sent at once, with their headers.
fn sent(desk: &mut Desk) -> Vec<(String, String, Vec<u8>)> {
    let now = desk.run.sim().now();
    let mut sent = Vec::new();
    while let Some(ticket) = desk.run.poll(now) {
        let header = ticket.request.headers.iter().find(|one| one.name == "X-Waitwhile-Signature");
        let value = header.map_or(String::new(), |one| one.value.reveal().to_owned());
        let url = ticket.request.address.known.to_string();
        sent.push((url, value, ticket.request.body.to_vec()));
    }
    sent
}

#[test]
fn webhooks_go_to_those_who_registered_signed_with_their_secret() {
    let mut desk = Desk::open(&[]);
    desk.waiting("Anna");
    assert!(sent(&mut desk).iter().all(|(url, ..)| url.starts_with("http://127.0.0.1:9")));
    let types = json!(["visit.created", "visit.created", "visit.removed"]);
    let made = desk.post("/webhooks", json!({"url": URL, "eventTypes": types}));
    let secret = text(&made["secret"]);
    assert_eq!(made["eventTypes"], json!(["visit.created", "visit.removed"]));
    let other = desk.post("/webhooks", json!({"url": "https://other.example.test/"}));
    assert_eq!(other["eventTypes"].as_array().map(Vec::len), Some(6), "all, unless it says which");
    assert_ne!(other["secret"], made["secret"]);
    let id = desk.waiting("Ben");
    let sent_now = sent(&mut desk);
    let here: Vec<_> = sent_now.iter().filter(|(url, ..)| url == URL).collect();
    assert_eq!((sent_now.len(), here.len()), (3, 1), "visit.created goes to both");
    let (url, signature, body) = here[0];
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(url.as_bytes());
    mac.update(body);
    let wanted = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
    assert_eq!(*signature, wanted);
    // The secret is shown once, and is never in the journal.
    let path = format!("/webhooks/{}", text(&made["id"]));
    assert_eq!(desk.get(&path)["secret"], Json::Null);
    assert!(!desk.get("/webhooks").to_string().contains(&secret));
    desk.post(&path, json!({"eventTypes": ["visit.removed"]}));
    desk.delete(&format!("/webhooks/{}", text(&other["id"])));
    desk.post(&format!("/visits/{id}"), json!({"notes": "x"}));
    assert_eq!(sent(&mut desk), []);
    desk.delete(&format!("/visits/{id}"));
    assert_eq!(sent(&mut desk).len(), 1);
    desk.post(&path, json!({"isActive": false}));
    desk.waiting("Cleo");
    assert!(sent(&mut desk).iter().all(|(url, ..)| url.starts_with("http://127.0.0.1:9")));
    desk.delete(&path);
    for method in [Get, Post, Delete] {
        desk.refused(404, method, &path, &json!({}));
    }
    assert_eq!(desk.get("/webhooks")["results"], json!([]));
    let key = desk.run.api_keys(0).key.reveal().to_owned();
    for line in &desk.lines {
        assert!(!line.contains(&secret) && !line.contains(&text(&other["secret"])), "{line}");
        assert!(!line.contains(&key), "{line}");
    }
}

#[test]
fn a_registration_that_is_wrong_is_refused() {
    let mut desk = Desk::open(&[]);
    let location = desk.location(0);
    for body in [
        json!({}),
        json!({"url": ""}),
        json!({"url": "receiver"}),
        json!({"url": "ftp://receiver.example.test/"}),
        json!({"url": "mailto:a@b"}),
        json!({"url": "https://name:word@receiver.example.test/"}),
        json!({"url": format!("https://receiver.example.test/{}", "x".repeat(990))}),
        json!({"url": URL, "eventTypes": []}),
        json!({"url": URL, "eventTypes": ["visit.called"]}),
        json!({"url": URL, "eventTypes": "visit.created"}),
        json!({"url": URL, "locationIds": [location]}),
        json!({"url": URL, "locationIds": ["nowhere"]}),
        json!({"url": URL, "isActive": 1}),
    ] {
        desk.refused(400, Post, "/webhooks", &body);
    }
    for _ in 0..50 {
        desk.post("/webhooks", json!({"url": URL}));
    }
    desk.refused(400, Post, "/webhooks", &json!({"url": URL}));
    let webhook = text(&desk.get("/webhooks")["results"][7]["id"]);
    desk.refused(400, Post, &format!("/webhooks/{webhook}"), &json!({"url": "x"}));
    desk.delete(&format!("/webhooks/{webhook}"));
    desk.post("/webhooks", json!({"url": URL}));
}
