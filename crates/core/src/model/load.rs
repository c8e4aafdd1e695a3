//! The results of a load as plain data.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Outcome;
use super::followed::FollowedEffects;
pub use super::percentiles::Percentiles;

/// The version of the format of [`LoadReport`].
pub const LOAD_FORMAT: u32 = 1;

/// The results of a load.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "A load, as written by `standin load --json`")]
pub struct LoadReport {
    /// The version of this format.
    pub load: u32,
    /// The version of Standin.
    pub version: String,
    /// When it began: RFC 3339, wall clock.
    pub started: String,
    /// The base URL of the receiver.
    pub target: String,
    /// The vendors.
    pub vendors: Vec<String>,
    /// For each vendor whose accounts or traffic are not as they are by default, what differs:
    /// `waitwhile: time_zone Europe/Berlin, no_show 20%`.
    #[serde(default)]
    pub settings: Vec<String>,
    /// The seed of the population.
    pub seed: u64,
    /// How many accounts the whole run has.
    pub accounts: usize,
    /// Which shards of the run these results are of. None: it was not divided.
    #[serde(default)]
    pub shards: Option<Shards>,
    /// How many threads sent.
    pub threads: usize,
    /// How many connections there were in all.
    pub connections: usize,
    /// `io_uring`, `epoll` or `hyper`.
    pub engine: String,
    /// Why that one, and for `hyper` what it spoke.
    pub engine_reason: String,
    /// The version of HTTP: `1.1` or `2`.
    pub http: String,
    /// How many requests each connection carried at a time.
    pub streams: usize,
    /// What was asked for: `2000/s for 60s`.
    pub pace: String,
    /// Which webhooks waited for which: `none`, `per-subject`, `global`, or `by-policy`.
    pub order: String,
    /// Whether webhooks that were not accepted were tried again: `by-policy` or `off`.
    pub retrying: String,
    /// From the first webhook that was due to the last answer, in seconds.
    pub took_s: f64,
    /// From the first webhook that was due to the last one that was sent, in seconds.
    pub sent_s: f64,
    /// Webhooks a second in that time.
    pub rate: f64,
    /// Answers of all kinds.
    pub answers: u64,
    /// What the webhooks came to.
    pub webhooks: WebhookCounts,
    /// Further attempts.
    pub retries: u64,
    /// Requests for tokens.
    pub token_requests: u64,
    /// Those that gave no token.
    pub token_failures: u64,
    /// From when a webhook was due to the last byte of its answer.
    pub corrected: Percentiles,
    /// From when it was sent to the last byte of its answer.
    pub raw: Percentiles,
    /// How much later than due webhooks were sent.
    pub lag: Percentiles,
    /// By vendor and trigger.
    pub triggers: Vec<TriggerCounts>,
    /// First attempts by the status of their answer.
    pub statuses: BTreeMap<u16, u64>,
    /// First attempts without a usable answer, by the name of their outcome.
    pub errors: BTreeMap<String, u64>,
    /// What each fault of the run came to.
    #[serde(default)]
    pub faults: Vec<FaultResult>,
    /// Connections that were made.
    pub connects: u64,
    /// Connections that could not be made.
    pub failed_connects: u64,
    /// How many subjects the sample had, those whose webhooks were not all accepted too.
    pub sampled: u64,
    /// What the receiver believes of a sample of subjects. None if nothing could be compared.
    pub effects: Option<Effects>,
    /// What was seen of subjects that were followed while it ran. None if none were.
    #[serde(default)]
    pub followed: Option<FollowedEffects>,
    /// Second by second. Of a run of more than 2048 seconds, each entry is two, four or more seconds.
    pub seconds: Vec<LoadSecond>,
    /// For how long the journal has held the load back, in seconds. None: there was no journal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub journal_held_s: Option<f64>,
    /// Why it was ended early. None: no expression of `--abort-if` held.
    #[serde(default)]
    pub aborted: Option<Aborted>,
    /// The thresholds, with what they came to.
    pub thresholds: Vec<ThresholdResult>,
    /// How it compares with an older run. None without `--baseline`.
    #[serde(skip_deserializing)]
    pub baseline: Option<BaselineResult>,
}

