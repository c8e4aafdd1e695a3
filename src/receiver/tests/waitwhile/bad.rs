//! Each defect shows in an answer or in the stored state. Defects of signatures are tested in
//! `signature`.

use super::*;

#[tokio::test]
async fn duplicates_at_the_same_instant_apply_once() {
    for (defect, belief) in [
        (None, "WAITING at 3, told 1"),
        (Some(Defect::SimultaneousUpdatesRace), "WAITING at 3, told 2"),
    ] {
        let defects = defect.into_iter().collect();
        let receiver = Receiver::with(Options { defects, ..Options::default() }).await;
        let body = created();
        let both = tokio::join!(receiver.send(&body), receiver.send(&body));
        assert!(both.0.starts_with("200") && both.1.starts_with("200"), "{both:?}");
        assert_eq!(receiver.believes().await, belief);
    }
}

#[tokio::test]
async fn each_defect_shows() {
    let with = |more| {
        let mut body = created();
        change(&mut body["data"], more);
        vec![body]
    };
    let archived = || {
        let mut body = created();
        body["type"] = json!("visit.archived");
        body
    };
    let trimmed = json!({"resources": "-", "services": "-", "fields": "-"});
    let full_profile = || with(json!({"locale": "en-US"}));
    for (defect, bodies, answer, belief) in [
        (Defect::RefusalCrashes, vec![json!({})], "500", "nothing"),
        (Defect::UnknownTypeFails, vec![archived()], "500", "nothing"),
        (Defect::UnknownTypeApplied, vec![archived()], "200", "WAITING at 3, told 1"),
        (Defect::UnknownFieldFails, with(json!({"new": 1})), "500", "nothing"),
        (Defect::UnknownFieldFails, vec![created(), served()], "200", "SERVING at 1, told 2"),
        (Defect::TrimmedFieldsRequired, with(trimmed), "500", "nothing"),
        (Defect::TrimmedFieldsRequired, vec![created()], "200", "WAITING at 3, told 1"),
        (Defect::EstimateRequired, vec![created(), served()], "500", "WAITING at 3, told 1"),
        (Defect::PositionRequired, vec![created(), cancelled()], "500", "WAITING at 3, told 1"),
        (Defect::PositionRequired, vec![booked()], "500", "nothing"),
        (Defect::LocaleRequired, vec![created()], "500", "nothing"),
        (Defect::LocaleRequired, full_profile(), "200", "WAITING at 3, told 1"),
        (Defect::ServeTimeRequired, vec![created()], "500", "nothing"),
        (Defect::TagObjectsExpected, vec![created(), cancelled()], "500", "WAITING at 3, told 1"),
        (Defect::EmptyNameRefused, with(json!({"name": ""})), "422", "nothing"),
        (Defect::SyncedBookingFails, vec![booked(), synced()], "500", "BOOKED at null, told 1"),
        (Defect::BeforeApplied, vec![served()], "200", "DRAFT at 99, told 1"),
        (Defect::AbsentKeepsOld, vec![created(), cancelled()], "200", "COMPLETE at 3, told 2"),
        (Defect::VisitCreationRequired, vec![served()], "404", "nothing"),
        (Defect::VisitCreationRequired, vec![created(), served()], "200", "SERVING at 1, told 2"),
        (Defect::DuplicateNotifiedAgain, vec![created(), created()], "200", "WAITING at 3, told 2"),
        (Defect::DuplicateRefused, vec![created(), created()], "409", "WAITING at 3, told 1"),
        (Defect::OldAfterOverwrites, vec![served(), moved_up()], "200", "WAITING at 2, told 2"),
        (Defect::OldAfterOverwrites, vec![served(), served()], "200", "SERVING at 1, told 1"),
        (Defect::PositionChangeIgnored, vec![created(), moved_up()], "200", "WAITING at 3, told 1"),
        (Defect::CompleteIsFinal, vec![completed(), restored()], "200", "COMPLETE at null, told 1"),
        (Defect::CompleteIsRemoval, vec![created(), completed()], "200", "nothing"),
        (
            Defect::CancellationForgotten,
            vec![created(), cancelled()],
            "200",
            "WAITING at 3, told 1",
        ),
        (
            Defect::CancellationForgotten,
            vec![created(), completed()],
            "200",
            "COMPLETE at null, told 2",
        ),
        (Defect::RemovalIgnored, vec![created(), removed()], "200", "WAITING at 3, told 1"),
        (Defect::RemovedVisitRevived, vec![removed(), served()], "200", "SERVING at 1, told 1"),
    ] {
        let receiver = Receiver::bad(defect).await;
        let mut last = String::new();
        for body in &bodies {
            last = receiver.send(body).await;
        }
        assert_eq!(&last[..3], answer, "{}: {last}", defect.name());
        assert_eq!(receiver.believes().await, belief, "{}", defect.name());
    }
}

