//! Joins the results of the shards of a run, exactly: counts and histograms are added, and percentiles
//! are taken from the sums. It refuses what is not of one run.

mod part;
mod sums;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use super::population::settings;
use super::shard::Shard;
use crate::clock::between;
use crate::model::load::{LOAD_FORMAT, LoadReport, Shards};
use jiff::Timestamp;
use sums::{
    aborted, counts, distinct, effects, faults, followed, longest, seconds, times, total, triggers,
    webhooks,
};

pub use part::{MergeProblem, Part};

/// What becomes of results that lack shards of their run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// They are refused.
    Refused,
    /// They are joined, and say which shards they have.
    Accepted,
}

/// Joins results. The thresholds are not judged yet.
///
/// # Errors
/// If they are not shards of one run, a shard is there twice, or one is missing.
pub fn merge(parts: &[Part], missing: Missing) -> Result<LoadReport, MergeProblem> {
    let first = &parts.first().ok_or(MergeProblem::Nothing)?.report;
    let shards = shards(parts)?;
    for part in &parts[1..] {
        same_run(&parts[0], part)?;
    }
    let absent = shards.missing();
    if missing == Missing::Refused && !absent.is_empty() {
        return Err(MergeProblem::Incomplete { of: shards.of, missing: absent });
    }
    let webhooks = webhooks(parts);
    let sent_s = longest(parts, |one| one.sent_s);
    Ok(LoadReport {
        load: LOAD_FORMAT,
        version: first.version.clone(),
        started: earliest(parts),
        target: first.target.clone(),
        vendors: first.vendors.clone(),
        settings: first.settings.clone(),
        seed: first.seed,
        accounts: first.accounts,
        shards: Some(shards),
        threads: total(parts, |one| one.threads as u64) as usize,
        connections: total(parts, |one| one.connections as u64) as usize,
        engine: distinct(parts, |one| &one.engine),
        engine_reason: distinct(parts, |one| &one.engine_reason),
        http: first.http.clone(),
        streams: first.streams,
        pace: first.pace.clone(),
        order: first.order.clone(),
        retrying: first.retrying.clone(),
        took_s: longest(parts, |one| one.took_s),
        sent_s,
        rate: if sent_s > 0.0 { webhooks.sent as f64 / sent_s } else { 0.0 },
        answers: total(parts, |one| one.answers),
        webhooks,
        retries: total(parts, |one| one.retries),
        token_requests: total(parts, |one| one.token_requests),
        token_failures: total(parts, |one| one.token_failures),
        corrected: times(parts, "corrected", |one| &one.corrected)?,
        raw: times(parts, "raw", |one| &one.raw)?,
        lag: times(parts, "lag", |one| &one.lag)?,
        triggers: triggers(parts)?,
        statuses: counts(parts, |one| &one.statuses),
        errors: counts(parts, |one| &one.errors),
        faults: faults(parts),
        connects: total(parts, |one| one.connects),
        failed_connects: total(parts, |one| one.failed_connects),
        sampled: total(parts, |one| one.sampled),
        effects: effects(parts),
        followed: followed(parts)?,
        seconds: seconds(parts)?,
        journal_held_s: parts.iter().filter_map(|one| one.report.journal_held_s).reduce(f64::max),
        aborted: aborted(parts),
        thresholds: Vec::new(),
        baseline: None,
    })
}

/// When the first of them began.
fn earliest(parts: &[Part]) -> String {
    let all = parts.iter().map(|part| &part.report.started);
    let first = all.min_by_key(|text| text.parse().unwrap_or(Timestamp::MAX));
    first.cloned().unwrap_or_default()
}

/// How much later than the first of them the last one began.
pub fn apart(parts: &[Part]) -> Duration {
    let began = parts.iter().filter_map(|part| part.report.started.parse::<Timestamp>().ok());
    let (first, last) = (began.clone().min(), began.max());
    first.zip(last).map_or(Duration::ZERO, |(first, last)| between(first, last))
}

/// The shards of all parts.
fn shards(parts: &[Part]) -> Result<Shards, MergeProblem> {
    let mut holders: BTreeMap<usize, &str> = BTreeMap::new();
    let mut of = 0;
    for Part { name, report } in parts {
        let wrong = |why: &str| MergeProblem::Wrong { name: name.clone(), why: why.to_owned() };
        let whole = "these are the results of a whole run, and of no shard (`--shard`)";
        let shards = report.shards.as_ref().ok_or_else(|| wrong(whole))?;
        let numbered = shards.joined.last().is_some_and(|last| *last < shards.of);
        if !numbered || shards.of > Shard::MOST {
            return Err(wrong("`shards`: these numbers are not of the shards of a run"));
        }
        of = shards.of;
        for shard in &shards.joined {
            if let Some(one) = holders.insert(*shard, name) {
                let (one, other) = (one.to_owned(), name.clone());
                // A shard of another run is another mistake.
                let before = parts.iter().find(|part| part.name == one);
                let part = Part { name: name.clone(), report: report.clone() };
                before.map_or(Ok(()), |before| same_run(before, &part))?;
                return Err(MergeProblem::Twice { shard: *shard, one, other });
            }
        }
    }
    Ok(Shards { of, joined: holders.into_keys().collect() })
}

/// What must be the same in all shards of a run, with its name.
type Same = (&'static str, fn(&LoadReport) -> String);

const SAME: &[Same] = &[
    ("version", |one| one.version.clone()),
    ("seed", |one| one.seed.to_string()),
    ("target", |one| one.target.clone()),
    ("vendors", |one| one.vendors.join(", ")),
    ("settings", |one| settings(&one.settings)),
    ("number of accounts", |one| one.accounts.to_string()),
    ("pace", |one| one.pace.clone()),
    ("HTTP version", |one| one.http.clone()),
    ("streams", |one| one.streams.to_string()),
    ("order", |one| one.order.clone()),
    ("retries", |one| one.retrying.clone()),
    ("faults", |one| {
        let texts: Vec<&str> = one.faults.iter().map(|fault| fault.text.as_str()).collect();
        texts.join(", ")
    }),
    ("number of shards", |one| one.shards.as_ref().map_or(0, |shards| shards.of).to_string()),
];

fn same_run(one: &Part, other: &Part) -> Result<(), MergeProblem> {
    for (what, of) in SAME {
        let (its, others) = (of(&one.report), of(&other.report));
        if its != others {
            let (one, other) = (one.name.clone(), other.name.clone());
            return Err(MergeProblem::Unequal { one, other, what, its, others });
        }
    }
    Ok(())
}
