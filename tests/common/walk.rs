//! A random legal walk over any vendor's catalogue.
//!
//! At each step some time passes, with everything that happens by itself in it. Then the walk does
//! one action that the catalogue calls legal: it creates a subject, or acts on an existing one,
//! including those that exist from the start. The walk knows phrases, states and bounds, but no vendor.

use std::fmt;
use std::ops::Range;
use std::time::Duration;

use jiff::Timestamp;
use standin::chance::Chance;
use standin::clock::after;
use standin::model::{
    Action, Argument, ArgumentKind, Call, Catalogue, Profile, Settings, SubjectIndex, Value,
    Webhook,
};
use standin::sim::{AccountIndex, Simulation};
use standin::vendors::{Refusal, Touched, Vendor};

/// The share of steps that create a subject.
const MAKES: f64 = 0.22;
/// How often a drawn action is taken if it ends a subject's story. Otherwise long stories would be
/// too rare.
const ENDS: f64 = 0.3;
/// The walk acts on the newest subjects, so that their stories progress.
const RECENT: usize = 14;
/// The share of steps that act on any subject at all.
const OLD: f64 = 0.15;
/// How often a step searches for a subject with a legal action.
const MOST_SEARCHES: usize = 8;

/// A walk.
pub struct Walk {
    /// The simulation that is walked over.
    pub sim: Simulation,
    /// The account in it.
    pub account: AccountIndex,
    /// Every subject that existed from the start or that an action created.
    pub subjects: Vec<SubjectIndex>,
    /// Everything caused so far.
    pub webhooks: Vec<Webhook>,
    chance: Chance,
}

/// One step and its result.
pub struct Step {
    /// When.
    pub at: Timestamp,
    /// The action.
    pub action: &'static Action,
    /// The same with its values.
    pub call: Call,
    /// The state of its subject before. `None` if the action creates it.
    pub from: Option<&'static str>,
    /// The subjects that were created or changed, or the refusal.
    pub outcome: Result<Touched, Refusal>,
    /// Which of the walk's webhooks the action caused, without those of time.
    pub caused: Range<usize>,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, action, call, from, outcome, caused } = self;
        let from = from.unwrap_or("nothing");
        write!(f, "{at} `{}` {:?} from {from}: ", action.call, call.values)?;
        match outcome {
            Ok(Touched { subject, made }) => {
                write!(f, "subject {subject}, beside it {made:?}, webhooks {caused:?}")
            }
            Err(refusal) => write!(f, "refused, {refusal}"),
        }
    }
}

impl Walk {
    /// A walk over a new account.
    pub fn new(
        vendor: &'static dyn Vendor,
        profile: &'static Profile,
        settings: Settings,
        seed: u64,
    ) -> Self {
        let (sim, account) = super::open(vendor, profile, settings, seed);
        let chance = Chance::from_seed(seed).child("walk");
        let subjects = sim.given(account).into_iter().map(|(_, _, subject)| subject).collect();
        Self { sim, account, subjects, webhooks: Vec::new(), chance }
    }

    /// Goes this many steps.
    pub fn go(&mut self, steps: usize) -> Vec<Step> {
        (0..steps).map(|_| self.step()).collect()
    }

    /// Lets some time pass and then does one action.
    ///
    /// # Panics
    /// If an action is refused and yet changes its subject or causes a webhook.
    pub fn step(&mut self) -> Step {
        self.pass_time();
        let call = self.choose();
        let subject = call.subject();
        let from = subject.map(|subject| self.sim.state(self.account, subject));
        let before = subject.map(|subject| self.sim.truth(self.account, subject));
        let first = self.webhooks.len();
        let outcome = self.sim.act(self.account, &call, &mut self.webhooks);
        match &outcome {
            Ok(touched) => {
                let acted_on = subject.is_none().then_some(touched.subject);
                self.subjects.extend(acted_on.iter().chain(&touched.made));
            }
            Err(refusal) => {
                let after = subject.map(|subject| self.sim.truth(self.account, subject));
                assert_eq!(before, after, "{}: {refusal}, and it changed", call.action.call);
                assert_eq!(first, self.webhooks.len(), "{}: {refusal}", call.action.call);
            }
        }
        let caused = first..self.webhooks.len();
        Step { at: self.sim.now(), action: call.action, call, from, outcome, caused }
    }

    /// From zero to most of a day, usually minutes.
    fn pass_time(&mut self) {
        let scale = *self.chance.pick(&[0, 0, 1, 30, 120, 300, 900, 3600]);
        let length = self.chance.exponential(Duration::from_secs(scale));
        let to = after(self.sim.now(), length);
        self.sim.advance(to, &mut self.webhooks);
    }

