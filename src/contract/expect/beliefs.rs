//! Judges what the receiver believes, as its probes show it.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::watch::Watch;
use crate::contract::expectation::Belief;
use crate::contract::finding::{Finding, difference};
use crate::contract::stage::Stage;
use crate::model::result::Difference;
use crate::probe::compare::{field_of, same, shown};
use crate::probe::{Probe, ProbeReading};

/// One of the two names of the field that has the state.
pub const STATE: &str = "status";

/// The receiver has a subject in this state.
pub async fn state(stage: &Stage, who: &str, kind: &str, state: &str, belief: Belief) -> Finding {
    let (probe, _) = stage.probed(who, kind)?;
    let wanted = [(probe.named(STATE).to_owned(), Json::String(state.to_owned()))].into();
    believed(stage, who, kind, wanted, belief).await
}

/// The receiver has these fields of a subject.
pub async fn fields(stage: &Stage, who: &str, kind: &str, fields: &[(String, String)]) -> Finding {
    let (probe, _) = stage.probed(who, kind)?;
    let named = |(field, value): &(String, String)| {
        (probe.named(field).to_owned(), Json::String(value.clone()))
    };
    let wanted = fields.iter().map(named);
    believed(stage, who, kind, wanted.collect(), Belief::Eventually).await
}

/// The receiver agrees with the vendor in every field of the probe.
pub async fn truth(stage: &Stage, who: &str, kind: &str) -> Finding {
    let (probe, _) = stage.probed(who, kind)?;
    let truth = stage.truth(who, kind)?;
    let wanted = probe.fields.keys().map(|field| (field.clone(), field_of(&truth, field)));
    believed(stage, who, kind, wanted.collect(), Belief::Eventually).await
}

/// What the vendor has deleted, the receiver may have deleted, too, unless it should not know it yet.
async fn believed(
    stage: &Stage,
    who: &str,
    kind: &str,
    wanted: BTreeMap<String, Json>,
    belief: Belief,
) -> Finding {
    let fields: Vec<String> = wanted.keys().cloned().collect();
    let shown = |reading: &ProbeReading| reading.show_fields(fields.iter());
    let watch = Watch::new(stage, stage.probed(who, kind)?, &shown)?;
    let truth = stage.truth(who, kind)?;
    let is_true = wanted.iter().all(|(field, value)| same(&field_of(&truth, field), value));
    let (wanted, rest) = judged(&watch, wanted);
    if wanted.is_empty() && rest.is_err() {
        return rest;
    }
    let belief = if is_true && stage.is_deleted(who, kind)? { Belief::OrUnknown } else { belief };
    let test = |reading: &ProbeReading| match reading {
        ProbeReading::Known { .. } => differences(watch.probe, reading, &wanted).is_empty(),
        ProbeReading::Absent(_) => belief == Belief::OrUnknown,
        ProbeReading::Unreachable(_) | ProbeReading::Local(_) | ProbeReading::Trouble(_) => false,
    };
    let waited = match belief {
        Belief::Eventually => watch.until(|reading| test(reading).then_some(true)).await,
        Belief::Still | Belief::OrUnknown => watch.settled(test).await,
    };
    if waited.passed {
        return rest;
    }
    let what = format!("{who}'s {}", watch.subject.kind);
    let message = match &waited.last {
        ProbeReading::Absent(_) => format!("the receiver does not know {what}"),
        ProbeReading::Unreachable(_) | ProbeReading::Local(_) | ProbeReading::Trouble(_) => {
            format!("the probe could not read {what}")
        }
        ProbeReading::Known { .. } => format!("the receiver has other values for {what}"),
    };
    Err(watch.failure(message, differences(watch.probe, &waited.last, &wanted), waited))
}

/// The fields that are still judged, and what is said of the rest.
fn judged(watch: &Watch<'_>, wanted: BTreeMap<String, Json>) -> (BTreeMap<String, Json>, Finding) {
    let (mut judged, mut rest) = (BTreeMap::new(), Ok(()));
    for (field, value) in wanted {
        let verdict = watch.judges(Some(&field));
        if verdict.is_ok() {
            judged.insert(field, value);
        }
        rest = rest.and(verdict);
    }
    (judged, rest)
}

/// The receiver does not know a subject, and this does not change.
pub async fn not_known(stage: &Stage, who: &str, kind: &str) -> Finding {
    let watch = Watch::new(stage, stage.probed(who, kind)?, &ToString::to_string)?;
    let waited = watch.settled(|reading| matches!(reading, ProbeReading::Absent(_))).await;
    if waited.passed {
        return Ok(());
    }
    let kind = watch.subject.kind;
    let message = format!("the receiver should not know {who}'s {kind}");
    let difference = difference(kind, "not known", waited.last.to_string());
    Err(watch.failure(message, vec![difference], waited))
}

/// The fields in which a reading differs from the expected values.
fn differences(
    probe: &Probe,
    reading: &ProbeReading,
    wanted: &BTreeMap<String, Json>,
) -> Vec<Difference> {
    let known = match reading {
        ProbeReading::Known { fields, .. } => Some(fields),
        _ => None,
    };
    wanted
        .iter()
        .filter_map(|(field, expected)| {
            let actual = known.and_then(|fields| fields.get(field));
            if actual.is_some_and(|actual| probe.agrees(field, expected, actual)) {
                return None;
            }
            let hint = actual.and_then(|actual| probe.suggestion(field, expected, actual));
            let actual = actual.map_or_else(|| reading.to_string(), shown);
            Some(Difference { hint, ..difference(field, shown(expected), actual) })
        })
        .collect()
}
