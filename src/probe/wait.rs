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

/// Looks until the test holds or the time is up.
pub async fn until(
    prober: &Prober,
    probe: &Probe,
    id: &str,
    within: Duration,
    test: impl Fn(&Look) -> bool,
) -> Waited {
    watch(prober, probe, id, within, |look| if test(look) { Some(true) } else { None }).await
}

/// Looks as long as this, and stops at the first look for which the test does not hold.
pub async fn unchanged(
    prober: &Prober,
    probe: &Probe,
    id: &str,
    within: Duration,
    test: impl Fn(&Look) -> bool,
) -> Waited {
    let mut waited = watch(prober, probe, id, within, |look| if test(look) { None } else { Some(false) }).await;
    // The time is up and nothing has changed.
    waited.held = test(&waited.last);
    waited
}

/// Looks until the verdict is in, or the time is up.
async fn watch(
    prober: &Prober,
    probe: &Probe,
    id: &str,
    within: Duration,
    verdict: impl Fn(&Look) -> Option<bool>,
) -> Waited {
    let watch = Stopwatch::start();
    let mut polls: Vec<Poll> = Vec::new();
    let mut pause = FIRST_PAUSE;
    loop {
        let after = watch.elapsed();
        let look = prober.look(probe, id).await;
        note(&mut polls, after, &look);
        let verdict = verdict(&look);
        if verdict.is_some() || watch.elapsed() >= within {
            return Waited { held: verdict.unwrap_or(false), last: look, polls };
        }
        rest(pause.min(within.saturating_sub(watch.elapsed()))).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

#[expect(clippy::disallowed_methods, reason = "the pause between two looks; the loop has a deadline")]
async fn rest(pause: Duration) {
    tokio::time::sleep(pause).await;
}

fn note(polls: &mut Vec<Poll>, after: Duration, look: &Look) {
    let saw = look.to_string();
    match polls.last_mut() {
        Some(last) if last.saw == saw => last.times += 1,
        _ => polls.push(Poll { after, times: 1, saw }),
    }
}

impl std::fmt::Display for Look {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unknown => f.write_str("404, not known"),
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