impl LoadReport {
    /// Whether webhooks were due and nothing was answered.
    pub fn unanswered(&self) -> bool {
        self.webhooks.due() > 0 && self.answers == 0
    }

    /// Whether it was ended early, a threshold was crossed, or something is worse than in the older run.
    pub fn failed(&self) -> bool {
        self.aborted.is_some()
            || self.thresholds.iter().any(|one| !one.passed)
            || self.baseline.iter().flat_map(|one| &one.rows).any(|row| row.worse)
    }
}

/// Shards of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Shards {
    /// How many shards the run has.
    pub of: usize,
    /// Those of which there are results, numbered from 0.
    pub joined: BTreeSet<usize>,
}

impl Shards {
    /// Those that are missing.
    pub fn missing(&self) -> Vec<usize> {
        (0..self.of).filter(|one| !self.joined.contains(one)).collect()
    }
}

/// What webhooks came to.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct WebhookCounts {
    /// First attempts that were made.
    pub sent: u64,
    /// Those that were accepted.
    pub accepted: u64,
    /// Those that were refused (4xx).
    pub refused: u64,
    /// Those that failed in another way.
    pub failed: u64,
    /// Those that a fault spoilt: they are in no other of these counts but `sent`.
    #[serde(default)]
    pub faulted: u64,
    /// Accepted by a further attempt.
    pub recovered: u64,
    /// Not accepted in the end.
    pub given_up: u64,
    /// Never sent, because too many were waiting.
    pub shed: u64,
    /// Not over when the run ended.
    pub unfinished: u64,
    /// Those of them that were never sent.
    pub unsent: u64,
}

impl WebhookCounts {
    /// All that were due.
    pub const fn due(&self) -> u64 {
        self.sent + self.shed + self.unsent
    }

    /// Adds those of another shard.
    pub fn add(&mut self, other: &Self) {
        self.sent += other.sent;
        self.accepted += other.accepted;
        self.refused += other.refused;
        self.failed += other.failed;
        self.faulted += other.faulted;
        self.recovered += other.recovered;
        self.given_up += other.given_up;
        self.shed += other.shed;
        self.unfinished += other.unfinished;
        self.unsent += other.unsent;
    }
}

/// A fault, and what it came to.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct FaultResult {
    /// The fault, as it was written.
    pub text: String,
    /// What it came to.
    #[serde(flatten)]
    pub counts: FaultCounts,
}

/// What a fault came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FaultCounts {
    /// Webhooks that it struck.
    pub struck: u64,
    /// Requests that were sent under it, copies too.
    pub sent: u64,
    /// Those that the receiver accepted.
    pub accepted: u64,
    /// Those that it refused.
    pub refused: u64,
    /// Those that failed in another way.
    pub failed: u64,
    /// Attempts that it stopped before the receiver.
    pub unsent: u64,
    /// Webhooks that were accepted by a further attempt.
    pub recovered: u64,
    /// Webhooks that were not accepted in the end.
    pub given_up: u64,
}

impl FaultCounts {
    /// Counts the answer to a request that was sent under it.
    pub fn answered(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Accepted => self.accepted += 1,
            Outcome::Refused => self.refused += 1,
            _ => self.failed += 1,
        }
    }

    /// Adds those of another thread or shard.
    pub fn add(&mut self, other: &Self) {
        self.struck += other.struck;
        self.sent += other.sent;
        self.accepted += other.accepted;
        self.refused += other.refused;
        self.failed += other.failed;
        self.unsent += other.unsent;
        self.recovered += other.recovered;
        self.given_up += other.given_up;
    }

    /// All of them, in the order and with the names of every report.
    pub const fn named(&self) -> [(&'static str, u64); 8] {
        [
            ("struck", self.struck),
            ("sent", self.sent),
            ("accepted", self.accepted),
            ("refused", self.refused),
            ("failed", self.failed),
            ("stopped", self.unsent),
            ("recovered", self.recovered),
            ("given up", self.given_up),
        ]
    }
}

/// What the webhooks of one trigger came to.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TriggerCounts {
    /// The vendor.
    pub vendor: String,
    /// The trigger.
    pub trigger: String,
    /// First attempts that were made.
    pub sent: u64,
    /// Those that were accepted.
    pub accepted: u64,
    /// Those that were refused.
    pub refused: u64,
    /// Those that failed in another way.
    pub failed: u64,
    /// From when a webhook was due to the last byte of its answer.
    pub corrected: Percentiles,
}

