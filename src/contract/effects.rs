//! How often something has happened to a subject at the receiver, by the count of its probe.

use super::expect::{Held, disbelief, fail, probe};
use super::world::Stage;
use crate::clock::Stopwatch;
use crate::model::Subject;
use crate::model::result::{Difference, ScenarioFailure};
use crate::probe::{Poll, Probe, ProbeReading, unchanged, until};

/// The probe that counts the effects on somebody, and the subject: of those that go by the name the
/// first whose probe counts any.
fn must_count(stage: &Stage, who: &str) -> (Probe, Subject) {
    let kinds = stage.account.map_or(&[][..], |(_, vendor)| vendor.catalogue().subjects);
    let probes = kinds.iter().filter_map(|subject| probe(stage, who, Some(subject.kind)));
    let counts = |(probe, _): &(Probe, Subject)| probe.effects.is_some();
    let mut counted = probes.filter(counts);
    counted.next().unwrap_or_else(|| panic!("the effects on {who} were rehearsed"))
}

/// The count of effects, once it has stopped rising: a receiver that queues is still at work on
/// what it has acknowledged. None is none if the receiver does not know the subject.
pub async fn count(stage: &Stage, who: &str) -> Result<i64, Box<ScenarioFailure>> {
    let (probe, subject) = must_count(stage, who);
    let poll = poll(stage, &probe, &subject);
    let within = stage.under_test.believes_within;
    let quiet = stage.under_test.quiet_for;
    let watch = Stopwatch::start();
    let mut waited = until(&poll, within, |look| counted(look).map(|_| true)).await;
    while let Some(count) = counted(&waited.last) {
        if watch.elapsed() > within + quiet {
            let message = format!("the effects on {who}'s {} never come to rest", subject.kind);
            return Err(Box::new(disbelief(stage, &subject, message, Vec::new(), waited)));
        }
        waited = unchanged(&poll, quiet, |look| counted(look) == Some(count)).await;
        if waited.passed {
            return Ok(count);
        }
    }
    let message = format!("the probe shows no count of effects for {who}'s {}", subject.kind);
    Err(Box::new(disbelief(stage, &subject, message, Vec::new(), waited)))
}

/// Looks for its count alone.
fn poll<'a>(stage: &'a Stage, probe: &'a Probe, subject: &'a Subject) -> Poll<'a> {
    Poll {
        prober: &stage.under_test.prober,
        probe,
        id: &subject.id,
        show: &ProbeReading::show_effects,
    }
}

fn counted(look: &ProbeReading) -> Option<i64> {
    match look {
        ProbeReading::Unknown | ProbeReading::Gone => Some(0),
        ProbeReading::Known { effects, .. } => *effects,
        ProbeReading::Unreachable(_) | ProbeReading::Trouble(_) => None,
    }
}

/// Holds that the count is as it was noted.
pub async fn unchanged_since(stage: &Stage, who: &str) -> Held {
    let Some(noted) = stage.noted.get(who).copied() else {
        let message = format!("the effects on {who} were never noted");
        return Err(Box::new(ScenarioFailure { internal: true, ..fail(message) }));
    };
    are(stage, who, noted, format!("the effects on {who} have changed")).await
}

/// Holds that two have had as many.
pub async fn equal(stage: &Stage, who: &str, whom: &str) -> Held {
    let wanted = count(stage, whom).await?;
    are(stage, who, wanted, format!("{who} has had other effects than {whom}")).await
}

async fn are(stage: &Stage, who: &str, wanted: i64, message: String) -> Held {
    let (probe, subject) = must_count(stage, who);
    let poll = poll(stage, &probe, &subject);
    // Effects are never taken back: one too many is the end of waiting.
    let verdict = |look: &ProbeReading| match counted(look) {
        Some(count) if count >= wanted => Some(count == wanted),
        _ => None,
    };
    let mut waited = until(&poll, stage.under_test.believes_within, verdict).await;
    if waited.passed {
        waited = unchanged(&poll, stage.under_test.quiet_for, |look| counted(look) == Some(wanted))
            .await;
    }
    if waited.passed {
        return Ok(());
    }
    let difference = Difference {
        field: "effects".to_owned(),
        expected: wanted.to_string(),
        actual: counted(&waited.last)
            .map_or_else(|| waited.last.to_string(), |count| count.to_string()),
    };
    Err(Box::new(disbelief(stage, &subject, message, vec![difference], waited)))
}
