//! Each defect shows in an answer or in the stored state. Defects of tokens are tested in `token`,
//! those of the token endpoint in `oauth`.

use super::*;

/// A defect, the webhooks to send, the start of the last answer, and the stored state.
type Case<'a> = (Defect, Vec<(&'static str, Value)>, &'static str, &'a str);

async fn check(cases: Vec<Case<'_>>) {
    for (defect, webhooks, answer, belief) in cases {
        let receiver = Receiver::bad(defect).await;
        let last = receiver.send_all(&webhooks).await;
        assert!(last.starts_with(answer), "{}: {last}", defect.name());
        assert_eq!(receiver.believes().await, belief, "{}", defect.name());
    }
}

fn with(mut body: Value, more: Value) -> Value {
    change(&mut body["order_details"], more);
    body
}

const PAID: &str = "Åsa, active, active valid, told 1, let in 0";
const UNPAID: &str = "Åsa, active, inactive pending, told 1, let in 0";

#[tokio::test]
async fn defects_of_answers() {
    let update = || vec![("order-created", unpaid()), ("order-updated", paid())];
    let paid_later = "Åsa, active, active valid, told 2, let in 0";
    check(vec![
        (Defect::Created201, vec![("order-created", paid())], "201", PAID),
        (Defect::Created201, update(), "200", paid_later),
        (Defect::Accepted202, vec![("order-created", paid())], "202", PAID),
        (Defect::NoContent204, update(), "204", paid_later),
        (Defect::OrderRefusalCrashes, vec![("order-created", json!({}))], "500", "nothing"),
        (
            Defect::DuplicateOrderRefused,
            vec![("order-created", paid()), ("order-created", paid())],
            "409",
            PAID,
        ),
    ])
    .await;
}

#[tokio::test]
async fn defects_of_reading() {
    let created = |body| vec![("order-created", body)];
    let booker_only = || {
        with(
            paid(),
            json!({"attendees": [{"id": ANNA, "status": "active",
        "ticket": {"id": TICKET, "status": "valid", "event_ticket_id": 5501}}]}),
        )
    };
    let by_booker = || order("attendee_accepted_cancellation", "inactive", "cancelled");
    let flagged = || order("pending_organizer_review", "inactive", "pending");
    let with_code = || with(paid(), json!({"promotion_code": "SPRING"}));
    let prefilled = || {
        let mut body = paid();
        body["external_customer_id"] = json!("crm-7788");
        body
    };
    check(vec![
        (Defect::AttendeeCancellationUnknown, created(by_booker()), "500", "nothing"),
        (Defect::FlaggedOrderUnknown, created(flagged()), "500", "nothing"),
        (Defect::BookerOnlyAttendeesCrash, created(booker_only()), "500", "nothing"),
        (Defect::BookerOnlyAttendeesCrash, created(paid()), "200", PAID),
        (Defect::PromotionCodeRequired, created(paid()), "500", "nothing"),
        (Defect::PromotionCodeRequired, created(with_code()), "200", PAID),
        (Defect::CustomerIdRequired, created(paid()), "500", "nothing"),
        (Defect::CustomerIdRequired, created(prefilled()), "200", PAID),
        (
            Defect::UnknownOrderFieldFails,
            created(with(paid(), json!({"new": 1}))),
            "500",
            "nothing",
        ),
        (Defect::UnknownOrderFieldFails, created(paid()), "200", PAID),
        (Defect::AmountAsInteger, created(paid()), "500", "nothing"),
        (
            Defect::OrderNameMangled,
            created(paid()),
            "200",
            "?sa, active, active valid, told 1, let in 0",
        ),
        (Defect::SecondTicketOverlooked, created(with_bo(paid(), "valid")), "200", PAID),
        (Defect::ApprovalSkipped, created(waiting()), "200", UNPAID),
        (Defect::UnpaidTakenAsPaid, created(unpaid()), "200", PAID),
        (
            Defect::UnpaidTakenAsPaid,
            created(waiting()),
            "200",
            "Åsa, pending_organizer_approval, inactive pending, told 1, let in 0",
        ),
        (
            Defect::CheckinIgnored,
            vec![("order-created", paid()), ("order-updated", checked())],
            "200 duplicate",
            PAID,
        ),
    ])
    .await;
}

#[tokio::test]
async fn defects_of_amounts_show_in_the_probe() {
    for (defect, discount, amount) in [
        (Defect::CentsDropped, 0, "142"),
        (Defect::AmountDrifts, 0, "142.8000030517578"),
        (Defect::CouponTakenOffTwice, 10, "132.80"),
        (Defect::CouponTakenOffTwice, 0, "142.80"),
    ] {
        let receiver = Receiver::bad(defect).await;
        let body = with(paid(), json!({"total_coupon_discount": discount}));
        assert_eq!(receiver.send("order-created", &body).await, "200 applied");
        assert_eq!(receiver.order().await.unwrap()["amount"], amount, "{}", defect.name());
    }
}

