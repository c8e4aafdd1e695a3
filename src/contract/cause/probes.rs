//! What is wrong with a probe, or with what the receiver stores: a probe never found a subject, or
//! never anything at the place of a field.

use std::collections::BTreeMap;

use super::failures::{Cause, FEWEST, Place, unexplained};
use crate::contract::probed::Shown;
use crate::model::probed::ProbeExchange;
use crate::model::result::FeatureResult;
use crate::text::names;

/// A probe, and the field of which it never showed anything. `None`: it never found a subject.
type Suspect<'a> = (&'a str, Option<&'a str>);

/// A cause for each probe that never found anything, and for each field that it never showed.
pub fn causes(features: &[FeatureResult], shown: &Shown) -> Vec<Cause> {
    let mut failed = BTreeMap::<Suspect<'_>, Vec<(Place, &ProbeExchange)>>::new();
    for (place, _, failure) in unexplained(features) {
        // A receiver that is gone says nothing of its probes.
        if let Some(exchange) = failure.probe.as_ref().filter(|_| !failure.unreachable) {
            for suspect in suspects(exchange, shown) {
                failed.entry(suspect).or_default().push((place, exchange));
            }
        }
    }
    let mut found: Vec<Cause> = Vec::new();
    let mut unfound = BTreeMap::<String, Vec<Failed<'_>>>::new();
    for ((probe, field), exchanges) in failed {
        let Some((_, first)) = exchanges.first() else { continue };
        match field {
            None => unfound.entry(saw(first)).or_default().push((probe, exchanges)),
            Some(field) if exchanges.len() >= FEWEST => {
                let text = nothing_shown(probe, field, exchanges.len(), first);
                let failures = exchanges.into_iter().map(|(place, _)| place).collect();
                found.push(Cause { text, failures });
            }
            Some(_) => {}
        }
    }
    let nothing = unfound.into_iter().filter_map(|(saw, probes)| nothing_found(&saw, &probes));
    nothing.chain(found).collect()
}

/// A probe, and the failures with the requests that it made.
type Failed<'a> = (&'a str, Vec<(Place, &'a ProbeExchange)>);

/// What the failure with this request may be explained by, if other failures are, too.
fn suspects<'a>(exchange: &'a ProbeExchange, shown: &Shown) -> Vec<Suspect<'a>> {
    let probe = exchange.probe.as_str();
    if !shown.found(probe) {
        return vec![(probe, None)];
    }
    let fields = exchange.unmatched.iter().map(|(field, _)| field.as_str());
    let never = fields.filter(|field| *field != "effects" && !shown.matched(probe, field));
    never.map(|field| (probe, Some(field))).collect()
}

/// What a probe saw that found nothing.
fn saw(exchange: &ProbeExchange) -> String {
    match exchange.status {
        Some(200..=299) | None => exchange.reading.clone(),
        Some(status) => status.to_string(),
    }
}

/// One cause for all probes that saw the same.
fn nothing_found(saw: &str, probes: &[Failed<'_>]) -> Option<Cause> {
    let failures: Vec<Place> =
        probes.iter().flat_map(|(_, all)| all.iter().map(|(place, _)| *place)).collect();
    let (_, first) = probes.first()?.1.first()?;
    let (one, it, its) = match probes {
        [_] => ("the probe", "it", "its"),
        _ => ("the probes", "them", "their"),
    };
    let check = match first.status {
        Some(401 | 403) => format!("{its} `headers`"),
        Some(406) => format!("{its} `headers`: which `Accept` does the receiver want?"),
        Some(300..=399) => format!("{its} `get`: probes follow no redirect"),
        _ => format!("{its} `get`, and that the receiver stores what it accepts"),
    };
    let text = format!(
        "{one} {} found nothing in this run, and {} scenarios failed for {it}. `{} {}`: {saw}. Check {check}",
        names(probes.iter().map(|(probe, _)| *probe)),
        failures.len(),
        first.method,
        first.url
    );
    (failures.len() >= FEWEST).then_some(Cause { text, failures })
}

fn nothing_shown(probe: &str, field: &str, count: usize, first: &ProbeExchange) -> String {
    let place = first.unmatched.iter().find(|(one, _)| one == field);
    let place = place.map_or("", |(_, place)| place);
    format!(
        "`{field}` of the probe `{probe}` was in no answer of this run, and {count} scenarios failed for \
         it: `{place}` matches nothing. Check this place under `fields`"
    )
}
