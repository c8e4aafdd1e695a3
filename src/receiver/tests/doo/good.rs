//! A correct receiver gets webhooks with a valid token, in order.

use super::*;

#[tokio::test]
async fn the_probes_show_every_key_and_null_for_what_is_unknown() {
    let receiver = Receiver::good().await;
    assert_eq!(receiver.order().await, None);
    assert_eq!(receiver.send("order-created", &paid()).await, "200 applied");
    let ticket = json!({"id": TICKET, "status": "valid", "category": 5501});
    let attendee = json!({"id": ANNA, "status": "active", "first_name": "Åsa", "last_name": "Berg",
        "email": "asa@example.test", "ticket": ticket});
    let expected = json!({
        "id": ORDER, "status": "active", "first_name": "Åsa", "last_name": "Berg",
        "email": "asa@example.test", "invoice": "TX-0880031", "amount": "142.80", "discount": 0,
        "customer": null, "event": {"id": EVENT, "title": "Summit", "status": "live"},
        "attendees": [attendee], "messages_sent": 1,
    });
    assert_eq!(receiver.order().await, Some(expected));
    let mut shown = attendee.clone();
    change(&mut shown, json!({"order": ORDER, "event": EVENT}));
    assert_eq!(receiver.0.probe(&format!("/attendees/{ANNA}")).await, Some(shown));
    let mut shown = ticket.clone();
    change(&mut shown, json!({"attendee": ANNA, "order": ORDER, "entries": 0}));
    assert_eq!(receiver.0.probe(&format!("/tickets/{TICKET}")).await, Some(shown));
}

#[tokio::test]
async fn an_order_goes_from_approval_to_check_in_and_removal() {
    let receiver = Receiver::good().await;
    for (trigger, body, belief) in [
        ("order-created", waiting(), format!("{WAITS}, inactive pending, told 1, let in 0")),
        (
            "order-updated",
            order("pending_organizer_review", "inactive", "pending"),
            "pending_organizer_review, inactive pending, told 2, let in 0".into(),
        ),
        ("order-updated", unpaid(), "active, inactive pending, told 3, let in 0".into()),
        ("order-updated", paid(), "active, active valid, told 4, let in 0".into()),
        ("order-updated", checked(), "active, active checked, told 4, let in 1".into()),
        ("order-updated", paid(), "active, active valid, told 4, let in 1".into()),
        ("order-updated", checked(), "active, active checked, told 4, let in 2".into()),
        (
            "order-cancelled",
            cancelled(),
            format!("{CANCELLED}, inactive cancelled, told 5, let in 2"),
        ),
        ("order-removed", removed(), "removed, inactive cancelled, told 6, let in 2".into()),
    ] {
        assert_eq!(receiver.send(trigger, &body).await, "200 applied", "{belief}");
        assert_eq!(receiver.believes().await, format!("Åsa, {belief}"));
    }
}

#[tokio::test]
async fn a_corrected_name_sends_no_message() {
    let receiver = Receiver::good().await;
    let belief = |name| format!("{name}, active, active valid, told 1, let in 0");
    receiver.send("order-created", &paid()).await;
    for name in ["Zoë", "Åsa", "Zoë"] {
        assert_eq!(receiver.send("order-updated", &named(paid(), name)).await, "200 applied");
        assert_eq!(receiver.believes().await, belief(name));
    }
}

#[tokio::test]
async fn every_final_status_of_an_order_is_stored() {
    for (trigger, status) in [
        ("order-updated", "denied"),
        ("order-cancelled", "attendee_accepted_cancellation"),
        // As in the model of 2017.
        ("order-cancelled", "organizer_cancelled"),
    ] {
        let receiver = Receiver::good().await;
        receiver.send("order-created", &waiting()).await;
        let body = order(status, "inactive", "cancelled");
        assert_eq!(receiver.send(trigger, &body).await, "200 applied");
        let belief = format!("Åsa, {status}, inactive cancelled, told 2, let in 0");
        assert_eq!(receiver.believes().await, belief);
    }
}

#[tokio::test]
async fn a_removal_is_believed_by_its_address() {
    let receiver = Receiver::good().await;
    assert_eq!(receiver.send("order-removed", &paid()).await, "200 applied");
    assert!(receiver.believes().await.starts_with("Åsa, removed"));
    assert_eq!(receiver.send("event-removed", &event("draft", 0, "Summit")).await, "200 applied");
    assert_eq!(receiver.event().await.unwrap()["status"], "deleted");
}

#[tokio::test]
async fn a_duplicate_has_no_effect() {
    let receiver = Receiver::good().await;
    for (trigger, body) in [
        ("event-created", event("draft", 0, "Summit")),
        ("event-updated", event("live", 9, "Summit")),
        ("order-created", unpaid()),
        ("order-updated", paid()),
        ("order-updated", checked()),
        ("order-cancelled", cancelled()),
        ("order-removed", removed()),
    ] {
        assert_eq!(receiver.send(trigger, &body).await, "200 applied");
        assert_eq!(receiver.send(trigger, &body).await, "200 duplicate");
    }
    assert_eq!(receiver.believes().await, "Åsa, removed, inactive cancelled, told 4, let in 1");
    assert_eq!(receiver.event().await.unwrap()["notified"], 2);
}