#[tokio::test]
async fn most_of_a_burst_is_lost_if_the_time_is_used_as_the_id() {
    let burst = |id: &str, envelope: &str| {
        let mut body = moved_up();
        (body["after"]["id"], body["id"]) = (json!(id), json!(envelope));
        body
    };
    for (defect, expected) in
        [(None, "200 applied"), (Some(Defect::SameMomentIsDuplicate), "200 duplicate")]
    {
        let defects = defect.into_iter().collect();
        let receiver = Receiver::with(Options { defects, ..Options::default() }).await;
        assert_eq!(receiver.send(&burst(VISIT, "0TaB0060a")).await, "200 applied");
        assert_eq!(receiver.send(&burst(OTHER, "0TaB0060b")).await, expected);
        assert_eq!(receiver.send(&served()).await, "200 applied");
    }
}

#[tokio::test]
async fn defects_of_names_and_dates_show_in_the_probe() {
    let receiver = Receiver::bad(Defect::NameMangled).await;
    receiver.send(&created()).await;
    assert_eq!(receiver.visit(VISIT).await.unwrap()["name"], "?sa Berg");
    let receiver = Receiver::bad(Defect::LocalDateAsUtc).await;
    receiver.send(&booked()).await;
    assert_eq!(receiver.visit(VISIT).await.unwrap()["slot"]["start"], "2031-06-03T14:30Z");
}

#[tokio::test]
async fn defects_of_messages_and_locations_show_in_the_probe() {
    let receiver = Receiver::bad(Defect::DeliveryFailureIgnored).await;
    receiver.send(&message_created()).await;
    assert_eq!(receiver.send(&message_updated("FAILED")).await, "200 ignored");
    assert_eq!(receiver.message_state().await, Some(json!("PENDING")));
    assert_eq!(receiver.send(&message_updated("DELIVERED")).await, "200 applied");

    let receiver = Receiver::bad(Defect::LateMessageCreationWins).await;
    receiver.send(&message_updated("DELIVERED")).await;
    assert_eq!(receiver.send(&message_created()).await, "200 applied");
    assert_eq!(receiver.message_state().await, Some(json!("PENDING")));

    let receiver = Receiver::bad(Defect::LocationStatusIgnored).await;
    assert_eq!(receiver.send(&location_updated(1, 2, false)).await, "200 ignored");
    assert_eq!(receiver.location().await, None);
}

#[tokio::test]
async fn a_defect_of_another_vendor_has_no_effect() {
    let ombori = defects().iter().copied().filter(|defect| defect.vendor() == "ombori");
    let options = Options { defects: ombori.collect(), ..Options::default() };
    let receiver = Receiver::with(options).await;
    assert_eq!(
        receiver.send(&json!({})).await,
        "422 id is missing; an id of 1 to 128 characters is needed"
    );
    assert_eq!(receiver.send(&created()).await, "200 applied");
    assert_eq!(receiver.send(&created()).await, "200 duplicate");
    assert_eq!(receiver.believes().await, "WAITING at 3, told 1");
}
