//! `standin load`: open-model load of what the vendors really send.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use clap::Args;
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};
use standin_wire::{Config, Stop, Wanted};

use super::common::{self, ReceiverArgs, SeedArg};
use super::errors::{BROKEN, CliError, PASSED, UNREACHABLE};
use super::files;
use super::play::length;
use crate::clock::Stopwatch;
use crate::driver::VendorTarget;
use crate::load::rate::{self, Stage};
use crate::load::report::{About, report};
use crate::load::threshold::Threshold;
use crate::load::{
    self, Feed, LoadProblem, Pace, Plan, Population, Progress, Ran, Retrying, Run, Sample, Schedule,
};
use crate::model::Ordering;
use crate::model::load::LoadReport;
use crate::under_test::UnderTest;
use crate::vendors::Registry;

/// Put load on the receiver: unique, signed webhooks of many accounts, at a rate
#[derive(Args)]
#[command(
    after_help = "Examples:\n  standin load --rate 500/s --for 30s\n  standin load --vendor waitwhile --ramp 0..2000/s --over 1m --fail-if 'p99 > 200ms'\n  standin load --stage '0..1000/s over 30s' --stage '1000/s for 5m' --fail-if 'lost > 0'\n  standin load --saturate --for 10s --connections 64\n  standin load --rate 100/s --count 1000 --dry-run\n\nLatency counts from the moment at which a webhook is due, so a receiver that stalls is not\nflattered. Time-outs are failures and in no percentile. Exit code 1: a threshold of --fail-if was\ncrossed. Only plain HTTP is sent."
)]
pub struct Load {
    /// Only this vendor (may be repeated) [default: all of standin.yaml]
    #[arg(long, value_name = "NAME")]
    vendor: Vec<String>,
    #[command(flatten)]
    receiver: ReceiverArgs,
    #[command(flatten)]
    seed: SeedArg,
    /// Webhooks a second, whatever the receiver does: 500/s, 90/min [default: 100/s]
    #[arg(long, value_name = "RATE", value_parser = rate::rate, conflicts_with_all = ["ramp", "stage", "saturate"])]
    rate: Option<f64>,
    /// A rate that rises or falls evenly: 0..5000/s
    #[arg(long, value_name = "FROM..TO", requires = "over", conflicts_with_all = ["stage", "saturate"])]
    ramp: Option<String>,
    /// How long the ramp takes; --for then holds its last rate
    #[arg(long, value_name = "DURATION", value_parser = length, requires = "ramp")]
    over: Option<Duration>,
    /// A stage of the schedule: '0..5000/s over 2m' or '500/s for 30s' (may be repeated)
    #[arg(long, value_name = "STAGE", value_parser = rate::stage, conflicts_with_all = ["saturate", "length"])]
    stage: Vec<Stage>,
    /// As fast as the connections allow, each with one request at a time
    #[arg(long)]
    saturate: bool,
    /// How long [default: 10s; with --count and --rate, until that many are sent, for 30 days at most]
    #[arg(long = "for", id = "length", value_name = "DURATION", value_parser = length)]
    length: Option<Duration>,
    /// The most webhooks
    #[arg(long, value_name = "N")]
    count: Option<u64>,
    /// How many connections
    #[arg(long, value_name = "N", default_value = "64")]
    connections: NonZeroUsize,
    /// How many threads send, each with its share of the accounts and connections [default: half of
    /// the processors]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// How many accounts each vendor has. What is sent depends on it, and not on the threads
    #[arg(long, value_name = "N", default_value = "64")]
    accounts: NonZeroUsize,
    /// Which webhooks wait until another is over [default: those of the same subject, or all if the
    /// vendor's policy says so]
    #[arg(long, value_enum, value_name = "ORDER")]
    order: Option<Order>,
    /// Whether webhooks that were not accepted are tried again, as the vendor's policy says
    #[arg(long, value_enum, value_name = "WHETHER", default_value = "on")]
    retries: OnOff,
    /// How many webhooks that are due may wait; more are not sent, and counted as shed
    #[arg(long, value_name = "N", default_value = "10000")]
    backlog: NonZeroUsize,
    /// How long answers and retries may take after the last webhook was due
    #[arg(long, value_name = "DURATION", value_parser = length, default_value = "30s")]
    drain: Duration,
    /// How many subjects are compared with what the receiver believes, through the probes of
    /// standin.yaml; 0 for none
    #[arg(long, value_name = "N", default_value = "100")]
    sample: usize,
    /// Fail if this holds: 'p99 > 200ms', 'refused > 0.1%', 'lost > 0', 'drained > 30s' (may be repeated)
    #[arg(long, value_name = "EXPRESSION")]
    fail_if: Vec<String>,
    /// Write the results as JSON into this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Which engine sends; io_uring falls back to epoll where the kernel forbids it
    #[arg(long, value_enum, value_name = "ENGINE", default_value = "auto")]
    engine: EngineName,
    /// Make the webhooks and count them, and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask before loading a host other than loopback
    #[arg(long)]
    yes: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Order {
    None,
    PerSubject,
    Global,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OnOff {
    On,
    Off,
}

#[derive(Clone, Copy, ValueEnum)]
enum EngineName {
    Auto,
    #[value(name = "io_uring")]
    IoUring,
    Epoll,
}

/// The most accounts of a vendor.
const MOST_ACCOUNTS: usize = 100_000;
/// The usual rate, in webhooks a second.
const USUAL_RATE: f64 = 100.0;
/// The usual length.
const USUAL_LENGTH: Duration = Duration::from_secs(10);
/// A schedule of `--count` alone lasts as long as it takes, but no longer than this.
const LONGEST: Duration = Duration::from_secs(30 * 24 * 3600);
impl Load {
    /// Puts the load on the receiver.
    pub async fn run(self, registry: Registry) -> Result<u8, CliError> {
        let subject = self.receiver.load(registry)?;
        for name in &self.vendor {
            let vendor = common::vendor(registry, name)?.catalogue().vendor;
            if !subject.target.vendors.contains_key(vendor) {
                return Err(CliError::Usage(format!("standin.yaml has no section for {vendor}")));
            }
        }
        let vendors = load::chosen(&subject.target, &self.vendor);
        if vendors.is_empty() {
            return Err(CliError::Usage(LoadProblem::NoVendor.to_string()));
        }
        vendors.iter().for_each(|vendor| common::warn_if_unsigned(vendor));
        let thresholds = self.thresholds()?;
        let plan = self.plan(&vendors)?;
        let population = Population {
            seed: plan.seed,
            start: subject.target.start,
            vendors: &vendors,
            accounts: plan.accounts,
        };
        if self.dry_run {
            return dry_run(&plan, &population);
        }
        self.must_be_allowed(&subject, &plan)?;
        common::must_listen(&subject).await?;
        let mut ran = self.drive(&subject, &plan, population).await?;
        let samples = std::mem::take(&mut ran.samples);
        let sample = tokio::select! {
            sample = compare(&subject, &vendors, samples) => sample,
            _ = tokio::signal::ctrl_c() => None,
        };
        let names: Vec<&'static str> =
            vendors.iter().map(|one| one.vendor.catalogue().vendor).collect();
        let about = About {
            target: &subject.target.url,
            vendors: &names,
            accounts: plan.accounts * vendors.len(),
        };
        let report = report(&about, &plan, &ran, sample.as_ref(), &thresholds);
        common::print(&crate::report::load::render(&report, common::COLOUR));
        if let Some(path) = &self.json {
            let text = serde_json::to_string_pretty(&report).unwrap_or_default() + "\n";
            files::write(path, &text)?;
        }
        Ok(code(&report))
    }
}

impl Load {
    fn thresholds(&self) -> Result<Vec<Threshold>, CliError> {
        let read = self.fail_if.iter().map(|text| {
            Threshold::read(text).map_err(|wrong| {
                let width = text[wrong.at.clone()].chars().count().max(1);
                let before = text[..wrong.at.start].chars().count();
                let (space, caret) = (" ".repeat(before), "^".repeat(width));
                let why = format!("--fail-if is wrong\n  {text}\n  {space}{caret} {}", wrong.why);
                CliError::Usage(why)
            })
        });
        read.collect()
    }

    fn plan(&self, vendors: &[&VendorTarget]) -> Result<Plan, CliError> {
        let accounts = self.accounts.get();
        if accounts > MOST_ACCOUNTS {
            return Err(CliError::Usage(format!("a vendor has at most {MOST_ACCOUNTS} accounts")));
        }
        let connections = self.connections.get();
        let global = match self.order {
            Some(order) => matches!(order, Order::Global),
            None => vendors.iter().any(|one| one.policy.ordering == Ordering::Global),
        };
        let most = connections.min(accounts * vendors.len());
        let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let usual = if global { 1 } else { (processors / 2).clamp(1, most) };
        let threads = self.threads.map_or(usual, NonZeroUsize::get);
        if global && threads > 1 {
            let why = "webhooks that all wait for each other are sent by one thread: --threads 1";
            return Err(CliError::Usage(why.to_owned()));
        }
        if threads > most {
            let why = "each thread needs a connection and an account of its own";
            return Err(CliError::Usage(format!(
                "{threads} threads are too many: {why}, so at most {most}"
            )));
        }
        let of_each = connections.div_ceil(threads);
        if of_each > Config::MOST_CONNECTIONS {
            let most = Config::MOST_CONNECTIONS;
            let why =
                format!("a thread has at most {most} connections, not {of_each}: add --threads");
            return Err(CliError::Usage(why));
        }
        Ok(Plan {
            seed: self.seed.seed(),
            pace: self.pace()?,
            count: self.count,
            accounts,
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
        })
    }

    fn pace(&self) -> Result<Pace, CliError> {
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

    /// Hosts other than loopback need a yes.
    fn must_be_allowed(&self, subject: &UnderTest, plan: &Plan) -> Result<(), CliError> {
        let vendors = load::chosen(&subject.target, &self.vendor);
        let address =
            load::address(&vendors).map_err(|error| CliError::Usage(error.to_string()))?;
        if address.ip().is_loopback() || self.yes {
            return Ok(());
        }
        let url = &subject.target.url;
        if !(common::watched() && std::io::IsTerminal::is_terminal(&std::io::stdin())) {
            let why =
                format!("{url} ({address}) is not on loopback: add `--yes` to send it {plan}");
            return Err(CliError::Usage(why));
        }
        anstream::eprint!("{url} ({address}) is not on loopback. Send it {plan}? Type `yes`: ");
        let mut answer = String::new();
        // What cannot be read is no yes.
        let _ = std::io::stdin().read_line(&mut answer);
        match answer.trim() {
            "yes" => Ok(()),
            _ => Err(CliError::Usage("nothing was sent".to_owned())),
        }
    }

    /// Runs the threads, while a line on the terminal shows how it goes. Ctrl-C ends it early.
    async fn drive(
        &self,
        subject: &UnderTest,
        plan: &Plan,
        population: Population<'_>,
    ) -> Result<Ran, CliError> {
        let run = Run {
            plan,
            population,
            answer_within: subject.target.ack_within,
            wanted: match self.engine {
                EngineName::Auto => Wanted::Auto,
                EngineName::IoUring => Wanted::IoUring,
                EngineName::Epoll => Wanted::Epoll,
            },
            progress: (0..plan.threads).map(|_| Arc::new(Progress::default())).collect(),
        };
        let stops: Arc<Mutex<Vec<Stop>>> = Arc::default();
        let ended = tokio::sync::watch::channel(());
        let watcher = tokio::spawn(watch(run.progress.clone(), Arc::clone(&stops), ended.1));
        let told = |stop| stops.lock().unwrap_or_else(PoisonError::into_inner).push(stop);
        // The threads do not wait for the runtime, and the runtime has other threads for the watcher.
        let ran = tokio::task::block_in_place(|| load::run(&run, &told));
        drop(ended.0);
        // It only draws.
        let _ = watcher.await;
        ran.map_err(|error| CliError::Usage(error.to_string()))
    }
}

/// Shows how it goes, until the run is over. At Ctrl-C it lets the threads finish, at the second one
/// it breaks them off.
async fn watch(
    threads: Vec<Arc<Progress>>,
    stops: Arc<Mutex<Vec<Stop>>>,
    mut ended: tokio::sync::watch::Receiver<()>,
) {
    let bar = if common::watched() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{msg}") {
        bar.set_style(style);
    }
    let clock = Stopwatch::start();
    let mut ticks = tokio::time::interval(Duration::from_millis(200));
    let (mut interrupts, mut before, mut at) = (0, 0, Duration::ZERO);
    let mut rate = 0.0;
    loop {
        tokio::select! {
            _ = ended.changed() => break,
            _ = ticks.tick() => {
                let (now, elapsed) = (Progress::sum(&threads), clock.elapsed());
                let passed = (elapsed - at).as_secs_f64();
                if passed >= 0.9 {
                    rate = (now.sent - before) as f64 / passed;
                    (before, at) = (now.sent, elapsed);
                }
                bar.set_message(format!(
                    "{:>4.0} s · {} sent · {rate:.0}/s · {} in flight · {} waiting · {} accepted · {} not accepted",
                    elapsed.as_secs_f64(), now.sent, now.in_flight, now.backlog, now.accepted, now.not_accepted,
                ));
            }
            _ = tokio::signal::ctrl_c() => {
                interrupts += 1;
                let stops = stops.lock().unwrap_or_else(PoisonError::into_inner);
                stops.iter().for_each(|stop| if interrupts > 1 { stop.abort() } else { stop.finish() });
            }
        }
    }
    bar.finish_and_clear();
}

/// Compares the sample with what the receiver believes. None if there is nothing to compare.
async fn compare(
    subject: &UnderTest,
    vendors: &[&VendorTarget],
    samples: Vec<(load::Watched, Feed)>,
) -> Option<Sample> {
    let names: Vec<&'static str> =
        vendors.iter().map(|one| one.vendor.catalogue().vendor).collect();
    if !subject.probes.keys().any(|(vendor, _)| names.contains(&vendor.as_str())) {
        return None;
    }
    let subjects =
        samples.into_iter().flat_map(|(watched, mut feed)| watched.subjects(&mut feed, &names));
    let subjects = subjects.collect();
    let probe_of = |vendor: &str, kind: &str| subject.probe(vendor, kind);
    let sample = load::compare(subjects, probe_of, &subject.prober, subject.believes_within).await;
    // What could not be compared is not known.
    (sample.compared > 0).then_some(sample)
}

/// Makes the webhooks and counts them.
fn dry_run(plan: &Plan, population: &Population<'_>) -> Result<u8, CliError> {
    let mut feed = population.share(0, 1).map_err(|problem| CliError::Usage(problem.message))?;
    let asked = match &plan.pace {
        Pace::Open(schedule) => Some(schedule.count()),
        Pace::Saturate(_) => None,
    };
    let count = match (asked, plan.count) {
        (Some(asked), Some(count)) => asked.min(count),
        (asked, count) => asked
            .or(count)
            .ok_or_else(|| CliError::Usage("--dry-run with --saturate needs --count".to_owned()))?,
    };
    let clock = Stopwatch::start();
    let mut triggers: std::collections::BTreeMap<(&str, &str), (u64, u64)> = Default::default();
    while feed.number() < count {
        let Some((_, webhook)) = feed.pull(population.vendors) else { continue };
        let (made, bytes) = triggers.entry((webhook.vendor, webhook.trigger)).or_default();
        *made += 1;
        *bytes += webhook.body.len() as u64;
    }
    let mut text = format!(
        "{count} webhooks, {plan}; made in {:.2} s, nothing was sent\n\n",
        clock.elapsed().as_secs_f64()
    );
    for ((vendor, trigger), (made, bytes)) in triggers {
        let mean = bytes / made.max(1);
        text += &format!("{vendor:<10} {trigger:<28} {made:>9}   {mean:>6} bytes each\n");
    }
    common::print(&text);
    Ok(PASSED)
}

fn code(report: &LoadReport) -> u8 {
    if report.thresholds.iter().any(|one| !one.passed) {
        return BROKEN;
    }
    let counts = &report.webhooks;
    let due = counts.sent + counts.shed + counts.unfinished;
    if due > 0 && report.answers == 0 { UNREACHABLE } else { PASSED }
}
