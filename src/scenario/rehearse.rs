//! Plays a story in the simulation before anything is sent. It finds steps that are not possible and
//! faults that would affect nothing.
//!
//! Nothing at the vendor depends on the receiver's answers. So what is legal here is legal in the run.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::words::{Instruction, WhichWebhook};
use crate::chance::Chance;
use crate::clock::after;
use crate::model::fault::{Amount, BodyDamage};
use crate::model::policy::SignedPart;
use crate::model::{
    Accepted, Authentication, Catalogue, Effect, Fault, Outcome, Policy, RequestKind, Webhook,
};
use crate::policy::fault::{self, Strike};
use crate::policy::judge::judge;
use crate::policy::transit::Transit;
use crate::policy::{damage, sign};
use crate::sim::{AccountIndex, NotDone, Opening, Simulation};
use crate::text::names;
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
    /// The most attempts that a webhook gets.
    pub attempts: u32,
    /// The triggers that have a URL; nothing else is sent.
    pub triggers: BTreeSet<String>,
    /// What the vendor signs of a request; nothing if it signs nothing.
    pub signed: Vec<SignedPart>,
    /// Whether the vendor asks for tokens.
    pub tokens: bool,
    /// Which answers count as accepted.
    pub accepted: Accepted,
}

impl Delivered {
    /// What a policy says, for these triggers.
    pub fn under<'a>(policy: &Policy, triggers: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            attempts: policy.retries.attempts(),
            triggers: triggers.into_iter().map(str::to_owned).collect(),
            signed: sign::signed_parts(&policy.authentication).to_vec(),
            tokens: matches!(policy.authentication, Authentication::Token(_)),
            accepted: policy.accepted,
        }
    }
}

/// A webhook that the story causes.
pub struct Caused {
    /// The webhook.
    pub webhook: Webhook,
    /// It has a URL.
    pub sent: bool,
    /// A fault keeps it from ever being sent.
    pub lost: bool,
    /// Faults keep each of its attempts from arriving.
    pub stopped: bool,
}

impl Caused {
    /// Whether the receiver gets to see it.
    pub fn arrives(&self) -> bool {
        !self.lost && !self.stopped
    }
}

/// A fault, where it was set up, and whether it has struck.
struct Armed {
    step: usize,
    fault: Fault,
    struck: bool,
    spent: bool,
    /// It has changed nothing so far.
    idle: bool,
}

/// A mistake in a step, and what would be right.
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

    /// Adds what would be right.
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: self.help.into_iter().chain([help.into()]).collect(), ..self }
    }
}

impl Rehearsal {
    /// A story about an account that exists only here.
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

    /// What the vendor knows of the subject of this name and kind.
    pub fn truth(&self, name: &str, kind: &str) -> Option<serde_json::Value> {
        let subject = self.sim.named(self.account, kind, name)?;
        Some(self.sim.truth(self.account, subject))
    }

