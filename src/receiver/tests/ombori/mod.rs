//! Ombori's part: the helpers of its tests, and the webhooks that they send.

mod bad;
mod good;

use super::*;

const ID: &str = "7d0a4c52-1f0e-4f6f-9a55-0b7f6e2c1a10";
const CALLED_AT: &str = "2031-03-04T08:20:00.000Z";

struct Receiver(Host);

impl Receiver {
    async fn good() -> Self {
        Self::with(Options::default()).await
    }

    async fn bad(defect: Defect) -> Self {
        Self::with(Options { defects: BTreeSet::from([defect]), ..Options::default() }).await
    }

    async fn with(options: Options) -> Self {
        Self(Host::with(options).await)
    }

    async fn post(&self, content_type: &str, body: impl Into<reqwest::Body>) -> Response {
        let url = format!("{}/webhooks/ombori", self.0.running.url);
        let request = self.0.client.post(url).header("content-type", content_type);
        request.body(body).send().await.unwrap()
    }

    /// Status and text of the answer: `200 applied`.
    async fn send(&self, body: &Value) -> String {
        status_and_text(self.post("application/json", body.to_string()).await).await
    }

    async fn probe(&self) -> Option<Value> {
        self.0.probe(&format!("/positions/{ID}")).await
    }

    /// The stored position, in short: `pending, 1 sent`.
    async fn believes(&self) -> String {
        match self.probe().await {
            Some(it) => {
                format!("{}, {} sent", it["status"].as_str().unwrap(), it["messages_sent"])
            }
            None => "nothing".into(),
        }
    }
}

fn webhook(trigger: &str, status: &str, more: Value) -> Value {
    let mut position = json!({
        "id": ID, "type": "anonymous", "status": status, "priority": 0, "label": "A12",
        "locale": "sv", "queue": "2c9f1e77-5b1a-4a63-8f0d-6a1f3b9d7e21",
        "createdAt": "2031-03-04T08:15:02.114Z",
        "location": {"locationName": "Demo Store North", "organizationTitle": "Demo Retail"},
        "notification": {"type": "phoneNumber",
            "settings": {"from": "", "to": "+46700000001", "recipient": ""}},
    });
    for (key, value) in more.as_object().unwrap() {
        position[key] = value.clone();
    }
    json!({"message": null, "data": {"position": position}, "type": trigger,
        "organization": "demo-retail"})
}

fn without(mut body: Value, key: &str) -> Value {
    body["data"]["position"].as_object_mut().unwrap().remove(key);
    body
}

fn created() -> Value {
    let guest = json!({"phone": {"value": "+46700000001"}, "name": {"value": "Åsa Öberg"}});
    webhook("positionCreated", "pending", json!({"registrationData": guest}))
}

fn called() -> Value {
    let station = json!({"id": "9e0c1c3e-0b8e-4b0e-9f0c-111111111111", "label": "C4"});
    webhook("positionCalled", "notified", json!({"calledAt": CALLED_AT, "station": station}))
}

fn retried() -> Value {
    webhook("positionRetry", "pending", json!({"calledAt": CALLED_AT, "retryCount": 1}))
}

fn called_again() -> Value {
    let at = "2031-03-04T08:26:00.000Z";
    webhook("positionCalled", "notified", json!({"calledAt": at, "retryCount": 1}))
}

fn completed() -> Value {
    webhook("positionCompleted", "completed", json!({"calledAt": CALLED_AT}))
}

fn feedback(message: &str) -> Value {
    let feedback = json!({"rating": 4, "message": message});
    let mut body = webhook("feedbackReceived", "completed", json!({"feedback": feedback}));
    body.as_object_mut().unwrap().remove("message");
    body
}

fn booked(trigger: &str, start: &str) -> Value {
    let booking = json!({"start": start, "end": "2031-03-05T10:30:00Z"});
    let more = json!({"type": "booking", "label": "", "numberOfPeople": 2, "booking": booking});
    webhook(trigger, "draft", more)
}
