//! The transcript of a story while it plays: each step, and a line for each attempt that it causes.
//!
//! ```text
//! 2031-03-04
//!           Anna takes a walk-in ticket
//! 08:15:02  positionCreated   Anna  position 7d0a4c52  → 200 OK  4 ms
//! ```
//!
//! A line that would be wider than the terminal continues below. The path of a request is shown where it
//! may be the cause of what went wrong.
//!
//! Times are virtual and in UTC, so that a story reads the same everywhere.

use anstyle::Style;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use url::Url;

use super::status;
use super::text::{BOLD, Colour, DIM, GREEN, RED, YELLOW, cut, duration, one_line, pad};
use super::wrap::{Piece, Row, wrap};
use crate::model::{Attempt, Failure, Outcome, RequestKind, Subject, Webhook};

/// How many characters of a long id are shown: enough to tell the subjects of a story apart.
const ID_CHARACTERS: usize = 8;
/// The longest id that is shown whole. Short ids of a story may differ only in the last character.
const SHORT_ID: usize = 12;

/// The longest name that is shown whole.
const LONGEST_NAME: usize = 16;

/// The indent of a line without a time.
const INDENT: &str = "          ";

/// Renders the lines of one story, each with its line break. It remembers the widths of columns, so
/// that lines are aligned.
#[derive(Clone, Debug)]
pub struct Transcript {
    colour: Colour,
    widths: Widths,
    /// The text of each fault. Lines refer to faults by number.
    faults: Vec<String>,
    /// The day of the last line, which is printed when it changes.
    day: Option<Date>,
    /// How wide the terminal is, if it is one.
    width: Option<usize>,
    vendors: Vendors,
}

/// Which vendors send the webhooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vendors {
    /// A single one, which need not be named in each line.
    One,
    /// Perhaps several.
    Any,
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
    pub fn new(colour: Colour, vendors: Vendors) -> Self {
        let widths = Widths::default();
        Self { colour, widths, faults: vec![], day: None, width: None, vendors }
    }

    /// Lets no line be wider than this, if it is given.
    pub fn within(mut self, width: Option<usize>) -> Self {
        self.width = width;
        self
    }

    /// Reserves room for triggers, names and kinds of subject that may come, so that no column grows
    /// later.
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
        names.into_iter().for_each(|name| widen(&mut self.widths.name, &shown_name(name)));
        self
    }

    /// Numbers the faults of the story in their order. A single fault gets no number.
    pub fn with_faults<'a>(mut self, texts: impl IntoIterator<Item = &'a str>) -> Self {
        for text in texts {
            if !self.faults.iter().any(|known| known == text) {
                self.faults.push(text.to_owned());
            }
        }
        self
    }

    /// The line with the day, if the day has changed.
    pub fn day(&mut self, at: Timestamp) -> String {
        let day = at.to_zoned(TimeZone::UTC).date();
        if self.day.replace(day) == Some(day) {
            return String::new();
        }
        self.colour.paint(BOLD, &day.to_string()) + "\n"
    }

    /// A step of the story.
    pub fn step(&self, text: &str) -> String {
        let kind = match self.fault(text) {
            Some(mark) => format!("{mark}: "),
            None => String::new(),
        };
        self.aside(&format!("{kind}{text}"))
    }

    /// Something that is no webhook.
    pub fn aside(&self, text: &str) -> String {
        let room = self.width.map(|width| width.saturating_sub(INDENT.len()));
        let lines = wrap(&one_line(text), room);
        let lines = lines.iter().map(|line| self.colour.paint(DIM, line));
        lines.map(|line| format!("{INDENT}{line}\n")).collect()
    }

    /// A line that begins with the time and the columns, and has these pieces.
    fn line(&mut self, webhook: &Webhook, at: Timestamp, mark: &str, pieces: &[Piece]) -> String {
        let day = self.day(at);
        let columns = self.columns(webhook);
        let time = at.strftime("%H:%M:%S").to_string();
        let length = time.len() + columns.chars().count() + mark.chars().count();
        let dim = |text: &str| self.colour.paint(DIM, text);
        let mut line = format!("{day}{}{columns}{}", dim(&time), dim(mark));
        let row = Row { colour: self.colour, width: self.width, indent: INDENT.len() };
        row.append(&mut line, length, pieces);
        line + "\n"
    }

    /// The mark of a fault: `fault` or `fault 2`. `None` if the text is no fault.
    fn fault(&self, text: &str) -> Option<String> {
        let place = self.faults.iter().position(|known| known == text)?;
        Some(if self.faults.len() == 1 { "fault".into() } else { format!("fault {}", place + 1) })
    }

    /// The line of one attempt.
    pub fn attempt(&mut self, webhook: &Webhook, attempt: &Attempt) -> String {
        let marks = self.marks(attempt.fault.as_deref());
        let dim = |text: String| Piece { text, style: DIM };
        let what = match attempt.request {
            RequestKind::Webhook => String::new(),
            RequestKind::Token => "token".to_owned(),
            RequestKind::Revocation => "revocation".to_owned(),
        };
        let number = match attempt.number {
            0 | 1 => String::new(),
            number => format!("attempt {number}"),
        };
        let is_wrong = attempt.outcome != Outcome::Accepted && attempt.outcome.is_the_receivers();
        let path = if is_wrong { format!("POST {}", path(&attempt.url)) } else { String::new() };
        let answer = Piece { text: answer(attempt, &marks), style: style(&attempt.outcome) };
        let took = dim(took(attempt).unwrap_or_default());
        let marks = Piece { text: marks, style: BOLD };
        let pieces = [dim(what), answer, took, dim(number), marks, dim(path)];
        self.line(webhook, attempt.at, "  → ", &pieces)
    }

    /// The line of a webhook that the vendor does not send, because it has deactivated the
    /// endpoint.
    pub fn unsent(&mut self, webhook: &Webhook, at: Timestamp) -> String {
        let why = Piece { text: Outcome::EndpointDeactivated.to_string(), style: DIM };
        self.line(webhook, at, "  → ", &[why])
    }

    /// The line of a webhook that has become a dead letter.
    pub fn dead_letter(&mut self, webhook: &Webhook, attempts: u32, at: Timestamp) -> String {
        let what = match attempts {
            1 => "dead letter after one attempt".to_owned(),
            attempts => format!("dead letter after {attempts} attempts"),
        };
        self.line(webhook, at, "  ", &[Piece { text: what, style: YELLOW }])
    }

    /// The marks of the faults that struck an attempt.
    fn marks(&self, fault: Option<&str>) -> String {
        let Some(mut rest) = fault else { return String::new() };
        let mut marks = Vec::new();
        while !rest.is_empty() {
            // The text of a fault can contain the separator, so the longest match counts.
            let struck = self.faults.iter().filter(|known| {
                rest.strip_prefix(known.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with("; "))
            });
            let Some(known) = struck.max_by_key(|known| known.len()) else {
                marks.push(one_line(rest));
                break;
            };
            marks.extend(self.fault(known).filter(|mark| !marks.contains(mark)));
            rest = rest[known.len()..].trim_start_matches("; ");
        }
        format!("({})", marks.join(", "))
    }

    /// Everything between the time and the arrow.
    fn columns(&mut self, webhook: &Webhook) -> String {
        let name = &shown_name(webhook.name.as_deref().unwrap_or_default());
        let subject = short(&webhook.subject);
        let widths = &mut self.widths;
        widen(&mut widths.vendor, webhook.vendor);
        widen(&mut widths.trigger, webhook.trigger);
        widen(&mut widths.name, name);
        widen(&mut widths.subject, &subject);
        let mut columns = match self.vendors {
            Vendors::One => String::new(),
            Vendors::Any => format!("  {}", pad(webhook.vendor, widths.vendor)),
        };
        columns += &format!("  {}", pad(webhook.trigger, widths.trigger));
        // Without names in the story there is no column for them.
        if widths.name > 0 {
            columns += &format!("  {}", pad(name, widths.name));
        }
        columns + "  " + &pad(&subject, widths.subject)
    }
}

