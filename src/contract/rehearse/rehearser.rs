//! The state of a rehearsal: the account, the story so far, and the reason to skip the scenario.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::chance::Chance;
use crate::clock::default_start;
use crate::contract::turns::Turn;
use crate::contract::words::{Account, ParsedStep};
use crate::driver::VendorTarget;
use crate::model::{Profile, Settings, Subject};
use crate::policy::fault;
use crate::scenario::rehearse::{Delivered, Mistake, Rehearsal};
use crate::scenario::words::Instruction;
use crate::sim::Opening;
use crate::text::names;
use crate::under_test::UnderTest;
use crate::vendors::set_ids::must_be_there;

/// The tag of scenarios that need payloads that tell which webhook is newer.
const ORDERED: &str = "ordered";

/// The tag of scenarios that need a receiver which validates a body before it answers.
const VALIDATES_FIRST: &str = "validates-first";

/// The tag of scenarios that depend on the vendor's own retries and `disable_after`.
const OWN_RETRIES: &str = "own-retries";

/// How the vendors are set up.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum SetUp {
    /// By standin.yaml.
    AsConfigured,
    /// As if standin.yaml had no section for any vendor.
    ByDefault,
}

/// A scenario that is being rehearsed.
pub struct Rehearser<'a> {
    pub(super) under_test: &'a UnderTest,
    start: Timestamp,
    chance: &'a Chance,
    set_up: SetUp,
    pub(super) rehearsal: Option<Rehearsal>,
    pub(super) vendor: Option<&'a VendorTarget>,
    profile: Option<&'static Profile>,
    /// The settings of its account.
    settings: Option<Settings>,
    /// The names whose effects have been noted, and the kind of subject whose probe counts them.
    pub(super) noted: BTreeMap<String, Option<&'static str>>,
    /// For each expected state or field, whether the vendor has it at that point.
    pub agrees: Vec<bool>,
    /// Whether an expectation is about a subject whose id the user has set.
    shares: bool,
    /// The kinds of the subjects that expectations read from the receiver, with those steps.
    judged: BTreeMap<&'static str, BTreeSet<usize>>,
    /// The expectation that is being checked.
    at: Option<usize>,
    /// The steps that are expectations.
    expectations: BTreeSet<usize>,
    /// The expectations that cannot be judged, and why.
    unjudged: BTreeMap<usize, String>,
    /// Why the scenario must be skipped, if it must.
    skip: Option<String>,
}

impl<'a> Rehearser<'a> {
    /// A rehearsal at its beginning.
    pub fn new(
        (under_test, start): (&'a UnderTest, Timestamp),
        chance: &'a Chance,
        set_up: SetUp,
    ) -> Self {
        Self {
            under_test,
            start,
            chance,
            set_up,
            rehearsal: None,
            vendor: None,
            profile: None,
            settings: None,
            noted: BTreeMap::new(),
            agrees: Vec::new(),
            shares: false,
            judged: BTreeMap::new(),
            at: None,
            expectations: BTreeSet::new(),
            unjudged: BTreeMap::new(),
            skip: None,
        }
    }

    /// Plays the step of this index.
    ///
    /// # Errors
    /// If it is impossible at this point, or expects something impossible.
    pub fn step(&mut self, index: usize, step: &ParsedStep) -> Result<(), Mistake> {
        match step {
            ParsedStep::Account(account) => self.open(account),
            ParsedStep::Do(instruction) => self.perform(index, instruction),
            ParsedStep::Expect(expectation) => {
                self.expectations.insert(index);
                self.at = Some(index);
                let checked = self.expect(expectation);
                self.at = None;
                checked
            }
        }
    }

    /// What is unfinished at the end of the story, with the index of the step that began it.
    pub fn left_over(&self) -> Option<(usize, Mistake)> {
        self.rehearsal.as_ref().and_then(Rehearsal::left_over)
    }

    /// The vendor of the account, once it is open.
    pub fn vendor_name(&self) -> Option<&'static str> {
        Some(self.rehearsal.as_ref()?.catalogue().vendor)
    }

