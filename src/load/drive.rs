//! Runs the threads of a load, and puts together what they counted.

use std::sync::atomic::{AtomicBool, Ordering as Atomic};
use std::sync::{Arc, Barrier};
use std::time::Duration;

use standin_wire::{Counters, Stop};

use super::engine::{Engine, Used};
use super::feed::Feed;
use super::follow::Source;
use super::journal::{Begun, Journal, Recording};
use super::population::Population;
use super::prepared::Prepared;
use super::progress::Progress;
use super::sample::Watched;
use super::server::Server;
use super::tally::Tally;
use super::wire::Wire;
use super::worker::{Played, Worker};
use super::{LoadProblem, Plan};
use crate::clock::{self, Moment, Stopwatch};
use crate::journal::JournalError;

/// What a run needs besides its plan.
pub struct Run<'a> {
    /// What it does.
    pub plan: &'a Plan,
    /// Its accounts.
    pub population: Population<'a>,
    /// How long an answer may take.
    pub answer_within: Duration,
    /// Where it sends.
    pub server: &'a Server,
    /// How it speaks to it.
    pub wire: &'a Wire,
    /// Where the threads tell what was accepted, if subjects are followed.
    pub source: Option<Source>,
    /// One for each thread.
    pub progress: Vec<Arc<Progress>>,
    /// Where it is recorded, if it is.
    pub journal: Option<Journal<'a>>,
}

/// What a run comes to.
pub struct Ran {
    /// All counts.
    pub tally: Tally,
    /// What happened to connections.
    pub counters: Counters,
    /// The engine that was used, and why.
    pub engine: Used,
    /// When the schedule began. None if it did not come to that.
    pub began: Option<Moment>,
    /// From the beginning to the last answer.
    pub took: Duration,
    /// For each thread its sample and its accounts.
    pub samples: Vec<(Watched, Feed)>,
    /// For how long the journal has held a thread back. None without a journal.
    pub held_back: Option<Duration>,
    /// Why it is less than it should be: the journal could not be written any more, or a bug has ended a thread.
    pub cut_short: Vec<RunError>,
}

/// Why a run could not begin or go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Something about the target or the machine.
    #[error(transparent)]
    Problem(#[from] LoadProblem),
    /// The journal cannot be written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// Another thread cannot begin; it says why.
    #[error("another thread cannot begin")]
    AnotherThread,
    /// A bug has ended a thread.
    #[error("a bug in Standin ended a thread: please report it with the command and the seed")]
    Bug,
}

/// Runs all threads to their end. It blocks.
///
/// # Errors
/// If a vendor cannot be played, the machine refuses something, or the journal cannot be begun.
pub fn run(run: &Run<'_>, stops: &dyn Fn(Stop)) -> Result<Ran, RunError> {
    let watch = Stopwatch::start();
    let begun = run.journal.as_ref().map(|journal| journal.begin(run.plan, &run.population));
    let (recording, keep) = begun.transpose()?.map(Begun::split).unzip();
    let (results, kept) = std::thread::scope(|scope| {
        let keeper = keep.map(|keep| scope.spawn(keep));
        let results = all_threads(run, recording.as_ref(), stops);
        // The keeper ends once nobody records any more.
        drop(recording);
        let kept = keeper.map_or(Ok(()), |keeper| {
            keeper.join().map_or(Err(RunError::Bug), |kept| kept.map_err(RunError::from))
        });
        (results, kept)
    });
    let (ran, failed): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    let (bugs, mut errors): (Vec<_>, Vec<_>) =
        failed.into_iter().filter_map(Result::err).partition(|one| matches!(one, RunError::Bug));
    // The thread that could not begin says why; the others only know that one could not.
    errors.sort_by_key(|error| matches!(error, RunError::AnotherThread));
    if let Some(error) = errors.into_iter().next() {
        return Err(error);
    }
    if ran.is_empty() {
        return Err(bugs.into_iter().next().unwrap_or(LoadProblem::NoVendor.into()));
    }
    let cut_short = kept.err().into_iter().chain(bugs).collect();
    Ok(Ran { cut_short, ..together(ran.into_iter().flatten(), watch.elapsed())? })
}

