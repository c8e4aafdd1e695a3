//! Looks again and again until something holds, or as long as it must go on holding.

use std::time::Duration;

use super::{Look, Probe, Prober};
use crate::clock::Stopwatch;
use crate::model::result::Poll;

/// The pauses between looks: short at first, since most receivers have it at once.
const FIRST_PAUSE: Duration = Duration::from_millis(2);
/// And never longer than this.
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// What came of waiting.
#[derive(Clone, Debug, PartialEq)]
pub struct Waited {
    /// Whether it held.
    pub held: bool,
    /// The last look.
    pub last: Look,
    /// Every look; looks in a row that saw the same are one.
    pub polls: Vec<Poll>,
}

/// Where to look, and how a look is told.
pub struct Lookout<'a> {
    /// Looks.
    pub prober: &'a Prober,
    /// At this kind of subject.
    pub probe: &'a Probe,
    /// At this one.
    pub id: &'a str,
    /// What of a look is worth telling.
    pub tell: &'a dyn Fn(&Look) -> String,
}

/// Looks as long as this, and stops at the first look for which the test does not hold.
pub async fn unchanged(
    lookout: &Lookout<'_>,
    within: Duration,
    test: impl Fn(&Look) -> bool,
) -> Waited {
    let mut waited =
        until(lookout, within, |look| if test(look) { None } else { Some(false) }).await;
    // The time is up and nothing has changed.
    waited.held = test(&waited.last);
    waited
}

/// Looks until the test gives a verdict, or the time is up.
pub async fn until(
    lookout: &Lookout<'_>,
    within: Duration,
    verdict: impl Fn(&Look) -> Option<bool>,
) -> Waited {
    let watch = Stopwatch::start();
    let mut polls: Vec<Poll> = Vec::new();
    let mut pause = FIRST_PAUSE;
    loop {
        let after = watch.elapsed();
        let look = lookout.prober.look(lookout.probe, lookout.id).await;
        note(&mut polls, after, (lookout.tell)(&look));
        let verdict = verdict(&look);
        if verdict.is_some() || watch.elapsed() >= within {
            return Waited { held: verdict.unwrap_or(false), last: look, polls };
        }
        rest(pause.min(within.saturating_sub(watch.elapsed()))).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the pause between two looks; the loop has a deadline"
)]
async fn rest(pause: Duration) {
    tokio::time::sleep(pause).await;
}

fn note(polls: &mut Vec<Poll>, after: Duration, saw: String) {
    match polls.last_mut() {
        Some(last) if last.saw == saw => last.times += 1,
        _ => polls.push(Poll { after, times: 1, saw }),
    }
}

impl Look {
    /// What was seen of these fields alone.
    pub fn tell_fields<'a>(&self, wanted: impl Iterator<Item = &'a String>) -> String {
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

    /// What was seen of the effects alone.
    pub fn tell_effects(&self) -> String {
        match self {
            Self::Known { effects: Some(count), .. } => format!("effects {count}"),
            Self::Known { effects: None, .. } => "no count of effects".to_owned(),
            other => other.to_string(),
        }
    }
}

impl std::fmt::Display for Look {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unknown => f.write_str("404, not known"),
            Self::Gone => f.write_str("marked as gone, so not known"),
            Self::Unreachable(why) => write!(f, "unreachable: {why}"),
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
