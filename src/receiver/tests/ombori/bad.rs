//! Each defect shows in an answer or in the stored state.

use super::*;
use crate::model::Secret;
use crate::receiver::{Part, Variation};

#[tokio::test]
async fn duplicates_at_the_same_instant_apply_once() {
    for (defect, belief) in
        [(None, "pending, 1 sent"), (Some(Defect::SimultaneousDuplicatesRace), "pending, 2 sent")]
    {
        let defects = defect.into_iter().collect();
        let receiver = Receiver::with(Options { defects, ..Options::default() }).await;
        let body = created();
        let both = tokio::join!(receiver.send(&body), receiver.send(&body));
        assert!(both.0.starts_with("200") && both.1.starts_with("200"), "{both:?}");
        assert_eq!(receiver.believes().await, belief);
    }
}

/// A receiver that requires this key.
async fn keyed(key: &str, defect: Option<Defect>) -> Receiver {
    Receiver::with(Options {
        headers: [("X-Api-Key".into(), Secret::new(key))].into(),
        defects: defect.into_iter().collect(),
        ..Options::default()
    })
    .await
}

/// The status with which it answers a creation with this key.
async fn status(receiver: &Receiver, key: Option<&str>) -> u16 {
    let url = format!("{}/webhooks/ombori", receiver.0.running.url);
    let request = receiver.0.client.post(url).header("content-type", "application/json");
    let request = key.into_iter().fold(request, |all, key| all.header("x-api-key", key));
    request.body(created().to_string()).send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn credentials_are_checked_before_anything_else() {
    for (defect, wrong, missing) in [
        (None, 401, 401),
        (Some(Defect::AnyCredentialAccepted), 200, 401),
        (Some(Defect::CredentialsIgnored), 200, 200),
    ] {
        let receiver = keyed("right", defect).await;
        let send = async |key| status(&receiver, key).await;
        assert_eq!(send(Some("wrong")).await, wrong);
        assert_eq!(send(None).await, missing);
        assert_eq!(receiver.probe().await.is_none(), wrong == 401);
        assert_eq!(send(Some("right")).await, 200);
    }
}

#[tokio::test]
async fn a_key_is_compared_as_a_whole() {
    let right = "Right-Key";
    for (part, accepted) in [
        (None, None),
        (Some(Part::FirstHalf), Some("Right?")),
        (Some(Part::SecondHalf), Some("?t-Key")),
        (Some(Part::Ends), Some("Rig?Key")),
        (Some(Part::Letters), Some("right-key")),
        (Some(Part::Beginning), Some("Rig")),
        (Some(Part::AllAndMore), Some("Right-Key?")),
    ] {
        let defect = Defect::AnyCredentialAccepted;
        let receiver = Receiver::with(Options {
            headers: [("X-Api-Key".into(), Secret::new(right))].into(),
            defects: part.map(|_| defect).into_iter().collect(),
            varied: part.map(|part| (defect, Variation::RightPart(part))).into_iter().collect(),
            ..Options::default()
        })
        .await;
        for key in ["Right?", "?t-Key", "Rig?Key", "right-key", "Rig", "Right-Key?", "wrong"] {
            // What goes on behind the right key has the right first half, too.
            let is_accepted =
                Some(key) == accepted || part == Some(Part::FirstHalf) && key.starts_with("Right");
            let expected = if is_accepted { 200 } else { 401 };
            assert_eq!(status(&receiver, Some(key)).await, expected, "{part:?} {key}");
        }
        assert_eq!(status(&receiver, Some(right)).await, 200);
    }
}

#[tokio::test]
async fn each_defect_shows() {
    let staff = || webhook("positionCancelledByStaff", "rejected", json!({}));
    let unknown = || webhook("positionTransferred", "pending", json!({}));
    let with = |more| webhook("positionCreated", "pending", more);
    let long = "x".repeat(256);
    for (defect, bodies, answer, belief) in [
        (Defect::AcknowledgedAndForgotten, vec![called(), completed()], "200", "notified, 1 sent"),
        (Defect::ServerErrorOnRefusal, vec![json!([])], "500", "nothing"),
        (Defect::MissingFieldCrashes, vec![without(created(), "id")], "500", "nothing"),
        (Defect::MistypedFieldCrashes, vec![with(json!({"id": 1}))], "500", "nothing"),
        (
            Defect::MissingStatusDefaulted,
            vec![without(called(), "status")],
            "200",
            "pending, 1 sent",
        ),
        (Defect::ExtraFieldFails, vec![with(json!({"new": 1}))], "500", "nothing"),
        (Defect::ExtraFieldFails, vec![created(), called()], "200", "notified, 2 sent"),
        (Defect::MessageRequired, vec![feedback("x")], "500", "nothing"),
        (Defect::LocationObjectExpected, vec![with(json!({"location": "x"}))], "500", "nothing"),
        (
            Defect::RegistrationObjectExpected,
            vec![with(json!({"registrationData": []}))],
            "500",
            "nothing",
        ),
        (Defect::NullStationCrashes, vec![with(json!({"station": null}))], "500", "nothing"),
        (Defect::EmptyLabelRefused, vec![with(json!({"label": ""}))], "422", "nothing"),
        (Defect::ManualTypeRefused, vec![with(json!({"type": "manual"}))], "422", "nothing"),
        (Defect::LongTextFails, vec![feedback(&long)], "500", "nothing"),
        (Defect::UnknownTriggerFails, vec![unknown()], "500", "nothing"),
        (Defect::UnknownTriggerApplied, vec![unknown()], "200", "pending, 1 sent"),
        (
            Defect::BookingRemovedUnknown,
            vec![webhook("bookingRemoved", "rejected", json!({}))],
            "200",
            "nothing",
        ),
        (Defect::StaffCancellationIgnored, vec![created(), staff()], "200", "pending, 1 sent"),
        (Defect::RetryIgnored, vec![called(), retried()], "200", "notified, 1 sent"),
        (
            Defect::RetryIgnored,
            vec![called(), retried(), called_again()],
            "200",
            "notified, 2 sent",
        ),
        (Defect::CreationRequired, vec![called()], "404", "nothing"),
        (Defect::CreationRequired, vec![created(), called()], "200", "notified, 2 sent"),
        (Defect::EarlyFeedbackRefused, vec![called(), feedback("x")], "409", "notified, 1 sent"),
        (Defect::DuplicatesAppliedTwice, vec![created(), created()], "200", "pending, 2 sent"),
        (
            Defect::SameStatusIsDuplicate,
            vec![feedback("x"), feedback("y")],
            "200",
            "completed, 1 sent",
        ),
        (Defect::OldStateOverwritesNew, vec![called(), created()], "200", "pending, 2 sent"),
        (Defect::OldStateOverwritesNew, vec![completed(), called()], "200", "notified, 2 sent"),
        (Defect::FinishedPositionReopens, vec![completed(), called()], "200", "notified, 2 sent"),
        (Defect::FinishedPositionReopens, vec![called(), created()], "200", "notified, 1 sent"),
        (Defect::RetryCountIgnored, vec![called(), retried(), called()], "200", "notified, 3 sent"),
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
async fn only_a_defect_applies_a_corrupt_body() {
    let text = called().to_string();
    let cut = &text[..text.find("createdAt").unwrap()];
    for (defect, status, belief) in [
        (Defect::CorruptBodyAcknowledged, 200, "nothing"),
        (Defect::CorruptBodyApplied, 200, "notified, 1 sent"),
        (Defect::ServerErrorOnRefusal, 500, "nothing"),
        (Defect::MissingFieldCrashes, 400, "nothing"),
    ] {
        let receiver = Receiver::bad(defect).await;
        let answer = receiver.post("application/json", cut.to_string()).await;
        assert_eq!(answer.status(), status, "{}", defect.name());
        assert_eq!(receiver.believes().await, belief, "{}", defect.name());
    }
}

#[tokio::test]
async fn defects_of_texts_and_feedback_show_in_the_probe() {
    let receiver = Receiver::bad(Defect::UnicodeMangled).await;
    receiver.send(&created()).await;
    receiver.send(&feedback("très bien")).await;
    let seen = receiver.probe().await.unwrap();
    assert_eq!(
        (&seen["guest"], &seen["feedback"]["message"]),
        (&json!("?sa ?berg"), &json!("tr?s bien"))
    );

    let receiver = Receiver::bad(Defect::FeedbackLostLate).await;
    receiver.send(&feedback("first")).await;
    assert_eq!(receiver.send(&completed()).await, "200 applied");
    assert_eq!(receiver.probe().await.unwrap()["feedback"], Value::Null);
}

#[tokio::test]
async fn a_slow_acknowledgement_comes_after_the_effect() {
    let receiver = Receiver::bad(Defect::SlowAcknowledgement).await;
    let body = created();
    let seen = async {
        while receiver.probe().await.is_none() {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        answer = receiver.send(&body) => panic!("answered first: {answer}"),
        () = seen => {}
    }
    assert_eq!(receiver.believes().await, "pending, 1 sent");
    receiver.0.running.stop().await;
}

#[tokio::test]
async fn a_redirect_names_another_address() {
    let receiver = Receiver::bad(Defect::Redirects).await;
    let answer = receiver.post("application/json", created().to_string()).await;
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["location"]),
        (308, &"/webhooks/ombori/".parse().unwrap())
    );
}
