//! Compares a run with an older one of the same kind.
//!
//! A value is worse if it differs by more than the percentage that was given and by more than noise.
//! Times and rates have a value in each second: their noise is what the seconds of each run say
//! (`by_chance`). Shares are tested as shares. How long a receiver took to drain is one value, read
//! in steps: less than two steps are noise.

use serde::Deserialize;

use super::noise::{by_chance, share, share_by_chance};
use super::{Pace, Plan};
use crate::model::load::{
    BaselineResult, BaselineRow, LOAD_FORMAT, LoadReport, Percentiles, Shards,
};

/// A difference that is less likely than this by chance is more than noise.
const BEYOND_NOISE: f64 = 0.01;
/// Fewer whole seconds in a run do not tell what is noise.
const FEWEST_SECONDS: usize = 5;
/// Drain times that differ by no more are equal, in seconds: two rounds of readings.
const DRAIN_STEP: f64 = 0.2;

/// What is read of the results of an older run.
#[derive(Clone, Debug, Deserialize)]
pub struct Baseline {
    version: String,
    #[serde(default)]
    started: String,
    #[serde(flatten)]
    kind: Kind,
    sent_s: f64,
    rate: f64,
    webhooks: Counts,
    corrected: Times,
    raw: Times,
    effects: Option<Drained>,
    seconds: Vec<Second>,
}

