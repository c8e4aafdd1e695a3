//! doo's part: the helpers of its tests, and the webhooks that they send. Bodies have the fields of
//! the vendor's models (OrdersIdGetResponse, EventsIdEditGetResponse) that matter here and some
//! more, with invented values.

mod bad;
mod good;
mod hostile;
mod late;
mod oauth;
mod token;

use reqwest::header::HeaderMap;

use super::*;
use crate::model::Secret;
use crate::receiver::{Client, OAuth};

const SECRET: &str = "client-secret-test";
const PARTNER: &str = "partner-secret-test";
const EXPIRED: &str = "expired-token-test";
const ORDER: &str = "880031";
const ANNA: &str = "990071";
const BO: &str = "990072";
const TICKET: &str = "660120";
const BOS_TICKET: &str = "660121";
const EVENT: &str = "70412";

const ACTIVE: &str = "active";
const WAITS: &str = "pending_organizer_approval";
const CANCELLED: &str = "organizer_accepted_cancellation";

struct Receiver(Host);

fn oauth() -> OAuth {
    let client = |id: &str, secret, may_send| Client {
        id: id.into(),
        secret: Secret::new(secret),
        may_send,
    };
    let clients = vec![client("doo", SECRET, true), client("partner", PARTNER, false)];
    OAuth { expired_token: Some(Secret::new(EXPIRED)), ..OAuth::new(clients) }
}

impl Receiver {
    async fn good() -> Self {
        Self::with(Options::default()).await
    }

    async fn bad(defect: Defect) -> Self {
        Self::with(Options { defects: BTreeSet::from([defect]), ..Options::default() }).await
    }

    async fn with(options: Options) -> Self {
        Self(Host::with(Options { doo: Some(oauth()), ..options }).await)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.0.running.url)
    }

    /// Sends a form unchanged to the token endpoint, or to another one.
    async fn form(&self, path: &str, form: &str) -> Response {
        let request = self.0.client.post(self.url(path));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.body(form.to_owned()).send().await.unwrap()
    }

    /// A token for this client.
    async fn token(&self, client: &str, secret: &str) -> String {
        let answer = self.form("/oauth/token", &credentials(client, secret)).await;
        assert_eq!(answer.status(), 200);
        let json: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        json["access_token"].as_str().unwrap().to_owned()
    }

    /// Sends bytes to a trigger's URL with these headers.
    async fn post(&self, trigger: &str, headers: HeaderMap, body: impl Into<Vec<u8>>) -> Response {
        let request = self.0.client.post(self.url(&format!("/webhooks/doo/{trigger}")));
        let request = request.headers(headers).header("content-type", "application/json");
        request.body(body.into()).send().await.unwrap()
    }

    /// Sends bytes as doo would, with a new token. Returns status and text of the answer.
    async fn send_bytes(&self, trigger: &str, body: impl Into<Vec<u8>>) -> String {
        let token = self.token("doo", SECRET).await;
        status_and_description(self.post(trigger, bearer(&token), body).await).await
    }

    async fn send(&self, trigger: &str, body: &Value) -> String {
        self.send_bytes(trigger, body.to_string()).await
    }

    async fn order(&self) -> Option<Value> {
        self.0.probe(&format!("/orders/{ORDER}")).await
    }

    async fn event(&self) -> Option<Value> {
        self.0.probe(&format!("/events/{EVENT}")).await
    }

    /// The stored order, in short: `Anna, active, active valid, told 1, let in 0`.
    async fn believes(&self) -> String {
        let Some(order) = self.order().await else { return "nothing".into() };
        let mut text = format!("{}, {}", word(&order["first_name"]), word(&order["status"]));
        let mut entries = Vec::new();
        for attendee in order["attendees"].as_array().unwrap() {
            let ticket = &attendee["ticket"];
            text += &format!(", {} {}", word(&attendee["status"]), word(&ticket["status"]));
            let path = format!("/tickets/{}", word(&ticket["id"]));
            entries.push(self.0.probe(&path).await.unwrap()["entries"].to_string());
        }
        let entries = entries.join("+");
        format!("{text}, told {}, let in {entries}", order["messages_sent"])
    }

    /// Sends webhooks one after the other. Returns status and text of the last answer.
    async fn send_all(&self, webhooks: &[(&str, Value)]) -> String {
        let mut last = String::new();
        for (trigger, body) in webhooks {
            last = self.send(trigger, body).await;
        }
        last
    }
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or("null")
}