fn widen(width: &mut usize, text: &str) {
    *width = (*width).max(text.chars().count());
}

/// A name, or the beginning of a long one.
fn shown_name(name: &str) -> String {
    let name = one_line(name);
    match cut(&name, LONGEST_NAME) {
        (start, Some(_)) => format!("{}…", start.trim_end()),
        (whole, None) => whole.to_owned(),
    }
}

/// Kind and id, or the first characters of a long one.
fn short(subject: &Subject) -> String {
    let long = subject.id.chars().count() > SHORT_ID;
    let shown = if long { ID_CHARACTERS } else { SHORT_ID };
    let id: String = subject.id.chars().take(shown).collect();
    one_line(&format!("{} {id}", subject.kind))
}

/// The path of a request, without its query: some vendors put credentials there.
fn path(url: &str) -> String {
    one_line(&Url::parse(url).map_or_else(|_| url.to_owned(), |url| url.path().to_owned()))
}

/// The status, and in words what it does not say by itself. Where marks name the fault, the outcome
/// need not say that it was one.
fn answer(attempt: &Attempt, marks: &str) -> String {
    let outcome = one_line(&attempt.outcome.to_string());
    let outcome = match outcome.strip_suffix(" (a fault)") {
        Some(short) if !marks.is_empty() => short.to_owned(),
        _ => outcome,
    };
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

/// How long it took. `None` for a request that never reached the receiver.
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
            transcript.step(&"Anna takes a ticket and ".repeat(9)),
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
        let mut transcript =
            Transcript::new(Colour::Off, Vendors::One).with_faults(["A; B", "A", "B"]);
        let start = "2031-03-04T08:00:00Z".parse().unwrap();
        let slow = Attempt {
            fault: Some("A; B; B; something else".into()),
            ..attempt(1, Outcome::Failed(Failure::TimedOut), None)
        };
        let lines = [
            transcript.day(start),
            transcript.attempt(&webhook("positionCreated", ID, None), &slow),
        ];
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
}