    fn choose(&mut self) -> Call {
        let catalogue = self.sim.catalogue(self.account);
        if !self.chance.happens(MAKES) {
            for _ in 0..MOST_SEARCHES {
                if let Some(call) = self.change(catalogue) {
                    return call;
                }
            }
        }
        let makers: Vec<&'static Action> = said(catalogue, |action| action.from.is_empty());
        for _ in 0..100 {
            let action = *self.chance.pick(&makers);
            if let Some(call) = self.call(action, None) {
                return call;
            }
        }
        panic!("{}: no action makes anything out of nothing", catalogue.vendor)
    }

    /// A legal action for one of the recent subjects, if there is one. Sometimes for any subject, such
    /// as one that existed from the start.
    fn change(&mut self, catalogue: &'static Catalogue) -> Option<Call> {
        let recent = self.subjects.len().saturating_sub(RECENT);
        let first = if self.chance.happens(OLD) { 0 } else { recent };
        let subject = self.any_of(first)?;
        let kind = self.sim.subject(self.account, subject).kind;
        let state = self.sim.state(self.account, subject);
        let legal = said(catalogue, |action| {
            action.subject_kind() == Some(kind) && action.from.contains(&state)
        });
        if legal.is_empty() {
            return None;
        }
        let leads_on = |action: &Action| {
            let on = |next: &Action| action.to.iter().any(|state| next.from.contains(state));
            !said(catalogue, on).is_empty()
        };
        let mut action = *self.chance.pick(&legal);
        if !leads_on(action) && !self.chance.happens(ENDS) {
            action = *self.chance.pick(&legal);
        }
        self.call(action, Some(subject))
    }

    fn any_of(&mut self, first: usize) -> Option<SubjectIndex> {
        let some = &self.subjects[first..];
        (!some.is_empty()).then(|| *self.chance.pick(some))
    }

    /// The action with values for the arguments of one of its phrases. `None` if it needs a subject
    /// of a kind and state that does not exist.
    fn call(&mut self, action: &'static Action, subject: Option<SubjectIndex>) -> Option<Call> {
        let phrase = *self.chance.pick(action.phrases);
        let values = action
            .arguments
            .iter()
            .map(|argument| match (mentions(phrase, argument), argument.kind) {
                (false, _) => Some(Value::Absent),
                (true, ArgumentKind::Subject(_)) => subject.map(Value::Subject),
                (true, ArgumentKind::Other(kind, states)) => {
                    self.any_other(kind, states).map(Value::Subject)
                }
                (true, kind) => Some(self.value(kind)),
            })
            .collect::<Option<Vec<_>>>()?;
        Some(Call { action, values })
    }

    fn any_other(&mut self, kind: &str, states: &[&str]) -> Option<SubjectIndex> {
        let some: Vec<SubjectIndex> = self
            .subjects
            .iter()
            .copied()
            .filter(|subject| self.sim.subject(self.account, *subject).kind == kind)
            .filter(|subject| states.contains(&self.sim.state(self.account, *subject)))
            .collect();
        (!some.is_empty()).then(|| *self.chance.pick(&some))
    }

    fn value(&mut self, kind: ArgumentKind) -> Value {
        const NAMES: &[&str] = &["Anna", "Åsa", "محمد", "Kim van der Berg", "O'Neill \"Bo\" \\"];
        const TEXTS: &[&str] = &["", "quick and friendly", "سريع", "two\nlines \"and quotes\" 🎈"];
        match kind {
            ArgumentKind::New(_) => Value::New((*self.chance.pick(NAMES)).to_owned()),
            ArgumentKind::Text => Value::Text((*self.chance.pick(TEXTS)).to_owned()),
            ArgumentKind::Integer(least, most) => {
                let above = self.chance.between(0, (most - least).unsigned_abs());
                Value::Integer(least + above as i64)
            }
            ArgumentKind::Duration => {
                let scale = *self.chance.pick(&[0, 60, 600, 1800, 7200, 100_000]);
                Value::Duration(self.chance.exponential(Duration::from_secs(scale)))
            }
            ArgumentKind::Subject(kind) | ArgumentKind::Other(kind, _) => {
                panic!("a {kind} is chosen, not made up")
            }
        }
    }
}

/// The actions that people do and for which this holds.
fn said(catalogue: &'static Catalogue, holds: impl Fn(&Action) -> bool) -> Vec<&'static Action> {
    catalogue.actions.iter().filter(|action| !action.phrases.is_empty() && holds(action)).collect()
}

fn mentions(phrase: &str, argument: &Argument) -> bool {
    phrase.contains(&format!("{{{}}}", argument.name))
}