    /// The subject of the first webhook about one whose id the user has not set.
    pub fn first(&self) -> Option<Subject> {
        let mut subjects = self.rehearsal.as_ref()?.caused().iter().map(|one| &one.webhook.subject);
        subjects.find(|subject| !self.has_set_id(subject)).cloned()
    }

    /// When the scenario is played.
    pub fn turn(&self) -> Turn {
        let mut changed = self.rehearsal.iter().flat_map(Rehearsal::changed);
        match self.shares {
            _ if changed.any(|subject| self.has_set_id(&subject)) => Turn::Last,
            true => Turn::Alone,
            false => Turn::Beside,
        }
    }

    /// When the story ends, in virtual time.
    pub fn now(&self) -> Timestamp {
        self.rehearsal.as_ref().map_or(self.start, Rehearsal::now)
    }

    pub(super) fn has_set_id(&self, subject: &Subject) -> bool {
        let settings = self.settings.as_ref();
        settings.is_some_and(|settings| settings.sets_id(subject.kind, &subject.id))
    }

    /// Whether any step is an expectation.
    pub fn expects(&self) -> bool {
        !self.expectations.is_empty()
    }

    /// Leaves something out that cannot be judged: the expectation that is being checked, or else
    /// the whole scenario. Only the first reason is kept.
    pub(super) fn leave_out(&mut self, why: String) {
        match self.at {
            Some(step) => _ = self.unjudged.entry(step).or_insert(why),
            None => _ = self.skip.get_or_insert(why),
        }
    }

    /// The expectation that is being checked reads the subject of this name and kind.
    pub(super) fn judges(&mut self, who: &str, kind: &'static str) {
        self.judged.entry(kind).or_default().extend(self.at);
        self.shares |= self.is_shared(who, kind);
    }

    /// Whether other scenarios tell of a subject with the same id.
    pub(super) fn is_shared(&self, who: &str, kind: &str) -> bool {
        let subject = self.rehearsal.as_ref().and_then(|it| it.subject(who, kind));
        subject.is_some_and(|subject| self.has_set_id(&subject))
    }

    /// Why the scenario must be skipped, if it must, and else the expectations that are left out.
    pub fn left_out(self) -> (Option<String>, BTreeMap<usize, String>) {
        let all = self.expectations.iter().all(|step| self.unjudged.contains_key(step));
        match self.skip {
            Some(why) => (Some(why), BTreeMap::new()),
            None if all => (self.unjudged.into_values().next(), BTreeMap::new()),
            None => (None, self.unjudged),
        }
    }

    /// Skips the scenario if it has a tag that this receiver cannot meet.
    pub fn skip_for_tags(&mut self, tags: &[String]) {
        let has = |wanted: &str| tags.iter().any(|tag| tag == wanted);
        if self.under_test.target.queues && has(VALIDATES_FIRST) {
            self.leave_out("a receiver that queues acknowledges before it validates".to_owned());
        }
        if let (true, Some(vendor)) = (has(OWN_RETRIES), self.vendor) {
            let (policy, own) = (&vendor.policy, vendor.vendor.policy());
            if (policy.disable_after, &policy.retries) != (own.disable_after, &own.retries) {
                self.leave_out("`retries` or `disable_after` are not the vendor's own".to_owned());
            }
        }
        let unordered = self.profile.filter(|profile| profile.unordered);
        if let (true, Some(profile)) = (has(ORDERED), unordered) {
            let profile = profile.name;
            self.leave_out(format!(
                "the payloads of profile {profile} do not tell which webhook is newer"
            ));
        }
    }

