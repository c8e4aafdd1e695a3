//! Plays a story in the simulation alone before anything is sent, so that what cannot be done, and
//! faults that would strike nothing, are found while they can still be mended.
//!
//! The vendor does not depend on what the receiver answers, so what is legal here is legal then.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::words::{Again, Doing};
use crate::chance::Chance;
use crate::clock::after;
use crate::model::fault::{Amount, BodyDamage};
use crate::model::settings::names;
use crate::model::{Catalogue, Effect, Fault, Webhook};
use crate::policy::fault;
use crate::sim::{AccountIndex, NotDone, Opening, Simulation};
use crate::vendors::Vendor;

/// A story that is being rehearsed.
pub struct Rehearsal {
    sim: Simulation,
    account: AccountIndex,
    delivered: Delivered,
    faults: Vec<Armed>,
    caused: Vec<Caused>,
    /// The step since which deliveries are held back, if they are.
    holding: Option<usize>,
}

/// What is known beforehand of how the webhooks will be delivered.
#[derive(Clone, Debug)]
pub struct Delivered {
    /// How many attempts each gets at the most.
    pub attempts: u32,
    /// The triggers that have a URL; nothing else is sent.
    pub triggers: BTreeSet<String>,
}

/// A webhook that the story causes.
pub struct Caused {
    /// The webhook.
    pub webhook: Webhook,
    /// It has a URL.
    pub sent: bool,
    /// A fault keeps it from ever arriving.
    pub lost: bool,
}

/// A fault, where it was set up, and whether it has struck.
struct Armed {
    step: usize,
    fault: Fault,
    struck: bool,
    spent: bool,
    /// Whatever it struck stayed as it was so far.
    idle: bool,
}

/// What cannot be done, and what could.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What is wrong, in one sentence without a full stop.
    pub title: String,
    /// A few words for the place itself.
    pub label: &'static str,
    /// What would be right.
    pub help: Vec<String>,
}

impl Mistake {
    /// A mistake at this place.
    pub fn here(title: impl Into<String>) -> Self {
        Self { title: title.into(), label: "here", help: Vec::new() }
    }

    /// With a word on what would be right.
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: self.help.into_iter().chain([help.into()]).collect(), ..self }
    }
}

impl Rehearsal {
    /// An account that nobody will ever hear of.
    pub fn new(
        vendor: &'static dyn Vendor,
        opening: Opening,
        delivered: Delivered,
        chance: Chance,
        start: Timestamp,
    ) -> Self {
        let mut sim = Simulation::new(chance, start);
        let account = sim.open(vendor, opening);
        Self { sim, account, delivered, faults: Vec::new(), caused: Vec::new(), holding: None }
    }

