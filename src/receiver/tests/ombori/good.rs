//! Tests of a correct receiver.

use super::*;

#[tokio::test]
async fn the_probe_shows_every_key_and_null_for_what_is_unknown() {
    let receiver = Receiver::good().await;
    assert_eq!(receiver.probe().await, None);
    assert_eq!(receiver.send(&created()).await, "200 applied");
    let expected = json!({
        "id": ID, "status": "pending", "label": "A12",
        "queue": "2c9f1e77-5b1a-4a63-8f0d-6a1f3b9d7e21", "locale": "sv",
        "location": "Demo Store North", "people": null, "booking": null, "called_at": null,
        "retry_count": null, "feedback": null, "phone": "+46700000001", "guest": "Åsa Öberg",
        "messages_sent": 1,
    });
    assert_eq!(receiver.probe().await, Some(expected));
}

#[tokio::test]
async fn a_position_keeps_fields_that_later_webhooks_leave_out() {
    let receiver = Receiver::good().await;
    let steps = [
        (created(), "pending, 1 sent"),
        (called(), "notified, 2 sent"),
        (retried(), "pending, 3 sent"),
        (called_again(), "notified, 4 sent"),
        (webhook("positionFulfilled", "fulfilled", json!({"retryCount": 1})), "fulfilled, 5 sent"),
        (completed(), "completed, 6 sent"),
        (feedback("schnell 🙂"), "completed, 7 sent"),
        (feedback("better now"), "completed, 8 sent"),
    ];
    for (body, belief) in steps {
        assert_eq!(receiver.send(&body).await, "200 applied", "{body}");
        assert_eq!(receiver.believes().await, belief);
    }
    let seen = receiver.probe().await.unwrap();
    assert_eq!((&seen["guest"], &seen["retry_count"]), (&json!("Åsa Öberg"), &json!(1)));
    assert_eq!(seen["feedback"], json!({"rating": 4, "message": "better now"}));
}

#[tokio::test]
async fn a_retry_without_a_count_is_new_after_a_call() {
    let receiver = Receiver::good().await;
    for (trigger, status) in [
        ("positionCreated", "pending"),
        ("positionCalled", "notified"),
        ("positionRetry", "pending"),
        ("positionCalled", "notified"),
    ] {
        assert_eq!(receiver.send(&webhook(trigger, status, json!({}))).await, "200 applied");
    }
    assert_eq!(receiver.believes().await, "notified, 4 sent");
}

#[tokio::test]
async fn a_duplicate_has_no_effect() {
    let receiver = Receiver::good().await;
    for body in [created(), called(), completed(), feedback("good")] {
        assert_eq!(receiver.send(&body).await, "200 applied");
        assert_eq!(receiver.send(&body).await, "200 duplicate");
    }
    assert_eq!(receiver.believes().await, "completed, 4 sent");
}

#[tokio::test]
async fn an_older_state_never_overwrites_a_newer_one() {
    let receiver = Receiver::good().await;
    for body in [created(), called(), retried()] {
        assert_eq!(receiver.send(&body).await, "200 applied");
    }
    assert_eq!(receiver.send(&called()).await, "200 stale");
    assert_eq!(receiver.send(&called_again()).await, "200 applied");
    assert_eq!(receiver.send(&created()).await, "200 stale");
    assert_eq!(receiver.send(&retried()).await, "200 stale");
    assert_eq!(receiver.believes().await, "notified, 4 sent");
}

#[tokio::test]
async fn a_final_state_is_never_left() {
    let receiver = Receiver::good().await;
    let removed = webhook("positionRemoved", "rejected", json!({"station": null}));
    assert_eq!(receiver.send(&removed).await, "200 applied");
    for late in [created(), called(), retried(), completed(), feedback("late")] {
        assert_eq!(receiver.send(&late).await, "200 stale");
    }
    assert_eq!(receiver.believes().await, "rejected, 1 sent");
}

#[tokio::test]
async fn feedback_completes_a_position_and_survives_a_late_completion() {
    let receiver = Receiver::good().await;
    receiver.send(&called()).await;
    assert_eq!(receiver.send(&feedback("first")).await, "200 applied");
    receiver.send(&completed()).await;
    assert_eq!(receiver.believes().await, "completed, 2 sent");
    assert_eq!(receiver.probe().await.unwrap()["feedback"]["message"], "first");
}