    /// How many attempts each webhook gets at the most.
    pub fn attempts(&self) -> u32 {
        self.delivered.attempts
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

    /// Does what this step says.
    ///
    /// # Errors
    /// If it cannot be done here.
    pub fn perform(&mut self, step: usize, instruction: &Instruction) -> Result<(), Mistake> {
        let mut webhooks = Vec::new();
        match instruction {
            Instruction::Action(spoken) => {
                self.sim
                    .say(self.account, spoken, &mut webhooks)
                    .map_err(|refused| not_done(&refused))?;
            }
            Instruction::Pass(length) => {
                self.sim.advance(after(self.sim.now(), *length), &mut webhooks)
            }
            Instruction::Fault(fault) => self.arm(step, fault)?,
            Instruction::Hold => self.holding = self.holding.or(Some(step)),
            Instruction::Release(_) if self.holding.is_none() => {
                return Err(Mistake::here("nothing is held back here")
                    .help("say `deliveries are held back` first"));
            }
            Instruction::Release(_) => self.holding = None,
            Instruction::SendAgain(which, name) => self.must_have_sent(which, name)?,
            Instruction::Retries(times, _) => self.delivered.attempts = times + 1,
            Instruction::FaultsOver => self.disarm()?,
            // Whether it was deactivated depends on the receiver's answers.
            Instruction::Reactivate => {}
            Instruction::TokenUse(_) => self.must_ask_for_tokens()?,
            Instruction::DeadLetters(name) => self.send_dead_letters(name.as_deref())?,
        }
        for webhook in webhooks {
            self.cause(webhook);
        }
        Ok(())
    }

    /// A step about tokens needs a vendor that asks for tokens.
    ///
    /// # Errors
    /// If this one does not.
    pub fn must_ask_for_tokens(&self) -> Result<(), Mistake> {
        if self.delivered.tokens {
            return Ok(());
        }
        Err(Mistake::here(format!("{} asks for no tokens", self.catalogue().title)))
    }

    /// Which webhooks are dead letters depends on the receiver's answers. But one must have been caused.
    fn send_dead_letters(&mut self, name: Option<&str>) -> Result<(), Mistake> {
        let of = |webhook: &Webhook| name.is_none_or(|name| webhook.name.as_deref() == Some(name));
        let meant = self.caused.iter_mut().filter(|one| one.sent && of(&one.webhook));
        let count = meant.map(|one| one.stopped = false).count();
        if self.holding.is_some() {
            return Err(Mistake::here("deliveries are held back here, so none of them has failed")
                .help("release them first: `the held webhooks are delivered in order`"));
        }
        if count > 0 {
            return Ok(());
        }
        let of = name.map_or(String::new(), |name| format!(" of {name}"));
        Err(Mistake::here(format!("no webhook{of} has been caused yet"))
            .help("it must have been caused before, and have a URL in standin.yaml"))
    }

    fn cause(&mut self, webhook: Webhook) {
        let sent = self.delivered.triggers.contains(webhook.trigger);
        let (lost, stopped) = if sent { self.strike(&webhook) } else { (false, false) };
        self.caused.push(Caused { webhook, sent, lost, stopped });
    }

    fn arm(&mut self, step: usize, fault: &Fault) -> Result<(), Mistake> {
        let needs_name = matches!(fault.effect, Effect::Body(BodyDamage::Trigger(_)));
        if needs_name && self.catalogue().trigger_pointer.is_none() {
            let title =
                format!("the bodies of {} do not name their trigger", self.catalogue().title);
            return Err(Mistake::here(title));
        }
        self.must_sign(fault)?;
        self.must_fail(fault)?;
        if fault::needs_tokens(fault) {
            self.must_ask_for_tokens()?;
        }
        let idle = matches!(
            fault.effect,
            Effect::Body(_) | Effect::AfterSigning(_) | Effect::Overtaken(_)
        );
        self.faults.push(Armed { step, fault: fault.clone(), struck: false, spent: false, idle });
        Ok(())
    }

    /// A fault of a signature needs a vendor that signs, and signs what the fault changes.
    fn must_sign(&self, fault: &Fault) -> Result<(), Mistake> {
        let Some(parts) = fault::must_sign(&fault.effect) else { return Ok(()) };
        let (title, signed) = (self.catalogue().title, &self.delivered.signed);
        if signed.is_empty() {
            return Err(Mistake::here(format!("{title} signs nothing")));
        }
        match parts.iter().find(|part| !signed.contains(part)) {
            None => Ok(()),
            Some(SignedPart::Url) => Err(Mistake::here(format!("{title} does not sign the URL"))),
            Some(SignedPart::Body) => Err(Mistake::here(format!("{title} does not sign the body"))),
        }
    }

    /// An answer of a gateway must count as a failure for this vendor.
    fn must_fail(&self, fault: &Fault) -> Result<(), Mistake> {
        let (Effect::Gateway { status, .. } | Effect::AnswerReplaced(status)) = fault.effect else {
            return Ok(());
        };
        if judge(self.delivered.accepted, status) != Outcome::Accepted {
            return Ok(());
        }
        let title = format!("{} takes {status} for a success", self.catalogue().title);
        Err(Mistake::here(title).help("what a gateway accepted would never be sent again"))
    }

    /// Lets no fault strike any more that was set up so far.
    fn disarm(&mut self) -> Result<(), Mistake> {
        if self.faults.is_empty() {
            return Err(Mistake::here("no fault was set up before this")
                .help("leave it out, or set up a fault first"));
        }
        if self.holding.is_some() {
            return Err(Mistake::here(
                "deliveries are held back here, and no fault struck them yet",
            )
            .help("release them first: `the held webhooks are delivered in order`"));
        }
        self.faults.iter_mut().for_each(|armed| armed.spent = true);
        // A further attempt gets through now, if there is one.
        if self.delivered.attempts > 1 {
            self.caused.iter_mut().for_each(|one| one.stopped = false);
        }
        Ok(())
    }

    /// Lets the faults strike a webhook. Gives back whether it is never sent, and whether each of its
    /// attempts is stopped on its way.
    fn strike(&mut self, webhook: &Webhook) -> (bool, bool) {
        let pointer = self.catalogue().trigger_pointer;
        let (attempts, held) = (self.delivered.attempts, self.holding.is_some());
        let mut certain = Vec::new();
        for armed in &mut self.faults {
            let which = &armed.fault.which;
            // What was to be overtaken is overtaken by this one.
            if armed.struck && matches!(armed.fault.effect, Effect::Overtaken(_)) && !held {
                armed.idle = false;
            }
            // What strikes by chance strikes in the rehearsal.
            let strike = fault::strike(which, webhook, |_| true);
            if armed.spent || strike == Strike::Misses {
                continue;
            }
            armed.spent = strike == Strike::StrikesLast;
            armed.struck |= which.attempt.is_none_or(|attempt| attempt <= attempts);
            if let Effect::Body(what) | Effect::AfterSigning(what) = &armed.fault.effect {
                armed.idle &= damage::damage(&webhook.body, what, pointer) == webhook.body;
            }
            if matches!(which.amount, Amount::Share(_)) || which.attempt.is_some() {
                continue;
            }
            certain.push(armed.fault.clone());
        }
        // The run lets all of them strike together, and so does this.
        let of = |kind| Transit::under(certain.iter().filter(move |one| one.which.request == kind));
        let (webhook, token) = (of(RequestKind::Webhook), of(RequestKind::Token));
        (webhook.is_lost(), !webhook.arrives() || !token.gives_token())
    }

    fn must_have_sent(&self, which: &WhichWebhook, name: &str) -> Result<(), Mistake> {
        if self.find(name, None).is_none() {
            return Err(Mistake::here(format!("nobody here is called {name}"))
                .help("a name is bound by the action that makes its subject"));
        }
        let mut sent = self.caused.iter().filter(|one| one.sent).map(|one| &one.webhook);
        let of = |webhook: &&Webhook| webhook.name.as_deref() == Some(name);
        let (found, what) = match which {
            WhichWebhook::Trigger(trigger) => {
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

    /// What the story leaves undone, with the step that began it: a fault that has affected nothing,
    /// or webhooks that are never released.
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
            mistake.help("nothing can be done with it as it is now")
        }
        NotDone::Refused(refusal) => {
            mistake.help(format!("legal now: {}", refusal.legal.join(" · ")))
        }
        NotDone::Unbound(_) => mistake.help("a name is bound by the action that makes its subject"),
    }
}
