//! The traffic of a vendor that has none of its own: people who do anything legal, at random.
//!
//! It knows phrases, states and bounds, but no vendor. Something happens to each subject every few
//! minutes, until nothing is legal any more or the limit is reached.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;

use super::agenda::Agenda;
use super::outbox::Touched;
use super::scene::Scene;
use super::traffic::Traffic;
use crate::chance::Chance;
use crate::clock::after;
use crate::model::{Action, ArgumentKind, Call, SubjectIndex, Value};

/// The mean time between two newcomers.
const NEWCOMER_EVERY: Duration = Duration::from_secs(90);
/// The mean time between two actions on a subject.
const ACTS_EVERY: Duration = Duration::from_secs(4 * 60);
/// The mean time between two actions on a subject that exists from the start.
const GIVEN_ACTS_EVERY: Duration = Duration::from_secs(60 * 60);
/// The most actions on one subject.
const MOST_ACTS: u8 = 20;
/// The most subjects at the same time. While there are so many, nobody new comes.
const MOST_UNDER_WAY: usize = 200;
/// How many subjects are remembered for actions that refer to others.
const REMEMBERED: usize = 50;
/// The largest difference between a whole number and its lower bound.
const MOST_ABOVE_LEAST: u64 = 5;
/// Lengths of time are about this long.
const LENGTH: Duration = Duration::from_secs(45 * 60);
/// What people say.
const TEXTS: [&str; 3] = ["quick and friendly", "as agreed on the phone", "thank you"];

/// Something that will happen.
#[derive(Clone, Copy, Debug)]
enum Next {
    /// The first people come.
    Opens,
    /// Somebody creates a subject.
    Newcomer,
    /// Somebody acts on a subject; with the number of actions on it so far.
    Acts(SubjectIndex, u8),
    /// Somebody acts on a subject that exists from the start.
    ActsOnGiven(SubjectIndex),
}

/// People who do anything legal.
pub struct Walk {
    agenda: Agenda<Next>,
    chance: Chance,
    given: Vec<SubjectIndex>,
    /// The subjects that were created last.
    recent: VecDeque<SubjectIndex>,
    under_way: usize,
}

impl Walk {
    /// A walk from this moment on.
    pub fn new(chance: Chance, start: Timestamp) -> Self {
        let mut agenda = Agenda::default();
        agenda.put(start, Next::Opens);
        Self { agenda, chance, given: Vec::new(), recent: VecDeque::new(), under_way: 0 }
    }

    fn put(&mut self, mean: Duration, now: Timestamp, next: Next) {
        let wait = self.chance.exponential(mean);
        self.agenda.put(after(now, wait), next);
    }

    fn happen(&mut self, next: Next, scene: &mut Scene<'_>) {
        let now = scene.now();
        match next {
            Next::Opens => {
                self.given = scene.given();
                for subject in self.given.clone() {
                    self.put(GIVEN_ACTS_EVERY, now, Next::ActsOnGiven(subject));
                }
                self.put(NEWCOMER_EVERY, now, Next::Newcomer);
            }
            Next::Newcomer => {
                if self.under_way < MOST_UNDER_WAY {
                    self.make(scene);
                }
                self.put(NEWCOMER_EVERY, now, Next::Newcomer);
            }
            Next::Acts(subject, count) => {
                let possible = self.act(subject, scene);
                if possible && count < MOST_ACTS {
                    self.put(ACTS_EVERY, now, Next::Acts(subject, count + 1));
                } else {
                    self.under_way -= 1;
                }
            }
            Next::ActsOnGiven(subject) => {
                self.act(subject, scene);
                self.put(GIVEN_ACTS_EVERY, now, Next::ActsOnGiven(subject));
            }
        }
    }

    fn make(&mut self, scene: &mut Scene<'_>) {
        let makers: Vec<&'static Action> = scene.catalogue().makers().collect();
        if makers.is_empty() {
            return;
        }
        let action = *self.chance.pick(&makers);
        if let Some(call) = self.call(action, None, scene)
            && let Ok(touched) = scene.call(call)
        {
            self.meet(touched.subject, scene.now());
            self.meet_all(&touched, scene.now());
        }
    }

    /// Does one legal action to a subject. Returns whether there was one.
    fn act(&mut self, subject: SubjectIndex, scene: &mut Scene<'_>) -> bool {
        let legal = scene.legal(subject);
        if legal.is_empty() {
            return false;
        }
        let action = *self.chance.pick(&legal);
        if let Some(call) = self.call(action, Some(subject), scene)
            // The account may refuse a legal action, for want of room.
            && let Ok(touched) = scene.call(call)
        {
            self.meet_all(&touched, scene.now());
        }
        true
    }

    fn meet_all(&mut self, touched: &Touched, now: Timestamp) {
        for made in &touched.made {
            self.meet(*made, now);
        }
    }

    /// Remembers a new subject.
    fn meet(&mut self, subject: SubjectIndex, now: Timestamp) {
        self.under_way += 1;
        self.put(ACTS_EVERY, now, Next::Acts(subject, 1));
        if self.recent.len() == REMEMBERED {
            self.recent.pop_front();
        }
        self.recent.push_back(subject);
    }

    /// A call of the action, with values for the arguments of one of its phrases. `None` if it
    /// needs a subject that does not exist.
    fn call(
        &mut self,
        action: &'static Action,
        subject: Option<SubjectIndex>,
        scene: &Scene<'_>,
    ) -> Option<Call> {
        let phrase = *self.chance.pick(action.phrases);
        let values = action
            .arguments
            .iter()
            .map(|argument| match argument.kind {
                ArgumentKind::Subject(_) => subject.map(Value::Subject),
                _ if !argument.is_in(phrase) => Some(Value::Absent),
                ArgumentKind::Other(kind, states) => {
                    self.any_other(kind, states, scene).map(Value::Subject)
                }
                kind => Some(self.value(kind)),
            })
            .collect::<Option<_>>()?;
        Some(Call { action, values })
    }

    fn any_other(
        &mut self,
        kind: &str,
        states: &[&str],
        scene: &Scene<'_>,
    ) -> Option<SubjectIndex> {
        let known = self.given.iter().chain(&self.recent).copied();
        let fits = |one: &SubjectIndex| scene.fits(*one, kind, states);
        let fitting: Vec<SubjectIndex> = known.filter(fits).collect();
        (!fitting.is_empty()).then(|| *self.chance.pick(&fitting))
    }

    fn value(&mut self, kind: ArgumentKind) -> Value {
        match kind {
            ArgumentKind::Text => Value::Text((*self.chance.pick(&TEXTS)).to_owned()),
            ArgumentKind::Integer(least, most) => {
                let room = most.abs_diff(least).min(MOST_ABOVE_LEAST);
                Value::Integer(least.saturating_add_unsigned(self.chance.between(0, room)))
            }
            ArgumentKind::Duration => Value::Duration(self.chance.skewed(LENGTH, 0.7)),
            // The account invents a name.
            ArgumentKind::New(_) | ArgumentKind::Subject(_) | ArgumentKind::Other(..) => {
                Value::Absent
            }
        }
    }
}

impl Traffic for Walk {
    fn next(&self) -> Option<Timestamp> {
        self.agenda.next()
    }

    fn act(&mut self, scene: &mut Scene<'_>) {
        if let Some((_, next)) = self.agenda.pop() {
            self.happen(next, scene);
        }
    }
}
