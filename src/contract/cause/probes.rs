//! What is wrong with a probe, or with what the receiver stores: a probe never found a subject, or
//! never anything at the place of a field.

use std::collections::BTreeMap;

use super::failures::{Cause, FEWEST, Place, unexplained};
use crate::contract::probed::Shown;
use crate::model::probed::ProbeExchange;
use crate::model::result::FeatureResult;

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
    let enough = failed.into_iter().filter(|(_, exchanges)| exchanges.len() >= FEWEST);
    let cause = |((probe, field), exchanges): (Suspect<'_>, Vec<(Place, &ProbeExchange)>)| {
        let (_, first) = exchanges.first()?;
        let text = match field {
            None => nothing_found(probe, exchanges.len(), first),
            Some(field) => nothing_shown(probe, field, exchanges.len(), first),
        };
        let failures = exchanges.into_iter().map(|(place, _)| place).collect();
        Some(Cause { text, failures })
    };
    enough.filter_map(cause).collect()
}

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
