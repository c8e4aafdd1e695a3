//! What probes showed in a run: the last request of each failure, and which probes never showed
//! anything.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::cut::text;
use crate::model::probed::ProbeExchange;
use crate::model::secret::MASK;
use crate::policy::token;
use crate::probe::{Observation, Probe, ProbeReading};
use crate::under_test::UnderTest;

/// The name of a probe in standin.yaml.
pub fn name(vendor: &str, kind: &str) -> String {
    format!("{vendor}.{kind}")
}

/// The vendor and the kind of subject in the name of a probe.
pub fn parts(name: &str) -> Option<(&str, &str)> {
    name.split_once('.')
}

/// What the probes of a scenario, or of a run, have shown so far, by their names.
#[derive(Clone, Debug, Default)]
pub struct Shown(BTreeMap<String, Sightings>);

/// What a probe has shown so far.
#[derive(Clone, Debug, Default)]
struct Sightings {
    /// It found a subject.
    found: bool,
    /// The fields of which it found something, even if that was null.
    matched: BTreeSet<String>,
}

impl Shown {
    /// Notes what a probe saw.
    pub fn note(
        &mut self,
        name: String,
        probe: &Probe,
        reading: &ProbeReading,
        seen: &Observation,
    ) {
        let sightings = self.0.entry(name).or_default();
        if !matches!(reading, ProbeReading::Known { .. }) {
            return;
        }
        sightings.found = true;
        if sightings.matched.len() == probe.fields.len() {
            return;
        }
        let nothing = unmatched(probe, seen);
        let fields = probe.fields.keys();
        let matched = fields.filter(|field| nothing.iter().all(|(one, _)| one != *field));
        sightings.matched.extend(matched.cloned());
    }

    /// The probes that found a subject, and the fields of which they found something.
    pub fn sights(&self) -> impl Iterator<Item = (String, Option<String>)> {
        let found = self.0.iter().filter(|(_, sightings)| sightings.found);
        found.flat_map(|(name, sightings)| {
            let fields = sightings.matched.iter().cloned().map(Some);
            fields.chain([None]).map(|field| (name.clone(), field))
        })
    }

    /// Whether a probe found a subject.
    pub fn found(&self, probe: &str) -> bool {
        self.0.get(probe).is_some_and(|sightings| sightings.found)
    }

    /// Whether a probe found something, even null, at the place of a field.
    pub fn matched(&self, probe: &str, field: &str) -> bool {
        self.0.get(probe).is_some_and(|sightings| sightings.matched.contains(field))
    }

    /// Takes what the probes of all scenarios have shown.
    pub fn all<'a>(scenarios: impl Iterator<Item = &'a mut Self>) -> Self {
        let mut all = Self::default();
        for (name, sightings) in scenarios.flat_map(|one| std::mem::take(&mut one.0)) {
            let sum = all.0.entry(name).or_default();
            sum.found |= sightings.found;
            sum.matched.extend(sightings.matched);
        }
        all
    }
}

/// The setting to try if the receiver means by this answer that it does not know the subject.
fn advice(probe: &Probe, reading: &ProbeReading, seen: &Observation) -> Option<String> {
    match (reading, seen.status?) {
        // Some answer what they cannot give with another status of the client's faults.
        (ProbeReading::Trouble(_), status @ (400 | 402 | 405..=428 | 430..=499)) => {
            let statuses = probe.absent.statuses.iter().chain([&status]);
            let statuses: Vec<String> = statuses.map(ToString::to_string).collect();
            Some(format!(
                "if {status} means that the receiver does not know it, write `absent: {{ statuses: [{}] }}`",
                statuses.join(", ")
            ))
        }
        (ProbeReading::Known { .. }, _) => {
            let places = probe.fields.len() + usize::from(probe.effects.is_some());
            let first = probe.fields.values().next()?;
            (unmatched(probe, seen).len() == places).then(|| {
                format!(
                    "the answer has nothing that this probe reads. If it means that the receiver does not know it, write \
                     `absent: {{ without: \"{first}\" }}`"
                )
            })
        }
        _ => None,
    }
}

/// The places of a probe at which an answer has nothing.
fn unmatched(probe: &Probe, seen: &Observation) -> Vec<(String, String)> {
    let Ok(answer) = serde_json::from_slice::<Json>(&seen.body) else { return Vec::new() };
    let places = probe.unmatched(&answer).into_iter();
    places.map(|(field, place)| (field.to_owned(), place)).collect()
}

/// The request of a probe and what came back, for a report. `at_issue` are the fields that a failure is
/// about.
pub fn shown(
    under_test: &UnderTest,
    (vendor, kind): (&str, &str),
    (reading, seen): (&ProbeReading, &Observation),
    at_issue: &[&str],
) -> Option<ProbeExchange> {
    let probe = under_test.probe(vendor, kind)?;
    let secrets = under_test.prober.secrets();
    // What looks like a token is one, whoever issued it.
    let masked = |text: &[u8]| token::masked_prose(&secrets.bytes(text));
    let nothing = match reading {
        ProbeReading::Known { .. } => unmatched(probe, seen),
        _ => Vec::new(),
    };
    Some(ProbeExchange {
        probe: name(vendor, kind),
        method: "GET",
        url: seen.url.clone(),
        headers: probe.headers.keys().map(|name| (name.clone(), MASK.to_owned())).collect(),
        status: seen.status,
        location: seen.location.as_ref().map(|place| text(&masked(place.as_bytes()))),
        answer: text(&masked(&seen.body)),
        is_known: matches!(reading, ProbeReading::Known { .. }),
        reading: text(&masked(reading.to_string().as_bytes())),
        advice: advice(probe, reading, seen),
        unmatched: nothing.into_iter().filter(|(field, _)| at_issue.contains(&&**field)).collect(),
    })
}
