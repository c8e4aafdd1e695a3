//! What probes showed in a run: the last request of each failure, and which probes never showed
//! anything.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::cut::text;
use crate::model::probed::ProbeExchange;
use crate::model::result::{FeatureResult, ScenarioFailure, ScenarioResult};
use crate::model::secret::MASK;
use crate::policy::token;
use crate::probe::{Observation, Probe, ProbeReading};
use crate::under_test::UnderTest;

/// With fewer failures nothing is said of a probe.
const FEWEST: usize = 3;

/// The name of a probe in standin.yaml.
pub fn name(vendor: &str, kind: &str) -> String {
    format!("{vendor}.{kind}")
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
        unmatched: nothing.into_iter().filter(|(field, _)| at_issue.contains(&&**field)).collect(),
    })
}

/// What is wrong with a probe, or with what the receiver stores, and so with many scenarios.
pub struct ProbeCause {
    probe: String,
    /// The field of which it never showed anything. `None`: it never found a subject.
    field: Option<String>,
    /// What is said of it.
    pub text: String,
}

impl ProbeCause {
    /// The causes in the failures of a run.
    pub fn all(features: &[FeatureResult], shown: &Shown) -> Vec<Self> {
        let scenarios = features.iter().flat_map(|feature| &feature.scenarios);
        let failures = scenarios.filter_map(|scenario| scenario.failure.as_ref());
        let mut causes = Vec::new();
        let mut failed = BTreeMap::<(String, Option<String>), Vec<&ProbeExchange>>::new();
        let unexplained = failures.filter(|failure| failure.cause.is_none());
        for exchange in unexplained.filter_map(|failure| failure.probe.as_ref()) {
            for key in suspects(exchange, shown) {
                failed.entry(key).or_default().push(exchange);
            }
        }
        for ((probe, field), exchanges) in failed {
            let Some(first) = exchanges.first().filter(|_| exchanges.len() >= FEWEST) else {
                continue;
            };
            let text = match &field {
                None => nothing_found(&probe, exchanges.len(), first),
                Some(field) => nothing_shown(&probe, field, exchanges.len(), first),
            };
            causes.push(Self { probe, field, text });
        }
        causes
    }

    /// Whether it explains the failure of a scenario.
    pub fn explains(&self, scenario: &ScenarioResult) -> bool {
        let of = |failure: &ScenarioFailure| failure.probe.clone().filter(|_| !failure.internal);
        scenario.failure.as_ref().and_then(of).is_some_and(|exchange| {
            exchange.probe == self.probe
                && self.field.as_ref().is_none_or(|field| is_unmatched(&exchange, field))
        })
    }
}

fn is_unmatched(exchange: &ProbeExchange, field: &str) -> bool {
    exchange.unmatched.iter().any(|(one, _)| one == field)
}

/// What the failure with this request may be explained by, if other failures are, too.
fn suspects(exchange: &ProbeExchange, shown: &Shown) -> Vec<(String, Option<String>)> {
    let sightings = shown.0.get(&exchange.probe).cloned().unwrap_or_default();
    if !sightings.found {
        return vec![(exchange.probe.clone(), None)];
    }
    let fields = exchange.unmatched.iter().map(|(field, _)| field);
    let never = fields.filter(|field| *field != "effects" && !sightings.matched.contains(*field));
    never.map(|field| (exchange.probe.clone(), Some(field.clone()))).collect()
}

fn nothing_found(probe: &str, count: usize, first: &ProbeExchange) -> String {
    let ProbeExchange { method, url, status, reading, .. } = first;
    let saw = match status {
        Some(200..=299) | None => reading.clone(),
        Some(status) => status.to_string(),
    };
    let check = match status {
        Some(401 | 403) => "its `headers`",
        Some(300..=399) => "its `get`: probes follow no redirect",
        _ => "its `get`, and that the receiver stores what it accepts",
    };
    format!(
        "the probe `{probe}` found nothing in this run, and {count} scenarios failed for it. \
         `{method} {url}`: {saw}. Check {check}"
    )
}

fn nothing_shown(probe: &str, field: &str, count: usize, first: &ProbeExchange) -> String {
    let place = first.unmatched.iter().find(|(one, _)| one == field);
    let place = place.map_or("", |(_, place)| place);
    format!(
        "`{field}` of the probe `{probe}` was in no answer of this run, and {count} scenarios failed for \
         it: `{place}` matches nothing. Check this place under `fields`"
    )
}
