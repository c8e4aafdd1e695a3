//! A sample of subjects: whether the receiver believes of them what the vendor knows.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::Duration;

use futures::stream::{self, StreamExt as _};
use serde_json::Value as Json;

use super::believed::{AT_ONCE, Existence, agrees, wanted};
use super::feed::Feed;
use super::follow::{Following, Mark, Source};
use super::twice::{self, Counted, History, Twice};
use crate::clock::{Moment, Stopwatch};
use crate::model::{Subject as Known, SubjectIndex, TriggerId};
use crate::probe::{Absence, Probe, ProbeReading, Prober};

/// The subjects of a thread that are in the sample: the first ones of which a webhook is sent.
///
/// Each account has its share of the sample, so threads and shards do not change which subjects it has.
pub struct Watched {
    /// How many more subjects of each account may come into the sample.
    room: Vec<usize>,
    /// The last subject of each account that is in the sample: later ones need no look into it.
    last: Vec<Option<SubjectIndex>>,
    /// For each account.
    subjects: Vec<HashMap<SubjectIndex, Seen>>,
    /// Those that are followed while the load runs.
    following: Following,
}

/// A subject of the sample.
struct Seen {
    standing: Standing,
    history: History,
}

/// What became of a subject's webhooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// All were accepted so far.
    Clean,
    /// One was shed, or not accepted in the end: what the receiver believes proves nothing.
    Lost,
}

/// A subject of the sample, and what the vendor knows of it.
pub struct Subject {
    vendor: &'static str,
    kind: &'static str,
    id: String,
    truth: Json,
    existence: Existence,
    history: History,
}

/// What a sample comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sample {
    /// How many subjects were compared.
    pub compared: u64,
    /// The receiver agrees with the vendor.
    pub right: u64,
    /// The receiver does not know them, although it accepted their webhooks.
    pub lost: u64,
    /// The receiver believes something else.
    pub wrong: u64,
    /// Their probe failed.
    pub unreadable: u64,
    /// How long the receiver took after the last answer until it believed all that it ever did.
    pub drained: Duration,
    /// Whether duplicates were applied twice. None: that cannot be known.
    pub twice: Option<Twice>,
    /// Some of those that are not right: what is expected and what was seen.
    pub examples: Vec<String>,
}

/// The most subjects that are shown as examples.
pub const EXAMPLES: usize = 5;

impl Watched {
    /// What these accounts have of a sample of this many subjects at the most.
    pub fn new(sample: usize, feed: &Feed) -> Self {
        let (numbers, all) = feed.numbers();
        let share = |number: &usize| sample / all + usize::from(*number < sample % all);
        Self {
            room: numbers.iter().map(share).collect(),
            last: vec![None; numbers.len()],
            subjects: numbers.iter().map(|_| HashMap::new()).collect(),
            following: Following::default(),
        }
    }

    /// Also follows subjects while the load runs.
    pub fn follow(&mut self, source: Source, feed: &Feed) {
        self.following = Following::new(source, feed);
    }

    /// A webhook is to be sent, due at this moment. Gives its number, if its subject is followed.
    pub fn see(
        &mut self,
        feed: &Feed,
        made: (usize, SubjectIndex, TriggerId),
        due: Moment,
    ) -> Mark {
        let (tenant, subject, trigger) = made;
        if self.room[tenant] > 0 || Some(subject) <= self.last[tenant] {
            match self.subjects[tenant].entry(subject) {
                Entry::Occupied(mut one) => one.get_mut().history.add(trigger),
                Entry::Vacant(free)
                    if self.room[tenant] > 0 && !feed.is_shared(tenant, subject) =>
                {
                    free.insert(Seen::with(Standing::Clean)).history.add(trigger);
                    self.last[tenant] = self.last[tenant].max(Some(subject));
                    self.room[tenant] -= 1;
                }
                Entry::Vacant(_) => {}
            }
        }
        self.following.see(feed, tenant, subject, due)
    }

    /// A webhook that the receiver may have got already is sent again.
    pub fn again(&mut self, tenant: usize, subject: SubjectIndex) {
        if Some(subject) <= self.last[tenant]
            && let Some(one) = self.subjects[tenant].get_mut(&subject)
        {
            one.history.repeat();
        }
    }

    /// A webhook was accepted at this moment of a run that began then.
    pub fn accepted(&mut self, subject: (usize, SubjectIndex), mark: Mark, at: (Moment, Moment)) {
        self.following.accepted(subject, mark, at);
    }

    /// No subject is followed any more.
    pub fn close(&mut self) {
        self.following.close();
    }

    /// A webhook does not reach the receiver.
    pub fn lost(&mut self, tenant: usize, subject: SubjectIndex) {
        self.following.lost(tenant, subject);
        if self.room[tenant] == 0 && self.subjects[tenant].is_empty() {
            return;
        }
        match self.subjects[tenant].entry(subject) {
            Entry::Occupied(mut one) => one.get_mut().standing = Standing::Lost,
            Entry::Vacant(free) if self.room[tenant] > 0 => {
                free.insert(Seen::with(Standing::Lost));
                self.room[tenant] -= 1;
            }
            Entry::Vacant(_) => {}
        }
    }

