//! Makes the plan of a load out of its options.

use std::num::NonZeroUsize;
use std::time::Duration;

use standin_wire::Wanted;

use super::args::{EngineName, HttpVersion, Load, OnOff, Order};
use super::faults;
use crate::cli::common;
use crate::cli::errors::CliError;
use crate::cli::limits;
use crate::load::rate::{self, Stage};
use crate::load::wire::{Asked, AskedEngine, AskedHttp, Wire, WireProblem};
use crate::load::{Pace, Plan, Retrying, Schedule, Server, Shard, VendorTraffic};
use crate::model::Ordering;
use crate::under_test::UnderTest;

/// The most accounts of a vendor.
const MOST_ACCOUNTS: usize = 100_000;
/// The usual rate, in webhooks a second.
const USUAL_RATE: f64 = 100.0;
/// The usual length.
const USUAL_LENGTH: Duration = Duration::from_secs(10);
/// A schedule of `--count` alone lasts as long as it takes, but no longer than this.
const LONGEST: Duration = Duration::from_secs(30 * 24 * 3600);

impl Load {
    pub(super) fn plan(&self, vendors: &[VendorTraffic<'_>]) -> Result<Plan, CliError> {
        let accounts = self.accounts.get();
        if accounts > MOST_ACCOUNTS {
            return Err(CliError::Usage(format!("a vendor has at most {MOST_ACCOUNTS} accounts")));
        }
        let connections = limits::connections(self.connections.get());
        let global = match self.order {
            Some(order) => matches!(order, Order::Global),
            None => vendors.iter().any(|one| one.target.policy.ordering == Ordering::Global),
        };
        let own = self
            .shard
            .unwrap_or(Shard::WHOLE)
            .accounts(accounts * vendors.len(), vendors.len())
            .count();
        if own == 0 {
            let all = accounts * vendors.len();
            let why = format!("{all} accounts are too few for so many shards: add --accounts");
            return Err(CliError::Usage(why));
        }
        let most = connections.min(own);
        let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let usual = if global { 1 } else { (processors / 2).clamp(1, most) };
        let threads = self.threads.map_or(usual, NonZeroUsize::get);
        if global && threads > 1 {
            let why = "webhooks that all wait for each other are sent by one thread: --threads 1";
            return Err(CliError::Usage(why.to_owned()));
        }
        if global && self.shard.is_some_and(|shard| shard.of > 1) {
            let why = "webhooks that all wait for each other cannot be divided into shards";
            return Err(CliError::Usage(why.to_owned()));
        }
        if threads > most {
            let why = "each thread needs a connection and an account of its own";
            return Err(CliError::Usage(format!(
                "{threads} threads are too many: {why}, so at most {most}"
            )));
        }
        Ok(Plan {
            seed: self.seed.seed(),
            pace: self.pace()?,
            count: self.count,
            accounts,
            shard: self.shard,
            start_at: self.start_at.map(super::start::moment).transpose()?,
            connections,
            threads,
            ordering: self.order.map(|order| match order {
                Order::None => Ordering::None,
                Order::PerSubject => Ordering::PerSubject,
                Order::Global => Ordering::Global,
            }),
            retries: match self.retries {
                OnOff::On => Retrying::ByPolicy,
                OnOff::Off => Retrying::Off,
            },
            backlog: self.backlog.get().div_ceil(threads),
            drain: self.drain,
            sample: self.sample,
            probe_rate: self.probe_rate,
            faults: faults::read(&self.faults, vendors)?,
        })
    }

    /// When webhooks are due. There must be some.
    fn pace(&self) -> Result<Pace, CliError> {
        let pace = self.asked_pace()?;
        let nothing = match &pace {
            Pace::Open(schedule) => schedule.count() == 0,
            Pace::Saturate(_) => false,
        };
        if nothing || self.count == Some(0) {
            return Err(CliError::Usage("this load sends nothing".to_owned()));
        }
        Ok(pace)
    }

    fn asked_pace(&self) -> Result<Pace, CliError> {
        let usual = if self.count.is_some() { LONGEST } else { USUAL_LENGTH };
        let length = self.length.unwrap_or(usual);
        if self.saturate {
            return Ok(Pace::Saturate(length));
        }
        if !self.stage.is_empty() {
            return Ok(Pace::Open(Schedule::new(self.stage.clone())));
        }
        if let (Some(ramp), Some(over)) = (&self.ramp, self.over) {
            let text = format!("{ramp} over {}s", over.as_secs_f64());
            let ramp = match ramp.split_once("..") {
                Some(_) => rate::stage(&text).map_err(CliError::Usage)?,
                None => {
                    let why = format!("`{ramp}` is not a ramp; it is written like 0..5000/s");
                    return Err(CliError::Usage(why));
                }
            };
            let hold = self.length.map(|over| Stage { from: ramp.to, to: ramp.to, over });
            return Ok(Pace::Open(Schedule::new(
                [Some(ramp), hold].into_iter().flatten().collect(),
            )));
        }
        let rate = self.rate.unwrap_or(USUAL_RATE);
        if rate == 0.0 {
            return Err(CliError::Usage("a rate of 0 sends nothing".to_owned()));
        }
        Ok(Pace::Open(Schedule::steady(rate, length)))
    }

    /// How the receiver is spoken to. Over TLS it is asked what it chooses.
    pub(super) fn wire(
        &self,
        subject: &UnderTest,
        plan: &Plan,
        server: &Server,
    ) -> Result<Wire, CliError> {
        let asked = Asked {
            engine: match self.engine {
                EngineName::Auto => AskedEngine::Any,
                EngineName::IoUring => AskedEngine::Own(Wanted::IoUring),
                EngineName::Epoll => AskedEngine::Own(Wanted::Epoll),
                EngineName::Hyper => AskedEngine::Hyper,
            },
            http: match self.http {
                HttpVersion::Auto => AskedHttp::Any,
                HttpVersion::One => AskedHttp::One,
                HttpVersion::Two => AskedHttp::Two,
            },
            streams: self.streams.get(),
        };
        let trust = subject.target.sender.trust();
        let decided = tokio::task::block_in_place(|| Wire::decide(server, asked, trust));
        let wire = decided.map_err(|problem| match problem {
            WireProblem::Asked(why) => CliError::Usage(why),
            WireProblem::Unreachable(why) => CliError::Unreachable { url: server.url.clone(), why },
        })?;
        let (of_each, most) = (plan.connections.div_ceil(plan.threads), wire.most_connections());
        if of_each > most {
            let why =
                format!("a thread has at most {most} connections, not {of_each}: add --threads");
            return Err(CliError::Usage(why));
        }
        Ok(wire)
    }

    /// Hosts other than loopback need a yes.
    pub(super) fn must_be_allowed(
        &self,
        subject: &UnderTest,
        plan: &Plan,
        server: &Server,
    ) -> Result<(), CliError> {
        let address = server.address;
        if address.ip().is_loopback() || self.yes {
            return Ok(());
        }
        let url = &subject.target.url;
        let plan = match plan.shard {
            Some(shard) => format!("shard {shard} of {plan}"),
            None => plan.to_string(),
        };
        if !(common::watched() && std::io::IsTerminal::is_terminal(&std::io::stdin())) {
            let why =
                format!("{url} ({address}) is not on loopback: add `--yes` to send it {plan}");
            return Err(CliError::Usage(why));
        }
        let question = format!("{url} ({address}) is not on loopback. Send it {plan}?");
        crate::cli::output::tell(&format!("{question} Type `yes`: "));
        let mut answer = String::new();
        // What cannot be read is no yes.
        let _ = std::io::stdin().read_line(&mut answer);
        match answer.trim() {
            "yes" => Ok(()),
            _ => Err(CliError::Usage("nothing was sent".to_owned())),
        }
    }
}
