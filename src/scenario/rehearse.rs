//! Plays a story in the simulation before anything is sent. It finds steps that are not possible,
//! and faults that would affect nothing.
//!
//! Nothing at the vendor depends on the receiver's answers, so a step that is legal here is legal
//! in the run.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::api_faults::ApiFaults;
pub use super::caused::Caused;
pub use super::delivered::Delivered;
pub use super::mistake::Mistake;
use super::words::{Instruction, WhichWebhook};
use crate::chance::Chance;
use crate::clock::after;
use crate::model::api_fault::ApiFault;
use crate::model::fault::{Amount, BodyDamage};
use crate::model::{
    Catalogue, Effect, Fault, Outcome, RequestKind, Subject, SubjectIndex, Webhook,
};
use crate::policy::fault::{self, Strike};
use crate::policy::judge::judge;
use crate::policy::transit::Transit;
use crate::policy::{api_fault, damage};
use crate::sim::{AccountIndex, NotDone, Opening, Simulation};
use crate::text::names;
use crate::vendors::Vendor;

/// A story that is being rehearsed.
pub struct Rehearsal {
    sim: Simulation,
    account: AccountIndex,
    /// What existed from the start, and the state that each was in.
    given: Vec<(SubjectIndex, &'static str)>,
    delivered: Delivered,
    faults: Vec<Armed>,
    api_faults: ApiFaults,
    caused: Vec<Caused>,
    /// The step that began to hold deliveries back, if they are held back.
    holding: Option<usize>,
    /// Deliveries were held back, or one was sent again.
    disordered: bool,
}

/// A fault, where it was set up, and whether it has struck.
struct Armed {
    step: usize,
    fault: Fault,
    struck: bool,
    spent: bool,
    /// It has had no effect so far.
    idle: bool,
}

impl Rehearsal {
    /// A story in an account that exists only in the rehearsal.
    pub fn new(
        vendor: &'static dyn Vendor,
        opening: Opening,
        delivered: Delivered,
        chance: Chance,
        start: Timestamp,
    ) -> Self {
        let mut sim = Simulation::new(chance, start);
        let account = sim.open(vendor, opening);
        let given = sim.given(account).into_iter();
        let given = given.map(|(_, _, index)| (index, sim.state(account, index))).collect();
        Self {
            sim,
            account,
            given,
            delivered,
            faults: Vec::new(),
            api_faults: ApiFaults::default(),
            caused: Vec::new(),
            holding: None,
            disordered: false,
        }
    }

    /// The catalogue of its vendor.
    pub fn catalogue(&self) -> &'static Catalogue {
        self.sim.catalogue(self.account)
    }

    /// The webhooks caused so far.
    pub fn caused(&self) -> &[Caused] {
        &self.caused
    }

    /// The vendor's truth about the subject of this name and kind.
    pub fn truth(&self, name: &str, kind: &str) -> Option<serde_json::Value> {
        let subject = self.sim.named(self.account, kind, name)?;
        Some(self.sim.truth(self.account, subject))
    }

    /// The subject of this name and kind, as the vendor names it.
    pub fn subject(&self, name: &str, kind: &str) -> Option<Subject> {
        let subject = self.sim.named(self.account, kind, name)?;
        Some(self.sim.subject(self.account, subject))
    }

    /// What existed from the start and is now in another state, as a webhook has told.
    pub fn changed(&self) -> impl Iterator<Item = Subject> {
        let state = |index| self.sim.state(self.account, index);
        let changed = self.given.iter().filter(move |(index, begun)| state(*index) != *begun);
        let subjects = changed.map(|(index, _)| self.sim.subject(self.account, *index));
        subjects.filter(|subject| self.caused.iter().any(|one| one.webhook.subject == *subject))
    }

    /// The virtual time.
    pub fn now(&self) -> Timestamp {
        self.sim.now()
    }

    /// Whether the receiver got every webhook as it was and in order so far. Then a right receiver
    /// believes what the vendor knows.
    pub fn is_honest(&self) -> bool {
        self.faults.is_empty()
            && self.api_faults.are_none()
            && !self.disordered
            && self.caused.iter().all(|one| one.sent)
    }

    /// The most attempts that a webhook gets.
    pub fn attempts(&self) -> u32 {
        self.delivered.attempts
    }