#[tokio::test]
async fn defects_of_order_and_repetition() {
    let twice = || vec![("order-created", paid()), ("order-created", paid())];
    let late_creation = || vec![("order-updated", paid()), ("order-created", unpaid())];
    let after = |trigger, end, late| {
        vec![("order-created", unpaid()), (trigger, end), ("order-updated", late)]
    };
    let at_door =
        || vec![("order-created", paid()), ("order-updated", checked()), ("order-updated", paid())];
    let gone = "Åsa, organizer_accepted_cancellation";
    let cancelled_late = format!("{gone}, inactive cancelled, told 2, let in 0");
    let still_valid = format!("{gone}, active valid, told 2, let in 0");
    let denied = order("denied", "inactive", "cancelled");
    check(vec![
        (
            Defect::OrderDuplicatesAppliedTwice,
            twice(),
            "200 applied",
            "Åsa, active, active valid, told 2, let in 0",
        ),
        (Defect::OrderCreationRequired, vec![("order-updated", paid())], "404", "nothing"),
        (Defect::OrderCreationRequired, vec![("order-created", paid())], "200", PAID),
        (Defect::UnheardEventRefusesOrders, vec![("order-created", paid())], "404", "nothing"),
        (
            Defect::UnheardEventRefusesOrders,
            vec![("event-updated", event("live", 0, "Summit")), ("order-created", paid())],
            "200",
            PAID,
        ),
        (
            Defect::LateOrderCreationWins,
            late_creation(),
            "200",
            "Åsa, active, inactive pending, told 2, let in 0",
        ),
        (
            Defect::LateOrderCreationWins,
            after("order-updated", paid(), unpaid()),
            "200 stale",
            "Åsa, active, active valid, told 2, let in 0",
        ),
        (
            Defect::OlderOrderOverwrites,
            after("order-updated", paid(), unpaid()),
            "200 applied",
            "Åsa, active, inactive pending, told 3, let in 0",
        ),
        (
            Defect::CancelledOrderReopens,
            after("order-cancelled", cancelled(), paid()),
            "200 applied",
            "Åsa, active, active valid, told 3, let in 0",
        ),
        (
            Defect::CancelledOrderReopens,
            after("order-removed", removed(), paid()),
            "200 stale",
            "Åsa, removed, inactive cancelled, told 2, let in 0",
        ),
        (
            Defect::RemovedOrderRevived,
            after("order-removed", removed(), paid()),
            "200 applied",
            "Åsa, active, active valid, told 3, let in 0",
        ),
        (
            Defect::RemovedOrderRevived,
            after("order-cancelled", cancelled(), paid()),
            "200 stale",
            &cancelled_late,
        ),
        (
            Defect::SameOrderStatusIsDuplicate,
            vec![("order-created", unpaid()), ("order-updated", paid())],
            "200 duplicate",
            UNPAID,
        ),
        (
            Defect::DenialIgnored,
            vec![("order-created", unpaid()), ("order-updated", denied)],
            "200 ignored",
            UNPAID,
        ),
        (
            Defect::RemovalForgotten,
            vec![("order-created", paid()), ("order-removed", removed())],
            "200 applied",
            PAID,
        ),
        (
            Defect::CancellationLeavesTickets,
            vec![("order-created", paid()), ("order-cancelled", cancelled())],
            "200 applied",
            &still_valid,
        ),
        (
            Defect::UndoneCheckinIgnored,
            at_door(),
            "200 stale",
            "Åsa, active, active checked, told 1, let in 1",
        ),
    ])
    .await;
}

#[tokio::test]
async fn orders_at_the_same_instant_apply_once() {
    for (defect, told) in [(None, 1), (Some(Defect::SimultaneousOrdersRace), 2)] {
        let defects = defect.into_iter().collect();
        let receiver = Receiver::with(Options { defects, ..Options::default() }).await;
        let token = receiver.token("doo", SECRET).await;
        let send = || receiver.post("order-created", bearer(&token), checked().to_string());
        let both = tokio::join!(send(), send());
        assert!(both.0.status() == 200 && both.1.status() == 200, "{both:?}");
        let belief = format!("Åsa, active, active checked, told {told}, let in {told}");
        assert_eq!(receiver.believes().await, belief);
    }
}

#[tokio::test]
async fn defects_of_events() {
    let live = || ("event-updated", event("live", 60, "New"));
    let older = ("event-updated", event("live", 30, "Old"));
    let same = ("event-updated", event("live", 60, "Newest"));
    let off = ("event-updated", event("cancelled", 90, "New"));
    let gone = || ("event-removed", event("deleted", 90, "New"));
    for (defect, webhooks, answer, belief) in [
        (Defect::EventIdTypeMismatch, vec![live()], "500", "nothing"),
        (Defect::DeletedFlagAsBoolean, vec![live()], "500", "nothing"),
        (Defect::DeletedFlagTruthy, vec![live()], "200", "deleted New 1"),
        (Defect::EventCreationRequired, vec![live()], "404", "nothing"),
        (Defect::EventUpdateOverwrittenByOlder, vec![live(), older], "200", "live Old 2"),
        (Defect::SameSecondIsDuplicate, vec![live(), same], "200", "live New 1"),
        (Defect::CalledOffEventIgnored, vec![live(), off], "200", "live New 1"),
        (Defect::EventDeletionForgotten, vec![live(), gone()], "200", "live New 1"),
        (
            Defect::DeletedEventRevived,
            vec![gone(), ("event-updated", event("live", 99, "New"))],
            "200",
            "live New 2",
        ),
    ] {
        let receiver = Receiver::bad(defect).await;
        let last = receiver.send_all(&webhooks).await;
        assert_eq!(&last[..3], answer, "{}: {last}", defect.name());
        let seen = receiver.event().await.map_or("nothing".into(), |it| {
            format!("{} {} {}", word(&it["status"]), word(&it["title"]), it["notified"])
        });
        assert_eq!(seen, belief, "{}", defect.name());
    }
}

#[tokio::test]
async fn a_defect_of_another_vendor_has_no_effect() {
    let others = defects().iter().copied().filter(|defect| defect.vendor() != "doo");
    let receiver =
        Receiver::with(Options { defects: others.collect(), ..Options::default() }).await;
    assert_eq!(
        receiver.send("order-created", &json!({})).await,
        "422 order_details is missing; an object is needed"
    );
    assert_eq!(receiver.send("order-created", &paid()).await, "200 applied");
    assert_eq!(receiver.send("order-created", &paid()).await, "200 duplicate");
    assert_eq!(receiver.believes().await, PAID);
}
