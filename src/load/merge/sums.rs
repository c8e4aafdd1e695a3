//! The sums of the results of shards.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::part::{MergeProblem, Part};
use crate::load::follow::report::{read, seconds as of_seconds};
use crate::load::report::{self, percentiles};
use crate::load::seconds::{Second, Seconds, Spread};
use crate::load::tally::Latency;
use crate::load::{histogram, sample};
use crate::model::followed::FollowedEffects;
use crate::model::load::{
    Aborted, Effects, FaultResult, LoadReport, LoadSecond, Percentiles, TriggerCounts,
    WebhookCounts,
};

pub(super) fn total(parts: &[Part], of: impl Fn(&LoadReport) -> u64) -> u64 {
    parts.iter().map(|part| of(&part.report)).sum()
}

pub(super) fn longest(parts: &[Part], of: impl Fn(&LoadReport) -> f64) -> f64 {
    parts.iter().map(|part| of(&part.report)).fold(0.0, f64::max)
}

/// The texts that differ.
pub(super) fn distinct(parts: &[Part], of: impl Fn(&LoadReport) -> &String) -> String {
    let texts: BTreeSet<&str> = parts.iter().map(|part| of(&part.report).as_str()).collect();
    texts.into_iter().collect::<Vec<_>>().join(", ")
}

pub(super) fn webhooks(parts: &[Part]) -> WebhookCounts {
    let mut sum = WebhookCounts::default();
    parts.iter().for_each(|part| sum.add(&part.report.webhooks));
    sum
}

/// What each fault came to. All parts have the same ones, as `same_run` has checked.
pub(super) fn faults(parts: &[Part]) -> Vec<FaultResult> {
    let mut all = parts.iter().map(|part| &part.report.faults);
    let mut sums = all.next().cloned().unwrap_or_default();
    for faults in all {
        sums.iter_mut().zip(faults).for_each(|(sum, one)| sum.counts.add(&one.counts));
    }
    sums
}

/// Adds a distribution of this name to others.
fn add(into: &mut Latency, name: &str, at: &str, times: &Percentiles) -> Result<(), MergeProblem> {
    let wrong = |why: &str| MergeProblem::Wrong {
        name: name.to_owned(),
        why: format!("`{at}.hdr` is no histogram of `standin load`: {why}"),
    };
    let read = histogram::read(&times.hdr).map_err(wrong)?;
    if read.count() != times.count {
        return Err(wrong("it has another number of values than `count` says"));
    }
    into.add(&read);
    Ok(())
}

pub(super) fn times(
    parts: &[Part],
    at: &str,
    of: impl Fn(&LoadReport) -> &Percentiles,
) -> Result<Percentiles, MergeProblem> {
    let mut sum = Latency::default();
    for part in parts {
        add(&mut sum, &part.name, at, of(&part.report))?;
    }
    Ok(percentiles(&sum))
}

pub(super) fn triggers(parts: &[Part]) -> Result<Vec<TriggerCounts>, MergeProblem> {
    let mut sums: BTreeMap<(&str, &str), (TriggerCounts, Latency)> = BTreeMap::new();
    for part in parts {
        for (place, one) in part.report.triggers.iter().enumerate() {
            let of_trigger = sums.entry((&one.vendor, &one.trigger));
            let (sum, times) = of_trigger.or_insert_with(|| (none_of(one), Latency::default()));
            sum.sent += one.sent;
            sum.accepted += one.accepted;
            sum.refused += one.refused;
            sum.failed += one.failed;
            add(times, &part.name, &format!("triggers[{place}].corrected"), &one.corrected)?;
        }
    }
    let sums = sums.into_values();
    Ok(sums.map(|(sum, times)| TriggerCounts { corrected: percentiles(&times), ..sum }).collect())
}

/// No webhook of this trigger.
fn none_of(trigger: &TriggerCounts) -> TriggerCounts {
    TriggerCounts {
        vendor: trigger.vendor.clone(),
        trigger: trigger.trigger.clone(),
        sent: 0,
        accepted: 0,
        refused: 0,
        failed: 0,
        corrected: Percentiles::default(),
    }
}

pub(super) fn counts<K: Clone + Ord>(
    parts: &[Part],
    of: impl Fn(&LoadReport) -> &BTreeMap<K, u64>,
) -> BTreeMap<K, u64> {
    let mut sums: BTreeMap<K, u64> = BTreeMap::new();
    for (key, count) in parts.iter().flat_map(|part| of(&part.report)) {
        let sum = sums.entry(key.clone()).or_default();
        *sum += *count;
    }
    sums
}

