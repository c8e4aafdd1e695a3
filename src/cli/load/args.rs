//! The options of `standin load`.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;

use super::merge::Merge;
use super::outcome::OutcomeArgs;
use crate::cli::common::{ReceiverArgs, SeedArg, WaitArg, length};
use crate::load::Shard;
use crate::load::rate::{self, Stage};

/// Put load on the receiver: unique, signed webhooks of many accounts, at a rate
#[derive(Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  standin load --rate 500/s --for 30s\n  standin load --vendor waitwhile --ramp 0..2000/s --over 1m --fail-if 'p99 > 200ms'\n  standin load --stage '0..1000/s over 30s' --stage '1000/s for 5m' --fail-if 'lost > 0'\n  standin load --scenario scenarios/waitwhile/day.yaml --vendor doo --rate 500/s\n  standin load --saturate --for 10s --connections 64\n  standin load --rate 500/s --for 1h --abort-if 'failed > 20%' --fail-if 'effect.p99 > 2s'\n  standin load --rate 100/s --count 1000 --seed 7 --journal load.db\n  standin load --rate 100/s --count 1000 --dry-run\n  standin load --shard 0/2 --seed 7 --rate 4000/s --start-at 2031-05-01T09:00:00Z --json 0.json\n  standin load merge 0.json 1.json --fail-if 'p99 > 200ms'\n\nLatency counts from the moment at which a webhook is due, so a receiver that stalls is not flattered. Time-outs are failures and in no percentile. Exit code 1: a threshold of --fail-if was crossed, or --abort-if ended the run. A receiver behind https:// is spoken to over TLS, in the version of HTTP that it chooses."
)]
pub struct Load {
    #[command(subcommand)]
    pub(super) command: Option<LoadCommand>,
    /// Only this vendor (may be repeated) [default: all of standin.yaml]
    #[arg(long, value_name = "NAME")]
    pub(super) vendor: Vec<String>,
    /// The traffic of this scenario file, and of no other vendor than those of --vendor (may be repeated, once
    /// for each vendor) [default: the vendor's default day]
    #[arg(long, value_name = "FILE")]
    pub(super) scenario: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) receiver: ReceiverArgs,
    #[command(flatten)]
    pub(super) wait: WaitArg,
    #[command(flatten)]
    pub(super) seed: SeedArg,
    /// Webhooks a second, whatever the receiver does: 500/s, 90/min [default: 100/s]
    #[arg(long, value_name = "RATE", value_parser = rate::rate, conflicts_with_all = ["ramp", "stage", "saturate"])]
    pub(super) rate: Option<f64>,
    /// A rate that rises or falls evenly: 0..5000/s
    #[arg(long, value_name = "FROM..TO", requires = "over", conflicts_with_all = ["stage", "saturate"])]
    pub(super) ramp: Option<String>,
    /// How long the ramp takes; --for then holds its last rate
    #[arg(long, value_name = "DURATION", value_parser = length, requires = "ramp")]
    pub(super) over: Option<Duration>,
    /// A stage of the schedule: '0..5000/s over 2m' or '500/s for 30s' (may be repeated)
    #[arg(long, value_name = "STAGE", value_parser = rate::stage, conflicts_with_all = ["saturate", "length"])]
    pub(super) stage: Vec<Stage>,
    /// As fast as the connections allow, each with one request at a time
    #[arg(long)]
    pub(super) saturate: bool,
    /// How long [default: 10s; with --count and --rate, until that many are sent, for 30 days at most]
    #[arg(long = "for", id = "length", value_name = "DURATION", value_parser = length)]
    pub(super) length: Option<Duration>,
    /// The most webhooks
    #[arg(long, value_name = "N")]
    pub(super) count: Option<u64>,
    /// How many connections
    #[arg(long, value_name = "N", default_value = "64")]
    pub(super) connections: NonZeroUsize,
    /// How many threads send, each with its share of the accounts and connections [default: half of
    /// the processors]
    #[arg(long, value_name = "N")]
    pub(super) threads: Option<NonZeroUsize>,
    /// How many accounts each vendor has. What is sent depends on it, and not on the threads
    #[arg(long, value_name = "N", default_value = "64")]
    pub(super) accounts: NonZeroUsize,
    /// Send only this shard: 0/8 is the first of eight, 7/8 the last. Each has an eighth of the accounts.
    /// The rate, count, accounts and sample are those of all shards together; threads,
    /// connections and backlog are each shard's own. `standin load merge` joins the results
    #[arg(long, value_name = "I/N", value_parser = Shard::read, requires = "seed")]
    pub(super) shard: Option<Shard>,
    /// When the schedule begins, so that shards begin together: 2031-05-01T09:00:00Z. A time that
    /// has passed is an error
    #[arg(long, value_name = "RFC3339", value_parser = super::start::time)]
    pub(super) start_at: Option<Timestamp>,
    /// Which webhooks wait until another is over [default: those of the same subject, or all if the
    /// vendor's policy says so]
    #[arg(long, value_enum, value_name = "ORDER")]
    pub(super) order: Option<Order>,
    /// Whether webhooks that were not accepted are tried again, as the vendor's policy says
    #[arg(long, value_enum, value_name = "WHETHER", default_value = "on")]
    pub(super) retries: OnOff,
    /// How many webhooks that are due may wait; more are not sent, and counted as shed
    #[arg(long, value_name = "N", default_value = "10000")]
    pub(super) backlog: NonZeroUsize,
    /// How long answers and retries may take after the last webhook was due
    #[arg(long, value_name = "DURATION", value_parser = length, default_value = "30s")]
    pub(super) drain: Duration,
    /// How many subjects are compared with what the receiver believes, through the probes of
    /// standin.yaml; 0 for none
    #[arg(long, value_name = "N", default_value = "100")]
    pub(super) sample: usize,
    /// How many probe requests are sent a second at the most while the load runs, to see when webhooks
    /// have an effect; 0 for none
    #[arg(long, value_name = "RATE", value_parser = super::follow::pace, default_value = "50/s")]
    pub(super) probe_rate: f64,
    /// What goes wrong on purpose, in the words of scenarios: '1% of webhooks is delivered twice' (may
    /// be repeated)
    #[arg(long, value_name = "FAULT")]
    pub(super) faults: Vec<String>,
    /// Record the actions of every account, its webhooks and every request in this SQLite file; `standin
    /// journal` reads it. If it cannot keep up, it holds the load back
    #[arg(long, value_name = "FILE", conflicts_with = "dry_run")]
    pub(super) journal: Option<PathBuf>,
    /// End the run early if this holds: 'failed > 20%', 'p99 > 10s'. The same expressions as for --fail-if,
    /// looked at each second; what is not known yet ends nothing (may be repeated)
    #[arg(long, value_name = "EXPRESSION")]
    pub(super) abort_if: Vec<String>,
    #[command(flatten)]
    pub(super) outcome: OutcomeArgs,
    /// Which version of HTTP [default: over TLS what the receiver chooses, else HTTP/1.1]
    #[arg(
        long,
        value_enum,
        value_name = "VERSION",
        default_value = "auto",
        hide_default_value = true
    )]
    pub(super) http: HttpVersion,
    /// How many requests each connection carries at a time; more than one only in HTTP/2
    #[arg(long, value_name = "N", default_value = "1")]
    pub(super) streams: NonZeroUsize,
    /// Which engine sends. TLS and HTTP/2 need hyper; for plain HTTP/1.1 it is io_uring, or epoll where
    /// the kernel forbids that
    #[arg(long, value_enum, value_name = "ENGINE", default_value = "auto")]
    pub(super) engine: EngineName,
    /// Make the webhooks and count them, and send nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Do not ask before loading a host other than loopback
    #[arg(long)]
    pub(super) yes: bool,
}

/// What `standin load` does besides load.
#[derive(Subcommand)]
pub(super) enum LoadCommand {
    Merge(Merge),
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Order {
    None,
    PerSubject,
    Global,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum OnOff {
    On,
    Off,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum EngineName {
    Auto,
    #[value(name = "io_uring")]
    IoUring,
    Epoll,
    Hyper,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum HttpVersion {
    Auto,
    #[value(name = "1")]
    One,
    #[value(name = "2")]
    Two,
}
