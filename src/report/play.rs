//! What a person sees while a story plays: two lines for each attempt, the request and what came
//! of it.
//!
//! ```text
//! 08:15:02  ombori  positionCreated   Anna  position 7d0a4c52  →  POST /webhooks/ombori
//! 08:15:02                                                     ←  200 OK  4 ms
//! ```
//!
//! Times are virtual and in UTC: the same story reads the same everywhere.

use anstyle::Style;
use jiff::Timestamp;
use url::Url;

use super::status;
use super::text::{BOLD, Colour, DIM, GREEN, RED, YELLOW, duration, one_line, pad};
use crate::model::{Attempt, Failure, Outcome, Subject, Webhook};

/// How much of a subject's id is shown: enough to tell subjects of one story apart.
const ID_CHARACTERS: usize = 8;

/// Writes the lines of one play. It remembers how wide each column has become, so that later
/// lines stand below earlier ones.
#[derive(Clone, Debug)]
pub struct Transcript {
    colour: Colour,
    widths: Widths,
}

/// The widest text that each column has had so far, in characters.
#[derive(Clone, Debug, Default)]
struct Widths {
    vendor: usize,
    trigger: usize,
    name: usize,
    subject: usize,
}

impl Transcript {
    /// A transcript without a line.
    pub fn new(colour: Colour) -> Self {
        Self { colour, widths: Widths::default() }
    }

    /// Keeps room for triggers, names and kinds of subject that may come, so that no column has to
    /// grow later.
    pub fn with_room_for<'a>(
        mut self,
        triggers: impl IntoIterator<Item = &'a str>,
        names: impl IntoIterator<Item = &'a str>,
        kinds: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        for kind in kinds {
            let longest = kind.chars().count() + 1 + ID_CHARACTERS;
            self.widths.subject = self.widths.subject.max(longest);
        }
        triggers.into_iter().for_each(|trigger| widen(&mut self.widths.trigger, trigger));
        names.into_iter().for_each(|name| widen(&mut self.widths.name, &one_line(name)));
        self
    }

    /// The two lines of one attempt, without a line break at the end. `name` is what the story
    /// calls the subject, if it does.
    pub fn attempt(&mut self, webhook: &Webhook, name: Option<&str>, attempt: &Attempt) -> String {
        let time = attempt.at.strftime("%H:%M:%S").to_string();
        let columns = self.columns(webhook, &one_line(name.unwrap_or_default()));
        let indent = " ".repeat(columns.chars().count());
        let (dim, colour) = (|text: &str| self.colour.paint(DIM, text), self.colour);
        let (out, back) = (dim("→"), dim("←"));
        let request = request(attempt, colour);
        let answer = colour.paint(style(&attempt.outcome), &answer(attempt));
        let took = took(attempt).map(|took| dim(&format!("  {took}"))).unwrap_or_default();
        let time = dim(&time);
        format!("{time}{columns}  {out}  {request}\n{time}{indent}  {back}  {answer}{took}")
    }

    /// The one line of a webhook that the vendor does not send, because it has deactivated the
    /// endpoint.
    pub fn unsent(&mut self, webhook: &Webhook, name: Option<&str>, at: Timestamp) -> String {
        let time = self.colour.paint(DIM, &at.strftime("%H:%M:%S").to_string());
        let columns = self.columns(webhook, &one_line(name.unwrap_or_default()));
        let why = self.colour.paint(DIM, &Outcome::EndpointDeactivated.to_string());
        format!("{time}{columns}  {}  {why}", self.colour.paint(DIM, "→"))
    }

    /// Everything between the time and the arrow.
    fn columns(&mut self, webhook: &Webhook, name: &str) -> String {
        let subject = short(&webhook.subject);
        let widths = &mut self.widths;
        widen(&mut widths.vendor, webhook.vendor);
        widen(&mut widths.trigger, webhook.trigger);
        widen(&mut widths.name, name);
        widen(&mut widths.subject, &subject);
        let mut columns = format!(
            "  {}  {}",
            pad(webhook.vendor, widths.vendor),
            pad(webhook.trigger, widths.trigger)
        );
        // A story that names nobody has no column of names.
        if widths.name > 0 {
            columns += &format!("  {}", pad(name, widths.name));
        }
        columns + "  " + &pad(&subject, widths.subject)
    }
}

