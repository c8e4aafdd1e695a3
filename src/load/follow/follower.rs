//! The task that asks the receiver about the subjects that are followed.
//!
//! It sends at most so many requests a second, and so many at a time. A subject is asked for again
//! later the longer it has been behind. A probe that fails or hangs costs its turn and is counted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering as Atomic;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::{FuturesUnordered, StreamExt as _};
use serde_json::Value as Json;
use tokio::sync::mpsc;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::behind::Behind;
use super::pending::{Pending, Step};
use super::{Live, Subject, Told};
use crate::clock::{self, Moment};
use crate::load::believed::{AT_ONCE, Existence, agrees, wanted};
use crate::load::tally::Latency;
use crate::model::SubjectIndex;
use crate::probe::{Probe, ProbeReading, Prober};

/// What the task works with.
pub struct Follower {
    /// The probes, by the place of the vendor and the kind of subject.
    pub probes: BTreeMap<(usize, String), Arc<Probe>>,
    /// Sends their requests.
    pub prober: Prober,
    /// The most requests a second.
    pub pace: f64,
    /// How long the receiver may show nothing new after the load before it is given up.
    pub patience: Duration,
    /// What is known while the load runs.
    pub live: Arc<Live>,
}

/// What became of the subjects that were followed.
#[derive(Clone, Debug, Default)]
pub struct Followed {
    /// How many subjects there were.
    pub subjects: u64,
    /// From the answer that accepted a webhook to the reading that showed its effect.
    pub latency: Latency,
    /// How much shorter each of these may have been in truth.
    pub unsure: Latency,
    /// Webhooks of which no reading says when they had an effect.
    pub unmeasured: u64,
    /// Webhooks whose effect was never shown.
    pub unseen: u64,
    /// Subjects that could be followed no longer, because too many messages were waiting.
    pub dropped: u64,
    /// With how many subjects the receiver was behind.
    pub behind: Behind,
    /// Requests of probes.
    pub probes: u64,
    /// Those that failed, by why.
    pub errors: BTreeMap<String, u64>,
}

/// The time from one look at a subject to the next: at least this, an eighth of the time for which it
/// has been behind, at most that.
const SOONEST: Duration = Duration::from_millis(20);
const LATEST: Duration = Duration::from_secs(2);
/// How often the state of all is noted.
const NOTED: Duration = Duration::from_millis(100);
/// The most kinds of errors that are told apart, and the longest name of one.
const MOST_ERRORS: usize = 16;
const LONGEST_ERROR: usize = 200;

type Key = (usize, SubjectIndex);
type Look = BoxFuture<'static, (Key, Moment, ProbeReading)>;

/// A subject, and what the receiver is yet to show of it.
struct One {
    subject: Arc<Subject>,
    probe: Arc<Probe>,
    /// The values of the probe's fields, and whether the vendor still has the subject.
    pending: Pending<(Vec<Json>, Existence)>,
    /// It is asked for, or will be.
    is_asked: bool,
}

/// What the task knows.
struct State<'a> {
    follower: &'a Follower,
    all: BTreeMap<Key, One>,
    /// When which subject is asked for.
    due: BTreeSet<(Moment, Key)>,
    looks: FuturesUnordered<Look>,
    begun: Option<Moment>,
    /// When something was shown last, or the load ended.
    progress: Moment,
    found: Followed,
}

/// Follows what is told until the load is over, and then until the receiver has shown all, or nothing new
/// for too long.
pub async fn follow(follower: Follower, mut told: mpsc::Receiver<Told>) -> Followed {
    let mut state = State::new(&follower);
    let mut turns = paced(Duration::from_secs_f64(1.0 / follower.pace));
    let mut notes = paced(NOTED);
    let mut runs = true;
    loop {
        tokio::select! {
            one = told.recv(), if runs => match one {
                Some(one) => state.expect(one),
                None => (runs, state.progress) = (false, clock::now()),
            },
            Some((key, begun, reading)) = state.looks.next(), if !state.looks.is_empty() => {
                state.read(key, begun, &reading);
            }
            _ = turns.tick() => state.look(),
            _ = notes.tick() => {
                state.note();
                if !runs && state.is_over() {
                    break;
                }
            }
        }
    }
    state.end()
}