    /// The catalogue of its vendor.
    pub fn catalogue(&self) -> &'static Catalogue {
        self.sim.catalogue(self.account)
    }

    /// The webhooks caused so far.
    pub fn caused(&self) -> &[Caused] {
        &self.caused
    }

    /// Whether deliveries are held back.
    pub fn is_holding(&self) -> bool {
        self.holding.is_some()
    }

    /// The kind of the subject of this name, if it has that kind (or any, if none is asked for).
    pub fn find(&self, name: &str, kind: Option<&str>) -> Option<&'static str> {
        let kinds = self.catalogue().subjects.iter().map(|subject| subject.kind);
        kinds
            .filter(|one| kind.is_none_or(|kind| kind == *one))
            .find(|one| self.sim.named(self.account, one, name).is_some())
    }

    /// Does what is said in this step.
    ///
    /// # Errors
    /// If it cannot be done here.
    pub fn perform(&mut self, step: usize, doing: &Doing) -> Result<(), Mistake> {
        let mut webhooks = Vec::new();
        match doing {
            Doing::Action(spoken) => {
                self.sim
                    .say(self.account, spoken, &mut webhooks)
                    .map_err(|refused| not_done(&refused))?;
            }
            Doing::Pass(length) => self.sim.advance(after(self.sim.now(), *length), &mut webhooks),
            Doing::Fault(fault) => self.arm(step, fault)?,
            Doing::Hold => self.holding = self.holding.or(Some(step)),
            Doing::Release(_) if self.holding.is_none() => {
                return Err(Mistake::here("nothing is held back here")
                    .help("say `deliveries are held back` first"));
            }
            Doing::Release(_) => self.holding = None,
            Doing::Again(which, name) => self.must_have_sent(which, name)?,
            Doing::Retries(times, _) => self.delivered.attempts = times + 1,
        }
        for webhook in webhooks {
            self.cause(webhook);
        }
        Ok(())
    }

    fn cause(&mut self, webhook: Webhook) {
        let sent = self.delivered.triggers.contains(webhook.trigger);
        let lost = sent && self.strike(&webhook);
        self.caused.push(Caused { webhook, sent, lost });
    }

    fn arm(&mut self, step: usize, fault: &Fault) -> Result<(), Mistake> {
        let needs_name = matches!(fault.effect, Effect::Body(BodyDamage::Trigger(_)));
        if needs_name && self.catalogue().trigger_pointer.is_none() {
            let title =
                format!("the bodies of {} do not name their trigger", self.catalogue().title);
            return Err(Mistake::here(title));
        }
        let idle = matches!(fault.effect, Effect::Body(_) | Effect::Overtaken(_));
        self.faults.push(Armed { step, fault: fault.clone(), struck: false, spent: false, idle });
        Ok(())
    }

    /// Lets the faults strike a webhook that is sent. True if it will never arrive.
    fn strike(&mut self, webhook: &Webhook) -> bool {
        let pointer = self.catalogue().trigger_pointer;
        let (attempts, held) = (self.delivered.attempts, self.holding.is_some());
        let mut lost = false;
        for armed in &mut self.faults {
            let which = &armed.fault.which;
            // What was to be overtaken is overtaken by this one.
            if armed.struck && matches!(armed.fault.effect, Effect::Overtaken(_)) && !held {
                armed.idle = false;
            }
            if armed.spent || !fault::matches(which, webhook, webhook.name.as_deref()) {
                continue;
            }
            armed.spent = which.amount == Amount::Next;
            armed.struck |= which.attempt.is_none_or(|attempt| attempt <= attempts);
            match &armed.fault.effect {
                Effect::Body(damage) => {
                    armed.idle &= fault::damage(&webhook.body, damage, pointer) == webhook.body;
                }
                Effect::Lost => {
                    let always = !matches!(which.amount, Amount::Share(_));
                    lost |= always && which.attempt.is_none();
                }
                _ => {}
            }
        }
        lost
    }

    fn must_have_sent(&self, which: &Again, name: &str) -> Result<(), Mistake> {
        if self.find(name, None).is_none() {
            return Err(Mistake::here(format!("nobody here is called {name}"))
                .help("a name is bound by the action that makes its subject"));
        }
        let mut sent = self.caused.iter().filter(|one| one.sent).map(|one| &one.webhook);
        let of = |webhook: &&Webhook| webhook.name.as_deref() == Some(name);
        let (found, what) = match which {
            Again::Trigger(trigger) => {
                (sent.any(|one| of(&one) && one.trigger == trigger), trigger.as_str())
            }
            _ => (sent.any(|one| of(&one)), "webhook"),
        };
        if found {
            return Ok(());
        }
        Err(Mistake::here(format!("no {what} of {name} has been caused yet"))
            .help("it must have been caused before, and have a URL in standin.yaml"))
    }

    /// What the story leaves undone: a fault that has struck nothing, or webhooks that are held
    /// back for ever. With the step that began it.
    pub fn left_over(&self) -> Option<(usize, Mistake)> {
        if let Some(step) = self.holding {
            let mistake = Mistake::here("what is held back here is never released");
            return Some((step, mistake.help("say `the held webhooks are delivered in order`")));
        }
        let by_chance = |armed: &Armed| matches!(armed.fault.which.amount, Amount::Share(_));
        self.faults.iter().filter(|armed| !by_chance(armed)).find_map(|armed| {
            let title = match (&armed.fault.effect, armed.struck, armed.idle) {
                (_, false, _) => "this fault strikes nothing: no webhook after it fits",
                (Effect::Overtaken(_), true, true) => {
                    "this fault changes nothing: no webhook comes that could overtake"
                }
                (_, true, true) => {
                    "this fault changes nothing: the bodies that it strikes stay as they are"
                }
                (_, true, false) => return None,
            };
            Some((armed.step, Mistake::here(title).help(self.what_would_fit(armed))))
        })
    }

    fn what_would_fit(&self, armed: &Armed) -> String {
        let sent = || self.caused.iter().filter(|one| one.sent).map(|one| &one.webhook);
        match armed.fault.which.attempt {
            _ if armed.struck => "paths are dotted and begin at the root of the body, for example \
                                  `data.position.status`; what overtakes must come after"
                .to_owned(),
            Some(attempt) if attempt > self.delivered.attempts => {
                let attempts = self.delivered.attempts;
                format!(
                    "each webhook gets {attempts} attempt(s): say `deliveries are retried …` before"
                )
            }
            _ => {
                let triggers: BTreeSet<&str> = sent().map(|webhook| webhook.trigger).collect();
                let known: BTreeSet<&str> =
                    sent().filter_map(|webhook| webhook.name.as_deref()).collect();
                format!(
                    "the story sends {}, about {}; a fault comes before what it strikes",
                    names(triggers),
                    names(known)
                )
            }
        }
    }
}

fn not_done(refused: &NotDone) -> Mistake {
    let mistake =
        Mistake { title: refused.to_string(), label: "not possible here", help: Vec::new() };
    match refused {
        NotDone::Refused(refusal) if refusal.legal.is_empty() => {
            mistake.help("nothing more can happen to it")
        }
        NotDone::Refused(refusal) => {
            mistake.help(format!("legal now: {}", refusal.legal.join(" · ")))
        }
        NotDone::Unbound(_) => mistake.help("a name is bound by the action that makes its subject"),
    }
}