fn widen(width: &mut usize, text: &str) {
    *width = (*width).max(text.chars().count());
}

/// Kind and the first characters of the id.
fn short(subject: &Subject) -> String {
    let id: String = subject.id.chars().take(ID_CHARACTERS).collect();
    one_line(&format!("{} {id}", subject.kind))
}

fn request(attempt: &Attempt, colour: Colour) -> String {
    // Queries stay out of sight: some vendors carry credentials there.
    let path =
        Url::parse(&attempt.url).map_or_else(|_| attempt.url.clone(), |url| url.path().into());
    let mut request = format!("POST {}", one_line(&path));
    if attempt.number > 1 {
        request += &colour.paint(DIM, &format!("  attempt {}", attempt.number));
    }
    if let Some(fault) = &attempt.fault {
        request += &colour.paint(BOLD, &format!("  ({})", one_line(fault)));
    }
    request
}

/// The status; in words what it does not tell by itself.
fn answer(attempt: &Attempt) -> String {
    let outcome = one_line(&attempt.outcome.to_string());
    let Some(answer) = &attempt.answer else { return outcome };
    let status = status::in_words(answer.status);
    match attempt.outcome {
        Outcome::Accepted | Outcome::Refused | Outcome::Failed(Failure::ServerError) => status,
        _ => format!("{status}  {outcome}"),
    }
}

fn style(outcome: &Outcome) -> Style {
    match outcome {
        Outcome::Accepted => GREEN,
        Outcome::Refused => YELLOW,
        Outcome::Failed(_) => RED,
        Outcome::NeverSent
        | Outcome::AcknowledgementLost
        | Outcome::ByGateway(_)
        | Outcome::TimedOutOnItsWay
        | Outcome::EndpointDeactivated => DIM,
    }
}

