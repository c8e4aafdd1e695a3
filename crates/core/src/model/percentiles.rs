//! A distribution of times in the results of a load, as plain data.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A distribution of times, in milliseconds. All are null if there is none.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Percentiles {
    /// How many there are.
    pub count: u64,
    /// The mean.
    pub mean: Option<f64>,
    /// Half of them take no longer.
    pub p50: Option<f64>,
    /// Three quarters.
    pub p75: Option<f64>,
    /// 90 %.
    pub p90: Option<f64>,
    /// 95 %.
    pub p95: Option<f64>,
    /// 99 %.
    pub p99: Option<f64>,
    /// 99.9 %.
    #[serde(rename = "p99.9")]
    pub p999: Option<f64>,
    /// The longest.
    pub max: Option<f64>,
    /// All of them, in microseconds: a histogram of HdrHistogram, V2, compressed, base64.
    pub hdr: String,
}
