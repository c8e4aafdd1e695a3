//! Waitwhile's part: the helpers of its tests, and the webhooks that they send. Bodies have the
//! fields of the vendor's examples (Webhook Response Examples), with invented values.

mod bad;
mod good;
mod hostile;
mod signature;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::HeaderMap;
use sha2::Sha256;

use super::*;
use crate::model::Secret;

const SECRET: &str = "whsec-test";
const HEADER: &str = "X-Waitwhile-Signature";
const VISIT: &str = "Zx81QwErTyUiOpAsDfGh";
const OTHER: &str = "Bb72WsEdRfTgYhUjIkOl";
const MESSAGE: &str = "dIaq4Ek6xoxnveDBDocI";
const LOCATION: &str = "P3HCgTiw7IjGhxM2qmjt";

struct Receiver(Host);

impl Receiver {
    async fn good() -> Self {
        Self::with(Options::default()).await
    }

    async fn bad(defect: Defect) -> Self {
        Self::with(Options { defects: BTreeSet::from([defect]), ..Options::default() }).await
    }

    async fn with(options: Options) -> Self {
        let signing = Signing { secret: Secret::new(SECRET), url: None };
        Self(Host::with(Options { waitwhile: Some(signing), ..options }).await)
    }

    fn url(&self) -> String {
        format!("{}/webhooks/waitwhile", self.0.running.url)
    }

    /// Sends bytes with these headers and no other credentials.
    async fn post(&self, headers: HeaderMap, body: impl Into<Vec<u8>>) -> Response {
        let request = self.0.client.post(self.url()).headers(headers);
        let request = request.header("content-type", "application/json");
        request.body(body.into()).send().await.unwrap()
    }

    /// Signs and sends bytes as the vendor would. Returns status and text of the answer.
    async fn send_bytes(&self, body: impl Into<Vec<u8>>) -> String {
        let body = body.into();
        status_and_text(self.post(signed(&signature(SECRET, &self.url(), &body)), body).await).await
    }

    async fn send(&self, body: &Value) -> String {
        self.send_bytes(body.to_string()).await
    }

    async fn visit(&self, id: &str) -> Option<Value> {
        self.0.probe(&format!("/visits/{id}")).await
    }

    /// The stored visit, in short: `WAITING at 3, told 1`.
    async fn believes(&self) -> String {
        match self.visit(VISIT).await {
            Some(it) => {
                let (state, place) = (it["state"].as_str().unwrap(), &it["position"]);
                format!("{state} at {place}, told {}", it["notified"])
            }
            None => "nothing".into(),
        }
    }

    async fn message_state(&self) -> Option<Value> {
        self.0.probe(&format!("/messages/{MESSAGE}")).await.map(|it| it["state"].clone())
    }

    async fn location(&self) -> Option<Value> {
        self.0.probe(&format!("/locations/{LOCATION}")).await
    }
}

fn signature(secret: &str, url: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(url.as_bytes());
    mac.update(body);
    BASE64.encode(mac.finalize().into_bytes())
}

fn signed(signature: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(HEADER, signature.parse().unwrap());
    headers
}

/// A moment of the story: this many seconds after the hour.
fn at(seconds: u32) -> String {
    format!("2031-06-02T09:{:02}:{:02}.100Z", seconds / 60, seconds % 60)
}

/// An envelope of this moment. Its id sorts by time, as the vendor's ids do.
fn envelope(kind: &str, seconds: u32, fields: Value) -> Value {
    let created = at(seconds).replace(".100Z", ".430Z");
    let mut envelope = json!({"id": format!("0TaB{seconds:04}6hIj9kLmNoPq"), "created": created,
        "accountId": "acc0demo0acc0demo0ac", "type": kind});
    envelope.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    envelope
}

/// A waitlist visit with the fields of profile 2022, and with these changes.
fn visit(seconds: u32, state: &str, more: Value) -> Value {
    let mut visit = json!({
        "id": VISIT, "publicId": "Zx81Qw", "locationId": LOCATION, "state": state,
        "customerId": "cus0demo0cus0demo0cus0", "firstName": "Åsa", "lastName": "Berg",
        "name": "Åsa Berg", "externalCustomerId": "", "notes": "", "isAnonymized": false,
        "created": at(0), "createdBy": "usr0demo0usr0demo0usr0demo01", "updated": at(seconds),
        "updatedBy": "usr0demo0usr0demo0usr0demo01", "pendingExpireTime": null, "remoteIp": "",
        "country": "US", "region": "ny", "city": "albany", "isBlock": false, "source": "WEB-APP",
    });
    let more_of_it = json!({
        "locale": null, "partySize": 2, "resources": {"9sxvHtjutXVfTZMNMzP9": 1},
        "resourceIds": ["9sxvHtjutXVfTZMNMzP9"], "services": {}, "serviceIds": [], "fields": {},
        "dataFields": [{"values": ["window"], "id": "Cu7HUgTbPvQScHE4NvBO"}], "tags": [],
        "waitlistTime": at(0), "serveTime": null, "completedTime": null, "ngrams": ["p:2"],
        "estWaitDuration": 600, "position": 3, "lastWaitingPosition": 3, "originalPosition": 3,
        "ticket": "A017", "numVisits": 1, "originalEstWaitDuration": 600,
    });
    change(&mut visit, more_of_it);
    change(&mut visit, more);
    visit
}