    /// How many subjects it has.
    pub fn len(&self) -> usize {
        self.subjects.iter().map(HashMap::len).sum()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its subjects of an account: what the vendor knows of them in the end is compared.
    pub fn of(&self, tenant: usize) -> impl Iterator<Item = SubjectIndex> {
        self.subjects[tenant].keys().copied()
    }

    /// The subjects all of whose webhooks were accepted, with what the vendor knows of them now.
    pub fn subjects(self, feed: &Feed, vendors: &[&'static str]) -> Vec<Subject> {
        let mut subjects: Vec<Subject> = Vec::new();
        let of_account = |(tenant, own): (usize, HashMap<SubjectIndex, Seen>)| {
            own.into_iter().map(move |(subject, seen)| ((tenant, subject), seen))
        };
        let all = self.subjects.into_iter().enumerate().flat_map(of_account);
        for ((tenant, subject), Seen { standing, history }) in all {
            if standing == Standing::Lost || feed.owes(tenant, subject) {
                continue;
            }
            let vendor = vendors[feed.vendor(tenant)];
            let sim = feed.sim(tenant);
            let Known { kind, id } = sim.subject(0, subject);
            let truth = sim.truth(0, subject);
            let existence = Existence::of(feed, (tenant, subject));
            subjects.push(Subject { vendor, kind, truth, existence, id, history });
        }
        subjects.sort_by(|one, other| (one.kind, &one.id).cmp(&(other.kind, &other.id)));
        subjects
    }
}

impl Seen {
    fn with(standing: Standing) -> Self {
        Self { standing, history: History::default() }
    }
}

/// A subject whose reading is compared.
struct Compared<'a> {
    subject: Subject,
    probe: &'a Probe,
    /// The fields of the probe, with what the vendor knows.
    wanted: Vec<(&'a String, Json)>,
    last: ProbeReading,
}

/// The time from one round of readings to the next.
const BETWEEN_ROUNDS: Duration = Duration::from_millis(100);

/// Compares subjects with what the receiver believes. It reads them again until all are right, or none
/// has become right for so long.
pub async fn compare<'a>(
    subjects: Vec<Subject>,
    probe_of: impl Fn(&str, &str) -> Option<&'a Probe>,
    prober: &Prober,
    (patience, quiet): (Duration, Duration),
) -> Sample {
    let watch = Stopwatch::start();
    let with_probe = subjects.into_iter().filter_map(|subject| {
        let probe = probe_of(subject.vendor, subject.kind)?;
        let wanted = wanted(probe, &subject.truth);
        Some(Compared { subject, probe, wanted, last: ProbeReading::Absent(Absence::Empty) })
    });
    let mut left: Vec<Compared<'_>> = with_probe.collect();
    let counted = left.iter().filter_map(Compared::counted).collect();
    let mut sample = Sample { compared: left.len() as u64, ..Sample::default() };
    let (mut rounds, mut progress) = (0, Duration::ZERO);
    let mut ticks = tokio::time::interval(BETWEEN_ROUNDS);
    while !left.is_empty() && (rounds == 0 || watch.elapsed() - progress < patience) {
        ticks.tick().await;
        let read = stream::iter(left).map(|mut one| async {
            one.last = prober.look(one.probe, &one.subject.id).await;
            one
        });
        let read: Vec<_> = read.buffered(AT_ONCE).collect().await;
        let all = read.len();
        left = read.into_iter().filter(|one| !one.is_right()).collect();
        if left.len() < all {
            sample.right += (all - left.len()) as u64;
            progress = watch.elapsed();
            // What is right in the first round says nothing of how long it took.
            if rounds > 0 {
                sample.drained = progress;
            }
        }
        rounds += 1;
    }
    for one in &left {
        *match one.last {
            ProbeReading::Absent(_) => &mut sample.lost,
            ProbeReading::Known { .. } => &mut sample.wrong,
            ProbeReading::Unreachable(_) | ProbeReading::Local(_) | ProbeReading::Trouble(_) => {
                &mut sample.unreadable
            }
        } += 1;
    }
    sample.twice = twice::judge(counted, prober, (patience, quiet)).await;
    sample.examples = left.iter().take(EXAMPLES).map(|one| one.shown(prober)).collect();
    sample
}

impl<'a> Compared<'a> {
    fn is_right(&self) -> bool {
        let wanted = self.wanted.iter().map(|(field, value)| (*field, value));
        agrees(self.probe, wanted, self.subject.existence, &self.last)
    }

    /// The subject as one whose effects are counted, if its probe does.
    fn counted(&self) -> Option<Counted<'a>> {
        let Subject { vendor, kind, id, history, .. } = &self.subject;
        Counted::of((vendor, kind), id, *history, self.probe)
    }

    fn shown(&self, prober: &Prober) -> String {
        let Subject { vendor, kind, id, .. } = &self.subject;
        let wanted = self.wanted.iter().map(|(field, value)| format!("{field} {value}"));
        let wanted: Vec<String> = wanted.collect();
        let wanted = wanted.join(", ");
        // The receiver may repeat a secret as the value of a field.
        let saw = prober.secrets().text(&self.last.to_string());
        format!("{vendor} {kind} {id}: the vendor knows {wanted}; the receiver: {saw}")
    }
}