/// What must be equal, so that two runs can be compared.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Kind {
    vendors: Vec<String>,
    accounts: usize,
    connections: usize,
    threads: usize,
    pace: String,
    order: String,
    retrying: String,
    #[serde(default)]
    shards: Option<Shards>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct Counts {
    sent: u64,
    refused: u64,
    failed: u64,
    shed: u64,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
struct Times {
    p50: Option<f64>,
    p95: Option<f64>,
    p99: Option<f64>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct Drained {
    compared: u64,
    right: u64,
    drained_s: f64,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct Second {
    at_s: u64,
    length_s: u64,
    sent: u64,
    corrected: Times,
    raw: Times,
}

impl Kind {
    /// The kind of a run that is planned.
    pub fn planned(plan: &Plan, vendors: &[&'static str], accounts: usize) -> Self {
        Self {
            vendors: vendors.iter().map(|one| (*one).to_owned()).collect(),
            accounts,
            connections: plan.connections,
            threads: plan.threads,
            pace: plan.to_string(),
            order: plan.order().to_owned(),
            retrying: plan.retrying().to_owned(),
            shards: plan.shards(),
        }
    }

    /// The kind of a run that is over.
    pub fn of(report: &LoadReport) -> Self {
        Self {
            vendors: report.vendors.clone(),
            accounts: report.accounts,
            connections: report.connections,
            threads: report.threads,
            pace: report.pace.clone(),
            order: report.order.clone(),
            retrying: report.retrying.clone(),
            shards: report.shards.clone(),
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
            text("pace", &self.pace, &other.pace),
            number("accounts", self.accounts, other.accounts),
            number("connections", self.connections, other.connections),
            number("threads", self.threads, other.threads),
            text("order", &self.order, &other.order),
            text("retries", &self.retrying, &other.retrying),
            both("shards", shown(&self.shards), shown(&other.shards)),
        ];
        all.into_iter().flatten().collect()
    }
}

/// Which shards of a run there are.
fn shown(shards: &Option<Shards>) -> String {
    let Some(Shards { of, joined }) = shards else { return "not divided".to_owned() };
    let joined: Vec<String> = joined.iter().map(|one| one.to_string()).collect();
    format!("{} of {of}", joined.join(", "))
}

impl Baseline {
    /// Reads the results of a run, as `--json` wrote them.
    ///
    /// # Errors
    /// If they are none, or of another format.
    pub fn read(text: &str) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Format {
            load: u32,
        }
        let found: Format = serde_json::from_str(text)
            .map_err(|error| format!("these are not the results of a load: {error}"))?;
        if found.load != LOAD_FORMAT {
            let found = found.load;
            return Err(format!("this is format {found} of the results, not {LOAD_FORMAT}"));
        }
        let mut reader = serde_json::Deserializer::from_str(text);
        serde_path_to_error::deserialize(&mut reader)
            .map_err(|error| format!("`{}` is wrong: {}", error.path(), error.inner()))
    }

    /// Refuses to compare with a run of another kind.
    ///
    /// # Errors
    /// If that is one; it says what differs.
    pub fn must_be_like(&self, kind: &Kind) -> Result<(), String> {
        match self.kind.differences(kind).as_slice() {
            [] => Ok(()),
            found => Err(format!("it is of another kind of run\n  {}", found.join("\n  "))),
        }
    }

    /// Compares. `limit_percent` is how much worse a value may be.
    pub fn compare(&self, file: &str, report: &LoadReport, limit_percent: f64) -> BaselineResult {
        let new = Self::of(report);
        let seconds = [self.whole_seconds().count(), new.whole_seconds().count()];
        let judge = Judge {
            old: self,
            new: &new,
            limit: limit_percent / 100.0,
            by_seconds: seconds.iter().all(|count| *count >= FEWEST_SECONDS),
        };
        BaselineResult {
            file: file.to_owned(),
            started: self.started.clone(),
            version: self.version.clone(),
            limit_percent,
            seconds,
            too_short: !judge.by_seconds,
            rows: judge.rows(),
        }
    }

    /// The same of a run that has just ended.
    fn of(report: &LoadReport) -> Self {
        let times = |times: &Percentiles| Times { p50: times.p50, p95: times.p95, p99: times.p99 };
        let seconds = report.seconds.iter().map(|one| Second {
            at_s: one.at_s,
            length_s: one.length_s,
            sent: one.sent,
            corrected: Times {
                p50: one.corrected.p50,
                p95: one.corrected.p95,
                p99: one.corrected.p99,
            },
            raw: Times { p50: one.raw.p50, p95: one.raw.p95, p99: one.raw.p99 },
        });
        let (webhooks, effects) = (report.webhooks, report.effects.as_ref());
        Self {
            version: report.version.clone(),
            started: report.started.clone(),
            kind: Kind::of(report),
            sent_s: report.sent_s,
            rate: report.rate,
            webhooks: Counts {
                sent: webhooks.sent,
                refused: webhooks.refused,
                failed: webhooks.failed,
                shed: webhooks.shed,
            },
            corrected: times(&report.corrected),
            raw: times(&report.raw),
            effects: effects.map(|one| Drained {
                compared: one.compared,
                right: one.right,
                drained_s: one.drained_s,
            }),
            seconds: seconds.collect(),
        }
    }

    /// The seconds that are like each other: not the first one, in which connections are made, and none
    /// in which the load has ended.
    fn whole_seconds(&self) -> impl Iterator<Item = &Second> {
        let end = self.sent_s.round() as u64;
        self.seconds.iter().skip(1).filter(move |one| one.at_s + one.length_s <= end)
    }

    fn drained(&self) -> Option<f64> {
        self.effects.filter(|one| one.right == one.compared).map(|one| one.drained_s)
    }
}

/// Compares two runs.
struct Judge<'a> {
    old: &'a Baseline,
    new: &'a Baseline,
    limit: f64,
    /// There are enough seconds to tell noise.
    by_seconds: bool,
}

/// A value that a run has, and that each of its seconds has.
type Value = fn(&Baseline) -> Option<f64>;
type OfSecond = fn(&Second) -> Option<f64>;

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
type Share = fn(&Counts) -> (u64, u64);

/// Shares that are compared.
const SHARES: &[(&str, Share)] = &[
    ("refused", |counts| (counts.refused, counts.sent)),
    ("failed", |counts| (counts.failed, counts.sent)),
    ("shed", |counts| (counts.shed, counts.sent + counts.shed)),
];

impl Judge<'_> {
    fn rows(&self) -> Vec<BaselineRow> {
        let mut rows = Vec::new();
        if self.new.kind.pace.starts_with(Pace::AS_FAST_AS_POSSIBLE) {
            rows.push(self.rate());
        }
        rows.extend(TIMES.iter().map(|(name, value, of_second)| {
            let seconds = |run: &Baseline| run.whole_seconds().filter_map(of_second).collect();
            let (old, new): (Vec<f64>, Vec<f64>) = (seconds(self.old), seconds(self.new));
            let chance = self.by_seconds.then(|| by_chance(&old, &new));
            self.row(name, "ms", (value(self.old), value(self.new)), chance)
        }));
        rows.extend(SHARES.iter().map(|(name, count)| {
            let (old, new) = (count(&self.old.webhooks), count(&self.new.webhooks));
            let values = (Some(share(old) * 100.0), Some(share(new) * 100.0));
            self.row(name, "%", values, Some(share_by_chance(old, new)))
        }));
        let drained = (self.old.drained(), self.new.drained());
        if drained != (None, None) {
            let chance = drained.0.zip(drained.1).map(|(old, new)| match new - old > DRAIN_STEP {
                true => 0.0,
                false => 1.0,
            });
            rows.push(self.row("drained", "s", drained, chance));
        }
        rows
    }

    /// Less is worse.
    fn rate(&self) -> BaselineRow {
        let seconds = |run: &Baseline| {
            run.whole_seconds().map(|one| one.sent as f64 / one.length_s as f64).collect()
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
