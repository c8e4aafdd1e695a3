//! The traffic of a vendor that has none of its own: people who do whatever the catalogue calls
//! legal, at random.
//!
//! It knows phrases, states and bounds, and nothing of any vendor. Everybody does something every
//! few minutes, until nothing is legal any more or it has been enough.

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

/// How long it is from one newcomer to the next, on average.
const NEWCOMER_EVERY: Duration = Duration::from_secs(90);
/// How long it is from one thing that is done to a subject to the next, on average.
const ACTS_EVERY: Duration = Duration::from_secs(4 * 60);
/// What was there from the start changes more rarely.
const GIVEN_ACTS_EVERY: Duration = Duration::from_secs(60 * 60);
/// So much is done to one subject.
const ACTS_AT_THE_MOST: u8 = 20;
/// So many subjects may be under way: more people go away again.
const UNDER_WAY_AT_THE_MOST: usize = 200;
/// So many subjects are remembered that an action may refer to.
const REMEMBERED: usize = 50;
/// A whole number is at most this much above the least one that is allowed.
const ABOVE_THE_LEAST: u64 = 5;
/// Lengths of time are around this one.
const LENGTH: Duration = Duration::from_secs(45 * 60);
/// What people say.
const TEXTS: [&str; 3] = ["quick and friendly", "as agreed on the phone", "thank you"];

/// Something that will happen.
#[derive(Clone, Copy, Debug)]
enum Next {
    /// People come to where nobody is yet.
    Opens,
    /// Somebody makes a subject.
    Newcomer,
    /// Something is done to a subject, for the so-manieth time.
    Acts(SubjectIndex, u8),
    /// Something is done to what was there from the start.
    ActsOnGiven(SubjectIndex),
}

/// People who do whatever is legal.
pub struct Walk {
    agenda: Agenda<Next>,
    chance: Chance,
    given: Vec<SubjectIndex>,
    /// The last subjects that were made.
    recent: VecDeque<SubjectIndex>,
    under_way: usize,
}

impl Walk {
    /// From this moment on.
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
                if self.under_way < UNDER_WAY_AT_THE_MOST {
                    self.make(scene);
                }
                self.put(NEWCOMER_EVERY, now, Next::Newcomer);
            }
            Next::Acts(subject, count) => {
                let possible = self.act(subject, scene);
                if possible && count < ACTS_AT_THE_MOST {
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

    /// Does one thing that is legal to a subject. Whether anything is.
    fn act(&mut self, subject: SubjectIndex, scene: &mut Scene<'_>) -> bool {
        let legal = scene.legal(subject);
        if legal.is_empty() {
            return false;
        }
        let action = *self.chance.pick(&legal);
        if let Some(call) = self.call(action, Some(subject), scene)
            // What is legal by its state may be refused all the same: there is no room.
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

    /// A subject is new.
    fn meet(&mut self, subject: SubjectIndex, now: Timestamp) {
        self.under_way += 1;
        self.put(ACTS_EVERY, now, Next::Acts(subject, 1));
        if self.recent.len() == REMEMBERED {
            self.recent.pop_front();
        }
        self.recent.push_back(subject);
    }

    /// The action with values for what one of its phrases mentions; none if it needs a subject
    /// that nobody has.
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
                let room = most.abs_diff(least).min(ABOVE_THE_LEAST);
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