/// Runs the threads.
fn all_threads(
    run: &Run<'_>,
    recording: Option<&Recording>,
    stops: &dyn Fn(Stop),
) -> Vec<Result<Ran, RunError>> {
    let threads = run.progress.len();
    std::thread::scope(|scope| {
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
                let recording = recording.cloned();
                let own = Own { of, threads, progress, recording };
                scope.spawn(move || thread(run, own, &told, &start))
            })
            .collect();
        drop(told);
        stop.iter().for_each(stops);
        let joined = handles.into_iter().map(|handle| handle.join().unwrap_or(Err(RunError::Bug)));
        joined.collect()
    })
}

/// What the threads came to together; the run has taken so long.
fn together(ran: impl Iterator<Item = Ran>, took: Duration) -> Result<Ran, RunError> {
    let mut tally = Tally::default();
    let mut counters = Counters::default();
    let mut samples = Vec::new();
    let (mut engine, mut began): (_, Option<Moment>) = (None, None);
    let (mut last, mut held_back) = (Duration::ZERO, None);
    for one in ran {
        tally.add(&one.tally);
        counters.connects += one.counters.connects;
        counters.failed_connects += one.counters.failed_connects;
        counters.idle_closes += one.counters.idle_closes;
        counters.surplus += one.counters.surplus;
        counters.early += one.counters.early;
        engine = engine.or(Some(one.engine));
        began = began.into_iter().chain(one.began).min();
        last = last.max(one.took);
        held_back = held_back.max(one.held_back);
        samples.extend(one.samples);
    }
    let engine = engine.ok_or(LoadProblem::NoVendor)?;
    let took = if last.is_zero() { took } else { last };
    let cut_short = Vec::new();
    Ok(Ran { tally, counters, engine, began, took, samples, held_back, cut_short })
}

/// What one thread has of its own.
struct Own {
    /// Which of the threads it is, and how many there are.
    of: usize,
    threads: usize,
    progress: Arc<Progress>,
    recording: Option<Recording>,
}

fn thread(
    run: &Run<'_>,
    own: Own,
    told: &std::sync::mpsc::Sender<Stop>,
    start: &Start,
) -> Result<Ran, RunError> {
    let Own { of, threads, progress, recording } = own;
    let late = |start: Moment| clock::until(start).is_zero();
    let made = make(run, (of, threads)).and_then(|made| match run.plan.start_at {
        Some(start) if late(start) => Err(LoadProblem::Late.into()),
        _ => Ok(made),
    });
    if made.is_err() {
        start.failed.store(true, Atomic::Release);
    }
    // Nothing is sent before all threads can.
    start.barrier.wait();
    let (mut engine, feed, played) = made?;
    let refused = |error: std::io::Error| LoadProblem::NoEngine(error.to_string());
    if start.failed.load(Atomic::Acquire) {
        return Err(RunError::AnotherThread);
    }
    // Whoever could stop the run may be gone already.
    let _ = told.send(engine.stop());
    let handles = (engine.stop(), progress);
    let slots = share(run.plan.connections, of, threads) * run.wire.streams();
    let recorder = recording.map(|recording| recording.recorder(feed.numbers().0));
    let mut worker = Worker::new(run.plan, played, feed, slots, handles);
    worker.journal = recorder;
    worker.answer_within = run.answer_within;
    run.source.iter().for_each(|source| worker.tell_to(source.clone()));
    engine.run(&mut worker).map_err(refused)?;
    let held_back = worker.close_journal(clock::both().0);
    let began = worker.began();
    let (tally, watched, feed, took) = worker.into_parts();
    let (counters, engine) = (engine.counters(), engine.used());
    let (samples, cut_short) = (vec![(watched, feed)], Vec::new());
    Ok(Ran { tally, counters, engine, began, took, samples, held_back, cut_short })
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
) -> Result<(Engine, Feed, Vec<Played<'a>>), RunError> {
    let vendors = run.population.vendors;
    let feed = run.population.share(run.plan.part(), of, threads).in_turns_of(run.plan.turn());
    let mut played = Vec::new();
    for one in vendors {
        played.push(Played::new(one.target, Prepared::of(one.target)?));
    }
    let connections = share(run.plan.connections, of, threads);
    let refused = |error: std::io::Error| LoadProblem::NoEngine(error.to_string());
    let engine = Engine::new(run.wire, run.server, connections, run.answer_within);
    let engine = engine.map_err(refused)?;
    Ok((engine, feed, played))
}
