//! Whether a receiver has applied a webhook twice that it got more than once.
//!
//! A probe may count effects. How many effects a webhook has, only the receiver knows. So a subject with
//! a webhook that was sent again is compared with the subjects of the sample that got webhooks of the
//! same types once each. If these all count the same, a higher count is too much. Where there are none,
//! or they differ, it cannot be known.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures::stream::{self, StreamExt as _};

use super::believed::AT_ONCE;
use crate::clock::Stopwatch;
use crate::model::TriggerId;
use crate::probe::{Probe, ProbeReading, Prober};

/// What was sent about a subject.
#[derive(Clone, Copy, Debug, Default)]
pub struct History {
    /// Stands for the types of its webhooks and how many there are of each.
    types: u64,
    /// Whether one was sent again.
    repeated: Repeated,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Repeated {
    #[default]
    No,
    Yes,
}

impl History {
    /// One more webhook.
    pub fn add(&mut self, trigger: TriggerId) {
        // SplitMix64: sums of its values are the same only if what is added is.
        let mut one = (trigger.place() as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        one = (one ^ (one >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        one = (one ^ (one >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        self.types = self.types.wrapping_add(one ^ (one >> 31));
    }

    /// One was sent again.
    pub fn repeat(&mut self) {
        self.repeated = Repeated::Yes;
    }
}

/// A subject whose effects are counted.
pub struct Counted<'a> {
    group: (&'static str, &'static str, u64),
    repeated: Repeated,
    id: String,
    probe: &'a Probe,
    count: Option<i64>,
}

/// What became of webhooks that were sent more than once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Twice {
    /// Subjects of which it can be known.
    pub judged: u64,
    /// Those of them that count too many effects.
    pub twice: u64,
    /// Subjects of which it cannot be known.
    pub unknown: u64,
}

impl<'a> Counted<'a> {
    /// A subject, if its probe counts effects.
    pub fn of(
        (vendor, kind): (&'static str, &'static str),
        id: &str,
        history: History,
        probe: &'a Probe,
    ) -> Option<Self> {
        probe.effects.as_ref().map(|_| Self {
            group: (vendor, kind, history.types),
            repeated: history.repeated,
            id: id.to_owned(),
            probe,
            count: None,
        })
    }
}

/// Judges what was sent more than once. It reads the counts until they stay the same. None if nothing was
/// sent more than once, or no probe counts.
pub async fn judge(
    mut counted: Vec<Counted<'_>>,
    prober: &Prober,
    (patience, quiet): (Duration, Duration),
) -> Option<Twice> {
    let repeated = counted.iter().filter(|one| one.repeated == Repeated::Yes);
    let groups: BTreeSet<_> = repeated.map(|one| one.group).collect();
    counted.retain(|one| groups.contains(&one.group));
    if counted.is_empty() {
        return None;
    }
    let watch = Stopwatch::start();
    let mut rounds = tokio::time::interval(quiet.max(Duration::from_millis(10)));
    loop {
        rounds.tick().await;
        let before: Vec<_> = counted.iter().map(|one| one.count).collect();
        let read = stream::iter(counted).map(|mut one| async {
            one.count = match prober.look(one.probe, &one.id).await {
                ProbeReading::Known { effects, .. } => effects,
                _ => None,
            };
            one
        });
        counted = read.buffered(AT_ONCE).collect().await;
        let same = counted.iter().map(|one| one.count).eq(before);
        if same || watch.elapsed() >= patience + quiet {
            break;
        }
    }
    Some(verdict(&counted))
}

fn verdict(counted: &[Counted<'_>]) -> Twice {
    let mut once: BTreeMap<_, BTreeSet<Option<i64>>> = BTreeMap::new();
    for one in counted.iter().filter(|one| one.repeated == Repeated::No) {
        once.entry(one.group).or_default().insert(one.count);
    }
    let mut found = Twice::default();
    for one in counted.iter().filter(|one| one.repeated == Repeated::Yes) {
        let usual = once.get(&one.group).filter(|counts| counts.len() == 1);
        let usual = usual.and_then(|counts| counts.first().copied().flatten());
        match one.count.zip(usual) {
            Some((count, usual)) => {
                found.judged += 1;
                found.twice += u64::from(count > usual);
            }
            None => found.unknown += 1,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::AbsenceRule;

    fn probe() -> Probe {
        Probe {
            url: String::new(),
            headers: BTreeMap::new(),
            fields: BTreeMap::new(),
            effects: None,
            gone: None,
            absent: AbsenceRule::default(),
            comparisons: BTreeMap::new(),
        }
    }

    /// The verdict on subjects with these types of webhooks and counts.
    fn of(subjects: &[(u64, Repeated, Option<i64>)]) -> (u64, u64, u64) {
        let probe = probe();
        let counted = subjects.iter().map(|(types, repeated, count)| Counted {
            group: ("v", "k", *types),
            repeated: *repeated,
            id: String::new(),
            probe: &probe,
            count: *count,
        });
        let Twice { judged, twice, unknown } = verdict(&counted.collect::<Vec<_>>());
        (judged, twice, unknown)
    }

    #[test]
    fn more_effects_than_others_with_the_same_webhooks_are_too_many() {
        use Repeated::{No, Yes};
        let twice = [(1, No, Some(2)), (1, No, Some(2)), (1, Yes, Some(3)), (1, Yes, Some(2))];
        assert_eq!(of(&twice), (2, 1, 0));
        assert_eq!(of(&[(1, No, Some(2)), (2, Yes, Some(3))]), (0, 0, 1), "no other is like it");
        let differ = [(1, No, Some(2)), (1, No, Some(3)), (1, Yes, Some(4))];
        assert_eq!(of(&differ), (0, 0, 1), "the others differ");
        assert_eq!(of(&[(1, No, None), (1, Yes, Some(4))]), (0, 0, 1), "another has no count");
    }

    #[test]
    fn a_history_is_what_was_sent_and_not_in_which_order() {
        let types = |places: &[usize]| {
            let mut history = History::default();
            places.iter().for_each(|place| history.add(TriggerId::at(*place)));
            history.types
        };
        assert_eq!(types(&[0, 1, 2]), types(&[2, 0, 1]));
        assert_ne!(types(&[0, 0]), types(&[0]));
        assert_ne!(types(&[0, 2]), types(&[1, 1]));
    }
}
