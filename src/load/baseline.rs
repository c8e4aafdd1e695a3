//! Compares a run with an older one of the same kind.
//!
//! A value is worse if it differs by more than the percentage that was given and by more than noise.
//! Times and rates have a value in each second: their noise is what the seconds of each run say
//! (`by_chance`). Shares are tested as shares. How long a receiver took to drain is one value, read
//! in steps: less than two steps are noise.

use super::noise::{by_chance, share, share_by_chance};
use super::population::{Population, differing, names, settings};
use super::wire::Wire;
use super::{Pace, Plan};
use crate::model::load::{
    BaselineResult, BaselineRow, LoadReport, LoadSecond, Shards, WebhookCounts,
};

/// A difference that is less likely than this by chance is more than noise.
const BEYOND_NOISE: f64 = 0.01;
/// Fewer whole seconds in a run do not tell what is noise.
const FEWEST_SECONDS: usize = 5;
/// Drain times that differ by no more are equal, in seconds: two rounds of readings.
const DRAIN_STEP: f64 = 0.2;

/// The results of an older run.
#[derive(Clone, Debug)]
pub struct Baseline(LoadReport);

/// What must be equal, so that two runs can be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Kind {
    vendors: Vec<String>,
    settings: Vec<String>,
    accounts: usize,
    connections: usize,
    threads: usize,
    pace: String,
    http: String,
    streams: usize,
    order: String,
    retrying: String,
    shards: Option<Shards>,
    faults: Vec<String>,
}

impl Kind {
    /// The kind of a run that is planned.
    pub fn planned(plan: &Plan, wire: &Wire, population: &Population<'_>) -> Self {
        Self {
            vendors: names(population.vendors).into_iter().map(str::to_owned).collect(),
            settings: differing(population.vendors),
            accounts: population.len(),
            connections: plan.connections,
            threads: plan.threads,
            pace: plan.to_string(),
            http: wire.http().to_owned(),
            streams: wire.streams(),
            order: plan.order().to_owned(),
            retrying: plan.retrying().to_owned(),
            shards: plan.shards(),
            faults: plan.faults.iter().map(|one| one.fault.text.clone()).collect(),
        }
    }

    /// The kind of a run that is over.
    pub fn of(report: &LoadReport) -> Self {
        Self {
            vendors: report.vendors.clone(),
            settings: report.settings.clone(),
            accounts: report.accounts,
            connections: report.connections,
            threads: report.threads,
            pace: report.pace.clone(),
            http: report.http.clone(),
            streams: report.streams,
            order: report.order.clone(),
            retrying: report.retrying.clone(),
            shards: report.shards.clone(),
            faults: report.faults.iter().map(|one| one.text.clone()).collect(),
        }
    }

    /// What differs: the name, and the value of each.
    fn differences(&self, other: &Self) -> Vec<String> {
        let both = |name: &str, one: String, other: String| {
            (one != other).then(|| format!("{name}: `{one}` there, `{other}` here"))
        };
        let number =
            |name, one: usize, other: usize| both(name, one.to_string(), other.to_string());
        let text = |name, one: &String, other: &String| both(name, one.clone(), other.clone());
        let all = [
            both("vendors", self.vendors.join(", "), other.vendors.join(", ")),
            both("settings", settings(&self.settings), settings(&other.settings)),
            text("pace", &self.pace, &other.pace),
            number("accounts", self.accounts, other.accounts),
            number("connections", self.connections, other.connections),
            number("threads", self.threads, other.threads),
            text("HTTP version", &self.http, &other.http),
            number("streams", self.streams, other.streams),
            text("order", &self.order, &other.order),
            text("retries", &self.retrying, &other.retrying),
            both("shards", shown(&self.shards), shown(&other.shards)),
            both("faults", texts(&self.faults), texts(&other.faults)),
        ];
        all.into_iter().flatten().collect()
    }
}

/// The faults of a run.
fn texts(faults: &[String]) -> String {
    if faults.is_empty() { "none".to_owned() } else { faults.join(", ") }
}

/// Which shards of a run there are.
fn shown(shards: &Option<Shards>) -> String {
    let Some(Shards { of, joined }) = shards else { return "not divided".to_owned() };
    let joined: Vec<String> = joined.iter().map(|one| one.to_string()).collect();
    format!("{} of {of}", joined.join(", "))
}

impl Baseline {
    /// To compare with these results.
    pub const fn new(results: LoadReport) -> Self {
        Self(results)
    }

    /// Refuses to compare with a run of another kind.
    ///
    /// # Errors
    /// If that is one; it says what differs.
    pub fn must_be_like(&self, kind: &Kind) -> Result<(), String> {
        match Kind::of(&self.0).differences(kind).as_slice() {
            [] => Ok(()),
            found => Err(format!("it is of another kind of run\n  {}", found.join("\n  "))),
        }
    }

    /// Compares. `limit_percent` is how much worse a value may be.
    pub fn compare(&self, file: &str, report: &LoadReport, limit_percent: f64) -> BaselineResult {
        let (old, new) = (&self.0, report);
        let seconds = [old, new].map(|run| whole_seconds(run).count());
        let judge = Judge {
            old,
            new,
            limit: limit_percent / 100.0,
            by_seconds: seconds.iter().all(|count| *count >= FEWEST_SECONDS),
        };
        BaselineResult {
            file: file.to_owned(),
            started: old.started.clone(),
            version: old.version.clone(),
            limit_percent,
            seconds,
            too_short: !judge.by_seconds,
            rows: judge.rows(),
        }
    }
}