#[tokio::test]
async fn a_cancellation_under_two_triggers_is_one() {
    let receiver = Receiver::good().await;
    receiver.send("order-created", &paid()).await;
    assert_eq!(receiver.send("order-cancelled", &cancelled()).await, "200 applied");
    assert_eq!(receiver.send("order-updated", &cancelled()).await, "200 duplicate");
}

#[tokio::test]
async fn an_event_shows_its_newest_state_and_is_the_event_of_its_orders() {
    let receiver = Receiver::good().await;
    assert_eq!(receiver.send("event-created", &event("draft", 0, "Tag")).await, "200 applied");
    assert_eq!(receiver.send("event-updated", &event("live", 60, "Tag")).await, "200 applied");
    assert_eq!(receiver.send("event-updated", &event("live", 90, "Gipfel")).await, "200 applied");
    let expected = json!({"id": EVENT, "status": "live", "title": "Gipfel",
        "starts": "2031-05-14 09:00:00", "ends": "2031-05-14 17:30:00", "deleted": "0",
        "updated": "2031-01-20 12:01:30", "external_user": "crm-user-12", "notified": 3});
    assert_eq!(receiver.event().await, Some(expected));
    receiver.send("order-created", &paid()).await;
    let event = receiver.order().await.unwrap()["event"]["id"].clone();
    assert_eq!(event, receiver.event().await.unwrap()["id"]);
}

#[tokio::test]
async fn optional_fields_may_be_missing() {
    let receiver = Receiver::good().await;
    let mut body = paid();
    body["order_details"]["attendees"] = json!([{"id": ANNA, "status": "active"}, {"id": BO, "status": "active",
            "ticket": {"id": BOS_TICKET, "status": "valid", "event_ticket_id": 5501}}]);
    change(&mut body["order_details"], json!({"some_new_field": [1], "promotion_code": null}));
    assert_eq!(receiver.send("order-created", &body).await, "200 applied");
    let anna = receiver.0.probe(&format!("/attendees/{ANNA}")).await.unwrap();
    assert_eq!((&anna["first_name"], &anna["ticket"]), (&Value::Null, &Value::Null));
    let ticket = receiver.0.probe(&format!("/tickets/{BOS_TICKET}")).await.unwrap();
    assert_eq!((word(&ticket["status"]), word(&ticket["attendee"])), ("valid", BO));
}

#[tokio::test]
async fn the_amount_is_stored_as_it_was_written() {
    for amount in ["142.80", "0.00", "1000000000000000.01", "17", "142,80"] {
        let receiver = Receiver::good().await;
        let mut body = paid();
        body["order_details"]["payment"]["amount"] = json!(amount);
        receiver.send("order-created", &body).await;
        assert_eq!(receiver.order().await.unwrap()["amount"], amount);
    }
}

#[tokio::test]
async fn an_attendee_who_left_the_order_is_no_longer_known() {
    let receiver = Receiver::good().await;
    receiver.send("order-created", &with_bo(paid(), "valid")).await;
    assert!(receiver.0.probe(&format!("/attendees/{BO}")).await.is_some());
    receiver.send("order-updated", &paid()).await;
    assert_eq!(receiver.0.probe(&format!("/attendees/{BO}")).await, None);
    assert_eq!(receiver.0.probe(&format!("/tickets/{BOS_TICKET}")).await, None);
}

fn alone(pass: &str, attendance: &str) -> Value {
    let mut body = attendee(ANNA, TICKET, attendance, pass);
    change(&mut body, json!({"order_id": ORDER, "event_id": EVENT}));
    body
}

#[tokio::test]
async fn a_webhook_about_an_attendee_changes_the_order() {
    let receiver = Receiver::good().await;
    receiver.send("order-created", &unpaid()).await;
    assert_eq!(
        receiver.send("attendee-pending", &alone("pending", "inactive")).await,
        "200 duplicate"
    );
    assert_eq!(receiver.send("attendee-validated", &alone("valid", "active")).await, "200 applied");
    assert_eq!(receiver.send("order-updated", &paid()).await, "200 duplicate");
    assert_eq!(receiver.send("attendee-checkin", &alone("checked", "active")).await, "200 applied");
    assert_eq!(receiver.send("attendee-pending", &alone("pending", "inactive")).await, "200 stale");
    assert_eq!(receiver.believes().await, "Åsa, active, active checked, told 2, let in 1");
    let late = ("attendee-cancelled", alone("cancelled", "inactive"));
    receiver.send("order-cancelled", &cancelled()).await;
    assert_eq!(receiver.send_all(&[late]).await, "200 duplicate");
}

#[tokio::test]
async fn an_attendee_is_kept_until_the_order_arrives() {
    let receiver = Receiver::good().await;
    let body = alone("checked", "active");
    assert_eq!(receiver.send("attendee-checkin", &body).await, "200 applied");
    assert_eq!(receiver.send("attendee-checkin", &body).await, "200 duplicate");
    let anna = receiver.0.probe(&format!("/attendees/{ANNA}")).await.unwrap();
    assert_eq!((word(&anna["order"]), word(&anna["ticket"]["status"])), (ORDER, "checked"));
    let ticket = receiver.0.probe(&format!("/tickets/{TICKET}")).await.unwrap();
    assert_eq!((&ticket["entries"], word(&ticket["status"])), (&json!(1), "checked"));
    assert_eq!(receiver.order().await, None);
    receiver.send("order-created", &paid()).await;
    assert_eq!(receiver.believes().await, "Åsa, active, active valid, told 1, let in 1");
}