/// Status and description of an answer in doo's form: `200 applied`.
async fn status_and_description(answer: Response) -> String {
    let status = answer.status().as_u16();
    let bytes = answer.bytes().await.unwrap();
    let Ok(json) = serde_json::from_slice::<Value>(&bytes) else { return status.to_string() };
    let (message, description) = (word(&json["message"]), word(&json["description"]));
    assert_eq!(json.as_object().unwrap().len(), 2, "{json}");
    if status == 200 { format!("200 {message}") } else { format!("{status} {description}") }
}

fn credentials(client: &str, secret: &str) -> String {
    format!("client_id={client}&client_secret={secret}&grant_type=client_credentials")
}

fn header(value: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("authorization", value.parse().unwrap());
    headers
}

fn bearer(token: &str) -> HeaderMap {
    header(&format!("Bearer {token}"))
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

fn attendee(id: &str, ticket: &str, status: &str, pass: &str) -> Value {
    json!({"id": id, "member_id": "41778", "status": status, "first_name": "Åsa",
        "last_name": "Berg", "email": "asa@example.test",
        "country": {"de": "Deutschland", "en": "Germany"},
        "ticket": {"id": ticket, "status": pass, "event_ticket_id": 5501, "custom_price": false,
            "pdf_link": "https://files.example.test/t.pdf",
            "checkin_link": "https://qr.example.test/c"},
        "answers": []})
}

/// An order with the statuses of order, attendee and ticket.
fn order(status: &str, attendance: &str, pass: &str) -> Value {
    json!({
        "contact_center": false,
        "event": {"id": EVENT, "title": "Summit", "start_date": "2031-05-14 09:00:00",
            "end_date": "2031-05-14 17:30:00", "event_type": "seminar", "vat_option": 1,
            "booking_approval": "off", "status": "live", "ticket_categories": []},
        "order_details": {"id": ORDER, "invoice_id": "TX-0880031", "first_name": "Åsa",
            "last_name": "Berg", "company_name": "Nordkai", "email": "asa@example.test",
            "country": {"de": "Deutschland", "en": "Germany"}, "status": status,
            "total_coupon_discount": 0, "buyer_hash": "0f3a9c", "buyer_answers": [],
            "attendees": [attendee(ANNA, TICKET, attendance, pass)],
            "payment": {"amount": "142.80", "method": "card", "status": "paid",
                "transaction_fees": {}}},
        "invoice_details": {"use_company_name": true},
        "_links": {"self": {"href": "https://doo.example.test/v1/orders/880031"}},
    })
}

/// The order with Bo as well, whose ticket has this status.
fn with_bo(mut order: Value, pass: &str) -> Value {
    let attendees = order["order_details"]["attendees"].as_array_mut().unwrap();
    let attendance = attendees[0]["status"].as_str().unwrap().to_owned();
    attendees.push(attendee(BO, BOS_TICKET, &attendance, pass));
    order
}

/// The order with another first name.
fn named(mut order: Value, name: &str) -> Value {
    order["order_details"]["first_name"] = json!(name);
    order
}

fn paid() -> Value {
    order(ACTIVE, "active", "valid")
}

fn unpaid() -> Value {
    order(ACTIVE, "inactive", "pending")
}

fn waiting() -> Value {
    order(WAITS, "inactive", "pending")
}

fn checked() -> Value {
    order(ACTIVE, "active", "checked")
}

fn cancelled() -> Value {
    order(CANCELLED, "inactive", "cancelled")
}

fn removed() -> Value {
    order("removed", "inactive", "cancelled")
}

/// An event that changed this many seconds after noon.
fn event(status: &str, seconds: u32, title: &str) -> Value {
    let deleted = if status == "deleted" { "1" } else { "0" };
    json!({"id": 70412, "user_id": 3021, "title": title, "start_date": "2031-05-14 09:00:00",
        "end_date": "2031-05-14 17:30:00", "created_date": "2031-01-10 12:00:00",
        "update_date": format!("2031-01-20 12:{:02}:{:02}", seconds / 60, seconds % 60),
        "is_deleted": deleted, "status": status, "total_event_capacity": "200",
        "ticket_categories": [], "external_user_id": "crm-user-12"})
}