/// The seconds that are like each other: not the first one, in which connections are made, and none
/// in which the load has ended.
fn whole_seconds(run: &LoadReport) -> impl Iterator<Item = &LoadSecond> {
    // The last answer may come a little before the second is over.
    let end = (run.sent_s + 0.05).floor() as u64;
    run.seconds.iter().skip(1).filter(move |one| one.at_s + one.length_s <= end)
}

/// How long the receiver took, if it came to believe everything.
fn drained(run: &LoadReport) -> Option<f64> {
    let effects = run.effects.as_ref();
    effects.filter(|one| one.right == one.compared).map(|one| one.drained_s)
}

/// Compares two runs.
struct Judge<'a> {
    old: &'a LoadReport,
    new: &'a LoadReport,
    limit: f64,
    /// There are enough seconds to tell noise.
    by_seconds: bool,
}

/// A value that a run has, and that each of its seconds has.
type Value = fn(&LoadReport) -> Option<f64>;
type OfSecond = fn(&LoadSecond) -> Option<f64>;

/// Times that are compared.
const TIMES: &[(&str, Value, OfSecond)] = &[
    ("p50", |run| run.corrected.p50, |second| second.corrected.p50),
    ("p95", |run| run.corrected.p95, |second| second.corrected.p95),
    ("p99", |run| run.corrected.p99, |second| second.corrected.p99),
    ("raw.p50", |run| run.raw.p50, |second| second.raw.p50),
    ("raw.p95", |run| run.raw.p95, |second| second.raw.p95),
    ("raw.p99", |run| run.raw.p99, |second| second.raw.p99),
];

/// How many, and of how many.
type Share = fn(&WebhookCounts) -> (u64, u64);

/// Shares that are compared.
const SHARES: &[(&str, Share)] = &[
    ("refused", |counts| (counts.refused, counts.sent)),
    ("failed", |counts| (counts.failed, counts.sent)),
    ("shed", |counts| (counts.shed, counts.sent + counts.shed)),
];

impl Judge<'_> {
    fn rows(&self) -> Vec<BaselineRow> {
        let mut rows = Vec::new();
        if self.new.pace.starts_with(Pace::AS_FAST_AS_POSSIBLE) {
            rows.push(self.rate());
        }
        rows.extend(TIMES.iter().map(|(name, value, of_second)| {
            // A second in which nothing was answered was no fast one.
            let seconds = |run: &LoadReport| {
                let loaded = whole_seconds(run).filter(|one| one.due > 0 || one.sent > 0);
                loaded.map(|one| of_second(one).unwrap_or(f64::INFINITY)).collect()
            };
            let (old, new): (Vec<f64>, Vec<f64>) = (seconds(self.old), seconds(self.new));
            let enough = old.len().min(new.len()) >= FEWEST_SECONDS;
            let chance = enough.then(|| by_chance(&old, &new));
            self.row(name, "ms", (value(self.old), value(self.new)), chance)
        }));
        rows.extend(SHARES.iter().map(|(name, count)| {
            let (old, new) = (count(&self.old.webhooks), count(&self.new.webhooks));
            let values = (Some(share(old) * 100.0), Some(share(new) * 100.0));
            self.row(name, "%", values, Some(share_by_chance(old, new)))
        }));
        rows.extend(self.effect());
        let drained = (drained(self.old), drained(self.new));
        if drained != (None, None) {
            let chance = drained.0.zip(drained.1).map(|(old, new)| match new - old > DRAIN_STEP {
                true => 0.0,
                false => 1.0,
            });
            rows.push(self.row("drained", "s", drained, chance));
        }
        rows
    }

    /// From answers to effects. It is known as precisely as the probes were near each other.
    fn effect(&self) -> Option<BaselineRow> {
        let of = |run: &LoadReport| {
            let found = run.followed.as_ref()?;
            Some((found.latency.p95?, found.unsure_ms.unwrap_or_default()))
        };
        let (old, new) = (of(self.old), of(self.new));
        // A run of a version, or with options, that follow nothing is not worse.
        if old.is_none() || self.new.followed.is_none() {
            return None;
        }
        let chance =
            old.zip(new).map(|((old, unsure), (new, also))| match new - old > unsure.max(also) {
                true => 0.0,
                false => 1.0,
            });
        let value = |one: Option<(f64, f64)>| one.map(|(value, _)| value);
        Some(self.row("effect.p95", "ms", (value(old), value(new)), chance))
    }

    /// Less is worse.
    fn rate(&self) -> BaselineRow {
        let seconds = |run: &LoadReport| {
            whole_seconds(run).map(|one| one.sent as f64 / one.length_s as f64).collect()
        };
        let (old, new): (Vec<f64>, Vec<f64>) = (seconds(self.old), seconds(self.new));
        let chance = self.by_seconds.then(|| by_chance(&new, &old));
        let mut row = self.row("rate", "/s", (Some(self.old.rate), Some(self.new.rate)), chance);
        let fell = row.change_percent.is_some_and(|change| -change > self.limit * 100.0);
        row.worse = fell && chance.is_none_or(|chance| chance < BEYOND_NOISE);
        row
    }

    /// More is worse.
    fn row(
        &self,
        name: &str,
        unit: &'static str,
        (old, new): (Option<f64>, Option<f64>),
        chance: Option<f64>,
    ) -> BaselineRow {
        let worse = match (old, new) {
            // What cannot be known any more does not pass.
            (Some(_), None) => true,
            (None, _) => false,
            (Some(old), Some(new)) => {
                new > old * (1.0 + self.limit) && chance.is_none_or(|chance| chance < BEYOND_NOISE)
            }
        };
        let change = old.zip(new).filter(|(old, _)| *old > 0.0);
        let change_percent = change.map(|(old, new)| (new / old - 1.0) * 100.0);
        BaselineRow { name: name.to_owned(), unit, old, new, change_percent, chance, worse }
    }
}

#[cfg(test)]
mod tests;