/// Changes fields. The value `"-"` removes a field.
fn change(object: &mut Value, more: Value) {
    for (key, value) in more.as_object().unwrap() {
        match value.as_str() {
            Some("-") => drop(object.as_object_mut().unwrap().remove(key)),
            _ => object[key] = value.clone(),
        }
    }
}

fn created() -> Value {
    let first = json!({"phone": "", "prevEstWaitDuration": 600, "ngrams": []});
    envelope("visit.created", 0, json!({"data": visit(0, "WAITING", first)}))
}

/// An update. `before` has another state and position, which a defect may take for the new ones.
fn updated(seconds: u32, state: &str, more: Value) -> Value {
    let before = visit(0, "DRAFT", json!({"position": 99}));
    let after = visit(seconds, state, more);
    envelope("visit.updated", seconds, json!({"before": before, "after": after}))
}

fn moved_up() -> Value {
    updated(60, "WAITING", json!({"position": 2, "estWaitDuration": 300}))
}

fn served() -> Value {
    let more = json!({"position": 1, "estWaitDuration": "-", "serveTime": at(630),
        "waitDuration": 630});
    updated(630, "SERVING", more)
}

fn completed() -> Value {
    let more = json!({"position": null, "estWaitDuration": "-", "serveTime": at(630),
        "waitDuration": 630, "completedTime": at(900)});
    updated(900, "COMPLETE", more)
}

fn cancelled() -> Value {
    let more = json!({"position": null, "estWaitDuration": "-", "tags": ["CANCELLED"],
        "completedTime": at(700)});
    updated(700, "COMPLETE", more)
}

fn restored() -> Value {
    updated(1000, "WAITING", json!({"position": 1}))
}

fn removed() -> Value {
    // The snapshot is from the last change: a deletion does not change `updated`.
    let more = json!({"accountId": "acc0demo0acc0demo0ac", "followUpSmsTime": null, "ngrams": "-"});
    envelope("visit.removed", 1200, json!({"data": visit(60, "WAITING", more)}))
}

fn booked() -> Value {
    let mut visit = visit(0, "BOOKED", json!({"date": "2031-06-03T14:30", "duration": 1800}));
    let waitlist_only = json!({"position": "-", "lastWaitingPosition": "-", "estWaitDuration": "-",
        "originalPosition": "-", "originalEstWaitDuration": "-", "waitlistTime": null,
        "bookingTime": at(0)});
    change(&mut visit, waitlist_only);
    envelope("visit.created", 0, json!({"data": visit}))
}

fn synced() -> Value {
    updated(300, "WAITING", json!({"date": "2031-06-03T14:30", "duration": 1800}))
}

fn message(seconds: u32, state: &str) -> Value {
    json!({"id": MESSAGE, "channel": "SMS", "providerId": "TWILIO", "visitId": VISIT,
        "recipient": "+15550100", "locationId": LOCATION, "customerId": "cus0demo0cus0demo0cus0",
        "externalCustomerId": null, "type": "WAITLIST-ALERT", "body": "<p>Your turn</p>",
        "isIncoming": false, "cost": 0.00055, "state": state, "created": at(0),
        "updated": at(seconds), "subject": "Your turn", "templateId": "guest-alert",
        "substitutions": {"isBooking": false}, "numSegments": 1,
        "accountId": "acc0demo0acc0demo0ac"})
}

fn message_created() -> Value {
    envelope("message.created", 1, json!({"data": message(1, "PENDING")}))
}

fn message_updated(state: &str) -> Value {
    let fields = json!({"before": message(1, "PENDING"), "after": message(6, state)});
    envelope("message.updated", 6, fields)
}

fn location_updated(seconds: u32, waiting: u64, is_closed: bool) -> Value {
    let after = json!({"id": LOCATION, "name": "Downtown", "isOpen": !is_closed,
        "isForceClosed": is_closed, "isWaitlistOpen": true, "numWaiting": waiting,
        "numWaitingGuests": waiting * 2, "numWaitingByPartySize": {"2": waiting}, "numServing": 1,
        "numServingGuests": 2, "wait": -1, "waitByPartySize": {}, "naEstWaitReason": null,
        "nextTicket": 18, "updated": at(seconds), "countersUpdated": at(seconds)});
    envelope("location-status.updated", seconds, json!({"before": {}, "after": after}))
}
