use std::time::Duration;

use bytes::Bytes;

use super::*;
use crate::model::Answer;

fn webhook(trigger: &'static str, id: &str, name: Option<&str>) -> Webhook {
    Webhook {
        name: name.map(Into::into),
        seq: 0,
        at: "2031-03-04T08:15:02.114Z".parse().unwrap(),
        vendor: "ombori",
        account: "demo-retail".into(),
        trigger,
        subject: Subject { kind: "position", id: id.into() },
        action: "take-ticket",
        body: Bytes::new(),
    }
}

fn attempt(number: u32, outcome: Outcome, status: Option<u16>) -> Attempt {
    Attempt {
        request: crate::model::RequestKind::Webhook,
        delivery: 0,
        number,
        at: "2031-03-04T08:15:02.114Z".parse().unwrap(),
        method: crate::model::address::Method::Post,
        url: "http://127.0.0.1:8080/webhooks/ombori?key=hunter2".into(),
        signed_url: None,
        headers: vec![],
        body: Bytes::new(),
        fault: None,
        outcome,
        answer: status.map(|status| Answer {
            status,
            retry_after: None,
            body: Bytes::new(),
            granted: None,
        }),
        took: Duration::from_millis(4),
    }
}

const ID: &str = "7d0a4c52-33f1-4c8c-9c7d-1f1c1b1a1918";

