//! Looks through the probes: whether each shows its subject, its fields and its effects.

use serde_json::Value as Json;

use super::examination::{Examination, line};
use crate::contract::probe_exchange;
use crate::driver::Driver;
use crate::model::probed::ProbeExchange;
use crate::model::{Subject, Webhook};
use crate::probe::compare::{field_of, shown};
use crate::probe::{Observation, Poll, Probe, ProbeReading, until};
use crate::report::checkup::{Line, Mark};
use crate::sim::AccountIndex;

/// Looks through each probe that was not looked through yet and has a subject among these webhooks.
pub async fn look_through(
    this: &mut Examination<'_>,
    driver: &Driver,
    account: AccountIndex,
    webhooks: impl DoubleEndedIterator<Item = &Webhook> + Clone,
) {
    let catalogue = this.target.vendor.catalogue();
    for kind in this.probed_kinds() {
        let Some(probe) = this.subject.probe(catalogue.vendor, kind) else { continue };
        let found = webhooks.clone().rev().find_map(|one| reported(driver, account, kind, one));
        let Some((subject, truth)) = found.filter(|_| !this.seen.contains(kind)) else { continue };
        this.seen.insert(kind);
        let (reading, seen) = read(this, probe, &subject, &truth).await;
        let of = (catalogue.vendor, kind);
        let all: Vec<&str> = probe.fields.keys().map(String::as_str).chain(["effects"]).collect();
        let Some(exchange) = probe_exchange(this.subject, of, (&reading, &seen), &all) else {
            continue;
        };
        let secrets = this.subject.prober.secrets();
        let masked = |one: Line| Line {
            found: secrets.text(&one.found),
            hint: one.hint.map(|hint| secrets.text(&hint)),
            ..one
        };
        let lines = told(probe, &reading, &exchange, &truth).into_iter().map(masked);
        this.lines.extend(lines);
    }
}

/// The subject of this kind that a webhook reports, with what the vendor knows of it.
fn reported(
    driver: &Driver,
    account: AccountIndex,
    kind: &'static str,
    webhook: &Webhook,
) -> Option<(Subject, Json)> {
    let sim = driver.sim();
    let about = sim.catalogue(account).subjects.iter().find(|subject| subject.kind == kind)?;
    if about.reported_by != webhook.subject.kind && kind != webhook.subject.kind {
        return None;
    }
    let index = sim.named(account, kind, webhook.name.as_deref()?)?;
    (!sim.is_deleted(account, index))
        .then(|| (sim.subject(account, index), sim.truth(account, index)))
}

/// Reads until the probe agrees with the vendor, or the receiver's time is up.
async fn read(
    this: &Examination<'_>,
    probe: &Probe,
    subject: &Subject,
    truth: &Json,
) -> (ProbeReading, Observation) {
    let show = |reading: &ProbeReading| reading.to_string();
    let prober = &this.subject.prober;
    let poll = Poll { prober, probe, id: &subject.id, show: &show };
    let agrees = |reading: &ProbeReading| match reading {
        ProbeReading::Known { fields, .. } => {
            fields.iter().all(|(field, value)| probe.agrees(field, &field_of(truth, field), value))
        }
        _ => false,
    };
    let waited =
        until(&poll, this.subject.believes_within, |reading| agrees(reading).then_some(true));
    let waited = waited.await;
    (waited.last, waited.seen)
}

fn told(probe: &Probe, reading: &ProbeReading, seen: &ProbeExchange, truth: &Json) -> Vec<Line> {
    let request = format!("{}: {} {}", seen.probe, seen.method, seen.url);
    let ProbeReading::Known { fields, effects } = reading else {
        return vec![lost(reading, seen, &request)];
    };
    let mut lines = vec![line(Mark::Works, "probe", format!("{request} shows it"))];
    let is_unmatched = |field: &str| seen.unmatched.iter().find(|(one, _)| one == field);
    let (mut same, mut nothing_yet) = (Vec::new(), Vec::new());
    for (field, actual) in fields {
        let expected = field_of(truth, field);
        match (probe.agrees(field, &expected, actual), is_unmatched(field)) {
            (true, Some(_)) => nothing_yet.push(field.as_str()),
            (true, None) => same.push(field.as_str()),
            (false, Some((_, place))) => {
                let found = format!("`{field}`: `{place}` matches nothing in {}", seen.answer);
                let hint = Some(format!("correct this place; the vendor has {}", shown(&expected)));
                lines.push(Line { hint, ..line(Mark::Fails, "fields", found) });
            }
            (false, None) => {
                let (expected_text, actual_text) = (shown(&expected), shown(actual));
                let found = format!(
                    "`{field}`: the vendor has {expected_text}, the receiver {actual_text}"
                );
                let hint = probe.suggestion(field, &expected, actual);
                lines.push(Line { hint, ..line(Mark::Fails, "fields", found) });
            }
        }
    }
    if !same.is_empty() {
        let found = format!("{} as the vendor has them", same.join(", "));
        lines.push(line(Mark::Works, "fields", found));
    }
    if !nothing_yet.is_empty() {
        let found = format!("{}: the vendor has nothing there yet", nothing_yet.join(", "));
        lines.push(line(Mark::NotSeen, "fields", found));
    }
    if fields.is_empty() {
        lines.push(line(Mark::NotSeen, "fields", "the probe has none: no value is judged"));
    }
    lines.push(counted(probe, *effects, seen));
    lines
}

/// A probe that does not show its subject.
fn lost(reading: &ProbeReading, seen: &ProbeExchange, request: &str) -> Line {
    let leads_to = seen.location.as_ref().map_or(String::new(), |place| format!(", {place}"));
    let follows_none =
        format!("probes follow no redirect: give the URL that it leads to{leads_to}");
    let hint = match (reading, seen.status) {
        (_, Some(401 | 403)) => "are its `headers` right?",
        (_, Some(300..=399)) => &follows_none,
        (ProbeReading::Absent(_), _) => {
            "is its `get` right, and does the receiver store what it accepts?"
        }
        (ProbeReading::Local(_), _) => "this machine lacks something, and nothing was sent",
        (ProbeReading::Unreachable(_), _) => "is its `get` right?",
        _ => "a probe takes JSON and a status of 200 to 299",
    };
    let answer = if seen.answer.is_empty() { String::new() } else { format!(": {}", seen.answer) };
    let found = format!("{request} does not show it: {}{answer}", seen.reading);
    Line { hint: Some(hint.to_owned()), ..line(Mark::Fails, "probe", found) }
}

/// The line about effects.
fn counted(probe: &Probe, effects: Option<i64>, seen: &ProbeExchange) -> Line {
    match (&probe.effects, effects) {
        (None, _) => {
            let found =
                format!("`{}` has no `effects`: what a duplicate does is not judged", seen.probe);
            line(Mark::NotSeen, "effects", found)
        }
        (Some(_), Some(count)) => {
            line(Mark::Works, "effects", format!("{} counts {count}", seen.probe))
        }
        (Some(place), None) => {
            let found = format!("`{place}` is no number and no list in {}", seen.answer);
            let hint = Some("name a count, or a list to count".to_owned());
            Line { hint, ..line(Mark::Fails, "effects", found) }
        }
    }
}
