//! Judges expectations of effects, by the count in the probe.

use super::watch::Watch;
use crate::clock::Stopwatch;
use crate::contract::finding::{Finding, difference, internal, not_judged};
use crate::contract::stage::Stage;
use crate::model::result::ScenarioFailure;
use crate::probe::ProbeReading;

/// Remembers the count of effects.
pub async fn note(stage: &mut Stage, who: &str) -> Finding {
    let kind = counted_kind(stage, who)?;
    let (count, _) = count(stage, who, kind).await?;
    stage.noted.insert(who.to_owned(), (kind, count));
    Ok(())
}

/// The count equals the noted one.
pub async fn unchanged_since_noted(stage: &Stage, who: &str) -> Finding {
    let Some((kind, noted)) = stage.noted.get(who).copied() else {
        // They were not, if the probe never showed anything.
        watch(stage, who, counted_kind(stage, who)?)?;
        return Err(internal(format!("the effects on {who} were never noted")));
    };
    let message = format!("the effects on {who} have changed");
    equals(stage, (who, kind), noted, message).await
}

/// Two subjects have the same count.
pub async fn equal(stage: &Stage, who: &str, whom: &str) -> Finding {
    let kind = counted_kind(stage, whom)?;
    let (wanted, reading) = count(stage, whom, kind).await?;
    if is_gone(stage, (whom, kind), &reading)? {
        return Err(gone(whom));
    }
    let message = format!("effects on {who} differ from those on {whom}");
    equals(stage, (who, counted_kind(stage, who)?), wanted, message).await
}

/// Whether the receiver has deleted a subject as the vendor has, and its count of effects with it.
fn is_gone(
    stage: &Stage,
    (who, kind): (&str, &str),
    reading: &ProbeReading,
) -> Result<bool, Box<ScenarioFailure>> {
    Ok(matches!(reading, ProbeReading::Absent(_)) && stage.is_deleted(who, kind)?)
}

fn gone(who: &str) -> Box<ScenarioFailure> {
    not_judged(format!(
        "{who} is deleted, as at the vendor, and nothing shows what effects there were"
    ))
}

/// The kind of the first subject with this name whose probe counts effects.
fn counted_kind(stage: &Stage, who: &str) -> Result<&'static str, Box<ScenarioFailure>> {
    let (_, vendor) = stage.account()?;
    let mut kinds = vendor.catalogue().subjects.iter().map(|subject| subject.kind);
    let counts =
        |kind: &&str| stage.probed(who, kind).is_ok_and(|(probe, _)| probe.effects.is_some());
    let none = || internal(format!("no probe counts the effects on {who}"));
    kinds.find(counts).ok_or_else(none)
}

/// Watches the effects on a subject.
fn watch<'a>(stage: &'a Stage, who: &str, kind: &str) -> Result<Watch<'a>, Box<ScenarioFailure>> {
    Watch::new(stage, stage.probed(who, kind)?, &ProbeReading::show_effects)
}

/// The count of effects once it stops rising, since a receiver that queues may still be working. It
/// is 0 for a subject that the receiver does not know.
async fn count(
    stage: &Stage,
    who: &str,
    kind: &str,
) -> Result<(i64, ProbeReading), Box<ScenarioFailure>> {
    let watch = watch(stage, who, kind)?;
    let longest = stage.under_test.believes_within + stage.under_test.quiet_for;
    let stopwatch = Stopwatch::start();
    let mut waited = watch.until(|reading| counted(reading).map(|_| true)).await;
    while let Some(count) = counted(&waited.last) {
        if stopwatch.elapsed() > longest {
            let message = format!("the effects on {who}'s {kind} never stop rising");
            return Err(watch.failure(message, Vec::new(), waited));
        }
        waited = watch.unchanged(|reading| counted(reading) == Some(count)).await;
        if waited.passed {
            return Ok((count, waited.last));
        }
    }
    let message = format!("the probe shows no count of effects for {who}'s {kind}");
    Err(watch.failure(message, Vec::new(), waited))
}

fn counted(reading: &ProbeReading) -> Option<i64> {
    match reading {
        ProbeReading::Absent(_) => Some(0),
        ProbeReading::Known { effects, .. } => *effects,
        ProbeReading::Unreachable(_) | ProbeReading::Local(_) | ProbeReading::Trouble(_) => None,
    }
}

async fn equals(stage: &Stage, (who, kind): (&str, &str), wanted: i64, message: String) -> Finding {
    let watch = watch(stage, who, kind)?;
    // A count never falls, so the wait can end when it is too high.
    let verdict = |reading: &ProbeReading| match counted(reading) {
        Some(count) if count >= wanted => Some(count == wanted),
        _ => None,
    };
    let mut waited = watch.until(verdict).await;
    if waited.passed {
        waited = watch.unchanged(|reading| counted(reading) == Some(wanted)).await;
    }
    if waited.passed {
        return Ok(());
    }
    if is_gone(stage, (who, kind), &waited.last)? {
        return Err(gone(who));
    }
    let actual =
        counted(&waited.last).map_or_else(|| waited.last.to_string(), |count| count.to_string());
    let difference = difference("effects", wanted.to_string(), actual);
    Err(watch.failure(message, vec![difference], waited))
}