#[test]
fn each_attempt_is_a_line_and_lines_stand_below_each_other() {
    let mut transcript = Transcript::new(Colour::Off, Vendors::Any)
        .with_room_for(["feedbackReceived"], ["Anna"], [])
        .with_faults(["every webhook is delivered twice", "the next webhook is lost"]);
    let start = "2031-03-04T08:00:00Z".parse().unwrap();
    let refused = attempt(2, Outcome::Refused, Some(422));
    let lost = Attempt {
        fault: Some("every webhook is delivered twice; the next webhook is lost".into()),
        ..attempt(1, Outcome::AcknowledgementLost, Some(202))
    };
    let down = Outcome::Failed(Failure::Unreachable("connection refused".into()));
    let lines = [
        transcript.day(start),
        transcript.step("Anna takes a walk-in ticket"),
        transcript.step("every webhook is delivered twice"),
        transcript.attempt(
            &webhook("positionCreated", ID, Some("Anna")),
            &attempt(1, Outcome::Accepted, Some(200)),
        ),
        transcript.attempt(&webhook("positionCalled", "12", None), &refused),
        transcript.attempt(&webhook("positionCalled", ID, Some("Anna")), &lost),
        transcript.attempt(&webhook("positionCalled", ID, Some("Bo")), &attempt(1, down, None)),
        transcript.attempt(
            &webhook("positionCalled", ID, Some("\u{1b}[2J")),
            &attempt(1, Outcome::NeverSent, None),
        ),
        transcript.attempt(
            &webhook("positionCalled", ID, Some("Bo")),
            &attempt(1, Outcome::ByGateway(503), None),
        ),
        transcript.attempt(
            &webhook("positionCalled", ID, Some("Bo")),
            &attempt(2, Outcome::ByGateway(504), Some(200)),
        ),
        transcript.unsent(
            &webhook("positionCalled", ID, Some("Bo")),
            "2031-03-07T08:15:02Z".parse().unwrap(),
        ),
        transcript.dead_letter(
            &webhook("positionCalled", "1048552591", Some("Bo")),
            10,
            "2031-03-07T08:15:02Z".parse().unwrap(),
        ),
    ];
    insta::assert_snapshot!(lines.concat(), @r#"
    2031-03-04
              Anna takes a walk-in ticket
              fault 1: every webhook is delivered twice
    08:15:02  ombori  positionCreated   Anna  position 7d0a4c52  → 200 OK  4 ms
    08:15:02  ombori  positionCalled          position 12        → 422 Unprocessable Content  4 ms  attempt 2  POST /webhooks/ombori
    08:15:02  ombori  positionCalled    Anna  position 7d0a4c52  → 202 Accepted  answer lost on its way back  4 ms  (fault 1, fault 2)
    08:15:02  ombori  positionCalled    Bo    position 7d0a4c52  → unreachable: connection refused  4 ms  POST /webhooks/ombori
    08:15:02  ombori  positionCalled    \u{1b}[2J  position 7d0a4c52  → never sent (a fault)
    08:15:02  ombori  positionCalled    Bo         position 7d0a4c52  → answered 503 by a gateway (a fault)
    08:15:02  ombori  positionCalled    Bo         position 7d0a4c52  → 200 OK  answered 504 by a gateway (a fault)  4 ms  attempt 2
    2031-03-07
    08:15:02  ombori  positionCalled    Bo         position 7d0a4c52  → not sent: the endpoint is deactivated
    08:15:02  ombori  positionCalled    Bo         position 1048552591  dead letter after 10 attempts
    "#);
}

#[test]
fn no_line_is_wider_than_the_terminal_and_an_ordinary_one_is_not_broken() {
    let mut transcript = Transcript::new(Colour::Off, Vendors::One).within(Some(80));
    let quick = |outcome, status| Attempt {
        took: Duration::from_micros(300),
        fault: Some("every webhook of Anna is delivered twice".into()),
        ..attempt(2, outcome, status)
    };
    let webhook = webhook("location-status.updated", ID, Some("Downtown"));
    let usual = transcript.attempt(
        &webhook,
        &Attempt { fault: None, number: 1, ..quick(Outcome::Accepted, Some(200)) },
    );
    assert_eq!(usual.lines().count(), 2, "the day and the attempt: {usual}");
    let down = Outcome::Failed(Failure::Unreachable("x".repeat(200)));
    let lines = [
        usual,
        transcript.attempt(&webhook, &quick(Outcome::Refused, Some(404))),
        transcript.attempt(&webhook, &quick(down, None)),
        transcript.step("Anna takes a ticket and ".repeat(9).trim_end()),
        transcript.dead_letter(&webhook, 10, webhook.at),
    ];
    let told = lines.concat();
    assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
    assert!(told.lines().all(|line| !line.ends_with(' ')), "{told}");
    insta::assert_snapshot!(lines[1], @r#"
    08:15:02  location-status.updated  Downtown  position 7d0a4c52  → 404 Not Found
              < 1 ms  attempt 2  (every webhook of Anna is delivered twice)
              POST /webhooks/ombori
    "#);
}

#[test]
fn a_story_without_names_has_no_column_for_them() {
    let mut transcript = Transcript::new(Colour::Off, Vendors::One).with_faults(["A; B", "A", "B"]);
    let start = "2031-03-04T08:00:00Z".parse().unwrap();
    let slow = Attempt {
        fault: Some("A; B; B; something else".into()),
        ..attempt(1, Outcome::Failed(Failure::TimedOut), None)
    };
    let lines =
        [transcript.day(start), transcript.attempt(&webhook("positionCreated", ID, None), &slow)];
    insta::assert_snapshot!(lines.concat(), @r#"
    2031-03-04
    08:15:02  positionCreated  position 7d0a4c52  → timed out  4 ms  (fault 1, fault 3, something else)  POST /webhooks/ombori
    "#);
}

#[test]
fn the_status_is_coloured_by_what_it_means() {
    let mut transcript = Transcript::new(Colour::On, Vendors::One);
    let mut shown = |outcome, status| {
        transcript.attempt(&webhook("a", ID, None), &attempt(1, outcome, Some(status)))
    };
    assert!(shown(Outcome::Accepted, 200).contains("\u{1b}[32m200 OK\u{1b}[0m"));
    assert!(shown(Outcome::Refused, 404).contains("\u{1b}[33m404 Not Found\u{1b}[0m"));
    let failed = shown(Outcome::Failed(Failure::ServerError), 500);
    assert!(failed.contains("\u{1b}[31m500 Internal Server Error\u{1b}[0m"));
}