/// What the receiver believes of a sample of subjects.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Effects {
    /// How many subjects were compared: those all of whose webhooks were accepted.
    pub compared: u64,
    /// The receiver agrees with the vendor.
    pub right: u64,
    /// The receiver does not know them.
    pub lost: u64,
    /// The receiver believes something else.
    pub wrong: u64,
    /// Their probe failed.
    pub unreadable: u64,
    /// How long after the load the receiver took until it believed all that it ever did, in seconds.
    pub drained_s: f64,
    /// Subjects that count more effects than they should after a webhook was sent again. None: it is not
    /// known of any.
    #[serde(default)]
    pub twice: Option<u64>,
    /// Subjects with a webhook that was sent again, of which that is known.
    #[serde(default)]
    pub twice_judged: u64,
    /// Those of which it is not known.
    #[serde(default)]
    pub twice_unknown: u64,
    /// Some that are not right.
    pub examples: Vec<String>,
}

/// One second of a load, or some neighbouring seconds of a long one.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct LoadSecond {
    /// When it begins, in seconds from the beginning.
    pub at_s: u64,
    /// How many seconds it lasts.
    pub length_s: u64,
    /// Webhooks that the schedule wanted in it; 0 without a schedule.
    pub due: u64,
    /// First attempts that were made in it.
    pub sent: u64,
    /// Answers that accepted.
    pub accepted: u64,
    /// Answers that did not, and failures.
    pub not_accepted: u64,
    /// The most webhooks that were due and waited at a moment in it.
    pub backlog: u64,
    /// The longest latency of an answer, from when its webhook was due, in milliseconds.
    pub longest_ms: f64,
    /// From when webhooks were due to the last byte of their answers, of the answers in it.
    pub corrected: SecondTimes,
    /// From when they were sent.
    pub raw: SecondTimes,
}

/// A distribution of times in milliseconds, to two significant digits. All are null if there is none.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct SecondTimes {
    /// Half of them take no longer.
    pub p50: Option<f64>,
    /// 95 %.
    pub p95: Option<f64>,
    /// 99 %.
    pub p99: Option<f64>,
    /// All of them, in microseconds: a histogram of HdrHistogram, V2, compressed, base64. Empty if
    /// there is none.
    pub hdr: String,
}

/// Why a run was ended early.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Aborted {
    /// The expression that held.
    pub text: String,
    /// The value that it was compared with, as text.
    pub value: String,
    /// When, in seconds from the beginning.
    pub after_s: f64,
}

/// What a threshold came to.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ThresholdResult {
    /// The expression.
    pub text: String,
    /// The value that it was compared with, as text.
    pub value: String,
    /// Whether the run passes.
    pub passed: bool,
}

/// How a run compares with an older one of the same kind.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BaselineResult {
    /// The file of the older run.
    pub file: String,
    /// When that began.
    pub started: String,
    /// The version of Standin that made it.
    pub version: String,
    /// A value is worse if it is worse by more than this, in percent, and by more than noise.
    pub limit_percent: f64,
    /// How many whole seconds of the older run and of this one tell what is noise.
    pub seconds: [usize; 2],
    /// True if these are too few, so that times and rates are judged by the percentage alone.
    pub too_short: bool,
    /// The values.
    pub rows: Vec<BaselineRow>,
}

/// A value of two runs.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BaselineRow {
    /// Its name, as in a threshold: `p99`, `raw.p50`, `refused`.
    pub name: String,
    /// The unit of both values: `ms`, `/s`, `%`, or `s`.
    pub unit: &'static str,
    /// The value of the older run. None if it is not known.
    pub old: Option<f64>,
    /// The value of this run. None if it is not known.
    pub new: Option<f64>,
    /// The change in percent of the older value. None if that is zero or not known.
    pub change_percent: Option<f64>,
    /// How likely it is that a change as bad as this one is chance, from 0 to 1. None if it is not
    /// known.
    pub chance: Option<f64>,
    /// Whether this run is worse.
    pub worse: bool,
}
