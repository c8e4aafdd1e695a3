//! Runs the threads of a load, and puts together what they counted.

use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::Arc;
use std::time::Duration;

use standin_wire::{Choice, Config, Counters, Engine, Stop, Wanted};
use url::Url;

use super::feed::{Feed, Population};
use super::prepared::Prepared;
use super::progress::Progress;
use super::sample::Watched;
use super::tally::Tally;
use super::worker::{Played, Worker};
use super::{LoadProblem, Plan};
use crate::clock::Stopwatch;
use crate::driver::VendorTarget;
use crate::model::SettingProblem;

/// What a run needs besides its plan.
pub struct Run<'a> {
    /// What it does.
    pub plan: &'a Plan,
    /// Its accounts.
    pub population: Population<'a>,
    /// How long an answer may take.
    pub answer_within: Duration,
    /// Which engine is wanted.
    pub wanted: Wanted,
    /// One for each thread.
    pub progress: Vec<Arc<Progress>>,
}

/// What a run comes to.
pub struct Ran {
    /// All counts.
    pub tally: Tally,
    /// What happened to connections.
    pub counters: Counters,
    /// The engine that was used, and why.
    pub choice: Choice,
    /// From the beginning to the last answer.
    pub took: Duration,
    /// For each thread its sample and its accounts.
    pub samples: Vec<(Watched, Feed)>,
}

/// Why a run could not begin or go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Something about the target or the machine.
    #[error(transparent)]
    Problem(#[from] LoadProblem),
    /// A setting of a vendor.
    #[error("{}", .0.message)]
    Setting(SettingProblem),
}

/// The server that all these vendors send to.
///
/// # Errors
/// If it is not one, not plain HTTP, or has no address.
pub fn address(vendors: &[&VendorTarget]) -> Result<SocketAddr, LoadProblem> {
    let mut found: Option<(String, u16, String)> = None;
    for target in vendors {
        for address in target.addresses() {
            let not_plain = || LoadProblem::NotPlain(address.sent.clone());
            let url = Url::parse(&address.sent).map_err(|_| not_plain())?;
            if url.scheme() != "http" {
                return Err(not_plain());
            }
            let host = url.host_str().ok_or_else(not_plain)?.trim_matches(['[', ']']).to_owned();
            let port = url.port_or_known_default().unwrap_or(80);
            match &found {
                Some((one, its, url)) if (one, *its) != (&host, port) => {
                    let (one, other) = (url.clone(), address.sent.clone());
                    return Err(LoadProblem::TwoServers { one, other });
                }
                Some(_) => {}
                None => found = Some((host, port, address.sent.clone())),
            }
        }
    }
    let (host, port, _) = found.ok_or(LoadProblem::NoVendor)?;
    let no_address = |why: String| LoadProblem::NoAddress { host: host.clone(), why };
    let mut addresses =
        (host.as_str(), port).to_socket_addrs().map_err(|error| no_address(error.to_string()))?;
    addresses.next().ok_or_else(|| no_address("the name has none".to_owned()))
}

/// Runs all threads to their end. It blocks.
///
/// # Errors
/// If the target is not one server that is spoken to in plain HTTP, or the machine refuses something.
pub fn run(run: &Run<'_>, stops: &dyn Fn(Stop)) -> Result<Ran, RunError> {
    let vendors = run.population.vendors;
    let address = address(vendors)?;
    let watch = Stopwatch::start();
    let threads = run.progress.len();
    let results = std::thread::scope(|scope| {
        let (told, stop) = std::sync::mpsc::channel();
        let handles: Vec<_> = run
            .progress
            .iter()
            .enumerate()
            .map(|(of, progress)| {
                let (told, progress) = (told.clone(), Arc::clone(progress));
                scope.spawn(move || thread(run, (of, threads), address, &told, progress))
            })
            .collect();
        drop(told);
        stop.iter().for_each(stops);
        let joined = handles
            .into_iter()
            .map(|handle| handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        joined.collect::<Result<Vec<_>, RunError>>()
    })?;
    let took = watch.elapsed();
    let mut tally = Tally::default();
    let mut counters = Counters::default();
    let mut samples = Vec::new();
    let mut choice = None;
    let mut last = Duration::ZERO;
    for one in results {
        tally.add(&one.tally);
        counters.connects += one.counters.connects;
        counters.failed_connects += one.counters.failed_connects;
        counters.idle_closes += one.counters.idle_closes;
        counters.surplus += one.counters.surplus;
        counters.early += one.counters.early;
        choice = choice.or(Some(one.choice));
        last = last.max(one.took);
        samples.extend(one.samples);
    }
    let choice = choice.ok_or(LoadProblem::NoVendor)?;
    let took = if last.is_zero() { took } else { last };
    Ok(Ran { tally, counters, choice, took, samples })
}

fn thread(
    run: &Run<'_>,
    (of, threads): (usize, usize),
    address: SocketAddr,
    told: &std::sync::mpsc::Sender<Stop>,
    progress: Arc<Progress>,
) -> Result<Ran, RunError> {
    let vendors = run.population.vendors;
    let feed = run.population.share(of, threads).map_err(RunError::Setting)?;
    let connections = (run.plan.connections + threads - 1 - of) / threads;
    let mut played = Vec::new();
    for target in vendors {
        played.push(Played::new(target, Prepared::of(target)?));
    }
    let config = Config {
        connections: connections.max(1),
        request_timeout: run.answer_within,
        largest_reply: 64 * 1024,
        wanted: run.wanted,
        ..Config::new(address)
    };
    let refused = |error: std::io::Error| LoadProblem::NoEngine(error.to_string());
    let mut engine = Engine::new(config).map_err(refused)?;
    // Whoever could stop the run may be gone already.
    let _ = told.send(engine.stop());
    let sample = run.plan.sample.div_ceil(threads);
    let handles = (engine.stop(), progress, sample);
    let mut worker = Worker::new(run.plan, vendors, played, feed, connections.max(1), handles);
    engine.run(&mut worker).map_err(refused)?;
    let (tally, watched, feed, took) = worker.into_parts();
    let (counters, choice) = (engine.counters(), engine.choice().clone());
    Ok(Ran { tally, counters, choice, took, samples: vec![(watched, feed)] })
}