    /// Leaves out the expectations that depend on a trigger for which `deliver` has no URL.
    pub fn leave_out_for_urls(&mut self) {
        let (Some(rehearsal), Some(vendor)) = (&self.rehearsal, self.vendor) else { return };
        for subject in vendor.vendor.catalogue().subjects {
            let Some(steps) = self.judged.get(subject.kind) else { continue };
            let webhooks = rehearsal.caused().iter().map(|one| &one.webhook);
            let reports = webhooks.filter(|webhook| webhook.subject.kind == subject.reported_by);
            let triggers = reports.map(|webhook| webhook.trigger);
            let without_url = triggers.filter(|trigger| !vendor.urls.contains_key(*trigger)).min();
            let Some(trigger) = without_url else { continue };
            for step in steps {
                let why = || format!("{trigger} has no URL in standin.yaml");
                self.unjudged.entry(*step).or_insert_with(why);
            }
        }
    }

    fn open(&mut self, account: &Account) -> Result<(), Mistake> {
        let catalogue = account.vendor.catalogue();
        if self.rehearsal.is_some() {
            return Err(Mistake::here("a scenario has one account; this is its second"));
        }
        let named = account.profile.as_deref().map(|name| {
            let known = || names(catalogue.profiles.iter().map(|one| one.name));
            catalogue.profile(name).ok_or_else(|| {
                Mistake::here(format!("{} has no profile `{name}`", catalogue.title))
                    .help(format!("there are {}", known()))
            })
        });
        let named = named.transpose()?;
        let given = account.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let target = self.under_test.target.vendors.get(catalogue.vendor);
        let target = target.filter(|_| self.set_up == SetUp::AsConfigured);
        let settings = match target {
            Some(target) => target.settings_with(given),
            None => Settings::check(catalogue.settings, given).and_then(|settings| {
                must_be_there(account.vendor, &settings)?;
                Ok(settings)
            }),
        };
        let settings = settings.map_err(|problem| Mistake::here(problem.message))?;
        let usual = target.map_or_else(|| catalogue.default_profile(), |target| target.profile);
        let profile = named.unwrap_or(usual);
        match target {
            None => self.leave_out(format!("{} is not set up in standin.yaml", catalogue.vendor)),
            Some(target) if target.profile_named && profile.name != target.profile.name => {
                let named = target.profile.name;
                self.leave_out(format!(
                    "standin.yaml says profile: {named}, and this needs another"
                ));
            }
            Some(_) => {}
        }
        self.vendor = target;
        self.profile = Some(profile);
        self.settings = Some(settings.clone());
        let opening = Opening { name: catalogue.vendor.to_owned(), profile, settings };
        let all = catalogue.triggers.iter().map(|trigger| trigger.name);
        let delivered = match target {
            Some(target) => {
                Delivered::under(&target.policy, target.urls.keys().map(String::as_str))
            }
            None => Delivered::under(&account.vendor.policy(), all),
        };
        let chance = self.chance.child("simulation");
        let start = match self.set_up {
            SetUp::AsConfigured => self.start,
            SetUp::ByDefault => default_start(),
        };
        self.rehearsal = Some(Rehearsal::new(account.vendor, opening, delivered, chance, start));
        Ok(())
    }

    fn perform(&mut self, index: usize, instruction: &Instruction) -> Result<(), Mistake> {
        match instruction {
            Instruction::Fault(fault) => {
                let lacks = |vendor: &VendorTarget| {
                    let authentication = &vendor.policy.authentication;
                    let may_wait = fault::may_wait(fault, authentication);
                    fault::lacks(fault, authentication).filter(|_| !may_wait)
                };
                if let Some(why) = self.vendor.and_then(lacks) {
                    self.leave_out(why);
                }
            }
            Instruction::ApiFault(_) => self.needs_api(),
            Instruction::Reactivate => self.needs_deactivation(),
            Instruction::TokenUse(_) => self.needs_tokens(),
            Instruction::DeadLetters(_) => self.needs_dead_letters(),
            Instruction::Action(call) => self.needs_ids(call),
            _ => {}
        }
        self.rehearsal()?.perform(index, instruction)
    }

    /// The rehearsal of the account.
    ///
    /// # Errors
    /// If no account is open yet.
    pub(super) fn rehearsal(&mut self) -> Result<&mut Rehearsal, Mistake> {
        self.rehearsal.as_mut().ok_or_else(|| Mistake::here("open an account first"))
    }
}
