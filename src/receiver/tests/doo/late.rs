//! A correct receiver gets webhooks in another order than they were sent.

use super::*;

/// The whole life of an order: its states with their triggers.
fn life() -> Vec<(&'static str, Value)> {
    let review = order("pending_organizer_review", "inactive", "pending");
    vec![
        ("order-created", waiting()),
        ("order-updated", review),
        ("order-updated", unpaid()),
        ("order-updated", paid()),
        ("order-updated", checked()),
        ("order-cancelled", cancelled()),
        ("order-removed", removed()),
    ]
}

#[tokio::test]
async fn a_late_webhook_changes_nothing() {
    for newest in 1..life().len() {
        for late in 0..newest {
            let receiver = Receiver::good().await;
            assert_eq!(receiver.send_all(&life()[newest..=newest]).await, "200 applied");
            let before = receiver.believes().await;
            assert_eq!(
                receiver.send_all(&life()[late..=late]).await,
                "200 stale",
                "{newest} {late}"
            );
            assert_eq!(receiver.believes().await, before);
        }
    }
}

/// All permutations of this many items.
fn orders(count: usize) -> Vec<Vec<usize>> {
    let Some(last) = count.checked_sub(1) else { return vec![Vec::new()] };
    let shorter = orders(last).into_iter();
    shorter
        .flat_map(|shorter| {
            (0..=last).map(move |place| {
                let mut longer = shorter.clone();
                longer.insert(place, last);
                longer
            })
        })
        .collect()
}

/// The final state is the same in any order of arrival.
async fn ends_the_same(story: &[(&str, Value)], belief: &str) {
    for way in orders(story.len()) {
        let receiver = Receiver::good().await;
        for index in &way {
            receiver.send_all(&story[*index..=*index]).await;
        }
        let believed = receiver.believes().await;
        assert!(believed.starts_with(belief), "{way:?}: {believed}");
    }
}

#[tokio::test]
async fn a_story_without_reversals_ends_the_same_in_any_order() {
    let transfer = [
        ("order-created", unpaid()),
        ("order-updated", paid()),
        ("order-updated", checked()),
        ("order-cancelled", cancelled()),
    ];
    ends_the_same(&transfer[..3], "Åsa, active, active checked").await;
    ends_the_same(&transfer, "Åsa, organizer_accepted_cancellation, inactive cancelled").await;
    let denied = [
        ("order-created", waiting()),
        ("order-updated", order("pending_organizer_review", "inactive", "pending")),
        ("order-updated", order("denied", "inactive", "cancelled")),
        ("order-removed", removed()),
    ];
    ends_the_same(&denied[..3], "Åsa, denied, inactive cancelled").await;
    ends_the_same(&denied, "Åsa, removed, inactive cancelled").await;
}

/// A creation, then the check-ins of two people, with a correction between them.
#[tokio::test]
async fn overtaken_webhooks_do_not_undo_newer_ones() {
    let both = |anna: fn() -> Value, bo| with_bo(anna(), bo);
    let check_ins = [both(checked, "valid"), both(checked, "checked")];
    let corrected = [
        both(checked, "valid"),
        named(both(checked, "valid"), "Zoë"),
        named(both(checked, "checked"), "Zoë"),
    ];
    for (story, belief) in [
        (&check_ins[..], "Åsa, active, active checked, active checked, told 1, let in 1+1"),
        (&corrected[..], "Zoë, active, active checked, active checked, told 1, let in 1+1"),
    ] {
        for way in orders(story.len()) {
            let receiver = Receiver::good().await;
            receiver.send("order-created", &both(paid, "valid")).await;
            for index in &way {
                receiver.send("order-updated", &story[*index]).await;
            }
            assert_eq!(receiver.believes().await, belief, "{way:?}");
        }
    }
}

#[tokio::test]
async fn a_check_in_can_be_undone_repeatedly_if_nothing_was_overtaken() {
    let receiver = Receiver::good().await;
    receiver.send("order-created", &unpaid()).await;
    // The check-in has overtaken the payment. When the payment arrives, it undoes nothing.
    assert_eq!(receiver.send("order-updated", &checked()).await, "200 applied");
    assert_eq!(receiver.send("order-updated", &paid()).await, "200 stale");
    for (body, belief) in [
        (paid(), "Åsa, active, active valid, told 2, let in 1"),
        (checked(), "Åsa, active, active checked, told 2, let in 2"),
        (paid(), "Åsa, active, active valid, told 2, let in 2"),
    ] {
        assert_eq!(receiver.send("order-updated", &body).await, "200 applied");
        assert_eq!(receiver.believes().await, belief);
    }
}

