//! Judges expectations of effects, by the count in the probe.

use super::watch::Watch;
use crate::clock::Stopwatch;
use crate::contract::finding::{Finding, difference, internal};
use crate::contract::stage::Stage;
use crate::model::result::ScenarioFailure;
use crate::probe::ProbeReading;

/// Remembers the count of effects.
pub async fn note(stage: &mut Stage, who: &str) -> Finding {
    let count = count(stage, who).await?;
    stage.noted.insert(who.to_owned(), count);
    Ok(())
}

/// The count equals the noted one.
pub async fn unchanged_since_noted(stage: &Stage, who: &str) -> Finding {
    let noted = stage.noted.get(who).copied();
    let noted = noted.ok_or_else(|| internal(format!("the effects on {who} were never noted")))?;
    equals(stage, who, noted, format!("the effects on {who} have changed")).await
}

/// Two subjects have the same count.
pub async fn equal(stage: &Stage, who: &str, whom: &str) -> Finding {
    let wanted = count(stage, whom).await?;
    let message = format!("effects on {who} differ from those on {whom}");
    equals(stage, who, wanted, message).await
}

/// Watches the effects on a subject. Of the subjects with this name it takes the first whose probe
/// counts effects.
fn watch<'a>(stage: &'a Stage, who: &str) -> Result<Watch<'a>, Box<ScenarioFailure>> {
    let (_, vendor) = stage.account()?;
    let kinds = vendor.catalogue().subjects.iter().map(|subject| subject.kind);
    let mut probed = kinds.filter_map(|kind| stage.probed(who, kind).ok());
    let counting = probed.find(|(probe, _)| probe.effects.is_some());
    let counting =
        counting.ok_or_else(|| internal(format!("no probe counts the effects on {who}")))?;
    Ok(Watch::new(stage, counting, &ProbeReading::show_effects))
}

/// The count of effects once it stops rising, since a receiver that queues may still be working. It
/// is 0 for a subject that the receiver does not know.
async fn count(stage: &Stage, who: &str) -> Result<i64, Box<ScenarioFailure>> {
    let watch = watch(stage, who)?;
    let kind = watch.subject.kind;
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
            return Ok(count);
        }
    }
    let message = format!("the probe shows no count of effects for {who}'s {kind}");
    Err(watch.failure(message, Vec::new(), waited))
}

fn counted(reading: &ProbeReading) -> Option<i64> {
    match reading {
        ProbeReading::Absent(_) => Some(0),
        ProbeReading::Known { effects, .. } => *effects,
        ProbeReading::Unreachable(_) | ProbeReading::Trouble(_) => None,
    }
}

async fn equals(stage: &Stage, who: &str, wanted: i64, message: String) -> Finding {
    let watch = watch(stage, who)?;
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
    let actual =
        counted(&waited.last).map_or_else(|| waited.last.to_string(), |count| count.to_string());
    let difference = difference("effects", wanted.to_string(), actual);
    Err(watch.failure(message, vec![difference], waited))
}
