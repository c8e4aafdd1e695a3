//! The keys `rate`, `concurrency` and `await_retry_after` of the receiver's section.

use std::time::Duration;

use super::keys::ReceiverSection;
use super::source::{Source, keep};
use crate::delivery::pace::{Limits, Pace};
use crate::model::Problem;
use crate::text::rate::rate;

/// The highest rate: timers are no finer.
const FASTEST: f64 = 1000.0;

/// The most requests at the same time: more than `--jobs` allows are never under way.
const MOST_AT_ONCE: u16 = 10_000;

/// The longest wait for a limiter.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// Reads them. Adds each mistake to the list.
pub fn read(source: &Source<'_>, receiver: &ReceiverSection, problems: &mut Vec<Problem>) -> Pace {
    Pace::new(Limits {
        between: keep(between(source, receiver), problems).flatten(),
        at_once: keep(at_once(source, receiver), problems).flatten(),
        patience: keep(patience(source, receiver), problems).flatten(),
    })
}

/// The time between two requests.
fn between(source: &Source<'_>, receiver: &ReceiverSection) -> Result<Option<Duration>, Problem> {
    let Some(given) = &receiver.rate else { return Ok(None) };
    let wrong = |why: String| {
        let help = "it is written like 100/m or 5/s".to_owned();
        source.problem(given.referenced, format!("`rate`: {why}"), &[help])
    };
    let per_second = rate(&given.value).map_err(wrong)?;
    match Duration::try_from_secs_f64(per_second.recip()) {
        _ if per_second > FASTEST => {
            Err(wrong(format!("at most {FASTEST} requests a second can be timed")))
        }
        Ok(between) if per_second > 0.0 => Ok(Some(between)),
        _ => Err(wrong("nothing would ever be sent".to_owned())),
    }
}

/// The most requests at the same time.
fn at_once(source: &Source<'_>, receiver: &ReceiverSection) -> Result<Option<usize>, Problem> {
    let Some(given) = &receiver.concurrency else { return Ok(None) };
    if !(1..=MOST_AT_ONCE).contains(&given.value) {
        let title = format!("`concurrency` takes a number from 1 to {MOST_AT_ONCE}");
        return Err(source.problem(given.referenced, title, &[]));
    }
    Ok(Some(given.value.into()))
}

/// The longest wait for a limiter.
fn patience(source: &Source<'_>, receiver: &ReceiverSection) -> Result<Option<Duration>, Problem> {
    let Some(given) = &receiver.await_retry_after else { return Ok(None) };
    let wait = source.duration(Some(given), Duration::ZERO)?;
    if wait > LONGEST_WAIT {
        let title = format!("`await_retry_after` is at most {LONGEST_WAIT:?}");
        return Err(source.problem(given.referenced, title, &[]));
    }
    Ok(Some(wait))
}
