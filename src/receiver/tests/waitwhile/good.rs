//! A correct receiver gets signed webhooks.

use super::*;

#[tokio::test]
async fn the_probe_shows_every_key_and_null_for_what_is_unknown() {
    let receiver = Receiver::good().await;
    assert_eq!(receiver.visit(VISIT).await, None);
    assert_eq!(receiver.send(&created()).await, "200 applied");
    let expected = json!({
        "id": VISIT, "state": "WAITING", "name": "Åsa Berg", "party": 2,
        "customer": "cus0demo0cus0demo0cus0", "locale": null, "location": LOCATION,
        "ticket": "A017", "position": 3, "estimate": 600, "waited": null, "slot": null, "tags": [],
        "resources": ["9sxvHtjutXVfTZMNMzP9"], "services": [],
        "answers": [{"question": "Cu7HUgTbPvQScHE4NvBO", "values": ["window"]}],
        "joined_at": at(0), "served_at": null, "completed_at": null, "notified": 1,
    });
    assert_eq!(receiver.visit(VISIT).await, Some(expected));
}

#[tokio::test]
async fn a_visit_goes_through_the_line_and_back_into_it() {
    let receiver = Receiver::good().await;
    for (body, belief) in [
        (created(), "WAITING at 3, told 1"),
        (moved_up(), "WAITING at 2, told 1"),
        (served(), "SERVING at 1, told 2"),
        (completed(), "COMPLETE at null, told 3"),
        (restored(), "WAITING at 1, told 4"),
    ] {
        assert_eq!(receiver.send(&body).await, "200 applied", "{body}");
        assert_eq!(receiver.believes().await, belief);
    }
    let seen = receiver.visit(VISIT).await.unwrap();
    assert_eq!((&seen["served_at"], &seen["waited"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn a_visit_that_is_served_has_no_estimate_and_has_waited() {
    let receiver = Receiver::good().await;
    receiver.send(&created()).await;
    receiver.send(&served()).await;
    let seen = receiver.visit(VISIT).await.unwrap();
    assert_eq!((&seen["estimate"], &seen["waited"]), (&Value::Null, &json!(630)));
}

#[tokio::test]
async fn a_booking_keeps_its_local_time_and_may_move_to_the_waitlist() {
    let receiver = Receiver::good().await;
    assert_eq!(receiver.send(&booked()).await, "200 applied");
    assert_eq!(receiver.believes().await, "BOOKED at null, told 1");
    let slot = json!({"start": "2031-06-03T14:30", "seconds": 1800});
    assert_eq!(receiver.visit(VISIT).await.unwrap()["slot"], slot);
    assert_eq!(receiver.send(&synced()).await, "200 applied");
    assert_eq!(receiver.believes().await, "WAITING at 3, told 2");
    assert_eq!(receiver.visit(VISIT).await.unwrap()["slot"], slot);
}

#[tokio::test]
async fn the_fields_that_profile_2024_leaves_out_are_not_missed() {
    let mut body = created();
    let trimmed = json!({"pendingExpireTime": "-", "resources": "-", "services": "-", "fields": "-",
        "ngrams": "-", "prevEstWaitDuration": "-", "dataFields": "-", "someNewField": {"a": [1]}});
    change(&mut body["data"], trimmed);
    let receiver = Receiver::good().await;
    assert_eq!(receiver.send(&body).await, "200 applied");
    assert_eq!(receiver.visit(VISIT).await.unwrap()["answers"], json!([]));
}

#[tokio::test]
async fn changes_in_the_same_millisecond_all_count() {
    let receiver = Receiver::good().await;
    receiver.send(&created()).await;
    let mut other = created();
    (other["id"], other["data"]["id"]) = (json!("0TaB0000zhIj9kLmNoPq"), json!(OTHER));
    assert_eq!(receiver.send(&other).await, "200 applied");
    // Two changes of one visit in the same millisecond: the envelope tells which is newer.
    let mut first = moved_up();
    first["id"] = json!("0TaB00600000000000000");
    first["after"]["position"] = json!(5);
    assert_eq!(receiver.send(&first).await, "200 applied");
    assert_eq!(receiver.send(&moved_up()).await, "200 applied");
    assert_eq!(receiver.send(&first).await, "200 stale");
    assert_eq!(receiver.believes().await, "WAITING at 2, told 1");
}

#[tokio::test]
async fn a_duplicate_has_no_effect() {
    let receiver = Receiver::good().await;
    for body in [created(), served(), completed(), message_created(), location_updated(1, 4, true)]
    {
        assert_eq!(receiver.send(&body).await, "200 applied");
        assert_eq!(receiver.send(&body).await, "200 duplicate");
    }
    assert_eq!(receiver.believes().await, "COMPLETE at null, told 3");
}

#[tokio::test]
async fn an_older_state_never_overwrites_a_newer_one() {
    let receiver = Receiver::good().await;
    assert_eq!(receiver.send(&served()).await, "200 applied");
    for late in [created(), moved_up()] {
        assert_eq!(receiver.send(&late).await, "200 stale");
    }
    assert_eq!(receiver.believes().await, "SERVING at 1, told 1");
}

#[tokio::test]
async fn a_removed_visit_is_gone_for_good() {
    let receiver = Receiver::good().await;
    receiver.send(&created()).await;
    receiver.send(&served()).await;
    // Its snapshot is older than the stored visit, but a removal is always the newest webhook.
    assert_eq!(receiver.send(&removed()).await, "200 applied");
    assert_eq!(receiver.send(&removed()).await, "200 duplicate");
    for late in [created(), served(), completed()] {
        assert_eq!(receiver.send(&late).await, "200 stale");
    }
    assert_eq!(receiver.believes().await, "nothing");

    let receiver = Receiver::good().await;
    assert_eq!(receiver.send(&removed()).await, "200 applied");
    assert_eq!(receiver.send(&created()).await, "200 stale");
    assert_eq!(receiver.believes().await, "nothing");
}

#[tokio::test]
async fn a_message_may_have_any_final_state() {
    for state in ["DELIVERED", "FAILED", "undelivered"] {
        let receiver = Receiver::good().await;
        assert_eq!(receiver.send(&message_created()).await, "200 applied");
        assert_eq!(receiver.message_state().await, Some(json!("PENDING")));
        assert_eq!(receiver.send(&message_updated(state)).await, "200 applied");
        assert_eq!(receiver.send(&message_created()).await, "200 stale");
        assert_eq!(receiver.message_state().await, Some(json!(state)));
    }
}

#[tokio::test]
async fn the_probe_shows_a_message() {
    let receiver = Receiver::good().await;
    let mut body = message_updated("DELIVERED");
    // The form of an update is not documented.
    let after = body["after"].take();
    change(&mut body, json!({"before": "-", "after": "-", "data": after}));
    assert_eq!(receiver.send(&body).await, "200 applied");
    let expected = json!({"id": MESSAGE, "state": "DELIVERED", "channel": "SMS",
        "kind": "WAITLIST-ALERT", "visit": VISIT, "location": LOCATION});
    assert_eq!(receiver.0.probe(&format!("/messages/{MESSAGE}")).await, Some(expected));
}

#[tokio::test]
async fn a_location_shows_its_newest_status() {
    let receiver = Receiver::good().await;
    assert_eq!(receiver.location().await, None);
    assert_eq!(receiver.send(&location_updated(9, 4, true)).await, "200 applied");
    assert_eq!(receiver.send(&location_updated(8, 5, false)).await, "200 stale");
    let expected = json!({"id": LOCATION, "name": "Downtown", "open": false, "forced_closed": true,
        "waiting": 4, "waiting_guests": 8, "serving": 1, "serving_guests": 2, "wait": null});
    assert_eq!(receiver.location().await, Some(expected));
    let least = json!({"after": {"id": LOCATION}});
    let least = envelope("location-status.updated", 10, least);
    assert_eq!(receiver.send(&least).await, "200 applied");
    assert_eq!(receiver.location().await.unwrap()["waiting"], Value::Null);
}

#[tokio::test]
async fn an_unknown_type_is_accepted_and_changes_nothing() {
    let receiver = Receiver::good().await;
    for kind in ["visit.archived", "customer.updated", ""] {
        let mut body = created();
        body["type"] = json!(kind);
        assert_eq!(receiver.send(&body).await, "200 ignored");
    }
    assert_eq!(receiver.believes().await, "nothing");
}