/// How long it took; nothing for a request that never reached the receiver.
fn took(attempt: &Attempt) -> Option<String> {
    let stopped = match attempt.outcome {
        Outcome::NeverSent | Outcome::TimedOutOnItsWay => true,
        Outcome::ByGateway(_) => attempt.answer.is_none(),
        _ => false,
    };
    (!stopped).then(|| duration(attempt.took))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;

    use super::*;
    use crate::model::Answer;

    fn webhook(trigger: &'static str, id: &str) -> Webhook {
        Webhook {
            name: None,
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
            delivery: 0,
            number,
            at: "2031-03-04T08:15:02.114Z".parse().unwrap(),
            url: "http://127.0.0.1:8080/webhooks/ombori?key=hunter2".into(),
            signed_url: None,
            headers: vec![],
            body: Bytes::new(),
            fault: None,
            outcome,
            answer: status.map(|status| Answer { status, retry_after: None, body: Bytes::new() }),
            took: Duration::from_millis(4),
        }
    }

    const ID: &str = "7d0a4c52-33f1-4c8c-9c7d-1f1c1b1a1918";

    #[test]
    fn each_attempt_is_two_lines_and_lines_stand_below_each_other() {
        let mut transcript =
            Transcript::new(Colour::Off).with_room_for(["feedbackReceived"], ["Anna"], []);
        let refused = attempt(2, Outcome::Refused, Some(422));
        let lost = Attempt {
            fault: Some("delivered twice".into()),
            ..attempt(1, Outcome::AcknowledgementLost, Some(202))
        };
        let down = Outcome::Failed(Failure::Unreachable("connection refused".into()));
        let lines = [
            transcript.attempt(
                &webhook("positionCreated", ID),
                Some("Anna"),
                &attempt(1, Outcome::Accepted, Some(200)),
            ),
            transcript.attempt(&webhook("positionCalled", "12"), None, &refused),
            transcript.attempt(&webhook("positionCalled", ID), Some("Anna"), &lost),
            transcript.attempt(&webhook("positionCalled", ID), Some("Bo"), &attempt(1, down, None)),
            transcript.attempt(
                &webhook("positionCalled", ID),
                Some("\u{1b}[2J"),
                &attempt(1, Outcome::NeverSent, None),
            ),
            transcript.attempt(
                &webhook("positionCalled", ID),
                Some("Bo"),
                &attempt(1, Outcome::ByGateway(503), None),
            ),
            transcript.attempt(
                &webhook("positionCalled", ID),
                Some("Bo"),
                &attempt(2, Outcome::ByGateway(504), Some(200)),
            ),
            transcript.unsent(
                &webhook("positionCalled", ID),
                Some("Bo"),
                "2031-03-07T08:15:02Z".parse().unwrap(),
            ),
        ];
        insta::assert_snapshot!(lines.join("\n"), @r#"
        08:15:02  ombori  positionCreated   Anna  position 7d0a4c52  →  POST /webhooks/ombori
        08:15:02                                                     ←  200 OK  4 ms
        08:15:02  ombori  positionCalled          position 12        →  POST /webhooks/ombori  attempt 2
        08:15:02                                                     ←  422 Unprocessable Content  4 ms
        08:15:02  ombori  positionCalled    Anna  position 7d0a4c52  →  POST /webhooks/ombori  (delivered twice)
        08:15:02                                                     ←  202 Accepted  answer lost on its way back (a fault)  4 ms
        08:15:02  ombori  positionCalled    Bo    position 7d0a4c52  →  POST /webhooks/ombori
        08:15:02                                                     ←  unreachable: connection refused  4 ms
        08:15:02  ombori  positionCalled    \u{1b}[2J  position 7d0a4c52  →  POST /webhooks/ombori
        08:15:02                                                          ←  never sent (a fault)
        08:15:02  ombori  positionCalled    Bo         position 7d0a4c52  →  POST /webhooks/ombori
        08:15:02                                                          ←  answered 503 by a gateway (a fault)
        08:15:02  ombori  positionCalled    Bo         position 7d0a4c52  →  POST /webhooks/ombori  attempt 2
        08:15:02                                                          ←  200 OK  answered 504 by a gateway (a fault)  4 ms
        08:15:02  ombori  positionCalled    Bo         position 7d0a4c52  →  not sent: the endpoint is deactivated
        "#);
    }

    #[test]
    fn a_story_without_names_has_no_column_for_them() {
        let mut transcript = Transcript::new(Colour::Off);
        let slow = attempt(1, Outcome::Failed(Failure::TimedOut), None);
        insta::assert_snapshot!(transcript.attempt(&webhook("positionCreated", ID), None, &slow), @r#"
        08:15:02  ombori  positionCreated  position 7d0a4c52  →  POST /webhooks/ombori
        08:15:02                                              ←  timed out  4 ms
        "#);
    }

    #[test]
    fn the_status_is_coloured_by_what_it_means() {
        let mut transcript = Transcript::new(Colour::On);
        let mut shown = |outcome, status| {
            transcript.attempt(&webhook("a", ID), None, &attempt(1, outcome, Some(status)))
        };
        assert!(shown(Outcome::Accepted, 200).contains("\u{1b}[32m200 OK\u{1b}[0m"));
        assert!(shown(Outcome::Refused, 404).contains("\u{1b}[33m404 Not Found\u{1b}[0m"));
        let failed = shown(Outcome::Failed(Failure::ServerError), 500);
        assert!(failed.contains("\u{1b}[31m500 Internal Server Error\u{1b}[0m"));
    }
}
