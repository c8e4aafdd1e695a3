//! Runs the threads of a load, and puts together what they counted.

use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::sync::atomic::{AtomicBool, Ordering as Atomic};
use std::sync::{Arc, Barrier};
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
    /// Another thread cannot begin; it says why.
    #[error("another thread cannot begin")]
    AnotherThread,
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
    let addresses =
        (host.as_str(), port).to_socket_addrs().map_err(|error| no_address(error.to_string()))?;
    let addresses: Vec<SocketAddr> = addresses.collect();
    // A name can have several, such as `localhost` in IPv6 and IPv4: the first that listens counts.
    let listens = |one: &&SocketAddr| TcpStream::connect_timeout(one, CONNECT_WITHIN).is_ok();
    let found = addresses.iter().find(listens).or(addresses.first()).copied();
    found.ok_or_else(|| no_address("the name has none".to_owned()))
}

/// How long an address may take to show that it listens.
const CONNECT_WITHIN: Duration = Duration::from_secs(2);

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
        let start = Start { barrier: Barrier::new(threads), failed: AtomicBool::new(false) };
        let start = Arc::new(start);
        let handles: Vec<_> = run
            .progress
            .iter()
            .enumerate()
            .map(|(of, progress)| {
                let (told, progress, start) =
                    (told.clone(), Arc::clone(progress), Arc::clone(&start));
                scope.spawn(move || thread(run, (of, threads), address, &told, (progress, &start)))
            })
            .collect();
        drop(told);
        stop.iter().for_each(stops);
        let joined = handles
            .into_iter()
            .map(|handle| handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        joined.collect::<Vec<Result<Ran, RunError>>>()
    });
    let (ran, failed): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    let mut errors: Vec<RunError> = failed.into_iter().filter_map(Result::err).collect();
    // The thread that could not begin says why; the others only know that one could not.
    errors.sort_by_key(|error| matches!(error, RunError::AnotherThread));
    if let Some(error) = errors.into_iter().next() {
        return Err(error);
    }
    let took = watch.elapsed();
    let mut tally = Tally::default();
    let mut counters = Counters::default();
    let mut samples = Vec::new();
    let mut choice = None;
    let mut last = Duration::ZERO;
    for one in ran.into_iter().flatten() {
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
    (progress, start): (Arc<Progress>, &Start),
) -> Result<Ran, RunError> {
    let made = make(run, (of, threads), address);
    if made.is_err() {
        start.failed.store(true, Atomic::Release);
    }
    // Nothing is sent before all threads can.
    start.barrier.wait();
    let (mut engine, feed, played) = made?;
    let vendors = run.population.vendors;
    let refused = |error: std::io::Error| LoadProblem::NoEngine(error.to_string());
    if start.failed.load(Atomic::Acquire) {
        return Err(RunError::AnotherThread);
    }
    // Whoever could stop the run may be gone already.
    let _ = told.send(engine.stop());
    let sample = run.plan.sample / threads + usize::from(of < run.plan.sample % threads);
    let handles = (engine.stop(), progress, sample);
    let connections = share(run.plan.connections, of, threads);
    let mut worker = Worker::new(run.plan, vendors, played, feed, connections, handles);
    worker.answer_within = run.answer_within;
    engine.run(&mut worker).map_err(refused)?;
    let (tally, watched, feed, took) = worker.into_parts();
    let (counters, choice) = (engine.counters(), engine.choice().clone());
    Ok(Ran { tally, counters, choice, took, samples: vec![(watched, feed)] })
}

/// Where threads wait for each other before they begin.
struct Start {
    barrier: Barrier,
    /// One of them cannot.
    failed: AtomicBool,
}

/// The share of one of so many threads; at least one.
fn share(all: usize, of: usize, threads: usize) -> usize {
    (all / threads + usize::from(of < all % threads)).max(1)
}

/// What a thread needs.
fn make<'a>(
    run: &Run<'a>,
    (of, threads): (usize, usize),
    address: SocketAddr,
) -> Result<(Engine, Feed, Vec<Played<'a>>), RunError> {
    let vendors = run.population.vendors;
    let feed = run.population.share(of, threads).map_err(RunError::Setting)?;
    let mut played = Vec::new();
    for target in vendors {
        played.push(Played::new(target, Prepared::of(target)?));
    }
    let config = Config {
        connections: share(run.plan.connections, of, threads),
        request_timeout: run.answer_within,
        largest_reply: 64 * 1024,
        wanted: run.wanted,
        ..Config::new(address)
    };
    let refused = |error: std::io::Error| LoadProblem::NoEngine(error.to_string());
    let engine = Engine::new(config).map_err(refused)?;
    Ok((engine, feed, played))
}