#[tokio::test]
async fn another_slot_is_a_change_and_a_late_confirmation_is_not() {
    let receiver = Receiver::good().await;
    let confirmed = booked("bookingConfirmation", "2031-03-05T09:30:00Z");
    let updated = booked("bookingUpdated", "2031-03-05T10:00:00Z");
    assert_eq!(receiver.send(&confirmed).await, "200 applied");
    assert_eq!(receiver.send(&updated).await, "200 applied");
    assert_eq!(receiver.send(&updated).await, "200 duplicate");
    assert_eq!(receiver.send(&confirmed).await, "200 stale");
    let seen = receiver.probe().await.unwrap();
    assert_eq!(seen["booking"]["start"], "2031-03-05T10:00:00Z");
    assert_eq!((&seen["people"], &seen["messages_sent"]), (&json!(2), &json!(2)));
}

#[tokio::test]
async fn every_documented_form_is_accepted() {
    let form = json!([{"name": "name", "value": "Kim", "label": "Name", "type": "input",
        "validationRules": {"required": true}}, {"name": "terms", "value": true}]);
    let more = json!({"location": "Demo Store", "registrationData": form, "type": "manual",
        "station": null, "neverHeardOf": [1]});
    let receiver = Receiver::good().await;
    let mut body = webhook("bookingRemoved", "rejected", more);
    body["message"] = json!("A12: we could not find you.");
    let answer = receiver.post("Application/JSON; charset=UTF-8", body.to_string()).await;
    assert_eq!(status_and_text(answer).await, "200 applied");
    let seen = receiver.probe().await.unwrap();
    assert_eq!((&seen["location"], &seen["guest"]), (&json!("Demo Store"), &json!("Kim")));
}

#[tokio::test]
async fn an_unknown_trigger_is_accepted_and_changes_nothing() {
    let receiver = Receiver::good().await;
    let body = webhook("positionTransferred", "pending", json!({}));
    assert_eq!(receiver.send(&body).await, "200 ignored");
    assert_eq!(receiver.believes().await, "nothing");
}

#[tokio::test]
async fn an_invalid_body_is_refused_with_the_field() {
    let status = "one of draft, pending, notified, fulfilled, completed and rejected is needed";
    let with = |more| webhook("positionCreated", "pending", more);
    let mut nameless = created();
    nameless["type"] = json!(7);
    let cases = [
        (nameless, "422 type is 7; a string is needed".into()),
        (json!([]), "422 the body is an array; an object is needed".into()),
        (without(created(), "status"), format!("422 data.position.status is missing; {status}")),
        (with(json!({"status": null})), format!("422 data.position.status is null; {status}")),
        (
            with(json!({"status": "gone"})),
            format!("422 data.position.status is \"gone\"; {status}"),
        ),
        (with(json!({"id": "A12"})), "422 data.position.id is \"A12\"; a UUID is needed".into()),
        (
            with(json!({"booking": {"start": "soon"}})),
            "422 data.position.booking.start is \"soon\"; a time as in RFC 3339 is needed".into(),
        ),
        (
            with(json!({"location": {"name": "x"}})),
            "422 data.position.location.locationName is missing; a string is needed".into(),
        ),
        (
            with(json!({"registrationData": [{"value": "x"}]})),
            "422 data.position.registrationData[0].name is missing; a string is needed".into(),
        ),
    ];
    let receiver = Receiver::good().await;
    for (body, answer) in cases {
        assert_eq!(receiver.send(&body).await, answer);
    }
    assert_eq!(receiver.believes().await, "nothing");
}

#[tokio::test]
async fn a_body_that_is_not_json_or_not_utf_8_or_too_large_is_refused() {
    let receiver = Receiver::good().await;
    let text = created().to_string();
    let status = async |content_type: &str, body: Vec<u8>| {
        receiver.post(content_type, body).await.status().as_u16()
    };
    assert_eq!(status("application/json", text.as_bytes()[..200].to_vec()).await, 400);
    assert_eq!(status("application/json", b"{\"type\": \"\xff\"}".to_vec()).await, 400);
    assert_eq!(status("text/plain", text.clone().into()).await, 415);
    assert_eq!(status("application/json; charset=utf-16", text.into()).await, 415);
    assert_eq!(status("application/json", vec![b' '; 5 * 1024 * 1024]).await, 413);
    assert_eq!(receiver.believes().await, "nothing");
}
