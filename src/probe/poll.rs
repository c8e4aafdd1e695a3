//! Polling: reads a subject repeatedly until a test passes, or as long as it must keep passing.

use std::time::Duration;

use super::{Observation, Probe, ProbeReading, Prober};
use crate::clock::Stopwatch;
use crate::model::result::Reading;

/// The pause after the first reading. It is short, since most receivers are ready at once.
const FIRST_PAUSE: Duration = Duration::from_millis(2);
/// The longest pause between two readings.
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// How long a probe is read that the receiver refuses to answer: waiting does not mend its credentials.
const WHILE_REFUSED: Duration = Duration::from_millis(300);

/// How a poll ended.
#[derive(Clone, Debug, PartialEq)]
pub struct PollResult {
    /// Whether the test passed.
    pub passed: bool,
    /// The last reading.
    pub last: ProbeReading,
    /// What was on the wire for it.
    pub seen: Observation,
    /// Every reading. Equal readings in a row are one.
    pub readings: Vec<Reading>,
}

/// What to read, and how a reading is shown.
pub struct Poll<'a> {
    /// Sends the requests.
    pub prober: &'a Prober,
    /// Where to read this kind of subject.
    pub probe: &'a Probe,
    /// The subject's id.
    pub id: &'a str,
    /// The part of a reading that a failure shows.
    pub show: &'a dyn Fn(&ProbeReading) -> String,
}

/// Reads for this long, and stops at the first reading that fails the test.
pub async fn unchanged(
    poll: &Poll<'_>,
    within: Duration,
    test: impl Fn(&ProbeReading) -> bool,
) -> PollResult {
    let mut result =
        until(poll, within, |reading| if test(reading) { None } else { Some(false) }).await;
    // The time is up and nothing has changed.
    result.passed = test(&result.last);
    result
}

/// Reads until the test gives a verdict, or the time is up. It is up soon if the receiver refuses to answer.
pub async fn until(
    poll: &Poll<'_>,
    within: Duration,
    verdict: impl Fn(&ProbeReading) -> Option<bool>,
) -> PollResult {
    let watch = Stopwatch::start();
    let mut readings: Vec<Reading> = Vec::new();
    let mut pause = FIRST_PAUSE;
    loop {
        let after = watch.elapsed();
        let (reading, seen) = poll.prober.observe(poll.probe, poll.id).await;
        note(&mut readings, after, poll.prober.secrets().text(&(poll.show)(&reading)));
        let is_refused =
            matches!((&reading, seen.status), (ProbeReading::Trouble(_), Some(401 | 403)));
        let within = if is_refused { within.min(WHILE_REFUSED) } else { within };
        let verdict = verdict(&reading);
        if verdict.is_some() || watch.elapsed() >= within {
            return PollResult { passed: verdict.unwrap_or(false), last: reading, seen, readings };
        }
        rest(pause.min(within.saturating_sub(watch.elapsed()))).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the pause between two readings; the loop has a deadline"
)]
async fn rest(pause: Duration) {
    tokio::time::sleep(pause).await;
}

fn note(readings: &mut Vec<Reading>, after: Duration, saw: String) {
    match readings.last_mut() {
        Some(last) if last.saw == saw => last.times += 1,
        _ => readings.push(Reading { after, times: 1, saw }),
    }
}

impl ProbeReading {
    /// These fields of the reading, for a message.
    pub fn show_fields<'a>(&self, wanted: impl Iterator<Item = &'a String>) -> String {
        match self {
            Self::Known { fields, .. } => {
                let parts: Vec<String> = wanted
                    .map(|field| {
                        format!("{field} {}", fields.get(field).unwrap_or(&serde_json::Value::Null))
                    })
                    .collect();
                parts.join(", ")
            }
            other => other.to_string(),
        }
    }

    /// The count of effects in the reading, for a message.
    pub fn show_effects(&self) -> String {
        match self {
            Self::Known { effects: Some(count), .. } => format!("effects {count}"),
            Self::Known { effects: None, .. } => "no count of effects".to_owned(),
            other => other.to_string(),
        }
    }
}

impl std::fmt::Display for ProbeReading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Absent(absence) => absence.fmt(f),
            Self::Unreachable(why) => write!(f, "unreachable: {why}"),
            Self::Local(why) => write!(f, "not sent: {why}"),
            Self::Trouble(why) => f.write_str(why),
            Self::Known { fields, effects } => {
                let mut parts: Vec<String> =
                    fields.iter().map(|(field, value)| format!("{field} {value}")).collect();
                parts.extend(effects.map(|count| format!("effects {count}")));
                f.write_str(&parts.join(", "))
            }
        }
    }
}