#[tokio::test]
async fn an_update_before_the_creation_is_the_order() {
    let receiver = Receiver::good().await;
    assert_eq!(receiver.send("order-updated", &checked()).await, "200 applied");
    assert_eq!(receiver.send("order-created", &paid()).await, "200 stale");
    assert_eq!(receiver.believes().await, "Åsa, active, active checked, told 1, let in 1");
    // The ticket was valid from the start, so a later valid one means an undone check-in.
    assert_eq!(receiver.send("order-updated", &paid()).await, "200 applied");
    assert_eq!(receiver.believes().await, "Åsa, active, active valid, told 1, let in 1");

    // A creation without news means that nothing was overtaken.
    let receiver = Receiver::good().await;
    for (trigger, body, answer) in [
        ("order-updated", paid(), "200 applied"),
        ("order-created", paid(), "200 duplicate"),
        ("order-updated", checked(), "200 applied"),
        ("order-updated", paid(), "200 applied"),
    ] {
        assert_eq!(receiver.send(trigger, &body).await, answer);
    }
}

#[tokio::test]
async fn a_cancelled_order_keeps_its_kind_of_cancellation() {
    let receiver = Receiver::good().await;
    receiver.send("order-cancelled", &cancelled()).await;
    let by_booker = order("attendee_accepted_cancellation", "inactive", "cancelled");
    for late in [waiting(), unpaid(), paid(), checked(), by_booker] {
        assert_eq!(receiver.send("order-updated", &late).await, "200 stale");
    }
    assert_eq!(receiver.send("order-removed", &removed()).await, "200 applied");
    assert_eq!(receiver.send("order-cancelled", &cancelled()).await, "200 stale");
    assert_eq!(receiver.believes().await, "Åsa, removed, inactive cancelled, told 2, let in 0");
}

#[tokio::test]
async fn an_older_event_never_overwrites_a_newer_one() {
    let receiver = Receiver::good().await;
    for (trigger, body, answer) in [
        ("event-updated", event("live", 60, "New"), "200 applied"),
        ("event-created", event("draft", 0, "Old"), "200 stale"),
        ("event-updated", event("draft", 30, "Old"), "200 stale"),
        // In the same second, the order of arrival decides, unless the status tells.
        ("event-updated", event("live", 60, "Newest"), "200 applied"),
        ("event-updated", event("draft", 60, "Old"), "200 stale"),
        ("event-updated", event("cancelled", 90, "Newest"), "200 applied"),
        ("event-removed", event("deleted", 90, "Newest"), "200 applied"),
        ("event-updated", event("live", 99, "Newer"), "200 stale"),
        ("event-removed", event("deleted", 90, "Newest"), "200 duplicate"),
    ] {
        assert_eq!(receiver.send(trigger, &body).await, answer, "{body}");
    }
    let seen = receiver.event().await.unwrap();
    assert_eq!((word(&seen["title"]), word(&seen["status"])), ("Newest", "deleted"));
}

#[tokio::test]
async fn dates_of_events_may_have_either_form_or_none() {
    let at = |date: &str, title: &str| {
        let mut body = event("live", 0, title);
        body["update_date"] = json!(date);
        body
    };
    let receiver = Receiver::good().await;
    for (body, answer) in [
        (at("2031-01-20T12:00:00+01:00", "a"), "200 applied"),
        (at("2031-01-20T11:30:00+00:00", "b"), "200 applied"),
        (at("2031-01-20T12:15:00+01:00", "c"), "200 stale"),
        // Dates that cannot be compared: the last webhook counts.
        (at("2031-01-19 12:00:00", "d"), "200 applied"),
        (at("yesterday", "e"), "200 applied"),
        (at("2031-01-20 12:00:00", "f"), "200 applied"),
    ] {
        assert_eq!(receiver.send("event-updated", &body).await, answer, "{body}");
    }
}
