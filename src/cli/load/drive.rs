//! Runs a load while a person watches.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use standin_wire::Stop;

use super::abort::Abort;
use super::follow::{self, Following};
use super::live::LiveLine;
use super::start;
use crate::cli::errors::CliError;
use crate::cli::{common, interrupt};
use crate::clock::{Moment, Stopwatch};
use crate::journal::sqlite::Store;
use crate::load::follow::Live;
use crate::load::wire::Wire;
use crate::load::{
    self, Feed, Journal, Plan, Population, Progress, Ran, Run, Sample, Server, VendorTraffic,
};
use crate::model::load::Aborted;
use crate::under_test::UnderTest;

/// Runs the threads, while a line on the terminal shows how it goes. Ctrl-C ends it early.
pub(super) async fn drive(
    subject: &UnderTest,
    plan: &Plan,
    population: Population<'_>,
    (server, wire): (&Server, &Wire),
    abort: Abort,
    journal: Option<&Store>,
) -> Result<Driven, CliError> {
    let (source, following) = follow::begin(subject, population.vendors, plan).unzip();
    let run = Run {
        plan,
        population,
        answer_within: subject.target.ack_within,
        server,
        wire,
        source,
        journal: journal.map(|store| {
            let secrets = subject.target.sender.secrets().clone();
            Journal { store, target: &subject.target.url, secrets }
        }),
        progress: (0..plan.threads).map(|_| Arc::new(Progress::default())).collect(),
    };
    let stops: Arc<Mutex<Stops>> = Arc::default();
    let ended = tokio::sync::watch::channel(());
    let live = following.as_ref().map(Following::live);
    let watched = (run.progress.clone(), plan.start_at, live);
    let watcher = tokio::spawn(watch(watched, abort, Arc::clone(&stops), ended.1));
    let told = |stop| stops.lock().unwrap_or_else(PoisonError::into_inner).add(stop);
    // The threads do not wait for the runtime, and the runtime has other threads for the watcher.
    let ran = tokio::task::block_in_place(|| load::run(&run, &told));
    drop(ended.0);
    // If it has panicked, there is nothing to draw and nothing to say.
    let aborted = watcher.await.unwrap_or_default();
    let ran = ran.map_err(|error| CliError::Usage(error.to_string()))?;
    Ok(Driven { ran, aborted, following })
}

/// What a run came to, and the task that still follows its subjects.
pub(super) struct Driven {
    pub(super) ran: Ran,
    /// Why it was ended early, if it was.
    pub(super) aborted: Option<Aborted>,
    pub(super) following: Option<Following>,
}

/// What ends the threads.
#[derive(Default)]
struct Stops {
    threads: Vec<Stop>,
    /// 1: they finish what is under way. More: they break it off.
    asked: u32,
}

impl Stops {
    /// A thread is about to begin. Whoever was impatient before means it too.
    fn add(&mut self, stop: Stop) {
        self.tell(&stop);
        self.threads.push(stop);
    }

    fn ask(&mut self) {
        self.asked += 1;
        self.threads.iter().for_each(|stop| self.tell(stop));
    }

    fn tell(&self, stop: &Stop) {
        match self.asked {
            0 => {}
            1 => stop.finish(),
            _ => stop.abort(),
        }
    }
}

/// Shows how it goes, until the run is over. At Ctrl-C it lets the threads finish, at the second one
/// it breaks them off. Returns why it has ended the run early, if it has.
async fn watch(
    (threads, start_at, live): (Vec<Arc<Progress>>, Option<Moment>, Option<Arc<Live>>),
    mut abort: Abort,
    stops: Arc<Mutex<Stops>>,
    mut ended: tokio::sync::watch::Receiver<()>,
) -> Option<Aborted> {
    let bar = if common::watched() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{msg}") {
        bar.set_style(style);
    }
    let mut clock = Stopwatch::start();
    let mut ticks = tokio::time::interval(Duration::from_millis(200));
    let mut line = LiveLine::default();
    loop {
        tokio::select! {
            _ = ended.changed() => break,
            _ = ticks.tick() => {
                if let Some(waiting) = start_at.and_then(start::waiting) {
                    bar.set_message(waiting);
                    clock = Stopwatch::start();
                    continue;
                }
                let behind = live.as_ref().map(|live| live.behind());
                bar.set_message(line.text(&threads, behind, clock.elapsed()));
                let mut stops = stops.lock().unwrap_or_else(PoisonError::into_inner);
                // A second stop would break off what is under way.
                if stops.asked == 0 && abort.look((&threads, live.as_deref()), clock.elapsed()) {
                    stops.ask();
                }
            }
            () = interrupt::next() => {
                stops.lock().unwrap_or_else(PoisonError::into_inner).ask();
            }
        }
    }
    bar.finish_and_clear();
    abort.why()
}

/// Compares the sample with what the receiver believes. None if there is nothing to compare.
pub(super) async fn compare(
    subject: &UnderTest,
    vendors: &[VendorTraffic<'_>],
    samples: Vec<(load::Watched, Feed)>,
) -> Option<Sample> {
    let names = load::names(vendors);
    if !subject.probes.keys().any(|(vendor, _)| names.contains(&vendor.as_str())) {
        return None;
    }
    let subjects = samples.into_iter().flat_map(|(watched, feed)| watched.subjects(&feed, &names));
    let subjects = subjects.collect();
    let probe_of = |vendor: &str, kind: &str| subject.probe(vendor, kind);
    let sample = load::compare(
        subjects,
        probe_of,
        &subject.prober,
        (subject.believes_within, subject.quiet_for),
    )
    .await;
    // What could not be compared is not known.
    (sample.compared > 0).then_some(sample)
}