/// Ticks that are never closer to each other than this.
fn paced(every: Duration) -> Interval {
    let mut ticks = interval(every.max(Duration::from_millis(1)));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

impl<'a> State<'a> {
    fn new(follower: &'a Follower) -> Self {
        Self {
            follower,
            all: BTreeMap::new(),
            due: BTreeSet::new(),
            looks: FuturesUnordered::new(),
            begun: None,
            progress: clock::now(),
            found: Followed::default(),
        }
    }

    fn expect(&mut self, told: Told) {
        let Told { subject, number, truth, existence, at, begun } = told;
        self.begun = self.begun.into_iter().chain([begun]).min();
        if subject.is_gone() {
            return;
        }
        let key = subject.key;
        if !self.all.contains_key(&key) {
            let probe = self.follower.probes.get(&(subject.vendor, subject.kind.to_owned()));
            let Some(probe) = probe.map(Arc::clone) else { return };
            self.found.subjects += 1;
            self.follower.live.subjects.store(self.found.subjects, Atomic::Relaxed);
            let pending = Pending::default();
            self.all.insert(key, One { subject, probe, pending, is_asked: false });
        }
        let Some(one) = self.all.get_mut(&key) else { return };
        // States that look the same are one: else the second would have its effect at once.
        let folded = |(field, value): (&String, Json)| one.probe.folded(field, value);
        let wanted = wanted(&one.probe, &truth).into_iter().map(folded).collect();
        let step = one.pending.expect(number, (wanted, existence), at);
        if !one.is_asked && !one.pending.is_empty() {
            one.is_asked = true;
            self.due.insert((clock::now(), key));
        }
        self.count(key, &step);
    }

    /// Asks for the subject that has been due for the longest, if one is.
    fn look(&mut self) {
        let first = self.due.first().copied();
        let Some((due, key)) = first.filter(|(due, _)| clock::until(*due).is_zero()) else {
            return;
        };
        if self.looks.len() >= AT_ONCE {
            return;
        }
        self.due.remove(&(due, key));
        let Some(one) = self.all.get(&key) else { return };
        let (prober, probe) = (self.follower.prober.clone(), Arc::clone(&one.probe));
        let (id, begun) = (one.subject.id.clone(), clock::now());
        self.found.probes += 1;
        self.looks.push(Box::pin(async move { (key, begun, prober.look(&probe, &id).await) }));
    }

    fn read(&mut self, key: Key, begun: Moment, reading: &ProbeReading) {
        let now = clock::now();
        if let ProbeReading::Unreachable(why)
        | ProbeReading::Local(why)
        | ProbeReading::Trouble(why) = reading
        {
            let why = self.follower.prober.secrets().text(why);
            self.failed(&why);
        }
        let Some(one) = self.all.get_mut(&key) else { return };
        let step = match reading {
            ProbeReading::Unreachable(_) | ProbeReading::Local(_) | ProbeReading::Trouble(_) => {
                Step::default()
            }
            _ => {
                let shows = |(values, existence): &(Vec<Json>, Existence)| {
                    agrees(&one.probe, one.probe.fields.keys().zip(values), *existence, reading)
                };
                one.pending.read(shows, (begun, now))
            }
        };
        one.is_asked = !one.pending.is_empty();
        if let Some(since) = one.pending.since() {
            let wait = now.saturating_duration_since(since) / 8;
            self.due.insert((now + wait.clamp(SOONEST, LATEST), key));
        }
        self.count(key, &step);
    }

    fn count(&mut self, key: Key, step: &Step) {
        self.found.unmeasured += step.unmeasured;
        if let Some((latency, unsure)) = step.seen {
            self.found.unsure.record(unsure);
            let live = &self.follower.live.latency;
            live.lock().unwrap_or_else(PoisonError::into_inner).record(latency);
        }
        if let Some((number, one)) = step.number.zip(self.all.get(&key)) {
            self.progress = clock::now();
            // What is gone stays gone.
            let shown = &one.subject.shown;
            let _ = shown.fetch_update(Atomic::AcqRel, Atomic::Acquire, |before| {
                (before != super::GONE).then_some(number)
            });
        }
    }

    fn failed(&mut self, why: &str) {
        let name: String = why.chars().take(LONGEST_ERROR).collect();
        let errors = &mut self.found.errors;
        let name = match errors.len() < MOST_ERRORS || errors.contains_key(&name) {
            true => name,
            false => "other errors".to_owned(),
        };
        *errors.entry(name).or_default() += 1;
    }

    /// Forgets what is not followed any more, and notes how many are behind.
    fn note(&mut self) {
        self.all.retain(|_, one| !one.subject.is_gone());
        self.due.retain(|(_, key)| self.all.contains_key(key));
        let Some(begun) = self.begun else { return };
        let behind = self.all.values().filter(|one| one.pending.is_behind()).count() as u64;
        self.found.behind.note(clock::now().saturating_duration_since(begun), behind);
        self.follower.live.behind.store(behind, Atomic::Relaxed);
    }

    /// Whether all was shown, or nothing for too long.
    fn is_over(&self) -> bool {
        self.all.values().all(|one| one.pending.is_empty())
            || clock::now().saturating_duration_since(self.progress) >= self.follower.patience
    }

    fn end(mut self) -> Followed {
        let left = self.all.values().map(|one| one.pending.len() as u64);
        // The receiver had its time: what it has not shown by now, it does not show. A probe that failed
        // does not make it right.
        self.found.behind.now =
            self.all.values().filter(|one| !one.pending.is_empty()).count() as u64;
        let Live { latency, dropped, .. } = &*self.follower.live;
        Followed {
            unseen: left.sum(),
            latency: latency.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            dropped: dropped.load(Atomic::Relaxed),
            ..self.found
        }
    }
}
