//! Load: a population of many accounts whose webhooks reach the receiver at a rate that was asked for.
//!
//! The schedule decides when a webhook is due, whatever the receiver does, and latency counts from
//! that moment. Every webhook is unique, legal in its state machine, and signed when it is sent.
//! Webhooks of one subject never overtake each other; subjects run in parallel.
//!
//! The population is a fixed number of accounts ([`Feed`]), each with a simulation of its own. The
//! n-th webhook of a run is that of account n modulo their number; with `--saturate`, each account has
//! several in its turn. So threads and shards share the accounts, and what they send together does not
//! depend on how many of them there are.
//!
//! Each thread owns its accounts, its connections and its counts (`worker`); nothing is shared while
//! it runs but the progress that a person sees.

pub mod baseline;
mod believed;
mod damaged;
mod drive;
mod engine;
pub mod faults;
mod feed;
pub mod follow;
mod histogram;
pub mod interim;
pub mod journal;
mod lanes;
pub mod merge;
mod noise;
mod population;
mod prepared;
mod progress;
pub mod rate;
pub mod report;
pub mod results;
mod sample;
mod seconds;
mod server;
mod shard;
mod tally;
pub mod threshold;
mod token;
mod twice;
pub mod wire;
mod worker;

use std::time::Duration;

use crate::clock::Moment;
use crate::model::Ordering;

pub use drive::{Ran, Run, RunError, run};
pub use engine::Used;
pub use faults::LoadFault;
pub use feed::Feed;
pub use journal::Journal;
pub use population::{Population, VendorTraffic, differing, names};
pub use progress::{Latencies, Progress, Snapshot};
pub use rate::Schedule;
pub use sample::{Sample, Watched, compare};
pub use server::Server;
pub use shard::Shard;

/// What a run does.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The seed of the population.
    pub seed: u64,
    /// When webhooks are due.
    pub pace: Pace,
    /// The most webhooks; none: as many as the pace gives.
    pub count: Option<u64>,
    /// How many accounts each vendor has.
    pub accounts: usize,
    /// The part of the accounts that is sent. None: all of them.
    pub shard: Option<Shard>,
    /// When the schedule begins. None: at once.
    pub start_at: Option<Moment>,
    /// How many connections there are in all.
    pub connections: usize,
    /// How many threads send.
    pub threads: usize,
    /// Which webhooks wait for which. None: as the vendor's policy says.
    pub ordering: Option<Ordering>,
    /// Whether webhooks that were not accepted are tried again.
    pub retries: Retrying,
    /// How many webhooks that are due may wait for a connection. More are shed.
    pub backlog: usize,
    /// How long webhooks that are under way, and retries, may take after the last one was due.
    pub drain: Duration,
    /// How many subjects are compared with what the receiver believes.
    pub sample: usize,
    /// How many requests of probes there are a second at the most, while it runs. 0: none.
    pub probe_rate: f64,
    /// What goes wrong on purpose.
    pub faults: Vec<LoadFault>,
}

impl Plan {
    /// The part of the accounts that is sent.
    pub fn part(&self) -> Shard {
        self.shard.unwrap_or(Shard::WHOLE)
    }

    /// How many webhooks follow each other that are of the same account. By a schedule it is one, so that
    /// those of one subject are as far apart as they can be: they wait for each other.
    pub fn turn(&self) -> u64 {
        match self.pace {
            Pace::Open(_) => 1,
            Pace::Saturate(_) => TURN,
        }
    }
}

/// How many webhooks an account has in its turn if nothing but speed counts. What it needs is in the cache for
/// all but the first.
const TURN: u64 = 8;

/// When webhooks are due.
#[derive(Clone, Debug)]
pub enum Pace {
    /// By a schedule, whatever the receiver does.
    Open(Schedule),
    /// As soon as a connection is free, for so long.
    Saturate(Duration),
}

impl Pace {
    /// How the text of a plan without a schedule begins.
    pub const AS_FAST_AS_POSSIBLE: &str = "as fast as possible";
}

/// Whether webhooks that were not accepted are tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retrying {
    /// As the vendor's policy says, in real time.
    ByPolicy,
    /// Never.
    Off,
}

/// Why a run cannot begin.
#[derive(Clone, Debug, thiserror::Error)]
pub enum LoadProblem {
    /// A URL is not one of HTTP.
    #[error("`{0}` is not a URL of HTTP")]
    NotHttp(String),
    /// Two URLs lead to two servers.
    #[error(
        "`{one}` and `{other}` are two servers: `load` sends to one scheme, host and port; load them one \
         after the other with `--vendor`"
    )]
    TwoServers {
        /// The first URL.
        one: String,
        /// The other.
        other: String,
    },
    /// The host of a URL has no address.
    #[error("`{host}` has no address: {why}")]
    NoAddress {
        /// The host.
        host: String,
        /// Why not.
        why: String,
    },
    /// No vendor is set up.
    #[error("no vendor is set up: write a section for one under `vendors` in standin.yaml")]
    NoVendor,
    /// The moment at which the run was to begin came too early.
    #[error(
        "the accounts were not ready at --start-at: nothing was sent; choose a later time, or fewer \
         --accounts"
    )]
    Late,
    /// The machine refuses what the loop needs.
    #[error("no connections can be made: {0}")]
    NoEngine(String),
}
