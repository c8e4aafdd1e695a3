//! What was seen of subjects that were followed while a load ran, as plain data.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::percentiles::Percentiles;

/// What was seen of subjects that were followed while the load ran.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct FollowedEffects {
    /// How many subjects were followed.
    pub subjects: u64,
    /// From the answer that accepted a webhook to the reading of the probe that first showed its effect.
    pub latency: Percentiles,
    /// 95 % of these times are too long by no more than this, in milliseconds: the time since the
    /// reading before. None if there is none.
    pub unsure_ms: Option<f64>,
    /// Webhooks of which no reading says when they had an effect: they changed nothing that the probe
    /// shows, or a later one was shown first.
    pub unmeasured: u64,
    /// Webhooks whose effect was never shown.
    pub unseen: u64,
    /// Subjects that could be followed no longer, because too many were told at once.
    pub dropped: u64,
    /// The most subjects of which the receiver was behind at a moment.
    pub most_behind: u64,
    /// Of how many subjects it was behind in the end.
    pub behind: u64,
    /// Of how many subjects it was behind, second by second, until it had shown all or was given up.
    pub seconds: Vec<BehindSecond>,
    /// The most requests of probes a second.
    pub probe_rate: f64,
    /// Requests of probes.
    pub probes: u64,
    /// Those that failed, by why.
    pub errors: BTreeMap<String, u64>,
}

/// One second of a load, or some neighbouring seconds of a long one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BehindSecond {
    /// When it begins, in seconds from the beginning.
    pub at_s: u64,
    /// How many seconds it lasts.
    pub length_s: u64,
    /// The most subjects of which the receiver was behind at a moment in it.
    pub behind: u64,
}