/// None if no shard could compare anything, or one that had subjects to compare does not know.
pub(super) fn effects(parts: &[Part]) -> Option<Effects> {
    let unknown = |part: &Part| part.report.sampled > 0 && part.report.effects.is_none();
    if parts.iter().any(unknown) {
        return None;
    }
    let found = parts.iter().filter_map(|part| part.report.effects.as_ref());
    found.cloned().reduce(|mut sum, one| {
        sum.compared += one.compared;
        sum.right += one.right;
        sum.lost += one.lost;
        sum.wrong += one.wrong;
        sum.unreadable += one.unreadable;
        sum.twice = sum.twice.into_iter().chain(one.twice).reduce(|sum, one| sum + one);
        sum.twice_judged += one.twice_judged;
        sum.twice_unknown += one.twice_unknown;
        sum.drained_s = sum.drained_s.max(one.drained_s);
        sum.examples.extend(one.examples);
        sum.examples.truncate(sample::EXAMPLES);
        sum
    })
}

/// What was seen of subjects that were followed, second by second from the beginning of each shard. None
/// if a shard that had subjects to compare does not know, though another does.
pub(super) fn followed(parts: &[Part]) -> Result<Option<FollowedEffects>, MergeProblem> {
    if parts.iter().any(|part| part.report.sampled > 0 && part.report.followed.is_none()) {
        return Ok(None);
    }
    let (mut latency, mut seconds) = (Latency::default(), Seconds::default());
    let mut sum: Option<FollowedEffects> = None;
    for part in parts {
        let Some(one) = &part.report.followed else { continue };
        let sum = sum.get_or_insert_default();
        add(&mut latency, &part.name, "followed.latency", &one.latency)?;
        seconds.add(&read(&one.seconds));
        sum.subjects += one.subjects;
        // What is unsure is unsure by the worst.
        sum.unsure_ms = sum.unsure_ms.into_iter().chain(one.unsure_ms).reduce(f64::max);
        sum.unmeasured += one.unmeasured;
        sum.unseen += one.unseen;
        sum.dropped += one.dropped;
        sum.behind += one.behind;
        sum.probe_rate += one.probe_rate;
        sum.probes += one.probes;
        for (why, count) in &one.errors {
            *sum.errors.entry(why.clone()).or_default() += count;
        }
    }
    Ok(sum.map(|sum| {
        let seconds = of_seconds(&seconds);
        let most_behind = seconds.iter().map(|one| one.behind).max().unwrap_or_default();
        FollowedEffects { latency: percentiles(&latency), seconds, most_behind, ..sum }
    }))
}

/// Why the first shard that was ended early was.
pub(super) fn aborted(parts: &[Part]) -> Option<Aborted> {
    let all = parts.iter().filter_map(|part| part.report.aborted.as_ref());
    all.min_by(|one, other| one.after_s.total_cmp(&other.after_s)).cloned()
}

/// Second by second, each from the beginning of its shard.
pub(super) fn seconds(parts: &[Part]) -> Result<Vec<LoadSecond>, MergeProblem> {
    let mut sum = Seconds::default();
    for part in parts {
        let mut of_shard = Seconds::default();
        for (place, one) in part.report.seconds.iter().enumerate() {
            of_shard.at(Duration::from_secs(one.at_s)).add(&second(&part.name, place, one)?);
        }
        sum.add(&of_shard);
    }
    Ok(report::seconds(&sum))
}

fn second(name: &str, place: usize, one: &LoadSecond) -> Result<Second, MergeProblem> {
    let read = |at: &str, hdr: &str| match hdr {
        "" => Ok(Spread::default()),
        _ => histogram::read_part(hdr).map(|read| Spread::of(&read)).map_err(|why| {
            let why =
                format!("`seconds[{place}].{at}.hdr` is no histogram of `standin load`: {why}");
            MergeProblem::Wrong { name: name.to_owned(), why }
        }),
    };
    Ok(Second {
        due: one.due,
        sent: one.sent,
        accepted: one.accepted,
        not_accepted: one.not_accepted,
        backlog: one.backlog,
        longest: Duration::try_from_secs_f64(one.longest_ms / 1e3).unwrap_or_default(),
        corrected: read("corrected", &one.corrected.hdr)?,
        raw: read("raw", &one.raw.hdr)?,
    })
}
