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
        let path = if is_wrong {
            format!("{} {}", attempt.method.name(), path(&attempt.url))
        } else {
            String::new()
        };
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
mod tests;