    /// Whether deliveries are held back.
    pub fn is_holding(&self) -> bool {
        self.holding.is_some()
    }

    /// The kind of the subject of this name and kind. Without a kind, any kind will do.
    pub fn find(&self, name: &str, kind: Option<&str>) -> Option<&'static str> {
        let kinds = self.catalogue().subjects.iter().map(|subject| subject.kind);
        kinds
            .filter(|one| kind.is_none_or(|kind| kind == *one))
            .find(|one| self.sim.named(self.account, one, name).is_some())
    }

    /// Does what this step says.
    ///
    /// # Errors
    /// If the step is not possible here.
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
            Instruction::ApiFault(fault) => self.arm_api(fault, step)?,
            Instruction::Hold => {
                self.holding = self.holding.or(Some(step));
                self.disordered = true;
            }
            Instruction::Release(_) if self.holding.is_none() => {
                return Err(Mistake::here("nothing is held back here")
                    .help("add `deliveries are held back` before this step"));
            }
            Instruction::Release(_) => {
                self.holding = None;
                self.api_faults.may_strike();
            }
            Instruction::SendAgain(which, name) => {
                self.must_have_sent(which, name)?;
                self.api_faults.may_strike();
                self.disordered = true;
            }
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

    /// A step about tokens needs a vendor that requests tokens.
    ///
    /// # Errors
    /// If this vendor does not.
    pub fn must_ask_for_tokens(&self) -> Result<(), Mistake> {
        if self.delivered.tokens {
            return Ok(());
        }
        Err(Mistake::here(format!("{} does not use tokens", self.catalogue().title)))
    }

    /// The receiver's answers decide which webhooks are dead letters. There must be a webhook that
    /// can be one.
    fn send_dead_letters(&mut self, name: Option<&str>) -> Result<(), Mistake> {
        let of = |webhook: &Webhook| name.is_none_or(|name| webhook.name.as_deref() == Some(name));
        let matching = self.caused.iter_mut().filter(|one| one.sent && of(&one.webhook));
        let count = matching.map(|one| one.stopped = false).count();
        if self.holding.is_some() {
            return Err(Mistake::here("deliveries are held back here, so none of them has failed")
                .help("release them first: `the held webhooks are delivered in order`"));
        }
        if count > 0 {
            return Ok(());
        }
        let of = name.map_or(String::new(), |name| format!(" of {name}"));
        Err(Mistake::here(format!("no webhook{of} has been caused yet"))
            .help("an earlier step must cause one whose trigger has a URL in standin.yaml"))
    }

    fn cause(&mut self, webhook: Webhook) {
        let sent = self.delivered.triggers.contains(webhook.trigger);
        if sent && self.holding.is_none() {
            self.api_faults.may_strike();
        }
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

    /// A fault of the vendor's API needs a vendor that has one.
    fn arm_api(&mut self, fault: &ApiFault, step: usize) -> Result<(), Mistake> {
        self.must_have_an_api()?;
        let tokens = self.sim.api(self.account).is_some_and(|api| api.oauth.is_some());
        if api_fault::needs_tokens(fault) && !tokens {
            let title = self.catalogue().title;
            return Err(Mistake::here(format!("the API of {title} does not issue tokens")));
        }
        self.api_faults.arm(step);
        Ok(())
    }

    /// A step about the vendor's API needs a vendor that has one.
    ///
    /// # Errors
    /// If this vendor has none.
    pub fn must_have_an_api(&self) -> Result<(), Mistake> {
        if self.sim.api(self.account).is_some() {
            return Ok(());
        }
        Err(Mistake::here(format!("the API of {} is not played", self.catalogue().title)))
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
            Some(part) => {
                let part = part.in_words().replace("raw ", "");
                Err(Mistake::here(format!("{title} does not sign the {part}")))
            }
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
        let title = format!("{} accepts {status} as a success", self.catalogue().title);
        Err(Mistake::here(title)
            .help("a webhook that a gateway accepted would never be sent again"))
    }

    /// Ends all faults so far.
    fn disarm(&mut self) -> Result<(), Mistake> {
        if self.faults.is_empty() && self.api_faults.are_none() {
            return Err(Mistake::here("no fault was set up before this")
                .help("leave it out, or set up a fault first"));
        }
        if self.holding.is_some() {
            return Err(Mistake::here(
                "deliveries are held back here, so no fault has struck them yet",
            )
            .help("release them first: `the held webhooks are delivered in order`"));
        }
        self.api_faults.disarm();
        self.faults.iter_mut().for_each(|armed| armed.spent = true);
        // If there is a further attempt, it now arrives.
        if self.delivered.attempts > 1 {
            self.caused.iter_mut().for_each(|one| one.stopped = false);
        }
        Ok(())
    }

    /// Lets the faults strike a webhook. Returns whether it is never sent, and whether none of its
    /// attempts arrives.
    fn strike(&mut self, webhook: &Webhook) -> (bool, bool) {
        let pointer = self.catalogue().trigger_pointer;
        let (attempts, held) = (self.delivered.attempts, self.holding.is_some());
        let mut certain = Vec::new();
        for armed in &mut self.faults {
            let which = &armed.fault.which;
            // This webhook overtakes the one that the fault holds back.
            if armed.struck && matches!(armed.fault.effect, Effect::Overtaken(_)) && !held {
                armed.idle = false;
            }
            // In the rehearsal, a fault that strikes a share of webhooks strikes all of them.
            let strike = fault::strike(which, (webhook.trigger, webhook.name.as_deref()), |_| true);
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
        // All of them strike together, as in the run.
        let of = |kind| Transit::under(certain.iter().filter(move |one| one.which.request == kind));
        let (webhook, token) = (of(RequestKind::Webhook), of(RequestKind::Token));
        (webhook.is_lost(), !webhook.arrives() || !token.gives_token())
    }

    fn must_have_sent(&self, which: &WhichWebhook, name: &str) -> Result<(), Mistake> {
        if self.find(name, None).is_none() {
            return Err(Mistake::here(format!("no subject is called {name}"))
                .help("an action that creates a subject binds its name"));
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
            .help("an earlier step must cause one whose trigger has a URL in standin.yaml"))
    }

    /// What is unfinished at the end of the story, with the step that began it: a fault without an
    /// effect, or held webhooks that are never released.
    pub fn left_over(&self) -> Option<(usize, Mistake)> {
        if let Some(step) = self.holding {
            let mistake = Mistake::here("the webhooks held back here are never delivered");
            return Some((step, mistake.help("add `the held webhooks are delivered in order`")));
        }
        if let Some(left) = self.api_faults.left_over() {
            return Some(left);
        }
        let by_chance = |armed: &Armed| matches!(armed.fault.which.amount, Amount::Share(_));
        self.faults.iter().filter(|armed| !by_chance(armed)).find_map(|armed| {
            let title = match (&armed.fault.effect, armed.struck, armed.idle) {
                (_, false, _) => "this fault affects no webhook: none after it matches",
                (Effect::Overtaken(_), true, true) => {
                    "this fault changes nothing: no later webhook can overtake"
                }
                (_, true, true) => "this fault changes nothing: the bodies stay as they are",
                (_, true, false) => return None,
            };
            Some((armed.step, Mistake::here(title).help(self.help_for(armed))))
        })
    }

    fn help_for(&self, armed: &Armed) -> String {
        let sent = || self.caused.iter().filter(|one| one.sent).map(|one| &one.webhook);
        match armed.fault.which.attempt {
            _ if armed.struck => "paths are dotted and begin at the root of the body, for example \
                                  `data.position.status`; a webhook that overtakes must come later"
                .to_owned(),
            Some(attempt) if attempt > self.delivered.attempts => {
                let attempts = self.delivered.attempts;
                format!(
                    "each webhook gets {attempts} attempt(s): add `deliveries are retried …` before"
                )
            }
            _ => {
                let triggers: BTreeSet<&str> = sent().map(|webhook| webhook.trigger).collect();
                let known: BTreeSet<&str> =
                    sent().filter_map(|webhook| webhook.name.as_deref()).collect();
                format!(
                    "the story sends {}, about {}; a fault affects only webhooks after it",
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
            mistake.help("no action is legal for it now")
        }
        NotDone::Refused(refusal) => {
            mistake.help(format!("legal now: {}", refusal.legal.join(" · ")))
        }
        NotDone::Unbound(_) => mistake.help("an action that creates a subject binds its name"),
    }
}
