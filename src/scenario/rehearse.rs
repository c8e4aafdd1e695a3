//! Plays a story in the simulation alone before anything is sent, so that what cannot be done, and
//! faults that would strike nothing, are found while they can still be mended.
//!
//! The vendor does not depend on what the receiver answers, so what is legal here is legal then.

use jiff::Timestamp;

use super::words::{Again, Doing};
use crate::chance::Chance;
use crate::clock::after;
use crate::model::fault::{Amount, BodyDamage};
use crate::model::settings::names;
use crate::model::{Catalogue, Effect, Fault, Profile, Settings, Subject, Webhook};
use crate::policy::fault;
use crate::sim::{AccountIndex, NotDone, Opening, Simulation};
use crate::vendors::Vendor;

/// A story that is being rehearsed.
pub struct Rehearsal {
    sim: Simulation,
    account: AccountIndex,
    faults: Vec<Armed>,
    caused: Vec<(Webhook, Option<String>)>,
    holding: bool,
}

/// A fault, where it was set up, and whether it has struck.
struct Armed {
    step: usize,
    fault: Fault,
    struck: bool,
    spent: bool,
    /// It damages bodies, and every body that it struck stayed as it was.
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
        name: &str,
        profile: &'static Profile,
        settings: Settings,
        chance: Chance,
        start: Timestamp,
    ) -> Self {
        let mut sim = Simulation::new(chance, start);
        let account = sim.open(vendor, Opening { name: name.to_owned(), profile, settings });
        Self { sim, account, faults: Vec::new(), caused: Vec::new(), holding: false }
    }

    /// The catalogue of its vendor.
    pub fn catalogue(&self) -> &'static Catalogue {
        self.sim.catalogue(self.account)
    }

    /// The webhooks caused so far, with the names of their subjects.
    pub fn caused(&self) -> &[(Webhook, Option<String>)] {
        &self.caused
    }

    /// Whether deliveries are held back.
    pub fn is_holding(&self) -> bool {
        self.holding
    }

    /// The kind of the subject of this name, if it has that kind (or any, if none is asked for).
    pub fn find(&self, name: &str, kind: Option<&str>) -> Option<&'static str> {
        let kinds = self.catalogue().subjects.iter().map(|subject| subject.kind);
        kinds
            .filter(|one| kind.is_none_or(|kind| kind == *one))
            .find(|one| self.sim.named(self.account, one, name).is_some())
    }

    /// The subject of this name.
    pub fn subject(&self, name: &str, kind: &str) -> Option<Subject> {
        let index = self.sim.named(self.account, kind, name)?;
        Some(self.sim.subject(self.account, index))
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
            Doing::Hold => self.holding = true,
            Doing::Release(_) if !self.holding => {
                return Err(Mistake::here("nothing is held back here")
                    .help("say `deliveries are held back` first"));
            }
            Doing::Release(_) => self.holding = false,
            Doing::Again(which, name) => self.must_have_caused(which, name)?,
            Doing::Retries(..) => {}
        }
        for webhook in webhooks {
            let name = self.sim.name_of(self.account, &webhook.subject).map(str::to_owned);
            self.strike(&webhook, name.as_deref());
            self.caused.push((webhook, name));
        }
        Ok(())
    }

    fn arm(&mut self, step: usize, fault: &Fault) -> Result<(), Mistake> {
        let needs_name = matches!(fault.effect, Effect::Body(BodyDamage::Trigger(_)));
        if needs_name && self.catalogue().trigger_pointer.is_none() {
            let title =
                format!("the bodies of {} do not name their trigger", self.catalogue().title);
            return Err(Mistake::here(title));
        }
        let idle = matches!(fault.effect, Effect::Body(_));
        self.faults.push(Armed { step, fault: fault.clone(), struck: false, spent: false, idle });
        Ok(())
    }

    fn strike(&mut self, webhook: &Webhook, name: Option<&str>) {
        let pointer = self.catalogue().trigger_pointer;
        for armed in &mut self.faults {
            if armed.spent || !fault::matches(&armed.fault.which, webhook, name) {
                continue;
            }
            armed.struck = true;
            armed.spent = armed.fault.which.amount == Amount::Next;
            if let Effect::Body(damage) = &armed.fault.effect {
                armed.idle &= fault::damage(&webhook.body, damage, pointer) == webhook.body;
            }
        }
    }

    fn must_have_caused(&self, which: &Again, name: &str) -> Result<(), Mistake> {
        if self.find(name, None).is_none() {
            return Err(Mistake::here(format!("nobody here is called {name}"))
                .help("a name is bound by the action that makes its subject"));
        }
        let mut caused = self.caused.iter().filter(|(_, named)| named.as_deref() == Some(name));
        let found = match which {
            Again::Trigger(trigger) => caused.any(|(webhook, _)| webhook.trigger == trigger),
            _ => caused.next().is_some(),
        };
        let what = match which {
            Again::Trigger(trigger) => trigger.as_str(),
            _ => "webhook",
        };
        if found {
            Ok(())
        } else {
            Err(Mistake::here(format!("no {what} of {name} has been caused yet")))
        }
    }

    /// The first fault that has struck nothing by the end, with the step that set it up.
    pub fn idle_fault(&self) -> Option<(usize, Mistake)> {
        let by_chance = |armed: &Armed| matches!(armed.fault.which.amount, Amount::Share(_));
        self.faults.iter().filter(|armed| !by_chance(armed)).find_map(|armed| {
            let title = match (armed.struck, armed.idle) {
                (false, _) => "this fault strikes nothing: no webhook after it fits",
                (true, true) => {
                    "this fault changes nothing: the bodies that it strikes stay as they are"
                }
                (true, false) => return None,
            };
            Some((armed.step, Mistake::here(title).help(self.what_would_fit(armed))))
        })
    }

    fn what_would_fit(&self, armed: &Armed) -> String {
        if armed.struck {
            return "paths are dotted and begin at the root of the body, for example `data.position.status`".to_owned();
        }
        let caused = self.caused.iter().map(|(webhook, _)| webhook.trigger);
        let triggers: std::collections::BTreeSet<&str> = caused.collect();
        let known = self.caused.iter().filter_map(|(_, name)| name.as_deref());
        let known: std::collections::BTreeSet<&str> = known.collect();
        format!(
            "the story causes {}, about {}; a fault comes before what it strikes",
            names(triggers),
            names(known)
        )
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
